/**
 * The recurrent layers to which arrays belong: PyTorch's weight_ih_l0, Keras's recurrent_kernel, the gates of Flax, ONNX's W and R,
 * TensorFlow 1's cells. They are told from the number of blocks: 4 are an LSTM, 3 a GRU, 1 a simple RNN. Two directions are one layer.
 *
 * @typedef {import("./array_groups.js").Group} Group
 * @typedef {import("./array_groups.js").Split} Split
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { by } from "./array_groups.js";
import { recurrent } from "../layer.js";
import { MOST_STACKED_LAYERS } from "../limits.js";
import { KINDS } from "./layers_of_numpy_programs.js";

/** What arrays say about a layer, and the names of those that are its own, if others are in the group.
 * @typedef {{kind: string, config: Record<string, any>, names?: string[]} | null} Found */

/** PyTorch's recurrent layers and cells. One of several files of a model may have only some of the arrays: any of the reverse direction says that there are two,
 * of which either may be whole. @param {Group} group @returns {Found} */
function ofTorch(group) {
  const isCell = group.has("weight_ih") && group.has("weight_hh");
  const own = [...group.shapes.keys()];
  const bidirectional = own.some((name) => name.endsWith("_reverse"));
  const isWhole = (/** @type {string} */ direction) => group.has(`weight_ih${direction}`) && group.has(`weight_hh${direction}`);
  const first = isCell ? "" : ["_l0", "_l0_reverse"].find(isWhole) ?? "_l0";
  const [rows, features] = group.matrix(`weight_ih${first}`);
  const [allRows, width] = group.matrix(`weight_hh${first}`);
  const [num_proj, projected] = group.matrix(`weight_hr${first}`);
  const num_units = num_proj ? projected : width;
  const kind = KINDS.get(rows / num_units);
  if (!kind || rows !== allRows || !features || (num_proj && (num_proj !== width || kind !== "lstm"))) return null;
  const num_layers = 1 + Math.max(...own.map((name) => Number(/_l(\d+)/.exec(name)?.[1] ?? 0)));
  const given = (num_proj || num_units) * (bidirectional ? 2 : 1);
  for (let level = 1; level < Math.min(num_layers, MOST_STACKED_LAYERS); level++) {
    if (!group.isMatrix(`weight_ih_l${level}`, rows, given)) return null;
  }
  const config = { features, num_units, num_layers, bidirectional, num_proj, bias: own.some((name) => name.startsWith("bias_")) };
  return { kind: isCell ? `${kind}_cell` : kind, config };
}

/** What the gates of an LSTM with peepholes have for c. */
const PEEPHOLES = ["input", "forget", "output"].map((gate) => `${gate}_gate_peephole_weights`);

/** Keras's recurrent layers, of one direction. One with other arrays is another one. @param {Group} group @returns {Found} */
function ofKeras(group) {
  const others = [...group.shapes.keys()].filter((own) => !["kernel", "recurrent_kernel", "bias"].includes(own));
  const peepholes = PEEPHOLES.every((own) => group.has(own));
  if (others.length > (peepholes ? PEEPHOLES.length : 0)) return null;
  const [features, columns] = group.matrix("kernel");
  const [num_units, allColumns] = group.matrix("recurrent_kernel");
  const kind = KINDS.get(columns / num_units);
  if (!kind || columns !== allColumns || !features) return null;
  const bias = group.shapes.get("bias");
  const reset_after = kind === "gru" && bias ? { reset_after: bias.length === 2 } : {};
  return { kind, config: { features, num_units, bias: bias !== undefined, ...reset_after, ...(peepholes ? { peepholes } : {}) } };
}

/** The letters of the gates of Flax's cells, after i for the input and h for the state. */
const FLAX = new Map([
  ["f,g,i,o", "lstm"],
  ["n,r,z", "gru"],
  ["", "rnn"],
]);

/** The arrays of Flax's cells. */
export const FLAX_CELL = by(/^(?:(.*)\/)?([ih][ifgorzn]?\/(?:kernel|bias))$/);

/** Flax's cells. @param {Group} group @returns {Found} */
function ofFlax(group) {
  const own = [...group.shapes.keys()].filter((name) => /^i[ifgorzn]?\/kernel$/.test(name));
  const letters = own.map((name) => name.slice(1, name.indexOf("/"))).sort();
  const [letter = ""] = letters;
  const [features, num_units] = group.matrix(`i${letter}/kernel`);
  const kind = FLAX.get(letters.join());
  return own.length && kind && features && group.isMatrix(`h${letter}/kernel`, num_units, num_units)
    ? { kind, config: { features, num_units } }
    : null;
}

