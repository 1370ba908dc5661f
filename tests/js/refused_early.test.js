/** Files that say how much follows are refused before it is read. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { ByteSource } = await import("../../static/js/files/containers/byte_source.js");
const { readModel } = await import("../../static/js/files/layers_of_file.js");

const varint = (number) => (number < 128 ? [number] : [(number % 128) + 128, ...varint(Math.floor(number / 128))]);
const text = (value) => [...value].map((character) => character.charCodeAt(0));
const field = (number, bytes) => [...varint(8 * number + 2), ...varint(bytes.length), ...bytes];

/** Why a file is refused, and how many of its parts were looked at. */
async function refused(bytes) {
  const source = ByteSource.from(Uint8Array.from(bytes));
  const { reason } = await readModel(source).then(() => ({ reason: "" }), (error) => error);
  return [reason, source.blocks.parts];
}

test("an ONNX model with more arrays than are read", async () => {
  const array = field(5, [0x08, 4, ...field(8, [0x77])]); // one axis, and a name
  const arrays = (count) => new Uint8Array(array.length * count).map((_, n) => array[n % array.length]);
  const model = (count) => [0x08, 8, ...field(7, [...field(1, field(4, text("MatMul"))), ...arrays(count)])];

  const [reason, parts] = await refused(model(20_000));
  assert.equal(reason, "fileParts");
  assert.ok(parts < 10, String(parts));
  assert.equal((await refused(model(2_000)))[0], "fileNoLayersOperations");
});

test("an ONNX model without any product has no recurrent layers", async () => {
  const node = field(1, [...field(1, text("x")), ...field(4, text("Relu"))]);
  const [reason, parts] = await refused([0x08, 8, ...field(7, Array(7_000).fill(node).flat())]);
  assert.equal(reason, "fileNoLayersOperations");
  assert.ok(parts < 10, String(parts));
});

test("an ONNX graph without operations, whatever else is nested in it", async () => {
  const nested = Array(30).fill(0).reduce((inner) => field(9, inner), []);
  assert.equal((await refused([0x08, 8, ...field(7, nested)]))[0], "fileNoOperations");
  assert.equal((await refused([0x08, 8, ...field(7, [])]))[0], "fileNoOperations");
});

test("an ONNX graph whose nodes have only graphs in them", async () => {
  const nested = (levels) => Array(levels).fill(0).reduce((inner) => field(1, field(5, field(6, inner))), []);
  assert.equal((await refused([0x08, 8, ...field(7, nested(100))]))[0], "fileDeepMessages");
  assert.equal((await refused([0x08, 8, ...field(7, nested(2))]))[0], "fileNoLayersOperations");
});

test("a model with more recurrent layers than any has", async () => {
  const node = field(1, [...field(1, text("x")), ...field(2, text("y")), ...field(4, text("LSTM"))]);
  const model = (count) => [0x08, 8, ...field(7, Array(count).fill(node).flat())];

  assert.equal((await refused(model(2_000)))[0], "fileParts");
  assert.equal((await refused(model(500)))[0], "");
});
