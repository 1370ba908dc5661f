/**
 * TFLite: the operations of a model with the shapes of their weights. Numbers of fields and operations: schema.fbs of TensorFlow Lite.
 *
 * @typedef {import("../containers/flatbuffer.js").Table} Table
 * @typedef {import("../graphs/operations.js").Operation} Operation
 */

import { rootOf } from "../containers/flatbuffer.js";
import { clipped, layer, numbersIn, recurrent } from "../layer.js";
import { MOST_TFLITE_CODES, MOST_TFLITE_LEVELS, MOST_TFLITE_NUMBERS } from "../limits.js";
import { layersOfOperations } from "../graphs/operations.js";
import { Refusal } from "../refusal.js";

export const IDENTIFIER = "TFL3"; // after the first four bytes

/** Convolutions, with the places of their input, weights and bias. @type {Map<number, number[]>} */
const CONVOLUTIONS = new Map([
  [3, [0, 1, 2]],
  [4, [0, 1, 2]],
  [67, [2, 1, 3]],
  [157, [0, 1, 2]],
  [156, [2, 1, 3]],
]);

/** Which options of convolutions are their activations. */
const ACTIVATIONS = new Map([
  [3, 3],
  [4, 4],
]);

const [EMBEDDING_LOOKUP, FULLY_CONNECTED, GATHER, STRIDED_SLICE, SPLIT, SHAPE, WHILE, BATCH_MATMUL] = [7, 9, 36, 45, 49, 77, 119, 126];

/** Choices by a condition: with a mask, a step that counts or the state before it. */
const SELECTS = [64, 123];

/** Operations with the weights of LSTMs, one array for each gate; whether they have two directions. */
const LSTMS = new Map([
  [16, false],
  [44, false],
  [52, true],
]);

/** The places of the initial states among the inputs, of those of one direction. @type {Map<number, number[]>} */
const STATES = new Map([
  [44, [18, 19]],
  [35, [4]],
]);

/** The same of simple RNNs. */
const RNNS = new Map([
  [24, false],
  [35, false],
  [46, true],
]);

/** Those whose options begin with the order of axes, and not with the activation. */
const TIME_MAJOR_FIRST = new Set([35, 46]);

/** Activations. */
const FUNCTIONS = new Map([
  [19, "relu"],
  [20, "relu_n1_to_1"],
  [21, "relu6"],
  [25, "softmax"],
  [28, "tanh"],
  [47, "exp"],
  [50, "log_softmax"],
  [54, "prelu"],
  [59, "neg"],
  [73, "log"],
  [75, "sqrt"],
  [76, "rsqrt"],
  [92, "square"],
  [98, "leaky_relu"],
  [101, "abs"],
  [111, "elu"],
  [117, "hard_swish"],
  [150, "gelu"],
]);

/** What other operations are called that are no layers. */
const OPERATORS = new Map([
  [1, "average_pool_2d"],
  [17, "max_pool_2d"],
  [40, "mean"],
  [74, "sum"],
  [82, "reduce_max"],
]);

/** The activations that are a part of other operations, by number. */
const FUSED = ["", "relu", "relu_n1_to_1", "relu6", "tanh"];

/** Operations in the terms of all graphs. */
const TYPES = new Map([
  // reshape, transpose, squeeze, cast, expand_dims, dequantize, quantize
  ...[22, 39, 43, 53, 70, 6, 114].map((code) => /** @type {const} */ ([code, "keep"])),
  ...[...FUNCTIONS.keys()].map((code) => /** @type {const} */ ([code, "activation"])),
  // minimum, maximum, relu_0_to_1
  ...[57, 55, 152].map((code) => /** @type {const} */ ([code, "clip"])),
  // gather, strided_slice, split, slice, unpack, split_v
  ...[GATHER, STRIDED_SLICE, SPLIT, 65, 88, 102].map((code) => /** @type {const} */ ([code, "part"])),
  // concatenation, pack
  ...[2, 83].map((code) => /** @type {const} */ ([code, "join"])),
  [14, /** @type {const} */ ("gate")],
  [0, /** @type {const} */ ("add")],
  [41, /** @type {const} */ ("subtract")],
  [18, /** @type {const} */ ("multiply")],
  [105, /** @type {const} */ ("reverse")],
]);

/** An operation of TensorFlow that makes one tensor of those of all steps. */
const STACKED = "FlexTensorListStack";

