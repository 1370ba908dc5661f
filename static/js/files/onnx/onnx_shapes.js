/**
 * The shapes of what the nodes of an ONNX graph return, which exporters need not write. A size that is not positive is not known.
 *
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 * @typedef {import("./onnx_graph.js").Graph} Graph
 */

import { MOST_ONNX_AXES } from "../limits.js";
import { first } from "./onnx_messages.js";
import { KINDS, MOVING, TYPES } from "./onnx_operations.js";
import { reversedAxis } from "./onnx_values.js";

/** @param {readonly number[]} sizes */
const product = (sizes) => sizes.reduce((all, size) => all * size, 1);

/** What a convolution or pooling returns: its windows move over all axes after the channels. @param {readonly number[]} given
 * @param {readonly number[]} kernel the sizes of a window @param {number} channels
 * @param {{strides?: readonly number[], pads?: readonly number[], dilations?: readonly number[]}} windows @returns {number[] | undefined} */
function shapeOfWindows([batch = 0, , ...sizes], kernel, channels, { strides, pads, dilations }) {
  if (!sizes.length || kernel.length !== sizes.length) return undefined;
  const after = sizes.map((size, n) => {
    const reach = (dilations?.[n] ?? 1) * ((kernel[n] ?? 1) - 1) + 1;
    const padded = size + (pads?.[n] ?? 0) + (pads?.[n + sizes.length] ?? 0);
    return size > 0 ? Math.max(0, Math.floor((padded - reach) / (strides?.[n] ?? 1)) + 1) : 0;
  });
  return [batch, channels, ...after];
}

/** What a recurrent layer returns of every step: each direction has an axis of its own. @param {readonly number[]} given @param {number} layout
 * @param {number} directions @param {number} units @returns {number[] | undefined} */
function shapeOfSteps(given, layout, directions, units) {
  const [one = 0, other = 0] = given;
  if (given.length !== 3) return undefined;
  return layout ? [one, other, directions, units] : [one, directions, other, units];
}

/** A shape after Reshape: 0 keeps a size, and -1 is what is left. @param {readonly number[] | undefined} given @param {readonly number[]} target
 * @returns {number[] | undefined} */
export function reshaped(given, target) {
  if (!given) return target.map((size) => Math.max(0, size));
  if (target.some((size, n) => size === 0 && n >= given.length)) return undefined;
  const rest = given.filter((_, n) => target[n] !== 0);
  const left = rest.every((size) => size > 0) ? product(rest) / product(target.filter((size) => size > 0)) : 0;
  return target.map((size, n) => (size === 0 ? given[n] ?? 0 : size > 0 ? size : Number.isInteger(left) ? left : 0));
}

/** The shape of an output that is computed from weights. @param {Graph} graph @param {GraphNode} node @returns {number[] | undefined} */
export function shapeAfter(graph, node) {
  if (!MOVING.includes(TYPES[node.type] ?? "other")) return undefined;
  const shapes = node.inputs.map((name) => graph.shape(name));
  const shape = node.type === "Concat" ? shapes.find(Boolean) : shapes[0];
  if (!shape) return undefined;
  const axes = () => graph.integers(node, "axes", 1)?.map((axis) => (axis < 0 ? axis + shape.length : axis));
  switch (node.type) {
    case "Identity":
    case "Cast":
    case "DequantizeLinear":
      return shape;
    case "Transpose": {
      const order = graph.integers(node, "perm", 9) ?? shape.map((_, n) => shape.length - 1 - n);
      return order.map((axis) => shape[axis] ?? 0);
    }
    case "Squeeze": {
      const dropped = axes() ?? shape.flatMap((size, n) => (size === 1 ? n : []));
      return shape.filter((_, n) => !dropped.includes(n));
    }
    case "Unsqueeze": {
      const given = graph.integers(node, "axes", 1) ?? [];
      if (shape.length + given.length > MOST_ONNX_AXES) return undefined;
      const added = given.map((axis, _, all) => (axis < 0 ? axis + shape.length + all.length : axis));
      const places = new Set(added);
      const rest = shape.values();
      return Array.from({ length: shape.length + places.size }, (_, n) => (places.has(n) ? 1 : Number(rest.next().value ?? 0)));
    }
    case "Split": {
      const axis = graph.integer(node, "axis") ?? 0;
      const sizes = new Set(graph.integers(node, "split", 1) ?? [Math.max(0, shape.at(axis) ?? 0) / node.outputs.length]);
      const at = axis < 0 ? axis + shape.length : axis;
      return sizes.size === 1 ? shape.map((size, n) => (n === at ? [...sizes][0] ?? 0 : size)) : undefined;
    }
    case "Concat": {
      const axis = graph.integer(node, "axis") ?? 0;
      const at = axis < 0 ? axis + shape.length : axis;
      const fits = (/** @type {number} */ size, /** @type {number} */ n) => n === at || size <= 0 || (shape[n] ?? 0) <= 0 || size === shape[n];
      if (shapes.some((one) => one && (one.length !== shape.length || !one.every(fits)))) return undefined;
      const lengths = shapes.map((one) => one?.[at] ?? 0);
      const length = lengths.every((one) => one > 0) ? lengths.reduce((sum, one) => sum + one, 0) : 0;
      return shape.map((size, n) => (n === at ? length : size || (shapes.find((one) => one?.[n])?.[n] ?? 0))); // all have the other axes
    }
    case "Slice": {
      if (reversedAxis(graph, node) !== undefined) return shape;
      const [starts, ends] = [graph.integers(node, "starts", 1), graph.integers(node, "ends", 2)];
      const along = graph.integers(node, "axes", 3) ?? starts?.map((_, n) => n);
      if (!starts || !ends || !along || graph.integers(node, "steps", 4)?.some((step) => step !== 1)) return undefined;
      return shape.map((size, n) => {
        const at = along.findIndex((axis) => (axis < 0 ? axis + shape.length : axis) === n);
        const place = (/** @type {number} */ index) => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
        return at < 0 ? size : size <= 0 ? 0 : Math.max(0, place(ends[at] ?? size) - place(starts[at] ?? 0));
      });
    }
  }
  return undefined;
}

