/** The links to the layers of a file: one page for each, from its name and from the buttons about the selected layer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake_page.js";

const { aboutEnd, aboutOrder, aboutWeights, contradictions, isTimeFirstAssumed, placeOfBoth, placeOfFile, queryOf, queryOfModel, remarks, shownFile } = await import("../../static/js/model/found_layers.js");
const { recurrent } = await import("../../static/js/files/layer.js");
const { layerText } = await import("../../static/js/files/model_text.js");

const KNOWN = {
  cells: { keras: { gru: "gru_reset_after" } },
  variants: { peepholes: "lstm_peephole", reset_after: "gru_reset_after" },
  highest: { features: 4096, num_units: 4096, num_layers: 8, num_proj: 4096 },
  longest: 2000,
};

const SIZES = { features: 7, num_units: 20 };

/** The fields in the query of the page about a layer, beside those of its model. */
function opened(framework, kind, config, fields, ofPage = framework) {
  const layer = recurrent("a", kind, framework, { ...SIZES, ...config });
  const file = { model: { framework, layers: [layer] }, text: "x" };
  const page = fields && { framework: ofPage, opened: new Map([[0, { num_layers: 1, num_proj: 0, ...SIZES, ...fields }]]) };
  const query = queryOf(layer, file, 0, KNOWN, "", page);
  return query && Object.fromEntries([...new URLSearchParams(query)].filter(([name]) => !["model", "framework", "features", "num_units"].includes(name)));
}

test("what the chain says of the steps counts more than the settings in the file", () => {
  const config = { return_sequences: true, return_state: true };
  const fields = { cell: "lstm", time_step: 28, return_sequences: false };
  assert.deepEqual(opened("keras", "lstm", config, fields), { time_step: "28", return_state: "true" });
});

test("the variant of a cell is that of the file, but not in another framework", () => {
  assert.deepEqual(opened("onnx", "lstm", { peepholes: true }, { cell: "lstm" }), { cell: "lstm_peephole" });
  assert.deepEqual(opened("keras", "gru", { return_state: true }, { cell: "gru_reset_after" }, "pytorch"), { cell: "gru_reset_after" });
});

test("two models are each in their own framework, with the sizes that one of them says", () => {
  const [keras, onnx] = [{ framework: "keras", model: "a" }, { framework: "onnx", layout: "1", batch_size: "2", part: "3", model: "b" }];
  const pytorch = { framework: "pytorch", model: "c" };
  assert.deepEqual(placeOfBoth(keras, onnx), { framework: "keras", model: "a", beside: "b", beside_framework: "onnx", layout: "1" });
  assert.deepEqual(placeOfBoth(pytorch, onnx), { framework: "pytorch", batch_first: "true", model: "c", beside: "b", beside_framework: "onnx", layout: "1" });
  assert.deepEqual(placeOfBoth(keras, pytorch), { framework: "keras", model: "a", beside: "c", beside_framework: "pytorch", batch_first: "true" });
  assert.deepEqual(placeOfBoth({ ...onnx, batch_size: "5" }, onnx), { framework: "onnx", layout: "1", part: "3", model: "b", beside: "b" });
  assert.equal(placeOfBoth(onnx, keras).batch_size, undefined, "the second one takes any");
  assert.equal(placeOfBoth(onnx, onnx).batch_size, "2");
});

test("the address has the axes in the order of the model's input", () => {
  const place = (framework, config, isBatchFirst) =>
    placeOfFile({ model: { framework, isBatchFirst, layers: [recurrent("a", "gru", framework, { ...SIZES, ...config })] }, text: "x" });
  assert.equal(place("onnx", { layout: 0 }, true).layout, "1");
  assert.equal(place("onnx", { layout: 1 }).layout, "1");
  assert.equal(place("onnx", { layout: 1 }, false).layout, undefined);
  assert.equal(place("pytorch", { batch_first: false }, true).batch_first, "true");
  assert.equal(place("keras", {}, true).batch_first, undefined);
});

test("the address has the batch of a file that fixes it, if a page can have it", () => {
  const place = (batch) => {
    const model = { framework: "onnx", layers: [recurrent("a", "lstm", "onnx", SIZES)], input: [9, 7], batch, isOrdered: true };
    return placeOfFile(shownFile({ name: "x", size: 1, files: [{}], count: 1 }, { model, bytesRead: 1 }, { ...KNOWN, highest: { batch_size: 64 } }));
  };
  assert.deepEqual(place(2), { framework: "onnx", model: "input(9,7).lstm(7,20,seq)", batch_size: "2" });
  assert.equal(place(65).batch_size, undefined);
  assert.equal(place(undefined).batch_size, undefined);
});

