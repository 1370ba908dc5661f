/**
 * HDF5: groups, the shapes of datasets, and attributes with strings. Both old and new groups are read; data outside of the file is
 * refused, and no data is read. The format: HDF5 File Format Specification, version 3.0.
 *
 * @typedef {import("./byte_source.js").ByteSource} ByteSource
 * @typedef {{type: number, at: number}} Message
 */

import { beginsWith, textOf } from "./byte_source.js";
import { LONGEST_HDF5_ATTRIBUTE, LONGEST_HDF5_NAME, LONGEST_NAME_OF_ARRAY, LONGEST_NAME_SHOWN, MOST_BYTES_READ, MOST_HDF5_AXES, MOST_HDF5_LEVELS } from "../limits.js";
import { damaged, Refusal } from "../refusal.js";

export const SIGNATURE = "\x89HDF\r\n\x1a\n";

const UNDEFINED = 2 ** 64; // an address of which all bits are set, rounded
const STEP_PARTS = 8; // of an object, a message with something for a chain, or an entry
const LINK_PARTS = 3 * STEP_PARTS; // of an entry of an index: itself, its place in the heap, and the object
const ATTRIBUTE_PARTS = 5 * STEP_PARTS; // the same of an attribute, of which the name is read
const BYTES_OF_A_PART = 64; // of a name
const FEW_AXES = 8;
const MANY_AXES_PARTS = 10; // of an axis of an array with more than these

/** The types of messages of an object. */
const [DATASPACE, LINK_INFO, LINK, EXTERNAL_FILES, LAYOUT, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE, ATTRIBUTE_INFO] = [
  0x01, 0x02, 0x06, 0x07, 0x08, 0x0c, 0x10, 0x11, 0x15,
];

/** Those that are read: arrays have more of others, such as the times of changes and types of numbers. */
const READ = new Set([DATASPACE, LINK_INFO, LINK, EXTERNAL_FILES, LAYOUT, ATTRIBUTE, SYMBOL_TABLE, ATTRIBUTE_INFO]);

/** Where the signature is, or -1. @param {ByteSource} source */
export function startOf(source) {
  for (let at = 0; at + 8 <= Math.min(source.size, 1 << 20); at = at ? 2 * at : 512) {
    if (beginsWith(source.bytes(at, 8), SIGNATURE)) return at;
  }
  return -1;
}

