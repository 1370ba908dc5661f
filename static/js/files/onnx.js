/**
 * ONNX: the graph of a model, also graphs in its nodes, such as an LSTM in the branches of an If. Only names, shapes and small lists of
 * axes are read; files that a model refers to are not. Numbers of fields: onnx.proto.
 *
 * @typedef {import("./layer.js").FoundLayer} FoundLayer
 * @typedef {import("./protobuf.js").Message} Message
 * @typedef {{shape: number[], numbers: () => number[] | undefined}} Constant an array, with its first numbers if they are known
 * @typedef {{name: string, type: string, inputs: string[], outputs: string[], attributes: Map<string, Message>}} GraphNode
 */

import { Flow } from "./flow.js";
import { layer, recurrent } from "./layer.js";
import { Message as AnyMessage } from "./protobuf.js";
import { damaged } from "./refusal.js";

const KINDS = new Map([
  ["LSTM", "lstm"],
  ["GRU", "gru"],
  ["RNN", "rnn"],
]);

const MOST_NODES = 200_000;
const MOST_NUMBERS = 16;
const MOST_AXES = 100;

/** Operations after which a vector has the same numbers, perhaps with other axes. */
const KEEPING = new Set(["Identity", "Cast", "Dropout", "Transpose", "Squeeze", "Unsqueeze", "Reshape", "Flatten", "Expand"]);

/** Operations on each number of a vector. */
const POINTWISE = new Set(["Relu", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "Softmax", "LogSoftmax", "Clip", "HardSigmoid", "Gelu"]);

/** @param {Message} message @param {number} number */
const first = (message, number) => message.all(number).next().value;

/** @param {Message} tensor @returns {[string, Constant]} */
function constantOf(tensor) {
  const [DIMS, INTEGERS, NAME, RAW] = [1, 7, 8, 9];
  let name = "";
  /** @type {number[]} */
  const shape = [];
  for (const field of tensor.fields()) {
    if (field.number === DIMS) shape.push(...field.numbers());
    else if (field.number === NAME) name = field.text();
  }
  if (shape.length > MOST_AXES) throw damaged("ONNX", tensor.source.start);
  const numbers = () => {
    const integers = [...tensor.all(INTEGERS)].flatMap((field) => field.numbers(MOST_NUMBERS));
    const raw = integers.length ? undefined : first(tensor, RAW)?.part();
    const length = raw ? Math.min(raw.size, 8 * MOST_NUMBERS) : 0;
    return raw ? Array.from({ length: length / 8 }, (_, n) => Number(raw.view(8 * n, 8).getBigInt64(0, true))) : integers.map(signed);
  };
  return [name, { shape, numbers }];
}

/** A negative number, which a varint has as its complement. @param {number} number */
const signed = (number) => (number >= 2 ** 63 ? number - 2 ** 64 : number);

/** @param {Message} message @returns {GraphNode} */
function nodeOf(message) {
  const [INPUT, OUTPUT, NAME, TYPE, ATTRIBUTE] = [1, 2, 3, 4, 5];
  /** @type {GraphNode} */
  const node = { name: "", type: "", inputs: [], outputs: [], attributes: new Map() };
  for (const field of message.fields()) {
    if (field.number === INPUT) node.inputs.push(field.text());
    else if (field.number === OUTPUT) node.outputs.push(field.text());
    else if (field.number === NAME) node.name = field.text();
    else if (field.number === TYPE) node.type = field.text();
    else if (field.number === ATTRIBUTE) {
      const attribute = field.inner();
      const name = first(attribute, 1);
      if (name) node.attributes.set(name.text(), attribute);
    }
  }
  return node;
}

/** A graph and what is known in it: the constants and shapes of the graphs around it, too. */
class Graph {
  /** @param {Message} message @param {Graph | null} around @param {{count: number, flow: Flow, unknown: Set<string>}} model */
  constructor(message, around, model) {
    this.message = message;
    this.around = around;
    this.model = model;
    /** @type {Map<string, Constant>} */
    this.constants = new Map();
    /** @type {Map<string, number[]>} */
    this.shapes = new Map();
  }

  /** @param {string} name @returns {Constant | undefined} */
  constant(name) {
    return this.constants.get(name) ?? this.around?.constant(name);
  }

  /** @param {string} name @returns {number[] | undefined} */
  shape(name) {
    return this.constants.get(name)?.shape ?? this.shapes.get(name) ?? this.around?.shape(name);
  }