test("the address has as many steps as cells run, and usual sizes, too, if the file says them", () => {
  const cell = (name, runs) => ({ ...recurrent(name, "lstm_cell", "pytorch", SIZES), runs });
  const fields = (...layers) => {
    const model = { framework: "pytorch", layers, batch: 3 };
    return placeOfFile(shownFile({ name: "x", size: 1, files: [{}], count: 1 }, { model, bytesRead: 1 }, { ...KNOWN, highest: { batch_size: 64, time_step: 64 } }));
  };
  assert.equal(fields(cell("a", 6), cell("b", 6)).time_step, "6");
  assert.equal(fields(cell("a", 6), cell("b", 5)).time_step, undefined);
  assert.equal(fields(cell("a", 65)).time_step, undefined);
  assert.equal(fields(cell("a", 6), recurrent("b", "gru", "pytorch", SIZES)).time_step, undefined);
  assert.equal(new URLSearchParams(queryOfModel("", fields(cell("a", 4)))).get("batch_size"), "3");
  assert.equal(new URLSearchParams(queryOfModel("", fields(cell("a", 4)))).get("time_step"), "4");
});

test("the picture of a cell has as many steps as it runs, also beside another recurrent layer", () => {
  const cell = { ...recurrent("a", "gru_cell", "pytorch", SIZES), runs: 6 };
  const file = { model: { framework: "pytorch", layers: [recurrent("b", "gru", "pytorch", SIZES), cell] }, text: "x" };
  const page = { framework: "pytorch", opened: new Map([[0, { cell: "gru", time_step: 4 }], [1, { cell: "gru", time_step: 4 }]]) };
  const steps = (layer, part, most) => new URLSearchParams(queryOf(layer, file, part, { ...KNOWN, highest: { ...KNOWN.highest, time_step: most } }, "", page)).get("time_step");
  assert.deepEqual([steps(cell, 1, 64), steps(cell, 1, 5), steps(file.model.layers[0], 0, 64)], ["6", null, null]);
});

test("a file that does not say how layers are connected does not say either what becomes of a single one", () => {
  const text = (isOrdered) => shownFile({ name: "x", size: 1, files: [{}], count: 1 }, { model: { framework: "pytorch", layers: [recurrent("a", "lstm", "pytorch", SIZES)], isOrdered }, bytesRead: 1 }, KNOWN).text;
  assert.deepEqual([false, true].map(text), ["unordered.lstm(7,20,seq)", "lstm(7,20,seq)"]);
});

test("one of several files of a model does not say that a layer has no bias, as another one may have it", () => {
  const shown = (count) => shownFile({ name: "x", size: 1, files: [{}], count }, { model: { framework: "pytorch", layers: [recurrent("a", "lstm", "pytorch", { ...SIZES, bias: false })] }, bytesRead: 1 }, KNOWN);
  globalThis.scriptData.phrases = { comma: ", ", fileNoBias: "no bias", fileBiasElsewhere: "elsewhere", fileStackElsewhere: "stacked" };
  assert.deepEqual([shown(1), shown(2)].map(({ text, model }) => [text, remarks(model.layers[0])]), [["unordered.lstm(7,20,seq,nobias)", ["no bias"]], ["unordered.lstm(7,20,seq,maybebias,layers=?).other", ["elsewhere", "stacked"]]]);
});

test("a bias of zeros that a converter leaves out is no bias that the layer certainly lacks", () => {
  globalThis.scriptData.phrases = { comma: ", ", fileNoBias: "no bias", fileZeros: "or zeros" };
  const one = { ...recurrent("a", "gru", "keras", { ...SIZES, bias: false }), mayHaveZeros: true };
  assert.deepEqual([layerText(one), remarks(one)], ["gru(7,20,seq,maybebias)", ["or zeros"]]);
  const dense = { name: "b", kind: "dense", config: { features: 20, num_units: 2, bias: false }, mayHaveZeros: true };
  assert.deepEqual([layerText(dense), layerText({ ...dense, mayHaveZeros: false })], ["dense(20,2,maybebias)", "dense(20,2,nobias)"]);
});

