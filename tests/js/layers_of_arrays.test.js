/** How the layers of arrays are put in an order in which they fit. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { Tensor } = await import("../../static/js/files/containers/pickle.js");
const { chainText } = await import("../../static/js/files/model_text.js");
const { layer, normalization, recurrent } = await import("../../static/js/files/layer.js");
const { layersOfCode } = await import("../../static/js/files/torch/frozen_torchscript.js");
const { MOST_MILLISECONDS } = await import("../../static/js/files/limits.js");
const { layersOf, withRest } = await import("../../static/js/files/arrays/layers_of_arrays.js");
const { inFittingOrder, joined } = await import("../../static/js/files/graphs/order_of_layers.js");

const both = (framework) => recurrent("a", "gru", framework, { features: 4, num_units: 5, bidirectional: true, reset_after: false });
const after = (features) => recurrent("b", "gru", "keras", { features, num_units: 3 });
const text = (...layers) => chainText({ layers: joined(inFittingOrder(layers)) }, 2000).text;

test("two directions are added if the next layer takes only as many numbers as one has", () => {
  assert.equal(text(both("keras"), after(5)), "gru(4,5,bi,sum,seq,before).gru(3,seq)");
  assert.equal(text(both("keras"), after(10)), "gru(4,5,bi,seq,before).gru(3,seq)");
});

test("they are in the order of a file if all layers fit only then, although another layer takes as many numbers as both", () => {
  const next = recurrent("b", "gru", "keras", { features: 5, num_units: 5, bidirectional: true, reset_after: false });
  const head = layer("c", "dense", "keras", { features: 10, num_units: 2, bias: true });
  const inOrder = (/** @type {any[]} */ ...layers) => chainText({ layers: joined(layers) }, 2000).text;
  assert.match(inOrder(both("keras"), next, head), /^gru\(4,5,bi,sum,seq,before\)\.gru\(5,bi,seq,before\)/);
  assert.ok(!inOrder(both("keras"), structuredClone(next), { ...head, config: { ...head.config, features: 11 } }).includes("sum"), "the last one fits in no way");
});

test("they are not if a layer takes both side by side, or the framework has no other way", () => {
  const dense = layer("c", "dense", "keras", { features: 10, num_units: 2, bias: true });
  assert.ok(!text(both("keras"), after(5), dense).includes("sum"));
  assert.ok(!text(both("pytorch"), after(5)).includes("sum"));
});

test("layers are in an order in which all of them fit, if there is one", () => {
  const lstm = (name, features, num_units) => recurrent(name, "lstm", "keras", { features, num_units });
  const sides = { ...recurrent("both", "gru", "keras", { features: 58, num_units: 31, bidirectional: true }) };
  const layers = [
    sides,
    lstm("lower", 24, 58),
    layer("notes", "embedding", "keras", { features: 700, num_units: 24 }),
    layer("next", "dense", "keras", { features: 62, num_units: 700, bias: true }),
    lstm("upper", 58, 58),
  ];
  assert.deepEqual(inFittingOrder(layers).map(({ name }) => name), ["notes", "lower", "upper", "both", "next"]);
});

test("the dense layers in an attention are found, and what belongs to no layer is not after the output", () => {
  const shapes = { "rnn.weight_ih_l0": [12, 3], "rnn.weight_hh_l0": [12, 4], "attention.W.weight": [6, 8], "attention.W.bias": [6], "attention.v.weight": [1, 6], "scale": [7], "out.weight": [2, 4], "out.bias": [2] };
  const { layers, parts, unknown } = layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })));
  const found = chainText({ layers: withRest(joined(layers), parts, "modules") }, 2000).text;
  assert.equal(found, "gru(3,4,seq,nobias).other.dense(8,6).dense(1,nobias).other(params=7).dense(4,2)");
  assert.deepEqual(unknown, ["scale"]);
});