/** @param {number[]} sizes */
const product = (sizes) => sizes.reduce((all, size) => all * size, 1);

const FLOAT32 = 0;

/** The types of numbers that weights have. */
const NUMBERS = new Map([
  [FLOAT32, "float32"],
  [1, "float16"],
  [9, "int8"],
]);

/** @param {string} [name] of an operation @returns {{operator?: string}} */
const operatorNamed = (name) => (name ? { operator: name.toUpperCase() } : {});

/** A graph: its tensors, and the places of those that it gets and returns. @typedef {{tensors: Table[], inputs: number[], outputs: number[], operations: Table[]}} Graph */

class Model {
  /** @param {import("../containers/byte_source.js").ByteSource} source */
  constructor(source) {
    const [OPERATION_CODES, GRAPHS, BUFFERS] = [1, 2, 4];
    const [TENSORS, INPUTS, OUTPUTS, OPERATIONS] = [0, 1, 2, 3];
    const root = rootOf(source);
    this.source = source;
    /** @type {[number, number][]} where the data of a buffer are, and how long they are */
    this.buffers = root.tables(BUFFERS).map((buffer) => {
      const [start, length] = buffer.list(0);
      source.check(start, length);
      return [start, length];
    });
    const codes = root.tables(OPERATION_CODES, MOST_TFLITE_CODES);
    this.codes = codes.map((code) => Math.max(code.byte(0), code.integer(3)));
    this.customCodes = codes.map((code) => code.text(1));
    /** @type {Graph[]} */
    this.graphs = root.tables(GRAPHS).map((graph) => ({
      tensors: graph.tables(TENSORS),
      inputs: graph.integers(INPUTS),
      outputs: graph.integers(OUTPUTS),
      operations: graph.tables(OPERATIONS),
    }));
    /** @type {Set<string>} the values that are constants */
    this.constants = new Set();
    /** @type {Set<string>} the states of loops, before a step */
    this.carried = new Set();
    this.loops = 0;
    /** @type {Set<number>} the graphs that were followed */
    this.followed = new Set();
    /** @type {Operation[]} */
    this.operations = [];
  }

  /** @param {string} value */
  tensor(value) {
    const [graph = -1, n = -1] = value.split(" ").map(Number);
    return this.graphs[graph]?.tensors[n];
  }

  /** The shape of a value, with -1 for what is not known. @param {string} value */
  shape(value) {
    const [SHAPE, SIGNATURE] = [0, 7];
    const tensor = this.tensor(value);
    const sizes = tensor?.integers(SIGNATURE);
    return sizes?.length ? sizes : tensor?.integers(SHAPE);
  }

  /** The type of the numbers in an array; none of places and shapes, and of a single number. @param {string} value */
  numbersOf(value) {
    return this.shape(value)?.length ? NUMBERS.get(this.tensor(value)?.byte(1) ?? -1) : undefined;
  }

  /** @param {number} index of a graph @param {number} depth */
  follow(index, depth = 0) {
    const graph = this.graphs[index];
    if (depth > MOST_TFLITE_LEVELS) throw new Refusal("fileDeep", { levels: MOST_TFLITE_LEVELS });
    if (!graph || this.followed.has(index)) return;
    this.followed.add(index);
    for (const [n, tensor] of graph.tensors.entries()) if (this.buffers[tensor.integer(2)]?.[1]) this.constants.add(`${index} ${n}`);
    for (const operation of graph.operations) new Node(this, index, graph, operation).read(depth);
  }
}

/** The names that the converter gives what a model returns: they are of no layer. */
const OF_CALL = /^(?:Stateful)?PartitionedCall(?:_\d+)?(?::\d+)?$/;

/** An operation of a graph. */
class Node {
  /** @param {Model} model @param {number} index @param {Graph} graph @param {Table} operation */
  constructor(model, index, graph, operation) {
    this.model = model;
    this.index = index;
    this.graph = graph;
    this.operation = operation;
    this.code = model.codes[operation.integer(0)] ?? -1;
    this.inputs = operation.integers(1);
    this.outputs = operation.integers(2);
    this.name = graph.tensors[this.outputs[0] ?? -1]?.text(3) ?? "";
  }

  /** The shape of an input. @param {number} n */
  shape(n) {
    return this.graph.tensors[this.inputs[n] ?? -1]?.integers(0) ?? [];
  }

