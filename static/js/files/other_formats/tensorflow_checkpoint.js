/**
 * The index of a checkpoint of TensorFlow, which also SavedModels have (variables.index): a sorted table of names, with the shape of each
 * variable. The format: LevelDB's table_format.md, and tensor_bundle.proto of TensorFlow.
 */

import { textOf } from "../containers/byte_source.js";
import { LONGEST_CHECKPOINT_BLOCK } from "../limits.js";
import { Message } from "../containers/protobuf.js";
import { damaged } from "../refusal.js";

const FOOTER = 48; // bytes
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

/** Variables of optimizers, and other objects. */
const OTHER = /^(_?optimizer|keras_api)\/|(^|\/)beta[12]_power$|\/\.(OPTIMIZER_SLOT|ATTRIBUTES)\/|\/(Adam|Momentum|RMSProp|Adagrad|Ftrl|ExponentialMovingAverage)(_\d+)?$/;

/** @typedef {import("../containers/byte_source.js").ByteSource} ByteSource */

/** Whether a file is such an index. @param {ByteSource} source */
export function isCheckpoint(source) {
  const end = source.size < FOOTER ? [] : source.bytes(source.size - MAGIC.length, MAGIC.length);
  return MAGIC.every((byte, n) => end[n] === byte);
}

/** The arrays of a checkpoint. @param {ByteSource} source @returns {import("../arrays/array_groups.js").NamedArray[]} */
export function arraysOfCheckpoint(source) {
  if (!isCheckpoint(source)) throw damaged("TensorFlow");
  const footer = new Message(source.part(source.size - FOOTER, FOOTER));
  footer.varint(0); // of other blocks: their place and size
  footer.varint(footer.end);
  const at = footer.end;
  /** @type {import("../arrays/array_groups.js").NamedArray[]} */
  const arrays = [];
  for (const [, block] of entriesOf(source, footer, at)) {
    for (const [name, entry] of entriesOf(source, new Message(block), 0)) {
      source.spend();
      const own = /^(.*?)(?:\/\.ATTRIBUTES\/VARIABLE_VALUE)?$/s.exec(name)?.[1] ?? "";
      if (own && !OTHER.test(own)) arrays.push({ name: own, ...variableOf(new Message(entry)) });
    }
  }
  return arrays;
}

/** The entries of a block: names, each with the beginning of the one before it, and values. @param {ByteSource} source
 * @param {Message} handle where a message has the place and the size of the block @param {number} at
 * @returns {Generator<[string, ByteSource]>} */
function* entriesOf(source, handle, at) {
  const start = handle.varint(at);
  const size = handle.varint(handle.end);
  const block = source.part(start, size);
  if (size > LONGEST_CHECKPOINT_BLOCK || size < 4 || source.u8(start + size)) throw damaged("TensorFlow", start); // after the block: no compression
  const restarts = block.u32(size - 4);
  const end = size - 4 - 4 * restarts;
  const message = new Message(block);
  let key = new Uint8Array();
  for (let here = 0; here < end; ) {
    const shared = message.varint(here);
    const own = message.varint(message.end);
    const length = message.varint(message.end);
    const place = message.end;
    if (shared > key.length || shared + own > 4096) throw damaged("TensorFlow", start + here);
    const name = new Uint8Array(shared + own);
    name.set(key.subarray(0, shared));
    name.set(block.bytes(place, own), shared);
    key = name;
    yield [textOf(key), block.part(place + own, length)];
    here = place + own + length;
  }
}

/** The types of integers, by number. */
const INTEGERS = [3, 4, 5, 6, 9, 10, 17, 22, 23];

/** @param {Message} entry @returns {{shape: number[], isBuffer?: boolean}} */
function variableOf(entry) {
  const [TYPE, SHAPE, DIMENSION, SIZE] = [1, 2, 2, 1];
  const [type] = entry.all(TYPE);
  const [shape] = entry.all(SHAPE);
  const dimensions = shape ? [...shape.inner().all(DIMENSION)] : [];
  const sizes = dimensions.map((dimension) => [...dimension.inner().all(SIZE)][0]?.value ?? 0);
  return { shape: sizes, ...(INTEGERS.includes(type?.value ?? 0) ? { isBuffer: true } : {}) };
}
