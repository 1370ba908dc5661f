/** The state of a page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/js/page/store.js";
import "./fake_page.js";

test("a page begins with the canonical query of its address, which the server has answered", () => {
  const store = new Store("?num_units=5&utm_source=mail&batch_size=7");
  assert.equal(store.present, "?batch_size=7");
  assert.equal(store.answered, store.present);
});

test("a refused state leads back to the last one that was answered", () => {
  const store = new Store("");
  store.change("?num_units=7");
  store.accept();
  store.change("?num_units=9");
  assert.equal(store.answered, "?num_units=7");
  store.revert();
  assert.equal(store.present, "?num_units=7");
});

test("every listener hears of every new state, when the store has it", () => {
  const store = new Store("");
  const heard = [];
  for (const n of [1, 2]) store.onChange((next) => heard.push([n, next, store.present]));
  store.change("?num_units=7");
  assert.deepEqual(heard, [1, 2].map((n) => [n, "?num_units=7", "?num_units=7"]));
});