  read() {
    const [NODE, INITIALIZER, ...VALUES] = [1, 5, 11, 13];
    /** @type {Message[]} */
    const nodes = [];
    for (const field of this.message.fields()) {
      if (field.number === NODE) nodes.push(field.inner());
      else if (field.number === INITIALIZER) this.constants.set(...constantOf(field.inner()));
      else if (VALUES.includes(field.number)) this.addShape(field.inner());
      this.count();
    }
    for (const message of nodes) {
      const node = nodeOf(message);
      this.count();
      if (node.type === "Constant") this.addConstant(node);
      else this.follow(node);
      for (const attribute of node.attributes.values()) for (const graph of attribute.all(6)) new Graph(graph.inner(), this, this.model).read();
    }
  }

  count() {
    if (++this.model.count > MOST_NODES) throw damaged("ONNX", this.message.source.start);
  }

  /** @param {GraphNode} node */
  addConstant({ attributes, outputs: [output] }) {
    const value = attributes.get("value");
    const tensor = value && first(value, 5);
    const integers = attributes.get("value_ints");
    if (tensor && output) this.constants.set(output, constantOf(tensor.inner())[1]);
    else if (integers && output) {
      const numbers = () => [...integers.all(8)].flatMap((field) => field.numbers(MOST_NUMBERS)).map(signed);
      this.constants.set(output, { shape: [], numbers });
    }
  }

  /** The shape of a value, as far as it is known. @param {Message} value */
  addShape(value) {
    const name = first(value, 1)?.text();
    const type = first(value, 2)?.inner();
    const tensor = type && first(type, 1)?.inner();
    const shape = tensor && first(tensor, 2)?.inner();
    if (!name || !shape) return;
    const sizes = [...shape.all(1)].map((dimension) => first(dimension.inner(), 1)?.numbers()[0] ?? 0); // 0: not known
    this.shapes.set(name, sizes);
  }

  /** @param {GraphNode} node @param {string} name @returns {number | undefined} */
  integer({ attributes }, name) {
    const attribute = attributes.get(name);
    const value = attribute && first(attribute, 3)?.numbers()[0];
    return value === undefined ? undefined : signed(value);
  }

  /** The numbers of an attribute, or of an input where newer versions have it.
   * @param {GraphNode} node @param {string} name @param {number} input @returns {number[] | undefined} */
  integers({ attributes, inputs }, name, input) {
    const attribute = attributes.get(name);
    if (attribute) return [...attribute.all(8)].flatMap((field) => field.numbers(MOST_NUMBERS)).map(signed);
    return this.constant(inputs[input] ?? "")?.numbers();
  }

  /** @param {GraphNode} node */
  follow(node) {
    const { flow } = this.model;
    const [input = "", second = ""] = node.inputs;
    const [output = ""] = node.outputs;
    const kind = KINDS.get(node.type);
    if (kind) this.addRecurrent(node, kind);
    else if (node.type === "MatMul" || node.type === "Gemm") this.addDense(node);
    else if (node.type === "Gather" && this.constant(input)?.shape.length === 2 && !this.constant(second)) {
      const [features, num_units] = this.constant(input)?.shape ?? [];
      flow.add(layer(node.name || output, "embedding", "onnx", { features, num_units }), second, [output]);
    } else if (KEEPING.has(node.type) || POINTWISE.has(node.type)) flow.keep(input, output);
    else if (node.type === "Add") this.addBias(node);
    else if (/^Conv/.test(node.type)) this.model.unknown.add(node.name || node.type);
    const shape = this.shapeAfter(node);
    if (!shape || shape.length > MOST_AXES || !output) return;
    if (node.inputs.every((name) => !name || this.constant(name))) this.constants.set(output, { shape, numbers: () => undefined });
    else this.shapes.set(output, shape);
  }

  /** A sum with a vector, which is the bias of a dense layer before it. @param {GraphNode} node */
  addBias({ inputs: [one = "", other = ""], outputs: [output = ""] }) {
    const [bias, value] = this.constant(one) ? [one, other] : [other, one];
    const shape = this.constant(bias)?.shape;
    if (shape?.length !== 1) return;
    const before = this.model.flow.origins.get(value)?.layer;
    if (before?.kind === "dense" && before.config.num_units === shape[0]) before.config.bias = true;
    this.model.flow.keep(value, output);
  }

