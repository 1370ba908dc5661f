/** Queries as scripts read and write them. The cases come from test_scripts.py, with results of the server's code. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { escaped, fieldOf, fromTheStart, numberIn, withChanges } from "../../static/js/page/query.js";
import { cases } from "./fake_page.js";

test("scripts write the same queries as the server", () => {
  for (const [search, changes, expected] of cases) {
    assert.equal(withChanges(search, changes), expected, `${search} with ${JSON.stringify(changes)}`);
  }
});

test("unknown names and defaults are dropped", () => {
  assert.equal(withChanges("?utm_source=mail&num_units=5&batch_size=7", {}), "?batch_size=7");
});

test("a number falls back to its default and stays below its limit", () => {
  assert.equal(numberIn("", "num_units"), 5);
  assert.equal(numberIn("?time_step=20&t=15", "t"), 15);
  assert.equal(numberIn("?time_step=2", "t"), 1);
  assert.equal(numberIn("", "sample"), null);
  assert.equal(numberIn("?sample=2", "sample"), 2);
});

test("positions can be reset for other sizes", () => {
  assert.deepEqual(fromTheStart(), { row: 0, column: 0, component: 0 });
});

test("an unknown field is an error", () => {
  assert.throws(() => fieldOf("hidden"), /there is no field hidden/);
});

test("a value is escaped as by the server", () => {
  assert.equal(escaped("it's (a) é*!"), "it%27s%20(a)%20%C3%A9*!");
});
