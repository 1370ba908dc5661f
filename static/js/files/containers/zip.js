/** Archives: the central directory, and members with bounds on their sizes. Nothing is unpacked but the members that are asked for. */

import { beginsWith, ByteSource, textOf } from "./byte_source.js";
import { LARGEST_UNPACKED_MEMBER, LONGEST_NAME_SHOWN, LONGEST_ZIP_DIRECTORY, MOST_BYTES_READ, MOST_TIMES_PACKED, MOST_ZIP_MEMBERS } from "../limits.js";
import { damaged, Refusal, truncated } from "../refusal.js";

const END = 22; // bytes of the end record, without its comment
const MOST_COMMENT = 0xffff;
const BEFORE_MEMBER = 30; // bytes of the header of a member, without its name

const ENTRY = "PK\x01\x02"; // of the directory

const [STORED, DEFLATED] = [0, 8];
const ENCRYPTED = 1 | (1 << 6);

export class Member {
  /** @param {ByteSource} source @param {{name: string, method: number, packed: number, size: number, at: number}} entry */
  constructor(source, entry) {
    this.source = source;
    this.name = entry.name;
    this.method = entry.method;
    this.packed = entry.packed;
    this.size = entry.size;
    this.at = entry.at;
  }

  /** The bytes as they are in the archive. */
  raw() {
    if (!beginsWith(this.source.upTo(this.at, 4), "PK\x03\x04")) throw damaged("ZIP", this.at);
    if (this.source.u16(this.at + 6) & ENCRYPTED) throw new Refusal("fileEncrypted");
    const start = this.at + BEFORE_MEMBER + this.source.u16(this.at + 26) + this.source.u16(this.at + 28);
    return this.source.part(start, this.packed);
  }

  /** The content. @param {number} [most] bytes, after which it may be cut off @returns {Promise<ByteSource>} */
  async content(most = Infinity) {
    const raw = this.raw();
    if (this.method === STORED) return raw;
    if (typeof DecompressionStream === "undefined") throw new Refusal("fileBrowser");
    if (this.method !== DEFLATED) throw damaged("ZIP", this.at);
    if (most === Infinity && this.size > LARGEST_UNPACKED_MEMBER) throw new Refusal("fileBomb", { name: this.name.slice(0, LONGEST_NAME_SHOWN), limit: LARGEST_UNPACKED_MEMBER / 1_000_000 });
    if (most === Infinity && this.size > MOST_TIMES_PACKED * this.packed + 1000) {
      throw new Refusal("filePacked", { name: this.name.slice(0, LONGEST_NAME_SHOWN), times: Math.round(this.size / Math.max(1, this.packed)), most: MOST_TIMES_PACKED });
    }
    if (most === Infinity && this.packed > MOST_BYTES_READ - this.source.bytesRead) throw new Refusal("fileTooMuch", { limit: MOST_BYTES_READ / 1_000_000 });
    return ByteSource.from(await inflated(raw, Math.min(most, this.size)));
  }
}

const PIECE = 4096; // packed bytes that are unpacked at once, to at most 4 MB
const PIECE_OF_START = 64; // of a member of which little is needed: at most 64 KB when it is unpacked

