/** The layers of a model file: the reader of its format is chosen by its content. Nothing in it is executed. */

import { withoutAverage } from "./arrays/averaged_weights.js";
import { beginsWith, textOf } from "./containers/byte_source.js";
import { startOf } from "./containers/hdf5.js";
import { isObject, jsonOf } from "./containers/json.js";
import { modelOfHdf5, modelOfKeras, modelOfMetadata } from "./keras/keras.js";
import { modelOfConfig } from "./keras/keras_config.js";
import { checkLayer, hasCell, isRecurrent, isStack, numbersIn } from "./layer.js";
import { layersOf, withRest } from "./arrays/layers_of_arrays.js";
import { KINDS, withNamesOfKeras } from "./arrays/layers_of_numpy_programs.js";
import { LONGEST_JSON_FILE, LONGEST_NAME_SHOWN, MOST_NAMES_SHOWN } from "./limits.js";
import { layerText } from "./model_text.js";
import { arraysOfNpz } from "./other_formats/npz.js";
import { isOnnx, modelOfOnnx } from "./onnx/onnx.js";
import { areSorted, inFittingOrder, joined } from "./graphs/order_of_layers.js";
import { modelOfProgram } from "./torch/pt2.js";
import { Refusal } from "./refusal.js";
import { arraysOfSafetensors } from "./other_formats/safetensors.js";
import { arraysOfCheckpoint, isCheckpoint } from "./other_formats/tensorflow_checkpoint.js";
import { IDENTIFIER, modelOfTflite } from "./other_formats/tflite.js";
import { contentsOfArchive, contentsOfPickles } from "./torch/torch.js";
import { inSequence } from "./torch/sequential.js";
import { layersInOrder } from "./torch/torchscript.js";
import { membersOf } from "./containers/zip.js";

/**
 * @typedef {import("./containers/byte_source.js").ByteSource} ByteSource
 * @typedef {import("./layer.js").Model} Model
 */

/** @param {ByteSource} source @returns {Promise<Model>} */
async function ofZip(source) {
  const members = membersOf(source);
  const names = [...members.keys()];
  if (!names.length) throw new Refusal("fileEmptyArchive");
  const program = names.find((name) => /^(?:[^/]*\/)?(?:models\/[^/]*|serialized_exported_program)\.json$/.test(name));
  if (program) {
    const content = await members.get(program)?.content();
    if (content) return { ...modelOfProgram(jsonOf(content.bytes(0, content.size))), format: "PyTorch" };
  }
  const pickle = names.find((name) => /^[^/]*\/data\.pkl$/.test(name)) ?? names.find((name) => name === "data.pkl");
  if (pickle) return { ...ofTorch(await contentsOfArchive(members, pickle)), format: "PyTorch" };
  if (members.has("config.json")) return { ...(await modelOfKeras(members)), format: ".keras" };
  if (names.some((name) => name.endsWith(".npy"))) return { ...(await ofNpz(members)), format: ".npz" };
  const part = (/** @type {string} */ end) => members.get(names.find((name) => name.endsWith(end)) ?? "")?.content();
  const metadata = await part("keras_metadata.pb");
  if (metadata) return modelOfMetadata(metadata);
  const index = await part("variables/variables.index");
  if (index) return ofCheckpoint(index);
  if (names.some((name) => name.endsWith("saved_model.pb"))) throw new Refusal("fileSavedModel");
  throw new Refusal("fileUnknown");
}