/** The text of arrays, by name. */
function textOf(shapes, order = "modules") {
  const { layers, parts } = layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })));
  return chainText({ layers: withRest(joined(layers), parts, order) }, 2000).text;
}
const TAGGER = { "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], "out.weight": [9, 2], "out.bias": [9], "crf.starts": [9], "crf.table": [9, 9] };

test("what belongs to no layer is after the part that the file has before it, if files are in the order of modules", () => {
  assert.equal(textOf(TAGGER), "lstm(3,2,seq,nobias).other.dense(2,9).other(params=90)");
  assert.equal(textOf(TAGGER, "names"), "lstm(3,2,seq,nobias).other(params=90).dense(2,9)");
  const { "out.weight": weight, "out.bias": bias, ...others } = TAGGER;
  assert.equal(textOf({ ...others, "out.weight": weight, "out.bias": bias }), "lstm(3,2,seq,nobias).other(params=90).dense(2,9)");
});

test("parameters of one number count, apart from the scales of quantized ones", () => {
  assert.equal(textOf({ scale: [], ...TAGGER }), "other(params=1).lstm(3,2,seq,nobias).other.dense(2,9).other(params=90)");
  assert.equal(textOf({ ...TAGGER, "quant.scale": [], "quant.zero_point": [] }), textOf(TAGGER));
});

test("a matrix beside a dense layer with as many rows is dense, too, and other parameters of the module are where the file has them", () => {
  const cell = { "cell.peephole": [2], "cell.x.weight": [8, 4], "cell.x.bias": [8], "cell.h.weight": [8, 3] };
  assert.equal(textOf({ ...cell, ...TAGGER }).split(".lstm")[0], "other(params=2).dense(4,8).other.dense(3,8,nobias).other");
  const inModule = Object.fromEntries(Object.entries({ "table.weight": [9, 3], ...TAGGER }).map(([name, shape]) => [`model.${name}`, shape]));
  assert.ok(textOf(inModule).startsWith("embedding(9,3).lstm(2"), "a table may have as many rows as the last layer");
});

test("parameters that the file has between layers that are joined are beside them, which is said", () => {
  const shapes = { "net.table.weight": [9, 3], "net.first": [7], "net.lstm.weight_ih_l0": [8, 3], "net.lstm.weight_hh_l0": [8, 2] };
  const { layers, parts } = layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })), new Map([["net.table", "Embedding"]]));
  const all = withRest(joined(layers), parts, "modules");
  assert.deepEqual(all.map(({ kind, isMoved = false }) => [kind, isMoved]), [["embedding", false], ["lstm", false], ["other", true]]);
});

test("an embedding that a module has alone is joined with the recurrent layer of another module, and other layers are not", () => {
  const rnn = (name) => ({ [`${name}.weight_ih_l0`]: [8, 2], [`${name}.weight_hh_l0`]: [8, 2] });
  const table = { "wrapper.emb.weight": [9, 2] };
  assert.ok(textOf({ ...table, ...rnn("rnns.0.module") }).startsWith("embedding(9,2).lstm(2"));
  assert.ok(textOf({ ...table, ...rnn("wrapper.lstm"), ...rnn("other.lstm") }).includes("lstm(2,seq,nobias).other.lstm(2,2"));
});

test("the means of a normalization, and the raw weights beside those that a module has, are not counted", () => {
  const norm = { "bn.weight": [4], "bn.bias": [4], "bn.running_mean": [4], "bn.running_var": [4] };
  const lstm = { "drop.weight_hh_l0_raw": [8, 2], "drop.module.weight_ih_l0": [8, 3], "drop.module.weight_hh_l0": [8, 2] };
  const { statistics, wrapped, computing, layers } = layersOf(Object.entries({ ...norm, ...lstm }).map(([name, shape]) => ({ name, shape })));
  assert.deepEqual([statistics, wrapped, computing], [8, [], ["drop.weight_hh_l0_raw"]]);
  assert.deepEqual(layers.map(({ name }) => name), ["bn", "drop.module"]);
});

test("a transposed convolution has the channels that its bias has", () => {
  const convolutions = { "down.weight": [32, 16, 4], "down.bias": [32], "up.weight": [32, 16, 4], "up.bias": [16], "unclear.weight": [32, 16, 4] };
  const { layers } = layersOf(Object.entries(convolutions).map(([name, shape]) => ({ name, shape })));
  assert.deepEqual(layers.map(({ name, config }) => [name, config.channels, config.kernel]), [["down", 32, [4]], ["up", 16, [4]], ["unclear", 32, [4]]]);
});

