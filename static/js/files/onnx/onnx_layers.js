/**
 * The layers of an ONNX graph: the nodes that have weights.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("./onnx_graph.js").Graph} Graph
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 * @typedef {import("../graphs/operations.js").Operation} Operation
 */

import { clipped, layer, normalization, numbersIn, recurrent } from "../layer.js";
import { MOST_ONNX_AXES } from "../limits.js";
import { first } from "./onnx_messages.js";
import { CHANNELS_FIRST, CONVOLUTIONS, PRODUCTS, QUANTIZED_LSTM } from "./onnx_operations.js";

const LAYER_PARTS = 150; // of a recurrent layer: models have at most some hundred

/** Add a recurrent layer to the operations. @param {Graph} graph @param {GraphNode} node @param {string} kind */
export function addRecurrent(graph, node, kind) {
  graph.message.source.spend(LAYER_PARTS);
  const [input = "", weights = "", recurrentWeights = "", bias = ""] = node.inputs;
  const [output = "", last = "", ...cells] = node.outputs;
  const direction = node.attributes.get("direction");
  const way = (direction && first(direction, 4)?.text()) ?? "forward";
  const [matrix, recurrentMatrix] = [graph.shape(weights), graph.shape(recurrentWeights)];
  const isQuantized = node.type === QUANTIZED_LSTM; // whose matrices are transposed
  const isWrong = !isQuantized && matrix?.[1] && recurrentMatrix?.[1] && matrix[1] !== recurrentMatrix[1]; // an export of projections
  const features = (isWrong ? 0 : matrix?.[isQuantized ? 1 : 2]) || Math.max(0, graph.shape(input)?.[2] ?? 0) || null;
  const layout = graph.integer(node, "layout") ?? 0;
  const ofOutput = graph.integer(node, "hidden_size") ?? recurrentMatrix?.[2] ?? null;
  const ofC = (kind === "lstm" && Math.max(0, graph.shape(node.inputs[6] ?? "")?.[2] ?? 0)) || ofOutput;
  // ONNX has no projections. PyTorch's exporter writes their length as hidden_size: only the state c has num_units, and so have the matrices in the
  // file, of which the graph may take only some rows
  const isContradicting = ofC !== ofOutput;
  const isCut = !isQuantized && isContradicting && matrix?.[1] === 4 * (ofOutput ?? 0) && graph.rowsIn([weights, recurrentWeights]) !== 4 * (ofC ?? 0);
  const found = recurrent(graph.nameOf(node.name, node.outputs), kind, "onnx", {
    features,
    num_units: isCut ? null : ofC,
    num_proj: isContradicting ? ofOutput : 0,
    bidirectional: way === "bidirectional",
    go_backwards: way === "reverse",
    bias: bias !== "",
    layout,
    ...(isContradicting ? { contradicting: [ofOutput, ofC] } : {}),
    ...unusualOf(graph, node, kind),
    ...(kind === "gru" ? { reset_after: graph.integer(node, "linear_before_reset") === 1 } : {}),
    ...(kind === "lstm" ? { peepholes: (node.inputs[7] ?? "") !== "" } : {}),
  });
  setTypes(graph, found, [weights, recurrentWeights, bias]);
  // of two directions the last states are not one vector
  const state = last && way !== "bidirectional" ? { last: [last] } : {};
  if (output && way !== "reverse") graph.model.timeAxes.set(output, layout);
  if (way !== "bidirectional" && !layout) for (const each of [last, ...cells]) if (each) graph.model.states.add(each);
  const initial = node.inputs.slice(5, 7).filter((name) => name && !graph.constant(name));
  const directions = way === "bidirectional" ? 2 : 1;
  const given = graph.shape(input) ?? [];
  if (!layout && given.length === 3 && ofOutput) {
    for (const each of [last, ...cells]) if (each && !graph.shape(each)) graph.shapes.set(each, [directions, given[1] ?? 0, ofOutput]);
  }
  const parameters = parametersOf(graph, node.inputs.slice(5, 7));
  const own = [weights, recurrentWeights, bias, node.inputs[7] ?? ""].filter(Boolean); // with the weights of peepholes
  const shared = own.length > 1 && own.every((name) => graph.constant(name)) ? { weights: graph.weightsIn(own) } : {};
  const outputs = output ? [output] : [];
  graph.model.operations.push({ type: "layer", layer: found, inputs: [input], outputs, initial, states: node.outputs.slice(1), hasDirections: output !== "", areStatesWhole: true, ...shared, ...state });
  if (parameters) graph.model.operations.push({ type: "other", inputs: [], outputs: [], parameters });
}

/** What a recurrent layer computes in another way than usual: the activations of its gates and of its candidate, gates that depend on each other,
 * bounds of its values, and a number of steps of each sample. @param {Graph} graph @param {GraphNode} node @param {string} kind */
