/**
 * A graph of an ONNX model, with the graphs in its nodes, such as an LSTM in the branches of an If, and the functions that it calls: its operations in
 * the terms of all graphs. Numbers of fields: onnx.proto.
 *
 * @typedef {import("../containers/protobuf.js").Message} Message
 * @typedef {import("../containers/protobuf.js").Field} Field
 * @typedef {import("./onnx_messages.js").Constant} Constant
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 * @typedef {import("./onnx_messages.js").ModelFunction} ModelFunction
 * @typedef {import("../graphs/operations.js").Operation} Operation
 */

import { refuseCycles } from "../graphs/cycles.js";
import { clipped, isStack, layer, normalization, numbersIn, recurrent } from "../layer.js";
import { MOST_ONNX_AXES, MOST_ONNX_LEVELS, MOST_ONNX_NODES, MOST_ONNX_NUMBERS } from "../limits.js";
import { constantOf, first, nodeOf } from "./onnx_messages.js";
import { CHANNELS_FIRST, CONVOLUTIONS, KINDS, OF_EACH, PRODUCTS, QUANTIZED_LSTM, SAME_AXES, TYPES, unquantized } from "./onnx_operations.js";
import { shapeAfter, shapeOfLayer, vectorOf } from "./onnx_shapes.js";
import { Refusal } from "../refusal.js";

const INITIALIZER_PARTS = 7; // of an array, beside its fields
const FEWEST_INITIALIZER_FIELDS = 4; // with itself: a name, and the type and values of numbers without an axis
const AXIS_PARTS = 2; // of the length of an axis, beside its fields
const LAYER_PARTS = 150; // of a recurrent layer: models have at most some hundred
const GRAPH_PARTS = 400; // of the graph in a node, beside its fields
const NODE_PARTS = 8; // of a node, beside its fields
const LARGEST_INT32 = 2 ** 31 - 1; // exporters write it or a larger one for the end of an axis whose length they do not know
const CALLED_NODE_PARTS = 24; // of one of a function, which is read at each call

/** What is read of a model.
 * @typedef {{nodes: number, operations: Operation[], unknown: Set<string>, functions: Map<string, ModelFunction>, calls: Map<string, number>,
 *   timeAxes: Map<string, number>, states: Set<string>, stacks: Map<string, string[]>, scales: Set<string>, graphs: Map<string, Graph>, defined: Set<string>, carried: Set<string>,
 *   loops: string[], means: Map<string, string>, centred: Map<string, string>, lengths: Map<string, number>, used: Set<string>, added: Map<string, number>, alike: [string, string][], copies: Map<string, string>, joined: Map<string, {axis: number, inputs: string[], lengths: number[]}>}} ModelParts nodes: how many were found; timeAxes: which axis is the time, by value;
 *   states: the last ones of layers with one direction; stacks: those of several layers in one tensor; scales: those of numbers that are quantized
 *   while the model runs; graphs: those in nodes, by their values; defined: the values of graphs in nodes; carried: the states of loops before a step; loops: the types of their nodes; means: the values of which others are the means; centred: the values without
 *   their means; lengths: those of axes that have names; used: the values that are inputs of nodes, or outputs of graphs; added: which axis of length 1 has been added last, by value; alike: what some
 *   operations get and return, which has the same axes; joined: what is put together along an axis, by the value of all */

/** The names in a function: those of its parameters outside of it, and what all others begin with.
 * @typedef {{prefix: string, parameters: Map<string, string>, given: Map<string, Message>, depth: number}} Scope */

/** A graph and what is known in it: the constants and shapes of the graphs around it, too. */
export class Graph {
  /** @param {Message} message @param {Graph | null} around @param {ModelParts} model @param {Scope} scope */
  constructor(message, around, model, scope) {
    this.message = message;
    this.around = around;
    this.model = model;
    this.scope = scope;
    /** @type {Map<string, Constant>} */
    this.constants = new Map();
    /** @type {Map<string, number[]>} */
    this.shapes = new Map();
    /** @type {Map<string, Message>} what the file says about values, which is read when a shape is needed */
    this.values = new Map();
    /** @type {number[]} where each node is, and how long it is: numbers take less time than an object for each */
    this.nodes = [];
    /** @type {string[]} */
    this.inputs = [];
    /** @type {string[]} */
    this.outputs = [];
  }

  /** The name of a value in the whole model. @param {string} name */
  name(name) {
    return name && (this.scope.parameters.get(name) ?? this.scope.prefix + name);
  }

  /** @param {string} name @returns {Constant | undefined} */
  constant(name) {
    return this.constants.get(name) ?? this.around?.constant(name);
  }

  /** @param {string} name @returns {number[] | undefined} */
  shape(name) {
    return this.constants.get(name)?.shape ?? this.shapes.get(name) ?? this.saidShape(name) ?? this.around?.shape(name);
  }