/** @param {import("./torch/torch.js").Contents} contents @returns {Model} */
function ofTorch({ arrays: all, classes, settings, copies: same = [], models = [], leftOut = [], undecided, isOfOptimizer, code, types, owners, isWhole }) {
  if (isOfOptimizer && !all.length) throw new Refusal("fileOptimizer");
  const { arrays, copies: averages } = withoutAverage(all);
  const copies = [...same, ...averages];
  const listed = models.filter((name) => arrays.some((one) => one.name.startsWith(`${name}.`))); // and no averages
  const { layers, parts, ...found } = layersOf(arrays, classes);
  const bare = bareModules(types, settings, arrays);
  const rest = { ...found, ...(listed.length > 1 ? { models: listed } : {}), ...(leftOut.length ? { leftOut } : {}), ...ownClasses(types), ...named(bare), pickled: types.get(""), undecided };
  checkNames(layers, arrays);
  if (!code) markInherited(layers, types, arrays);
  countWritten(layers, "pytorch");
  for (const layer of layers) {
    const state = settings.get(layer.name);
    const [batch_first, dropout] = [state?.get("batch_first"), state?.get("dropout")];
    if (typeof batch_first === "boolean" && "batch_first" in layer.config) layer.config.batch_first = batch_first;
    if (typeof dropout === "number" && "dropout" in layer.config) layer.config.dropout = dropout;
    const isRelu = state?.get("nonlinearity") === "relu" || state?.get("mode") === "RNN_RELU";
    if (isRelu || state?.has("nonlinearity") || state?.has("mode")) layer.config.activation = isRelu ? "relu" : undefined;
  }
  const ordered = code && layersInOrder(code, types, layers, owners, arrays, parts);
  if (ordered) {
    const { rest: others, named: known, ...inOrder } = ordered;
    const unknown = found.unknown.filter((name) => !known.includes(name));
    return { framework: "pytorch", ...inOrder, layers: withRest(inOrder.layers, others, "calls"), ...rest, unknown, copies, isOrdered: true, ...(owners.size && !isWhole ? {} : { isComplete: true }) };
  }
  const sequence = code ? null : inSequence(layers, types, new Map());
  if (sequence) {
    const all = inSequence(withRest(sequence, parts, "modules"), types, bare) ?? sequence;
    const inside = new Map([...bare].filter(([name]) => !all.some((one) => one.name === name)));
    return { framework: "pytorch", layers: all, ...rest, bare: undefined, ...named(inside), copies, isOrdered: true, isComplete: true };
  }
  const connected = apart(joined(layers), models);
  return { framework: "pytorch", layers: withRest(connected, parts, "modules"), ...rest, ...endOf(connected), copies, isOrdered: false, hasCode: code !== undefined };
}

/** Layers of which none gets what one of another model returns. @param {import("./layer.js").FoundLayer[]} layers @param {readonly string[]} models the names of these */
function apart(layers, models) {
  const modelOf = (/** @type {import("./layer.js").FoundLayer | undefined} */ one) => models.find((model) => one?.name === model || one?.name.startsWith(`${model}.`));
  return layers.map((one, n) => (modelOf(one) === modelOf(layers[n - 1]) ? one : { ...one, follows: false }));
}

/** The end of a model whose file does not say how its layers are connected: cells are in a loop, and what is made of its steps is not known. It is after all
 * layers that follow a cell. @param {import("./layer.js").FoundLayer[]} layers @returns {Pick<Model, "output">} */
function endOf(layers) {
  const last = layers.map((one) => isRecurrent(one) && !isStack(one)).lastIndexOf(true);
  return last >= 0 && layers.slice(last + 1).every(({ follows }) => follows) ? { output: [] } : {};
}

/** Whether a class is one of PyTorch. @param {string} type its full name */
const isOfTorch = (type) => /^(?:__torch__\.)?torch\./.test(type);

/** The modules whose classes are not PyTorch's, beside the model itself. @param {Map<string, string>} types the full names of classes, by module
 * @returns {Pick<Model, "ownClasses">} */
function ownClasses(types) {
  const own = [...types].filter(([name, type]) => name && !isOfTorch(type));
  return own.length ? { ownClasses: own.map(([name, type]) => `${name} (${type.split(".").at(-1)})`) } : {};
}

/** The modules of PyTorch without parameters and parts, with what they are called. @param {Map<string, string>} types the full names of classes, by module
 * @param {Map<string, Map<unknown, unknown>>} settings @param {import("./arrays/array_groups.js").NamedArray[]} arrays @returns {Map<string, string>} */
function bareModules(types, settings, arrays) {
  const owners = [...types.keys(), ...arrays.map(({ name }) => name)].map((name) => name.replace(/\.?[^.]*$/, ""));
  const inside = new Set(owners);
  const bare = [...types].filter(([name, type]) => name && !inside.has(name) && /^torch\.nn\.modules\.(?!container\.|loss\.|linear\.Identity$)/.test(type));
  return new Map(bare.map(([name, type]) => {
    const rate = settings.get(name)?.get("p");
    return [name, `${type.split(".").at(-1)}${typeof rate === "number" ? ` ${rate}` : ""}`];
  }));
}

/** The names of modules of which the file does not say where they run. @param {Map<string, string>} bare @returns {Pick<Model, "bare">} */
const named = (bare) => (bare.size ? { bare: [...bare].map(([name, called]) => `${name} (${called})`) } : {});

