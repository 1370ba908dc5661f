/** The first bytes of a deflated text (RFC 1951): no more of it is unpacked, which a stream of the browser would do. */

import { damaged } from "../refusal.js";

const [STORED, FIXED, DYNAMIC] = [0, 1, 2];
const END_OF_BLOCK = 256;
const LONGEST_CODE = 15; // bits
/** The order in which the lengths of the codes are written that lengths of codes have. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** How many bits follow a length or a distance that is repeated; each begins where the one before it ends. */
const BITS_OF_LENGTH = [...Array(8).fill(0), ...[1, 2, 3, 4, 5].flatMap((bits) => Array(4).fill(bits)), 0];
const BITS_OF_DISTANCE = [0, 0, ...Array.from({ length: 28 }, (_, n) => n >> 1)];
const [SHORTEST, LONGEST] = [3, 258];

/** @param {number[]} bits @param {number} first */
const starts = (bits, first) => bits.map((_, n) => bits.slice(0, n).reduce((sum, count) => sum + 2 ** count, first));
const LENGTHS = [...starts(BITS_OF_LENGTH, SHORTEST).slice(0, -1), LONGEST];
const DISTANCES = starts(BITS_OF_DISTANCE, 1);

/** Symbols in the order of their codes, and how many codes have each length. @typedef {{counts: number[], symbols: number[]}} Codes */

/** @param {number[]} lengths of the codes of symbols @returns {Codes} */
function codesOf(lengths) {
  const counts = Array(LONGEST_CODE + 1).fill(0);
  for (const length of lengths) counts[length]++;
  const symbols = [...lengths.keys()].filter((n) => lengths[n]).sort((one, other) => (lengths[one] ?? 0) - (lengths[other] ?? 0) || one - other);
  return { counts, symbols };
}

const FIXED_LENGTHS = [...Array(144).fill(8), ...Array(112).fill(9), ...Array(24).fill(7), ...Array(8).fill(8)];
const FIXED_CODES = [codesOf(FIXED_LENGTHS), codesOf(Array(30).fill(5))];

class Reader {
  /** @param {Uint8Array} bytes @param {number} most */
  constructor(bytes, most) {
    this.bytes = bytes;
    this.at = 0; // in bits
    this.result = new Uint8Array(most);
    this.length = 0;
  }

  get isFull() {
    return this.length === this.result.length;
  }

  /** @param {number} count */
  bits(count) {
    let value = 0;
    for (let n = 0; n < count; n++, this.at++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw damaged("ZIP");
      value |= ((byte >> (this.at & 7)) & 1) << n;
    }
    return value;
  }

  /** @param {Codes} codes */
  symbol({ counts, symbols }) {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= LONGEST_CODE; length++) {
      code |= this.bits(1);
      const count = counts[length] ?? 0;
      if (code - first < count) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw damaged("ZIP");
  }

  /** @param {number} byte */
  write(byte) {
    if (!this.isFull) this.result[this.length++] = byte;
  }

  stored() {
    this.at = (this.at + 7) & ~7;
    const length = this.bits(16);
    this.bits(16); // the same, inverted
    for (let n = 0; n < length && !this.isFull; n++) this.write(this.bits(8));
  }

  /** The codes of a block that begins with them. */
  codes() {
    const [literals, distances, count] = [this.bits(5) + 257, this.bits(5) + 1, this.bits(4) + 4];
    const own = Array(ORDER.length).fill(0);
    for (const place of ORDER.slice(0, count)) own[place] = this.bits(3);
    const codes = codesOf(own);
    /** @type {number[]} */
    const lengths = [];
    while (lengths.length < literals + distances) {
      const symbol = this.symbol(codes);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...Array(3 + this.bits(2)).fill(lengths.at(-1) ?? 0));
      else lengths.push(...Array(symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7)).fill(0));
    }
    return [codesOf(lengths.slice(0, literals)), codesOf(lengths.slice(literals))];
  }

  /** @param {Codes[]} codes */
  packed([literals, distances]) {
    while (literals && distances && !this.isFull) {
      const symbol = this.symbol(literals);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        this.write(symbol);
        continue;
      }
      const place = symbol - END_OF_BLOCK - 1;
      const length = (LENGTHS[place] ?? 0) + this.bits(BITS_OF_LENGTH[place] ?? 0);
      const far = this.symbol(distances);
      const distance = (DISTANCES[far] ?? 0) + this.bits(BITS_OF_DISTANCE[far] ?? 0);
      if (!length || !distance || distance > this.length) throw damaged("ZIP");
      for (let n = 0; n < length; n++) this.write(this.result[this.length - distance] ?? 0);
    }
  }

  all() {
    for (let isLast = 0; !isLast && !this.isFull; ) {
      isLast = this.bits(1);
      const type = this.bits(2);
      if (type === STORED) this.stored();
      else if (type === FIXED) this.packed(FIXED_CODES);
      else if (type === DYNAMIC) this.packed(this.codes());
      else throw damaged("ZIP");
    }
    return this.result.subarray(0, this.length);
  }
}

/** @param {Uint8Array} bytes deflated @param {number} most bytes of the result */
export const startInflated = (bytes, most) => new Reader(bytes, most).all();
