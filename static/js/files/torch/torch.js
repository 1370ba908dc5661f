/** PyTorch: .pt and .pth (archives, and the older format), TorchScript and .pt2. */

import { beginsWith, textOf } from "../containers/byte_source.js";
import { layersOfCode } from "./frozen_torchscript.js";
import { LONGEST_NAME_OF_ARRAY, LONGEST_NAME_SHOWN, LONGEST_PICKLE, LONGEST_SOURCE, MOST_ARRAYS, MOST_CODE, MOST_MODULE_LEVELS, MOST_MODULE_VALUES, MOST_SOURCES } from "../limits.js";
import { lastWord, Made, numberType, Tensor, typeOfStorage, unpickled } from "../containers/pickle.js";
import { QuantizedLayers } from "./quantized.js";
import { damaged, Refusal } from "../refusal.js";

/** The attributes of a module that has other modules. */
const CONTAINERS = ["_parameters", "_buffers", "_modules"];

/** Those of quantized modules. */
const PACKED = ["param", "_packed_params", "_packed_weight_ih", "_packed_weight_hh"];

/** Integers are no parameters, unless they are quantized. */
const INTEGERS = ["Long", "Int", "Short", "Char", "Byte", "Bool"];

/** A dictionary takes as long as so many values in one. */
const DICTIONARY_VALUES = 8;

/** @typedef {{arrays: import("../arrays/array_groups.js").NamedArray[], classes: Map<string, string>, settings: Map<string, Map<unknown, unknown>>,
 *   models?: string[], copies?: string[], leftOut?: string[], undecided?: string[], isOfOptimizer?: boolean, code?: import("./torchscript.js").Source[], types: Map<string, string>, owners: Map<string, string>, isWhole?: boolean}} Contents the arrays
 *   of a file in the order in which they were registered; the classes of modules, and their attributes, by name; the names of all models with
 *   these arrays, if there are several; those of several other models; what else a checkpoint has; those of quantized layers of which the directions are not known; whether it is the state of an optimizer; the code of the modules, the full names of their classes, and the names of the layers with constants */

/** @param {import("../containers/zip.js").Member} member */
async function pickleIn(member) {
  if (Math.max(member.size, member.packed) > LONGEST_PICKLE) throw new Refusal("fileTooMuch", { limit: LONGEST_PICKLE / 1_000_000 });
  const source = await member.content();
  return unpickled(source.bytes(0, source.size)).value;
}

/** The contents of an archive. @param {Map<string, import("../containers/zip.js").Member>} members @param {string} name of the pickle
 * @returns {Promise<Contents>} */
export async function contentsOfArchive(members, name) {
  const pickle = members.get(name);
  if (!pickle) throw damaged("PyTorch");
  const contents = contentsOf(await pickleIn(pickle));
  const folder = name.replace(/data\.pkl$/, "");
  const constants = members.get(`${folder}constants.pkl`);
  if (!constants) return contents;
  const code = await codeIn(members, `${folder}code/`);
  const values = await pickleIn(constants);
  const found = layersOfCode(code.map(({ text }) => text).join("\n"), Array.isArray(values) ? values : []);
  contents.arrays.push(...found.arrays);
  for (const [name, type] of found.classes) contents.classes.set(name, type);
  for (const [name, settings] of found.settings) contents.settings.set(name, settings);
  return { ...contents, code, owners: found.owners, isWhole: found.isWhole };
}

/** The code in an archive. @param {Map<string, import("../containers/zip.js").Member>} members @param {string} folder */
async function codeIn(members, folder) {
  const all = [...members.values()].filter(({ name, size }) => name.startsWith(folder) && name.endsWith(".py") && size <= LONGEST_SOURCE);
  const sources = [];
  let left = MOST_CODE;
  for (const member of all.slice(0, MOST_SOURCES)) {
    if ((left -= member.size) < 0) break;
    const content = await member.content();
    const prefix = member.name.slice(folder.length).replace(/\.py$/, "").replaceAll("/", ".");
    sources.push({ prefix, text: textOf(content.bytes(0, content.size)) });
  }
  return sources;
}