  /** Read what the graph consists of. */
  open() {
    const [NODE, INITIALIZER, INPUT, OUTPUT, VALUE] = [1, 5, 11, 12, 13];
    if (!this.around) this.message.source.expect(this.message.count(INITIALIZER) * (INITIALIZER_PARTS + FEWEST_INITIALIZER_FIELDS));
    for (const field of this.message.fields()) {
      if (field.number === NODE) this.addNode(field);
      else if (field.number === INITIALIZER) {
        this.message.source.spend(INITIALIZER_PARTS);
        const [name, constant] = constantOf(field.inner());
        this.constants.set(this.name(name), constant);
      } else if (field.number === OUTPUT) this.outputs.push(this.addValue(field.inner()));
      else if (field.number === INPUT) this.inputs.push(this.addValue(field.inner()));
      else if (field.number === VALUE) this.addValue(field.inner());
    }
    for (const name of this.outputs) this.model.used.add(name);
    return this;
  }

  /** Read what a function consists of. */
  openFunction() {
    const [NODE, VALUE] = [7, 12];
    for (const field of this.message.fields()) {
      if (field.number === NODE) this.addNode(field, CALLED_NODE_PARTS);
      else if (field.number === VALUE) this.addValue(field.inner());
    }
    return this;
  }

  /** Note where a node is, and count it before any is read. @param {Field} field @param {number} [parts] */
  addNode(field, parts = NODE_PARTS) {
    if (++this.model.nodes > MOST_ONNX_NODES) throw new Refusal("fileParts");
    this.message.source.spend(parts);
    field.checkBytes();
    this.nodes.push(field.at, field.length);
  }

  /** Follow the nodes. */
  read() {
    const { functions } = this.model;
    /** @type {Set<string>} */
    const read = new Set();
    let isInOrder = true; // as ONNX demands, so that there is no cycle
    for (let n = 0; n < this.nodes.length; n += 2) {
      const node = this.nodeAt(n);
      for (const name of node.inputs) read.add(name);
      if (isInOrder && node.outputs.some((name) => name && read.has(name))) {
        isInOrder = false;
        this.refuseCycles();
      }
      const called = functions.size ? functions.get(`${node.domain} ${node.type}`) : undefined;
      if (called) {
        this.call(called, node);
        continue;
      }
      node.inputs = node.inputs.map((name) => this.name(name));
      node.outputs = node.outputs.map((name) => this.name(name));
      for (const name of node.inputs) this.model.used.add(name);
      if (node.type === "Constant") this.addConstant(node);
      else if (node.type === "Loop" || node.type === "Scan") this.addLoop(node);
      else {
        const graphs = this.graphsIn(node);
        if (node.type !== "If") this.follow(node);
        const branches = node.type === "If" ? [...node.attributes.keys()] : [];
        for (const [n, graph] of graphs.entries()) {
          const before = this.model.operations.length;
          graph.read();
          if (branches[n]) this.markBranch(node, branches[n], before);
        }
        if (node.type === "If") this.addBranches(node, graphs);
      }
    }
  }

  /** @param {number} n where its place is */
  nodeAt(n) {
    return nodeOf(this.message.innerAt(this.nodes[n] ?? 0, this.nodes[n + 1] ?? 0), this.scope.given);
  }

  /** Refuse nodes of which one gets what is computed from its own output. */
  refuseCycles() {
    /** @type {Map<string, number>} */
    const makers = new Map();
    const nodes = Array.from({ length: this.nodes.length / 2 }, (_, n) => this.nodeAt(2 * n));
    for (const [n, { outputs }] of nodes.entries()) for (const name of outputs) if (name) makers.set(name, n);
    refuseCycles(nodes.map(({ inputs }) => [...new Set(inputs)].flatMap((name) => makers.get(name) ?? [])), (n) => nodes[n]?.name || nodes[n]?.type || "");
  }

  /** The graphs in the attributes of a node. @param {GraphNode} node @returns {Graph[]} */
  graphsIn({ attributes }) {
    if (!attributes.size) return [];
    const GRAPH = 6;
    const messages = [...attributes.values()].flatMap((attribute) => [...attribute.all(GRAPH)]);
    return messages.map((field) => new Graph(field.inner(), this, this.model, this.scope).openInner());
  }

  /** Read what a graph in a node consists of. Its values may have the names of those in another node, and get others then. */
  openInner() {
    const [NODE, INPUT, NAME, OUTPUT] = [1, 11, 1, 2];
    const { defined } = this.model;
    const parameters = new Map(this.scope.parameters);
    this.message.source.spend(GRAPH_PARTS);
    for (const field of this.message.fields()) {
      const number = field.number === NODE ? OUTPUT : field.number === INPUT ? NAME : undefined;
      for (const part of number ? field.inner().all(number) : []) {
        const own = part.text();
        const name = this.name(own);
        if (name && defined.has(name)) parameters.set(own, `${name} ${defined.size}`);
        defined.add(parameters.get(own) ?? name);
      }
    }
    this.scope = { ...this.scope, parameters };
    return this.open();
  }

