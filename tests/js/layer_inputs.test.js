/** From which layers and inputs the layers of a file read. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { layersOfOperations } = await import("../../static/js/files/operations.js");
const { modelOfConfig } = await import("../../static/js/files/keras_config.js");
const { layer, recurrent } = await import("../../static/js/files/layer.js");

const lstm = (name) => recurrent(name, "lstm", "onnx", { features: 3, num_units: 3 });
const dense = (name) => layer(name, "dense", "onnx", { features: 3, num_units: 3 });

/** For each layer, what it reads and which state it begins with. */
const readBy = ({ layers }) => layers.map(({ name, reads = [], begins = [] }) => [name, reads.join(), begins.join()]);

const inputs = [["x", "x"], ["y", "y"]];

test("a decoder reads its own input and begins with the state of the encoder", () => {
  const operations = [
    { type: "layer", layer: lstm("encoder"), inputs: ["x"], outputs: ["encoded"], states: ["h", "c"] },
    { type: "layer", layer: lstm("decoder"), inputs: ["y"], outputs: ["decoded"], initial: ["h", "c"] },
    { type: "product", layer: dense("out"), inputs: ["decoded"], outputs: ["o"] },
  ];
  const found = layersOfOperations(operations, "onnx", () => undefined, inputs);
  assert.deepEqual(readBy(found), [["encoder", "", ""], ["decoder", "y", "encoder"], ["out", "", ""]]);
});

test("a layer after a sum reads all layers that are added", () => {
  const operations = [
    { type: "layer", layer: lstm("one"), inputs: ["x"], outputs: ["a"] },
    { type: "layer", layer: lstm("two"), inputs: ["a"], outputs: ["b"] },
    { type: "add", inputs: ["a", "b"], outputs: ["sum"] },
    { type: "other", inputs: [], outputs: ["shape"] },
    { type: "layer", layer: lstm("three"), inputs: ["sum"], outputs: ["c"], initial: ["shape"] },
  ];
  const found = layersOfOperations(operations, "onnx", () => undefined, inputs);
  assert.deepEqual(readBy(found).at(-1), ["three", "one,two", ""]);
});

test("the sources of layers in a configuration of Keras are those that it names", () => {
  const entry = (class_name, name, config, ...sources) => ({
    class_name, name, config: { name, ...config },
    inbound_nodes: sources.length ? [{ args: [sources.map((source) => ({ class_name: "__keras_tensor__", config: { keras_history: [source, 0, 0] } }))] }] : [],
  });
  const units = { units: 3, return_sequences: true };
  const layers = [
    entry("InputLayer", "x", { batch_shape: [null, 9, 3] }), entry("InputLayer", "y", { batch_shape: [null, 5, 3] }),
    entry("LSTM", "one", units, "x"), entry("LSTM", "two", units, "y"), entry("Concatenate", "both", {}, "one", "two"), entry("LSTM", "three", units, "both"),
  ];
  const found = modelOfConfig({ class_name: "Functional", config: { name: "model", layers } });
  assert.deepEqual(readBy(found), [["one", "", ""], ["two", "y", ""], ["both", "one,two", ""], ["three", "", ""]]);
});
