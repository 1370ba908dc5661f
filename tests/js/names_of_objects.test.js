/** Texts of a file that every object has as names, such as "constructor", are no names of types. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { ByteSource } = await import("../../static/js/files/containers/byte_source.js");
const { readModel } = await import("../../static/js/files/layers_of_file.js");

/** What is read of an LSTM whose numbers have a type. */
function lstmOf(dtype) {
  const entry = (shape) => ({ dtype, shape, data_offsets: [0, 0] });
  const header = new TextEncoder().encode(JSON.stringify({ "rnn.weight_ih_l0": entry([16, 3]), "rnn.weight_hh_l0": entry([16, 4]) }));
  return readModel(ByteSource.from(Uint8Array.from([header.length, 0, 0, 0, 0, 0, 0, 0, ...header])));
}

test("a model with such a type is as one with an unknown type, and can be sent by a worker", async () => {
  const unknown = await lstmOf("own");
  for (const dtype of ["constructor", "toString", "__proto__"]) assert.deepEqual(structuredClone(await lstmOf(dtype)), unknown);
});
