/** The marks of a quiz. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Marks } from "../../static/js/stored_quiz_marks.js";

beforeEach(() => {
  const stored = new Map();
  globalThis.window = { name: "" };
  globalThis.localStorage = { getItem: (name) => stored.get(name) ?? null, setItem: (name, text) => stored.set(name, text) };
});

test("the first answer to a question counts", () => {
  const marks = new Marks("5", 4);
  marks.set(1, true);
  marks.set(3, false);
  marks.set(3, true);
  assert.deepEqual(marks.signs, ["✓", "", "✗", ""]);
  assert.equal(marks.right, 1);
  assert.equal(marks.answered, 2);
});

test("marks last until the next page, and each quiz has its own", () => {
  new Marks("5", 4).set(2, true);
  assert.deepEqual(new Marks("5", 4).signs, ["", "✓", "", ""]);
  assert.equal(new Marks("5 gru", 4).answered, 0);
});

test("without storage marks last as long as the tab", () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => assert.fail("blocked") };
  new Marks("5", 4).set(2, false);
  assert.deepEqual(new Marks("5", 4).signs, ["", "✗", "", ""]);
});
