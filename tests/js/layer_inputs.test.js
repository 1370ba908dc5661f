/** From which layers and inputs the layers of a file read. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { chainText } = await import("../../static/js/files/model_text.js");
const { Flow } = await import("../../static/js/files/graphs/layer_inputs.js");
const { layersOfOperations } = await import("../../static/js/files/graphs/operations.js");
const { modelOfConfig } = await import("../../static/js/files/keras/keras_config.js");
const { layer, normalization, recurrent } = await import("../../static/js/files/layer.js");

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

const usesIn = ({ layers }) => layers.map(({ name, places = 1, uses = [] }) => [name, places, uses.map((reads) => reads.join("+")).join()]);

test("layers with the same weights are one layer, which is used in several places", () => {
  const embedding = (name) => layer(name, "embedding", "onnx", { features: 9, num_units: 3 });
  const side = (n, input) => [
    { type: "layer", layer: embedding(`table ${n}`), inputs: [input], outputs: [`e${n}`], weights: "E" },
    { type: "layer", layer: lstm(`lstm ${n}`), inputs: [`e${n}`], outputs: [`y${n}`], states: [`h${n}`], last: [`h${n}`], weights: "W R" },
  ];
  const operations = [...side(1, "x"), ...side(2, "y"), { type: "join", inputs: ["h1", "h2"], outputs: ["both"] }, { type: "product", layer: dense("out"), inputs: ["both"], outputs: ["o"] }];
  const found = layersOfOperations(operations, "onnx", () => undefined, inputs);
  assert.deepEqual(usesIn(found), [["table 1", 1, ""], ["lstm 1", 2, "x,y"], ["out", 1, ""]]);
  assert.equal(found.layers[1].usesAreRoots, true, "it reads the table in both places");
  assert.deepEqual(found.inputs, [["y", ["..."]]]);
  const inTurn = [
    { type: "layer", layer: lstm("one"), inputs: ["x"], outputs: ["a"], weights: "W R" },
    { type: "layer", layer: lstm("again"), inputs: ["a"], outputs: ["b"], weights: "W R" },
  ];
  assert.deepEqual(usesIn(layersOfOperations(inTurn, "onnx", () => undefined, inputs)), [["one", 2, "x,one"]]);
  assert.ok(!layersOfOperations(inTurn, "onnx", () => undefined, inputs).layers.some((one) => one.usesAreRoots));
});

test("a model whose first layer gets the parts of all samples as samples has the axes of its input", () => {
  const shapes = new Map([["x", [2, 5, 7]], ["y", [2, 5]], ["all", [10, 7]], ["o", [2, 5, 3]]]);
  const operations = [
    { type: "keep", inputs: ["x"], outputs: ["all"] },
    { type: "layer", layer: layer("table", "embedding", "onnx", { features: 9, num_units: 3 }), inputs: ["all"], outputs: ["e"] },
    { type: "layer", layer: lstm("lstm"), inputs: ["e"], outputs: ["o"] },
  ];
  const text = (given) => chainText(layersOfOperations(operations, "onnx", (value) => given.get(value), inputs, [], ["o"]), 2000).text;
  assert.equal(text(shapes), "input(5,7).other(7).embedding(9,3).lstm(3,seq)");
  assert.equal(layersOfOperations(operations, "onnx", (value) => shapes.get(value), inputs, [], ["o"]).batch, 2, "the texts, not all of their words");
  assert.equal(text(new Map([...shapes, ["o", [10, 3]]])), "embedding(9,3).lstm(3,seq)", "it is not known which axis is the batch");
});

test("a cell that gets each step says how often it runs, and the model has the steps of its input", () => {
  const cell = recurrent("cell", "gru_cell", "onnx", { features: 3, num_units: 3 });
  const steps = ["a", "b", "c", "d"].map((name) => [{ type: "part", inputs: ["x"], outputs: [name] }, { type: "layer", layer: cell, inputs: [name], outputs: [`h${name}`], weights: "W" }]);
  const operations = [...steps.flat(), { type: "join", inputs: ["ha", "hb", "hc", "hd"], outputs: ["all"] }];
  const found = (x, all) => layersOfOperations(structuredClone(operations), "onnx", (value) => (value === "x" ? x : value === "all" ? all : [2, 3]), [["x", "x"]], [], ["all"]);
  const first = found([2, 4, 3], [2, 4, 3]);
  assert.equal(chainText(first, 2000).text, "input(4,3).other(3).gru_cell(3,runs=4).other(4,3)");
  assert.deepEqual([first.layers.at(-1).runs, first.isBatchFirst], [4, true]);
  const second = found([4, 2, 3], [4, 2, 3]);
  assert.deepEqual([chainText(second, 2000).text.startsWith("input(4,3).other(3).gru_cell(3,runs=4)"), second.isBatchFirst], [true, false]);
  assert.ok(chainText(found([4, 2, 3], [2, 4, 3]), 2000).text.startsWith("other(3).gru_cell(3,runs=4)"), "in another order than it returns them");
});

test("the axis of the steps is that of the input, which may be swapped before the loop", () => {
  const cell = recurrent("cell", "gru_cell", "onnx", { features: 3, num_units: 3 });
  const steps = (from, axis) => ["a", "b", "c", "d"].flatMap((name) => [{ type: "part", inputs: [from], outputs: [name], axis }, { type: "layer", layer: cell, inputs: [name], outputs: [`h${name}`], weights: "W" }]);
  const found = (operations, x) => layersOfOperations(structuredClone(operations), "onnx", (value) => (value === "x" ? x : [2, 3]), [["x", "x"]], [], ["hd"]);
  const plain = found(steps("x", 1), [2, 4, 3]);
  assert.equal(chainText(plain, 2000).text, "input(4,3).step.gru_cell(3,runs=4).other(3)", "the output is that of the last run");
  assert.deepEqual([plain.isBatchFirst, found(steps("x", 0), [4, 2, 3]).isBatchFirst], [true, false]);
  const square = found(steps("x", 0), [2, 2, 3]);
  assert.equal(square.isBatchFirst, false, "both axes may be as long as the batch");
  assert.ok(chainText(found(steps("x", 1), [2, 9, 3]), 2000).text.startsWith("input(9,3).other(3).gru_cell"), "it gets only some of the steps");
  const swapped = [{ type: "keep", inputs: ["x"], outputs: ["y"], operator: "Transpose" }, ...steps("y", 0)];
  assert.equal(found(swapped, [2, 4, 3]).isBatchFirst, true);
  const other = recurrent("other", "gru_cell", "onnx", { features: 3, num_units: 3 });
  const again = steps("x", 1).map((one) => ({ ...one, outputs: one.outputs.map((value) => `${value}2`), ...(one.layer ? { layer: other, inputs: [`${one.inputs}2`], weights: "V" } : {}) }));
  const both = found([...steps("x", 1), ...again, { type: "join", inputs: ["hd", "hd2"], outputs: ["all"] }], [2, 4, 3]);
  assert.equal(chainText(both, 2000).text, "input(4,3).step.gru_cell(3,runs=4).elsewhere(4,3).step.gru_cell(3,runs=4)");
  const table = layer("table", "embedding", "onnx", { features: 9, num_units: 3 });
  const words = [{ type: "layer", layer: table, inputs: ["x"], outputs: ["e"] }, { type: "keep", inputs: ["e"], outputs: ["y"], operator: "Transpose" }, ...steps("y", 0)];
  assert.equal(found(words, [2, 4]).isBatchFirst, true);
});

test("the means and variances of a batch normalization of Keras are counted apart", () => {
  const layers = [{ class_name: "InputLayer", config: { name: "x", batch_shape: [null, 9, 3] } }, { class_name: "GRU", config: { name: "gru", units: 7, return_sequences: true } }, { class_name: "BatchNormalization", config: { name: "bn", axis: [2] } }];
  assert.equal(modelOfConfig({ class_name: "Sequential", config: { name: "model", layers } }).statistics, 14);
});

test("a layer that runs again reads what it reads in each run, and the model ends with what is made of all runs", () => {
  const run = (from, n) => [
    { type: "layer", layer: recurrent(`lstm ${n}`, "lstm", "onnx", { features: 3, num_units: 3, layout: 1 }), inputs: [from], outputs: [`h${n}`], weights: "W" },
    { type: "product", layer: dense("head"), inputs: [`h${n}`], outputs: [`y${n}`], weights: "D" },
  ];
  const operations = [...run("x", 1), ...run("y1", 2), { type: "product", layer: dense("head"), inputs: ["x"], outputs: ["y3"], weights: "D" }, { type: "join", inputs: ["y1", "y2", "y3"], outputs: ["all"] }];
  const found = (all) => layersOfOperations(structuredClone(operations), "onnx", (value) => (value === "all" ? all : value ? [3, 1, 3] : undefined), [["x", "x"]], [], ["all"]);
  const text = (all) => chainText(found(all), 2000).text.replace(/^.*lstm/, "lstm");
  assert.deepEqual(readBy(found([3, 3, 3])).at(-1), ["head", "lstm 1,x", ""]);
  assert.equal(text([3, 3, 3]), "lstm(3,3,seq,runs=2).dense(3,others,runs=3).other(3,3)", "the batch is as long as the steps");
  assert.equal(text([3, 1, 3]), "lstm(3,3,seq,runs=2).dense(3,others,runs=3).other(1,3)");
  assert.equal(text(undefined), "lstm(3,3,seq,runs=2).dense(3,others,runs=3).other");
});

test("a layer of which only the states go on returns no steps in the text, and a step that joins two values for the next one has others", () => {
  const gru = recurrent("gru", "gru", "onnx", { features: 3, num_units: 2, bidirectional: true, merge_mode: "concat" });
  const text = (read) => {
    const operations = [
      { type: "layer", layer: structuredClone(gru), inputs: ["x"], outputs: ["y"], states: ["h"] },
      { type: "join", inputs: [read, "x"], outputs: ["both"] },
      { type: "product", layer: dense("head"), inputs: ["both"], outputs: ["end"], weights: "D" },
    ];
    return chainText(layersOfOperations(operations, "onnx", () => undefined, [["x", "x"]], [], ["end"]), 2000).text;
  };
  assert.equal(text("h"), "gru(3,2,bi,ends).other(others).dense(3,3)");
  assert.equal(text("y"), "gru(3,2,bi,seq).other(others).dense(3,3)");
});

test("a second input of Keras has steps of its own, which a sum or a join with the first one makes the same", () => {
  const steps = (features) => ({ batch_shape: [null, null, features] });
  const text = (...last) => {
    const layers = [called("InputLayer", "x", steps(4)), called("InputLayer", "y", steps(4)), called("LSTM", "one", { units: 4, return_sequences: true }, [["x", 0]]), called("LSTM", "other", { units: 4, return_sequences: true }, [["y", 0]]), ...last];
    return chainText(modelOfConfig({ class_name: "Functional", config: { name: "model", layers } }), 2000).text;
  };
  assert.equal(text(), "lstm(4,4,seq).elsewhere(?,4).lstm(4,seq)");
  assert.equal(text(called("Add", "sum", {}, [["other", 0], ["one", 0]])), "lstm(4,4,seq).elsewhere(?,4).lstm(4,seq).add(t,4)");
  assert.equal(text(called("Concatenate", "both", {}, [["other", 0], ["one", 0]])), "lstm(4,4,seq).elsewhere(?,4).lstm(4,seq).concatenate(t,8)");
});

/** An entry of a Functional model with its calls, each with the layers that it reads. */
const called = (class_name, name, config, ...calls) => ({
  class_name, name, config: { name, ...config },
  inbound_nodes: calls.map((sources) => ({ args: [sources.map((source) => ({ class_name: "__keras_tensor__", config: { keras_history: [...[source].flat(), 0].slice(0, 3) } }))] })),
});
const twoInputs = [called("InputLayer", "x", { batch_shape: [null, 9] }), called("InputLayer", "y", { batch_shape: [null, 5] })];