  /** The shape of an output that is computed from weights. @param {GraphNode} node @returns {number[] | undefined} */
  shapeAfter(node) {
    const shape = this.shape(node.inputs[0] ?? "");
    if (!shape) return undefined;
    const axes = () => this.integers(node, "axes", 1)?.map((axis) => (axis < 0 ? axis + shape.length : axis));
    switch (node.type) {
      case "Identity":
      case "Cast":
        return shape;
      case "Transpose": {
        const order = this.integers(node, "perm", 9) ?? shape.map((_, n) => shape.length - 1 - n);
        return order.map((axis) => shape[axis] ?? 0);
      }
      case "Squeeze": {
        const dropped = axes() ?? shape.flatMap((size, n) => (size === 1 ? n : []));
        return shape.filter((_, n) => !dropped.includes(n));
      }
      case "Unsqueeze": {
        const added = (this.integers(node, "axes", 1) ?? []).map((axis, _, all) => (axis < 0 ? axis + shape.length + all.length : axis));
        const result = [...shape];
        for (const axis of added.sort((one, other) => one - other)) result.splice(axis, 0, 1);
        return result;
      }
      case "Concat": {
        const shapes = node.inputs.map((name) => this.shape(name));
        const axis = this.integer(node, "axis") ?? 0;
        const at = axis < 0 ? axis + shape.length : axis;
        if (shapes.some((one) => one?.length !== shape.length)) return undefined;
        return shape.map((size, n) => (n === at ? shapes.reduce((sum, one) => sum + (one?.[n] ?? 0), 0) : size));
      }
      case "Slice": {
        const [starts, ends] = [this.integers(node, "starts", 1), this.integers(node, "ends", 2)];
        const along = this.integers(node, "axes", 3) ?? starts?.map((_, n) => n);
        if (!starts || !ends || !along || this.integers(node, "steps", 4)?.some((step) => step !== 1)) return undefined;
        return shape.map((size, n) => {
          const at = along.findIndex((axis) => (axis < 0 ? axis + shape.length : axis) === n);
          const place = (/** @type {number} */ index) => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
          return at < 0 ? size : Math.max(0, place(ends[at] ?? size) - place(starts[at] ?? 0));
        });
      }
    }
    return undefined;
  }

  /** @param {GraphNode} node @param {string} kind */
  addRecurrent(node, kind) {
    const [input = "", weights = "", recurrentWeights = "", bias = ""] = node.inputs;
    const [output = "", last = ""] = node.outputs;
    const direction = node.attributes.get("direction");
    const way = (direction && first(direction, 4)?.text()) ?? "forward";
    const features = this.shape(weights)?.[2] || this.shape(input)?.[2] || null;
    const num_units = this.integer(node, "hidden_size") ?? this.shape(recurrentWeights)?.[2] ?? null;
    const found = recurrent(node.name || output || last, kind, "onnx", {
      features,
      num_units,
      bidirectional: way === "bidirectional",
      go_backwards: way === "reverse",
      bias: bias !== "",
      layout: this.integer(node, "layout") ?? 0,
      ...(kind === "gru" ? { reset_after: this.integer(node, "linear_before_reset") === 1 } : {}),
      ...(kind === "lstm" ? { peepholes: (node.inputs[7] ?? "") !== "" } : {}),
    });
    this.model.flow.add(found, input, output ? [output] : []);
    // of two directions the last states are not one vector
    if (last && way !== "bidirectional") this.model.flow.returns(last, found, true);
  }

  /** @param {GraphNode} node */
  addDense(node) {
    const [input = "", weights = "", bias = ""] = node.inputs;
    const [output = ""] = node.outputs;
    const shape = this.constant(weights)?.shape;
    if (shape?.length !== 2 || this.constant(input)) return;
    const isTransposed = this.integer(node, "transB") === 1;
    const [features, num_units] = isTransposed ? [shape[1], shape[0]] : shape;
    const name = node.name || output;
    this.model.flow.add(layer(name, "dense", "onnx", { features, num_units, bias: bias !== "" }), input, [output]);
  }
}

/** Whether a file may be a model: its first field is the version of the format. @param {Uint8Array} start */
export const isOnnx = (start) => start[0] === 0x08 && (start[1] ?? 0) > 0 && (start[1] ?? 0) < 32;

/** @param {import("./byte_source.js").ByteSource} source @returns {import("./layer.js").Model} */
export function modelOfOnnx(source) {
  const graph = first(new AnyMessage(source), 7);
  if (!graph) throw damaged("ONNX");
  const model = { count: 0, flow: new Flow(), unknown: /** @type {Set<string>} */ (new Set()) };
  new Graph(graph.inner(), null, model).read();
  return { framework: "onnx", layers: model.flow.layers(), unknown: [...model.unknown], isOrdered: true };
}
