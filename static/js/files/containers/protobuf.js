/** The wire format of protocol buffers: the fields of a message, of which only the needed ones are read. */

import { MOST_PROTOBUF_LEVELS } from "../limits.js";
import { damaged, Refusal } from "../refusal.js";

const LONGEST_TEXT = 1000; // bytes
const LONGEST_VARINT = 10; // bytes
const [VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES] = [0, 1, 2, 5];

/** A message: a part of a file. */
export class Message {
  /** @param {import("./byte_source.js").ByteSource} source @param {number} [depth] */
  constructor(source, depth = 0) {
    if (depth > MOST_PROTOBUF_LEVELS) throw new Refusal("fileDeepMessages", { levels: MOST_PROTOBUF_LEVELS });
    this.source = source;
    this.depth = depth;
    this.end = 0; // of the number that was read last
  }

  /** The fields in their order, without their values. */
  *fields() {
    let at = 0;
    while (at < this.source.size) {
      const key = this.varint(at);
      const field = new Field(this, Math.floor(key / 8), key % 8, this.end);
      this.source.spend();
      if (!field.number) throw damaged("protobuf", this.source.start + at);
      yield field;
      at = field.end;
    }
  }

  /** Visit the fields in their order, without an object for each, which takes less time where there are many. A field gets its place after its key.
   * @param {(number: number, type: number, at: number) => number} visit what it returns is where the field ends */
  each(visit) {
    for (let at = 0; at < this.source.size; ) {
      const key = this.varint(at);
      this.source.spend();
      if (key < 8) throw damaged("protobuf", this.source.start + at);
      at = visit(Math.floor(key / 8), key % 8, this.end);
    }
  }

  /** A message in it. @param {number} at @param {number} length */
  innerAt(at, length) {
    this.source.spend();
    return new Message(this.source.part(at, length), this.depth + 1);
  }

  /** A text of a field, of which `end` is the end. @param {number} type @param {number} at after its key */
  textAt(type, at) {
    this.source.spend();
    if (type !== BYTES) throw damaged("protobuf", this.source.start + at);
    const length = this.varint(at);
    const start = this.end;
    this.source.check(start, length);
    this.end = start + length;
    return this.source.text(start, Math.min(length, LONGEST_TEXT));
  }

  /** The fields with a number. @param {number} number */
  *all(number) {
    for (const field of this.fields()) if (field.number === number) yield field;
  }

  /** Pass over the fields from a place to another one, without a look into them. @param {number} start @param {number} end
   * @param {(number: number, at: number, length: number) => void} visit gets the bytes of a field that has some */
  pass(start, end, visit) {
    for (let at = start; at < end; ) {
      const key = this.varint(at);
      const type = key % 8;
      at = this.end;
      if (type === VARINT) this.varint(at);
      const length = type === BYTES ? this.varint(at) : 0;
      const own = this.end;
      if (type === BYTES) visit(Math.floor(key / 8), own, length);
      at = type === EIGHT_BYTES ? at + 8 : type === FOUR_BYTES ? at + 4 : own + length;
    }
  }

  /** How many fields with bytes have a number. @param {number} number */
  count(number) {
    let count = 0;
    this.pass(0, this.source.size, (own) => void (count += Number(own === number)));
    return count;
  }

  /** The different texts with a number in the fields with another one. @param {number} outer @param {number} number @returns {Set<string>} */
  texts(outer, number) {
    /** @type {Set<string>} */
    const texts = new Set();
    this.pass(0, this.source.size, (own, at, length) => {
      if (own !== outer) return;
      this.source.check(at, length);
      this.pass(at, at + length, (inner, place, size) => {
        if (inner !== number) return;
        if (place + size > at + length) throw damaged("protobuf", this.source.start + place);
        const text = this.source.text(place, Math.min(size, LONGEST_TEXT));
        if (!texts.has(text)) this.source.spend();
        texts.add(text);
      });
    });
    return texts;
  }

  /** A number of varying length; `end` is where it ends. @param {number} at @returns {number} */
  varint(at) {
    let [value, scale] = [0, 1];
    for (let n = 0; n < LONGEST_VARINT; n++, scale *= 128) {
      const byte = this.source.u8(at + n);
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.end = at + n + 1;
        return value;
      }
    }
    throw damaged("protobuf", this.source.start + at);
  }

  /** A number with a sign: a negative one has ten bytes, which are its complement and too large for a number. @param {number} at */
  signed(at) {
    const value = this.varint(at);
    if (this.end - at < LONGEST_VARINT) return value; // also the largest one, which is rounded to 2^63
    let [complement, scale] = [0, 1];
    for (let n = 0; n < 9; n++, scale *= 128) complement += (127 - (this.source.u8(at + n) & 127)) * scale;
    return -complement - 1;
  }
}

/** A field of a message. */
export class Field {
  /** @param {Message} message @param {number} number @param {number} type @param {number} at */
  constructor(message, number, type, at) {
    this.message = message;
    this.number = number;
    this.type = type;
    this.at = at;
    this.value = 0;
    this.length = 0;
    this.end = at;
    if (type === VARINT) {
      this.value = message.signed(at);
      this.end = message.end;
    } else if (type === EIGHT_BYTES) this.end = at + 8;
    else if (type === FOUR_BYTES) this.end = at + 4;
    else if (type === BYTES) {
      this.length = message.varint(at);
      this.at = message.end;
      this.end = this.at + this.length;
    } else throw damaged("protobuf", message.source.start + at);
    message.source.check(this.at, this.end - this.at);
  }

  checkBytes() {
    if (this.type !== BYTES) throw damaged("protobuf", this.message.source.start + this.at);
  }

  /** The bytes of a message, a text or an array. */
  part() {
    this.checkBytes();
    return this.message.source.part(this.at, this.length);
  }

  inner() {
    this.checkBytes();
    return this.message.innerAt(this.at, this.length);
  }

  /** @param {number} [most] bytes */
  text(most = LONGEST_TEXT) {
    const { source } = this.message;
    source.spend();
    this.checkBytes();
    return source.text(this.at, Math.min(this.length, most));
  }

  /** A number of four bytes. @returns {number | undefined} */
  float() {
    return this.type === FOUR_BYTES ? this.message.source.f32(this.at) : undefined;
  }

  /** Numbers, of which a field has one or many. @param {number} [most] @returns {number[]} */
  numbers(most = 1000) {
    if (this.type === VARINT) return [this.value];
    const packed = new Message(this.part());
    const numbers = [];
    for (let at = 0; at < packed.source.size && numbers.length < most; ) {
      numbers.push(packed.signed(at));
      at = packed.end;
    }
    return numbers;
  }
}
