/**
 * What a pickle would make, read op code by op code. Nothing is imported or called: a call of one of a few known functions becomes
 * a value, and a file with a call of anything else is refused.
 */

import { textOf } from "./byte_source.js";
import { LONGEST_PICKLE_NAME, MOST_AXES, MOST_PICKLE_MARKS, MOST_PICKLE_OBJECTS, MOST_PICKLE_OPERATIONS, MOST_PICKLE_REFERENCES } from "../limits.js";
import { damaged, Refusal, truncated } from "../refusal.js";

/** An array: only its shape is known. */
export class Tensor {
  /** @param {number[]} shape @param {string} [storage] where its numbers are, if the file says it: the same place for several arrays counts once
   * @param {string} [type] of its numbers, as storages of PyTorch are called: Float, Half ...; "" if it is not known */
  constructor(shape, storage = "", type = "") {
    this.shape = shape;
    this.storage = storage;
    this.type = type;
  }
}

/** The name of a class or function, as in an import. */
export class Named {
  /** @param {string} name such as "collections.OrderedDict" */
  constructor(name) {
    this.name = name;
  }
}

/** An object of a class, with its state; or what a call would return, about which nothing is known. */
export class Made {
  /** @param {string} name of the class */
  constructor(name) {
    this.name = name;
    /** @type {unknown} */
    this.state = null;
  }
}

/** @typedef {Map<unknown, unknown>} Dictionary */

/** Where a stack was marked. */
const MARK = Symbol("mark");

const PICKLES_OF_STORAGE = 5;
const PARTS_OF_SPARSE = 4; // the indices in one array or two, the numbers, the shape
const PARTS_OF_NAME = 20; // of the name of a class or function, which a pickle has once and then refers to

/** Whether a value can be a shape. @param {unknown} value @returns {value is any[]} */
const isShort = (value) => Array.isArray(value) && value.length <= MOST_AXES;