/** The first bytes of a deflated text. @param {ByteSource} raw @param {number} most */
async function inflated(raw, most) {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const result = new Uint8Array(most);
  const piece = most > PIECE ? PIECE : PIECE_OF_START;
  const end = Math.min(raw.size, 2 * most + PIECE); // packed bytes are at most a little more; others are blocks without content
  let length = 0;
  const feed = async () => {
    for (let at = 0; at < end && length < most; at += piece) await writer.write(new Uint8Array(raw.upTo(at, piece)));
    await writer.close();
  };
  feed().catch((error) => writer.abort(error).catch(() => {})); // the reader reports it
  try {
    while (length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      result.set(value.subarray(0, most - length), length);
      length += Math.min(value.length, most - length);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged("ZIP", raw.start);
  }
  reader.cancel().catch(() => {});
  if (length < most) throw truncated(length, most);
  return result;
}

/** The members of an archive, by name. @param {ByteSource} source @returns {Map<string, Member>} */
export function membersOf(source) {
  const { count, at, length } = directoryOf(source);
  if (count > MOST_ZIP_MEMBERS || length > LONGEST_ZIP_DIRECTORY) throw new Refusal("fileParts");
  const directory = ByteSource.from(source.bytes(at, length));
  /** @type {Member[]} */
  const members = [];
  for (let n = 0, here = 0; n < count; n++) {
    if (!beginsWith(directory.upTo(here, 4), ENTRY)) throw damaged("ZIP", at + here);
    if (directory.u16(here + 8) & ENCRYPTED) throw new Refusal("fileEncrypted");
    const nameLength = directory.u16(here + 28);
    const extraLength = directory.u16(here + 30);
    const name = textOf(directory.bytes(here + 46, nameLength));
    const sizes = {
      size: directory.u32(here + 24),
      packed: directory.u32(here + 20),
      at: directory.u32(here + 42),
    };
    widen(sizes, directory.part(here + 46 + nameLength, extraLength));
    members.push(new Member(source, { name, method: directory.u16(here + 10), ...sizes }));
    here += 46 + nameLength + extraLength + directory.u16(here + 32);
  }
  checkPlaces(members);
  return new Map(members.map((member) => [member.name, member]));
}

/** Refuse members that overlap: a few bytes would be unpacked many times. @param {Member[]} members */
function checkPlaces(members) {
  const sorted = [...members].sort((one, other) => one.at - other.at);
  for (const [n, { at }] of sorted.entries()) {
    const before = sorted[n - 1];
    if (before && before.at + BEFORE_MEMBER + before.packed > at) throw damaged("ZIP", at);
  }
}

/** Where the central directory is. @param {ByteSource} source */
function directoryOf(source) {
  const least = Math.max(0, source.size - END - MOST_COMMENT);
  const at = endRecord(source, Math.max(least, source.size - 4000)) ?? endRecord(source, least);
  if (at === null) throw new Refusal("fileCut", { size: source.size });
  const found = { count: source.u16(at + 10), length: source.u32(at + 12), at: source.u32(at + 16) };
  const isWide = at >= 20 && beginsWith(source.bytes(at - 20, 4), "PK\x06\x07");
  const place = isWide ? source.u64(at - 12) : found.at;
  const isThere = beginsWith(source.upTo(place, 4), isWide ? "PK\x06\x06" : found.count ? ENTRY : "");
  const isEnd = at + END + source.u16(at + 20) === source.size;
  if (!isThere && !isEnd) throw new Refusal("fileCut", { size: source.size }); // it is the end of an archive in this one
  if (!isThere && isWide) throw damaged("ZIP", at - 20);
  return isWide ? { count: source.u64(place + 32), length: source.u64(place + 40), at: source.u64(place + 48) } : found;
}

/** @param {ByteSource} source @param {number} from */
function endRecord(source, from) {
  const tail = source.bytes(from, source.size - from);
  for (let n = tail.length - END; n >= 0; n--) {
    if (tail[n] === 0x50 && beginsWith(tail.subarray(n, n + 4), "PK\x05\x06")) return from + n; // 0x50: the P
  }
  return null;
}

/** Sizes that do not fit in four bytes are in an extra field. @param {{size: number, packed: number, at: number}} sizes
 * @param {ByteSource} extra */
function widen(sizes, extra) {
  for (let at = 0; at + 4 <= extra.size; at += 4 + extra.u16(at + 2)) {
    if (extra.u16(at) !== 1) continue;
    let place = at + 4;
    for (const name of /** @type {const} */ (["size", "packed", "at"])) {
      if (sizes[name] !== 0xffffffff) continue;
      sizes[name] = extra.u64(place);
      place += 8;
    }
  }
}
