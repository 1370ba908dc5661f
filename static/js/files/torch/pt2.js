/** .pt2: a program that torch.export has written as JSON, with the sizes of its tensors. */

import { isObject } from "../containers/json.js";
import { isRecurrent, isStack, numbersIn } from "../layer.js";
import { Flow } from "../graphs/layer_inputs.js";
import { layersOf, withRest } from "../arrays/layers_of_arrays.js";
import { MOST_PT2_NODES } from "../limits.js";
import { LooseParameters } from "../arrays/loose_parameters.js";
import { Operators } from "../graphs/operations.js";
import { joined } from "../graphs/order_of_layers.js";
import { known } from "../graphs/recorded_axes.js";
import { damaged, Refusal } from "../refusal.js";

/** The parameters of operations that are layers: the index of the input, and of the weights or the list of them. */
const LAYERS = new Map([
  ["lstm", [0, 2]],
  ["gru", [0, 2]],
  ["rnn_tanh", [0, 2]],
  ["rnn_relu", [0, 2]],
  ["lstm_cell", [0, 2]],
  ["gru_cell", [0, 2]],
  ["rnn_tanh_cell", [0, 2]],
  ["rnn_relu_cell", [0, 2]],
  ["linear", [0, 1]],
  ["conv1d", [0, 1]],
  ["conv2d", [0, 1]],
  ["conv3d", [0, 1]],
  ["bilinear", [0, 2]],
  ["embedding", [1, 0]],
  ["layer_norm", [0, 2]],
  ["rms_norm", [0, 2]],
  ["group_norm", [0, 2]],
  ["batch_norm", [0, 1]],
]);

/** The classes of modules whose weights alone do not tell them, by the operations on these. */
const CLASSES = new Map([
  ["linear", "Linear"],
  ["permute", "Linear"],
  ["t", "Linear"],
  ["embedding", "Embedding"],
  ["conv1d", "Conv1d"],
  ["conv2d", "Conv2d"],
  ["conv3d", "Conv3d"],
  ["bilinear", "Bilinear"],
]);

/** Functions of the numbers of a vector. */
export const FUNCTIONS = new Set("relu relu_ relu6 leaky_relu elu tanh sigmoid gelu silu softmax log_softmax".split(" "));

/** Operations that change nothing, but in training. */
export const UNNAMED = new Set("dropout clone contiguous to _to_copy detach".split(" "));

/** Operations that keep a vector. */
const KEEPING = new Set([...FUNCTIONS, ...UNNAMED, "layer_norm", "batch_norm"]);

/** Operations that take only the shape of a tensor, such as for a new one. */
const MAKING = /^(?:(?:new_)?(?:zeros|ones|full|empty|rand)|sym_size$)/;

const WHOLE = 2 ** 62; // the end of a slice that takes everything

/** What the names of operations begin with. */
const ATEN = "torch.ops.aten.";

/** @param {any} argument @returns {string[]} the names of tensors */
function tensorsIn(argument) {
  const one = argument?.as_tensor;
  const all = one ? [one] : Array.isArray(argument?.as_tensors) ? argument.as_tensors : [];
  return all.map((/** @type {any} */ tensor) => String(tensor?.name));
}