  /** Read the nodes of a function in the place of its call. @param {ModelFunction} called @param {GraphNode} node */
  call({ message, inputs, outputs, defaults }, node) {
    const { prefix: before, depth } = this.scope;
    if (depth >= MOST_ONNX_LEVELS) throw new Refusal("fileDeep", { levels: MOST_ONNX_LEVELS });
    const name = before + (node.name || node.type);
    const count = this.model.calls.get(name) ?? 0;
    this.model.calls.set(name, count + 1);
    const prefix = `${name}${count ? ` ${count + 1}` : ""}/`;
    const parameters = new Map([...inputs.entries()].map(([n, own]) => [own, this.name(node.inputs[n] ?? "")]));
    for (const [n, own] of outputs.entries()) parameters.set(own, this.name(node.outputs[n] ?? "") || prefix + own);
    const given = new Map([...defaults, ...node.attributes]);
    new Graph(message, this, this.model, { prefix, parameters, given, depth: depth + 1 }).openFunction().read();
  }

  /** @param {GraphNode} node */
  addConstant({ attributes, outputs: [output] }) {
    const value = attributes.get("value");
    const tensor = value && first(value, 5);
    const integers = attributes.get("value_ints");
    if (tensor && output) this.constants.set(output, constantOf(tensor.inner())[1]);
    else if (integers && output) {
      const numbers = () => [...integers.all(8)].flatMap((field) => field.numbers(MOST_ONNX_NUMBERS));
      this.constants.set(output, { shape: [], numbers });
    }
  }

  /** @param {Message} value @returns {string} its name */
  addValue(value) {
    const name = this.name(first(value, 1)?.text() ?? "");
    if (name) this.values.set(name, value);
    if (name && this.around) this.model.graphs.set(name, this);
    return name;
  }

  /** The shape that the file says, as far as it is known. @param {string} name */
  saidShape(name) {
    const value = this.values.get(name);
    const type = value && first(value, 2)?.inner();
    const tensor = type && first(type, 1)?.inner();
    const shape = tensor && first(tensor, 2)?.inner();
    if (!shape) return undefined;
    const dimensions = [...shape.all(1)];
    shape.source.spend(AXIS_PARTS * dimensions.length);
    const sizes = dimensions.map((dimension) => this.sizeOf(dimension.inner()));
    this.shapes.set(name, sizes);
    return sizes;
  }

  /** The length of an axis; 0 if it is not known, and a negative number for each name, which is the same length wherever it is.
   * @param {Message} dimension */
  sizeOf(dimension) {
    const [VALUE, NAME] = [1, 2];
    const value = first(dimension, VALUE)?.numbers()[0];
    if (value !== undefined) return Math.max(0, value);
    const name = first(dimension, NAME)?.text() ?? "";
    const { lengths } = this.model;
    if (name && !lengths.has(name)) lengths.set(name, -1 - lengths.size);
    return lengths.get(name) ?? 0;
  }

  /** The results of branches, of which one is returned. @param {GraphNode} node @param {Graph[]} graphs */
  addBranches({ type, inputs: beside, outputs }, graphs) {
    for (const [n, output] of outputs.entries()) {
      const inputs = graphs.flatMap((graph) => graph.outputs[n] ?? []);
      this.model.operations.push({ type: "choose", inputs, outputs: [output], beside, operator: type });
    }
  }

  /** Note in which branch of an If layers are, if they are in no other one. @param {GraphNode} node @param {string} name of the branch @param {number} before the number of operations before it */
  markBranch({ name: own, outputs }, name, before) {
    for (const { layer } of this.model.operations.slice(before)) if (layer) layer.branch ??= { name, of: this.nameOf(own, outputs) };
  }

  /** A loop: states, which a step returns for the next one, and what is collected of all steps. @param {GraphNode} node */
  addLoop(node) {
    const [body] = this.graphsIn(node);
    if (!body) return;
    this.model.loops.push(node.type);
    const isScan = node.type === "Scan";
    const steps = isScan ? this.integer(node, "num_scan_inputs") ?? 0 : 0;
    const given = isScan ? node.inputs : node.inputs.slice(1); // without the number of steps
    const [inputs, returned] = [isScan ? body.inputs : body.inputs.slice(1), body.outputs];
    const states = isScan ? inputs.length - steps : inputs.length;
    const axes = this.integers(node, "scan_input_axes", Infinity) ?? [];
    const { operations } = this.model;
    for (const [n, input] of inputs.entries()) {
      const from = given[n] ?? "";
      const isSame = n < states && returned[n] === input;
      if (n < states) this.model.carried.add(input);
      const constant = isSame ? this.constant(from) : undefined;
      if (constant) body.constants.set(input, constant); // such as the weights of Keras's loops
      if (n < states && !isSame) operations.push({ type: "carry", inputs: [from, returned[n] ?? ""], outputs: [input] });
      else operations.push({ type: isSame ? "keep" : "part", inputs: [from], outputs: [input], ...(isScan && n >= states ? { axis: axes[n - states] ?? 0 } : {}) });
    }
    const before = operations.length;
    body.read();
    this.markLoop(node, before, new Map(inputs.slice(0, states).map((input, n) => [input, returned[n] ?? ""])));
    for (const [n, output] of node.outputs.entries()) {
      const at = isScan ? n : n + 1; // after the condition
      operations.push({ type: at < states ? "final" : "collect", inputs: [returned[at] ?? ""], outputs: [output] });
      if (at >= states) this.model.timeAxes.set(output, 0);
    }
  }

