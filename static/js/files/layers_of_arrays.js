/**
 * The layers to which arrays belong, from their names and shapes: PyTorch's weight_ih_l0, Keras's recurrent_kernel, the gates of Flax,
 * ONNX's W and R, TensorFlow 1's cells. Recurrent layers are told from the number of blocks: 4 are an LSTM, 3 a GRU, 1 a simple RNN.
 *
 * @typedef {{name: string, shape: number[]}} NamedArray
 * @typedef {import("./layer.js").FoundLayer} FoundLayer
 */

import { inputOf, isRecurrent, isStack, layer, outputOf, recurrent } from "./layer.js";
import { KINDS, layerOfOwnNames, OWN_NAME } from "./own_names.js";
import { Refusal } from "./refusal.js";

/** Arrays of a file. */
export const MOST_ARRAYS = 5000;

/** Characters of a name. Those of the deepest modules of large models have about 150. */
const MOST_NAME = 600;

/** Stacked layers of a recurrent layer, as in the text of a model. */
const MOST_STACKED = 1000;

/** Arrays of one layer: their shapes by their own names, and where they are in the file. */
class Group {
  /** @param {string} owner */
  constructor(owner) {
    this.owner = owner;
    /** @type {Map<string, number[]>} */
    this.shapes = new Map();
    /** @type {number[]} */
    this.places = [];
  }

  /** @param {string} name */
  has(name) {
    return this.shapes.has(name);
  }

  /** The rows and columns of a matrix, or 0 × 0. @param {string} name @returns {[number, number]} */
  matrix(name) {
    const [rows = 0, columns = 0, ...others] = this.shapes.get(name) ?? [];
    return others.length ? [0, 0] : [rows, columns];
  }

  /** Whether two matrices have the same sizes. @param {string} name @param {number} rows @param {number} columns */
  isMatrix(name, rows, columns) {
    return this.matrix(name).join() === [rows, columns].join();
  }
}

/** The names of a layer and of an array in it. @typedef {(name: string) => [string, string] | null} Split */

/** The arrays that a function splits, in groups. @param {(NamedArray & {place: number})[]} arrays @param {Split} split */
function grouped(arrays, split) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const { name, shape, place } of arrays) {
    const names = split(name);
    if (!names) continue;
    const group = groups.get(names[0]) ?? new Group(names[0]);
    groups.set(names[0], group);
    group.shapes.set(names[1], shape);
    group.places.push(place);
  }
  return [...groups.values()];
}

/** Names that a wrapper gives. */
const WRAPPED = /original1?$|_(?:v|raw|orig)$/;

/** A weight that a wrapper has replaced by others: of them the one with its shape has its name. Spectral norm also has vectors u and v.
 * @param {string} name @param {number[]} shape */
const withoutWrappers = (name, shape) =>
  shape.length === 2 && WRAPPED.test(name)
    ? name
        .replace(/parametrizations\.(\w+)\.original1?$/, "$1")
        .replace(/(weight_[ih]h(?:_l\d+(?:_reverse)?)?)_(?:v|raw|orig)$/, "$1")
    : name;

/** Names without separators, such as lstm_recurrent_kernel. */
const FLAT = /^(?!recurrent_kernel$)(.+?)_((?:weight|bias)_(?:ih|hh|hr)(?:_l\d+(?:_reverse)?)?|recurrent_kernel|kernel|weight|bias|embeddings?)$/;

/** The framework of arrays that a program of one's own has named. */
const OURS = "colah";

/** Names of arrays, with the name of their layer before them. @param {RegExp} pattern @returns {Split} */
const by = (pattern) => (name) => {
  const match = pattern.exec(name);
  return match ? [match[1] ?? "", match[2] ?? ""] : null;
};

/** What arrays say about a layer. @typedef {{kind: string, config: Record<string, any>} | null} Found */