test("a layer or a model of Keras that is called on two inputs is one that reads both", () => {
  const layers = [
    ...twoInputs,
    called("Embedding", "table", { input_dim: 9, output_dim: 3 }, [["x", 0]], [["y", 0]]),
    called("LSTM", "lstm", { units: 3 }, [["table", 0]], [["table", 1]]),
    called("Concatenate", "both", {}, [["lstm", 0], ["lstm", 1]]),
  ];
  const found = modelOfConfig({ class_name: "Functional", config: { name: "model", layers } });
  assert.deepEqual(usesIn(found)[1], ["lstm", 2, "x,y"]);
  assert.deepEqual(readBy(found).map(([, , begins]) => begins).join(""), "", "the second input is no state");
  assert.equal(chainText(found, 2000).text, "input(9).embedding(9,3,runs=2).lstm(3,runs=2).concatenate(6)");
  assert.deepEqual(found.inputs, [["y", [null, 5]]]);

  const encoder = { class_name: "Sequential", config: { name: "encoder", layers: [called("GRU", "gru", { units: 2 })] } };
  const nested = [...twoInputs, { ...called("Sequential", "encoder", {}, [["x", 0]], [["y", 0]]), config: encoder.config }];
  assert.deepEqual(usesIn(modelOfConfig({ class_name: "Functional", config: { name: "model", layers: nested } })), [["encoder/gru", 2, "x,y"]]);
});