  /** Note in which loop recurrent layers are, how often that runs, and which of them begin with the states with which they ended before. @param {GraphNode} node
   * @param {number} before the number of operations before it @param {Map<string, string>} carried what is returned for each state of the loop */
  markLoop({ name, type, inputs: [count = ""], outputs }, before, carried) {
    const times = type === "Loop" ? this.constant(count)?.numbers()?.[0] ?? count : "";
    for (const { layer, initial = [], states = [] } of this.model.operations.slice(before)) {
      if (!layer || !isStack(layer)) continue;
      layer.loop ??= { name: this.nameOf(name, outputs), times };
      if (initial.some((value) => states.includes(carried.get(value) ?? " "))) layer.continues = true;
    }
  }

  /** @param {GraphNode} node @param {string} name @returns {number | undefined} */
  integer({ attributes }, name) {
    const attribute = attributes.get(name);
    return attribute && first(attribute, 3)?.numbers()[0];
  }

  /** @param {GraphNode} node @param {string} name @returns {number | undefined} */
  float({ attributes }, name) {
    const attribute = attributes.get(name);
    return attribute && first(attribute, 2)?.float();
  }

  /** The numbers of an attribute, or of an input where newer versions have it.
   * @param {GraphNode} node @param {string} name @param {number} input @returns {number[] | undefined} */
  integers({ attributes, inputs }, name, input) {
    const attribute = attributes.get(name);
    if (attribute) return [...attribute.all(8)].flatMap((field) => field.numbers(MOST_ONNX_NUMBERS));
    return this.constant(inputs[input] ?? "")?.numbers();
  }

  /** @param {GraphNode} given */
  follow(given) {
    const node = unquantized(given);
    const kind = KINDS.get(node.type);
    const [output = ""] = node.outputs;
    this.followTime(node);
    const isConstant = node.inputs.every((name) => !name || this.constant(name));
    const shape = shapeAfter(this, node) ?? (isConstant ? undefined : shapeOfLayer(this, node));
    if (kind) this.addRecurrent(node, kind);
    else if (!isConstant) this.model.operations.push(this.noted(node, this.operation(node)));
    const isKnown = shape !== undefined && shape.length <= MOST_ONNX_AXES;
    if (isConstant && node.type === "Identity") this.model.copies.set(output, this.weightsIn(node.inputs));
    if (isConstant) for (const each of node.outputs) this.constants.set(each, { shape: isKnown ? shape : [], numbers: () => undefined, type: this.constant(node.inputs[0] ?? "")?.type, rows: this.rowsIn(node.inputs) });
    else if (isKnown && output) this.shapes.set(output, shape);
  }

  /** An operation; what it gets and returns has the same axes if it computes each number alone. @param {GraphNode} node @param {Operation} operation */
  noted(node, operation) {
    const { type, inputs, outputs, size } = operation;
    const isScaled = type === "scale" && node.inputs.some((name) => this.model.scales.has(name));
    const isAlone = SAME_AXES.includes(node.type) || isScaled || ((type === "bias" || type === "scale") && size) || type === "activation";
    if (isAlone && inputs[0] && outputs[0]) this.model.alike.push([inputs[0], outputs[0]]);
    if (operation.layer) this.setTypes(operation.layer, node.inputs);
    const parameters = operation.layer ? 0 : this.parametersOf(node.inputs);
    const others = node.type === "Shape" || node.type === "Size" ? [] : node.inputs.filter((name) => name && !inputs.includes(name) && !this.constant(name));
    const counted = { ...operation, ...(parameters ? { parameters } : {}), ...(others.length ? { beside: others } : {}) };
    const isUnnamed = isAlone && type !== "activation" && !((type === "scale" || type === "bias") && !isScaled);
    return isUnnamed || operation.layer ? counted : { ...counted, operator: node.type };
  }

  /** @param {import("../layer.js").FoundLayer} found @param {string[]} names of what it gets */
  setTypes(found, names) {
    const types = names.map((name) => this.constant(name)).flatMap((one) => (one?.shape.length && one.type ? one.type : []));
    if (types.length) found.types = [...new Set(types)];
  }

  /** How many numbers that may be learned are constants: not those of zeros, as initial states are. @param {string[]} names */
  parametersOf(names) {
    const constants = names.flatMap((name) => this.constant(name) ?? []).filter(({ type }) => type !== undefined); // integers of other types are places and shapes
    const counts = constants.map(({ shape, numbers }) => (numbers()?.every((number) => number === 0) && numbers()?.length ? 0 : numbersIn([shape])));
    return counts.reduce((sum, count) => sum + (count > 1 ? count : 0), 0);
  }

