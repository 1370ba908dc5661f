/**
 * The layers of a Keras model in JSON, as .keras archives, .h5 files and SavedModels have them. The code of a Lambda layer is text there;
 * it is never decoded.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("../layer.js").Model} Model
 * @typedef {(number | string | null)[]} Axes
 * @typedef {import("./keras_graph.js").Source} Source
 */

import { isObject, sizeOf } from "../containers/json.js";
import { axesAfter, calledBy, CONVOLVING, mergedAxes, withKnownSizes } from "./keras_axes.js";
import { inFlowOrder, MODELS, nameOf, OUTPUT, ownerOf, RECURRENT, refuseCyclesOf, sourcesOf, takesStates, tensorOf } from "./keras_graph.js";
import { parameterCount, statisticsCount } from "./keras_parameters.js";
import { channelsAfter, hasChannelsFirst, isConvolution } from "./keras_windows.js";
import { hasCell, inputOf, isRecurrent, isStack, layer, outputOf, recurrent, useAgain } from "../layer.js";
import { LONGEST_NAME_OF_ARRAY, LONGEST_NAME_SHOWN, MOST_KERAS_AXES, MOST_KERAS_LAYERS, MOST_KERAS_LEVELS, MOST_SOURCES_OF_A_VALUE, MOST_STACKED_CELLS, MOST_USES_OF_A_LAYER } from "../limits.js";
import { damaged, Refusal } from "../refusal.js";

/** Cells in an RNN layer. */
const CELLS = new Map([
  ["LSTMCell", "lstm"],
  ["GRUCell", "gru"],
  ["SimpleRNNCell", "rnn"],
]);

