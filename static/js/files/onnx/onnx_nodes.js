/**
 * The nodes of an ONNX graph as operations, in the terms of all graphs.
 *
 * @typedef {import("./onnx_graph.js").Graph} Graph
 * @typedef {import("./onnx_messages.js").GraphNode} GraphNode
 * @typedef {import("../graphs/operations.js").Operation} Operation
 */

import { numbersIn } from "../layer.js";
import { MOST_ONNX_AXES } from "../limits.js";
import { addRecurrent, convolutionOrNormalization, embedding, parametersOf, product, setTypes } from "./onnx_layers.js";
import { keptAxes } from "./onnx_axes.js";
import { CONVOLUTIONS, KINDS, OF_EACH, PRODUCTS, SAME_AXES, TYPES, unquantized } from "./onnx_operations.js";
import { shapeAfter, shapeOfLayer, vectorOf } from "./onnx_shapes.js";
import { axisOf, chosenBy, followAxis, followJoins, followSizes, followStates, followTime, isLast, joinsBatch, normalized, orderOf, reversedAxis, stateIn, stateOfSlice } from "./onnx_values.js";

/** Note what a node returns: constants, or what an operation or a layer computes. @param {Graph} graph @param {GraphNode} given */
export function followNode(graph, given) {
  const node = unquantized(given);
  const kind = KINDS.get(node.type);
  const [output = ""] = node.outputs;
  followTime(graph, node);
  followSizes(graph, node);
  const isConstant = node.inputs.every((name) => !name || graph.constant(name));
  const shape = shapeAfter(graph, node) ?? (isConstant ? undefined : shapeOfLayer(graph, node));
  if (kind) addRecurrent(graph, node, kind);
  else if (!isConstant) graph.model.operations.push(noted(graph, node, operation(graph, node)));
  const isKnown = shape !== undefined && shape.length <= MOST_ONNX_AXES;
  if (isConstant && node.type === "Identity") graph.model.copies.set(output, graph.weightsIn(node.inputs));
  if (isConstant) for (const each of node.outputs) graph.constants.set(each, { shape: isKnown ? shape : [], numbers: () => undefined, type: graph.constant(node.inputs[0] ?? "")?.type, rows: graph.rowsIn(node.inputs) });
  else if (isKnown && output) graph.shapes.set(output, shape);
}

/** An operation; what it gets and returns has the same axes if it computes each number alone. @param {Graph} graph @param {GraphNode} node @param {Operation} operation */
function noted(graph, node, operation) {
  const { type, inputs, outputs, size } = operation;
  const isScaled = type === "scale" && node.inputs.some((name) => graph.model.scales.has(name));
  const isAlone = SAME_AXES.includes(node.type) || isScaled || ((type === "bias" || type === "scale") && size) || type === "activation";
  if (isAlone && inputs[0] && outputs[0]) graph.model.alike.push([inputs[0], outputs[0]]);
  if (operation.layer) setTypes(graph, operation.layer, node.inputs);
  const parameters = operation.layer ? 0 : parametersOf(graph, node.inputs);
  const others = node.type === "Shape" || node.type === "Size" ? [] : node.inputs.filter((name) => name && !inputs.includes(name) && !graph.constant(name));
  const axes = operation.layer ? undefined : keptAxes(graph, node);
  const counted = { ...operation, ...(axes ? { axes } : {}), ...(parameters ? { parameters } : {}), ...(others.length ? { beside: others } : {}) };
  const isUnnamed = isAlone && type !== "activation" && !((type === "scale" || type === "bias") && !isScaled);
  return isUnnamed || operation.layer ? counted : { ...counted, operator: node.type };
}

