/**
 * Frozen modules of TorchScript: their weights are constants, of which only the code says what they are for. The code is text here; calls
 * of layers are searched in it, and it is not run.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 */

import { numbersIn } from "../layer.js";
import { LONGEST_ARGUMENTS, LONGEST_VARIABLE, MOST_CODE, MOST_FROZEN_CALLS } from "../limits.js";
import { Made, Tensor } from "../containers/pickle.js";
import { Refusal } from "../refusal.js";
import { QuantizedLayers } from "./quantized.js";

/** Names of the operations that are layers, in terms of PyTorch's own, in which the text before them and after them matters not: dense layers
 * are products after they were optimized, and packed ones on phones. */
const OPERATION =
  /^(?:torch|ops\.\w+)\.(?:quantized_)?(lstm|gru|rnn_tanh|rnn_relu|lstm_cell|gru_cell|rnn_tanh_cell|rnn_relu_cell|linear|matmul|embedding|conv1d|conv2d|conv3d|_convolution|mkldnn_convolution|layer_norm|batch_norm|group_norm)(?:_dynamic|_clamp_run)?$/;

/** The dense layer of a model that was optimized: its matrix is transposed, and the bias is added. */
const PRODUCT = "torch.matmul";

const CALL = /\b((?:torch|ops\.\w+)\.\w+)\(/g;

/** Lists of constants, by the name of the variable. */
const LIST = /^ *(\w+) = \[((?:CONSTANTS\.c\d+(?:, )?)+)\]$/gm;

/** The place of a constant in an expression. */
const CONSTANT = /\bCONSTANTS\.c(\d+)/g;

/** @param {string} text @returns {number[]} */
const constantsIn = (text) => [...text.matchAll(CONSTANT)].map(([, place]) => Number(place));

/** The arrays of a constant: matrix and bias of a dense layer are packed in one. @param {unknown} constant @returns {unknown[]} */
const unpacked = (constant) => (constant instanceof Made && Array.isArray(constant.state) ? constant.state : [constant]);

/** The layer that an operation is, if it has weights. @param {string} path such as torch.lstm @returns {string | undefined} */
export function layerOfOperation(path) {
  const kind = OPERATION.exec(path)?.[1];
  return kind === "matmul" ? "linear" : kind?.replace(/^(?:conv\dd|(?:mkldnn)?_convolution)$/, "convolution");
}

/** The arguments of a call, which begin with a text, and the text after the call. @param {string} code @returns {{given: string[], rest: string}} */
function callIn(code) {
  const found = [];
  let [depth, start, at] = [0, 0, 0];
  for (; at < Math.min(code.length, LONGEST_ARGUMENTS); at++) {
    const character = code[at] ?? "";
    if ("([".includes(character)) depth++;
    else if (")]".includes(character) && --depth < 0) break;
    if (character !== "," || depth) continue;
    found.push(code.slice(start, at).trim());
    start = at + 1;
  }
  return { given: [...found, code.slice(start, at).trim()], rest: code.slice(at + 1) };
}

/** The arguments of a call, which begin with a text. @param {string} code */
export const argumentsIn = (code) => callIn(code).given;

/** Which argument of stacked layers says whether they have biases, after their weights; -1 if it is not known. @param {string[]} given */
const placeOfBiases = (given) => given.findIndex((text) => /^(?:True|False)$/.test(text));

/** The settings of stacked layers, from the texts of all arguments: of packed sequences the lengths come second, and no axis is the batch.
 * @param {string[]} given @returns {{isBiased: boolean, levels: number, dropout: number, bidirectional: boolean, batch_first: boolean | null}
 * | null} */
export function settingsIn(given) {
  const at = placeOfBiases(given);
  const [biases, levels, dropout, , directions, batch] = given.slice(at);
  if (at < 3 || at > 4) return null;
  const batch_first = at === 3 && batch ? batch === "True" : null;
  return { isBiased: biases === "True", levels: Number(levels), dropout: Number(dropout) || 0, bidirectional: directions === "True", batch_first };
}

/** The key of a layer: a constant, and what it is for. @param {string} kind @param {number | string} place */
export const ownerKey = (kind, place) => `${kind} ${place}`;

/** Finds the layers that code calls. */
class Calls {
  /** @param {unknown[]} constants @param {Map<string, string>} lists */
  constructor(constants, lists) {
    this.constants = constants;
    this.lists = lists;
    /** @type {NamedArray[]} */
    this.arrays = [];
    /** @type {Map<string, Map<unknown, unknown>>} */
    this.settings = new Map();
    /** @type {Map<string, string>} */
    this.classes = new Map();
    /** @type {Map<string, string>} the names of layers, by the keys of their constants */
    this.owners = new Map();
    /** @type {Map<string, number>} */
    this.counts = new Map();
    this.quantized = new QuantizedLayers();
    /** @type {Set<number>} the places of the constants that are weights */
    this.taken = new Set();
  }

  /** A call of an operation with constants. @param {string} path @param {string[]} given @param {number} index of the call */
  add(path, given, index) {
    const kind = layerOfOperation(path);
    const places = kind ? this.places(kind, given) : [];
    const [place] = places;
    if (!kind || place === undefined || this.owners.has(ownerKey(kind, place))) return; // called again
    for (const one of places) this.taken.add(one);
    const name = this.name(/^self_(\w+?)__flat_weights/.exec(given.find((text) => this.lists.has(text)) ?? "")?.[1] ?? `${kind}_${index}`);
    this.owners.set(ownerKey(kind, place), name);
    this.classes.set(name, kind === "linear" ? "Linear" : kind === "embedding" ? "Embedding" : "");
    const quantized = this.quantizedArrays(kind, name, places);
    const isTransposed = path === PRODUCT;
    const names = quantized.length ? [] : this.names(kind, name, given, places.length);
    const values = places.flatMap((one) => unpacked(this.constants[one]));
    for (const [n, own] of names.entries()) {
      const array = values[n];
      if (!(array instanceof Tensor)) continue;
      const shape = isTransposed ? [...array.shape].reverse() : array.shape;
      this.arrays.push({ name: `${name}.${own}`, shape, storage: array.storage });
    }
    this.arrays.push(...quantized);
  }

  /** The places of the constants that are weights. @param {string} kind @param {string[]} given */
  places(kind, given) {
    const [first = "", ...others] = given;
    if (kind === "embedding") return constantsIn(first);
    if (kind === "linear" || kind === "convolution") return constantsIn(others.join());
    if (kind === "batch_norm") return constantsIn(others.slice(0, 2).join());
    if (kind.endsWith("_norm")) return constantsIn(others.slice(1, 3).join());
    if (kind.endsWith("_cell")) return constantsIn(given.slice(2).join());
    const list = given[placeOfBiases(given) - 1] ?? "";
    return constantsIn(this.lists.get(list) ?? list);
  }

  /** A name of which no other layer has the same. @param {string} said */
  name(said) {
    const count = this.counts.get(said) ?? 0;
    this.counts.set(said, count + 1);
    return count ? `${said}_${count}` : said;
  }

  /** @param {string} kind @param {string} name @param {string[]} given @param {number} count of arrays @returns {string[]} */
  names(kind, name, given, count) {
    if (kind === "linear" || kind === "convolution" || kind.endsWith("_norm")) return ["weight", "bias"];
    if (kind === "embedding") return ["weight"];
    if (kind.endsWith("_cell")) return ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    const settings = this.addSettings(name, given);
    return settings ? namesOf(count, settings) : [];
  }

  /** @param {string} name @param {string[]} given */
  addSettings(name, given) {
    const settings = settingsIn(given);
    if (settings) this.settings.set(name, new Map(Object.entries(settings)));
    return settings;
  }

  /** The arrays of a layer that is quantized; none of another one. @param {string} kind @param {string} name @param {number[]} places
   * @returns {NamedArray[]} */
  quantizedArrays(kind, name, places) {
    const own = (/** @type {number} */ n) => {
      if (kind === "linear") return "_packed_params._packed_params";
      return kind.endsWith("_cell") ? `_packed_weight${n ? "_hh" : "_ih"}` : `_all_weight_values.${n}.param`;
    };
    return places.flatMap((place, n) => this.quantized.arraysIn(`${name}.${own(n)}`, this.constants[place]));
  }
}

/**
 * The arrays of the layers that code calls, with the names that they would have in a module: those of variables, where they say it. The
 * `owners` of constants are these names, too. It `isWhole` if no other constant in the code has numbers that could be weights.
 *
 * @param {string} code
 * @param {unknown[]} constants
 * @returns {{arrays: NamedArray[], settings: Map<string, Map<unknown, unknown>>, classes: Map<string, string>, owners: Map<string, string>, isWhole: boolean}}
 */
export function layersOfCode(code, constants) {
  const calls = new Calls(constants, new Map([...code.matchAll(LIST)].map(([, name = "", text = ""]) => [name, text])));
  let [index, read] = [0, 0];
  for (const { 0: start, 1: path = "", index: at } of code.matchAll(CALL)) {
    if (!OPERATION.test(path)) continue;
    const after = code.slice(at + start.length, at + start.length + LONGEST_ARGUMENTS);
    const { given, rest } = callIn(after);
    read += after.length - rest.length; // again for each call around it
    if (read > MOST_CODE) throw new Refusal("fileParts");
    const bias = path === PRODUCT ? biasOf(code.slice(0, at), rest) : undefined;
    calls.add(path, bias ? [...given, bias] : given, index);
    if (++index >= MOST_FROZEN_CALLS) break;
  }
  calls.quantized.complete(calls.settings);
  const others = constantsIn(code).filter((place) => !calls.taken.has(place) && mayBeWeights(constants[place]));
  return { ...calls, isWhole: index < MOST_FROZEN_CALLS && !others.length };
}

/** Whether a constant has numbers that may be weights: a single one is a setting. @param {unknown} constant */
const mayBeWeights = (constant) => unpacked(constant).some((one) => !(one instanceof Tensor) || numbersIn([one.shape]) > 1);

/** The constant that is added to a product, at once or in the next statements. @param {string} before the code before it @param {string} after
 * @returns {string | undefined} */
function biasOf(before, after) {
  if (before.endsWith("torch.add(")) return /^, (CONSTANTS\.c\d+)\)/.exec(after)?.[1];
  const name = /\n *(\w+) = $/.exec(before.slice(-LONGEST_VARIABLE))?.[1];
  const sum = `torch.add(${name}, `;
  const at = name ? after.indexOf(sum) : -1;
  return at < 0 ? undefined : /^CONSTANTS\.c\d+(?=\))/.exec(after.slice(at + sum.length))?.[0];
}

/** The names of the arrays of stacked layers. @param {number} count of arrays
 * @param {{isBiased: boolean, levels: number, bidirectional: boolean}} settings @returns {string[]} */
function namesOf(count, { isBiased, levels, bidirectional }) {
  const ends = bidirectional ? ["", "_reverse"] : [""];
  const own = count / (levels * ends.length);
  const names = ["weight_ih", "weight_hh", ...(isBiased ? ["bias_ih", "bias_hh"] : []), "weight_hr"].slice(0, own);
  return Array.from({ length: Math.min(levels, count) }, (_, n) => ends.flatMap((end) => names.map((name) => `${name}_l${n}${end}`))).flat();
}