test("the names in a list have the comma of the language between them", () => {
  globalThis.scriptData.phrases = { comma: "、", fileReads: "读取 {names}", fileBegins: "{names}" };
  const dense = { name: "b", kind: "dense", config: {} };
  assert.deepEqual(remarks({ ...dense, reads: ["a", "c"] }), ["读取 a、c"]);
  assert.deepEqual(remarks({ ...dense, begins: Array.from({ length: 25 }, (_, n) => String(n)) })[0].slice(-7), "18、19、…");
});

test("sentences stand one after the other as the language has them", () => {
  const written = (sentences) => {
    globalThis.scriptData.phrases = { comma: "、", sentences, fileWritten: "一。", fileBeside: "二。" };
    return remarks({ name: "b", kind: "lstm", config: {}, written: { names: ["a"], isOfProgram: false } });
  };
  assert.deepEqual([written("{sentence}{next}"), written("{sentence} {next}")], [["一。二。"], ["一。 二。"]]);
});

test("what is not usual about a layer is said beside it", () => {
  globalThis.scriptData.phrases = { comma: ", ", sentences: "{sentence} {next}", fileOwnCell: "own", fileTied: "tied to {name}", fileLooped: "looped", fileContradicts: "{names}: {size} and {other}", fileApart: "apart", fileWritten: "taken for {kind}", fileOfProgram: "of a program like {kind}", fileBeside: "and {names}" };
  const [one, dense] = [recurrent("a", "lstm", "onnx", { ...SIZES, contradicting: [32, 64] }), { name: "b", kind: "dense", config: {} }];
  assert.deepEqual(contradictions([one, dense, { ...one, name: "c" }]), ["a, c: 32 and 64"], "once, for both layers");
  Object.assign(globalThis.scriptData.phrases, { fileDropout: "dropout {rate}", fileActivation: "it has {activation}", fileGates: "gates of {activation}" });
  assert.deepEqual(remarks(recurrent("a", "rnn", "pytorch", { ...SIZES, activation: "relu" })), ["it has relu"]);
  assert.deepEqual(remarks(recurrent("a", "lstm", "keras", { ...SIZES, recurrent_activation: "relu" })), ["gates of relu"]);
  Object.assign(globalThis.scriptData.phrases, { fileCoupled: "coupled", fileClip: "{setting} ±{limit}", fileCellClip: "c in ±{limit}", fileNormalizedGates: "normalized" });
  const odd = { input_forget: true, clip: { setting: "clip", limit: 0.5 }, has_normalized_gates: true, cell_clip: 10 };
  assert.deepEqual(remarks(recurrent("a", "lstm", "onnx", { ...SIZES, ...odd })), ["coupled", "clip ±0.5", "normalized", "c in ±10"], "every reason");
  assert.deepEqual([0.25, 0, null].map((dropout) => remarks(recurrent("a", "lstm", "keras", { ...SIZES, dropout }))), [["dropout 0.25"], [], []]);
  const ofTorch = (num_layers) => remarks(recurrent("a", "lstm", "pytorch", { ...SIZES, num_layers, dropout: 0.5 }));
  assert.deepEqual([1, 2].map(ofTorch), [[], ["dropout 0.5"]], "it is between stacked layers");
  assert.deepEqual(remarks({ ...dense, tiedTo: "emb" }), ["tied to emb"]);
  Object.assign(globalThis.scriptData.phrases, { fileInLoop: "in {loop}, {times} times", fileInLoopOfSteps: "in each step of {loop}" });
  const inLoop = (times) => remarks({ ...dense, loop: { name: "loop", times } });
  assert.deepEqual([1200, "n", ""].map(inLoop), [["in loop, 1,200 times"], ["in loop, n times"], ["in each step of loop"]]);
  globalThis.scriptData.phrases.fileTakenForConvolution = "taken for one";
  assert.deepEqual(remarks({ ...dense, kind: "convolution", isTaken: true }), ["taken for one"]);
  assert.deepEqual(remarks({ ...dense, isLooped: true }), ["looped"]);
  Object.assign(globalThis.scriptData.phrases, { fileLoopedSteps: "for each step", fileBegins: "begins with {names}", fileBeginsAndContinues: "begins with {names}, then itself", fileContinues: "then itself" });
  assert.deepEqual(remarks({ ...dense, continues: true }), ["then itself"]);
  assert.deepEqual(remarks({ ...dense, isLooped: true, runsOfSteps: true }), ["for each step"]);
  assert.deepEqual([undefined, true].map((continues) => remarks({ ...dense, begins: ["enc"], continues })), [["begins with enc"], ["begins with enc, then itself"]]);
  Object.assign(globalThis.scriptData.phrases, { fileReads: "reads {names}", fileReadsStates: "states of {names}" });
  globalThis.scriptData.phrases.fileState = "last {state} of {name}";
  const reading = (reads, getsStates, letter) => remarks({ ...dense, reads, getsStates, letter });
  assert.deepEqual(reading(["a"], true, "c"), ["reads last c of a"]);
  assert.deepEqual([reading(["a"]), reading(["a"], true), reading(["a", "x"], true)], [["reads a"], ["states of a"], ["reads a, x"]]);
  assert.deepEqual(remarks({ ...dense, kind: "other", ownCell: "MyCell" }), ["MyCell: own"]);
  globalThis.scriptData.phrases.fileConvolves = "convolves";
  const window = { kernel: [3, 3], strides: [1, 2], padding: "same", return_sequences: false };
  const convolving = { name: "c", kind: "other", framework: "keras", config: window, className: "ConvLSTM2D", ownCell: "ConvLSTM2D" };
  assert.deepEqual(remarks(convolving), ["ConvLSTM2D: convolves", "strides=1 × 2, padding=same, return_sequences=False"]);
  assert.deepEqual(remarks({ ...dense, kind: "convolution", config: { ...window, return_sequences: undefined } }), ["strides=1 × 2, padding=same"]);
  assert.deepEqual([[], ["w_ci"]].map((names) => remarks({ ...dense, kind: "lstm_cell", written: { count: 9, names } })), [["taken for LSTM"], ["taken for LSTM and w_ci"]]);
  assert.deepEqual(remarks({ ...dense, kind: "lstm_cell", written: { count: 9, names: [], isOfProgram: true } }), ["of a program like LSTM"]);
  const apart = recurrent("a", "lstm", "keras", { ...SIZES, bidirectional: true, merge_mode: "none", parameters: 99 });
  assert.deepEqual([remarks(apart), layerText(apart)], [["apart"], "other(params=99)"], "two tensors");
});