/** ONNX's W, R and B, with the directions first. @param {Group} group @returns {Found} */
function ofOnnx(group) {
  const [directions = 0, rows = 0, features = 0] = group.shapes.get("W") ?? [];
  const [same, allRows, num_units = 0] = group.shapes.get("R") ?? [];
  const kind = KINDS.get(rows / num_units);
  if (!kind || same !== directions || rows !== allRows || !features || directions < 1 || directions > 2) return null;
  return { kind, config: { features, num_units, bidirectional: directions === 2, bias: group.has("B") } };
}

/** What they have for c. */
const DIAGONALS = ["i", "f", "o"].map((gate) => `w_${gate}_diag`);

/** TensorFlow 1's cells, whose kernels are for x and h. @param {Group} group @returns {Found} */
function ofTensorFlow(group) {
  const num_proj = group.matrix("projection/kernel")[1];
  const [rows, columns] = group.matrix("kernel");
  const [gateRows, gates] = group.matrix("gates/kernel");
  const kind = gates ? "gru" : /(^|\/)(basic_)?rnn_cell(_\d+)?$/.test(group.owner) ? "rnn" : "lstm";
  const num_units = kind === "gru" ? gates / 2 : kind === "rnn" ? columns : columns / 4;
  const features = (gateRows || rows) - (num_proj || num_units);
  if (!Number.isInteger(num_units) || !num_units || features < 1) return null;
  const peepholes = DIAGONALS.every((own) => group.has(own));
  return { kind, config: { features, num_units, num_proj, ...(kind === "gru" ? { reset_after: false } : {}), ...(peepholes ? { peepholes } : {}) } };
}

/** The readers of recurrent layers, in the order in which they are asked: framework, names, function.
 * @type {[string, Split, (group: Group) => Found][]} */
export const READERS = [
  ["pytorch", by(/^(?:(.*)\/)?((?:weight|bias)_(?:ih|hh|hr)(?:_l\d+(?:_reverse)?)?)$/), ofTorch],
  ["keras", by(/^(?:(.*)\/)?([^/]+)$/), ofKeras],
  ["flax", FLAX_CELL, ofFlax],
  ["onnx", splitOnnx, ofOnnx],
  ["tf1", by(/^((?:.*\/)?(?:basic_)?(?:lstm|gru|rnn)_cell(?:_\d+)?)\/((?:gates\/|candidate\/|projection\/)?(?:kernel|bias)|w_[ifo]_diag)$/), ofTensorFlow],
];

/** W_0 is the W of layer 0. @type {Split} */
function splitOnnx(name) {
  const [, path = "", own, layer] = /^((?:.*\/)?)([WRBP])(?:_(\d+))?$/.exec(name) ?? [];
  return own ? [path + (layer ?? ""), own] : null;
}

/** Names of the cell in a layer, and of the groups in which files keep layers and their arrays. */
const INNER = /^(?:(?:.*_)?cell(?:_\d+)?|vars|layers|model_weights|params|_layer_checkpoint_dependencies)$/;

/** The directions of Keras, Flax and TensorFlow 1. */
const DIRECTION = /^(forward|backward|fw|bw)(?:_.*)?$/;

/** The name of a layer from the path of its arrays, and its direction. @param {string} path */
export function placeOf(path) {
  const parts = path.split("/").filter(Boolean);
  const at = parts.findIndex((part) => DIRECTION.test(part));
  const direction = DIRECTION.exec(parts[at] ?? "")?.[1];
  const all = at < 0 ? parts : parts.slice(0, at);
  const owner = all.filter((part) => !INNER.test(part));
  return { name: [...new Set(owner.length ? owner : all)].join("/"), direction };
}

/** The layers of groups, in which two directions are one layer: each with its first array. @param {string} framework
 * @param {Group[]} groups @param {(group: Group) => Found} read */
export function recurrentLayers(framework, groups, read) {
  /** @type {Map<string, {found: FoundLayer, places: number[]}>} */
  const layers = new Map();
  for (const group of groups) {
    const one = read(group);
    if (!one) continue;
    const { name, direction } = framework === "pytorch" ? { name: group.owner, direction: "" } : placeOf(group.owner);
    if (framework === "pytorch" && one.kind.startsWith("rnn")) one.config.activation = null; // tanh or relu: its arrays are the same
    const own = [...group.shapes.keys()].flatMap((name, n) => (!one.names || one.names.includes(name) ? group.places[n] ?? [] : []));
    const key = direction ? name : `${name} ${group.owner}`;
    const other = layers.get(key);
    const isOther = ["num_units", "features"].some((name) => other?.found.config[name] !== one.config[name]) || other?.found.kind !== one.kind;
    if (other && !isOther) {
      other.found.config.bidirectional = true;
      other.places.push(...own);
    } else layers.set(other ? `${key} ${direction}` : key, { found: recurrent(name, one.kind, framework, one.config), places: own });
  }
  return [...layers.values()];
}
