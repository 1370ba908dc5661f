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
import { isStack } from "../layer.js";
import { MOST_ONNX_LEVELS, MOST_ONNX_NODES, MOST_ONNX_NUMBERS } from "../limits.js";
import { constantOf, first, nodeOf } from "./onnx_messages.js";
import { followNode } from "./onnx_nodes.js";
import { Refusal } from "../refusal.js";

const INITIALIZER_PARTS = 7; // of an array, beside its fields
const FEWEST_INITIALIZER_FIELDS = 4; // with itself: a name, and the type and values of numbers without an axis
const AXIS_PARTS = 2; // of the length of an axis, beside its fields
const GRAPH_PARTS = 400; // of the graph in a node, beside its fields
const NODE_PARTS = 8; // of a node, beside its fields
const CALLED_NODE_PARTS = 24; // of one of a function, which is read at each call

/** What is read of a model.
 * @typedef {{nodes: number, operations: Operation[], unknown: Set<string>, functions: Map<string, ModelFunction>, calls: Map<string, number>,
 *   timeAxes: Map<string, number>, states: Set<string>, stacks: Map<string, string[]>, scales: Set<string>, graphs: Map<string, Graph>, defined: Set<string>, carried: Set<string>,
 *   loops: string[], means: Map<string, string>, centred: Map<string, string>, lengths: Map<string, number>, used: Set<string>, added: Map<string, number>, alike: [string, string][], copies: Map<string, string>, joined: Map<string, {axis: number, inputs: string[], lengths: number[]}>, sizes: Map<string, number | "shape" | "product" | "other">}} ModelParts nodes: how many were found; timeAxes: which axis is the time, by value;
 *   states: the last ones of layers with one direction; stacks: those of several layers in one tensor; scales: those of numbers that are quantized
 *   while the model runs; graphs: those in nodes, by their values; defined: the values of graphs in nodes; carried: the states of loops before a step; loops: the types of their nodes; means: the values of which others are the means; centred: the values without
 *   their means; lengths: those of axes that have names; used: the values that are inputs of nodes, or outputs of graphs; added: which axis of length 1 has been added last, by value; alike: what some
 *   operations get and return, which has the same axes; joined: what is put together along an axis, by the value of all; sizes: of what is computed from shapes, such as those that Reshape gets, what the first number is: the length of that axis of an input of the model, or a product */

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

  /** Whether a value is an input of the whole model. @param {string} name @returns {boolean} */
  isInput(name) {
    return this.around ? this.around.isInput(name) : this.inputs.includes(name);
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
        if (node.type !== "If") followNode(this, node);
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

  /** The names of constants, those of copies as of what they copy. @param {string[]} names */
  weightsIn(names) {
    return names.map((name) => this.model.copies.get(name) ?? name).join("\n");
  }

  /** The most rows of the matrices in the file from which constants are computed. @param {string[]} names */
  rowsIn(names) {
    const rows = names.map((name) => this.constant(name)).map((one) => one?.rows ?? (one?.shape.length === 2 ? one.shape[0] ?? 0 : 0));
    return Math.max(0, ...rows);
  }

  /** @param {string} name of a node @param {string[]} outputs */
  nameOf(name, outputs) {
    return name ? this.scope.prefix + name : outputs.find(Boolean) ?? "";
  }
}
