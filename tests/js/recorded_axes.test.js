/** The axes that graphs say, in the text of a model. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { chainText } = await import("../../static/js/files/model_text.js");
const { layer, recurrent } = await import("../../static/js/files/layer.js");
const { withRecordedAxes } = await import("../../static/js/files/graphs/recorded_axes.js");

const lstm = (framework, features, config = {}) => recurrent("lstm", "lstm", framework, { features, num_units: 5, ...config });
const dense = (features) => layer("dense", "dense", "onnx", { features, num_units: 2, bias: true });
const convolution = (framework) => layer("conv", "convolution", framework, { parameters: 9 });

/** The text of layers, each with the shapes of what it gets and returns, and the batch. */
function recorded(...entries) {
  const { batch, isBatchFirst, text } = model(...entries);
  return [text, batch, ...(isBatchFirst === undefined ? [] : [isBatchFirst])];
}

function model(...entries) {
  const layers = entries.map(([one, , , follows]) => ({ ...one, follows: follows ?? false }));
  const shapes = new Map(layers.map((one, n) => [one, { given: entries[n][1], returned: entries[n][2], source: entries[n][4] }]));
  const found = withRecordedAxes(layers, (one) => shapes.get(one));
  return { ...found, text: chainText(found, 2000).text };
}

test("the batch is where the layers say, and the axes after it are in the text", () => {
  assert.deepEqual(recorded([lstm("onnx", 3, { layout: 0 }), [9, 2, 3]]), ["input(9,3).lstm(3,5,seq)", 2]);
  assert.deepEqual(recorded([lstm("pytorch", 3, { batch_first: true }), [9, 2, 3]]), ["input(2,3).lstm(3,5,seq)", 9]);
  assert.deepEqual(recorded([lstm("onnx", 3, { layout: 0 }), [0, 0, 3]]), ["lstm(3,5,seq)", undefined]);
});

test("a model that swaps its axes before recurrent layers has those of its input", () => {
  const rnn = lstm("onnx", 3, { layout: 0 });
  const swapped = (...source) => recorded([rnn, [9, 2, 3], undefined, false, source])[2];
  assert.deepEqual([swapped(2, 9, 3), swapped(9, 2, 3), swapped(18, 3)], [true, undefined, undefined]);
  const embedding = (...given) => recorded([layer("e", "embedding", "onnx", { features: 7, num_units: 3 }), given], [rnn, [9, 2, 3], undefined, true])[2];
  assert.deepEqual([embedding(2, 9), embedding(9, 2)], [true, undefined]);
  const first = lstm("pytorch", 3, { batch_first: true });
  assert.equal(recorded([first, [2, 9, 3], undefined, false, [9, 2, 3]])[2], false);
  assert.equal(recorded([rnn, [-2, -1, 3], undefined, false, [-1, -2, 3]])[2], true, "lengths that have only names");
  assert.equal(recorded([rnn, [0, 0, 3], undefined, false, [0, 0, 3]])[2], undefined);
});

test("what a dense layer gets follows from what it returns", () => {
  const all = recorded([lstm("onnx", 3, { layout: 0 }), [9, 2, 3]], [dense(5), undefined, [2, 2]]);
  assert.deepEqual(all, ["input(9,3).lstm(3,5,seq).other(5).dense(2)", 2]);
});

test("a layer that gets the steps of all samples as the rows of one matrix has the rows and axes that the file says", () => {
  const rnn = lstm("onnx", 3, { layout: 0, num_units: 5 });
  const text = (...given) => recorded([rnn, [9, 2, 3]], [dense(5), given, undefined, true], [lstm("onnx", 2, { layout: 0 }), [9, 2, 2], undefined, true])[0];
  assert.equal(text(18, 5), "input(9,3).lstm(3,5,seq).other(5).dense(2,batch=18).other(9,2).lstm(5,seq)");
  assert.equal(text(9, 2, 5), "input(9,3).lstm(3,5,seq).dense(2).lstm(5,seq)");
  assert.equal(text(2, 5), text(0, 5), "samples, or any rows");
});

test("what a model returns of rows of all samples has the axes of its result", () => {
  const [rnn, one] = [lstm("onnx", 3, { layout: 0 }), { ...dense(5), follows: true }];
  const given = new Map([[rnn, [9, 2, 3]], [one, [18, 5]]]);
  const found = withRecordedAxes([rnn, one], (of) => ({ given: given.get(of) }), [], [9, 2, 2], true);
  assert.equal(chainText(found, 2000).text, "input(9,3).lstm(3,5,seq).other(5).dense(2,batch=18).other(9,2)");
});

