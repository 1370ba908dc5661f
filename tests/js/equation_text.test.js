/** Equations in pieces with colours, and the names that fit. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { completions, declaredAxes, nameBefore, piecesOf } from "../../static/js/cell/equation_text.js";

const AXES = new Set(["batch_size", "num_units", "K"]);

/** @param {string} line @param {any} [problem] */
const kinds = (line, problem = null) => piecesOf(line, AXES, problem).map(({ text, kind, isWrong }) => [text, kind, isWrong]);

test("the names of axes and comments are pieces of their own", () => {
  assert.deepEqual(kinds("M: batch_size, K  # K is small"), [
    ["M: ", "", false],
    ["batch_size", "axis", false],
    [", ", "", false],
    ["K", "axis", false],
    ["  ", "", false],
    ["# K is small", "comment", false],
  ]);
  assert.deepEqual(kinds("W_K = 1"), [["W_K = 1", "", false]]);
  assert.deepEqual(kinds(""), []);
});

test("what is wrong is marked, whatever colours it has", () => {
  assert.deepEqual(kinds("h = sum(a, K)", { line: 1, start: 4, end: 13 }), [
    ["h = ", "", false],
    ["sum(a, ", "", true],
    ["K", "axis", true],
    [")", "", true],
  ]);
});

test("the pieces of a line are the line", () => {
  for (const line of ["axis K = num_units / 2", "h = (1 - z) * h_prev  # and so on", "#", "K", " K"]) {
    for (const problem of [null, { line: 1, start: 0, end: 3 }, { line: 1, start: 2, end: 99 }]) {
      assert.equal(piecesOf(line, AXES, problem).map(({ text }) => text).join(""), line);
    }
  }
});

test("axes are declared at the beginning of a line", () => {
  assert.deepEqual(declaredAxes("axis K = 2\n  axis heads = 3\n# axis no = 1\nh = axis"), ["K", "heads"]);
});

test("names of the text, of the step before and of functions complete what is begun", () => {
  const text = "hidden: batch_size, num_units\nW: features, num_units\nhidden = sigmoid(h";
  assert.equal(nameBefore(text, text.length), "h");
  assert.deepEqual(completions(text, text.length, ["tanh", "heads"]), ["hidden", "hidden_prev", "heads"]);
  assert.deepEqual(completions("# a comment s", 13, ["sigmoid"]).includes("sigmoid"), true);
  assert.equal(nameBefore("# a comment s", 13), "");
});
