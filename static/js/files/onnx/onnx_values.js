/**
 * The values of an ONNX graph: which of their axes is the time, which are the last states of layers and which are joined from others; and what nodes take of them.
 *
 * @typedef {import("./onnx_graph.js").Graph} Graph
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 */

import { SAME_AXES } from "./onnx_operations.js";

const LARGEST_INT32 = 2 ** 31 - 1; // exporters write it or a larger one for the end of an axis whose length they do not know

/** Note which axis of the output is the time, if the input has it. @param {Graph} graph @param {GraphNode} node */
export function followTime(graph, node) {
  const { timeAxes } = graph.model;
  const [input = "", output = ""] = [node.inputs[0], node.outputs[0]];
  if (node.type === "Concat" && areSteps(graph, node)) timeAxes.set(output, graph.integer(node, "axis") ?? 0);
  const at = timeAxes.get(input);
  if (at === undefined) return;
  const isBefore = (/** @type {number} */ axis) => axis >= 0 && axis < at;
  if (node.type === "Transpose") timeAxes.set(output, graph.integers(node, "perm", 9)?.indexOf(at) ?? -1);
  else if (node.type === "Squeeze") timeAxes.set(output, at - (graph.integers(node, "axes", 1) ?? []).filter(isBefore).length);
  else if (SAME_AXES.includes(node.type) || (node.type === "Reshape" && at === 0)) timeAxes.set(output, at);
}

/** Whether a node puts steps after one another, each with an axis of length 1 for it. @param {Graph} graph @param {GraphNode} node */
function areSteps(graph, node) {
  const axis = graph.integer(node, "axis") ?? 0;
  return node.inputs.length > 1 && node.inputs.every((name) => graph.shape(name)?.length === 3 && graph.shape(name)?.[axis] === 1);
}

/** Whether a node takes the last step of a sequence. @param {Graph} graph @param {GraphNode} node */
export function isLast(graph, node) {
  const [input = ""] = node.inputs;
  const isSlice = node.type === "Slice";
  const [at, ...others] = graph.integers(node, "starts", 1) ?? [];
  const [axis] = isSlice ? graph.integers(node, "axes", 3) ?? [] : [graph.integer(node, "axis") ?? 0];
  const isEnd = at === -1 || (at !== undefined && axis !== undefined && at === (graph.shape(input)?.[axis] ?? 0) - 1);
  return isEnd && !others.length && graph.model.timeAxes.get(input) === axis;
}

/** Note the last states of layers, alone or in one tensor. @param {Graph} graph @param {GraphNode} node @param {string[]} inputs @param {string[]} outputs */
export function followStates(graph, node, inputs, [output = ""]) {
  const { states, stacks } = graph.model;
  const [input = ""] = inputs;
  const isFirstAxis = !graph.integer(node, "axis");
  if (node.type === "Concat" && isFirstAxis && inputs.every((name) => states.has(name))) stacks.set(output, inputs);
  if (!SAME_AXES.includes(node.type)) return;
  const stack = stacks.get(input);
  if (stack) stacks.set(output, stack);
  if (states.has(input)) states.add(output);
}

/** The last state of one layer, of those of one or several layers in the direction that they have. @param {Graph} graph @param {GraphNode} node */
export function stateIn(graph, { inputs: [input = "", index = ""] }) {
  const { states, stacks } = graph.model;
  const [at = 0, ...others] = graph.constant(index)?.numbers() ?? [];
  return states.has(input) ? input : others.length ? undefined : stacks.get(input)?.at(at);
}

/** The last state of one layer, if a slice of those of several layers has only that. @param {Graph} graph @param {GraphNode} node */
export function stateOfSlice(graph, node) {
  const stack = node.type === "Slice" ? graph.model.stacks.get(node.inputs[0] ?? "") : undefined;
  const [starts, ends, axes] = ["starts", "ends", "axes"].map((name, n) => graph.integers(node, name, n + 1));
  if (!stack || (axes ?? [0]).join() !== "0" || (graph.integers(node, "steps", 4) ?? [1]).join() !== "1") return undefined;
  const [state, ...others] = stack.slice(starts?.[0], ends?.[0]);
  if (!state || others.length) return undefined;
  graph.model.states.add(node.outputs[0] ?? "");
  return state;
}

/** Note what is put together, and along which axis. @param {Graph} graph @param {GraphNode} node */
export function followJoins(graph, node) {
  const { joined } = graph.model;
  const { type, inputs, outputs: [output = ""] } = node;
  const before = SAME_AXES.includes(type) ? joined.get(inputs[0] ?? "") : undefined;
  if (before) joined.set(output, before);
  if (type !== "Concat") return;
  const said = graph.integer(node, "axis") ?? 0;
  const shapes = inputs.map((name) => graph.shape(name));
  const axis = said < 0 ? said + (shapes[0]?.length ?? NaN) : said;
  const lengths = shapes.map((shape) => shape?.[axis] ?? 0);
  if (lengths.every((length) => length > 0)) joined.set(output, { axis, inputs, lengths });
}

/** The values from which a node with constant places takes something, of those that are put together along the same axis. @param {Graph} graph @param {GraphNode} node
 * @returns {string[] | undefined} */
