/** A template: a figure for other sizes. test_templates.py compares many with the server. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Template } from "../../static/js/picture/template.js";

const [FIRST, SECOND, THIRD] = ["\u{f0000}", "\u{f0001}", "\u{f0002}"];

/** A template with one formula of num_units, n, in a text. */
const withFormula = (...formula) =>
  new Template({
    formulas: [["size", "num_units"], ["constant", 2], formula],
    slots: [["number", 2]],
    conditions: [],
    figure: { value: FIRST },
    sizes: { num_units: 5 },
    sliders: ["num_units"],
  });

const DOCUMENT = {
  formulas: [["size", "num_units"], ["constant", 10], ["<", 0, 1], ["*", 0, 1]],
  slots: [["", 0], [".1f", 3], ["number", 3]],
  conditions: [[2, true]],
  figure: { text: ["a", `${FIRST} × ${FIRST}`], path: `M${SECOND},0`, size: THIRD, same: { deep: [1, null] } },
  sizes: { num_units: 5, features: 2 },
  sliders: ["num_units"],
};

test("texts and numbers of the figure have the results of formulas", () => {
  const template = new Template(DOCUMENT);
  assert.deepEqual(template.figure({ num_units: 7 }), { text: ["a", "7 × 7"], path: "M70.0,0", size: 70, same: { deep: [1, null] } });
  assert.deepEqual(template.figure({}).text, ["a", "5 × 5"], "a size that is not given is the one of the template");
});

test("a figure does not change when another one is drawn, and shares what is the same", () => {
  const template = new Template(DOCUMENT);
  const [one, other] = [template.figure({ num_units: 7 }), template.figure({ num_units: 8 })];
  assert.equal(one.path, "M70.0,0");
  assert.equal(one.same, other.same);
});

test("a template is valid while its conditions have the same results", () => {
  const template = new Template(DOCUMENT);
  assert.equal(template.isValid({ num_units: 9 }), true);
  assert.equal(template.isValid({ num_units: 10 }), false);
  assert.equal(template.figure({ num_units: 10 }), null);
});

test("halves are rounded as in Python", () => {
  const half = (n) => withFormula("round", 0).figure({ num_units: n }).value;
  assert.deepEqual([0.5, 1.5, 2.5, 2.4, 2.6].map(half), [0, 2, 2, 2, 3]);
  const tenth = (n) => withFormula("round 1", 0).figure({ num_units: n }).value;
  assert.deepEqual([0.25, 0.75, 1.25, 0.35, 2.449, -0.25].map(tenth), [0.2, 0.8, 1.2, 0.3, 2.4, -0.2]);
});

test("operations have the results of Python", () => {
  const results = { div: 3, "%": 1, "**": 49, min: 2, max: 7, hypot: Math.hypot(7, 2), "-": 5, "/": 3.5 };
  for (const [name, result] of Object.entries(results)) assert.equal(withFormula(name, 0, 1).figure({ num_units: 7 }).value, result, name);
  assert.equal(withFormula("length", 0).figure({ num_units: 1234 }).value, 4);
  assert.equal(withFormula("grouped length", 0).figure({ num_units: 1234 }).value, 5);
  assert.deepEqual([0, 1].map((n) => withFormula("where", 0, 1, 0).figure({ num_units: n }).value), [0, 2]);
});

test("a slot may be one of two texts", () => {
  const slots = [["chosen", 2, `${SECOND} row`, `${SECOND} rows`], ["", 0]];
  const template = new Template({ ...DOCUMENT, formulas: [["size", "num_units"], ["constant", 1], ["==", 0, 1]], slots, conditions: [], figure: { text: FIRST } });
  assert.deepEqual([1, 5].map((n) => template.figure({ num_units: n }).text), ["1 row", "5 rows"]);
});

test("lines are written as one zigzag line", () => {
  const write = (spec, count) =>
    new Template({ ...DOCUMENT, formulas: [["constant", 0], ["constant", 30], ["size", "n"]], slots: [[spec, 0, 0, 1, 1, 2]], conditions: [], figure: { path: FIRST } }).figure({ n: count }).path;
  assert.equal(write("upright lines", 3), "M10.0,0.0L10.0,30.0L20.0,30.0L20.0,0.0");
  assert.equal(write("level lines", 2), "M0.0,15.0L30.0,15.0");
});

test("the texts of a label are escaped", () => {
  const template = new Template({ ...DOCUMENT, slots: [["label", 3, 3, 3, 3, "a<b & 'c'", "ink"]], figure: FIRST });
  assert.match(template.figure({}), />a&lt;b &amp; &#x27;c&#x27;<\/tspan>/);
});