test("what a layer reads, in which layer it runs, and what no picture shows is said beside it", () => {
  globalThis.scriptData.phrases = { comma: ", ", fileCellOf: "one of {count}", fileRecurrentDropout: "state {rate}", fileReads: "reads {names}", filePlaces: "runs {places}", fileChosen: "{places} branches" };
  const cell = recurrent("a", "gru", "keras", { ...SIZES, recurrent_dropout: 0.2 });
  assert.deepEqual(remarks({ ...cell, cellsTogether: 3 }), ["one of 3", "state 0.2"]);
  const attention = { name: "a", kind: "attention", config: {}, className: "Attention", reads: ["decoder", "encoder"] };
  assert.deepEqual(remarks(attention)[0], "reads decoder (query), encoder (value)");
  const shared = { name: "a", kind: "dense", config: {}, places: 2 };
  assert.deepEqual([shared, { ...shared, isChosen: true }].flatMap((one) => remarks(one)), ["runs 2", "2 branches"]);
});

test("a picture is only compared with a layer that has one", () => {
  globalThis.scriptData.phrases = { comma: ", ", fileNoBias: "no bias; the picture has one", fileWithoutBias: "no bias" };
  const one = recurrent("a", "lstm", "keras", { ...SIZES, bias: false });
  assert.deepEqual([true, false].map((hasPicture) => remarks(one, hasPicture)), [["no bias; the picture has one"], ["no bias"]]);
});

test("a layer without a bias has a page, and one with another activation or without a page of its own has none", () => {
  assert.deepEqual(opened("keras", "lstm", { bias: false }, null), {});
  assert.equal(opened("keras", "lstm", { activation: "relu" }, { cell: "lstm" }), null);
  assert.equal(opened("keras", "lstm", { recurrent_activation: "hard_sigmoid" }, { cell: "lstm" }), null);
  assert.equal(opened("onnx", "lstm", { input_forget: true }, { cell: "lstm" }), null);
  assert.equal(opened("keras", "lstm", { num_units: 5000 }, null), null);
});

test("how many runs a layer reads, and what a file leaves out or adds, is said beside it", () => {
  globalThis.scriptData.phrases = { comma: ", ", fileReads: "reads {names}", fileReadsRuns: "{name} ({runs} runs)", fileZeros: "or zeros", fileLengthsOfRows: "{count} lengths", fileScore: "scores" };
  const dense = { name: "a", kind: "dense", config: {} };
  assert.deepEqual(remarks({ ...dense, reads: ["enc", "x"], readsOften: [["enc", 2]] }), ["reads enc (2 runs), x"]);
  assert.deepEqual(remarks({ ...dense, mayHaveZeros: true, lengths: 12, isScore: true }), ["scores", "or zeros", "12 lengths"]);
});

