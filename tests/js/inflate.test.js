/** The start of a deflated text is what zlib would unpack, and no more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync } from "node:zlib";

const { startInflated } = await import("../../static/js/files/containers/inflate.js");

const { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;

/** Texts that are packed well, badly, and not at all. */
function texts() {
  let seed = 1;
  const next = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const of = (byte) => Uint8Array.from({ length: 3000 }, (_, n) => byte(n));
  return [of(() => 0), of((n) => n % 7), of(() => next(5) + 60), of(() => next(256)), of((n) => (n % 300 < 260 ? n % 260 : next(256))), new Uint8Array()];
}

test("as many bytes are unpacked as are asked for, if there are so many", () => {
  for (const text of texts()) {
    for (const level of [0, 1, 9]) {
      for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
        const packed = deflateRawSync(text, { level, strategy });
        for (const most of [0, 1, 128, 2999, 3000, 3001]) assert.deepEqual([...startInflated(packed, most)], [...text.subarray(0, most)]);
      }
    }
  }
});

test("what is cut off or not deflated is damaged", () => {
  const packed = deflateRawSync(texts()[2]);
  assert.throws(() => startInflated(packed.subarray(0, 40), 3000), { reason: "fileDamaged" });
  for (const bytes of [[], [7], [6, 255, 255, 255], [5, 255, 255, 255]]) assert.throws(() => startInflated(Uint8Array.from(bytes), 9), { reason: "fileDamaged" });
});