/** @param {any} json @returns {import("../layer.js").Model} */
export function modelOfProgram(json) {
  const module = json?.graph_module;
  const { nodes, tensor_values: values } = module?.graph ?? {};
  const specs = module?.signature?.input_specs;
  if (Array.isArray(nodes) && nodes.length > MOST_PT2_NODES) throw new Refusal("fileParts");
  if (!Array.isArray(nodes) || !isObject(values) || !Array.isArray(specs)) throw damaged("PT2");
  /** @type {Map<string, string>} the names of parameters in the model, by their names in the graph */
  const names = new Map();
  for (const spec of specs) if (spec?.parameter) names.set(String(spec.parameter.arg?.name), String(spec.parameter.parameter_name));
  /** @type {Map<string, string>} */
  const classes = new Map();
  const tied = nameTables(nodes, names, values);
  const arrays = [...names].map(([argument, name]) => ({ name, shape: sizesOf(values[argument]), storage: tied.get(argument) }));
  const flow = new Flow();
  flow.isWhole = true;
  flow.hasAllUses = true;
  for (const spec of specs) for (const value of tensorsIn(spec?.user_input?.arg)) flow.get(value);
  for (const node of nodes) noteClass(node, names, classes);
  const { layers, unknown, parts: modules, shared, repeated } = layersOf(arrays, classes);
  const byName = new Map(layers.map((one) => [one.name, one]));
  const parts = modules.flatMap((part) => (byName.has(part.name) ? part : part.places.map((place) => arrayOf(part, arrays[place], place)))); // each has a place in the graph
  const layerOf = (/** @type {any} */ node) => layerIn(node, names, byName);
  const loose = new LooseParameters(partsOf([...names.keys()], parts, new Set(nodes.map(layerOf))), flow);
  const operators = new Operators(flow);
  for (const node of nodes) {
    const [operation = ""] = parametersOf(node, names);
    follow(node, names, byName, flow);
    followOrder(node, operation, values, flow);
    const isNamed = operation !== "" && !UNNAMED.has(operation) && !MAKING.test(operation) && !layerOf(node) && !isWhole(operation, settingsOf(node));
    if (isNamed && node.inputs.some((/** @type {any} */ one) => tensorsIn(one?.arg).some((value) => flow.sources.has(value)))) operators.add(operation, node.outputs.flatMap(tensorsIn), FUNCTIONS.has(operation));
    if (layerOf(node)) operators.pass();
    loose.follow(node.inputs.flatMap((/** @type {any} */ one) => tensorsIn(one?.arg)), node.outputs.flatMap(tensorsIn), layerOf(node));
  }
  const isDissolved = layers.some(isRecurrent) && !flow.layers().some(isRecurrent);
  if (isDissolved) return { framework: "pytorch", layers: withRest(joined(layers), modules, "modules"), unknown, isOrdered: false, hasCode: true };
  const results = Array.isArray(module?.signature?.output_specs) ? module.signature.output_specs.flatMap((/** @type {any} */ spec) => tensorsIn(spec?.user_output?.arg)) : [];
  /** @type {Map<string, number>} */
  const lengths = new Map();
  const shapeOf = (/** @type {string} */ value) => (isObject(values[value]) ? sizesOf(values[value], lengths) : undefined);
  const countOf = (/** @type {Iterable<import("../arrays/layers_of_arrays.js").Part>} */ some) => [...some].reduce((sum, { count }) => sum + count, 0);
  for (const [one, states] of loose.states) {
    const found = flow.steps.find(([{ name }]) => name === one.name)?.[0];
    if (found && states.size) found.config.parameters = countOf([...modules.filter(({ name }) => name === one.name), ...states]);
    for (const part of states) loose.placed.add(part);
  }
  flow.end(results);
  const { layers: inOrder, ...axes } = flow.recorded(shapeOf, [], results);
  const namesOf = (/** @type {Iterable<import("../arrays/layers_of_arrays.js").Part>} */ some) => new Set([...some].flatMap(({ places }) => places.map((place) => arrays[place]?.name ?? "")));
  const [unused, states] = [namesOf(loose.unused), namesOf([...loose.states.values()].flatMap((parts) => [...parts]))];
  const all = withRest(inOrder, parts.filter((part) => !loose.unused.has(part) && !loose.placed.has(part)), "calls");
  const [end, shape] = [all.at(-1), shapeOf(results[0] ?? "")];
  if (end && !inOrder.includes(end) && axes.batch && shape?.[0] === axes.batch) end.axes = shape.slice(1).map(known);
  return { framework: "pytorch", layers: all, unknown: unknown.filter((name) => !unused.has(name) && !states.has(name)), ...(unused.size ? { unused: [...unused], unusedCount: countOf(loose.unused) } : {}), isOrdered: true, isComplete: true, shared, repeated, ...operators.named(), ...axes };
}

/** A part with one array of another one. @param {import("../arrays/layers_of_arrays.js").Part} part @param {import("../arrays/array_groups.js").NamedArray | undefined} array
 * @param {number} place */
const arrayOf = (part, array, place) => ({ ...part, name: array?.name ?? "", count: numbersIn([array?.shape]), places: [place] });

/** The parts of a model that are no layers of its graph, by the values that are their parameters. @param {string[]} values by the places of arrays
 * @param {import("../arrays/layers_of_arrays.js").Part[]} parts @param {Set<import("../layer.js").FoundLayer | undefined>} layers those of the graph */
function partsOf(values, parts, layers) {
  const names = new Set([...layers].map((one) => one?.name));
  const others = parts.filter(({ name }) => !names.has(name));
  return new Map(others.flatMap((part) => part.places.map((place) => /** @type {const} */ ([values[place] ?? "", part]))));
}

