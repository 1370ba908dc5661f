/**
 * Which axes of what the nodes of an ONNX graph get are those of what they return.
 *
 * @typedef {import("./onnx_graph.js").Graph} Graph
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 */

import { MOST_ONNX_AXES } from "../limits.js";

/** Operations with windows over all axes after the batch and the channels, which stay. */
const WITH_WINDOWS = ["MaxPool", "AveragePool", "LpPool", "GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"];

/** Operations that return as many axes as they get, each for the one at its place. */
const SAME_PLACES = ["Concat", "CumSum", "Pad", "Resize", "Slice", "Split", "Tile", "TopK", "Trilu", "Upsample"];

/** Which axis of what a node gets each axis is of what it returns, -1 for one that is of none; undefined if nothing is known about them.
 * @param {Graph} graph @param {GraphNode} node @returns {number[] | undefined} */
export function keptAxes(graph, node) {
  const [input = "", other = ""] = node.inputs;
  const shape = graph.shape(input);
  const count = shape?.length ?? 0;
  if (!shape || count < 2 || count > MOST_ONNX_AXES) return undefined;
  const all = shape.map((_, axis) => axis);
  /** @param {number} axis */
  const placed = (axis) => (axis < 0 ? axis + count : axis);
  const { type } = node;
  if (WITH_WINDOWS.includes(type)) return all.map((axis) => (axis < 2 ? axis : -1));
  if (SAME_PLACES.includes(type)) return all;
  if (type === "Squeeze") {
    const dropped = graph.integers(node, "axes", 1)?.map(placed) ?? (shape.every((size) => size > 0) ? all.filter((axis) => shape[axis] === 1) : undefined);
    return dropped && all.filter((axis) => !dropped.includes(axis));
  }
  if (type === "Unsqueeze") {
    const added = graph.integers(node, "axes", 1);
    const length = count + (added?.length ?? 0);
    if (!added || length > MOST_ONNX_AXES) return undefined;
    const places = new Set(added.map((axis) => (axis < 0 ? axis + length : axis)));
    const rest = all.values();
    return Array.from({ length }, (_, n) => (places.has(n) ? -1 : Number(rest.next().value ?? -1)));
  }
  if (type === "Gather") {
    const [axis, constant] = [placed(graph.integer(node, "axis") ?? 0), graph.constant(other)];
    const places = constant && !constant.numbers() ? undefined : graph.shape(other); // of those that are computed the shape may not be known
    return places && count + places.length <= MOST_ONNX_AXES ? all.flatMap((one) => (one !== axis ? one : places.map(() => (places.length === 1 ? one : -1)))) : undefined;
  }
  if (type.startsWith("Reduce")) {
    const along = graph.integers(node, "axes", 1)?.map(placed);
    const isKept = (graph.integer(node, "keepdims") ?? 1) !== 0;
    return isKept ? all : along && all.filter((axis) => !along.includes(axis));
  }
  if (type === "Flatten") return placed(graph.integer(node, "axis") ?? 1) === 1 ? [0, -1] : undefined;
  if (type === "Expand") return graph.shape(node.outputs[0] ?? "")?.length === count || graph.constant(other)?.numbers()?.length === count ? all : undefined;
  return type === "Reshape" ? axesReshaped(shape, graph.constant(other)?.numbers() ?? graph.shape(node.outputs[0] ?? ""), Boolean(graph.integer(node, "allowzero"))) : undefined;
}

/** The axes that Reshape keeps: numbers are in the same order, so that the first ones stay as long as their lengths are the same; and all of them, if only
 * one may have another length than before.
 * @param {readonly number[]} given @param {readonly number[] | undefined} target @param {boolean} allowsZero @returns {number[] | undefined} */
function axesReshaped(given, target, allowsZero) {
  if (!target || target.length > MOST_ONNX_AXES || (allowsZero && target.includes(0))) return undefined;
  const isSame = (/** @type {number} */ axis) => axis < given.length && (target[axis] === 0 || ((given[axis] ?? 0) > 0 && target[axis] === given[axis]));
  const others = target.flatMap((_, axis) => (isSame(axis) ? [] : axis));
  const isWhole = target.length === given.length && others.length <= 1 && (target[others[0] ?? 0] ?? 0) <= 0;
  const [first = Infinity] = others;
  return target.map((_, axis) => (isWhole || axis < first ? axis : -1));
}