/** Note which recurrent layers are of a class that inherits from PyTorch's, whose arrays say nothing of it. @param {import("./layer.js").FoundLayer[]} layers
 * @param {Map<string, string>} types the full names of classes, by module @param {import("./arrays/array_groups.js").NamedArray[]} arrays */
function markInherited(layers, types, arrays) {
  for (const one of layers) {
    const type = types.get(one.name);
    if (!isRecurrent(one) || one.written || type === undefined || isOfTorch(type)) continue;
    const own = arrays.filter(({ name, isBuffer }) => !isBuffer && name.startsWith(`${one.name}.`));
    one.written = { count: numbersIn(own.map(({ shape }) => shape)), names: [] };
  }
}

/** Note how many parameters the recurrent layers have that somebody has written, unless it is clear: a program in NumPy has a bias for each block.
 * @param {import("./layer.js").FoundLayer[]} layers @param {string} framework of the model */
function countWritten(layers, framework) {
  for (const { written, kind, config } of layers) {
    const blocks = [...KINDS].find(([, name]) => name === kind)?.[0] ?? 0;
    const usual = blocks * config.num_units * (config.features + config.num_units + (config.bias ? 1 : 0));
    if (written?.count !== undefined && (framework === "pytorch" || written.count !== usual)) config.parameters = written.count;
  }
}

/** The names of arrays with the weights for h of recurrent layers. */
const FOR_STATE = /(?:^|[./_])(?:weight_hh(?:_l\d+(?:_reverse)?)?|recurrent_kernel)$/;

/** The names of the arrays of one of PyTorch's recurrent layers that is stacked on others: the layer itself, and its level. */
const OF_STACK = /^(.+?)[._](?:weight|bias)_(?:ih|hh|hr)_l\d+(?:_reverse)?$/;

/** What the names of Flax's parameters begin with. */
const COLLECTION = /^params[./](?=.*[./])/;

/** Refuse arrays that have the names of a recurrent layer, if the shapes of none of them are those of one. @param {import("./layer.js").FoundLayer[]} layers
 * @param {import("./arrays/array_groups.js").NamedArray[]} arrays */
function checkNames(layers, arrays) {
  const odd = layers.some(isRecurrent) ? undefined : arrays.find(({ name }) => FOR_STATE.test(name));
  const owners = new Set(arrays.flatMap(({ name }) => OF_STACK.exec(name)?.slice(1) ?? []));
  const parts = [...owners].slice(0, MOST_NAMES_SHOWN).map((name) => name.slice(0, LONGEST_NAME_SHOWN));
  if (odd) throw new Refusal("fileShapes", { parts, name: odd.name.slice(0, LONGEST_NAME_SHOWN), shape: odd.shape.join(" × ").slice(0, LONGEST_NAME_SHOWN) });
}

/** @param {Map<string, import("./containers/zip.js").Member>} members */
async function ofNpz(members) {
  const arrays = await arraysOfNpz(members);
  const numbers = arrays.filter(({ hasObjects }) => !hasObjects);
  const named = withNamesOfKeras(numbers);
  const model = { ...ofArrays(named), ...(named === numbers ? {} : { isDeduced: true }) };
  const objects = arrays.filter(({ hasObjects }) => hasObjects).map(({ name }) => name.slice(0, LONGEST_NAME_SHOWN));
  if (model.layers.some(isRecurrent) || !objects.length) return model;
  if (objects.length < arrays.length) throw new Refusal("fileSomeObjects", { names: objects.slice(0, MOST_NAMES_SHOWN) });
  throw new Refusal("fileObjects");
}

/** Arrays without the collection of Flax's parameters in their names, if all are in it. @param {import("./arrays/array_groups.js").NamedArray[]} all */
const withoutCollection = (all) => (all.every(({ name }) => COLLECTION.test(name)) ? all.map((array) => ({ ...array, name: array.name.replace(COLLECTION, "") })) : all);

/** The layers of arrays, of which a file does not say how they are connected. @param {import("./arrays/array_groups.js").NamedArray[]} all
 * @param {boolean} [isSorted] whether they are in the order of their names, and not in that of the model
 * @param {import("./arrays/layers_of_arrays.js").Order} [order] that of other parts @returns {Model} */
