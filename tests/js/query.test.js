/** Queries as scripts read and write them. The cases come from test_scripts.py, with results of the server's code. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { differInSizes, escaped, fieldOf, fromTheStart, numberIn, withChanges, withSizesOf } from "../../static/js/page/query.js";
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

test("in the view of a training the sample is an example of the test, and no position in the batch", () => {
  assert.equal(numberIn("?sample=300&view=training", "sample"), 300);
  assert.equal(withChanges("?view=training&sample=300", {}), "?view=training&sample=300");
  assert.equal(withChanges("?view=training&sample=300", { view: "unrolled" }), "?sample=2");
});

test("positions can be reset for other sizes", () => {
  assert.deepEqual(fromTheStart(), { row: 0, column: 0, component: 0 });
});

test("links change with the sizes that they have in common with the state", () => {
  const [before, now] = ["?num_units=7&tensor=h", "?features=3&num_units=9&tensor=h"];
  assert.equal(withSizesOf("?num_units=7&tensor=c", before, now), "?features=3&num_units=9&tensor=c");
  assert.equal(withSizesOf("?num_units=64", before, now), "?features=3&num_units=64", "it leads to a size of its own");
  assert.equal(withSizesOf("?num_units=7&t=3", "?num_units=7", "?time_step=2"), "?time_step=2");
  assert.equal(withSizesOf("?num_units=7&view=training", before, now), "?num_units=9&view=training", "the task sets features");
});

test("states that differ in sizes only are known", () => {
  assert.ok(differInSizes("?num_units=7&tensor=h", "?batch_size=9&tensor=h"));
  assert.ok(!differInSizes("?num_units=7&tensor=h", "?num_units=9&tensor=c"));
  assert.ok(!differInSizes("?num_units=7&unit=3", "?num_units=9"), "a followed unit is not reset");
});

test("an unknown field is an error", () => {
  assert.throws(() => fieldOf("hidden"), /there is no field hidden/);
});

test("a value is escaped as by the server", () => {
  assert.equal(escaped("it's (a) é*!"), "it%27s%20(a)%20%C3%A9*!");
});