test("convolutions of which one takes other channels than the one before it returns are not side by side", () => {
  const shapes = (/** @type {number} */ taken) => ({ "a.weight": [6, 3, 5, 5], "a.bias": [6], "b.weight": [4, taken, 3, 3], "b.bias": [4], "rnn.weight_ih": [16, 3], "rnn.weight_hh": [16, 4] });
  const words = (/** @type {Record<string, number[]>} */ all) => textOf(all).replace(/\(.*?\)/g, "");
  assert.equal(words(shapes(6)), "convolution.convolution.other.lstm_cell");
  assert.equal(words(shapes(3)), "convolution.convolution.other.lstm_cell", "in groups it takes a part of them");
  assert.equal(words(shapes(7)), "convolution.other.convolution.other.lstm_cell");
  assert.equal(words({ ...shapes(9), "a.weight": [3, 6, 5, 5] }), "convolution.other.convolution.other.lstm_cell", "a transposed one returns as many as its bias has");
});

test("weights with three axes are a convolution if their class or name says so, or else taken for one, unless pairs of vectors are more likely", () => {
  const kindsOf = (shapes, classes) => layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })), new Map(classes)).layers.map(({ name, kind, isTaken, className }) => [name, kind, isTaken ?? className ?? false]);
  const shapes = { "front.weight": [6, 5, 3], "front.bias": [6], "own.weight": [6, 5, 3], "own.bias": [6], "pairs.weight": [6, 22, 22], "pairs.bias": [6], "conv.weight": [6, 22, 22], "raw.weight": [6, 1, 80], "bilinear.weight": [6, 4, 4], "picture.weight": [6, 4, 32, 32] };
  assert.deepEqual(kindsOf(shapes), [["front", "convolution", true], ["own", "convolution", true], ["pairs", "other", false], ["conv", "convolution", false], ["raw", "convolution", true], ["bilinear", "other", false], ["picture", "convolution", false]], "a weight of pairs has three axes");
  const classes = [["front", "Conv1d"], ["own", "Bilinear"], ["pairs", "ConvTranspose1d"], ["conv", "Experts"]];
  assert.deepEqual(kindsOf(shapes, classes).slice(0, 4), [["front", "convolution", false], ["own", "other", "Bilinear"], ["pairs", "convolution", false], ["conv", "other", "Experts"]]);
});

test("a cell of TensorFlow 1 may have peepholes", () => {
  const cell = { "rnn/lstm_cell/kernel": [12, 28], "rnn/lstm_cell/bias": [28], ...Object.fromEntries(["i", "f", "o"].map((gate) => [`rnn/lstm_cell/w_${gate}_diag`, [7]])) };
  assert.equal(textOf(cell), "lstm(5,7,seq,peepholes)");
});

test("a constant of frozen code that is the matrix of two layers counts once", () => {
  const constants = [new Tensor([7, 3], "0 0"), new Tensor([7, 3], "0 0"), new Tensor([12, 3], "1 0"), new Tensor([12, 3], "2 0")];
  const code = "a = torch.embedding(CONSTANTS.c0, x)\nb = torch.lstm_cell(a, h, CONSTANTS.c2, CONSTANTS.c3)\nc = torch.linear(b, CONSTANTS.c1, None)\n";
  const { arrays, classes } = layersOfCode(code, constants);
  assert.deepEqual(layersOf(arrays, classes).layers.map(({ config }) => config.parameters), [undefined, undefined, 0]);
});