test("a note about the order of layers says only what applies to the file", () => {
  const [table, lstm, dense] = [
    { name: "e", kind: "embedding", config: { features: 9, num_units: 7 } },
    recurrent("l", "lstm", "pytorch", SIZES),
    { name: "d", kind: "dense", config: { features: 20, num_units: 2 } },
  ];
  globalThis.scriptData.phrases = { sentences: "{sentence} {next}" };
  const about = (layers, parts, fields = {}) => aboutOrder({ model: { layers, ...fields }, parts });
  assert.equal(about([lstm], [0]), "fileNotConnected");
  assert.equal(about([table, { ...lstm, follows: true }], [0, 1]), "fileNotConnected fileOrder fileJoined");
  assert.equal(about([table, lstm], [0, 2], { isOfIndex: true }), "fileNotConnected fileOrderOfIndex fileNotJoined fileGaps");
  assert.equal(about([lstm, dense], [0, 2], { isFitted: true }), "fileNotConnected fileOrderFitted fileGaps fileGapsOfSteps", "it may get the last step alone");
  assert.ok(about([lstm, { ...dense, kind: "normalization" }], [0, 2]).endsWith("fileGaps fileGapsOfSteps"), "a normalization takes every step or one");
  assert.equal(about([lstm, dense], [0, 2], { hasCode: true }), "fileCode fileGaps fileGapsOfSteps");
});

test("a layer that gets what is reversed says so, and one that was built for other vectors is named", () => {
  const one = { ...recurrent("a", "lstm", "keras", { ...SIZES, misfitting: [24, 20] }), flipped: 1 };
  assert.ok(remarks(one).includes("fileFlipped"));
  assert.deepEqual(contradictions([one, { ...one, config: SIZES }]), ["fileMisfits"]);
});

test("a layer in a branch of an If says that only one branch runs, unless it is in all of them", () => {
  const one = { ...recurrent("a", "lstm", "onnx", SIZES), branch: { name: "then_branch", of: "if" } };
  assert.ok(remarks(one).includes("fileBranch"));
  assert.ok(!remarks({ ...one, places: 2, isChosen: true }).includes("fileBranch"));
});

test("nothing is assumed about the axes of a class that somebody has written", () => {
  const lstm = recurrent("a", "lstm", "pytorch", SIZES);
  const own = { ...lstm, written: { count: 9, names: [] } };
  globalThis.location = { search: "" };
  const isAssumed = (...layers) => isTimeFirstAssumed({ framework: "pytorch", layers });
  assert.deepEqual([isAssumed(lstm), isAssumed(own), isAssumed(own, lstm)], [true, false, true]);
});

test("weights without settings say no activation, and without a bias not where a GRU resets", () => {
  globalThis.scriptData.phrases = { comma: ", ", fileNoActivations: "activations", fileNoResetAfter: "reset_after of {names}" };
  const gru = (/** @type {string} */ name, /** @type {object} */ config) => recurrent(name, "gru", "keras", { ...SIZES, ...config });
  const open = { bias: false, return_sequences: null };
  const model = (/** @type {any[]} */ ...layers) => ({ framework: "keras", layers, unknown: [], isOrdered: false });
  assert.deepEqual(aboutWeights(model(gru("one", open), gru("two", { ...open, bias: true, reset_after: true }), gru("three", open))), ["activations", "reset_after of one, three"]);
  assert.deepEqual(aboutWeights(model(gru("one", { ...open, reset_after: true }))), ["activations"]);
  assert.deepEqual(aboutWeights(model(gru("one", { bias: false, return_sequences: true, reset_after: false }))), []);
  assert.deepEqual(aboutWeights(model({ ...gru("one", open), written: { className: "Own" } })), []);
});

test("the shape that a loop of cells returns says what is made of their steps", () => {
  const model = { isOrdered: true, layers: [recurrent("a", "gru_cell", "pytorch", SIZES)], output: [] };
  const [unknown, ...none] = aboutEnd(model);
  assert.deepEqual(none, []);
  assert.deepEqual(aboutEnd({ ...model, result: [9, 4, 6] }).includes(unknown), false);
  assert.equal(aboutEnd({ ...model, result: [9, 4, 6] }).length, 1);
  assert.deepEqual(aboutEnd({ ...model, output: [9, 6] }), []);
});