/** PyTorch's recurrent layers and cells. @param {Group} group @returns {Found} */
function ofTorch(group) {
  const isCell = group.has("weight_ih") && group.has("weight_hh");
  const first = isCell ? "" : "_l0";
  const [rows, features] = group.matrix(`weight_ih${first}`);
  const [allRows, width] = group.matrix(`weight_hh${first}`);
  const [num_proj, projected] = group.matrix(`weight_hr${first}`);
  const num_units = num_proj ? projected : width;
  const kind = KINDS.get(rows / num_units);
  if (!kind || rows !== allRows || !features || (num_proj && (num_proj !== width || kind !== "lstm"))) return null;
  const bidirectional = group.has("weight_ih_l0_reverse");
  const num_layers = 1 + Math.max(...[...group.shapes.keys()].map((own) => Number(/_l(\d+)/.exec(own)?.[1] ?? 0)));
  const given = (num_proj || num_units) * (bidirectional ? 2 : 1);
  for (let level = 1; level < Math.min(num_layers, MOST_STACKED); level++) {
    if (!group.isMatrix(`weight_ih_l${level}`, rows, given)) return null;
  }
  const config = { features, num_units, num_layers, bidirectional, num_proj, bias: group.has(`bias_ih${first}`) };
  return { kind: isCell ? `${kind}_cell` : kind, config };
}

/** Keras's recurrent layers, of one direction. @param {Group} group @returns {Found} */
function ofKeras(group) {
  const [features, columns] = group.matrix("kernel");
  const [num_units, allColumns] = group.matrix("recurrent_kernel");
  const kind = KINDS.get(columns / num_units);
  if (!kind || columns !== allColumns || !features) return null;
  const bias = group.shapes.get("bias");
  const reset_after = kind === "gru" && bias ? { reset_after: bias.length === 2 } : {};
  return { kind, config: { features, num_units, bias: bias !== undefined, ...reset_after } };
}

/** The letters of the gates of Flax's cells, after i for the input and h for the state. */
const FLAX = new Map([
  ["f,g,i,o", "lstm"],
  ["n,r,z", "gru"],
  ["", "rnn"],
]);

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

/** TensorFlow 1's cells, whose kernels are for x and h. @param {Group} group @returns {Found} */
function ofTensorFlow(group) {
  const num_proj = group.matrix("projection/kernel")[1];
  const [rows, columns] = group.matrix("kernel");
  const [gateRows, gates] = group.matrix("gates/kernel");
  const kind = gates ? "gru" : /(^|\/)(basic_)?rnn_cell(_\d+)?$/.test(group.owner) ? "rnn" : "lstm";
  const num_units = kind === "gru" ? gates / 2 : kind === "rnn" ? columns : columns / 4;
  const features = (gateRows || rows) - (num_proj || num_units);
  if (!Number.isInteger(num_units) || !num_units || features < 1) return null;
  return { kind, config: { features, num_units, num_proj, ...(kind === "gru" ? { reset_after: false } : {}) } };
}

/** The readers of recurrent layers, in the order in which they are asked: framework, names, function.
 * @type {[string, Split, (group: Group) => Found][]} */