test("arrays without a layer of their own are read soon, however many and deep they are", () => {
  const read = (levels) => {
    const names = Array.from({ length: 3000 }, (_, n) => `${n}.${"1.".repeat(levels)}weight`);
    const before = process.cpuUsage();
    textOf({ "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], ...Object.fromEntries(names.map((name) => [name, [11, 13]])) });
    assert.ok(process.cpuUsage(before).user / 1000 < MOST_MILLISECONDS);
  };
  read(58);
  assert.throws(() => read(59), { reason: "fileDeep" });
});

test("thousands of layers are read soon, beside each other or each in a module of its own", () => {
  const count = 2400;
  const each = (arrays) => Object.assign({}, ...Array.from({ length: count }, (_, n) => arrays(n)));
  const models = [
    each((n) => ({ [`a${n}.rnn.weight_ih_l0`]: [16, 3], [`a${n}.rnn.weight_hh_l0`]: [16, 4] })),
    each((n) => ({ [`m.a${n}.weight`]: [3 + n, 4 + (n % 60)], [`m.b${n}`]: [7] })),
  ];
  for (const arrays of models) {
    const before = process.cpuUsage();
    layersOf(Object.entries(arrays).map(([name, shape]) => ({ name, shape })));
    assert.ok(process.cpuUsage(before).user / 1000 < 400); // five times as long as it takes
  }
});

test("an array with more axes than any has is refused", () => {
  const layers = (axes) => layersOf([{ name: "a.weight", shape: Array(axes).fill(1) }]);
  layers(64);
  assert.throws(() => layers(65), { reason: "fileParts" });
});

test("a vector alone is a normalization only if its name or its class says so, and that of a loss is no part of the model", () => {
  const rnn = { "rnn.weight_ih_l0": [12, 3], "rnn.weight_hh_l0": [12, 4] };
  const found = (shapes, classes) => {
    const { layers, parts, unknown } = layersOf(Object.entries({ ...rnn, ...shapes }).map(([name, shape]) => ({ name, shape })), classes);
    return [chainText({ layers: withRest(joined(layers), parts, "modules") }, 2000).text, unknown];
  };
  assert.deepEqual(found({ "val_loss.weight": [4] }), ["gru(3,4,seq,nobias)", ["val_loss.weight"]]);
  assert.deepEqual(found({ "net.criterion.pos_weight": [4] })[0], "gru(3,4,seq,nobias)");
  assert.deepEqual(found({ "slope.weight": [4] }), ["gru(3,4,seq,nobias).other(params=4)", ["slope.weight"]]);
  assert.deepEqual(found({ "rms_norm.weight": [4] })[0], "gru(3,4,seq,nobias).other.normalization(params=4)");
  assert.deepEqual(found({ "a.weight": [4] }, new Map([["a", "RMSNorm"]]))[0], "gru(3,4,seq,nobias).other.normalization(params=4)");
  assert.equal(found({ "attention.scale": [4] })[0], "gru(3,4,seq,nobias).other(params=4)");
  assert.equal(found({ "attention.gamma": [4] })[0], "gru(3,4,seq,nobias).other(params=4)");
  assert.equal(found({ "rms_norm.scale": [4] })[0], "gru(3,4,seq,nobias).other.normalization(params=4)");
  assert.equal(found({ "a.gamma": [4], "a.beta": [4] })[0], "gru(3,4,seq,nobias).other.normalization(params=8)");
  assert.deepEqual(found({ "gloss.weight": [4] })[0], "gru(3,4,seq,nobias).other(params=4)", "a word of which loss is the end");
});

test("a square matrix without a bias may be an embedding, and is one if the model returns as many scores", () => {
  const shapes = (units) => ({ "encoder.weight": [7, 7], "rnn.weight_ih_l0": [12, 7], "rnn.weight_hh_l0": [12, 4], "fc.weight": [units, 4], "fc.bias": [units] });
  assert.equal(textOf(shapes(7)), "embedding(7,7).gru(4,seq,nobias).other.dense(4,7)");
  assert.equal(textOf(shapes(2)), "dense(7,7,nobias).gru(4,seq,nobias).other.dense(4,2)");
  for (const units of [7, 2]) assert.equal(layersOf(Object.entries(shapes(units)).map(([name, shape]) => ({ name, shape }))).layers[0].isSquare, true);
});

test("a normalization is in its own block, before the layer that takes as many numbers if its name is, and norms of two blocks are not joined", () => {
  const ordered = (names) => {
    const layers = names.flatMap((name) => [
      recurrent(`rnns.${name}.rnn`, "gru", "pytorch", { features: name === "0" ? 9 : 4, num_units: 4, bidirectional: true }),
      ...(name === "0" ? [] : [normalization(`rnns.${name}.batch_norm`, "pytorch", 8, 4)]),
    ]);
    return joined(inFittingOrder(layers)).map(({ name, follows }) => (follows ? "→" : "|") + name.replace("rnns.", ""));
  };
  assert.deepEqual(ordered(["0", "1", "2"]), ["|0.rnn", "|1.batch_norm", "→1.rnn", "|2.batch_norm", "→2.rnn"]);
  const speech = [layer("ctc", "dense", "pytorch", { features: 5, num_units: 3 }), layer("conv.0", "convolution", "pytorch", {}), normalization("conv.1", "pytorch", 8, 4), layer("conv.3", "convolution", "pytorch", {}), normalization("conv.4", "pytorch", 8, 4)];
  const blocks = ["0", "1"].flatMap((n) => [recurrent(`layers.${n}.lstm`, "lstm", "pytorch", { features: n === "0" ? 4 : 5, num_units: 5 }), normalization(`layers.${n}.norm`, "pytorch", 10, 5)]);
  const order = ["conv.0", "conv.1", "conv.3", "conv.4", "layers.0.lstm", "layers.0.norm", "layers.1.lstm", "layers.1.norm", "ctc"];
  assert.deepEqual(inFittingOrder([...speech, ...blocks]).map(({ name }) => name), order, "a Sequential is not left before its end");
  const alone = [layer("fc", "dense", "pytorch", { features: 5, num_units: 2 }), normalization("norm", "pytorch", 6, 3), recurrent("rnn", "gru", "pytorch", { features: 3, num_units: 5 })];
  assert.deepEqual(inFittingOrder(alone).map(({ name }) => name), ["norm", "rnn", "fc"]);
});

test("what a layer takes is written where no layer before it says it", () => {
  const norm = normalization("norm", "pytorch", 6, 3);
  assert.equal(text(norm, recurrent("rnn", "gru", "keras", { features: 3, num_units: 5 })), "normalization(params=6).gru(3,5,seq)");
});

test("a list of normalizations after a list of recurrent layers leaves open what is between them", () => {
  const rnns = ["0", "1"].map((n) => recurrent(`layers.${n}`, "lstm", "pytorch", { features: 5, num_units: 5 }));
  const norms = ["0", "1"].map((n) => normalization(`norms.${n}`, "pytorch", 10, 5));
  const layers = joined([...rnns, ...norms, layer("o", "dense", "pytorch", { features: 5, num_units: 1 })]);
  assert.equal(chainText({ layers }, 2000).text, "lstm(5,5,seq).other.lstm(5,5,seq).other.normalization(params=10).other.normalization(params=10).dense(5,1)");
});

test("a layer after two dense layers that return as many numbers is not joined with the second one", () => {
  const dense = (name, features, num_units) => layer(name, "dense", "pytorch", { features, num_units });
  const follows = (...layers) => joined(layers).map((one) => one.follows);
  assert.deepEqual(follows(dense("W", 6, 5), dense("U", 7, 5), dense("V", 5, 1)), [false, false, false], "the sum of an attention");
  assert.deepEqual(follows(dense("a", 6, 5), dense("b", 5, 5), dense("c", 5, 1)), [false, true, true]);
});

test("a table whose name says nothing is an embedding in a file that sorts its arrays, if no layer returns so many numbers", () => {
  const lstm = { "rnn.weight_hh_l0": [16, 4], "rnn.weight_ih_l0": [16, 3] };
  const kinds = (shapes) => layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })), undefined, true).layers.map(({ kind }) => kind);
  assert.deepEqual(kinds({ ...lstm, "tok.weight": [9, 3] }).sort(), ["embedding", "lstm"]);
  assert.deepEqual(kinds({ "proj.bias": [3], "proj.weight": [3, 7], ...lstm, "tok.weight": [9, 3] }), ["dense", "lstm"]);
});