  /** @param {GraphNode} node @returns {Operation} */
  operation(node) {
    const inputs = node.inputs.map((name) => (this.constant(name) ? "" : name));
    const values = inputs.filter(Boolean);
    const [constant] = node.inputs.filter((name) => this.constant(name));
    const { outputs } = node;
    const type = TYPES[node.type] ?? "other";
    if (node.type === "Shape" || node.type === "Size") return { type, inputs: [], outputs }; // depends on no value
    if (PRODUCTS.has(node.type)) return this.product(node);
    const isConvolution = CONVOLUTIONS.has(node.type);
    if (isConvolution || type === "normalize") {
      // of a quantized one the weights and the bias are between scales; of a batch, its means are no parameters
      const places = node.type === "QLinearConv" ? [3, 8] : node.type === "ConvInteger" ? [1] : [1, 2];
      const shapes = places.map((n) => this.shape(node.inputs[n] ?? ""));
      const parameters = numbersIn(shapes);
      const name = this.nameOf(node.name, outputs);
      const size = shapes[0]?.length === 1 ? shapes[0][0] : undefined;
      const found = isConvolution ? layer(name, "convolution", "onnx", { ...(parameters ? { parameters } : {}), ...(node.type === "Conv" && shapes[0] ? { channels: shapes[0][0], bias: shapes[1] !== undefined } : {}) }) : normalization(name, "onnx", parameters, size);
      if (CHANNELS_FIRST.includes(node.type) && (this.shape(inputs[0] ?? "")?.length ?? 0) > 2) found.config.channels_first = true;
      if (isConvolution || parameters) return { type: "layer", layer: found, inputs: inputs.slice(0, 1), outputs: outputs.slice(0, 1) };
    }
    this.followStates(node, inputs, outputs);
    const centred = this.normalized(node);
    if (centred) return { type: "normalize", inputs: [centred], outputs };
    this.followJoins(node);
    const chosen = this.chosenBy(node);
    const state = node.type === "Gather" && !this.integer(node, "axis") ? this.stateIn(node) : this.stateOfSlice(node);
    if (state) return { type: "keep", inputs: [state], outputs };
    if (chosen) return { type: "part", inputs: chosen, outputs };
    if (type === "multiply" && values.some((name) => this.model.scales.has(name))) {
      const [value, ...others] = values.filter((name) => !this.model.scales.has(name));
      if (value && !others.length) return { type: "scale", inputs: [value], outputs };
      if (!value) this.model.scales.add(outputs[0] ?? "");
    }
    // with a mask: a step that counts, or the state before it
    if (node.type === "Where" && (!inputs[2] || this.model.carried.has(inputs[2]))) return { type: "keep", inputs: inputs.slice(1, 2), outputs };
    if (node.type === "Where") return { type, inputs, outputs, masked: inputs.slice(1, 3) };
    const reversed = this.reversedAxis(node);
    if (reversed !== undefined) return { type: "reverse", inputs: inputs.slice(0, 1), outputs, axis: reversed };
    if (node.type === "DynamicQuantizeLinear") this.model.scales.add(outputs[1] ?? "");
    if ((node.type === "Gather" || node.type === "Slice") && this.isLast(node)) return { type: "part", inputs: inputs.slice(0, 1), outputs, isLast: true, ...this.axisOf(node) };
    if (this.followAxis(node)) return { type: "keep", inputs: inputs.slice(0, 1), outputs };
    if (node.type === "Gather" && !inputs[0] && inputs[1]) return this.embedding(node);
    if (type === "keep" || type === "clip") return { type, inputs: inputs.slice(0, 1), outputs, ...this.orderOf(node) };
    const factor = this.factorOf(node);
    if (node.type === "Div" && factor && values.length === 1) return { type: "scale", inputs: values, outputs, factor };
    if ((type === "add" || type === "multiply") && constant && values.length === 1) {
      const size = vectorOf(this.constant(constant)?.shape ?? []);
      return { type: type === "add" ? "bias" : "scale", inputs: values, outputs, name: this.nameOf(node.name, outputs), ...(size ? { size } : {}), ...(factor ? { factor } : {}) };
    }
    if (type === "join" || type === "part") {
      const isWhole = type === "join" ? inputs.length === 1 : node.type === "Split" && outputs.length === 1;
      return { type: isWhole ? "keep" : type, inputs: type === "join" ? inputs : inputs.slice(0, 1), outputs, ...(isWhole ? {} : this.axisOf(node)) };
    }
    return { type, inputs, outputs, ...(OF_EACH.includes(node.type) ? { isOfEach: true } : {}), ...(type === "activation" || node.type === "HardSigmoid" ? { function: node.type.toLowerCase() } : {}) };
  }

  /** The number with which a node multiplies all numbers, if it does nothing else. @param {GraphNode} node */
  factorOf({ type, inputs }) {
    const isDivision = type === "Div";
    const constant = (isDivision ? inputs.slice(1) : type === "Mul" ? inputs : []).map((name) => this.constant(name)).find(Boolean);
    const number = constant && numbersIn([constant.shape]) === 1 ? constant.float?.() : undefined;
    return number && isDivision ? 1 / number : number;
  }

  /** Note which axis of length 1 a node adds, and whether it takes that away again, with what is at its only place. @param {GraphNode} node */
  followAxis(node) {
    const { added } = this.model;
    const { type, inputs, outputs: [output = ""] } = node;
    const [input = "", places = ""] = inputs;
    const [axis, ...others] = type === "Unsqueeze" ? this.integers(node, "axes", 1) ?? [] : [];
    if (axis !== undefined && !others.length) added.set(output, axis);
    const before = added.get(input);
    const along = this.integer(node, "axis") ?? 0;
    if (before !== undefined && (SAME_AXES.includes(type) || (type === "Concat" && inputs.length === 1))) added.set(output, before);
    return type === "Gather" && before === along && this.constant(places)?.shape.length === 0 && ["0", "-1"].includes(String(this.constant(places)?.numbers()));
  }