test("a model that Keras calls for each step is shown with what is around it", () => {
  const words = [called("InputLayer", "words", { batch_shape: [null, 7] }), called("Embedding", "table", { input_dim: 9, output_dim: 3 }, [["words", 0]]), called("LSTM", "lstm", { units: 4 }, [["table", 0]])];
  const layers = [
    called("InputLayer", "sentences", { batch_shape: [null, 5, 7] }),
    called("TimeDistributed", "each", { layer: { class_name: "Functional", config: { name: "inner", layers: words } } }, [["sentences", 0]]),
    called("GRU", "gru", { units: 2 }, [["each", 0]]),
  ];
  const found = modelOfConfig({ class_name: "Functional", config: { name: "model", layers } });
  assert.equal(chainText(found, 2000).text, "input(5,7).other(7,params=0).embedding(9,3).lstm(4).other(5,4,params=0).gru(2,before)");
  assert.deepEqual(found.layers.map(({ name, isOfEachStep }) => [name, isOfEachStep]), [["each", true], ["each/table", undefined], ["each/lstm", undefined], ["each", false], ["gru", undefined]]);
  assert.deepEqual(found.unknown, []);

  const characters = [
    called("InputLayer", "characters", { batch_shape: [null, 5, 7] }),
    called("TimeDistributed", "table", { layer: { class_name: "Embedding", config: { input_dim: 9, output_dim: 3 } } }, [["characters", 0]]),
    called("TimeDistributed", "each", { layer: { class_name: "LSTM", config: { name: "lstm", units: 4 } } }, [["table", 0]]),
  ];
  const tagger = modelOfConfig({ class_name: "Functional", config: { name: "model", layers: characters } });
  assert.equal(chainText(tagger, 2000).text, "input(5,7).embedding(9,3).other(7,3,params=0).lstm(4).other(5,4,params=0)");
});

