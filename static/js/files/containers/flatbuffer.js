/** Flat buffers: tables whose fields are found by offsets, each of which is checked. */

import { textOf } from "./byte_source.js";
import { MOST_FLATBUFFER_ENTRIES } from "../limits.js";
import { damaged } from "../refusal.js";

const TABLE_PARTS = 5; // of an entry that is a table

export class Table {
  /** @param {import("./byte_source.js").ByteSource} source @param {number} at */
  constructor(source, at) {
    this.source = source;
    this.at = at;
    this.fields = at - source.i32(at); // where the offsets of its fields are
    source.check(this.fields, 4);
  }

  /** Where a field is, or 0 if the table does not have it. @param {number} number */
  place(number) {
    const entry = 4 + 2 * number;
    if (entry + 2 > this.source.u16(this.fields)) return 0;
    const offset = this.source.u16(this.fields + entry);
    return offset && this.at + offset;
  }

  /** A signed number of four bytes. @param {number} number */
  integer(number) {
    const at = this.place(number);
    return at ? this.source.i32(at) : 0;
  }

  /** A number of four bytes that need not be whole. @param {number} number */
  float(number) {
    const at = this.place(number);
    return at ? this.source.f32(at) : 0;
  }

  /** A number of one byte. @param {number} number */
  byte(number) {
    const at = this.place(number);
    return at ? this.source.u8(at) : 0;
  }

  /** A table in the table. @param {number} number @returns {Table | null} */
  table(number) {
    const at = this.place(number);
    return at ? new Table(this.source, at + this.source.u32(at)) : null;
  }

  /** Where the entries of a list are, and their number. @param {number} number @returns {[number, number]} */
  list(number) {
    const at = this.place(number);
    if (!at) return [0, 0];
    const start = at + this.source.u32(at);
    const count = this.source.u32(start);
    if (count > this.source.size) throw damaged("FlatBuffers", start);
    return [start + 4, count];
  }

  /** @param {number} number @returns {number[]} */
  integers(number) {
    const [start, count] = this.list(number);
    if (count > MOST_FLATBUFFER_ENTRIES) throw damaged("FlatBuffers", start);
    return Array.from({ length: count }, (_, n) => this.source.i32(start + 4 * n));
  }

  /** @param {number} number @param {number} [most] @returns {Table[]} */
  tables(number, most = MOST_FLATBUFFER_ENTRIES) {
    const [start, count] = this.list(number);
    if (count > most) throw damaged("FlatBuffers", start);
    this.source.spend(TABLE_PARTS * count);
    return Array.from({ length: count }, (_, n) => new Table(this.source, start + 4 * n + this.source.u32(start + 4 * n)));
  }

  /** @param {number} number */
  text(number) {
    const [start, count] = this.list(number);
    return count ? textOf(this.source.bytes(start, Math.min(count, 1000))) : "";
  }
}

/** The table at the root of a file. @param {import("./byte_source.js").ByteSource} source */
export const rootOf = (source) => new Table(source, source.u32(0));