  /** Along which axis a node takes a part, or joins several, if these are not parts of each vector. @param {GraphNode} node @returns {{axis?: number}} */
  axisOf(node) {
    const [axis = -1, ...others] = node.type === "Slice" ? this.integers(node, "axes", 3) ?? [] : [this.integer(node, "axis") ?? 0];
    const count = this.shape(node.inputs[0] ?? "")?.length ?? 2;
    return axis < 0 || axis >= count - 1 || others.length ? {} : { axis };
  }

  /** How a node moves axes, if it does nothing else. @param {GraphNode} node @returns {{order?: number[]}} */
  orderOf(node) {
    const order = node.type === "Transpose" ? this.integers(node, "perm", 9) : undefined;
    return order ? { order } : {};
  }

  /** Note which axis of the output is the time, if the input has it. @param {GraphNode} node */
  followTime(node) {
    const { timeAxes } = this.model;
    const [input = "", output = ""] = [node.inputs[0], node.outputs[0]];
    if (node.type === "Concat" && this.areSteps(node)) timeAxes.set(output, this.integer(node, "axis") ?? 0);
    const at = timeAxes.get(input);
    if (at === undefined) return;
    const isBefore = (/** @type {number} */ axis) => axis >= 0 && axis < at;
    if (node.type === "Transpose") timeAxes.set(output, this.integers(node, "perm", 9)?.indexOf(at) ?? -1);
    else if (node.type === "Squeeze") timeAxes.set(output, at - (this.integers(node, "axes", 1) ?? []).filter(isBefore).length);
    else if (SAME_AXES.includes(node.type) || (node.type === "Reshape" && at === 0)) timeAxes.set(output, at);
  }

  /** Whether a node puts steps after one another, each with an axis of length 1 for it. @param {GraphNode} node */
  areSteps(node) {
    const axis = this.integer(node, "axis") ?? 0;
    return node.inputs.length > 1 && node.inputs.every((name) => this.shape(name)?.length === 3 && this.shape(name)?.[axis] === 1);
  }

  /** Note the last states of layers, alone or in one tensor. @param {GraphNode} node @param {string[]} inputs @param {string[]} outputs */
  followStates(node, inputs, [output = ""]) {
    const { states, stacks } = this.model;
    const [input = ""] = inputs;
    const isFirstAxis = !this.integer(node, "axis");
    if (node.type === "Concat" && isFirstAxis && inputs.every((name) => states.has(name))) stacks.set(output, inputs);
    if (!SAME_AXES.includes(node.type)) return;
    const stack = stacks.get(input);
    if (stack) stacks.set(output, stack);
    if (states.has(input)) states.add(output);
  }

  /** The vectors of a normalization that is written as operations: (x - mean) / deviation. @param {GraphNode} node */
  normalized({ type, inputs: [input = "", other = ""], outputs: [output = ""] }) {
    const { means, centred } = this.model;
    if (type === "ReduceMean") means.set(output, input);
    else if (type === "Sub" && means.get(other) === input) centred.set(output, input);
    return type === "Div" ? centred.get(input) : undefined;
  }

  /** The last state of one layer, of those of one or several layers in the direction that they have. @param {GraphNode} node */
  stateIn({ inputs: [input = "", index = ""] }) {
    const { states, stacks } = this.model;
    const [at = 0, ...others] = this.constant(index)?.numbers() ?? [];
    return states.has(input) ? input : others.length ? undefined : stacks.get(input)?.at(at);
  }

  /** The last state of one layer, if a slice of those of several layers has only that. @param {GraphNode} node */
  stateOfSlice(node) {
    const stack = node.type === "Slice" ? this.model.stacks.get(node.inputs[0] ?? "") : undefined;
    const [starts, ends, axes] = ["starts", "ends", "axes"].map((name, n) => this.integers(node, name, n + 1));
    if (!stack || (axes ?? [0]).join() !== "0" || (this.integers(node, "steps", 4) ?? [1]).join() !== "1") return undefined;
    const [state, ...others] = stack.slice(starts?.[0], ends?.[0]);
    if (!state || others.length) return undefined;
    this.model.states.add(node.outputs[0] ?? "");
    return state;
  }

  /** Note what is put together, and along which axis. @param {GraphNode} node */
  followJoins(node) {
    const { joined } = this.model;
    const { type, inputs, outputs: [output = ""] } = node;
    const before = SAME_AXES.includes(type) ? joined.get(inputs[0] ?? "") : undefined;
    if (before) joined.set(output, before);
    if (type !== "Concat") return;
    const said = this.integer(node, "axis") ?? 0;
    const shapes = inputs.map((name) => this.shape(name));
    const axis = said < 0 ? said + (shapes[0]?.length ?? NaN) : said;
    const lengths = shapes.map((shape) => shape?.[axis] ?? 0);
    if (lengths.every((length) => length > 0)) joined.set(output, { axis, inputs, lengths });
  }