  /** The matrices of a layer, by the buffers that have their numbers. @param {number[]} places of its inputs @returns {{weights?: string}} */
  weightsAt(places) {
    const [BUFFER] = [2];
    const buffers = places.map((n) => this.graph.tensors[this.inputs[n] ?? -1]?.integer(BUFFER) ?? 0);
    return buffers.every((buffer) => buffer > 0) ? { weights: `buffers ${buffers.join()}` } : {};
  }

  /** The name of a value. @param {number | undefined} n */
  value(n) {
    return n === undefined || n < 0 ? "" : `${this.index} ${n}`;
  }

  /** The name of an input, if it is no constant. @param {number | undefined} n */
  variable(n) {
    const value = this.value(n);
    return this.model.constants.has(value) ? "" : value;
  }

  /** @param {number} depth */
  read(depth) {
    const outputs = this.outputs.map((n) => this.value(n));
    if (this.code === WHILE) return this.readLoop(depth);
    if (this.inputs.length && this.inputs.every((n) => !this.variable(n))) {
      for (const output of outputs) this.model.constants.add(output); // computed from constants
      return;
    }
    const [operation, ...others] = this.activated(this.operations(outputs));
    const types = new Set(this.inputs.map((n) => this.value(n)).flatMap((value) => (this.model.constants.has(value) && this.model.numbersOf(value)) || []));
    if (operation?.layer && types.size) operation.layer.types = [...types];
    if (operation) this.model.operations.push(operation.layer ? operation : { ...operation, parameters: this.parameters }, ...others);
  }

  /** How many numbers the arrays have that the operation gets. */
  get parameters() {
    const values = this.inputs.map((n) => this.value(n)).filter((value) => this.model.constants.has(value) && this.model.numbersOf(value));
    return numbersIn(values.map((value) => this.model.shape(value)));
  }

  /** An operation in the terms of all graphs. @param {string[]} outputs @returns {Operation} */
  operations(outputs) {
    const { code, name } = this;
    const inputs = this.inputs.map((n) => this.variable(n));
    const [input = "", weights = ""] = inputs;
    const initial = (STATES.get(code) ?? []).flatMap((n) => inputs[n] || []);
    if (LSTMS.has(code) || RNNS.has(code)) return { type: "layer", layer: this.recurrent(), inputs: [input], initial, outputs, ...this.weightsAt(LSTMS.has(code) ? [2, 6] : [1, 2]) };
    const [place, ...own] = CONVOLUTIONS.get(code) ?? [];
    if (place !== undefined) {
      const parameters = numbersIn(own.map((n) => ((this.inputs[n] ?? -1) < 0 ? undefined : this.shape(n))));
      return { type: "layer", layer: layer(name, "convolution", "keras", { parameters }), inputs: [inputs[place] ?? ""], outputs };
    }
    if ((code === FULLY_CONNECTED || code === BATCH_MATMUL) && !weights && this.shape(1).length === 2) {
      const isTransposed = code === FULLY_CONNECTED || this.option(1) > 0; // the rows of the matrix are the outputs
      const [num_units, features] = isTransposed ? this.shape(1) : this.shape(1).reverse();
      const dense = layer(name, "dense", "keras", { features, num_units, bias: (this.inputs[2] ?? -1) >= 0 });
      const key = `${this.value(this.inputs[1])} ${this.graph.tensors[this.inputs[1] ?? -1]?.text(3)}`;
      return { type: "product", layer: dense, inputs: [input], outputs, weights: key };
    }
    if (code === EMBEDDING_LOOKUP || (code === GATHER && !input && this.shape(0).length === 2)) {
      const [table, ids] = code === GATHER ? [0, 1] : [1, 0];
      const [features, num_units] = this.shape(table);
      return { type: "layer", layer: layer(name, "embedding", "keras", { features, num_units }), inputs: [inputs[ids] ?? ""], outputs, ...this.weightsAt([table]) };
    }
    if (this.model.customCodes[this.operation.integer(0)] === STACKED) return this.stacked(input, outputs);
    if (SELECTS.includes(code) && (!inputs[2] || this.model.carried.has(inputs[2]))) return { type: "keep", inputs: [inputs[1] ?? ""], outputs };
    if (code === SHAPE) return { type: "other", inputs: [], outputs }; // depends on no value
    const type = TYPES.get(code) ?? "other";
    const values = inputs.filter(Boolean);
    if ((type === "add" || type === "multiply") && values.length === 1) {
      const constant = this.inputs.findIndex((n) => !this.variable(n));
      const size = this.shape(constant).length === 1 ? { size: this.shape(constant)[0] } : {};
      const factor = type === "multiply" ? this.number(constant) : undefined;
      return { type: type === "add" ? "bias" : "scale", inputs: values, outputs, ...size, ...(factor ? { factor } : {}) };
    }
    if (code === SPLIT) return { type: "part", inputs: inputs.slice(1), outputs }; // after the axis
    if (type === "part" && this.isWhole()) return { type: "keep", inputs: values.slice(0, 1), outputs };
    if (code === STRIDED_SLICE && this.isLast()) return { type: "part", inputs: values.slice(0, 1), outputs, isLast: true };
    if (["keep", "part", "clip", "reverse"].includes(type)) return { type, inputs: values.slice(0, 1), outputs };
    if (type === "join" && inputs.length === 1) return { type: "keep", inputs, outputs };
    return { type, inputs, outputs, function: FUNCTIONS.get(code), ...operatorNamed(FUNCTIONS.get(code) ?? OPERATORS.get(code)) };
  }