/** A text to its end, or to a zero in it. @param {Uint8Array} bytes */
function untilZero(bytes) {
  const end = bytes.indexOf(0);
  return textOf(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A group or a dataset. */
class Node {
  /** @param {Hdf5} file @param {Message[]} messages */
  constructor(file, messages) {
    this.file = file;
    this.messages = messages;
    /** @type {Map<string, () => string[]> | null} by name, once they are asked for */
    this.attributes = null;
    /** @type {Map<string, number> | null} by name, once they are asked for */
    this.members = null;
  }

  /** The shape of a dataset; null for a group. @returns {number[] | null} */
  get shape() {
    const space = this.messages.find(({ type }) => type === DATASPACE);
    return space ? this.file.shapeAt(space.at) : null;
  }

  /** The objects in a group, by name, in the order in which the file has them. @returns {Map<string, number>} */
  get links() {
    return (this.members ??= this.file.linksOf(this.messages));
  }

  /** The strings of an attribute; none if there is no such attribute. @param {string} name */
  strings(name) {
    this.attributes ??= this.file.attributesOf(this.messages);
    return this.attributes.get(name)?.() ?? [];
  }
}

export class Hdf5 {
  /** @param {ByteSource} source */
  constructor(source) {
    this.source = source;
    const at = startOf(source);
    if (at < 0) throw damaged("HDF5");
    const version = source.u8(at + 8);
    const isOld = version < 2;
    const sizes = isOld ? source.u16(at + 13) : source.u16(at + 9);
    if (version > 3 || sizes !== 0x0808) throw damaged("HDF5", at + 8);
    const root = at + (isOld ? 64 + 4 * version : 36);
    this.base = source.u64(at + (isOld ? 24 + 4 * version : 12));
    source.check(0, source.u64(at + (isOld ? 40 + 4 * version : 28)));
    /** @type {Map<number, Node>} the objects that were read, by their addresses */
    this.nodes = new Map();
    /** The global heaps that were read, by their addresses. @type {Map<number, Map<number, [number, number]>>} */
    this.heaps = new Map();
    this.textBytes = 0; // of the values of attributes
    this.rootAddress = source.u64(root);
    this.root = this.node(this.rootAddress);
  }

  /** Count an object, so that a file with a cycle ends. */
  step() {
    this.source.spend(STEP_PARTS);
  }

  /** @param {number} address @param {string} [signature] @returns {number} where it is in the file */
  place(address, signature = "") {
    const at = this.base + address;
    if (signature && !this.source.has(at, signature)) throw damaged("HDF5", at);
    return at;
  }

  /** A whole number in so many bytes. @param {number} at @param {number} length */
  number(at, length) {
    this.source.check(at, length);
    let number = 0;
    for (let n = length - 1; n >= 0; n--) number = 256 * number + this.source.u8(at + n);
    return number;
  }

  /** The object at an address. @param {number} address */
  node(address) {
    const known = this.nodes.get(address);
    if (known) return known;
    this.step();
    const at = this.place(address);
    const messages = this.source.has(at, "OHDR") ? this.newMessages(at) : this.oldMessages(at);
    if (messages.some(({ type }) => type === EXTERNAL_FILES)) throw new Refusal("fileExternal");
    const layout = messages.find(({ type }) => type === LAYOUT);
    if (layout && this.source.u8(layout.at) >= 4 && this.source.u8(layout.at + 1) === 3) throw new Refusal("fileExternal");
    const node = new Node(this, messages);
    this.nodes.set(address, node);
    return node;
  }

  /** @param {number} at @returns {Message[]} */
  oldMessages(at) {
    if (this.source.u8(at) !== 1) throw damaged("HDF5", at);
    const blocks = new Map([[at + 16, this.source.u32(at + 8)]]); // by where they begin: each is read once
    /** @type {Message[]} */
    const messages = [];
    for (const [start, length] of blocks) {
      for (let here = start; here + 8 <= start + length; ) {
        const [type, size, at] = [this.source.u16(here), this.source.u16(here + 2), here + 8];
        this.source.check(at, size);
        if (type === CONTINUATION) blocks.set(this.place(this.source.u64(at)), this.source.u64(at + 8));
        this.addMessage(messages, type, at);
        here = at + size;
      }
    }
    return messages;
  }

  /** @param {number} at @returns {Message[]} */
  newMessages(at) {
    const flags = this.source.u8(at + 5);
    const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = 1 << (flags & 3);
    const blocks = new Map([[sizeAt + width, this.number(sizeAt, width)]]);
    const head = flags & 4 ? 6 : 4;
    /** @type {Message[]} */
    const messages = [];
    for (const [start, length] of blocks) {
      for (let here = start; here + head <= start + length; ) {
        const [type, size, at] = [this.source.u8(here), this.source.u16(here + 1), here + head];
        this.source.check(at, size);
        if (type === CONTINUATION) {
          const block = this.place(this.source.u64(at), "OCHK");
          blocks.set(block + 4, this.source.u64(at + 8) - 8); // without the signature and the checksum
        }
        this.addMessage(messages, type, at);
        here = at + size;
      }
    }
    return messages;
  }

  /** Add a message if it is one that is read; others take less time. @param {Message[]} messages @param {number} type @param {number} at */
  addMessage(messages, type, at) {
    if (!READ.has(type)) return this.source.spend(type === CONTINUATION ? STEP_PARTS : 1);
    this.step();
    messages.push({ type, at });
  }

  /** @param {number} at of a dataspace @returns {number[]} */
  shapeAt(at) {
    const [version, rank] = [this.source.u8(at), this.source.u8(at + 1)];
    if (rank > MOST_HDF5_AXES) throw damaged("HDF5", at);
    this.source.spend(rank > FEW_AXES ? MANY_AXES_PARTS * rank : rank);
    const first = at + (version === 1 ? 8 : 4);
    return Array.from({ length: rank }, (_, n) => this.source.u64(first + 8 * n));
  }

  /** @param {Message[]} messages @returns {Map<string, number>} */
  linksOf(messages) {
    /** @type {Map<string, number>} */
    const links = new Map();
    for (const { type, at } of messages) {
      if (type === SYMBOL_TABLE) this.addSymbols(links, this.source.u64(at), this.source.u64(at + 8));
      if (type === LINK) this.addLink(links, at);
      if (type === LINK_INFO) {
        const flags = this.source.u8(at + 1);
        const heap = at + 2 + (flags & 1 ? 8 : 0);
        // by the order of creation, if the file has that index
        const index = this.source.u64(heap + (flags & 2 ? 16 : 8));
        for (const place of this.objectsIn(this.source.u64(heap), index, flags & 2 ? 8 : 4)) this.addLink(links, place);
      }
    }
    return links;
  }

  /** @param {Map<string, number>} links @param {number} at of a link */
  addLink(links, at) {
    const flags = this.source.u8(at + 1);
    let here = at + 2;
    const type = flags & 8 ? this.source.u8(here++) : 0;
    here += (flags & 4 ? 8 : 0) + (flags & 0x10 ? 1 : 0);
    const width = 1 << (flags & 3);
    const length = this.number(here, width);
    if (length > LONGEST_HDF5_NAME) throw damaged("HDF5", here);
    if (type === 64) throw new Refusal("fileExternal");
    this.source.spend(1 + length / BYTES_OF_A_PART);
    if (type === 0) links.set(textOf(this.source.bytes(here + width, length)), this.source.u64(here + width + length));
  }

  /** The links of an old group: a B-tree whose leaves have symbols, and a heap with their names.
   * @param {Map<string, number>} links @param {number} tree @param {number} heap addresses */
  addSymbols(links, tree, heap) {
    const names = this.place(this.source.u64(this.place(heap, "HEAP") + 24));
    /** @param {number} address @param {number} level */
    const follow = (address, level) => {
      this.step();
      const at = this.place(address, level < 0 ? "SNOD" : "TREE");
      const count = this.source.u16(at + 6);
      if (level < 0) {
        for (let n = 0; n < count; n++) {
          const entry = at + 8 + 40 * n;
          const name = this.source.zeroEnded(names + this.source.u64(entry), LONGEST_HDF5_NAME);
          if (name === null) throw damaged("HDF5", entry);
          this.source.spend(1 + name.length / BYTES_OF_A_PART);
          if (this.source.u32(entry + 16) !== 2) links.set(name, this.source.u64(entry + 8)); // 2: a soft link
        }
        return;
      }
      const own = this.source.u8(at + 5);
      if (own > level) throw damaged("HDF5", at);
      for (let n = 0; n < count; n++) follow(this.source.u64(at + 32 + 16 * n), own - 1);
    };
    follow(tree, MOST_HDF5_LEVELS);
  }

  /** Attributes, by name: functions that read their strings. @param {Message[]} messages @returns {Map<string, () => string[]>} */
  attributesOf(messages) {
    const places = messages.filter(({ type }) => type === ATTRIBUTE).map(({ at }) => at);
    for (const { type, at } of messages) {
      if (type !== ATTRIBUTE_INFO) continue;
      const heap = at + 2 + (this.source.u8(at + 1) & 1 ? 2 : 0);
      places.push(...this.objectsIn(this.source.u64(heap), this.source.u64(heap + 8), 0, ATTRIBUTE_PARTS));
    }
    return new Map(places.map((at) => this.attribute(at)));
  }

  /** @param {number} at @returns {[string, () => string[]]} */
  attribute(at) {
    const version = this.source.u8(at);
    const lengths = [2, 4, 6].map((offset) => this.source.u16(at + offset));
    const [name = 0, type = 0, space = 0] = version === 1 ? lengths.map((length) => 8 * Math.ceil(length / 8)) : lengths;
    const start = at + (version === 3 ? 9 : 8);
    const own = untilZero(this.source.bytes(start, Math.min(lengths[0] ?? 0, LONGEST_HDF5_NAME)));
    this.source.spend(own.length / BYTES_OF_A_PART);
    return [own, () => this.stringsAt(start + name, start + name + type, start + name + type + space)];
  }

  /** The strings of an attribute; none if its values are no strings.
   * @param {number} type @param {number} space @param {number} data where its parts are @returns {string[]} */
  stringsAt(type, space, data) {
    const [kind, size] = [this.source.u8(type) & 0x0f, this.source.u32(type + 4)];
    const count = this.shapeAt(space).reduce((product, length) => product * length, 1);
    const isVariable = kind === 9 && (this.source.u8(type + 1) & 0x0f) === 1;
    if (!isVariable && kind !== 3) return [];
    if (!(count * size <= LONGEST_HDF5_ATTRIBUTE)) throw damaged("HDF5", data); // also no number: 0 times an infinite one
    this.source.expect(count);
    return Array.from({ length: count }, (_, n) => {
      const at = data + n * size;
      const bytes = isVariable ? this.inGlobalHeap(this.source.u64(at + 4), this.source.u32(at + 12)) : this.source.bytes(at, size);
      this.source.spend();
      this.textBytes += bytes.length; // many texts can be the same object of a heap
      if (this.textBytes > MOST_BYTES_READ) throw new Refusal("fileTooMuch", { limit: MOST_BYTES_READ / 1_000_000 });
      return untilZero(bytes);
    });
  }

  /** An object in a global heap. @param {number} address @param {number} index */
  inGlobalHeap(address, index) {
    const heap = this.heaps.get(address) ?? this.globalHeap(address);
    this.heaps.set(address, heap);
    const found = heap.get(index);
    if (!found) throw damaged("HDF5", this.place(address));
    return this.source.bytes(...found);
  }

  /** Where the objects of a global heap are, and their lengths, by their indices. @param {number} address @returns {Map<number, [number, number]>} */
  globalHeap(address) {
    /** @type {Map<number, [number, number]>} */
    const objects = new Map();
    const at = this.place(address, "GCOL");
    const end = at + this.source.u64(at + 8);
    for (let here = at + 16; here + 16 <= end; ) {
      this.step();
      const [index, size] = [this.source.u16(here), this.source.u64(here + 8)];
      if (size > LONGEST_HDF5_ATTRIBUTE || !index) break;
      objects.set(index, [here + 16, size]);
      here += 16 + 8 * Math.ceil(size / 8);
    }
    return objects;
  }

  /** Where the objects of a fractal heap are, in the order of an index. @param {number} heapAddress @param {number} indexAddress
   * @param {number} offset of the id of the object in a record @param {number} [parts] of an object @returns {number[]} */
  objectsIn(heapAddress, indexAddress, offset, parts = LINK_PARTS) {
    if (heapAddress >= UNDEFINED || indexAddress >= UNDEFINED) return [];
    const at = this.place(heapAddress, "FRHP");
    const heap = {
      width: this.source.u16(at + 110),
      first: this.source.u64(at + 112),
      largest: this.source.u64(at + 120),
      offsetBytes: Math.ceil(this.source.u16(at + 128) / 8),
      root: this.source.u64(at + 132),
      rows: this.source.u16(at + 140),
    };
    const lengthBytes = Math.ceil(Math.log2(Math.min(heap.largest, this.source.u32(at + 10)) + 1) / 8);
    return this.recordsOf(indexAddress, parts).map((record) => {
      this.step(); // the place in the heap takes as long as an object
      const id = record + offset;
      if (this.source.u8(id) & 0x30) throw damaged("HDF5", id); // a huge or a tiny object, neither of which is a link
      this.source.check(id, 1 + heap.offsetBytes + lengthBytes);
      return this.inFractalHeap(heap, this.number(id + 1, heap.offsetBytes));
    });
  }

  /** @param {{width: number, first: number, largest: number, offsetBytes: number, root: number, rows: number}} heap @param {number} offset */
  inFractalHeap(heap, offset) {
    if (!heap.rows) return this.place(heap.root, "FHDB") + offset;
    const entries = this.place(heap.root, "FHIB") + 13 + heap.offsetBytes;
    let [start, size] = [0, heap.first];
    for (let row = 0; row < heap.rows && size <= heap.largest; row++) {
      const end = start + size * heap.width;
      if (offset < end) {
        const column = Math.floor((offset - start) / size);
        const block = this.source.u64(entries + 8 * (row * heap.width + column));
        return this.place(block, "FHDB") + (offset - start - column * size);
      }
      start = end;
      if (row) size *= 2; // the first two rows have the same size
    }
    throw damaged("HDF5", entries);
  }

  /** The records of a B-tree of the second version. @param {number} address @param {number} parts of what a record refers to
   * @returns {number[]} where they are */
  recordsOf(address, parts) {
    const at = this.place(address, "BTHD");
    const [nodeSize, size, depth] = [this.source.u32(at + 6), this.source.u16(at + 10), this.source.u16(at + 12)];
    if (!size || depth > MOST_HDF5_LEVELS) throw damaged("HDF5", at);
    // a pointer has the address, the number of records of the child, and above the lowest nodes that of all below
    const bytesFor = (/** @type {number} */ most) => Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
    const most = [Math.floor((nodeSize - 10) / size)];
    const total = [most[0] ?? 0];
    const pointers = [0];
    for (let level = 1; level <= depth; level++) {
      const pointer = 8 + bytesFor(most[0] ?? 0) + (level > 1 ? bytesFor(total[level - 1] ?? 0) : 0);
      pointers.push(pointer);
      most.push(Math.floor((nodeSize - 10 - pointer) / (size + pointer)));
      total.push((most[level] ?? 0) + ((most[level] ?? 0) + 1) * (total[level - 1] ?? 0));
    }
    this.source.expect(this.source.u64(at + 26) * parts);
    /** @type {number[]} */
    const records = [];
    /** @param {number} node @param {number} count @param {number} level */
    const follow = (node, count, level) => {
      this.step();
      const start = this.place(node, level ? "BTIN" : "BTLF") + 6;
      this.source.check(start, count * size);
      for (let n = 0; n <= count; n++) {
        if (level) {
          const pointer = start + count * size + n * (pointers[level] ?? 0);
          follow(this.source.u64(pointer), this.number(pointer + 8, bytesFor(most[0] ?? 0)), level - 1);
        }
        if (n === count) break;
        this.step();
        records.push(start + n * size);
      }
    };
    const root = this.source.u64(at + 16);
    if (root < UNDEFINED) follow(root, this.source.u16(at + 24), depth);
    return records;
  }
}

/** The datasets of a file, by their paths. @param {Hdf5} file @param {(path: string) => boolean} isSkipped @returns {import("../arrays/array_groups.js").NamedArray[]} */
export function datasetsOf(file, isSkipped) {
  /** @type {import("../arrays/array_groups.js").NamedArray[]} */
  const arrays = [];
  /** @type {Map<number, string>} the groups that were walked, with their paths: links can form cycles */
  const walked = new Map([[file.rootAddress, ""]]);
  /** @type {string | undefined} a link to a group that is around it */
  let cycle;
  /** @param {Node} group @param {string} path @param {number} depth */
  const walk = (group, path, depth) => {
    if (depth > MOST_HDF5_LEVELS) throw new Refusal("fileDeep", { levels: MOST_HDF5_LEVELS });
    for (const [name, address] of group.links) {
      const own = path ? `${path}/${name}` : name;
      if (own.length > LONGEST_NAME_OF_ARRAY) throw new Refusal("fileParts");
      if (isSkipped(own)) continue;
      const before = walked.get(address);
      if (before !== undefined) {
        if (!before || own.startsWith(`${before}/`)) cycle ??= own;
        continue;
      }
      const node = file.node(address);
      const { shape } = node;
      if (shape) arrays.push({ name: own, shape });
      else {
        walked.set(address, own);
        walk(node, own, depth + 1);
      }
    }
  };
  walk(file.root, "", 0);
  if (!arrays.length && cycle !== undefined) throw new Refusal("fileCyclicGroups", { name: cycle.slice(0, LONGEST_NAME_SHOWN) });
  return arrays;
}