test("an encoder of which only the states begin a decoder returns them alone", () => {
  const encoded = (/** @type {string} */ read, layers = 1) => {
    const gru = (/** @type {string} */ name) => recurrent(name, "gru", "pytorch", { features: 3, num_units: 2, num_layers: layers, batch_first: true });
    /** @type {any[]} */
    const operations = [
      { type: "layer", layer: gru("encoder"), inputs: ["x"], outputs: ["o"], states: ["h"] },
      { type: "layer", layer: gru("decoder"), inputs: ["y"], outputs: ["d"], initial: ["h"] },
      { type: "add", inputs: read ? ["d", read] : ["d"], outputs: ["end"] },
    ];
    const given = /** @type {[string, string][]} */ (["x", "y"].map((name) => [name, name]));
    return chainText(layersOfOperations(operations, "pytorch", () => undefined, given, [], ["end"]), 500).text;
  };

  assert.equal(encoded(""), "gru(3,2,states).elsewhere.gru(3,2,seq).other");
  assert.equal(encoded("", 2), "gru(3,2,states,layers=2).elsewhere.gru(3,2,seq,layers=2).other");
  assert.equal(encoded("o"), "gru(3,2,seq).elsewhere.gru(3,2,seq).other", "something reads its steps");
});

test("a decoder that is given its states and returns them has both as inputs and outputs", () => {
  const state = (name) => called("InputLayer", name, { batch_shape: [null, 3] });
  const lstmWith = called("LSTM", "lstm", { units: 3, return_sequences: true, return_state: true }, [["x", 0, 0], ["h", 0, 0], ["c", 0, 0]]);
  const layers = [called("InputLayer", "x", { batch_shape: [null, 9, 2] }), state("h"), state("c"), lstmWith];
  const output_layers = [0, 1, 2].map((n) => ["lstm", 0, n]);
  const found = modelOfConfig({ class_name: "Functional", config: { name: "model", layers, output_layers } });
  assert.deepEqual(readBy(found), [["lstm", "", "h,c"]]);
  assert.deepEqual(found.inputs, [["h", [null, 3]], ["c", [null, 3]]]);
  assert.deepEqual(found.outputs, [["lstm", [null, 3], "h"], ["lstm", [null, 3], "c"]]);
});