  /** The tensor of the steps in a list, which may be the last one alone. @param {string} list @param {string[]} outputs
   * @returns {Operation} */
  stacked(list, outputs) {
    const [SIGNATURE] = [7]; // of a shape whose sizes are not all known, with -1 for these, which are 1 in the shape
    const [steps = this.outputShape[0]] = this.graph.tensors[this.outputs[0] ?? -1]?.integers(SIGNATURE) ?? [];
    return steps === 1 ? { type: "part", inputs: [list], outputs, isLast: true } : { type: "keep", inputs: [list], outputs };
  }

  /** The shape of the first output. */
  get outputShape() {
    return this.graph.tensors[this.outputs[0] ?? -1]?.integers(0) ?? [];
  }

  /** Whether the output has all numbers of the input. */
  isWhole() {
    const [before, after] = [this.shape(0), this.outputShape];
    return this.outputs.length === 1 && before.every((size) => size > 0) && product(before) === product(after);
  }

  /** Whether the output is the last entry of the first axis that it does not have. */
  isLast() {
    const [before, after] = [this.shape(0), this.outputShape];
    const axis = before.findIndex((size, n) => size !== after[n]);
    const begin = this.numbers(1)[axis];
    const isOne = before.length === after.length + 1 && before.every((size, n) => n === axis || size === after[n < axis ? n : n - 1]);
    return isOne && (begin === -1 || begin === (before[axis] ?? 0) - 1);
  }

  /** The numbers of a short constant. @param {number} n */
  numbers(n) {
    const { buffers, source } = this.model;
    const [start = 0, length = 0] = buffers[this.graph.tensors[this.inputs[n] ?? -1]?.integer(2) ?? -1] ?? [];
    return Array.from({ length: Math.min(length / 4, MOST_TFLITE_NUMBERS) }, (_, at) => source.i32(start + 4 * at));
  }

  /** A constant that is one number of four bytes. @param {number} n @returns {number | undefined} */
  number(n) {
    const { buffers, source } = this.model;
    const tensor = this.graph.tensors[this.inputs[n] ?? -1];
    const [start = 0, length = 0] = buffers[tensor?.integer(2) ?? -1] ?? [];
    return length === 4 && tensor?.byte(1) === FLOAT32 ? source.f32(start) : undefined;
  }

  /** A number of one byte in the options of the operation. @param {number} number */
  option(number) {
    const [OPTIONS] = [4];
    return this.operation.table(OPTIONS)?.byte(number) ?? 0;
  }

  /** With the activation that is a part of some operations. @param {Operation} operation @returns {Operation[]} */
  activated(operation) {
    const hasOption = ["product", "bias", "scale", "add", "subtract", "multiply"].includes(operation.type) && this.code !== BATCH_MATMUL;
    const fused = FUSED[this.option(ACTIVATIONS.get(this.code) ?? (hasOption ? 0 : Infinity))];
    const inner = operation.outputs.map((output) => `${output} before`);
    return fused ? [{ ...operation, outputs: inner }, { type: "activation", inputs: inner, outputs: operation.outputs, function: fused, ...operatorNamed(fused) }] : [operation];
  }