function ofArrays(all, isSorted = areSorted(all), order = "names") {
  const { arrays, copies } = withoutAverage(withoutCollection(all));
  const { layers, parts, ...found } = layersOf(arrays, undefined, isSorted);
  const rest = { ...found, copies };
  checkNames(layers, arrays);
  const framework = layers.find(isRecurrent)?.framework ?? layers[0]?.framework ?? "pytorch";
  countWritten(layers, framework);
  if (framework !== "pytorch") for (const { written } of layers) if (written) written.isOfProgram = true;
  const connected = joined(isSorted ? inFittingOrder(layers) : layers);
  return { framework, layers: withRest(connected, parts, order), ...rest, ...endOf(connected), isOrdered: false, ...(isSorted ? { isFitted: true } : {}) };
}

/** The layers of a checkpoint. Those of SavedModels can have numbers in place of names. @param {ByteSource} source @returns {Model} */
function ofCheckpoint(source) {
  const arrays = arraysOfCheckpoint(source);
  const model = ofArrays(arrays);
  const isNamed = model.layers.some(isRecurrent) || !arrays.some(({ name }) => /(^|\/)variables\/\d+$/.test(name));
  if (!isNamed) throw new Refusal("fileSavedModel");
  return model;
}

/** Whether a file may be keras_metadata.pb: a message with the path of an object. @param {Uint8Array} start */
const isMetadata = (start) => start[0] === 0x0a && textOf(start.subarray(0, 20)).includes("\x1a\x04root");

/** What the header of a .safetensors file begins with, after its length. */
const BRACE = 0x7b;

/** What a list in JSON begins with, which no such header is: its reader says what is wrong. */
const BRACKET = 0x5b;

/** Whether a file may be .safetensors: a length in eight bytes, and a brace. A length of a terabyte or more is damaged: then the name of an array follows.
 * @param {Uint8Array} start */
const isSafetensors = (start) => start[8] === BRACE && (start[9] === 0x22 || start.subarray(5, 8).every((byte) => byte === 0));

/** Formats by how their files begin, with their names, apart from archives, which are of several.
 * @type {[(start: Uint8Array) => boolean, (source: ByteSource) => Model | Promise<Model>, string?][]} */
const FORMATS = [
  [isSafetensors, (source) => ofArrays(arraysOfSafetensors(source)), "safetensors"],
  [(start) => beginsWith(start, "PK\x03\x04") || beginsWith(start, "PK\x05\x06"), ofZip],
  [(start) => start[0] === 0x80 && (start[1] ?? 9) < 6, (source) => ofTorch(contentsOfPickles(source)), "PyTorch"],
  [(start) => beginsWith(start.subarray(4), IDENTIFIER), modelOfTflite, "TensorFlow Lite"],
  [isOnnx, modelOfOnnx, "ONNX"],
  [isMetadata, modelOfMetadata],
];

/** Whether a file is text, such as source code. @param {Uint8Array} start */
function isText(start) {
  const text = textOf(start);
  return !/[\0-\x08\x0e-\x1f\x7f]/.test(text) && !text.slice(0, -1).includes("\ufffd"); // the last character may be cut
}

/** The model in a file of a format that is told by how the file begins, by its end, or by a signature further inside. What is wrong with a .safetensors is said by
 * its reader: that format has no signature, so its name tells it.
 * @param {Uint8Array} start @param {ByteSource} source @param {string} name @returns {Promise<Model>} */
async function modelIn(start, source, name) {
  const [, read, format] = FORMATS.find(([begins]) => begins(start)) ?? [];
  if (read) return { ...(await read(source)), ...(format ? { format } : {}) };
  if (isCheckpoint(source)) return ofCheckpoint(source);
  if (startOf(source) >= 0) return { ...modelOfHdf5(source), format: "HDF5" };
  if (/\.safetensors$/i.test(name) && [BRACE, BRACKET].includes(start[8] ?? 0)) return ofArrays(arraysOfSafetensors(source));
  throw new Refusal("fileUnknown");
}

/** The layers in a text: the JSON of Keras's to_json. The index of a model in several files only has their names. @param {ByteSource} source
 * @returns {Model | null} null for another text, such as source code */