/** The end of the first pickle in a file of the older format, in all protocols: the number 0x1950a86a20f9469cfc6c. */
const MAGIC = "\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";

/** The contents of a file that begins with pickles: in the older format three of them are before the one with the arrays.
 * @param {import("../containers/byte_source.js").ByteSource} source @returns {Contents} */
export function contentsOfPickles(source) {
  for (let size = 1 << 14; ; size *= 8) {
    const bytes = source.upTo(0, Math.min(size, LONGEST_PICKLE));
    try {
      let { value, end, storages } = unpickled(bytes);
      if (!beginsWith(bytes.subarray(Math.max(0, end - MAGIC.length)), MAGIC)) return contentsOf(value);
      for (let n = 0; n < 3; n++) ({ value, end, storages } = unpickled(bytes, end));
      source.check(unpickled(bytes, end).end, bytesOf(storages)); // a list of their keys is before the storages
      return contentsOf(value);
    } catch (error) {
      const isShort = error instanceof Refusal && error.reason === "fileTruncated" && bytes.length < source.size;
      if (!isShort) throw error;
      if (size >= LONGEST_PICKLE) throw new Refusal("fileTooMuch", { limit: LONGEST_PICKLE / 1_000_000 });
    }
  }
}

/** Bytes of the numbers in a storage, by its type; of others, the least. */
const WIDTHS = new Map([
  ["Double", 8],
  ["Long", 8],
  ["Float", 4],
  ["Int", 4],
  ["Half", 2],
  ["BFloat16", 2],
  ["Short", 2],
]);

/** The bytes of storages, each with its length before it. @param {Map<unknown, unknown[]>} storages */
function bytesOf(storages) {
  let bytes = 0;
  for (const [, type, , , length] of storages.values()) {
    if (typeof length !== "number") throw damaged("PyTorch");
    bytes += 8 + length * (WIDTHS.get(typeOfStorage(type)) ?? 1);
  }
  return bytes;
}

/** @param {unknown} value what a pickle would make @returns {Contents} */
function contentsOf(value) {
  const { model, models = [], copies, leftOut } = withoutWrapper(value);
  const isOfOptimizer = value instanceof Map && value.get("state") instanceof Map && Array.isArray(value.get("param_groups"));
  /** @type {Contents} */
  const contents = { arrays: [], classes: new Map(), settings: new Map(), types: new Map(), owners: new Map(), models, copies, leftOut, isOfOptimizer };
  const quantized = new QuantizedLayers();
  collect(model, "", { contents, quantized, values: 0 }, 0);
  quantized.complete(contents.settings);
  contents.undecided = quantized.undecided;
  const hasArrays = new Set(contents.arrays.map(({ name }) => name.slice(0, LONGEST_NAME_SHOWN).replace(/\..*/, "")));
  return models.length ? { ...contents, leftOut: leftOut.filter((name) => !hasArrays.has(name.replace(/\..*/, ""))) } : contents;
}

/** A checkpoint has the arrays of a model beside other things: those alone, if there is one model. Others with the same arrays are
 * averages or older copies of it, or have a task of their own, such as the other direction of a translation: their names are kept,
 * and those of what else it has. Of several models there are all. @param {unknown} value @returns {{model: unknown, models?: string[], copies: string[], leftOut: string[]}} */
