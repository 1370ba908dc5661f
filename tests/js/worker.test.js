/** The worker answers each message once, with a model or a reason. */

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {(event: {data: unknown}) => Promise<void>} */
let receive;
Object.assign(globalThis, {
  FileReaderSync: class {
    readAsArrayBuffer = (bytes) => bytes.buffer;
  },
  addEventListener: (_, listener) => (receive = listener),
});
await import("../../static/js/files/worker.js");

/** What the worker answers to a file with a text. @param {(found: unknown) => void} send */
async function answersTo(text, send) {
  const answers = [];
  globalThis.postMessage = (found) => {
    send(found);
    answers.push(found);
  };
  const bytes = new TextEncoder().encode(text);
  const file = { name: "a.json", size: bytes.length, slice: (start, end) => bytes.slice(start, end) };
  await receive({ data: { files: [file] } });
  return answers;
}

const MODEL = JSON.stringify({ class_name: "Sequential", config: { layers: [{ class_name: "LSTM", config: { units: 4 } }] } });

test("a model", async () => {
  const [{ model, bytesRead }, ...more] = await answersTo(MODEL, structuredClone);
  assert.deepEqual([model.layers.length, bytesRead, more], [1, MODEL.length, []]);
});

test("a model that cannot be sent is a damaged file", async () => {
  const send = (found) => structuredClone("model" in found ? () => {} : found);
  assert.deepEqual(await answersTo(MODEL, send), [{ reason: "fileDamaged", values: { format: "json", at: 0 } }]);
});
