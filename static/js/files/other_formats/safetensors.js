/** .safetensors: eight bytes with the length of a header in JSON, which has the shape of each array. */

import { isObject, jsonOf } from "../containers/json.js";
import { LONGEST_SAFETENSORS_HEADER, MOST_ARRAYS, MOST_AXES } from "../limits.js";
import { damaged, Refusal, truncated } from "../refusal.js";

/** The types of parameters. */
const TYPES = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
]);

/** @param {unknown} value @returns {value is number[]} */
const areNumbers = (value) => Array.isArray(value) && value.length <= MOST_AXES && value.every((size) => typeof size === "number");

/** @param {import("../containers/byte_source.js").ByteSource} source @returns {import("../arrays/array_groups.js").NamedArray[]} */
export function arraysOfSafetensors(source) {
  const length = source.u64(0);
  if (length > source.size - 8) throw truncated(source.size, 8 + length);
  if (length > LONGEST_SAFETENSORS_HEADER) throw new Refusal("fileTooMuch", { limit: LONGEST_SAFETENSORS_HEADER / 1_000_000 });
  const header = jsonOf(source.bytes(8, length));
  if (!isObject(header)) throw damaged("safetensors", 8);
  /** @type {(import("../arrays/array_groups.js").NamedArray & {at: number})[]} */
  const arrays = [];
  let last = 0;
  if (Object.keys(header).length > MOST_ARRAYS) throw new Refusal("fileParts");
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [start = NaN, end = NaN] = areNumbers(entry?.data_offsets) ? entry.data_offsets : [];
    const { shape, dtype } = isObject(entry) ? entry : {};
    if (!areNumbers(shape) || !(start >= 0 && start <= end)) throw damaged("safetensors", 8 + placeOf(source.text(8, length), name));
    last = Math.max(last, 8 + length + end);
    const type = TYPES.get(dtype);
    arrays.push({ name, shape, at: start, ...(typeof dtype === "string" && /^[IU]\d|^BOOL/.test(dtype) ? { isBuffer: true } : {}), ...(type ? { type } : {}) });
  }
  if (last > source.size) throw truncated(source.size, last);
  arrays.push(...aliases(header, arrays));
  return arrays.sort((one, other) => one.at - other.at).map(({ at, ...array }) => array);
}

/** Arrays that were left out because others are the same, as safetensors.torch.save_model names them. @param {Record<string, any>} header
 * @param {(import("../arrays/array_groups.js").NamedArray & {at: number})[]} arrays @returns {(import("../arrays/array_groups.js").NamedArray & {at: number})[]} */
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