const READERS = [
  ["pytorch", by(/^(?:(.*)\/)?((?:weight|bias)_(?:ih|hh|hr)(?:_l\d+(?:_reverse)?)?)$/), ofTorch],
  ["keras", by(/^(?:(.*)\/)?(kernel|recurrent_kernel|bias)$/), ofKeras],
  ["flax", by(/^(?:(.*)\/)?([ih][ifgorzn]?\/(?:kernel|bias))$/), ofFlax],
  ["onnx", splitOnnx, ofOnnx],
  ["tf1", by(/^((?:.*\/)?(?:basic_)?(?:lstm|gru|rnn)_cell(?:_\d+)?)\/((?:gates\/|candidate\/|projection\/)?(?:kernel|bias))$/), ofTensorFlow],
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
function placeOf(path) {
  const parts = path.split("/").filter(Boolean);
  const at = parts.findIndex((part) => DIRECTION.test(part));
  const direction = DIRECTION.exec(parts[at] ?? "")?.[1];
  const all = at < 0 ? parts : parts.slice(0, at);
  const owner = all.filter((part) => !INNER.test(part));
  return { name: [...new Set(owner.length ? owner : all)].join("/"), direction };
}

/** The layers of groups, in which two directions are one layer: each with its first array. @param {string} framework
 * @param {Group[]} groups @param {(group: Group) => Found} read */
function recurrentLayers(framework, groups, read) {
  /** @type {Map<string, {found: FoundLayer, places: number[]}>} */
  const layers = new Map();
  for (const group of groups) {
    const one = read(group);
    if (!one) continue;
    const { name, direction } = framework === "pytorch" ? { name: group.owner, direction: "" } : placeOf(group.owner);
    const key = direction ? name : `${name} ${group.owner}`;
    const other = layers.get(key);
    const isOther = ["num_units", "features"].some((name) => other?.found.config[name] !== one.config[name]) || other?.found.kind !== one.kind;
    if (other && !isOther) {
      other.found.config.bidirectional = true;
      other.places.push(...group.places);
    } else layers.set(other ? `${key} ${direction}` : key, { found: recurrent(name, one.kind, framework, one.config), places: [...group.places] });
  }
  return [...layers.values()];
}

/**
 * The layers to which arrays belong, in the order of their first arrays, and the names of matrices that belong to none.
 *
 * @param {NamedArray[]} arrays
 * @param {Map<string, string>} [classes] the classes of PyTorch's modules, by name
 * @returns {{layers: FoundLayer[], unknown: string[]}}
 */
export function layersOf(arrays, classes = new Map()) {
  if (arrays.length > MOST_ARRAYS) throw new Refusal("fileParts");
  const separator = arrays.some(({ name }) => name.includes("/")) ? "/" : ".";
  const isFlat = !arrays.some(({ name }) => /[/.]/.test(name));
  let free = arrays.map(({ name, shape }, place) => {
    if (name.length > MOST_NAME) throw new Refusal("fileParts");
    const full = withoutWrappers(name.includes(":") ? name.replace(/:\d+$/, "") : name, shape);
    const plain = isFlat ? full.replace(FLAT, "$1/$2") : full;
    return { name: separator === "." ? plain.replaceAll(".", "/") : plain, shape, place };
  });
  /** @type {{found: FoundLayer, places: number[]}[]} */
  const layers = [];
  /** @param {{found: FoundLayer, places: number[]}[]} some */
  const add = (some) => {
    layers.push(...some);
    const used = new Set(some.flatMap(({ places }) => places));
    free = free.filter(({ place }) => !used.has(place));
  };
  for (const [framework, split, read] of READERS) add(recurrentLayers(framework, grouped(free, split), read));
  if (!layers.length) add(recurrentLayers(OURS, grouped(free, by(OWN_NAME)), layerOfOwnNames)); // attentions have such names, too
  if (!layers.length) return { layers: [], unknown: [] }; // without recurrent layers the others do not matter
  for (const group of grouped(free, by(/^(?:(.*)\/)?([^/]+)$/))) {
    const module = group.owner.replaceAll("/", separator);
    const found = otherLayer(separator === "/" ? placeOf(group.owner).name : module, group, classes.get(module) ?? "");
    if (found) add([{ found, places: group.places }]);
  }
  layers.sort((one, other) => Math.min(...one.places) - Math.min(...other.places));
  const first = layers.findIndex(({ found }) => isRecurrent(found));
  const table = tableBefore(free, layers[first]);
  if (table && !layers[first - 1]?.places.some((place) => place > table.place)) {
    layers.splice(first, 0, { found: table.found, places: [table.place] });
    free = free.filter(({ place }) => place !== table.place);
  }
  for (const { found } of layers) found.name = found.name.replaceAll("/", separator);
  const matrices = free.filter(({ shape }) => shape.filter((size) => size > 1).length > 1);
  const unknown = matrices.map(({ name }) => name.replaceAll("/", separator));
  return { layers: layers.map(({ found }) => found), unknown };
}

/** A matrix before the first recurrent layer, which takes its columns: an embedding, whatever its name is, such as encoder. As a dense
 * layer it would return its rows. @param {(NamedArray & {place: number})[]} free @param {{found: FoundLayer, places: number[]}} [next]
 * @returns {{found: FoundLayer, place: number} | null} */
function tableBefore(free, next) {
  const at = Math.min(...(next?.places ?? []));
  const last = free.filter(({ place, shape }) => place < at && shape.length > 1).at(-1);
  const [, owner = ""] = /^(?:(.*)\/)?weight$/.exec(last?.name ?? "") ?? [];
  const [features, num_units, ...others] = last?.shape ?? [];
  if (!last || !owner || others.length || features === num_units || num_units !== next?.found.config.features) return null;
  return { found: layer(owner, "embedding", "pytorch", { features, num_units }), place: last.place };
}

/** The names of embeddings. */
export const EMBEDDING = /emb|lookup|wte|wpe/i;

/** The path of a dense layer, of one whose matrix has no bias. */
const DENSE = /(^|[^a-z])(fc|linear|lin|dense|head|proj|projection|out|output|classifier|decoder|logits)[^a-z]*$/i;

/** A layer that is not recurrent. @param {string} name @param {Group} group @param {string} type its class, if that is known
 * @returns {FoundLayer | null} */
function otherLayer(name, { shapes }, type) {
  const table = shapes.get("embeddings") ?? shapes.get("embedding");
  if (table?.length === 2) return layer(name, "embedding", "keras", { features: table[0], num_units: table[1] });
  const [bias, kernel, weight] = [shapes.get("bias"), shapes.get("kernel"), shapes.get("weight")];
  if (kernel?.length === 2 && (!bias || bias.join() === String(kernel[1]))) {
    return layer(name, "dense", "keras", { features: kernel[0], num_units: kernel[1], bias: bias !== undefined });
  }
  if (/attention/i.test(name)) return null; // whose matrices have an axis for the heads
  if ([kernel, weight].some((one) => one && one.length > 2)) {
    const parameters = [kernel ?? weight, bias].reduce((sum, one) => sum + (one ?? [0]).reduce((all, size) => all * size, 1), 0);
    return layer(name, "convolution", kernel ? "keras" : "pytorch", { parameters });
  }
  const isNorm = ["gamma", "beta", "moving_mean", "running_mean", "scale"].some((one) => shapes.get(one)?.length);
  if (isNorm || weight?.length === 1) return layer(name, "normalization", weight ? "pytorch" : "keras");
  if (weight?.length !== 2) return null;
  const [rows = 0, columns = 0] = weight;
  if (type === "Embedding" || (!type && !bias && EMBEDDING.test(name))) {
    return layer(name, "embedding", "pytorch", { features: rows, num_units: columns });
  }
  const isDense = type === "Linear" || (bias ? bias.join() === String(rows) : DENSE.test(name));
  return isDense ? layer(name, "dense", "pytorch", { features: columns, num_units: rows, bias: bias !== undefined }) : null;
}

/** Kinds that keep the length of a vector, and are not told apart from others by their arrays. */
const KEEPS = ["normalization"];

/** Names as people count: lstm, lstm_2, lstm_10. */
const BY_NAME = new Intl.Collator("en", { numeric: true });

/** Layers that are compared with each other. */
const MOST_FITTED = 1000;

/** Layers in an order in which they fit each other, as far as they do, or else in that of their names. @param {FoundLayer[]} layers */
export function inFittingOrder(layers) {
  const rest = [...layers].sort((one, other) => BY_NAME.compare(one.name, other.name));
  if (rest.length > MOST_FITTED) return rest;
  const outputs = new Set(layers.map(outputOf));
  const ordered = [];
  const inputs = new Set(layers.map(inputOf));
  /** @type {((one: FoundLayer) => boolean)[]} */
  const starts = [
    ({ kind }) => kind === "embedding" || kind === "convolution",
    (one) => inputOf(one) !== null && !outputs.has(inputOf(one)) && (isRecurrent(one) || inputs.has(outputOf(one))),
    isRecurrent,
    () => true,
  ];
  /** @type {number | null} */
  let length = null;
  while (rest.length) {
    const fitting = rest.findIndex((one) => length !== null && inputOf(one) === length && isRecurrent(one));
    const other = rest.findIndex((one) => length !== null && inputOf(one) === length);
    const start = starts.map((isStart) => rest.findIndex(isStart)).find((n) => n >= 0) ?? 0;
    const [next] = rest.splice(fitting >= 0 ? fitting : other >= 0 ? other : start, 1);
    if (!next) break;
    ordered.push(next);
    length = outputOf(next);
  }
  return ordered;
}

/**
 * The layers with whether each gets what the one before it returns: if their sizes fit, and if a file of arrays leaves no other
 * choice. Whether a dense layer gets the last step of a recurrent one or every step is not in such a file.
 *
 * @param {FoundLayer[]} layers
 * @returns {FoundLayer[]}
 */
export function joined(layers) {
  const shown = layers.filter(({ kind }) => !KEEPS.includes(kind));
  return shown.map((one, n) => {
    const before = shown[n - 1];
    const fits = before !== undefined && inputOf(one) !== null && inputOf(one) === outputOf(before);
    return { ...one, follows: fits && (!isStack(before) || isStack(one)) };
  });
}