test("a dense layer is not joined with another one if a recurrent layer returns as many numbers, unless they are in a list", () => {
  const lstm = recurrent("lstm", "lstm", "pytorch", { features: 3, num_units: 5 });
  const dense = (name, features, num_units) => layer(name, "dense", "pytorch", { features, num_units });
  const isJoined = (...layers) => joined(layers).at(-1).follows;
  assert.equal(isJoined(lstm, dense("latent", 2, 5), dense("words", 5, 9)), false, "it may get what the LSTM returns");
  assert.equal(isJoined(lstm, dense("latent", 2, 4), dense("words", 4, 9)), true);
  for (const [one, other] of [["head.0", "head.2"], ["fc1", "fc2"]]) assert.equal(isJoined(lstm, dense(one, 2, 5), dense(other, 5, 9)), true);
  assert.equal(isJoined({ ...lstm, name: "encoder.lstm" }, dense("decoder.a", 2, 5), dense("decoder.b", 5, 9)), true, "it is of another module");
});

test("a matrix of one row beside an attention makes its scores if its name says so, which is a guess", () => {
  const arrays = { "attn.weight": [6, 8], "attn.bias": [6], "rnn.weight_ih_l0": [12, 3], "rnn.weight_hh_l0": [12, 4] };
  const scores = (name, columns = 6) =>
    layersOf(Object.entries({ ...arrays, [`${name}.weight`]: [1, columns] }).map(([name, shape]) => ({ name, shape }))).layers.filter(({ isScore }) => isScore);
  assert.deepEqual(scores("v").map(({ kind, config }) => [kind, config.features, config.num_units]), [["dense", 6, 1]]);
  assert.deepEqual([scores("v", 7), scores("start")], [[], []]);
});