/** @param {unknown} shape @param {unknown[]} [place] a storage, and the place in it */
function tensor(shape, [storage, at] = []) {
  if (!isShort(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) throw damaged("pickle");
  const place = storage instanceof Made && typeof storage.state === "string" && typeof at === "number" ? `${storage.state} ${at}` : "";
  return new Tensor(shape, place, storage instanceof Made ? storage.name : "");
}

/** @param {unknown} items @returns {Dictionary} */
function dictionary(items) {
  if (items instanceof Map) return items;
  const pairs = Array.isArray(items) ? items.splice(0).filter(Array.isArray) : []; // a list that is used again costs nothing
  return new Map(/** @type {[unknown, unknown][]} */ (pairs));
}

/** Whether a value may be a shape: of what a sparse tensor has, the other values are arrays and booleans. @param {unknown} value */
const isSizes = (value) => isShort(value) && value.every((size) => typeof size === "number");

/** A function of PyTorch that a module has as an attribute, such as torch.tanh: its name; or a method of an object in the file, which
 * cannot be called. @param {unknown[]} arguments_ */
function attribute([owner, name]) {
  if (owner instanceof Made) return new Made("builtins.getattr");
  if (owner instanceof Named && /^torch\b/.test(owner.name) && typeof name === "string") return named(owner.name, name);
  throw new Refusal("filePickle", { name: "getattr" });
}

/** The function that calls another one, and makes the result an object of a class. */
const REBUILT_AS_TYPE = "torch._tensor._rebuild_from_type_v2";

/** What known functions return, from their arguments.
 * @type {Record<string, (arguments_: unknown[], machine: Unpickler) => unknown>} */
const CALLS = {
  "torch._utils._rebuild_tensor": (all) => tensor(all[2], all),
  "torch._utils._rebuild_tensor_v2": (all) => tensor(all[2], all),
  "torch._utils._rebuild_tensor_v3": (all) => tensor(all[2], all),
  "torch._utils._rebuild_qtensor": (all) => tensor(all[2], [all[0]]),
  "torch._utils._rebuild_meta_tensor_no_storage": (all) => tensor(all[1]),
  "torch._utils._rebuild_sparse_tensor": (all) => tensor(Array.isArray(all[1]) ? all[1].slice(0, PARTS_OF_SPARSE).find(isSizes) : null),
  "torch._utils._rebuild_parameter": (all) => all[0],
  "torch._utils._rebuild_parameter_with_state": (all) => all[0],
  [REBUILT_AS_TYPE]: (all, machine) => {
    if (all[0] instanceof Named && all[0].name === REBUILT_AS_TYPE) throw damaged("pickle"); // which may be endless
    return called(all[0], all[2], machine);
  },
  "torch.storage._load_from_bytes": ([bytes], machine) => machine.storageIn(bytes),
  "numpy.core.numeric._frombuffer": (all) => tensor(all[2]),
  "numpy._core.numeric._frombuffer": (all) => tensor(all[2]),
  "torch.Size": (all) => all[0],
  "torch.jit._pickle.build_intlist": (all) => all[0],
  "torch.jit._pickle.build_doublelist": (all) => all[0],
  "torch.jit._pickle.build_boollist": (all) => all[0],
  "torch.jit._pickle.build_tensorlist": (all) => all[0],
  "torch.jit._pickle.restore_type_tag": (all) => all[0],
  "torch._dynamo.eval_frame.OptimizedModule": (all) => all[0], // a compiled module: the module before
  "collections.OrderedDict": (all) => dictionary(all[0]),
  "collections.defaultdict": () => new Map(),
  "collections.Counter": (all) => dictionary(all[0]),
  "builtins.getattr": (all) => attribute(all),
  "__builtin__.getattr": (all) => attribute(all),
  "copy_reg._reconstructor": (all) => object(all[0]),
  "copyreg._reconstructor": (all) => object(all[0]),
};

/** Functions and classes without effects, whose results matter for no layer. */
const IRRELEVANT = new Set([
  ...["list", "tuple", "set", "frozenset", "dict", "bytearray", "complex", "slice", "range", "object"].flatMap((name) => [
    `builtins.${name}`,
    `__builtin__.${name}`,
  ]),
  "_codecs.encode",
  "collections.deque",
  "contextlib.nullcontext",
  "datetime.date",
  "datetime.datetime",
  "datetime.time",
  "datetime.timedelta",
  "datetime.timezone",
  "decimal.Decimal",
  "fractions.Fraction",
  "functools.partial", // which only stores a function
  "pathlib.Path",
  "pathlib.PosixPath",
  "pathlib.PurePosixPath",
  "pathlib.WindowsPath",
  "torch._dynamo.eval_frame.OptimizeContext", // of a compiled module
  "torch.device",
  "torch.serialization._get_layout",
  "uuid.UUID",
  "types.SimpleNamespace",
  "numpy.dtype",
  ...["core", "_core"].flatMap((name) => [
    `numpy.${name}.multiarray._reconstruct`,
    `numpy.${name}.multiarray.scalar`,
  ]),
  "numpy.random.bit_generator.__pyx_unpickle_SeedSequence",
  ...["__randomstate_ctor", "__generator_ctor", "__bit_generator_ctor"].map((name) => `numpy.random._pickle.${name}`),
]);

/** What a call returns. @param {unknown} callee @param {unknown} given @param {Unpickler} machine @returns {unknown} */
function called(callee, given, machine) {
  const name = callee instanceof Named ? callee.name : typeof callee;
  const all = Array.isArray(given) ? given : [];
  const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  if (call) return call(all, machine);
  if (IRRELEVANT.has(name)) return new Made(name);
  throw new Refusal("filePickle", { name: shortened(name) });
}

/** A new object. Its class is not called, so any name can be one. @param {unknown} type */
function object(type) {
  if (!(type instanceof Named)) throw damaged("pickle");
  return type.name === "collections.OrderedDict" ? new Map() : new Made(type.name);
}

/** The name of a class without its module. @param {string} name */
export const lastWord = (name) => name.slice(name.lastIndexOf(".") + 1);

const STORAGE = "Storage";

/** The type of the numbers in a storage, by its class: "Float" of torch.FloatStorage; "" of another class. @param {unknown} type */
export const typeOfStorage = (type) => (type instanceof Named && type.name.endsWith(STORAGE) ? lastWord(type.name).slice(0, -STORAGE.length) : "");

/** The types of numbers, by the names of their storages. */
const TYPES = new Map([
  ["Double", "float64"],
  ["Float", "float32"],
  ["Half", "float16"],
  ["BFloat16", "bfloat16"],
  ["QInt8", "int8"],
  ["QUInt8", "uint8"],
]);

/** The type of the numbers of an array, if it is one of parameters. @param {string} storage the type of their storage @returns {{type?: string}} */
export function numberType(storage) {
  const type = TYPES.get(storage);
  return type ? { type } : {};
}

/** The start of a name from a file. @param {string} name */
export const shortened = (name) => (name.length > 80 ? `${name.slice(0, 79)}…` : name);

class Unpickler {
  /** @param {Uint8Array} bytes @param {number} at @param {Unpickler | null} [outer] one in whose pickle the bytes are */
  constructor(bytes, at, outer = null) {
    this.outer = outer;
    this.operations = outer?.operations ?? 0;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
    this.objects = 0;
    this.marks = 0;
    /** @type {unknown[]} */
    this.stack = [];
    /** @type {Map<number, unknown>} */
    this.references = new Map();
    /** @type {Map<unknown, unknown[]>} the storages of tensors, as (name, type, key, place, length), by key */
    this.storages = new Map();
  }

  /** The place of the next bytes, which are skipped. @param {number} length */
  skip(length) {
    const at = this.at;
    if (length > this.bytes.length - at) throw truncated(this.bytes.length, at + length);
    this.at += length;
    return at;
  }

  u8() {
    return this.view.getUint8(this.skip(1));
  }

  u32() {
    return this.view.getUint32(this.skip(4), true);
  }

  u64() {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  /** @param {number} length */
  take(length) {
    const at = this.skip(length);
    return this.bytes.subarray(at, at + length);
  }

  line() {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw truncated(this.bytes.length);
    const text = textOf(this.take(end - this.at));
    this.at++;
    return text;
  }

  /** A whole number in so many bytes; beyond 2^53 it is rounded. @param {number} length */
  long(length) {
    const bytes = this.take(length);
    if (length > 8) return Infinity; // no size
    let number = 0;
    for (let n = length - 1; n >= 0; n--) number = number * 256 + (bytes[n] ?? 0);
    return length && (bytes[length - 1] ?? 0) > 127 ? number - 256 ** length : number;
  }

  /** @param {unknown} value */
  push(value) {
    if (typeof value === "object" && value) {
      this.objects += value instanceof Map ? 2 : value instanceof Named ? PARTS_OF_NAME : 1;
      if (this.objects > MOST_PICKLE_OBJECTS) throw new Refusal("fileParts");
    }
    this.stack.push(value);
  }

  mark() {
    if (++this.marks > MOST_PICKLE_MARKS) throw new Refusal("fileParts");
    this.stack.push(MARK);
  }

  pop() {
    if (!this.stack.length) throw damaged("pickle", this.at);
    const value = this.stack.pop();
    if (value === MARK) throw damaged("pickle", this.at);
    return value;
  }

  /** The values since the last mark. */
  sinceMark() {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw damaged("pickle", this.at);
    this.marks--;
    const values = this.stack.splice(at);
    return values.slice(1);
  }

  top() {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw damaged("pickle", this.at);
    return value;
  }

  /** @param {number} key */
  refer(key) {
    if (this.references.size > MOST_PICKLE_REFERENCES) throw new Refusal("fileParts");
    this.references.set(key, this.top());
  }

  /** @param {number} key */
  recall(key) {
    if (!this.references.has(key)) throw damaged("pickle", this.at);
    this.stack.push(this.references.get(key));
  }

  /** @param {unknown[]} values */
  extend(values) {
    const list = this.top();
    if (Array.isArray(list)) for (const value of values) list.push(value);
  }

  /** @param {unknown[]} items keys and values in turn */
  fill(items) {
    const target = this.top();
    if (!(target instanceof Map)) return;
    for (let n = 0; n + 1 < items.length; n += 2) target.set(items[n], items[n + 1]);
  }

  build() {
    const state = this.pop();
    const made = this.top();
    if (!(made instanceof Made)) return;
    const isArray = made.name.endsWith("multiarray._reconstruct") && Array.isArray(state) && Array.isArray(state[1]);
    made.state = isArray ? tensor(state[1]) : state;
  }

  /** A storage, which the module pickle writes as a file of the older format: five pickles, and numbers. @param {unknown} bytes */
  storageIn(bytes) {
    if (this.outer || !(bytes instanceof Uint8Array)) throw damaged("pickle", this.at);
    for (let n = 0, at = 0; n < PICKLES_OF_STORAGE; n++) {
      const inner = new Unpickler(bytes, at, this);
      inner.run();
      [at, this.operations] = [inner.at, inner.operations];
    }
    return new Made("storage");
  }

  /** Follow the op codes to the end. @returns {unknown} what the pickle would make */
  run() {
    while (this.operations++ < MOST_PICKLE_OPERATIONS) {
      const code = this.u8();
      if (code === 0x2e) return this.pop(); // STOP
      const operation = BY_CODE[code];
      if (!operation) throw damaged("pickle", this.at - 1);
      operation(this);
    }
    throw new Refusal("fileParts");
  }
}

/** @param {string} text */
const number = (text) => (/^-?\d{1,15}L?$/.test(text) ? Number.parseInt(text, 10) : Infinity);

/** By op code. @type {Record<string, (machine: Unpickler) => unknown>} */
const OPERATIONS = {
  "\x80": (m) => m.u8(), // PROTO
  "\x95": (m) => m.u64(), // FRAME
  "(": (m) => m.mark(),
  "0": (m) => m.stack.pop(),
  "1": (m) => m.sinceMark(), // POP_MARK
  "2": (m) => m.push(m.top()), // DUP
  N: (m) => m.push(null),
  "\x88": (m) => m.push(true),
  "\x89": (m) => m.push(false),
  I: (m) => m.push(number(m.line())),
  L: (m) => m.push(number(m.line())),
  J: (m) => m.push(m.view.getInt32(m.skip(4), true)),
  K: (m) => m.push(m.u8()),
  M: (m) => m.push(m.view.getUint16(m.skip(2), true)),
  "\x8a": (m) => m.push(m.long(m.u8())),
  "\x8b": (m) => m.push(m.long(m.u32())),
  F: (m) => m.push(Number(m.line())),
  G: (m) => m.push(m.view.getFloat64(m.skip(8))),
  S: (m) => m.push(m.line().replace(/^(['"])(.*)\1$/, "$2")),
  T: (m) => m.push(textOf(m.take(m.u32()))),
  U: (m) => m.push(textOf(m.take(m.u8()))),
  V: (m) => m.push(m.line()),
  X: (m) => m.push(textOf(m.take(m.u32()))),
  "\x8c": (m) => m.push(textOf(m.take(m.u8()))),
  "\x8d": (m) => m.push(textOf(m.take(m.u64()))),
  B: (m) => m.push(m.take(m.u32())),
  C: (m) => m.push(m.take(m.u8())),
  "\x8e": (m) => m.push(m.take(m.u64())),
  "\x96": (m) => m.push(m.take(m.u64())),
  "]": (m) => m.push([]),
  l: (m) => m.push(m.sinceMark()),
  a: (m) => m.extend([m.pop()]),
  e: (m) => m.extend(m.sinceMark()),
  ")": (m) => m.push([]),
  t: (m) => m.push(m.sinceMark()),
  "\x85": (m) => m.push([m.pop()]),
  "\x86": (m) => m.push([m.pop(), m.pop()].reverse()),
  "\x87": (m) => m.push([m.pop(), m.pop(), m.pop()].reverse()),
  "}": (m) => m.push(new Map()),
  d: (m) => {
    const items = m.sinceMark();
    m.push(new Map());
    m.fill(items);
  },
  s: (m) => m.fill([m.pop(), m.pop()].reverse()),
  u: (m) => m.fill(m.sinceMark()),
  "\x8f": (m) => m.push([]), // a set
  "\x90": (m) => m.extend(m.sinceMark()),
  "\x91": (m) => m.push(m.sinceMark()),
  g: (m) => m.recall(number(m.line())),
  h: (m) => m.recall(m.u8()),
  j: (m) => m.recall(m.u32()),
  p: (m) => m.refer(number(m.line())),
  q: (m) => m.refer(m.u8()),
  r: (m) => m.refer(m.u32()),
  "\x94": (m) => m.refer(m.references.size),
  c: (m) => m.push(named(m.line(), m.line())),
  "\x93": (m) => {
    const [module, name] = [m.pop(), m.pop()].reverse();
    m.push(named(module, name));
  },
  R: (m) => {
    const given = m.pop();
    m.push(called(m.pop(), given, m));
  },
  b: (m) => m.build(),
  "\x81": (m) => m.push(newObject(m.pop(), m.pop(), m)),
  "\x92": (m) => {
    m.pop();
    m.push(newObject(m.pop(), m.pop(), m));
  },
  i: (m) => {
    const callee = named(m.line(), m.line());
    m.push(called(callee, m.sinceMark(), m));
  },
  o: (m) => {
    const [callee, ...given] = m.sinceMark();
    m.push(called(callee, given, m));
  },
  P: (m) => m.push(new Made(nameIn(m.line()))), // a storage
  Q: (m) => {
    const id = m.pop();
    const [what, type, key] = Array.isArray(id) ? id : [];
    const storage = new Made(typeOfStorage(type));
    if (what === "storage") {
      storage.state = nameIn(key);
      m.storages.set(key, /** @type {unknown[]} */ (id));
    }
    m.push(what === "module" ? type : storage); // a class, with its source code in older files
  },
};

/** @type {((machine: Unpickler) => unknown)[]} */
const BY_CODE = [];
for (const [character, operation] of Object.entries(OPERATIONS)) BY_CODE[character.charCodeAt(0)] = operation;

/** The name of a module or a class. Other values are not converted to a text, which may be endless. @param {unknown} value */
function nameIn(value) {
  if (typeof value !== "string" || value.length > LONGEST_PICKLE_NAME) throw damaged("pickle");
  return value;
}

/** A class or a function. @param {unknown} module @param {unknown} name */
const named = (module, name) => new Named(`${nameIn(module)}.${nameIn(name)}`);

/** A new object by a class's __new__. Classes with arguments are refused, if they are not of PyTorch.
 * @param {unknown} given @param {unknown} type @param {Unpickler} machine */
function newObject(given, type, machine) {
  const isPlain = Array.isArray(given) && given.length === 0;
  if (isPlain || (type instanceof Named && /^(torch|__torch__)\./.test(type.name))) return object(type);
  return called(type, given, machine);
}

/** Read a pickle. @param {Uint8Array} bytes @param {number} [at] @returns {{value: unknown, end: number,
 * storages: Map<unknown, unknown[]>}} what it would make, where it ends, and the storages to which it refers */
export function unpickled(bytes, at = 0) {
  const machine = new Unpickler(bytes, at);
  const value = machine.run();
  return { value, end: machine.at, storages: machine.storages };
}
