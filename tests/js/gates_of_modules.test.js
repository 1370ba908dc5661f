/** Cells that somebody has written with dense layers that have the names of gates. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { chainText } = await import("../../static/js/files/model_text.js");
const { layersOf } = await import("../../static/js/files/arrays/layers_of_arrays.js");
const { joined } = await import("../../static/js/files/graphs/order_of_layers.js");

const [UNITS, FEATURES] = [5, 3];

/** The arrays of modules with a matrix of these columns each, and a bias. */
const modules = (names, columns, hasBias = true) =>
  Object.fromEntries(names.flatMap((name) => [[`${name}.weight`, [UNITS, columns]], ...(hasBias ? [[`${name}.bias`, [UNITS]]] : [])]));

const found = (shapes) => layersOf(Object.entries(shapes).map(([name, shape]) => ({ name, shape })));
const text = (shapes) => chainText({ layers: joined(found(shapes).layers) }, 2000).text;

const joint = (...names) => text(modules(names.map((name) => `cell.${name}`), FEATURES + UNITS));
const pairs = (names, features = FEATURES) => text({ ...modules(names.map(([x]) => `cell.${x}`), features), ...modules(names.map(([, h]) => `cell.${h}`), UNITS, false) });

test("four matrices for x and h with the names of gates are an LSTM, three are a GRU", () => {
  for (const names of [["W_f", "W_i", "W_c", "W_o"], ["forget_gate", "input_gate", "cell_gate", "output_gate"], ["i", "f", "g", "o"], ["linear_f", "linear_i", "linear_o", "linear_g"]]) {
    assert.equal(joint(...names), "lstm_cell(3,5)", names.join());
  }
  for (const names of [["W_z", "W_r", "W_h"], ["update_gate", "reset_gate", "candidate"], ["r", "z", "n"]]) assert.equal(joint(...names), "gru_cell(3,5)", names.join());
});

test("so are pairs, one for x and one for h, also if both are square", () => {
  for (const one of [(gate) => [`W_${gate}`, `U_${gate}`], (gate) => [`x2${gate}`, `h2${gate}`], (gate) => [`W_x${gate}`, `W_h${gate}`], (gate) => [`W_i${gate}`, `W_h${gate}`]]) {
    for (const features of [FEATURES, UNITS]) assert.equal(pairs([..."ifgo"].map(one), features), `lstm_cell(${features},5)`, String(one("f")));
    assert.equal(pairs([..."zrn"].map(one)), "gru_cell(3,5)", String(one("r")));
  }
});

test("a layer after the gates whose name is like that of one is none of them", () => {
  const gates = { ...modules([..."ifoc"].map((gate) => `W_${gate}`), FEATURES), ...modules([..."ifoc"].map((gate) => `U_${gate}`), UNITS) };
  assert.match(text({ ...gates, "out.weight": [2, UNITS], "out.bias": [2] }), /^lstm_cell\(3,5,?[^)]*\)\.dense\(2\)/);
});

test("matrices of other shapes or with other names are dense layers", () => {
  const other = { ...modules(["cell.W_f", "cell.W_i", "cell.W_c"], 8), ...modules(["cell.W_o"], 7) };
  assert.ok(!text(other).includes("lstm"), "one is shorter");
  assert.ok(!joint("W_f", "W_i", "W_c").includes("cell"), "a gate is missing");
  assert.ok(!joint("query", "key", "value", "out").includes("cell"));
  assert.ok(!text(modules(["i", "f", "g", "o"].map((name) => `cell.${name}`), UNITS)).includes("cell"), "there is no x beside h");
  assert.ok(!text({ ...modules(["a.W_f", "a.W_i"], 8), ...modules(["b.W_c", "b.W_o"], 8) }).includes("cell"), "they are in two modules");
});

test("the layers around such a cell are shown, and it says that it is written by hand", () => {
  const shapes = { "embed.weight": [9, FEATURES], ...modules(["cell.W_f", "cell.W_i", "cell.W_c", "cell.W_o"], 8), "fc.weight": [9, UNITS], "fc.bias": [9] };
  const { layers, unknown } = found(shapes);
  assert.deepEqual(layers.map(({ name, kind, written }) => [name, kind, written?.count]), [["embed", "embedding", undefined], ["cell", "lstm_cell", 4 * (8 * UNITS + UNITS)], ["fc", "dense", undefined]]);
  assert.deepEqual(unknown, []);
});