function withoutWrapper(value) {
  const entries = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
  const isModel = (/** @type {unknown} */ entry) =>
    entry instanceof Made ? entry.state instanceof Map && isModule(entry.state) : tensorsIn(entry) > 0;
  const all = new Set([...new Set(entries)].filter(isModel));
  /** @type {Map<unknown, unknown>} */
  const byShapes = new Map();
  for (const entry of all) if (!byShapes.has(shapesIn(entry) || entry)) byShapes.set(shapesIn(entry) || entry, entry);
  const models = [...byShapes.values()];
  const [model] = models;
  const isOne = models.length === 1 && (model instanceof Made || tensorsIn(model) > tensorsIn(value));
  const areSeveral = models.length > 1 && value instanceof Map && !tensorsIn(value);
  if (!isOne && !areSeveral) return { model: value, copies: [], leftOut: [] };
  const namesOf = (/** @type {boolean} */ isOfModels) => (value instanceof Map ? [...value].flatMap(([name, entry]) => (all.has(entry) === isOfModels ? textOfKey(name) || [] : [])) : []);
  const names = namesOf(true);
  if (areSeveral) return { model: value, models: names, copies: [], leftOut: namesOf(false) };
  return { model, copies: names.length > 1 ? names : [], leftOut: namesOf(false) };
}

/** Whether a value is an array, or a packed one of a quantized layer. @param {unknown} value */
const isArray = (value) => value instanceof Tensor || (value instanceof Made && value.name === "torch.ScriptObject");

/** The number of arrays with a name in a dictionary. @param {unknown} value */
const tensorsIn = (value) =>
  value instanceof Map ? [...value].filter(([key, entry]) => typeof key === "string" && isArray(entry)).length : 0;

/** The names and shapes of the arrays in a dictionary, as a text; "" for something else. @param {unknown} value */
const shapesIn = (value) =>
  value instanceof Map ? [...value].map(([name, entry]) => `${textOfKey(name)} ${entry instanceof Tensor ? entry.shape.join() : ""}`).join("\n") : "";

/** The start of a key, if it is a text or a number. @param {unknown} key */
const textOfKey = (key) => (typeof key === "string" || typeof key === "number" ? String(key).slice(0, LONGEST_NAME_SHOWN) : "");

/** @param {Map<unknown, unknown>} state */
const isModule = (state) => state.get("_modules") instanceof Map || state.get("_parameters") instanceof Map;

/** @param {Tensor} tensor */
const arrayOf = ({ shape, storage, type }) => ({ shape, storage, ...numberType(type) });

/** @param {unknown} value @param {string} name @param {{contents: Contents, quantized: QuantizedLayers, values: number}} found
 * @param {number} depth @param {boolean} [isBuffer] whether an array is no parameter */
function collect(value, name, found, depth, isBuffer) {
  const { arrays, classes, settings, types } = found.contents;
  if (depth > MOST_MODULE_LEVELS || ++found.values > MOST_MODULE_VALUES) throw new Refusal("fileDeep", { levels: MOST_MODULE_LEVELS });
  if (name.length > LONGEST_NAME_OF_ARRAY) throw new Refusal("fileParts");
  if (arrays.length > MOST_ARRAYS) throw new Refusal("fileParts");
  if (value instanceof Tensor) arrays.push({ name, ...arrayOf(value), ...(isBuffer || INTEGERS.includes(value.type) ? { isBuffer: true } : {}) });
  else if (value instanceof Made || Array.isArray(value)) arrays.push(...found.quantized.arraysIn(name, value));
  if (value instanceof Made && value.state instanceof Tensor) arrays.push({ name, ...arrayOf(value.state) });
  if (value instanceof Made && value.state instanceof Map) {
    classes.set(name, lastWord(value.name));
    settings.set(name, value.state);
    types.set(name, value.name);
    const { state } = value;
    if (!isModule(state)) collect(state, name, found, depth + 1);
    else for (const part of CONTAINERS) collect(state.get(part), name, found, depth + 1, part === "_buffers");
    for (const part of PACKED) if (isModule(state) && state.has(part)) collect(state.get(part), name ? `${name}.${part}` : part, found, depth + 1);
  }
  if (!(value instanceof Map)) return;
  found.values += DICTIONARY_VALUES + value.size;
  for (const [key, entry] of value) {
    const isNested = entry instanceof Map || entry instanceof Tensor || entry instanceof Made || (Array.isArray(entry) && entry[0] instanceof Tensor);
    if (typeof key === "string" && isNested) collect(entry, name ? `${name}.${key}` : key, found, depth + 1, isBuffer);
  }
}
