/**
 * .safetensors: eight bytes with the length of a header in JSON, which has the shape of each array.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 */

import { isObject, jsonOf } from "../containers/json.js";
import { checkSizes, numbersIn } from "../layer.js";
import { LONGEST_NAME_SHOWN, LONGEST_SAFETENSORS_HEADER, MOST_ARRAYS, MOST_AXES } from "../limits.js";
import { damaged, Refusal, truncated } from "../refusal.js";

/** The types of parameters. */
const TYPES = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
]);

/** How many bits a number of a type takes, such as F8_E4M3; NaN if that is not known. @param {unknown} dtype */
const bitsOf = (dtype) => (dtype === "BOOL" ? 8 : Number(/^(?:[CFIU]|BF)(\d+)(?:_|$)/.exec(String(dtype))?.[1]));

/** @param {unknown} value @returns {value is number[]} */
const areNumbers = (value) => Array.isArray(value) && value.length <= MOST_AXES && value.every((size) => typeof size === "number");

/** An array with the place of its bytes after the header, and how many its shape needs. @typedef {NamedArray & {at: number, end: number, bytes: number}} PlacedArray */

/** @param {import("../containers/byte_source.js").ByteSource} source @returns {NamedArray[]} */
export function arraysOfSafetensors(source) {
  const length = source.u64(0);
  if (length > source.size - 8) throw truncated(source.size, 8 + length);
  if (length > LONGEST_SAFETENSORS_HEADER) throw new Refusal("fileTooMuch", { limit: LONGEST_SAFETENSORS_HEADER / 1_000_000 });
  const header = jsonOf(source.bytes(8, length));
  if (!isObject(header)) throw damaged("safetensors", 8);
  /** @type {PlacedArray[]} */
  const arrays = [];
  if (Object.keys(header).length > MOST_ARRAYS) throw new Refusal("fileParts");
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [start = NaN, end = NaN] = areNumbers(entry?.data_offsets) ? entry.data_offsets : [];
    const { shape, dtype } = isObject(entry) ? entry : {};
    if (!areNumbers(shape) || !(start >= 0 && start <= end)) throw damaged("safetensors", 8 + placeOf(source.text(8, length), name));
    checkSizes(shape);
    const type = TYPES.get(dtype);
    arrays.push({ name, shape, at: start, end, bytes: (numbersIn([shape]) * bitsOf(dtype)) / 8, ...(typeof dtype === "string" && /^[IU]\d|^BOOL/.test(dtype) ? { isBuffer: true } : {}), ...(type ? { type } : {}) });
  }
  checkShapes(arrays);
  const last = arrays.reduce((furthest, { end }) => Math.max(furthest, 8 + length + end), 0);
  if (last > source.size) throw truncated(source.size, last);
  checkBytes(arrays, source.size - 8 - length);
  arrays.push(...aliases(header, arrays));
  return arrays.sort((one, other) => one.at - other.at).map(({ at, end, bytes, ...array }) => array);
}

/** A name or a shape, as a reason shows it. @param {string} name */
const shown = (name) => name.slice(0, LONGEST_NAME_SHOWN);

/** Refuse arrays whose bytes are not as many as their shapes need: then the header is damaged, wherever the file ends. @param {PlacedArray[]} arrays */
function checkShapes(arrays) {
  const wrong = arrays.find(({ at, end, bytes }) => !Number.isNaN(bytes) && bytes !== end - at);
  if (wrong) throw new Refusal("fileArrayBytes", { name: shown(wrong.name), shape: shown(wrong.shape.join(" × ")), needed: wrong.bytes, size: wrong.end - wrong.at });
}

/** Refuse bytes that are of two arrays or of none: the format has the arrays one after the other. @param {PlacedArray[]} arrays @param {number} size bytes after the header */
function checkBytes(arrays, size) {
  let [place, before] = [0, ""];
  for (const { name, at, end } of [...arrays].sort((one, other) => one.at - other.at || one.end - other.end)) {
    if (at < place) throw new Refusal("fileOverlap", { name: shown(before), other: shown(name) });
    if (at > place) throw new Refusal("fileHole", { start: place, end: at });
    [place, before] = [end, name];
  }
  if (place < size) throw new Refusal("fileHole", { start: place, end: size });
}

/** Arrays that were left out because others are the same, as safetensors.torch.save_model names them. @template {NamedArray} Named
 * @param {Record<string, any>} header @param {Named[]} arrays @returns {Named[]} */
function aliases({ __metadata__: said, ...header }, arrays) {
  const byName = new Map(arrays.map((array) => [array.name, array]));
  return Object.entries(isObject(said) ? said : {}).flatMap(([name, other]) => {
    const same = Object.hasOwn(header, name) ? undefined : byName.get(other);
    if (same) same.storage = same.name;
    return same ? [{ ...same, name }] : [];
  });
}

/** Where the offsets of an array are in the header, or else the array. @param {string} header @param {string} name */
function placeOf(header, name) {
  const at = Math.max(0, header.indexOf(JSON.stringify(name)));
  const entry = header.slice(at, Math.max(0, header.indexOf("}", at)));
  return new TextEncoder().encode(header.slice(0, at + Math.max(0, entry.indexOf('"data_offsets"')))).length;
}