  /** The values from which a node with constant places takes something, of those that are put together along the same axis. @param {GraphNode} node
   * @returns {string[] | undefined} */
  chosenBy(node) {
    const all = this.model.joined.get(node.inputs[0] ?? "");
    const isSlice = node.type === "Slice";
    if (!all || (node.type !== "Gather" && !isSlice)) return undefined;
    const axes = isSlice ? this.integers(node, "axes", 3) ?? [0] : [this.integer(node, "axis") ?? 0];
    const [starts = [], ends = []] = isSlice ? ["starts", "ends"].map((name, n) => this.integers(node, name, n + 1)) : [this.constant(node.inputs[1] ?? "")?.numbers()];
    const count = all.lengths.reduce((sum, length) => sum + length, 0);
    const place = (/** @type {number} */ at) => Math.min(Math.max(at < 0 ? at + count : at, 0), count);
    const [start, end] = [starts[0], isSlice ? ends[0] : (starts[0] ?? 0) < 0 ? (starts[0] ?? 0) + count + 1 : (starts[0] ?? 0) + 1];
    const isOne = axes.length === 1 && axes[0] === all.axis && starts.length === 1 && (this.integers(node, "steps", isSlice ? 4 : Infinity) ?? [1]).join() === "1";
    if (!isOne || start === undefined || end === undefined) return undefined;
    let begin = 0;
    const chosen = all.inputs.filter((_, n) => {
      const from = begin;
      begin += all.lengths[n] ?? 0;
      return from < place(end) && begin > place(start);
    });
    return chosen.length && chosen.length < all.inputs.length ? chosen : undefined;
  }

  /** The axis along which a node reverses its input, unless that is known to be the axis of the vectors. @param {GraphNode} node */
  reversedAxis(node) {
    if (node.type !== "Slice") return undefined;
    const [start, end, step] = ["starts", "ends", "steps"].map((name, n) => this.integers(node, name, [1, 2, 4][n] ?? 0)?.join());
    const [axis = 0, ...others] = this.integers(node, "axes", 3) ?? [0];
    const shape = this.shape(node.inputs[0] ?? "");
    const [length, last] = [shape?.[axis] || LARGEST_INT32 - 1, shape ? shape.length - 1 : Infinity];
    return step === "-1" && start === "-1" && Number(end) < -length && !others.length && axis >= 0 && axis < last ? axis : undefined;
  }

  /** Whether a node takes the last step of a sequence. @param {GraphNode} node */
  isLast(node) {
    const [input = ""] = node.inputs;
    const isSlice = node.type === "Slice";
    const [at, ...others] = this.integers(node, "starts", 1) ?? [];
    const [axis] = isSlice ? this.integers(node, "axes", 3) ?? [] : [this.integer(node, "axis") ?? 0];
    const isEnd = at === -1 || (at !== undefined && axis !== undefined && at === (this.shape(input)?.[axis] ?? 0) - 1);
    return isEnd && !others.length && this.model.timeAxes.get(input) === axis;
  }

  /** The names of constants, those of copies as of what they copy. @param {string[]} names */
  weightsIn(names) {
    return names.map((name) => this.model.copies.get(name) ?? name).join("\n");
  }

  /** The most rows of the matrices in the file from which constants are computed. @param {string[]} names */
  rowsIn(names) {
    const rows = names.map((name) => this.constant(name)).map((one) => one?.rows ?? (one?.shape.length === 2 ? one.shape[0] ?? 0 : 0));
    return Math.max(0, ...rows);
  }

  /** A table of vectors, from which some are taken. @param {GraphNode} node @returns {Operation} */
  embedding({ name, inputs: [table = "", ids = ""], outputs }) {
    const [features, num_units, ...others] = this.constant(table)?.shape ?? [];
    if (!num_units || others.length) return { type: "other", inputs: [ids], outputs };
    const shape = this.shape(ids);
    if (shape && shape.length < MOST_ONNX_AXES && !this.shape(outputs[0] ?? "")) this.shapes.set(outputs[0] ?? "", [...shape, num_units]);
    const found = layer(this.nameOf(name, outputs), "embedding", "onnx", { features, num_units });
    return { type: "layer", layer: found, inputs: [ids], outputs, weights: this.weightsIn([table]) };
  }

  /** @param {string} name of a node @param {string[]} outputs */
  nameOf(name, outputs) {
    return name ? this.scope.prefix + name : outputs.find(Boolean) ?? "";
  }

  /** What a recurrent layer computes in another way than usual: the activations of its gates and of its candidate, gates that depend on each other,
   * bounds of its values, and a number of steps of each sample. @param {GraphNode} node @param {string} kind */
  unusualOf(node, kind) {
    const STRINGS = 9;
    const said = node.attributes.get("activations");
    const names = said ? Array.from(said.all(STRINGS), (one) => one.text(50).toLowerCase()) : [];
    const count = kind === "lstm" ? 3 : kind === "gru" ? 2 : 1; // of one direction: that of the gates, the others
    const isOfGates = (/** @type {number} */ n) => kind !== "rnn" && n % count === 0;
    const gates = names.find((name, n) => isOfGates(n) && name !== "sigmoid");
    const activation = names.find((name, n) => !isOfGates(n) && name !== "tanh");
    const limit = this.float(node, "clip");
    return {
      ...(activation ? { activation } : {}),
      ...(gates ? { recurrent_activation: gates } : {}),
      ...(this.integer(node, "input_forget") === 1 ? { input_forget: true } : {}),
      ...clipped("clip", limit),
      ...(node.inputs[4] ? { has_lengths: true } : {}),
    };
  }

