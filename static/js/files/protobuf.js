/** The wire format of protocol buffers: the fields of a message, of which only the needed ones are read. */

import { MOST_PROTOBUF_LEVELS } from "./limits.js";
import { damaged, Refusal } from "./refusal.js";

const [VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES] = [0, 1, 2, 5];

/** A message: a part of a file. */
export class Message {
  /** @param {import("./byte_source.js").ByteSource} source @param {number} [depth] */
  constructor(source, depth = 0) {
    if (depth > MOST_PROTOBUF_LEVELS) throw new Refusal("fileDeep", { levels: MOST_PROTOBUF_LEVELS });
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

  /** The fields with a number. @param {number} number */
  *all(number) {
    for (const field of this.fields()) if (field.number === number) yield field;
  }

  /** How many fields of a message have a number, without a look into them. @param {number} number */
  count(number) {
    let count = 0;
    for (let at = 0; at < this.source.size; ) {
      const key = this.varint(at);
      const type = key % 8;
      if (key === 8 * number + type) count++;
      at = this.end;
      if (type === VARINT) this.varint(at);
      const length = type === BYTES ? this.varint(at) : 0;
      at = type === EIGHT_BYTES ? at + 8 : type === FOUR_BYTES ? at + 4 : this.end + length;
    }
    return count;
  }

  /** A number of varying length; `end` is where it ends. @param {number} at @returns {number} */
  varint(at) {
    let [value, scale] = [0, 1];
    for (let n = 0; n < 10; n++, scale *= 128) {
      const byte = this.source.u8(at + n);
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.end = at + n + 1;
        return value;
      }
    }
    throw damaged("protobuf", this.source.start + at);
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
      this.value = message.varint(at);
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
    this.message.source.spend();
    return new Message(this.part(), this.message.depth + 1);
  }

  /** @param {number} [most] bytes */
  text(most = 1000) {
    const { source } = this.message;
    source.spend();
    this.checkBytes();
    return source.text(this.at, Math.min(this.length, most));
  }

  /** Numbers, of which a field has one or many. @param {number} [most] @returns {number[]} */
  numbers(most = 1000) {
    if (this.type === VARINT) return [this.value];
    const packed = new Message(this.part());
    const numbers = [];
    for (let at = 0; at < packed.source.size && numbers.length < most; ) {
      numbers.push(packed.varint(at));
      at = packed.end;
    }
    return numbers;
  }
}
