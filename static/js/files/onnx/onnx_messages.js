/**
 * The messages of an ONNX file: arrays, nodes and functions. Only names, shapes and small lists of axes are read. Numbers of fields:
 * onnx.proto.
 *
 * @typedef {import("../containers/protobuf.js").Message} Message
 * @typedef {{shape: number[], numbers: () => number[] | undefined, float?: () => number | undefined, type?: string, outside?: string, rows?: number}} Constant an array, with its first integers if they are known, its number if it is a float of 32 or 64 bits, their type, the file that has them, if it is another one, and of one that is computed from others the most rows of the matrices among these
 * @typedef {{name: string, type: string, domain: string, inputs: string[], outputs: string[], attributes: Map<string, Message>}} GraphNode
 */

import { MOST_ONNX_ATTRIBUTES, MOST_ONNX_AXES, MOST_ONNX_NUMBERS } from "../limits.js";
import { Field } from "../containers/protobuf.js";
import { damaged, Refusal } from "../refusal.js";

/** @param {Message} message @param {number} number */
export const first = (message, number) => message.all(number).next().value;

const [FLOAT, DOUBLE] = [1, 11];

/** The types that weights have. */
const TYPES = new Map([
  [FLOAT, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [10, "float16"],
  [DOUBLE, "float64"],
  [16, "bfloat16"],
]);

/** The file that has the numbers of an array, if an entry says it. @param {Message} entry */
function placeOutside(entry) {
  const [KEY, VALUE] = [1, 2];
  return first(entry, KEY)?.text() === "location" ? first(entry, VALUE)?.text() ?? "" : "";
}

/** @param {Message} tensor @returns {[string, Constant]} */
export function constantOf(tensor) {
  const [DIMS, TYPE, FLOATS, INTEGERS, NAME, RAW, OUTSIDE] = [1, 2, 4, 7, 8, 9, 13];
  let [name, type, outside] = ["", 0, ""];
  /** @type {number[]} */
  const shape = [];
  for (const field of tensor.fields()) {
    if (field.number === DIMS) shape.push(...field.numbers());
    else if (field.number === TYPE) [type = 0] = field.numbers();
    else if (field.number === NAME) name = field.text();
    else if (field.number === OUTSIDE) outside = placeOutside(field.inner()) || outside;
  }
  if (shape.length > MOST_ONNX_AXES) throw damaged("ONNX", tensor.source.start);
  /** @type {number[] | undefined} */
  let known;
  const read = () => {
    const integers = [...tensor.all(INTEGERS)].flatMap((field) => field.numbers(MOST_ONNX_NUMBERS));
    const raw = integers.length ? undefined : first(tensor, RAW)?.part();
    const length = raw ? Math.min(raw.size, 8 * MOST_ONNX_NUMBERS) : 0;
    return raw ? Array.from({ length: length / 8 }, (_, n) => Number(raw.view(8 * n, 8).getBigInt64(0, true))) : integers;
  };
  const numbers = () => (known ??= read());
  const float = () => {
    const raw = first(tensor, RAW)?.part();
    if (!raw) return first(tensor, FLOATS)?.float();
    return type === FLOAT && raw.size === 4 ? raw.view(0, 4).getFloat32(0, true) : type === DOUBLE && raw.size === 8 ? raw.view(0, 8).getFloat64(0, true) : undefined;
  };
  return [name, { shape, numbers, float, type: TYPES.get(type), ...(outside ? { outside } : {}) }];
}

/** The attributes of most nodes. @type {Map<string, Message>} */
const NONE = new Map();

/** @param {Message} message @param {Map<string, Message>} given the attributes of the call of a function, to which its nodes refer
 * @returns {GraphNode} */
export function nodeOf(message, given) {
  const [INPUT, OUTPUT, NAME, TYPE, ATTRIBUTE, DOMAIN] = [1, 2, 3, 4, 5, 7];
  const [REFERENCE] = [21];
  /** @type {GraphNode} */
  const node = { name: "", type: "", domain: "", inputs: [], outputs: [], attributes: NONE };
  message.each((number, type, at) => {
    if (number === INPUT) node.inputs.push(message.textAt(type, at));
    else if (number === OUTPUT) node.outputs.push(message.textAt(type, at));
    else if (number === NAME) node.name = message.textAt(type, at);
    else if (number === TYPE) node.type = message.textAt(type, at);
    else if (number === DOMAIN) node.domain = message.textAt(type, at);
    else {
      const field = new Field(message, number, type, at);
      if (number !== ATTRIBUTE) return field.end;
      if (node.attributes.size >= MOST_ONNX_ATTRIBUTES) throw new Refusal("fileParts");
      const attribute = field.inner();
      const name = first(attribute, 1)?.text() ?? ""; // a graph is read in one without a name, too
      const reference = given.size ? first(attribute, REFERENCE)?.text() : "";
      const value = reference ? given.get(reference) : attribute;
      if (value && node.attributes === NONE) node.attributes = new Map();
      if (value) node.attributes.set(name, value);
      return field.end;
    }
    return message.end;
  });
  return node;
}

/** A function of a model. @typedef {{message: Message, inputs: string[], outputs: string[], defaults: Map<string, Message>}} ModelFunction */

/** @param {Message} message @returns {[string, ModelFunction]} its domain and name, and the function */
export function functionOf(message) {
  const [NAME, INPUT, OUTPUT, DOMAIN, DEFAULT] = [1, 4, 5, 10, 11];
  let [name, domain] = ["", ""];
  /** @type {ModelFunction} */
  const made = { message, inputs: [], outputs: [], defaults: new Map() };
  for (const field of message.fields()) {
    if (field.number === NAME) name = field.text();
    else if (field.number === DOMAIN) domain = field.text();
    else if (field.number === INPUT) made.inputs.push(field.text());
    else if (field.number === OUTPUT) made.outputs.push(field.text());
    else if (field.number === DEFAULT) made.defaults.set(first(field.inner(), 1)?.text() ?? "", field.inner());
  }
  return [`${domain} ${name}`, made];
}