  /** @param {GraphNode} node @param {string} kind */
  addRecurrent(node, kind) {
    this.message.source.spend(LAYER_PARTS);
    const [input = "", weights = "", recurrentWeights = "", bias = ""] = node.inputs;
    const [output = "", last = "", ...cells] = node.outputs;
    const direction = node.attributes.get("direction");
    const way = (direction && first(direction, 4)?.text()) ?? "forward";
    const [matrix, recurrentMatrix] = [this.shape(weights), this.shape(recurrentWeights)];
    const isQuantized = node.type === QUANTIZED_LSTM; // whose matrices are transposed
    const isWrong = !isQuantized && matrix?.[1] && recurrentMatrix?.[1] && matrix[1] !== recurrentMatrix[1]; // an export of projections
    const features = (isWrong ? 0 : matrix?.[isQuantized ? 1 : 2]) || Math.max(0, this.shape(input)?.[2] ?? 0) || null;
    const layout = this.integer(node, "layout") ?? 0;
    const ofOutput = this.integer(node, "hidden_size") ?? recurrentMatrix?.[2] ?? null;
    const ofC = (kind === "lstm" && Math.max(0, this.shape(node.inputs[6] ?? "")?.[2] ?? 0)) || ofOutput;
    // ONNX has no projections. PyTorch's exporter writes their length as hidden_size: only the state c has num_units, and so have the matrices in the
    // file, of which the graph may take only some rows
    const isContradicting = ofC !== ofOutput;
    const isCut = !isQuantized && isContradicting && matrix?.[1] === 4 * (ofOutput ?? 0) && this.rowsIn([weights, recurrentWeights]) !== 4 * (ofC ?? 0);
    const found = recurrent(this.nameOf(node.name, node.outputs), kind, "onnx", {
      features,
      num_units: isCut ? null : ofC,
      num_proj: isContradicting ? ofOutput : 0,
      bidirectional: way === "bidirectional",
      go_backwards: way === "reverse",
      bias: bias !== "",
      layout,
      ...(isContradicting ? { contradicting: [ofOutput, ofC] } : {}),
      ...this.unusualOf(node, kind),
      ...(kind === "gru" ? { reset_after: this.integer(node, "linear_before_reset") === 1 } : {}),
      ...(kind === "lstm" ? { peepholes: (node.inputs[7] ?? "") !== "" } : {}),
    });
    this.setTypes(found, [weights, recurrentWeights, bias]);
    // of two directions the last states are not one vector
    const state = last && way !== "bidirectional" ? { last: [last] } : {};
    if (output && way !== "reverse") this.model.timeAxes.set(output, layout);
    if (way !== "bidirectional" && !layout) for (const each of [last, ...cells]) if (each) this.model.states.add(each);
    const initial = node.inputs.slice(5, 7).filter((name) => name && !this.constant(name));
    const directions = way === "bidirectional" ? 2 : 1;
    const given = this.shape(input) ?? [];
    if (!layout && given.length === 3 && ofOutput) {
      for (const each of [last, ...cells]) if (each && !this.shape(each)) this.shapes.set(each, [directions, given[1] ?? 0, ofOutput]);
    }
    const parameters = this.parametersOf(node.inputs.slice(5, 7));
    const own = [weights, recurrentWeights, bias, node.inputs[7] ?? ""].filter(Boolean); // with the weights of peepholes
    const shared = own.length > 1 && own.every((name) => this.constant(name)) ? { weights: this.weightsIn(own) } : {};
    const outputs = output ? [output] : [];
    this.model.operations.push({ type: "layer", layer: found, inputs: [input], outputs, initial, states: node.outputs.slice(1), hasDirections: output !== "", areStatesWhole: true, ...shared, ...state });
    if (parameters) this.model.operations.push({ type: "other", inputs: [], outputs: [], parameters });
  }

  /** @param {GraphNode} node @returns {Operation} */
  product(node) {
    const [input = "", weights = ""] = node.inputs;
    const bias = node.inputs[PRODUCTS.get(node.type) ?? Infinity] ?? "";
    const { outputs } = node;
    const shape = this.constant(weights)?.shape;
    const other = { type: /** @type {const} */ ("other"), inputs: [input, weights], outputs };
    if (shape?.length !== 2 || this.constant(input)) return other;
    const isTransposed = this.integer(node, "transB") === 1;
    const [features, num_units] = isTransposed ? [shape[1], shape[0]] : shape;
    const dense = layer(this.nameOf(node.name, outputs), "dense", "onnx", { features, num_units, bias: bias !== "" });
    if (node.type === "Gemm" || node.type === "MatMul") dense.operation = node.type;
    return { type: "product", layer: dense, inputs: [input], outputs, weights: this.weightsIn([weights]) };
  }
}
