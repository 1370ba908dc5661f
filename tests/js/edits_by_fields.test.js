/** Input in the fields of the page. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { setUpFields } from "../../static/js/controls/edits_by_fields.js";
import { fillControls } from "../../static/js/controls/sliders.js";
import "./fake_page.js";

let form, elements, states, store;

beforeEach(() => {
  form = Object.assign(new EventTarget(), { querySelectorAll: () => [] });
  elements = { controls: form, draw: {} };
  document.getElementById = (id) => elements[id];
  [states, store] = [[], { unfinished: null }];
});

/** Type into a number field of a page with a selected row of a large tensor. @param {string} id @param {string} value */
function type(id, value) {
  const edits = { edit: { control: null, from: "?num_units=100&tensor=h&row=48" }, begin: () => {} };
  setUpFields(store, edits, (state) => states.push(state));
  const event = new Event("input");
  Object.defineProperty(event, "target", { value: { id, value, type: "number", dataset: {}, validity: { valid: true } } });
  form.dispatchEvent(event);
  return states;
}

test("another size shows a large tensor from its start", () => {
  assert.deepEqual(type("num_units", "90"), ["?num_units=90&tensor=h"]);
});

for (const [name, value] of [["t", "1"], ["seed", "7"]]) {
  test(`another ${name} shows the same part of a large tensor`, () => {
    const [state] = type(name, value);
    assert.equal(new URLSearchParams(state).get("row"), "48");
    assert.equal(new URLSearchParams(state).get(name), value);
  });
}

/** The fields of the page get the values of a new page. @param {Record<string, string>} texts @param {string} unfinished */
function filled(texts, unfinished) {
  const fields = Object.entries(texts).map(([id, value]) => ({ id, value }));
  form.querySelectorAll = (selector) => (selector === "input[type=number]" ? fields : []);
  const fresh = { max: "9", readOnly: false, getAttribute: () => "7" };
  fillControls({ getElementById: () => fresh, querySelector: () => null }, fields.find(({ id }) => id === unfinished) ?? null);
  return fields.map(({ value }) => value);
}

test("fields get the values of a new page, without rewriting an equal number or what is being typed", () => {
  assert.deepEqual(filled({ a: "5", b: "", c: "07", d: "-" }, "d"), ["7", "7", "07", "-"]);
});
