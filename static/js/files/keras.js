/**
 * Keras: .keras archives and .h5 files, with their layers in JSON, or with weights alone. The code of a Lambda layer is text there; it
 * is never decoded.
 *
 * @typedef {import("./layer.js").FoundLayer} FoundLayer
 * @typedef {import("./layer.js").Model} Model
 * @typedef {(number | string | null)[]} Axes
 */

import { datasetsOf, Hdf5 } from "./hdf5.js";
import { isObject, jsonOf, sizeOf } from "./json.js";
import { isRecurrent, isStack, layer, outputOf, recurrent } from "./layer.js";
import { damaged } from "./refusal.js";
import { inFittingOrder, joined, layersOf } from "./weights.js";

const RECURRENT = new Map([
  ["LSTM", "lstm"],
  ["CuDNNLSTM", "lstm"],
  ["GRU", "gru"],
  ["CuDNNGRU", "gru"],
  ["SimpleRNN", "rnn"],
]);

/** Cells in an RNN layer. */
const CELLS = new Map([
  ["LSTMCell", "lstm"],
  ["GRUCell", "gru"],
  ["SimpleRNNCell", "rnn"],
]);

/** Kinds of layers by class, without those whose output has axes of its own. */
const KINDS = new Map([
  ...["Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"].map((name) => /** @type {const} */ ([name, "dropout"])),
  ...["Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "ThresholdedReLU"].map((name) => /** @type {const} */ ([name, "activation"])),
  ...["BatchNormalization", "LayerNormalization", "UnitNormalization", "Normalization"].map((name) => /** @type {const} */ ([name, "normalization"])),
  ["PReLU", "prelu"],
  ["Masking", "masking"],
  ["Flatten", "flatten"],
]);

const MOST_LAYERS = 5000;
const MOST_LEVELS = 20;

/** What is known of the axes of a layer's input, as it was built. @param {any} entry @returns {(number | null)[] | null} */
function builtWith(entry) {
  const shape = entry.build_config?.input_shape ?? entry.config?.batch_input_shape ?? entry.config?.batch_shape;
  const isShape = Array.isArray(shape) && shape.every((size) => size === null || Number.isInteger(size));
  return isShape && shape.length > 1 ? shape : null;
}

/** @param {string} name @param {any} config @param {string} kind @param {number | null} features @param {boolean} [isCudnn] */
function recurrentLayer(name, config, kind, features, isCudnn = false) {
  const reset_after = kind === "gru" ? { reset_after: config.reset_after ?? isCudnn } : {};
  return recurrent(name, kind, "keras", {
    features,
    num_units: sizeOf(config.units ?? config.output_dim), // Keras 1
    bias: config.use_bias ?? true,
    return_sequences: config.return_sequences ?? false,
    return_state: config.return_state ?? false,
    go_backwards: config.go_backwards ?? false,
    stateful: config.stateful ?? false,
    dropout: config.dropout ?? null,
    merge_mode: null,
    ...reset_after,
  });
}

/** A layer in JSON. @param {any} entry @returns {FoundLayer | null} null for one that is no layer of a chain */
function layerOf(entry) {
  const { class_name: type } = entry;
  const config = isObject(entry.config) ? entry.config : {};
  const name = String(config.name ?? entry.name ?? "");
  const input = builtWith(entry);
  const features = sizeOf(input?.at(-1));
  const kind = RECURRENT.get(type);
  if (kind) return recurrentLayer(name, config, kind, features, type.startsWith("CuDNN"));
  if (type === "RNN") {
    const cell = isObject(config.cell) ? config.cell : {};
    const cellKind = CELLS.get(String(cell.class_name));
    return cellKind ? recurrentLayer(name, { ...cell.config, ...config, units: cell.config?.units }, cellKind, features) : null;
  }
  if (type === "Bidirectional" && isObject(config.layer)) {
    const inner = layerOf({ ...config.layer, build_config: config.layer.build_config ?? entry.build_config });
    if (!inner || !isRecurrent(inner)) return layer(name, "other", "keras");
    inner.config.features ??= features;
    const merged = { bidirectional: true, merge_mode: config.merge_mode ?? "none" };
    return { ...inner, name, config: { ...inner.config, ...merged } };
  }
  if (type === "TimeDistributed" && isObject(config.layer)) {
    const inner = layerOf({ ...config.layer, build_config: config.layer.build_config ?? entry.build_config });
    const keeps = inner && ["dense", "dropout", "activation", "normalization"].includes(inner.kind);
    return keeps ? { ...inner, name } : layer(name, "other", "keras");
  }
  return otherLayer(name, String(type), config, input);
}

/** @param {string} name @param {string} type @param {any} config @param {(number | null)[] | null} input */
function otherLayer(name, type, config, input) {
  const simple = KINDS.get(type);
  if (simple) return layer(name, simple, "keras");
  if (type === "Dense") {
    const sizes = { features: sizeOf(input?.at(-1)), num_units: sizeOf(config.units ?? config.output_dim), bias: config.use_bias ?? true };
    return layer(name, "dense", "keras", sizes);
  }
  if (type === "Embedding") {
    return layer(name, "embedding", "keras", { features: sizeOf(config.input_dim), num_units: sizeOf(config.output_dim) });
  }
  if (type === "RepeatVector") return layer(name, "repeat", "keras", { num_units: sizeOf(config.n) });
  if (type === "Conv1D") {
    const [stride] = [config.strides].flat();
    const keeps = ["same", "causal"].includes(config.padding) && stride === 1;
    return layer(name, "convolution", "keras", {}, [keeps ? "t" : null, sizeOf(config.filters)]);
  }
  if (/^Global\w+Pooling1D$/.test(type)) return layer(name, "pooling", "keras", {}, [sizeOf(input?.at(-1))]);
  if (/^\w+Pooling1D$/.test(type)) return layer(name, "pooling", "keras", {}, [null, sizeOf(input?.at(-1))]);
  if (type === "Reshape" && Array.isArray(config.target_shape) && config.target_shape.length <= 4) {
    return layer(name, "reshape", "keras", {}, config.target_shape.map(sizeOf));
  }
  return layer(name, "other", "keras");
}

const MODELS = ["Sequential", "Functional", "Model"];

/**
 * The layers of a model in JSON, in the order in which the file has them: in a Sequential model each follows the one before it; in a
 * Functional one if that is its only input.
 *
 * @param {any} model
 * @param {string} prefix of the names
 * @param {number} depth
 * @returns {{layers: FoundLayer[], unknown: string[], input: (number | null)[] | null}}
 */
function layersOfConfig(model, prefix = "", depth = 0) {
  const entries = Array.isArray(model.config) ? model.config : model.config?.layers;
  if (!Array.isArray(entries) || entries.length > MOST_LAYERS || depth > MOST_LEVELS) throw damaged("Keras");
  const isSequential = model.class_name === "Sequential";
  /** @type {FoundLayer[]} */
  const layers = [];
  /** @type {string[]} */
  const unknown = [];
  /** @type {(number | null)[] | null} */
  let input = null;
  let before = ""; // the name of the last layer, of which others get the output
  for (const entry of entries) {
    if (!isObject(entry)) throw damaged("Keras");
    const sources = sourcesOf(entry);
    const own = String(entry.name ?? entry.config?.name ?? "");
    if (entry.class_name === "InputLayer") {
      input ??= builtWith(entry);
      before ||= own;
      continue;
    }
    const follows = isSequential || (sources.length === 1 && sources[0] === before);
    before = own;
    if (MODELS.includes(entry.class_name)) {
      const inner = layersOfConfig(entry, `${prefix}${own}/`, depth + 1);
      layers.push(...inner.layers.map((one, n) => (n ? one : { ...one, follows })));
      unknown.push(...inner.unknown);
      continue;
    }
    const found = layerOf(entry);
    if (!found || found.kind === "other") unknown.push(`${prefix}${own}`);
    const one = found ?? layer(own, "other", "keras");
    if (layers.length === 0) input ??= builtWith(entry);
    layers.push({ ...one, name: prefix + one.name, follows });
  }
  return { layers, unknown, input };
}

/** The names of the layers whose output a layer of a Functional model gets. @param {any} entry @returns {string[]} */
function sourcesOf(entry) {
  const names = new Set();
  /** @param {unknown} value @param {number} depth */
  const collect = (value, depth) => {
    if (depth > MOST_LEVELS || names.size > 2) return;
    if (Array.isArray(value)) {
      if (typeof value[0] === "string" && Number.isInteger(value[1])) names.add(value[0]);
      else for (const one of value) collect(one, depth + 1);
    } else if (isObject(value)) {
      if (Array.isArray(value.keras_history)) names.add(value.keras_history[0]);
      else for (const one of Object.values(value)) collect(one, depth + 1);
    }
  };
  collect(entry.inbound_nodes, 0);
  return [...names].map(String);
}

/** Complete sizes that follow from the layer before. @param {FoundLayer[]} layers @param {(number | null)[] | null} input */
function withFeatures(layers, input) {
  let length = sizeOf(input?.at(-1));
  for (const [n, one] of layers.entries()) {
    if (n && !one.follows) length = null;
    if (isRecurrent(one) || one.kind === "dense") one.config.features ??= length;
    length = ["dropout", "activation", "prelu", "normalization", "masking"].includes(one.kind) ? length : sizeOf(one.axes ? one.axes.at(-1) : outputOf(one));
  }
}

/** A model whose layers are in JSON. @param {any} json @returns {Model} */
export function modelOfConfig(json) {
  if (!isObject(json) || !MODELS.includes(json.class_name)) {
    if (isObject(json) && isObject(json.config)) return { framework: "keras", layers: [], unknown: [String(json.class_name)], isOrdered: true };
    throw damaged("Keras");
  }
  const { layers, unknown, input } = layersOfConfig(json);
  withFeatures(layers, input);
  const [first] = layers;
  const isKnown = input && input.length > 1 && first && first.kind !== "embedding" && (input[1] !== null || !isStack(first));
  const axes = isKnown && input.length <= 5 ? { input: input.slice(1).map((size, n) => size ?? (n ? null : "t")) } : {};
  return { framework: "keras", layers, unknown, isOrdered: true, ...axes };
}

/** A .keras archive. @param {Map<string, import("./zip.js").Member>} members */
export async function modelOfKeras(members) {
  const config = members.get("config.json");
  if (!config) throw damaged("Keras");
  const content = await config.content();
  const model = modelOfConfig(jsonOf(content.bytes(0, content.size)));
  const weights = members.get("model.weights.h5");
  if (model.layers.length || !weights) return model;
  return modelOfHdf5(await weights.content()); // a subclass of Model, of which the file has only the weights
}

/** An .h5 file. @param {import("./byte_source.js").ByteSource} source @returns {Model} */
export function modelOfHdf5(source) {
  const file = new Hdf5(source);
  const [config] = file.root.strings("model_config");
  if (config) return modelOfConfig(jsonOf(new TextEncoder().encode(config)));
  const names = layerNames(file);
  const arrays = datasetsOf(file).map(({ name, shape }) => ({ name: name.replace(/^model_weights\//, ""), shape }));
  const { layers, unknown } = layersOf(withNames(arrays));
  for (const one of layers) one.name = ownName(file, one.name);
  const order = (/** @type {FoundLayer} */ one) => names.indexOf(one.name.split("/")[0] ?? "");
  const ordered = names.length ? layers.sort((one, other) => order(one) - order(other)) : inFittingOrder(layers);
  return { framework: layers.find(isRecurrent)?.framework ?? "keras", layers: joined(ordered), unknown, isOrdered: false };
}

/** The names of the layers of a file with weights, in their order; none if it does not say it. @param {Hdf5} file */
function layerNames(file) {
  const inner = file.root.links.get("model_weights");
  return (inner === undefined ? file.root : file.node(inner)).strings("layer_names");
}

/** The name of a layer that its variables have, if they have one: newer files name groups by classes. @param {Hdf5} file @param {string} name */
function ownName(file, name) {
  let node = file.root;
  for (const part of ["layers", ...name.split("/"), "vars"]) {
    const address = node.links.get(part);
    if (address === undefined) return name;
    node = file.node(address);
  }
  return node.strings("name")[0] ?? name;
}

/** Arrays with the names that Keras gives them: newer files only number the weights of a layer, old ones repeat the name of the model.
 * @param {import("./weights.js").NamedArray[]} arrays */
function withNames(arrays) {
  const shapes = new Map(arrays.map(({ name, shape }) => [name, shape]));
  return arrays.map(({ name, shape }) => {
    const [, path, index] = /^(.*)\/vars\/(\d)$/.exec(name) ?? [];
    if (path === undefined || index === undefined) return { name: name.replace(/^([^/]+)\/.*\/(?=(?:forward|backward)_|[^/]*cell|[^/]+$)/, "$1/"), shape };
    const all = [0, 1, 2].map((n) => shapes.get(`${path}/vars/${n}`));
    return { name: `${path}/${namesOf(all, path)[Number(index)] ?? index}`, shape };
  });
}

/** The names of numbered weights, from their shapes. @param {(number[] | undefined)[]} shapes @param {string} path */
function namesOf([first, second], path) {
  if (first?.length === 2 && second?.length === 2) return ["kernel", "recurrent_kernel", "bias"];
  if (first?.length === 2 && !second && /embed/i.test(path)) return ["embeddings"];
  return first?.length === 1 ? ["gamma", "beta", "moving_mean"] : ["kernel", "bias"];
}
