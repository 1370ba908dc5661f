/**
 * The bytes of a file, read in blocks when they are needed and cached. The parts of a file, such as the members of an archive, share
 * its blocks and its budget.
 */

import { MOST_BLOCKS_TOGETHER, MOST_BYTES_READ, MOST_PARTS } from "../limits.js";
import { Refusal, truncated } from "../refusal.js";

/** @typedef {(start: number, end: number) => Uint8Array} ReadAt reads some bytes of a file */

const BLOCK = 4096;

class Blocks {
  /** @param {number} size @param {ReadAt} readAt */
  constructor(size, readAt) {
    this.size = size;
    this.readAt = readAt;
    this.bytesRead = 0;
    this.parts = 0;
    /** @type {Uint8Array} the block that was read last */
    this.recent = new Uint8Array();
    this.recentStart = 0;
    /** @type {Map<number, Uint8Array>} */
    this.cached = new Map();
    this.next = -1; // the block after the last one that was read
    this.together = 1;
  }

  /** @param {number} start @param {number} end */
  read(start, end) {
    this.bytesRead += end - start;
    if (this.bytesRead > MOST_BYTES_READ) throw new Refusal("fileTooMuch", { limit: MOST_BYTES_READ / 1_000_000 });
    const bytes = this.readAt(start, end);
    if (bytes.length !== end - start) throw truncated(start + bytes.length, end);
    return bytes;
  }

  /** @param {number} position */
  byte(position) {
    const offset = position - this.recentStart;
    if (offset >= 0 && offset < this.recent.length) return this.recent[offset] ?? 0;
    const n = Math.floor(position / BLOCK);
    this.recent = this.block(n);
    this.recentStart = n * BLOCK;
    return this.recent[position - this.recentStart] ?? 0;
  }

  /** @param {number} n */
  block(n) {
    const known = this.cached.get(n);
    if (known) return known;
    const most = n === this.next ? Math.min(2 * this.together, MOST_BLOCKS_TOGETHER) : 1;
    this.together = 1;
    while (this.together < most && !this.cached.has(n + this.together)) this.together++;
    const start = n * BLOCK;
    const bytes = this.read(start, Math.min(start + this.together * BLOCK, this.size));
    for (let k = 0; k * BLOCK < bytes.length; k++) this.cached.set(n + k, bytes.subarray(k * BLOCK, (k + 1) * BLOCK));
    this.next = n + this.together;
    return this.cached.get(n) ?? bytes;
  }
}

export class ByteSource {
  /** @param {Blocks} blocks @param {number} start @param {number} size */
  constructor(blocks, start, size) {
    this.blocks = blocks;
    this.start = start;
    this.size = size;
  }

  /** A file. @param {number} size @param {ReadAt} readAt */
  static of(size, readAt) {
    return new ByteSource(new Blocks(size, readAt), 0, size);
  }

  /** Bytes in memory. @param {Uint8Array} bytes */
  static from(bytes) {
    return ByteSource.of(bytes.length, (start, end) => bytes.subarray(start, end));
  }

  get bytesRead() {
    return this.blocks.bytesRead;
  }

  /** A part of these bytes. @param {number} at @param {number} length */
  part(at, length) {
    this.check(at, length);
    return new ByteSource(this.blocks, this.start + at, length);
  }

  /** @param {number} at @param {number} length */
  check(at, length) {
    if (at >= 0 && length >= 0 && at + length <= this.size) return;
    const end = this.start + at + length;
    throw end > this.blocks.size ? truncated(this.blocks.size, end) : truncated(this.size, at + length); // of the file, or of a part of it
  }

  /** Some bytes. They must not be changed. @param {number} at @param {number} length @returns {Uint8Array} */
  bytes(at, length) {
    this.check(at, length);
    const start = this.start + at;
    const [first, offset] = [Math.floor(start / BLOCK), start % BLOCK];
    if (offset + length <= BLOCK) return this.blocks.block(first).subarray(offset, offset + length);
    if (length > MOST_BLOCKS_TOGETHER * BLOCK) return this.blocks.read(start, start + length);
    const joined = new Uint8Array(length);
    for (let n = first, to = -offset; to < length; n++, to += BLOCK) {
      const block = this.blocks.block(n);
      joined.set(block.subarray(Math.max(0, -to), length - to), Math.max(0, to));
    }
    return joined;
  }