/** A node that is no recurrent layer. @param {Graph} graph @param {GraphNode} node @returns {Operation} */
function operation(graph, node) {
  const inputs = node.inputs.map((name) => (graph.constant(name) ? "" : name));
  const values = inputs.filter(Boolean);
  const [constant] = node.inputs.filter((name) => graph.constant(name));
  const { outputs } = node;
  const type = TYPES[node.type] ?? "other";
  if (node.type === "Shape" || node.type === "Size") return { type, inputs: [], outputs }; // depends on no value
  if (PRODUCTS.has(node.type)) return product(graph, node);
  const found = CONVOLUTIONS.has(node.type) || type === "normalize" ? convolutionOrNormalization(graph, node, inputs) : undefined;
  if (found) return found;
  followStates(graph, node, inputs, outputs);
  const centred = normalized(graph, node);
  if (centred) return { type: "normalize", inputs: [centred], outputs };
  followJoins(graph, node);
  const chosen = chosenBy(graph, node);
  const state = node.type === "Gather" && !graph.integer(node, "axis") ? stateIn(graph, node) : stateOfSlice(graph, node);
  if (state) return { type: "keep", inputs: [state], outputs };
  if (chosen) return { type: "part", inputs: chosen, outputs };
  if (type === "multiply" && values.some((name) => graph.model.scales.has(name))) {
    const [value, ...others] = values.filter((name) => !graph.model.scales.has(name));
    if (value && !others.length) return { type: "scale", inputs: [value], outputs };
    if (!value) graph.model.scales.add(outputs[0] ?? "");
  }
  // with a mask: a step that counts, or the state before it
  if (node.type === "Where" && (!inputs[2] || graph.model.carried.has(inputs[2]))) return { type: "keep", inputs: inputs.slice(1, 2), outputs };
  if (node.type === "Where") return { type, inputs, outputs, masked: inputs.slice(1, 3) };
  const reversed = reversedAxis(graph, node);
  if (reversed !== undefined) return { type: "reverse", inputs: inputs.slice(0, 1), outputs, axis: reversed };
  if (node.type === "DynamicQuantizeLinear") graph.model.scales.add(outputs[1] ?? "");
  if ((node.type === "Gather" || node.type === "Slice") && isLast(graph, node)) return { type: "part", inputs: inputs.slice(0, 1), outputs, isLast: true, ...axisOf(graph, node) };
  if (followAxis(graph, node)) return { type: "keep", inputs: inputs.slice(0, 1), outputs };
  if (node.type === "Gather" && !inputs[0] && inputs[1]) return embedding(graph, node);
  if (type === "keep" || type === "clip") return { type, inputs: inputs.slice(0, 1), outputs, ...orderOf(graph, node), ...joinsBatch(graph, node) };
  const factor = factorOf(graph, node);
  if (node.type === "Div" && factor && values.length === 1) return { type: "scale", inputs: values, outputs, factor };
  if ((type === "add" || type === "multiply") && constant && values.length === 1) {
    const size = vectorOf(graph.constant(constant)?.shape ?? []);
    return { type: type === "add" ? "bias" : "scale", inputs: values, outputs, name: graph.nameOf(node.name, outputs), ...(size ? { size } : {}), ...(size && !graph.model.scales.has(values[0] ?? "") ? { constant: graph.weightsIn([constant]) } : {}), ...(factor ? { factor } : {}) };
  }
  if (type === "join" || type === "part") {
    const isWhole = type === "join" ? inputs.length === 1 : node.type === "Split" && outputs.length === 1;
    return { type: isWhole ? "keep" : type, inputs: type === "join" ? inputs : inputs.slice(0, 1), outputs, ...(isWhole ? {} : axisOf(graph, node)) };
  }
  return { type, inputs, outputs, ...(OF_EACH.includes(node.type) ? { isOfEach: true } : {}), ...(type === "activation" || node.type === "HardSigmoid" ? { function: node.type.toLowerCase() } : {}) };
}

/** The number with which a node multiplies all numbers, if it does nothing else. @param {Graph} graph @param {GraphNode} node */
function factorOf(graph, { type, inputs }) {
  const isDivision = type === "Div";
  const constant = (isDivision ? inputs.slice(1) : type === "Mul" ? inputs : []).map((name) => graph.constant(name)).find(Boolean);
  const number = constant && numbersIn([constant.shape]) === 1 ? constant.float?.() : undefined;
  return number && isDivision ? 1 / number : number;
}