function modelOfText(source) {
  const start = textOf(source.upTo(0, 1024));
  if (/^version \S*git-lfs/.test(start)) throw new Refusal("filePointer");
  if (!/^\s*\{[^]*"(?:class_name|weight_map)"/.test(start) || source.size > LONGEST_JSON_FILE) return null;
  const json = jsonOf(source.bytes(0, source.size));
  if (isObject(json.weight_map)) throw new Refusal("fileIndex");
  return json.class_name === undefined ? null : { ...modelOfConfig(json), hasNoWeights: true };
}

/** The arrays in one of several files of a model. @param {ByteSource} source @param {number} n its number
 * @returns {Promise<import("./arrays/array_groups.js").NamedArray[]>} */
async function arraysOfPart(source, n) {
  const start = source.upTo(0, 1024);
  if (isSafetensors(start)) return arraysOfSafetensors(source);
  if (start[0] !== 0x80 && !beginsWith(start, "PK\x03\x04")) throw new Refusal("fileUnknown");
  const members = start[0] === 0x80 ? null : membersOf(source);
  const pickle = [...(members?.keys() ?? [])].find((name) => /^(?:[^/]*\/)?data\.pkl$/.test(name)) ?? "";
  const { arrays } = members ? await contentsOfArchive(members, pickle) : contentsOfPickles(source);
  return arrays.map((one) => ({ ...one, ...(one.storage === undefined ? {} : { storage: `${n} ${one.storage}` }) })); // each file counts its own
}

/** The names of the arrays in an index, in its order. @param {ByteSource} source */
function namesInIndex(source) {
  const json = source.size > LONGEST_JSON_FILE ? null : jsonOf(source.bytes(0, source.size));
  return isObject(json) && isObject(json.weight_map) ? Object.keys(json.weight_map) : [];
}

/** Read the layers of a model in several files, of which each has some of its arrays. Raises Refusal with the reason. @param {ByteSource[]} sources
 * @param {ByteSource | null} [index] which can have the arrays in the order of the model, if the files sort them
 * @returns {Promise<Model>} */
export async function readParts(sources, index = null) {
  if (sources.some(({ size }) => !size)) throw new Refusal("fileEmpty");
  const parts = [];
  for (const [n, source] of sources.entries()) parts.push(await arraysOfPart(source, n));
  const places = new Map((index ? namesInIndex(index) : []).map((name, n) => [name, n]));
  const arrays = parts.flat();
  if (!places.size) return withLayers(ofArrays(arrays, parts.every(areSorted)));
  arrays.sort((one, other) => (places.get(one.name) ?? places.size) - (places.get(other.name) ?? places.size));
  const model = ofArrays(arrays, areSorted(arrays), areSorted(arrays) ? "names" : "modules");
  return withLayers({ ...model, ...(model.isFitted ? {} : { isOfIndex: true }) });
}

/** What TorchScript adds to the full names of classes. */
const OF_TORCHSCRIPT = /\b__torch__\.|\b___torch_mangle_\d+\./g;

/** Why a model without a recurrent layer is not shown: with what may be one, or else with what there is. @param {Model} model */
function withoutLayers({ layers, unknown, arrays, pickled, ownClasses = [], loops, undecided = [] }) {
  if (undecided.length) return new Refusal("fileDirections", { names: undecided.slice(0, MOST_NAMES_SHOWN).map((name) => name.slice(0, LONGEST_NAME_SHOWN)) });
  const some = [...(pickled ? [pickled] : []), ...ownClasses, ...(arrays ?? unknown)];
  const names = (some.length || loops ? some : layers.map((one) => `${one.name} ${layerText(one)}`)).map((name) => name.replace(OF_TORCHSCRIPT, "").slice(0, LONGEST_NAME_SHOWN));
  const listed = [...names.slice(0, MOST_NAMES_SHOWN), ...(names.length > MOST_NAMES_SHOWN ? ["…"] : [])];
  if (listed.join("")) return new Refusal("fileNoLayersKnown", { names: listed });
  const counts = [...new Set(loops)].map((type) => `${loops?.filter((one) => one === type).length} × ${type}`);
  if (counts.length) return new Refusal("fileNoLayersLoops", { loops: counts });
  if (loops) return new Refusal("fileNoLayersOperations");
  return arrays ? new Refusal("fileNoArrays") : new Refusal("fileNoLayers");
}

/** A model, if it has recurrent layers. @param {Model} model */
function withLayers(model) {
  if (!model.layers.some(hasCell)) throw withoutLayers(model);
  model.layers.forEach(checkLayer);
  return model;
}

/**
 * Read the layers of a file. Raises Refusal with the reason.
 *
 * @param {ByteSource} source
 * @param {string} [name] of the file
 * @returns {Promise<Model | null>} null for a text
 */
export async function readModel(source, name = "") {
  if (!source.size) throw new Refusal("fileEmpty");
  const start = source.upTo(0, 1024);
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(textOf(start))) throw new Refusal("fileWebPage");
  const model = isText(start) ? modelOfText(source) : await modelIn(start, source, name);
  return model && withLayers(model);
}
