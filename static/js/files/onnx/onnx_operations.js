/**
 * The operations of ONNX, also those of ONNX Runtime and of quantized models, in the terms of all graphs.
 *
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 */

export const QUANTIZED_LSTM = "DynamicQuantizeLSTM"; // of ONNX Runtime

export const KINDS = new Map([
  ["LSTM", "lstm"],
  ["GRU", "gru"],
  ["RNN", "rnn"],
  [QUANTIZED_LSTM, "lstm"],
]);

/** Products with a matrix, also those of ONNX Runtime and of quantized models: which input is the bias. @type {Map<string, number>} */
export const PRODUCTS = new Map([
  ["MatMul", Infinity],
  ["FusedMatMul", Infinity],
  ["MatMulInteger", Infinity],
  ["Gemm", 2],
  ["FusedGemm", 2],
  ["DynamicQuantizeMatMul", 4],
  ["MatMulIntegerToFloat", 6],
]);

/** Operations on quantized numbers of ONNX Runtime: what they compute, and the places of their inputs between the scales.
 * @type {Map<string, [string, number[]]>} */
const QUANTIZED = new Map([
  ["QLinearMatMul", ["MatMul", [0, 3]]],
  ["QGemm", ["Gemm", [0, 3, 6]]],
  ["QLinearAdd", ["Add", [0, 3]]],
  ["QLinearMul", ["Mul", [0, 3]]],
  ["QLinearSigmoid", ["Sigmoid", [0]]],
  ["QLinearLeakyRelu", ["LeakyRelu", [0]]],
]);

/** Operations with graphs in them. */
const WITH_GRAPHS = ["If", "Loop", "Scan", "SequenceMap"];

/** Whether an operation may be a recurrent layer, or a part of one: all of them have products. @param {string} type */
export const mayBeLayer = (type) => KINDS.has(type) || PRODUCTS.has(QUANTIZED.get(type)?.[0] ?? type) || WITH_GRAPHS.includes(type);

/** Convolutions, also those of ONNX Runtime and of quantized models. */
export const CONVOLUTIONS = new Set(["Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "FusedConv"]);

/** Normalizations of the vectors along the axis after the batch. */
export const CHANNELS_FIRST = ["BatchNormalization", "InstanceNormalization"];

/** Operations after which the axes are the same. */
export const SAME_AXES = ["Identity", "Cast", "Dropout", "QuantizeLinear", "DequantizeLinear"];

/** Operations of each number for which there are no terms of all graphs. */
export const OF_EACH = ["Div", "Erf", "Pow"];

/** Operations in the terms of all graphs. @type {Record<string, import("../graphs/operations.js").Type>} */
export const TYPES = {
  ...same("keep", "Identity", "Cast", "Dropout", "Transpose", "Squeeze", "Unsqueeze", "Reshape", "Flatten", "Expand"),
  ...same("keep", "DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear"),
  ...same("normalize", "LayerNormalization", "BatchNormalization", "InstanceNormalization", "SimplifiedLayerNormalization", "RMSNormalization"),
  ...same("gate", "Sigmoid", "HardSigmoid"),
  ...same("activation", "Tanh", "Relu", "LeakyRelu", "Elu", "Selu", "Softplus", "Softmax", "LogSoftmax", "Gelu", "PRelu"),
  ...same("activation", "Celu", "HardSwish", "Mish", "Softsign", "Swish", "ThresholdedRelu", "Abs", "Exp", "Log", "Neg", "Sqrt"),
  ...same("clip", "Clip"),
  ...same("part", "Split", "Slice", "Gather"),
  ...same("add", "Add", "Sum"),
  ...same("subtract", "Sub"),
  ...same("multiply", "Mul"),
  ...same("join", "Concat"),
  ...same("reverse", "ReverseSequence"),
};

/** Types of operations whose numbers are those of their inputs. */
export const MOVING = ["keep", "part", "join"];

/** Types by the names of operations. @template Type @param {Type} type @param {string[]} names @returns {Record<string, Type>} */
function same(type, ...names) {
  return Object.fromEntries(names.map((name) => [name, type]));
}

/** A node as one without scales. @param {GraphNode} node @returns {GraphNode} */
export function unquantized(node) {
  if (node.type === "QLinearConcat") return { ...node, type: "Concat", inputs: node.inputs.slice(2).filter((_, n) => n % 3 === 0) };
  const [type = node.type, places] = QUANTIZED.get(node.type) ?? [];
  return places ? { ...node, type, inputs: places.map((n) => node.inputs[n] ?? "") } : node;
}