test("a layer of Keras that does not get what the layer below returns is drawn so, whatever it is", () => {
  const inner = { units: 4, return_sequences: true, return_state: true };
  const layers = [
    called("InputLayer", "x", { batch_shape: [null, 9, 2] }), called("InputLayer", "y", { batch_shape: [null, 5, 2] }),
    called("LSTM", "encoder", inner, [["x", 0, 0]]), called("Add", "h", {}, [["encoder", 0, 1], ["encoder", 0, 2]]), called("LSTM", "decoder", inner, [["y", 0, 0]]),
    called("Attention", "attention", { use_scale: true }, [["decoder", 0, 0], ["encoder", 0, 0]]),
    called("Subtract", "difference", {}, [["decoder", 0, 0], ["attention", 0, 0]]), called("Multiply", "product", {}, [["decoder", 0, 0], ["attention", 0, 0]]),
    called("MultiHeadAttention", "heads", { num_heads: 2, key_dim: 3 }, [["product", 0, 0], ["encoder", 0, 0]]),
  ];
  const found = modelOfConfig({ class_name: "Functional", config: { name: "model", layers } });
  assert.equal(chainText(found, 2000).text,
    "input(9,2).lstm(2,4,seq).elsewhere(4).add(4).elsewhere(5,2).lstm(4,seq).attention(5,4,params=1).subtract(5,4).elsewhere(5,4).multiply(5,4).attention(5,4)");
  assert.deepEqual(readBy(found).slice(1).map(([, reads]) => reads), ["encoder", "y", "decoder,encoder", "decoder,attention", "decoder,attention", "product,encoder"]);
  assert.deepEqual(found.unknown, []);
});

test("all that a layer of Keras joins is named", () => {
  const sides = ["a", "b", "c", "d", "e"].map((name) => called("LSTM", name, { units: 3 }, [["x", 0]]));
  const layers = [called("InputLayer", "x", { batch_shape: [null, 9, 2] }), ...sides, called("Concatenate", "all", {}, [["a", 0], ["b", 0], ["c", 0], ["d", 0], ["e", 0]])];
  assert.deepEqual(readBy(modelOfConfig({ class_name: "Functional", config: { name: "model", layers } })).at(-1), ["all", "a,b,c,d,e", ""]);
});

test("what only some layers get of another one decides what comes before each of them", () => {
  const gru = recurrent("gru", "gru", "onnx", { features: 3, num_units: 3, layout: 1 });
  const text = (first, second) => {
    const operations = [
      { type: "layer", layer: structuredClone(gru), inputs: ["x"], outputs: ["y"], states: ["h"], last: ["h"] },
      { type: "part", inputs: ["y"], outputs: ["end"], isLast: true },
      { type: "product", layer: dense("one"), inputs: [first], outputs: ["a"], weights: "A" },
      { type: "product", layer: dense("two"), inputs: [second], outputs: ["b"], weights: "B" },
    ];
    return chainText(layersOfOperations(operations, "onnx", () => undefined, [["x", "x"]], [], ["a", "b"]), 2000).text.replace(/dense.*/, "dense");
  };
  assert.equal(text("h", "h"), "gru(3,3).dense");
  assert.equal(text("end", "h"), "gru(3,3).dense");
  assert.equal(text("y", "h"), "gru(3,3,seq).dense");
  assert.equal(text("h", "y"), "gru(3,3,seq).elsewhere.dense", "the states, beside the steps");
  assert.equal(text("end", "y"), "gru(3,3,seq).other.dense", "the last step of all");
});

test("the shape of what a model returns is said if its chain cannot say it", () => {
  const operations = [
    { type: "layer", layer: lstm("lstm"), inputs: ["x"], outputs: ["y"] },
    { type: "other", inputs: ["y"], outputs: ["sum"] },
  ];
  const found = (shape) => layersOfOperations(structuredClone(operations), "onnx", (value) => (value === "sum" ? shape : [2, 5, 3]), [["x", "x"]], [], ["sum"]);
  assert.deepEqual([found([2]).output, found([2]).result], [[], [2]]);
  assert.equal(found(undefined).result, undefined);
});