  /** A layer of which the operation has the weights, one array for each gate. */
  recurrent() {
    const { code, name } = this;
    const isLstm = LSTMS.has(code);
    const bidirectional = LSTMS.get(code) ?? RNNS.get(code);
    const [num_units = null, features = null] = this.shape(isLstm ? 2 : 1);
    const isProjected = isLstm && !bidirectional && (this.inputs[16] ?? -1) >= 0;
    const num_proj = isProjected ? (this.shape(16)[0] ?? null) : 0;
    const config = { features, num_units, num_proj, bidirectional, merge_mode: bidirectional ? "concat" : null, ...this.unusual(isLstm) };
    const kind = isLstm ? "lstm" : "rnn";
    return recurrent(name, code === 16 || code === 24 ? `${kind}_cell` : kind, "keras", config);
  }

  /** What a recurrent layer computes in another way than usual. @param {boolean} isLstm */
  unusual(isLstm) {
    const [OPTIONS, CELL_CLIP, PROJ_CLIP] = [4, 1, 2];
    const function_ = FUSED[this.option(TIME_MAJOR_FIRST.has(this.code) ? 1 : 0)] || "linear";
    const activation = function_ === "tanh" ? {} : { activation: function_ };
    if (!isLstm) return activation;
    const options = this.operation.table(OPTIONS);
    const has = (/** @type {number[]} */ places) => places.some((n) => (this.inputs[n] ?? -1) >= 0);
    const [INPUT_GATE, PEEPHOLES, NORMALIZATION] = [1, [9, 10, 11], [20, 21, 22, 23]];
    return {
      ...activation,
      ...(has([INPUT_GATE]) ? {} : { input_forget: true }),
      ...(has(PEEPHOLES) ? { peepholes: true } : {}),
      ...(!LSTMS.get(this.code) && has(NORMALIZATION) ? { has_normalized_gates: true } : {}),
      ...clipped("cell_clip", options?.float(CELL_CLIP)),
      ...clipped("proj_clip", options?.float(PROJ_CLIP)),
    };
  }

  /** A loop: a graph that gets states and returns them for the next step. @param {number} depth */
  readLoop(depth) {
    const [OPTIONS, BODY] = [4, 1];
    const index = this.operation.table(OPTIONS)?.integer(BODY) ?? -1;
    const body = this.model.graphs[index];
    if (!body) return;
    this.model.loops++;
    const { operations, constants } = this.model;
    for (const [n, input] of body.inputs.entries()) {
      const [given, own] = [this.variable(this.inputs[n]), `${index} ${input}`];
      this.model.carried.add(own);
      if (body.outputs[n] !== input) operations.push({ type: "carry", inputs: [given, `${index} ${body.outputs[n]}`], outputs: [own] });
      else if (given) operations.push({ type: "keep", inputs: [given], outputs: [own] });
      else constants.add(own);
    }
    this.model.follow(index, depth + 1);
    for (const [n, output] of this.outputs.entries()) {
      const [size] = this.graph.tensors[output]?.integers(0) ?? [];
      operations.push({ type: "final", inputs: [`${index} ${body.outputs[n]}`], outputs: [this.value(output)], size: size ?? 0 });
    }
  }
}

/** @param {import("../containers/byte_source.js").ByteSource} source @returns {import("../layer.js").Model} */
export function modelOfTflite(source) {
  try {
    return modelOfBuffer(source);
  } catch (error) {
    const isBeyond = error instanceof Refusal && ["fileTruncated", "fileFar"].includes(error.reason);
    throw isBeyond ? new Refusal("fileBeyond", { size: source.size }) : error; // the format does not say how long a file is
  }
}

/** @param {import("../containers/byte_source.js").ByteSource} source @returns {import("../layer.js").Model} */
function modelOfBuffer(source) {
  const model = new Model(source);
  model.follow(0);
  const { inputs = [], tensors = [] } = model.graphs[0] ?? {};
  const named = inputs.map((n) => /** @type {[string, string]} */ ([`0 ${n}`, tensors[n]?.text(3) ?? ""]));
  const batches = inputs.map((n) => model.shape(`0 ${n}`)?.[0] ?? -1);
  const { loose, ...found } = layersOfOperations(model.operations, "keras", (value) => model.shape(value), named, batches);
  const types = new Set([...model.constants].flatMap((value) => model.numbersOf(value) ?? []));
  return { framework: "keras", unknown: [], isOrdered: true, isComplete: !loose, loops: Array(model.loops).fill("WHILE"), ...(types.size ? { types: [...types] } : {}), ...found, layers: found.layers.map((one) => ({ ...one, name: one.name.replace(OF_CALL, ""), ...(one.config.bias === false ? { mayHaveZeros: true } : {}) })) };
}