function unusualOf(graph, node, kind) {
  const STRINGS = 9;
  const said = node.attributes.get("activations");
  const names = said ? Array.from(said.all(STRINGS), (one) => one.text(50).toLowerCase()) : [];
  const count = kind === "lstm" ? 3 : kind === "gru" ? 2 : 1; // of one direction: that of the gates, the others
  const isOfGates = (/** @type {number} */ n) => kind !== "rnn" && n % count === 0;
  const gates = names.find((name, n) => isOfGates(n) && name !== "sigmoid");
  const activation = names.find((name, n) => !isOfGates(n) && name !== "tanh");
  const limit = graph.float(node, "clip");
  return {
    ...(activation ? { activation } : {}),
    ...(gates ? { recurrent_activation: gates } : {}),
    ...(graph.integer(node, "input_forget") === 1 ? { input_forget: true } : {}),
    ...clipped("clip", limit),
    ...(node.inputs[4] ? { lengths_of: "sequence_lens" } : {}),
  };
}

/** A product with a matrix, which is a dense layer if that is a constant. @param {Graph} graph @param {GraphNode} node @returns {Operation} */
export function product(graph, node) {
  const [input = "", weights = ""] = node.inputs;
  const bias = node.inputs[PRODUCTS.get(node.type) ?? Infinity] ?? "";
  const { outputs } = node;
  const shape = graph.constant(weights)?.shape;
  const other = { type: /** @type {const} */ ("other"), inputs: [input, weights], outputs };
  if (shape?.length !== 2 || graph.constant(input)) return other;
  const isTransposed = graph.integer(node, "transB") === 1;
  const [features, num_units] = isTransposed ? [shape[1], shape[0]] : shape;
  const dense = layer(graph.nameOf(node.name, outputs), "dense", "onnx", { features, num_units, bias: bias !== "" });
  if (node.type === "Gemm" || node.type === "MatMul") dense.operation = node.type;
  return { type: "product", layer: dense, inputs: [input], outputs, weights: graph.weightsIn([weights]) };
}

/** A convolution, or a normalization that has parameters. @param {Graph} graph @param {GraphNode} node @param {string[]} inputs "" for each constant
 * @returns {Operation | undefined} */
export function convolutionOrNormalization(graph, node, inputs) {
  const { outputs } = node;
  const isConvolution = CONVOLUTIONS.has(node.type);
  // of a quantized one the weights and the bias are between scales; of a batch, its means are no parameters
  const places = node.type === "QLinearConv" ? [3, 8] : node.type === "ConvInteger" ? [1] : [1, 2];
  const shapes = places.map((n) => graph.shape(node.inputs[n] ?? ""));
  const parameters = numbersIn(shapes);
  const name = graph.nameOf(node.name, outputs);
  const size = shapes[0]?.length === 1 ? shapes[0][0] : undefined;
  const found = isConvolution ? layer(name, "convolution", "onnx", { ...(parameters ? { parameters } : {}), ...(node.type === "Conv" && shapes[0] ? { channels: shapes[0][0], bias: shapes[1] !== undefined } : {}) }) : normalization(name, "onnx", parameters, size);
  if (CHANNELS_FIRST.includes(node.type) && (graph.shape(inputs[0] ?? "")?.length ?? 0) > 2) found.config.channels_first = true;
  return isConvolution || parameters ? { type: "layer", layer: found, inputs: inputs.slice(0, 1), outputs: outputs.slice(0, 1) } : undefined;
}

/** A table of vectors, from which some are taken. @param {Graph} graph @param {GraphNode} node @returns {Operation} */
export function embedding(graph, { name, inputs: [table = "", ids = ""], outputs }) {
  const [features, num_units, ...others] = graph.constant(table)?.shape ?? [];
  if (!num_units || others.length) return { type: "other", inputs: [ids], outputs };
  const shape = graph.shape(ids);
  if (shape && shape.length < MOST_ONNX_AXES && !graph.shape(outputs[0] ?? "")) graph.shapes.set(outputs[0] ?? "", [...shape, num_units]);
  const found = layer(graph.nameOf(name, outputs), "embedding", "onnx", { features, num_units });
  return { type: "layer", layer: found, inputs: [ids], outputs, weights: graph.weightsIn([table]) };
}

/** Note which numbers the constants are that a layer gets. @param {Graph} graph @param {FoundLayer} found @param {string[]} names of what it gets */
export function setTypes(graph, found, names) {
  const types = names.map((name) => graph.constant(name)).flatMap((one) => (one?.shape.length && one.type ? one.type : []));
  if (types.length) found.types = [...new Set(types)];
}

/** How many numbers that may be learned are constants: not those of zeros, as initial states are. @param {Graph} graph @param {string[]} names */
export function parametersOf(graph, names) {
  const constants = names.flatMap((name) => graph.constant(name) ?? []).filter(({ type }) => type !== undefined); // integers of other types are places and shapes
  const counts = constants.map(({ shape, numbers }) => (numbers()?.every((number) => number === 0) && numbers()?.length ? 0 : numbersIn([shape])));
  return counts.reduce((sum, count) => sum + (count > 1 ? count : 0), 0);
}
