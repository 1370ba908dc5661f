/**
 * ONNX: the layers of a model. Files that a model refers to are not read. Numbers of fields: onnx.proto.
 *
 * @typedef {import("../containers/protobuf.js").Message} Message
 * @typedef {import("./onnx_graph.js").ModelParts} ModelParts
 */

import { isStack } from "../layer.js";
import { LONGEST_EXPORTER_NAME } from "../limits.js";
import { functionOf } from "./onnx_messages.js";
import { mayBeLayer } from "./onnx_operations.js";
import { Graph } from "./onnx_graph.js";
import { layersOfOperations } from "../graphs/operations.js";
import { Message as AnyMessage } from "../containers/protobuf.js";
import { damaged, Refusal } from "../refusal.js";

/** Whether a file may be a model: its first field is the version of the format. @param {Uint8Array} start */
export const isOnnx = (start) => start[0] === 0x08 && (start[1] ?? 0) > 0 && (start[1] ?? 0) < 32;

/** @param {import("../containers/byte_source.js").ByteSource} source @returns {import("../layer.js").Model} */
export function modelOfOnnx(source) {
  const [META_GRAPH, GRAPH, FUNCTION] = [2, 7, 25];
  const [NODE, TYPE] = [1, 4]; // of a graph, and of a node
  const file = new AnyMessage(source);
  /** @type {ModelParts} */
  const model = { nodes: 0, operations: [], unknown: new Set(), functions: new Map(), calls: new Map(), timeAxes: new Map(), states: new Set(),
    stacks: new Map(), scales: new Set(), graphs: new Map(), defined: new Set(), carried: new Set(), loops: [], means: new Map(), centred: new Map(),
    lengths: new Map(), used: new Set(), added: new Map(), alike: [], copies: new Map(), joined: new Map(), sizes: new Map() };
  /** @type {Message | undefined} */
  let graph;
  let isSavedModel = false;
  for (const field of file.fields()) {
    isSavedModel ||= field.number === META_GRAPH && field.length > LONGEST_EXPORTER_NAME; // of ONNX, the name of the exporter
    if (field.number === GRAPH) graph = field.inner();
    else if (field.number === FUNCTION) model.functions.set(...functionOf(field.inner()));
  }
  if (!graph) throw isSavedModel ? new Refusal("fileSavedModel") : damaged("ONNX");
  const types = model.functions.size ? null : graph.texts(NODE, TYPE);
  if (types && !types.size && !graph.count(NODE)) throw new Refusal("fileNoOperations");
  if (types?.size && ![...types].some(mayBeLayer)) return { framework: "onnx", layers: [], unknown: [], isOrdered: true, loops: [] };
  const whole = new Graph(graph, null, model, { prefix: "", parameters: new Map(), given: new Map(), depth: 0 }).open();
  whole.read();
  for (const { layer: found, outputs: [output = ""], states = [] } of model.operations) {
    if (found && isStack(found) && !model.used.has(output)) found.onlyLast = states.some((state) => model.used.has(state));
  }
  /** @param {string} value */
  const graphOf = (value) => model.graphs.get(value) ?? whole;
  for (const [given, returned] of model.alike.reverse()) {
    const shape = graphOf(given).shape(given) ? undefined : graphOf(returned).shape(returned);
    if (shape) graphOf(given).shapes.set(given, shape);
  }
  const { loose, ...found } = layersOfOperations(model.operations, "onnx", (value) => graphOf(value).shape(value), whole.inputs.map((name) => [name, name]), [], whole.outputs);
  const numbers = new Set([...whole.constants.values()].flatMap(({ shape, type }) => (shape.length && type ? type : [])));
  const outside = [...whole.constants.values()].flatMap(({ outside }) => outside ?? []);
  const others = outside.length ? { outside: { count: outside.length, names: [...new Set(outside)] } } : {};
  return { framework: "onnx", unknown: [...model.unknown], isOrdered: true, ...others, isComplete: !loose, loops: model.loops, ...(numbers.size ? { types: [...numbers] } : {}), ...found };
}