  /** @param {number} at @param {number} length */
  view(at, length) {
    const bytes = this.bytes(at, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** The bytes from some place to the end, or at most so many. @param {number} at @param {number} most */
  upTo(at, most) {
    return this.bytes(at, Math.max(0, Math.min(most, this.size - at)));
  }

  /** A short text is read without a view of its bytes, which costs more than the text. @param {number} at @param {number} length */
  text(at, length) {
    this.check(at, length);
    const { blocks } = this;
    const start = this.start + at;
    if (length > SHORT) return textOf(this.bytes(at, length));
    let text = "";
    for (let n = 0; n < length; n++) {
      const byte = blocks.byte(start + n);
      if (byte > 127) return textOf(this.bytes(at, length));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Count parts of the file that are looked at. @param {number} [count] */
  spend(count = 1) {
    this.blocks.parts += count;
    if (this.blocks.parts > MOST_PARTS) throw new Refusal("fileParts");
  }

  /** Refuse a file now that says that more parts follow than are looked at. @param {number} count */
  expect(count) {
    if (this.blocks.parts + count > MOST_PARTS) throw new Refusal("fileParts");
  }

  /** @param {number} at */
  u8(at) {
    if (!(at >= 0 && at < this.size)) this.check(at, 1);
    return this.blocks.byte(this.start + at);
  }

  /** @param {number} at */
  u16(at) {
    return this.u8(at) + 256 * this.u8(at + 1);
  }

  /** Where so many bytes are in the block that was read last, or -1 if they are not all in it. @param {number} at @param {number} length */
  recent(at, length) {
    const place = this.start + at - this.blocks.recentStart;
    return at >= 0 && at + length <= this.size && place >= 0 && place + length <= this.blocks.recent.length ? place : -1;
  }

  /** A text that ends with a zero; null if that does not follow within so many bytes. @param {number} at @param {number} most */
  zeroEnded(at, most) {
    const end = Math.min(at + most, this.size);
    this.check(at, 0);
    for (let here = at; here < end; here++) if (!this.blocks.byte(this.start + here)) return this.text(at, here - at);
    return null;
  }

  /** Whether a short text of characters below 256 is at a place. @param {number} at @param {string} text */
  has(at, text) {
    this.check(at, text.length);
    for (let n = 0; n < text.length; n++) if (this.blocks.byte(this.start + at + n) !== text.charCodeAt(n)) return false;
    return true;
  }

  /** @param {number} at */
  u32(at) {
    const place = this.recent(at, 4);
    const { recent } = this.blocks;
    if (place >= 0) {
      return (recent[place] ?? 0) + 256 * (recent[place + 1] ?? 0) + 65536 * (recent[place + 2] ?? 0) + 16777216 * (recent[place + 3] ?? 0);
    }
    return this.u16(at) + 65536 * this.u16(at + 2);
  }

  /** @param {number} at */
  i32(at) {
    return this.u32(at) | 0;
  }

  /** @param {number} at */
  f32(at) {
    return new Float32Array(Uint32Array.of(this.u32(at)).buffer)[0] ?? 0;
  }

  /** A number of 8 bytes; beyond 2^53, which no file has, it is rounded. @param {number} at */
  u64(at) {
    return this.u32(at) + 2 ** 32 * this.u32(at + 4);
  }
}

const UTF8 = new TextDecoder();

/** Short texts, most of which are names, are decoded without a call of the browser if they are ASCII. */
const SHORT = 24; // bytes

/** @param {Uint8Array} bytes */
export function textOf(bytes) {
  if (bytes.length > SHORT) return UTF8.decode(bytes);
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return UTF8.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Whether bytes begin with others. @param {Uint8Array} bytes @param {string} start characters below 256 */
export function beginsWith(bytes, start) {
  for (let n = 0; n < start.length; n++) if (bytes[n] !== start.charCodeAt(n)) return false;
  return true;
}