export function chosenBy(graph, node) {
  const all = graph.model.joined.get(node.inputs[0] ?? "");
  const isSlice = node.type === "Slice";
  if (!all || (node.type !== "Gather" && !isSlice)) return undefined;
  const axes = isSlice ? graph.integers(node, "axes", 3) ?? [0] : [graph.integer(node, "axis") ?? 0];
  const [starts = [], ends = []] = isSlice ? ["starts", "ends"].map((name, n) => graph.integers(node, name, n + 1)) : [graph.constant(node.inputs[1] ?? "")?.numbers()];
  const count = all.lengths.reduce((sum, length) => sum + length, 0);
  const place = (/** @type {number} */ at) => Math.min(Math.max(at < 0 ? at + count : at, 0), count);
  const [start, end] = [starts[0], isSlice ? ends[0] : (starts[0] ?? 0) < 0 ? (starts[0] ?? 0) + count + 1 : (starts[0] ?? 0) + 1];
  const isOne = axes.length === 1 && axes[0] === all.axis && starts.length === 1 && (graph.integers(node, "steps", isSlice ? 4 : Infinity) ?? [1]).join() === "1";
  if (!isOne || start === undefined || end === undefined) return undefined;
  let begin = 0;
  const chosen = all.inputs.filter((_, n) => {
    const from = begin;
    begin += all.lengths[n] ?? 0;
    return from < place(end) && begin > place(start);
  });
  return chosen.length && chosen.length < all.inputs.length ? chosen : undefined;
}

/** Note which axis of length 1 a node adds, and whether it takes that away again, with what is at its only place. @param {Graph} graph @param {GraphNode} node */
export function followAxis(graph, node) {
  const { added } = graph.model;
  const { type, inputs, outputs: [output = ""] } = node;
  const [input = "", places = ""] = inputs;
  const [axis, ...others] = type === "Unsqueeze" ? graph.integers(node, "axes", 1) ?? [] : [];
  if (axis !== undefined && !others.length) added.set(output, axis);
  const before = added.get(input);
  const along = graph.integer(node, "axis") ?? 0;
  if (before !== undefined && (SAME_AXES.includes(type) || (type === "Concat" && inputs.length === 1))) added.set(output, before);
  return type === "Gather" && before === along && graph.constant(places)?.shape.length === 0 && ["0", "-1"].includes(String(graph.constant(places)?.numbers()));
}

/** Along which axis a node takes a part, or joins several, if these are not parts of each vector. @param {Graph} graph @param {GraphNode} node @returns {{axis?: number}} */
export function axisOf(graph, node) {
  const [axis = -1, ...others] = node.type === "Slice" ? graph.integers(node, "axes", 3) ?? [] : [graph.integer(node, "axis") ?? 0];
  const count = graph.shape(node.inputs[0] ?? "")?.length ?? 2;
  return axis < 0 || axis >= count - 1 || others.length ? {} : { axis };
}

/** How a node moves axes, if it does nothing else. @param {Graph} graph @param {GraphNode} node @returns {{order?: number[]}} */
export function orderOf(graph, node) {
  const order = node.type === "Transpose" ? graph.integers(node, "perm", 9) : undefined;
  return order ? { order } : {};
}

/** The axis along which a node reverses its input, unless that is known to be the axis of the vectors. @param {Graph} graph @param {GraphNode} node */
export function reversedAxis(graph, node) {
  if (node.type !== "Slice") return undefined;
  const [start, end, step] = ["starts", "ends", "steps"].map((name, n) => graph.integers(node, name, [1, 2, 4][n] ?? 0)?.join());
  const [axis = 0, ...others] = graph.integers(node, "axes", 3) ?? [0];
  const shape = graph.shape(node.inputs[0] ?? "");
  const [length, last] = [shape?.[axis] || LARGEST_INT32 - 1, shape ? shape.length - 1 : Infinity];
  return step === "-1" && start === "-1" && Number(end) < -length && !others.length && axis >= 0 && axis < last ? axis : undefined;
}

/** The vectors of a normalization that is written as operations: (x - mean) / deviation. @param {Graph} graph @param {GraphNode} node */
export function normalized(graph, { type, inputs: [input = "", other = ""], outputs: [output = ""] }) {
  const { means, centred } = graph.model;
  if (type === "ReduceMean") means.set(output, input);
  else if (type === "Sub" && means.get(other) === input) centred.set(output, input);
  return type === "Div" ? centred.get(input) : undefined;
}

/** Note what the first number is of what a node computes from the shapes of values. @param {Graph} graph @param {GraphNode} node */
export function followSizes(graph, { type, inputs: [input = "", ...others], outputs: [output = ""] }) {
  const { sizes } = graph.model;
  const before = sizes.get(input);
  if (type === "Shape") sizes.set(output, graph.isInput(input) ? "shape" : "other");
  else if (type === "Mul" && [input, ...others].some((name) => sizes.has(name))) sizes.set(output, "product");
  else if (before === undefined) return;
  else if (type === "Gather" && before === "shape") sizes.set(output, graph.constant(others[0] ?? "")?.numbers()?.[0] ?? "other");
  else if (["Cast", "Concat", "Identity", "Reshape", "Squeeze", "Unsqueeze"].includes(type)) sizes.set(output, before);
}

/** Whether a node joins the first axis with others, or makes an axis of its own again of it; undefined if that is not known. @param {Graph} graph @param {GraphNode} node
 * @returns {{joins?: boolean}} */
export function joinsBatch(graph, { type, inputs: [, target = ""] }) {
  const first = type === "Reshape" ? graph.model.sizes.get(target) : undefined;
  return first === "product" ? { joins: true } : first === 0 ? { joins: false } : {};
}
