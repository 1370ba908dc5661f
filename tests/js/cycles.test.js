/** In no model something is computed from its own result. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { ByteSource } = await import("../../static/js/files/containers/byte_source.js");
const { readModel } = await import("../../static/js/files/layers_of_file.js");
const { refuseCycles } = await import("../../static/js/files/graphs/cycles.js");

const bytes = (value) => [...value].map((character) => character.charCodeAt(0));
const field = (number, inner) => [8 * number + 2, inner.length, ...inner];
const node = (type, input, output) => field(1, [...field(1, bytes(input)), ...field(2, bytes(output)), ...field(4, bytes(type))]);
const onnx = (...nodes) => [0x08, 8, ...field(7, nodes.flat())];

const lstm = (name, ...uses) => ({ class_name: "LSTM", name, config: { name, units: 4 }, inbound_nodes: uses.map(([from, use]) => [[from, use, 0, {}]]) });
const keras = (...layers) => bytes(JSON.stringify({ class_name: "Functional", config: { layers, output_layers: [[layers.at(-1).name, 0, 0]] } }));

/** Why a file is refused, and the name in the reason. */
async function refused(content) {
  return readModel(ByteSource.from(Uint8Array.from(content))).then(() => [], ({ reason, values }) => [reason, values.name]);
}

test("a cycle of operations or of layers is refused with the name of one in it", async () => {
  assert.deepEqual(await refused(onnx(node("LSTM", "a", "b"), node("Relu", "b", "a"))), ["fileCyclic", "LSTM"]);
  assert.deepEqual(await refused(keras(lstm("a", ["b", 0]), lstm("b", ["a", 0]), lstm("c", ["b", 0]))), ["fileCyclic", "a"]);
  assert.deepEqual(await refused(keras(lstm("c", ["c", 0]))), ["fileCyclic", "c"]);
});

test("operations in another order, and a layer that is used again, are no cycle", async () => {
  assert.deepEqual(await refused(onnx(node("Relu", "b", "c"), node("LSTM", "a", "b"))), []);
  assert.deepEqual(await refused(keras(lstm("x"), lstm("a", ["x", 0], ["b", 0]), lstm("b", ["a", 0]))), []);
});

test("the name is that of a node in the cycle, not of one after it", () => {
  const sources = [[], [0, 3], [1], [2], [3], [4]];
  assert.throws(() => refuseCycles(sources, String), ({ values }) => ["1", "2", "3"].includes(values.name));
  assert.doesNotThrow(() => refuseCycles([[1, 2], [2], []], String));
});

test("a name that no layer has is refused", async () => {
  assert.deepEqual(await refused(keras(lstm("a".repeat(601)))), ["fileParts", undefined]);
});
