/** The state of a page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/js/page/page_state.js";
import "./fake_page.js";

test("a page starts with the canonical query of its address, which is accepted", () => {
  const store = new Store("?num_units=5&utm_source=mail&batch_size=7");
  assert.equal(store.present, "?batch_size=7");
  assert.equal(store.accepted, store.present);
});

test("a rejected state returns to the last accepted one", () => {
  const store = new Store("");
  store.change("?num_units=7");
  store.accept();
  store.change("?num_units=9");
  assert.equal(store.accepted, "?num_units=7");
  store.revert();
  assert.equal(store.present, "?num_units=7");
});

test("every listener is called with every new state, after the store has it", () => {
  const store = new Store("");
  const calls = [];
  for (const n of [1, 2]) store.onChange((next) => calls.push([n, next, store.present]));
  store.change("?num_units=7");
  assert.deepEqual(calls, [1, 2].map((n) => [n, "?num_units=7", "?num_units=7"]));
});