/** The shape of what a layer returns, or an operation on each number, if the file does not say it. @param {Graph} graph @param {GraphNode} node
 * @returns {number[] | undefined} */
export function shapeOfLayer(graph, node) {
  const [output = ""] = node.outputs;
  const values = node.inputs.filter((name) => name && !graph.constant(name));
  const type = TYPES[node.type] ?? "other";
  const given = graph.shape(values[0] ?? "");
  const weights = graph.constant(node.inputs[1] ?? "")?.shape ?? [];
  if (!output || graph.shape(output)) return undefined;
  if (node.type === "Reshape") {
    const target = graph.constant(node.inputs[1] ?? "")?.numbers() ?? [];
    return target.length && !graph.integer(node, "allowzero") ? reshaped(given, target) : undefined;
  }
  if (!given) return undefined;
  if (KINDS.has(node.type)) {
    const direction = node.attributes.get("direction");
    const isBoth = direction && first(direction, 4)?.text() === "bidirectional";
    const units = graph.integer(node, "hidden_size") ?? graph.shape(node.inputs[2] ?? "")?.[2] ?? 0;
    return shapeOfSteps(given, graph.integer(node, "layout") ?? 0, isBoth ? 2 : 1, units);
  }
  if (node.type === "MatMul" || (node.type === "Gemm" && !graph.integer(node, "transA"))) {
    const units = weights[graph.integer(node, "transB") === 1 ? 0 : 1] ?? 0;
    return weights.length === 2 && given.length > 1 && values[0] === node.inputs[0] ? [...given.slice(0, -1), units] : undefined;
  }
  if (node.type === "Conv" || node.type === "MaxPool" || node.type === "AveragePool") {
    const isPool = node.type !== "Conv";
    const kernel = isPool ? graph.integers(node, "kernel_shape", Infinity) ?? [] : weights.slice(2);
    const [strides, pads, dilations] = ["strides", "pads", "dilations"].map((name) => graph.integers(node, name, Infinity));
    const isOther = node.attributes.has("auto_pad") || graph.integer(node, "ceil_mode") === 1;
    return isOther ? undefined : shapeOfWindows(given, kernel, isPool ? given[1] ?? 0 : weights[0] ?? 0, { strides, pads, dilations });
  }
  const isOfEach = ["normalize", "gate", "activation", "clip"].includes(type);
  const [constant, ...others] = ["add", "multiply", "subtract"].includes(type) ? node.inputs.filter((name) => name && graph.constant(name)) : [];
  const size = constant && !others.length ? vectorOf(graph.constant(constant)?.shape ?? []) ?? (graph.constant(constant)?.shape.length ? undefined : 1) : undefined;
  return isOfEach || (values.length === 1 && size !== undefined && (size === 1 || size === given.at(-1))) ? [...given] : undefined;
}

/** The length of an array with one axis, apart from those of length 1. @param {number[]} shape */
export function vectorOf(shape) {
  const length = shape.at(-1);
  return shape.slice(0, -1).every((size) => size === 1) ? length : undefined;
}