test("a program has an embedding by its name, and a dense layer by the names of its matrix and bias", () => {
  const gates = Object.fromEntries(["i", "f", "o", "g"].flatMap((gate) => [[`cell.W_x${gate}`, [3, 4]], [`cell.W_h${gate}`, [4, 4]], [`cell.b_${gate}`, [4]]]));
  const kinds = (others) => layersOf(Object.entries({ ...others, ...gates }).map(([name, shape]) => ({ name, shape }))).layers.map(({ name, kind, config }) => [name, kind, config.features, config.num_units]);
  const cell = ["cell", "lstm", 3, 4];
  assert.deepEqual(kinds({ char_embed: [9, 3] }), [["char_embed", "embedding", 9, 3], cell]);
  assert.deepEqual(kinds({ char_embed: [9, 7], table: [9, 3] }), [cell], "of another length, or without its name");
  assert.deepEqual(kinds({ out_W: [4, 9], out_b: [9] }), [["out_W", "dense", 4, 9], cell]);
});

test("a layer under two names is counted once, and one that shares only some of its arrays is not", () => {
  const cell = (name, storages) => ["weight_ih_l0", "weight_hh_l0"].map((array, n) => ({ name: `${name}.${array}`, shape: [12, 3], storage: storages[n] }));
  const texts = (...storages) => {
    const { layers, shared, repeated } = layersOf([...cell("one", ["a", "b"]), ...cell("two", storages)]);
    return [chainText({ layers }, 2000).text, shared.length, repeated.length];
  };
  assert.deepEqual(texts("a", "b"), ["lstm(3,3,seq,nobias).other.lstm(3,3,seq,nobias,params=0)", 2, 0]);
  const table = (name) => [{ name: `${name}.weight`, shape: [9, 3], storage: "t" }];
  const { layers, shared, repeated } = layersOf([...table("embedding_q"), ...table("embedding_a"), ...cell("rnn", ["a", "b"])]);
  assert.equal(chainText({ layers }, 2000).text, "embedding(9,3).other.embedding(9,3,params=0).other.lstm(3,3,seq,nobias)", "an embedding, too");
  assert.deepEqual([shared.length, repeated.length], [1, 0]);
  assert.deepEqual(texts("a", "c"), ["lstm(3,3,seq,nobias).other.lstm(3,3,seq,nobias)", 0, 1]);
});
