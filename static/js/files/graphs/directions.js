/**
 * The directions of layers in a graph: a layer whose input is reversed runs backwards, and two layers with the same input, one of which
 * is reversed, are one layer with two directions if their outputs are merged.
 *
 * @typedef {import("./operations.js").Operation} Operation
 */

import { Equations } from "./cells_in_graphs.js";
import { isStack } from "../layer.js";

/** @param {Operation} one @param {Operation} other */
const areAlike = ({ layer: one }, { layer: other }) =>
  one?.kind === other?.kind && ["features", "num_units", "num_proj", "bias"].every((name) => one?.config[name] === other?.config[name]);

/** How the outputs of two directions are merged. @type {Map<string, string>} */
const MERGES = new Map([
  ["join", "concat"],
  ["add", "sum"],
  ["multiply", "mul"],
]);

/** Sums of which nothing but the half goes on, with what makes that. @param {Operation[]} operations @param {Equations} graph
 * @returns {Map<Operation, Operation>} */
function halvesOf(operations, graph) {
  /** @type {Map<Operation, Operation>} */
  const halves = new Map();
  for (const one of operations) {
    const sum = one.factor === 0.5 ? graph.at(one.inputs[0]) : undefined;
    if (sum?.type === "add") halves.set(sum, one);
  }
  return halves;
}

/** @param {Operation[]} operations @returns {Operation[]} */
export function withDirections(operations) {
  if (!operations.some(({ type, isBackwards }) => type === "reverse" || isBackwards)) return operations;
  const graph = new Equations(operations);
  for (const { layer, inputs, isBackwards } of operations) {
    if (layer && isStack(layer) && (isBackwards || graph.at(inputs[0])?.type === "reverse")) layer.config.go_backwards = true;
  }
  const halves = halvesOf(operations, graph);
  /** @type {Set<Operation>} */
  const merged = new Set();
  for (const operation of operations) {
    const { type, inputs } = operation;
    const half = halves.get(operation);
    const merge_mode = half ? "ave" : MERGES.get(type);
    const [output = ""] = (half ?? operation).outputs;
    const both = merge_mode && inputs.length === 2 ? inputs.map((value) => graph.at(value, ["keep", "part", "reverse"])) : [];
    const [one, other] = both[1]?.layer?.config.go_backwards ? both : both.reverse();
    if (!one?.layer || !other?.layer || !isStack(one.layer) || !areAlike(one, other) || one === other) continue;
    const isSame = graph.source(one.inputs[0]) === graph.source(other.inputs[0], ["keep", "reverse"]);
    if (!isSame || one.layer.config.go_backwards || !other.layer.config.go_backwards) continue;
    const counts = [one, other].map(({ layer }) => layer?.config.parameters);
    const parameters = counts.includes(undefined) ? undefined : counts[0] + counts[1];
    if (one.layer.name !== other.layer.name) one.layer.directionsOf = [one.layer.name, other.layer.name];
    Object.assign(one.layer.config, { bidirectional: true, merge_mode, ...(parameters === undefined ? {} : { parameters }) });
    const types = [one, other].flatMap(({ layer }) => layer?.types ?? []);
    if (types.length) one.layer.types = [...new Set(types)];
    const isLast = inputs.every((value) => graph.at(value)?.isLast || [one, other].some(({ last }) => last?.includes(graph.source(value))));
    if (isLast) one.last = [output];
    else one.outputs = [...one.outputs, output];
    merged.add(other);
  }
  return operations.filter((operation) => !merged.has(operation));
}