test("a layer that gets a reversed value in all its places knows the axis", () => {
  const flippedIn = (...places) => {
    const flow = new Flow();
    const gru = recurrent("gru", "gru", "pytorch", { features: 3, num_units: 2 });
    flow.get("x");
    flow.compute(["x"], ["back"]);
    flow.flip("x", "back", [1]);
    flow.keep("back", "same");
    flow.flip("back", "again", [1]);
    places.forEach((value, n) => (n ? flow.again(gru, value, [`y${n}`]) : flow.add(gru, value, ["y"])));
    return gru.flipped;
  };
  assert.deepEqual([flippedIn("same"), flippedIn("back", "same"), flippedIn("back", "x"), flippedIn("again"), flippedIn("x")], [1, 1, undefined, undefined, undefined]);
});

/** The text of a batch normalization before an LSTM, of an input with these axes, transposed before and after it. */
function normalizedText(shapes) {
  const norm = { ...normalization("norm", "onnx", 14, 7), config: { parameters: 14, num_units: 7, channels_first: true } };
  const recurrentLayer = recurrent("lstm", "lstm", "onnx", { features: 7, num_units: 12, layout: 0 });
  const operations = [
    { type: "keep", operator: "Transpose", order: [0, 2, 1], inputs: ["x"], outputs: ["turned"] },
    { type: "layer", layer: norm, inputs: ["turned"], outputs: ["normal"] },
    { type: "keep", operator: "Transpose", order: [2, 0, 1], inputs: ["normal"], outputs: ["steps"] },
    { type: "layer", layer: recurrentLayer, inputs: ["steps"], outputs: ["y"] },
  ];
  return chainText(layersOfOperations(operations, "onnx", (value) => shapes[value], [["x", "x"]]), 2000).text;
}

test("a model whose first layer gets its input with other axes has those of the input, and the transposition between them", () => {
  const fixed = { x: [3, 9, 7], turned: [3, 7, 9], normal: [3, 7, 9], steps: [9, 3, 7] };
  const text = "transpose(2,1).normalization(params=14).transpose(2,1).lstm(12,seq)";
  assert.equal(normalizedText(fixed), `input(9,7).${text}`);
  const open = { x: [-1, -2, 7], turned: [-1, 7, -2], normal: [-1, 7, -2], steps: [-2, -1, 7] };
  assert.equal(normalizedText(open), `input(t,7).${text}`);
  const square = { x: [3, 7, 7], turned: [3, 7, 7], normal: [3, 7, 7], steps: [7, 3, 7] };
  assert.equal(normalizedText(square), `input(7,7).${text}`); // sizes do not say it
});

test("a batch normalization after a recurrent layer gets its steps transposed", () => {
  const norm = { ...normalization("norm", "onnx", 6, 3), config: { parameters: 6, num_units: 3, channels_first: true } };
  const operations = [
    { type: "layer", layer: recurrent("one", "lstm", "onnx", { features: 3, num_units: 3, layout: 1 }), inputs: ["x"], outputs: ["a"] },
    { type: "keep", operator: "Transpose", order: [0, 2, 1], inputs: ["a"], outputs: ["b"] },
    { type: "layer", layer: norm, inputs: ["b"], outputs: ["c"] },
  ];
  const shapes = { x: [2, 9, 3], a: [2, 9, 3], b: [2, 3, 9], c: [2, 3, 9] };
  const found = layersOfOperations(operations, "onnx", (value) => shapes[value], [["x", "x"]], [], ["c"]);
  assert.equal(chainText(found, 2000).text, "input(9,3).lstm(3,3,seq).transpose(2,1).normalization(params=6)");
});

test("a first layer that gets more axes than the model has that step before it, and one that gets the same axes has none", () => {
  const convolution = layer("conv", "convolution", "pytorch", { parameters: 60 });
  const found = (given) => {
    const flow = new Flow();
    flow.get("x");
    flow.compute(["x"], ["y"]);
    flow.add({ ...convolution }, "y", ["z"]);
    const shapes = { x: [2, 20, 48], y: given, z: [2, 6, 10, 24] };
    return chainText(flow.recorded((value) => shapes[value]), 2000).text;
  };
  assert.equal(found([2, 1, 20, 48]), "input(20,48).other(1,20,48).convolution(6,10,24,channels,params=60)");
  assert.equal(found([2, 20, 48]), "input(20,48).convolution(6,10,24,channels,params=60)");
});

