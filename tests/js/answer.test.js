/** The answer of a student, until the server has checked it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Answer } from "../../static/js/room/answer.js";

const OPEN = { tensor: "concat", number: 3, shape: "" };

test("an answer names its question, and is open as long as the question is", () => {
  const answer = new Answer();
  assert.deepEqual(answer.submit("3 x 7", OPEN), { answer: "3 x 7", number: 3 });
  assert.equal(answer.isOpen(OPEN), true);
  assert.deepEqual(answer.message, { answer: "3 x 7", number: 3 });
});

test("an answer is not open after it is checked or revealed, or after another question", () => {
  const answer = new Answer();
  assert.equal(answer.isOpen(OPEN), false, "without an answer");
  answer.submit("3 x 7", OPEN);
  assert.equal(answer.isOpen({ ...OPEN, shape: "3 × 7" }), false);
  assert.equal(answer.isOpen({ ...OPEN, number: 4 }), false);
  assert.equal(answer.isOpen(null), false);
  answer.clear();
  assert.equal(answer.isOpen(OPEN), false);
});