test("what a model returns is in the text, if its last layer returns something else", () => {
  const rnn = lstm("pytorch", 3, { batch_first: true });
  const given = [2, 9, 3];
  const text = (result, one = rnn, returned = [2, 9, 5]) => chainText(withRecordedAxes([one], () => ({ given, returned }), [], result), 2000).text;
  assert.equal(text([2, 9, 5]), "input(9,3).lstm(3,5,seq)");
  assert.equal(text([2, 5]), "input(9,3).lstm(3,5,seq).other(5)");
  assert.equal(text([9, 5]), "input(9,3).lstm(3,5,seq)", "without the batch");
  const cell = [recurrent("a", "gru_cell", "pytorch", { features: 3, num_units: 5 }), { given: [2, 3], returned: [2, 5] }];
  assert.equal(chainText(withRecordedAxes([cell[0]], () => cell[1], [], [2, 7, 5]), 2000).text, "gru_cell(3,5).other(7,5)");
});

test("a model whose last layer returns fewer steps than the file says has those of the file", () => {
  const rnn = lstm("pytorch", 3, { batch_first: true });
  const head = { ...dense(5), follows: true };
  const text = (batch, ...result) => {
    const shapes = new Map([[rnn, { given: [batch, 1, 3], returned: [batch, 1, 5] }], [head, { given: [batch, 1, 5], returned: [batch, 1, 2] }]]);
    return chainText(withRecordedAxes([rnn, head], (one) => shapes.get(one), [], result), 2000).text;
  };
  assert.equal(text(3, 3, 4, 2), "input(1,3).lstm(3,5,seq).dense(2).other(4,2)");
  assert.equal(text(-1, -1, 4, 2), "input(1,3).lstm(3,5,seq).dense(2).other(4,2)", "of any batch");
  assert.equal(text(-1, -2, 4, 2), "input(1,3).lstm(3,5,seq).dense(2).other(4,2)", "whose name is another one");
  assert.equal(text(-1, -1, 1, 2), "input(1,3).lstm(3,5,seq).dense(2)");
  assert.equal(text(-1, -1, 0, 2), "input(1,3).lstm(3,5,seq).dense(2)", "it may be as many");
});

test("a model that begins with a convolution has the order of axes in which it returns them", () => {
  const rnn = lstm("onnx", 4, { layout: 0 });
  const conv = convolution("onnx");
  const order = (...result) => {
    const shapes = new Map([[conv, { given: [2, 3, 10], returned: [2, 4, 8] }], [rnn, { given: [8, 2, 4], returned: [8, 2, 5] }]]);
    return withRecordedAxes([conv, rnn], (one) => shapes.get(one), [], result).isBatchFirst;
  };
  assert.deepEqual([order(2, 8, 5), order(8, 2, 5), order(2, 5)], [true, undefined, undefined]);
});

test("an embedding of which each sample gets one vector has no steps", () => {
  const embedding = layer("e", "embedding", "onnx", { features: 7, num_units: 3 });
  const all = recorded([lstm("onnx", 3, { layout: 0 }), [9, 2, 3]], [embedding, [2], [2, 3]], [dense(3), [2, 3], [2, 2], true]);
  assert.equal(all[0], "input(9,3).lstm(3,5,seq).other.embedding(7,3,one).dense(2)");
});

test("the words of sentences are a batch of their own", () => {
  const embedding = layer("e", "embedding", "onnx", { features: 7, num_units: 3 });
  const words = [lstm("onnx", 3, { layout: 0 }), [7, 36, 3], undefined, true];
  const all = recorded([embedding, [36, 7]], words, [lstm("onnx", 8, { layout: 0 }), [9, 4, 8]], [dense(5), [4, 9, 5], undefined, true]);
  assert.deepEqual(all, ["input(7).embedding(7,3).lstm(5,seq).other(9,8).lstm(5,seq).dense(2)", undefined, true]);
});

test("a layer of which it is not known which axis is the batch says no axes", () => {
  assert.deepEqual(recorded([lstm("onnx", 3), [9, 2, 3]]), ["lstm(3,5,seq)", undefined]);
});

test("vectors that become steps again are not those of the layer before", () => {
  const words = { ...lstm("onnx", 3, { layout: 1 }), onlyLast: true };
  const all = recorded([words, [8, 9, 3]], [lstm("onnx", 5, { layout: 1 }), [2, 4, 5], undefined, true]);
  assert.deepEqual(all, ["input(9,3).lstm(3,5).other(4,5).lstm(5,seq)", undefined]);
});

test("convolutions have the axes of their framework, and no height if their pictures are steps", () => {
  const after = (framework, given, returned) => recorded([convolution(framework), given, returned], [lstm("onnx", 4, { layout: 1 }), [2, 8, 4]])[0];
  assert.equal(after("onnx", [2, 3, 10], [2, 4, 8]), "input(3,10).convolution(4,8,channels,params=9).other(8,4).lstm(5,seq)");
  assert.equal(after("keras", [2, 1, 10, 3], [2, 1, 8, 4]), "input(10,3).convolution(8,4,params=9).other(8,4).lstm(5,seq)");
  assert.equal(after("onnx", [2, 3, 10], undefined), "convolution(params=9).other(8,4).lstm(5,seq)");
});