test("a layer that runs again goes on with its own state, if that is its initial state in a later run", () => {
  const operations = (initial) => [
    { type: "layer", layer: lstm("encoder"), inputs: ["x"], outputs: ["encoded"], states: ["h"] },
    { type: "layer", layer: lstm("decoder"), inputs: ["y"], outputs: ["first"], initial: ["h"], states: ["h1"], weights: "w" },
    { type: "layer", layer: lstm("decoder"), inputs: ["y"], outputs: ["second"], initial: [initial], states: ["h2"], weights: "w" },
  ];
  const decoder = (initial) => layersOfOperations(operations(initial), "onnx", () => undefined, inputs).layers.at(-1);
  assert.deepEqual([decoder("h1").begins, decoder("h1").continues, decoder("h").continues], [["encoder"], true, undefined]);
});

test("a layer of two directions has the types of the numbers of both", () => {
  const operations = [
    { type: "layer", layer: { ...lstm("forward"), types: ["float32"] }, inputs: ["x"], outputs: ["a"] },
    { type: "reverse", inputs: ["x"], outputs: ["back"] },
    { type: "layer", layer: { ...lstm("backward"), types: ["int8", "float32"] }, inputs: ["back"], outputs: ["b"] },
    { type: "reverse", inputs: ["b"], outputs: ["c"] },
    { type: "join", inputs: ["a", "c"], outputs: ["both"] },
  ];
  const { layers: [both] } = layersOfOperations(operations, "onnx", () => undefined, [["x", "x"]]);
  assert.deepEqual([both.config.bidirectional, both.types], [true, ["float32", "int8"]]);
});

test("what a model returns without an axis of what its last layer returns is no output of that layer", () => {
  const operations = (operator) => [
    { type: "layer", layer: recurrent("lstm", "lstm", "onnx", { features: 3, num_units: 3, layout: 1 }), inputs: ["x"], outputs: ["a"], states: ["h"], last: ["h"] },
    { type: "product", layer: { ...dense("out"), config: { features: 3, num_units: 1 } }, inputs: ["h"], outputs: ["b"] },
    { type: "keep", operator, inputs: ["b"], outputs: ["c"] },
  ];
  const shapes = (c) => ({ x: [2, 9, 3], b: [2, 1], c });
  const text = (c) => chainText(layersOfOperations(operations("Squeeze"), "onnx", (value) => shapes(c)[value], [["x", "x"]], [], ["c"]), 2000).text;
  assert.ok(text([2]).endsWith("dense(1).other"), text([2]));
  assert.ok(text([2, 1]).endsWith("dense(1)"), text([2, 1]));
});

test("the axes that a chain shows in another order by name are no operation without a name", () => {
  const shapes = new Map([["x", [2, 3, 9]], ["t", [2, 9, 3]], ["a", [2, 9, 3]], ["b", [2, 3, 9]], ["c", [2, 9, 3]]]);
  const one = recurrent("one", "gru", "pytorch", { features: 3, num_units: 3, batch_first: true });
  const operations = [
    { type: "keep", inputs: ["x"], outputs: ["t"], operator: "TRANSPOSE", order: [0, 2, 1] },
    { type: "layer", layer: one, inputs: ["t"], outputs: ["a"] },
    { type: "keep", inputs: ["a"], outputs: ["b"], operator: "PERMUTE", order: [0, 2, 1] },
    { type: "other", inputs: ["b"], outputs: ["c"], operator: "CUMSUM" },
    { type: "layer", layer: layer("out", "dense", "pytorch", { features: 3, num_units: 3 }), inputs: ["c"], outputs: ["o"] },
  ];
  const found = layersOfOperations(operations, "pytorch", (value) => shapes.get(value), [["x", "x"]], [], ["o"]);
  assert.match(chainText(found, 1000).text, /^input\(3,[t9]\)\.transpose\(2,1\)\.gru/);
  assert.deepEqual(found.operators, ["PERMUTE", "CUMSUM"]);
});