/** Kinds of layers by class, without those whose output has axes of its own. */
const KINDS = new Map([
  ...["Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"].map((name) => /** @type {const} */ ([name, "dropout"])),
  ...["Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "ThresholdedReLU", "ActivityRegularization"].map((name) => /** @type {const} */ ([name, "activation"])),
  ...["BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization", "Normalization"].map((name) => /** @type {const} */ ([name, "normalization"])),
  ["PReLU", "prelu"],
  ["Masking", "masking"],
  ["Flatten", "flatten"],
]);

/** Kinds that keep the axes. @type {string[]} */
const KEEPING = [...new Set(KINDS.values())].filter((kind) => kind !== "flatten");

/** Layers that return what they get, added or multiplied. */
const SUMS = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"];

/** Layers that make one tensor of several. */
const MERGES = [...SUMS, "Concatenate", "Dot"];

/** Layers that return a sum of the vectors of one tensor for each vector of another one. */
const ATTENTIONS = ["Attention", "AdditiveAttention", "MultiHeadAttention"];

/** What is known of the axes of a layer's input, as it was built. @param {any} entry @param {number} [fewest] axes @returns {(number | null)[] | null} */
function builtWith(entry, fewest = 2) {
  const [first] = Object.values(entry.build_config?.shapes_dict ?? {}); // that of its first argument
  const given = entry.build_config?.input_shape ?? first ?? entry.config?.batch_input_shape ?? entry.config?.batch_shape;
  const said = given?.items ?? given; // a tuple in keras_metadata.pb
  const shape = Array.isArray(said) && Array.isArray(said[0]) ? said[0] : said; // before those of initial states
  const isShape = Array.isArray(shape) && shape.every((size) => size === null || Number.isInteger(size));
  return isShape && shape.length >= fewest ? shape : null;
}

/** An activation of a layer, if it is another one than the usual one: its name, or the class of one with settings of its own.
 * @param {"activation" | "recurrent_activation"} name @param {unknown} said @param {string} usual */
function activationOf(name, said, usual) {
  if (said === undefined || said === usual) return {};
  return { [name]: said === null ? "linear" : String(isObject(said) ? said.class_name : said).slice(0, 50) };
}

/** The length of a layer's vectors, which Keras refuses as well if it is no size. @param {unknown} said @returns {number | null} null if the file does not say it */
function unitsOf(said) {
  const size = sizeOf(said);
  if (size === null && said !== undefined && said !== null) throw new Refusal("fileSize", { size: JSON.stringify(said).slice(0, LONGEST_NAME_SHOWN) });
  return size;
}

/** @param {string} name @param {any} config @param {string} kind @param {number | null} features @param {boolean} [isCudnn] */
function recurrentLayer(name, config, kind, features, isCudnn = false) {
  const reset_after = kind === "gru" ? { reset_after: config.reset_after ?? isCudnn } : {};
  return recurrent(name, kind, "keras", {
    features,
    num_units: unitsOf(config.units ?? config.output_dim), // Keras 1
    bias: config.use_bias ?? true,
    return_sequences: config.return_sequences ?? false,
    return_state: config.return_state ?? false,
    go_backwards: config.go_backwards ?? false,
    stateful: config.stateful ?? false,
    dropout: config.dropout ?? null,
    ...(config.recurrent_dropout > 0 ? { recurrent_dropout: config.recurrent_dropout } : {}),
    merge_mode: null,
    ...reset_after,
    ...activationOf("activation", config.activation, "tanh"),
    ...(kind === "rnn" ? {} : activationOf("recurrent_activation", config.recurrent_activation ?? config.inner_activation, "sigmoid")), // Keras 1
  });
}

/** Whether the name and the class of an entry are none that consist of others. @param {any} entry */
const isNamed = (entry) => ![entry.class_name, entry.name, entry.config?.name].some((value) => typeof value === "object" && value !== null);

/** A layer in JSON. @param {any} entry @returns {FoundLayer | null} null for one that is no layer of a chain */
function layerOf(entry) {
  const { class_name: type } = entry;
  const config = isObject(entry.config) ? entry.config : {};
  if (!isNamed(entry) || (isObject(config.cell) && !isNamed(config.cell))) throw damaged("Keras");
  const name = String(config.name ?? entry.name ?? "");
  const input = builtWith(entry);
  const features = sizeOf(input?.at(-1));
  const kind = RECURRENT.get(type);
  if (kind) return recurrentLayer(name, config, kind, features, type.startsWith("CuDNN"));
  if (type === "RNN") {
    const cell = isObject(config.cell) ? config.cell : {};
    const cellKind = CELLS.get(String(cell.class_name));
    if (!cellKind) return Array.isArray(config.cell) || cell.class_name === "StackedRNNCells" ? null : ofOwnCell(name, config, cell);
    return recurrentLayer(name, { ...cell.config, ...config, units: cell.config?.units }, cellKind, features);
  }
  if (type === "Bidirectional" && isObject(config.layer)) {
    const inner = layerOf({ ...config.layer, build_config: config.layer.build_config ?? entry.build_config });
    if (!inner || !hasCell(inner) || (isObject(config.backward_layer) && !isLike(inner, layerOf(config.backward_layer)))) return layer(name, "other", "keras");
    inner.config.features ??= features;
    const merged = { bidirectional: true, merge_mode: config.merge_mode ?? "none" };
    return { ...inner, name, config: { ...inner.config, ...merged } };
  }
  if (type === "TimeDistributed" && isObject(config.layer)) {
    const inner = layerOf({ ...config.layer, build_config: config.layer.build_config ?? entry.build_config });
    const keeps = inner && ["embedding", "dense", "dropout", "activation", "normalization", "convolution", "pooling", "reshape"].includes(inner.kind);
    const className = `TimeDistributed(${classOf(config.layer)})`;
    if (inner?.kind === "flatten") return { ...layer(name, "reshape", "keras"), className };
    return keeps ? { ...inner, name, className } : layer(name, "other", "keras");
  }
  return otherLayer(name, String(type), config, input);
}

/** An RNN with a cell of a class that is not Keras's: the file has its name and settings, and no equations. @param {string} name @param {any} config
 * @param {any} cell @returns {FoundLayer} */
function ofOwnCell(name, { return_sequences, go_backwards }, cell) {
  const num_units = sizeOf(cell.config?.output_size) ?? sizeOf(cell.config?.units);
  const settings = { num_units, return_sequences: return_sequences ?? false, go_backwards: go_backwards ?? false };
  return { ...layer(name, "other", "keras", settings), ownCell: String(cell.class_name ?? "") };
}

/** Whether the layers of two directions are the same apart from the order of the steps. @param {FoundLayer} one @param {FoundLayer | null} other */
function isLike(one, other) {
  const text = (/** @type {FoundLayer} */ { kind, ownCell, config }) => JSON.stringify([kind, ownCell, { ...config, go_backwards: null, features: null }]);
  return other !== null && text(one) === text(other);
}

/** The order of axes, counted from 1; null if it is none. @param {unknown} dims @returns {number[] | null} */
function orderOf(dims) {
  const isOrder = Array.isArray(dims) && dims.length > 0 && dims.length <= MOST_KERAS_AXES && dims.every((_, n) => dims.includes(n + 1));
  return isOrder ? dims : null;
}

/** @param {string} name @param {string} type @param {any} config @param {(number | null)[] | null} input */
function otherLayer(name, type, config, input) {
  const simple = KINDS.get(type);
  if (simple) return { ...layer(name, simple, "keras"), ...(type.toLowerCase() === simple ? {} : { className: type }) };
  if (type === "Dense") {
    const sizes = { features: sizeOf(input?.at(-1)), num_units: unitsOf(config.units ?? config.output_dim), bias: config.use_bias ?? true };
    return layer(name, "dense", "keras", sizes);
  }
  if (type === "Embedding") {
    return layer(name, "embedding", "keras", { features: unitsOf(config.input_dim), num_units: unitsOf(config.output_dim), ...(config.mask_zero === true ? { mask_zero: true } : {}) });
  }
  if (type === "RepeatVector") return layer(name, "repeat", "keras", { num_units: unitsOf(config.n) });
  const sliding = isConvolution(type) ? "convolution" : /Pooling[123]D$/.test(type) ? "pooling" : null;
  const kernel = [config.kernel_size ?? []].flat().flatMap((size) => sizeOf(size) ?? []);
  const window = (sliding === "convolution" || CONVOLVING.test(type)) && kernel.length ? { kernel, channels: channelsAfter(type, config, input?.at(hasChannelsFirst(config) ? 1 : -1)) } : {};
  const steps = [config.strides ?? []].flat().flatMap((size) => sizeOf(size) ?? []);
  if (window.kernel && steps.length) Object.assign(window, { strides: steps });
  if (window.kernel && typeof config.padding === "string") Object.assign(window, { padding: config.padding.slice(0, 50) });
  if (sliding) return layer(name, sliding, "keras", { ...window, ...(hasChannelsFirst(config) ? { channels_first: true } : {}) });
  if (type === "Reshape") return layer(name, "reshape", "keras");
  const order = type === "Permute" ? orderOf(config.dims) : null;
  if (order) return layer(name, "transpose", "keras", { order });
  if (MERGES.includes(type)) return layer(name, type.toLowerCase(), "keras");
  if (ATTENTIONS.includes(type)) return { ...layer(name, "attention", "keras"), className: type };
  if (CONVOLVING.test(type)) {
    const settings = { ...window, return_sequences: config.return_sequences ?? false, ...(hasChannelsFirst(config) ? { channels_first: true } : {}) };
    return { ...layer(name, "other", "keras", settings), ownCell: type, className: type };
  }
  return layer(name, "other", "keras");
}

/** The layers of an entry, in the order in which they run, if there are several: the cells of an RNN; or those of both directions, if these
 * have several cells or differ, and what merges them. @param {any} entry @returns {FoundLayer[]} */
function layersIn(entry) {
  const inner = entry.class_name === "Bidirectional" && isObject(entry.config) ? entry.config.layer : null;
  if (!isObject(inner)) return stackedLayers(entry);
  const given = { build_config: inner.build_config ?? entry.build_config };
  const forward = layersOfDirection({ ...inner, ...given });
  const other = isObject(entry.config.backward_layer) ? entry.config.backward_layer : inner;
  const backward = layersOfDirection({ ...other, ...given, config: { ...other.config, go_backwards: true } });
  const [first, second] = [forward[0], backward[0]];
  if (!first || !second || (forward.length + backward.length === 2 && isLike(first, second))) return [];
  const input = inputAxes({ ...inner, ...given });
  const name = String(entry.config.name ?? entry.name ?? "");
  const named = Object.entries({ forward, backward }).flatMap(([direction, layers]) =>
    layers.map((one, n) => ({ ...one, name: `${name}/${direction}/${one.name.split("/").at(-1)}`, ...(n ? {} : { input }) })),
  );
  const [one, another] = [forward, backward].map((layers) => outputOf(/** @type {FoundLayer} */ (layers.at(-1))));
  const isJoined = (entry.config.merge_mode ?? "concat") === "concat";
  const length = one && another ? (isJoined ? one + another : one) : null;
  const returnsAll = forward.at(-1)?.config.return_sequences === true;
  const axes = [...(returnsAll ? [input?.[0] ?? null] : []), length];
  const ends = [forward.length, named.length].map((count) => named[count - 1]?.name ?? "");
  return [...named, { ...layer(name, "other", "keras", { parameters: 0 }, entry.config.merge_mode === null ? null : axes), reads: ends, joinsDirections: entry.config.merge_mode === null ? "None" : String(entry.config.merge_mode ?? "concat").slice(0, 50) }];
}

/** The layers of one direction. @param {any} entry */
function layersOfDirection(entry) {
  const stacked = stackedLayers(entry);
  const one = stacked.length ? null : layerOf(entry);
  return one && isRecurrent(one) ? [one] : stacked;
}

/** The layers of an RNN with several cells, each of which gets the output of the one before it; none if the entry is no such layer.
 * @param {any} entry @returns {FoundLayer[]} */
function stackedLayers(entry) {
  const { cell } = entry.class_name === "RNN" && isObject(entry.config) ? entry.config : {};
  const cells = cell?.class_name === "StackedRNNCells" ? cell.config?.cells : cell;
  if (!Array.isArray(cells) || !cells.length || cells.length > MOST_STACKED_CELLS) return [];
  /** @type {FoundLayer[]} */
  const layers = [];
  for (const [n, one] of cells.entries()) {
    const settings = { ...entry.config, cell: one, name: `${entry.config.name}/${one?.config?.name ?? n}` };
    if (n) Object.assign(settings, { go_backwards: false });
    if (n < cells.length - 1) Object.assign(settings, { return_sequences: true, return_state: false });
    const found = layerOf({ class_name: "RNN", config: settings, ...(n ? {} : { build_config: entry.build_config }) });
    if (!found || !isRecurrent(found)) return [];
    found.config.features ??= n ? outputOf(layers[n - 1] ?? found) : null;
    found.follows = n > 0;
    if (cells.length > 1) found.cellsTogether = cells.length;
    layers.push(found);
  }
  return layers;
}

/** Kinds of layers, beside recurrent ones, of which it is said that they are used in several places. */
const WITH_WEIGHTS = ["embedding", "dense", "convolution", "normalization", "prelu", "attention"];

/** What is around the layers that a TimeDistributed calls: each step is given to them alone, and what they return is put together again. */
const EACH_STEP = "each step";
const ALL_STEPS = "all steps";

/** The places in which a layer is used: what it reads in each of them, and from which inputs of the model that is computed.
 * @typedef {{places: number, reads: string[][], roots: string[][]}} Uses */

/** The uses of an entry in a model, which can be used in several places itself. @param {any} entry @param {string} prefix @param {Map<string, string[]>} roots
 * the inputs of the model from which what entries return is computed, by the names and numbers of their uses @param {Uses | null} around
 * @returns {Uses | null} null if it is used once */
function usesOf(entry, prefix, roots, around) {
  const nodes = Array.isArray(entry.inbound_nodes) ? entry.inbound_nodes : [];
  if (nodes.length > MOST_KERAS_LAYERS) throw new Refusal("fileParts");
  const sources = nodes.map((/** @type {unknown} */ node) => sourcesOf({ inbound_nodes: [node] }));
  const reads = sources.map((/** @type {Source[]} */ all) => [...new Set(all.map(({ name }) => prefix + name))]);
  const from = sources.map((/** @type {Source[]} */ all) =>
    [...new Set(all.flatMap(({ name, use }) => roots.get(`${name} ${use}`) ?? []))].slice(0, MOST_SOURCES_OF_A_VALUE),
  );
  for (const [n, one] of from.entries()) roots.set(`${nameOf(entry)} ${n}`, one);
  if (nodes.length < 2) return around;
  const most = (/** @type {string[][]} */ all) => (around ? [] : all.slice(0, MOST_USES_OF_A_LAYER));
  return { places: nodes.length * (around?.places ?? 1), reads: most(reads), roots: most(from) };
}

/**
 * The layers of a model in JSON, in the order in which the file has them: in a Sequential model each follows the one before it; in a
 * Functional one if that is its only input.
 *
 * @param {any} model
 * @param {string} prefix of the names
 * @param {number} depth
 * @param {Uses | null} around those of the model, if it is used in several places
 * @returns {{steps: Step[], unknown: string[], input: Axes | null, inputs: Map<string, Axes | null>, returned: string[]}} with the tensors that it returns, if it names them
 */
function layersOfConfig(model, prefix = "", depth = 0, around = null) {
  const all = Array.isArray(model.config) ? model.config : model.config?.layers;
  if (!Array.isArray(all) || !all.every((entry) => isObject(entry) && isNamed(entry)) || depth > MOST_KERAS_LEVELS) throw damaged("Keras");
  if (all.length > MOST_KERAS_LAYERS) throw new Refusal("fileParts");
  if (all.some(hasLongName)) throw new Refusal("fileParts");
  const isSequential = model.class_name === "Sequential";
  if (!isSequential) refuseCyclesOf(all);
  const entries = isSequential ? all : inFlowOrder(all, model.config?.output_layers);
  /** @type {Step[]} */
  const steps = [];
  /** @type {string[]} */
  const unknown = [];
  /** @type {Axes | null} */
  let input = null;
  /** @type {Map<string, Axes | null>} */
  const inputs = new Map();
  let before = ""; // the name of the last layer, of which others get the output
  let hasOneState = true; // not one for each of several cells
  /** @type {Map<string, string[]>} what each model in this one returns: tensors of its layers */
  const returned = new Map();
  const tensorIn = (/** @type {Source} */ source) => returned.get(source.name)?.[source.output] ?? tensorOf(source, prefix);
  /** @type {Map<string, string[]>} */
  const roots = new Map();
  /** @type {Set<string>} the inputs of this model */
  const given = new Set();
  const masks = onlyMasks(all, model.config?.output_layers);
  const ends = { inbound_nodes: model.config?.output_layers };
  const read = new Set([...entries, ends].flatMap((entry) => sourcesOf(entry).flatMap(({ name, output }) => (output ? [] : name)))); // more than their states
  for (const entry of entries) {
    if (masks.has(entry)) continue;
    const sources = sourcesOf({ inbound_nodes: entry.inbound_nodes?.slice?.(0, 1) }); // of its first use
    const own = nameOf(entry);
    const isFirst = isSequential ? !steps.length : sources.some(({ name }) => given.has(name));
    const uses = usesOf(entry, prefix, roots, around && !isFirst ? { ...around, reads: [] } : around);
    if (entry.class_name === "InputLayer") {
      roots.set(`${own} 0`, [prefix + own]);
      given.add(own);
      input ??= inputAxes(entry);
      inputs.set(prefix + own, inputs.size ? withOwnSteps(inputAxes(entry), prefix + own) : inputAxes(entry));
      before ||= own;
      continue;
    }
    const [source] = sources;
    const last = steps.at(-1)?.layer;
    // the second output of a recurrent layer is its last state, which is its last output
    const getsState = source?.output === 1 && last !== undefined && isStack(last) && !last.config.bidirectional && hasOneState && !read.has(before);
    const isOnly = sources.length === 1 || takesStates(entry);
    const isOfLast = (/** @type {Source} */ one) => (returned.has(one.name) ? steps.at(-1)?.names.includes(tensorIn(one)) : one.output === 0);
    const follows = isSequential || (isOnly && source?.name === before && (isOfLast(source) || getsState));
    if (follows && getsState) last.onlyLast = true;
    const from = isSequential && before ? [prefix + before] : sources.map(tensorIn);
    before = own;
    const called = entry.class_name === "TimeDistributed" && isObject(entry.config?.layer) ? entry.config.layer : entry;
    const isOfSteps = called !== entry;
    const nested = MODELS.includes(called.class_name) ? called : isOfSteps && { class_name: "Sequential", config: { layers: [called] } };
    const inner = nested ? layersOfConfig(nested, `${prefix}${own}/`, depth + 1, uses) : null;
    if (inner && (!isOfSteps || inner.steps.some(({ layer: one }) => isRecurrent(one)))) {
      if (isOfSteps) inner.steps = ofEachStep(inner.steps, prefix + own);
      const [start, end] = [inner.steps[0], inner.steps.at(-1)];
      if (start && end) {
        start.layer.follows = follows;
        start.sources = from;
        end.names.push(prefix + own);
      }
      if (!isOfSteps) returned.set(own, inner.returned);
      steps.push(...inner.steps);
      for (const [name, axes] of inner.inputs) inputs.set(name, axes);
      unknown.push(...inner.unknown);
      continue;
    }
    const stacked = layersIn(entry);
    const layers = stacked.length ? stacked : [layerOf(entry) ?? layer(own, "other", "keras")];
    if (!steps.length) input ??= inputAxes(entry);
    for (const [n, found] of layers.entries()) {
      if (found.kind === "other" && found.className === undefined && !stacked.length) unknown.push(`${prefix}${own} (${classOf(entry)})`);
      const connected = n ? {} : { follows, input: inputAxes(entry) };
      const reads = found.reads?.map((name) => prefix + name);
      const one = { ...found, name: prefix + found.name, ...connected, ...(reads ? { reads } : {}) };
      if (uses && (isStack(one) || WITH_WEIGHTS.includes(one.kind))) useAgain(one, uses.places, [uses.reads, uses.roots]);
      const config = isObject(entry.config) ? entry.config : {};
      const [names, gets] = [n === layers.length - 1 ? [prefix + own] : [], n && (found.follows || reads) ? [] : from]; // the second direction gets the same
      steps.push({ layer: one, type: String(entry.class_name), config, names, sources: gets, given: shapesGiven(entry) });
    }
    hasOneState = stacked.length < 2;
  }
  return { steps, unknown, input, inputs, returned: isSequential ? [] : sourcesOf(ends).map(tensorIn) };
}

/** Whether the name or the class of an entry, or of what it wraps, is longer than that of any layer. @param {any} entry @returns {boolean} */
const hasLongName = (entry) =>
  [entry.class_name, nameOf(entry), entry.config?.name].some((name) => String(name).length > LONGEST_NAME_OF_ARRAY) ||
  [entry.config?.layer, entry.config?.cell].some((inner) => isObject(inner) && hasLongName(inner));

/** The class of an entry, or that of the cell in it. @param {any} entry */
const classOf = ({ class_name: type, config }) => String((type === "RNN" && config?.cell?.class_name) || (type === "Bidirectional" && config?.layer?.config?.cell?.class_name) || type);

/** The axes of a layer's input after the batch, with the number of steps as it comes in. @param {any} entry @returns {Axes | null} */
function inputAxes(entry) {
  const shape = builtWith(entry, entry.class_name === "InputLayer" ? 1 : 2); // an input can have one number for each sample
  if (!shape || shape.length > 1 + MOST_KERAS_AXES) return null;
  const isSequence = shape.length === 3 || entry.class_name === "InputLayer";
  return shape.slice(1).map((size, n) => (size === null && n === 0 && isSequence ? "t" : sizeOf(size)));
}

/** The axes of a further input, which need not have as many steps as the first one: their number has a name of its own. @param {Axes | null} axes @param {string} name */
const withOwnSteps = (axes, name) => axes && axes.map((size) => (size === "t" ? `steps of ${name}` : size));

/** Let layers have as many steps as come in, if these are those of a further input. @param {Step[]} steps @param {Map<string, Axes | null>} known the axes by name */
function keepOwnSteps(steps, known) {
  for (const [n, { layer: one, sources }] of steps.entries()) {
    const [first, ...others] = one.axes ?? [];
    const below = steps[n - 1]?.names ?? [];
    const isRead = one.follows || sources.some((source) => below.includes(source));
    const isSame = typeof first === "string" && first !== "t" && known.get(below[0] ?? "")?.[0] === first;
    if (isRead && isSame) one.axes = ["t", ...others];
  }
}

/** The modules of Keras's single operations, which can have the names of layers. */
const OPERATION = /\.ops\./;

/** The entries from which nothing but masks is computed, such as the NotEqual that Keras 3 writes beside an Embedding(mask_zero=True). An
 * entry is after those that it gets. @param {unknown[]} entries @param {unknown} outputs the last layers, as the file has them */
function onlyMasks(entries, outputs) {
  const values = new Set(sourcesOf({ inbound_nodes: outputs }).map(({ name }) => name));
  /** @type {Set<string>} */
  const masks = new Set();
  const found = new Set();
  for (const entry of [...entries].reverse()) {
    if (!isObject(entry)) throw damaged("Keras");
    const name = nameOf(entry);
    const isMask = masks.has(name) && !values.has(name) && (entry.class_name === "InputLayer" || OPERATION.test(entry.module) || layerOf(entry)?.kind === "other");
    if (isMask) found.add(entry);
    for (const source of sourcesOf(entry)) (isMask ? masks : values).add(source.name);
    for (const source of sourcesOf(entry, true)) masks.add(source.name);
  }
  return found;
}

/** A layer in the order in which a file has them; the names by which others refer to it, those of the tensors that it gets, and the axes of all that it
 * gets, if it gets several tensors. @typedef {{layer: FoundLayer, type: string, config: any, names: string[], sources: string[], given: Axes[]}} Step */

/** The steps of layers that a TimeDistributed calls, with what it does around them. @param {Step[]} steps @param {string} name @returns {Step[]} */
function ofEachStep(steps, name) {
  const [first] = steps;
  if (first) first.layer.follows = true;
  if (first) first.sources = [];
  /** @param {string} type @returns {Step} */
  const step = (type) => ({ layer: { ...layer(name, "other", "keras", { parameters: 0 }), follows: true, isOfEachStep: type === EACH_STEP }, type, config: {}, names: [], sources: [], given: [] });
  return [step(EACH_STEP), ...steps, step(ALL_STEPS)];
}

/** The axes after the batch of all tensors that a layer was built with, if they are several. @param {any} entry @returns {Axes[]} */
function shapesGiven(entry) {
  const shapes = entry.build_config?.input_shape;
  const areShapes = Array.isArray(shapes) && shapes.length <= MOST_KERAS_LAYERS && shapes.every((shape) => Array.isArray(shape) && shape.length > 1);
  return areShapes ? shapes.map((shape) => shape.slice(1, 1 + MOST_KERAS_AXES).map(sizeOf)) : [];
}

/** The axes of all tensors that a layer gets. @param {Axes[]} own those of the layers that return them @param {Axes[]} said those with which it was
 * built, if that is known @returns {Axes[]} */
function allGiven(own, said) {
  if (said.length !== own.length) return said.length ? said : own;
  return said.map((sizes, n) => sizes.map((size, at) => size ?? (own[n]?.length === sizes.length ? own[n]?.[at] : null) ?? null));
}

/** Complete the axes and sizes that follow from the layers before. @param {Step[]} steps @param {Axes | null} input
 * @param {Map<string, Axes | null>} inputs the axes of the inputs, by name */
function withAxes(steps, input, inputs) {
  const known = new Map(inputs);
  let axes = input;
  /** @type {Axes[number][]} the numbers of steps that layers are given one by one */
  const around = [];
  for (const [n, { layer: one, type, config, names, sources, given }] of steps.entries()) {
    if (!n || !one.follows || sources.length > 1) readsOf(one, sources.map(ownerOf), steps[n - 1]?.names ?? sources.slice(0, 1), isRecurrent(one));
    const often = [...new Set(sources)].map((tensor) => /** @type {[string, number]} */ ([ownerOf(tensor), sources.filter((other) => other === tensor).length])).filter(([, runs]) => runs > 1);
    if (often.length) one.readsOften = often;
    if (n && !one.follows && sources.length && sources.every((tensor) => tensor !== ownerOf(tensor) && known.has(tensor))) Object.assign(one, { getsStates: true, ...letterOf(sources, steps) });
    if (n && !one.follows) axes = one.input = known.get(sources[0] ?? "") ?? one.input ?? null;
    if (one.kind === "embedding" && axes?.length === 0) one.config.is_of_one = true;
    const length = sizeOf(axes?.at(-1));
    if (isRecurrent(one) || one.kind === "dense") one.config.features ??= length;
    if (isRecurrent(one) && length && one.config.features !== length) one.config.misfitting = [one.config.features, length];
    const called = calledBy(type, config, axes);
    const count = parameterCount(...called);
    if (count !== null) one.config.parameters = count;
    const statistics = statisticsCount(...called);
    if (statistics) one.config.statistics = statistics;
    if (type === EACH_STEP) around.push(axes?.[0] ?? null);
    if (type === EACH_STEP) one.axes = axes && axes.slice(1);
    if (type === ALL_STEPS) one.axes = axes && [around.pop() ?? null, ...axes];
    const isMerged = ["concatenate", "dot", "attention"].includes(one.kind);
    axes = isMerged ? mergedAxes(type, config, allGiven(sources.map((name) => known.get(name) ?? []), given)) : axesAfter(one, type, config, axes);
    if (SUMS.includes(type)) axes &&= withKnownSizes([axes, ...sources.map((name) => known.get(name) ?? [])]);
    if (["convolution", "pooling", "reshape"].includes(one.kind) || isMerged || SUMS.includes(type)) one.axes = axes;
    for (const name of names) {
      known.set(name, axes);
      const states = isRecurrent(one) && one.config.return_state ? STATES.get(one.kind) ?? 1 : 0;
      const count = states * (one.config.bidirectional ? 2 : 1);
      for (let output = 1; output <= count; output++) known.set(name + OUTPUT + output, [one.config.num_units]);
    }
  }
  keepOwnSteps(steps, known);
  return known;
}

/** The inputs and outputs of a model beside that of its first layer and that of its last one, and the batch, if all inputs have the same fixed one.
 * @param {any} json @param {Step[]} steps @param {Map<string, Axes | null>} known the axes after the batch, by name
 * @returns {Pick<Model, "inputs" | "outputs" | "batch">} */
function endsOf(json, steps, known) {
  const entries = Array.isArray(json.config) ? json.config : json.config.layers;
  const given = entries.filter((/** @type {any} */ { class_name: type }) => type === "InputLayer");
  const shapes = (given.length ? given : entries.slice(0, 1)).map((/** @type {any} */ { config }) => config?.batch_shape ?? config?.batch_input_shape);
  const batches = new Set(shapes.map((/** @type {any} */ shape) => (Array.isArray(shape) ? sizeOf(shape[0]) : null)));
  const [batch] = batches.size === 1 ? [...batches] : [];
  /** @param {string[]} names @returns {[string, Axes][]} */
  const ends = (names) => names.map((name) => [name, [batch ?? null, ...(known.get(name) ?? ["..."])]]);
  const [first] = steps;
  const read = (first && isRecurrent(first.layer) ? first.sources.slice(0, 1) : first?.sources)?.map(ownerOf); // not its initial states
  const inputs = ends(given.map(nameOf).filter((/** @type {string} */ name) => !read?.includes(name)));
  const last = steps.at(-1)?.names ?? [];
  const returned = sourcesOf({ inbound_nodes: json.config.output_layers }).filter(({ name, output }) => output > 0 || !last.includes(name));
  const outputs = returned.map(({ name, output }) => {
    const one = steps.find(({ names }) => names.includes(name))?.layer ?? layer("", "other", "keras");
    const axes = output > 0 ? [outputOf(one)] : known.get(name);
    const state = output > 0 && isRecurrent(one) && !one.config.bidirectional ? "hc"[output - 1] : undefined;
    const all = [batch ?? null, ...(axes ?? ["..."])];
    return /** @type {import("../layer.js").NamedAxes} */ (state ? [name, all, state] : [name, all]);
  });
  return { ...(inputs.length && given.length > 1 ? { inputs } : {}), ...(outputs.length ? { outputs } : {}), ...(batch ? { batch } : {}) };
}

/** How many states the layers of a kind have, if these are several. */
const STATES = new Map([["lstm", 2]]);

/** The letter of states of one LSTM, if all of some tensors are h or c. @param {string[]} tensors @param {Step[]} steps @returns {{letter?: string}} */
function letterOf(tensors, steps) {
  const owner = steps.find(({ names }) => names.includes(ownerOf(tensors[0] ?? "")))?.layer;
  const letters = new Set(tensors.map((tensor) => "hc"[(Number(tensor.split(OUTPUT)[1]) - 1) % 2]));
  return owner?.kind === "lstm" && letters.size === 1 ? { letter: [...letters][0] } : {};
}

/** Note which layers a layer reads, if they are others than the one before it: a recurrent one has states after its input.
 * @param {FoundLayer} one @param {string[]} sources @param {string[]} before the names of the layer before @param {boolean} hasStates */
function readsOf(one, sources, before, hasStates) {
  const [reads, begins] = hasStates ? [sources.slice(0, 1), sources.slice(1)] : [sources, []];
  if (reads.length > 1 || reads.some((name) => !before.includes(name))) one.reads = [...new Set(reads)];
  if (begins.length) one.begins = [...new Set(begins)];
}

/** Complete the lengths of what cells of classes of one's own return, as far as the layers after them say it, or else by their own number of units.
 * @param {FoundLayer[]} layers @param {boolean} [hasWeights] whether the weights of the layers after them are still to say it */
export function completeOwnCells(layers, hasWeights = false) {
  for (const [n, one] of layers.entries()) {
    const { ownCell, axes } = one;
    const next = layers.findIndex((one, at) => at > n && !["dropout", "activation", "masking"].includes(one.kind));
    const after = layers[next];
    const follow = layers.slice(n + 1, next + 1).every(({ follows }) => follows);
    if (ownCell === undefined || !axes) continue;
    if (after && follow) axes[axes.length - 1] ??= inputOf(after) ?? sizeOf(after.input?.at(-1));
    if (hasWeights) continue;
    const length = (axes[axes.length - 1] ??= outputOf(one));
    if (after && follow && (isRecurrent(after) || after.kind === "dense")) after.config.features ??= length;
  }
}

/** The policies of layers that compute in fewer bits than their arrays of float32 have, such as mixed_float16. */
const MIXED = /^mixed_/;

/** The types of the numbers of a layer, as its policy says them, and of what is quantized. @param {any} said @returns {string[]} */
function typesOf(said) {
  const names = isObject(said) ? [said.config?.source_name, said.config?.mode, said.config?.name] : [said];
  return names.filter((name) => typeof name === "string" && /float|int/.test(name)).map((name) => name.slice(0, 50));
}

/** A model whose layers are in JSON. @param {any} json @param {boolean} [hasWeights] whether weights beside it say more @returns {Model} */
export function modelOfConfig(json, hasWeights = false) {
  if (!isObject(json) || !MODELS.includes(json.class_name)) {
    if (isObject(json) && isObject(json.config)) return { framework: "keras", layers: [], unknown: [String(json.class_name)], isOrdered: true };
    throw damaged("Keras");
  }
  const { steps, unknown, input: firstInput, inputs } = layersOfConfig(json);
  const read = steps[0]?.sources[0] ?? "";
  const input = inputs.has(read) ? inputs.get(read) ?? null : firstInput;
  const known = withAxes(steps, input, inputs);
  const layers = steps.map((step) => step.layer);
  completeOwnCells(layers, hasWeights);
  const [first] = layers;
  // the usual input of a layer need not be in the text: that of an embedding is clear if a recurrent layer gets what it returns
  const next = layers.findIndex((one, n) => n > 0 && (!one.follows || !KEEPING.includes(one.kind)));
  const isRead = next < 0 || (layers[next]?.follows && isStack(layers[next] ?? first ?? { kind: "" }));
  const isUsual = input?.[0] === "t" && (first?.kind === "embedding" ? input.length === 1 && isRead : first && isRecurrent(first) && input.length === 2);
  const entries = Array.isArray(json.config) ? json.config : json.config.layers;
  const said = entries.flatMap((/** @type {any} */ { class_name, config }) => (class_name === "InputLayer" ? [] : typesOf(config?.dtype)));
  const types = [...new Set(said.map((/** @type {string} */ type) => (MIXED.test(type) ? "float32" : type)))];
  const typesIn = (/** @type {any} */ config) => [config?.dtype, config?.layer?.config?.dtype].flatMap(typesOf).map((type) => (MIXED.test(type) ? "float32" : type));
  if (types.length > 1) for (const { layer: one, config } of steps) one.types = [...new Set(typesIn(config))];
  const policies = [...new Set(said.filter((/** @type {string} */ type) => MIXED.test(type)))];
  const statistics = layers.reduce((sum, { config }) => sum + (config.statistics ?? 0), 0);
  return { framework: "keras", layers, unknown, isOrdered: true, ...(statistics ? { statistics } : {}), ...(types.length ? { types } : {}), ...(policies.length ? { policies } : {}), ...(input?.length && first && !isUsual ? { input } : {}), ...endsOf(json, steps, known) };
}