/** The layer that a node is. @param {any} node @param {Map<string, string>} names @param {Map<string, import("../layer.js").FoundLayer>} layers by name */
function layerIn(node, names, layers) {
  const [operation = "", parameter = ""] = parametersOf(node, names);
  return LAYERS.has(operation) ? layers.get(ownerOf(parameter)) : undefined;
}

/** Give tables of embeddings a name of their own: in the graph one that is the matrix of a dense layer, too, has the name of only one of both.
 * The other one is that of a parameter of which the graph has no use. @param {any[]} nodes @param {Map<string, string>} names
 * @param {any} values @returns {Map<string, string>} what both names have in common, by each of them */
function nameTables(nodes, names, values) {
  const of = (/** @type {string} */ kind) => nodes.filter((node) => parametersOf(node, names)[0] === kind && Array.isArray(node.inputs));
  const matrices = new Set(of("linear").flatMap((node) => tensorsIn(node.inputs[1]?.arg)));
  const used = new Set(nodes.flatMap((node) => (Array.isArray(node?.inputs) ? node.inputs.flatMap((/** @type {any} */ one) => tensorsIn(one?.arg)) : [])));
  const free = [...names.keys()].filter((argument) => !used.has(argument));
  /** @type {Map<string, string>} the names in the graph, by those of the matrices */
  const found = new Map();
  for (const node of of("embedding")) {
    const [matrix = ""] = tensorsIn(node.inputs[0]?.arg);
    if (!matrices.has(matrix) || !names.has(matrix)) continue;
    const size = String(sizesOf(values[matrix]));
    const other = found.get(matrix) ?? free.find((argument) => String(sizesOf(values[argument])) === size) ?? `${matrix} embedding`;
    if (!names.has(other)) {
      names.set(other, `${ownerOf(names.get(matrix) ?? "")}.embedding.weight`);
      values[other] = values[matrix];
    }
    found.set(matrix, other);
    node.inputs[0].arg = { as_tensor: { name: other } };
  }
  return new Map([...found].flatMap(([matrix, other]) => [[matrix, matrix], [other, matrix]]));
}

/** @param {any} value @param {Map<string, number>} [lengths] those of axes that have only names: a negative number for each, which is the same length
 * wherever it is @returns {number[]} */
const sizesOf = (value, lengths) => (Array.isArray(value?.sizes) ? value.sizes.map((/** @type {any} */ size) => Number(size?.as_int ?? lengthOf(size, lengths))) : []);

/** @param {any} size @param {Map<string, number> | undefined} lengths */
function lengthOf(size, lengths) {
  const name = size?.as_expr?.expr_str;
  if (!lengths || typeof name !== "string") return 0;
  if (!lengths.has(name)) lengths.set(name, -1 - lengths.size);
  return lengths.get(name) ?? 0;
}

/** Note the class of the module whose parameter an operation gets. @param {any} node @param {Map<string, string>} names @param {Map<string, string>} classes */
function noteClass(node, names, classes) {
  const [operation = "", parameter = ""] = parametersOf(node, names);
  const called = CLASSES.get(operation);
  if (parameter && called) classes.set(ownerOf(parameter), called);
}

/** The operation of a node, and the name of its first parameter. @param {any} node @param {Map<string, string>} names */
function parametersOf(node, names) {
  const target = String(node?.target);
  const operation = target.startsWith(ATEN) ? target.slice(ATEN.length, target.indexOf(".", ATEN.length)) : "";
  const [, weights = 0] = LAYERS.get(operation) ?? [];
  const [parameter = ""] = tensorsIn(node?.inputs?.[weights]?.arg);
  return [operation, names.get(parameter) ?? ""];
}

/** @param {string} parameter */
const ownerOf = (parameter) => parameter.replace(/\.?[^.]*$/, "");

/** @param {any} node @param {Map<string, string>} names @param {Map<string, import("../layer.js").FoundLayer>} layers by name
 * @param {Flow} flow */
