/**
 * TFLite: the operations of a model with the shapes of their weights. Numbers of fields and operations: schema.fbs of TensorFlow Lite.
 *
 * @typedef {import("./flatbuffer.js").Table} Table
 */

import { rootOf } from "./flatbuffer.js";
import { Flow } from "./flow.js";
import { layer, recurrent } from "./layer.js";

export const IDENTIFIER = "TFL3"; // after the first four bytes

const [EMBEDDING_LOOKUP, FULLY_CONNECTED, GATHER] = [7, 9, 36];

/** Operations with the weights of LSTMs, one array for each gate; whether they have two directions. */
const LSTMS = new Map([
  [16, false],
  [44, false],
  [52, true],
]);

/** The same of simple RNNs. */
const RNNS = new Map([
  [24, false],
  [35, false],
  [46, true],
]);

/** Operations that change nothing but axes, and activations. */
// add, logistic, relu, reshape, softmax, tanh, transpose, squeeze, cast, expand_dims
const KEEPING = new Set([0, 14, 19, 22, 25, 28, 39, 43, 53, 70]);

/** @param {import("./byte_source.js").ByteSource} source @returns {import("./layer.js").Model} */
export function modelOfTflite(source) {
  const [OPERATION_CODES, GRAPHS, BUFFERS] = [1, 2, 4];
  const root = rootOf(source);
  for (const buffer of root.tables(BUFFERS)) source.check(...buffer.list(0));
  const codes = root.tables(OPERATION_CODES).map((code) => Math.max(code.byte(0), code.integer(3)));
  const flow = new Flow();
  for (const [n, graph] of root.tables(GRAPHS).entries()) follow(graph, n, codes, flow);
  return { framework: "keras", layers: flow.layers(), unknown: [], isOrdered: true };
}

/** @param {Table} graph @param {number} index @param {number[]} codes @param {Flow} flow */
function follow(graph, index, codes, flow) {
  const [TENSORS, OPERATIONS] = [0, 3];
  const tensors = graph.tables(TENSORS);
  /** @param {number} n @returns {number[]} */
  const shape = (n) => tensors[n]?.integers(0) ?? [];
  /** @param {number | undefined} n */
  const value = (n) => `${index} ${n}`;
  for (const operation of graph.tables(OPERATIONS)) {
    const code = codes[operation.integer(0)] ?? -1;
    const inputs = operation.integers(1);
    const [output = -1] = operation.integers(2);
    const [input = -1, weights = -1] = inputs;
    const name = tensors[output]?.text(3) ?? "";
    if (LSTMS.has(code)) {
      const [num_units = null, features = null] = shape(inputs[2] ?? -1);
      const isProjected = !LSTMS.get(code) && (inputs[16] ?? -1) >= 0;
      const num_proj = isProjected ? (shape(inputs[16] ?? -1)[0] ?? null) : 0;
      const config = { features, num_units, num_proj, bidirectional: LSTMS.get(code), merge_mode: LSTMS.get(code) ? "concat" : null };
      flow.add(recurrent(name, code === 16 ? "lstm_cell" : "lstm", "keras", config), value(input), [value(output)]);
    } else if (RNNS.has(code)) {
      const [num_units = null, features = null] = shape(weights);
      const config = { features, num_units, bidirectional: RNNS.get(code), merge_mode: RNNS.get(code) ? "concat" : null };
      flow.add(recurrent(name, code === 24 ? "rnn_cell" : "rnn", "keras", config), value(input), [value(output)]);
    } else if (code === FULLY_CONNECTED) {
      const [num_units, features] = shape(weights);
      flow.add(layer(name, "dense", "keras", { features, num_units, bias: (inputs[2] ?? -1) >= 0 }), value(input), [value(output)]);
    } else if (code === EMBEDDING_LOOKUP || (code === GATHER && shape(input).length === 2)) {
      const [table, ids] = code === GATHER ? [input, weights] : [weights, input];
      const [features, num_units] = shape(table);
      flow.add(layer(name, "embedding", "keras", { features, num_units }), value(ids), [value(output)]);
    } else if (KEEPING.has(code)) flow.keep(value(input), value(output));
  }
}