function follow(node, names, layers, flow) {
  if (!Array.isArray(node?.inputs) || !Array.isArray(node.outputs)) throw damaged("PT2");
  const [operation = ""] = parametersOf(node, names);
  const outputs = node.outputs.flatMap(tensorsIn);
  const [output = ""] = outputs;
  const place = LAYERS.get(operation)?.[0];
  const [input = ""] = tensorsIn(node.inputs[place ?? 0]?.arg);
  const found = layerIn(node, names, layers);
  const settings = settingsOf(node);
  const isLast = isLastStep(operation, settings, flow.origins.get(input)?.layer);
  if (!found && (KEEPING.has(operation) || isWhole(operation, settings) || isLast)) {
    flow.keep(input, output, isLast);
    return;
  }
  if (!MAKING.test(operation)) flow.compute(node.inputs.flatMap((/** @type {any} */ one) => tensorsIn(one?.arg)), outputs);
  if (operation === "select" && (settings.get("dim")?.as_int ?? 0) === 0) flow.takesState(input, settings.get("index")?.as_int);
  if (operation === "flip") flow.flip(input, output, settings.get("dims")?.as_ints ?? []);
  if (!found && !["select", "unbind"].includes(operation) && !flow.states.has(input)) return;
  if (found) {
    if (operation.startsWith("rnn_")) found.config.activation = operation.startsWith("rnn_relu") ? "relu" : undefined;
    if (isStack(found)) {
      found.config.batch_first = settings.get("batch_first")?.as_bool ?? null;
      found.config.dropout = settings.get("dropout")?.as_float ?? null;
    }
    const before = flow.steps.find(([{ name }]) => name === found.name)?.[0];
    const one = before ?? { ...found };
    const isOnce = isStack(one); // and no step of a cell, or of a layer that several steps share
    if (!before) flow.add(one, input, [output], isRecurrent(one) ? tensorsIn(node.inputs[1]?.arg) : [], outputs);
    else if (isOnce) flow.again(one, input, [output], outputs);
    else flow.runsAgain(before, [input], outputs);
    if (before && isRecurrent(one)) flow.continue(one, tensorsIn(node.inputs[1]?.arg));
    if (isStack(one) && !one.config.bidirectional && outputs[1]) flow.states.set(outputs[1], one);
  } else if (flow.states.has(input)) followStates(flow, operation, settings, input, output);
  else flow.part(input, outputs, settings.get("dim")?.as_int ?? 0);
}

/** Note the order of the axes after an operation that changes nothing else. @param {any} node @param {string} operation @param {any} values @param {Flow} flow */
function followOrder(node, operation, values, flow) {
  if (operation !== "permute" && operation !== "transpose") return;
  const [input = "", output = ""] = [node.inputs[0], node.outputs[0]].map((one) => tensorsIn(one?.arg ?? one)[0]);
  const { length } = sizesOf(values[input]);
  const settings = settingsOf(node);
  const place = (/** @type {number} */ axis) => (axis < 0 ? axis + length : axis);
  if (operation === "permute") {
    const dims = settings.get("dims")?.as_ints;
    if (Array.isArray(dims)) flow.turn(input, output, dims.map((axis) => place(Number(axis))));
    return;
  }
  const order = Array.from({ length }, (_, axis) => axis);
  const [one, other] = ["dim0", "dim1"].map((name) => place(Number(settings.get(name)?.as_int ?? 0)));
  flow.turn(input, output, order.map((axis) => (axis === one ? other ?? axis : axis === other ? one ?? axis : axis)));
}

/** The arguments of a node, by the names of its parameters. @param {any} node @returns {Map<string, any>} */
const settingsOf = (node) => new Map(node.inputs.map((/** @type {any} */ one) => [one?.name, one?.arg]));

/** Whether an operation is a slice that takes everything. @param {string} operation @param {Map<string, any>} settings */
const isWhole = (operation, settings) => operation === "slice" && (settings.get("start")?.as_int ?? 0) === 0 && (settings.get("end")?.as_int ?? WHOLE) >= WHOLE;

/** Whether an operation takes the last step of what a layer returns. @param {string} operation @param {Map<string, any>} settings
 * @param {import("../layer.js").FoundLayer | undefined} layer */
function isLastStep(operation, settings, layer) {
  const isTime = layer && isStack(layer) && (settings.get("dim")?.as_int ?? 0) === Number(layer.config.batch_first);
  return operation === "select" && isTime === true && settings.get("index")?.as_int === -1;
}

/** The last state of the top layer, of those of all stacked layers: h_n[-1], or h_n.squeeze(0) of one.
 * @param {Flow} flow @param {string} operation @param {Map<string, any>} settings @param {string} input @param {string} output */
export function followStates(flow, operation, settings, input, output) {
  const layer = flow.states.get(input);
  const isFirstAxis = settings.get("dim")?.as_int === 0;
  const isTop = operation === "select" ? settings.get("index")?.as_int === -1 : operation === "squeeze" && layer?.config.num_layers === 1;
  if (layer && isFirstAxis && isTop) flow.returns(output, layer, true);
}
