/**
 * The expressions in the code of TorchScript. Their values are found while they are read; none are computed.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {{module: string} | {tensor: string} | {items: Value[]} | {number: number} | {path: string} | {step: number} | {step: number, tensor: string} | {length: number} | {product: true}} Known a module, by its path in the
 *   model; a tensor, by a key of its own; a tuple or list; a number; the name of a function; a step of
 *   the input of the model, by the axis of the steps; the length of such an axis, or a product of lengths
 * @typedef {Known | undefined} Value
 */

import { MOST_CODE_LEVELS } from "../limits.js";

const MOST_LISTS = 3; // in each other, of the arguments of a function

/** Calls of functions of shapes, which use no values. */
const SHAPE_OF = /\b(?:torch\.(?:size|dim|numel|ndim)|torch\.len|ops\.prim\.(?:device|dtype))\(\w+(?:, -?\d+)?\)/g;

/** An expression that only gives values other names, or puts them in a tuple. */
const ONLY_NAMES = /^\(?\w*(?:, \w+)*,?\)?(?:\[\d+\])?$/;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d[\w.+]*)|([A-Za-z_]\w*)|([()[\],.=:]))/y;

/** The expression of a statement is none of those that are read. */
export class NotRead extends Error {}

/** The tensors in values, each of which is visited once: a list can have another one many times. @param {Iterable<Value>} values */
export function tensorsAmong(values) {
  const found = new Set(values);
  for (const value of found) if (value && "items" in value) for (const item of value.items) found.add(item);
  return new Set([...found].flatMap((value) => (value && "tensor" in value ? value.tensor : [])));
}

/** The tensors in a value. @param {Value} value */
export const tensorsOf = (value) => [...tensorsAmong([value])];

/** Whether it is known which tensors are in a value, which is in some lists. @param {Value} value @param {number} [depth] how many @returns {boolean} */
export function isWhole(value, depth = 0) {
  if (!value || depth > MOST_LISTS) return false;
  if (!("items" in value)) return "tensor" in value || !("step" in value);
  return value.items.length > 0 && [...new Set(value.items)].every((item) => isWhole(item, depth + 1));
}

/** The tensors that the code uses by their names. @param {string} code @param {Map<string, Value>} names */
export const tensorsNamed = (code, names) => tensorsAmong(ONLY_NAMES.test(code) ? [] : (code.replace(SHAPE_OF, "").match(/\b[A-Za-z_]\w*/g) ?? []).map((name) => names.get(name)));

/** What follows the calls of modules and functions. @typedef {{types: Map<string, string>, parameters: import("./parameters_of_code.js").ParametersOfCode, anyOf: (items: Value[]) => Value,
 *   method: (module: string, name: string, given: Value[], depth: number, isCertain: boolean) => Value,
 *   function: (path: string, given: Value[], module: string, texts: string[], isCertain: boolean) => Value}} Walk */

/** Where code runs: the module, in how many calls, and whether it certainly runs. @typedef {{module: string, depth: number, isCertain: boolean}} Context */

/** An expression, whose value is found while it is read. */
export class Expression {
  /** @param {string} text @param {Map<string, Value>} names @param {Walk} walk @param {Context} context */
  constructor(text, names, walk, context) {
    this.text = text;
    this.names = names;
    this.walk = walk;
    this.context = context;
    this.at = 0;
    this.depth = 0;
  }

  /** The next token, "" at the end; it is read only if it is `taken`. @param {boolean} [taken] */
  token(taken = true) {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match && this.text.slice(this.at).trim()) throw new NotRead();
    if (match && taken) this.at = TOKEN.lastIndex;
    return match ? match[0].trim() : "";
  }

  /** Its value, undefined if it is none of those that are read. @returns {Value} */
  read() {
    try {
      return this.whole();
    } catch (error) {
      if (error instanceof NotRead) return undefined;
      throw error;
    }
  }

  /** @returns {Value} */
  whole() {
    const value = this.value();
    if (this.token(false) !== ",") return this.end(value);
    const items = [value];
    while (this.token(false) === ",") {
      this.token();
      items.push(this.value());
    }
    return this.end({ items });
  }

  /** @param {Value} value @returns {Value} */
  end(value) {
    if (this.token(false)) throw new NotRead();
    return value;
  }

  /** @returns {Value} */
  value() {
    if (++this.depth > MOST_CODE_LEVELS) throw new NotRead();
    let value = this.simple();
    for (;;) {
      const next = this.token(false);
      if (next === ".") {
        this.token();
        value = this.attribute(value, this.token());
      } else if (next === "(") {
        this.token();
        value = this.call(value);
      } else if (next === "[") {
        this.token();
        const [place] = this.list("]").values;
        const items = value && "items" in value ? value.items : [];
        value = place && "number" in place ? items.at(place.number) : this.walk.anyOf(items);
      } else break;
    }
    this.depth--;
    return value;
  }

  /** @returns {Value} */
  simple() {
    const token = this.token();
    if (token === "(" || token === "[") {
      const { values, hasComma } = this.list(token === "(" ? ")" : "]");
      return token === "(" && !hasComma ? values[0] : { items: values };
    }
    if (/^-?\d/.test(token)) return { number: Number(token) };
    if (/^["']/.test(token)) return { path: token };
    if (!/^\w/.test(token)) throw new NotRead();
    return this.names.has(token) ? this.names.get(token) : { path: token };
  }

  /** @param {Value} of @param {string} name @returns {Value} */
  attribute(of, name) {
    if (of && "path" in of) return { path: `${of.path}.${name}` };
    if (!of || !("module" in of)) return undefined;
    const module = of.module ? `${of.module}.${name}` : name;
    this.walk.parameters.read.add(module);
    return this.walk.types.has(module) ? { module } : { path: `${of.module}:${name}` };
  }

  /** Values with commas between them. @param {string} end */
  list(end) {
    /** @type {Value[]} */
    const values = [];
    const texts = [];
    let hasComma = false;
    while (this.token(false) !== end) {
      const start = this.at;
      let value = this.value();
      if (this.token(false) === "=") {
        this.token();
        const named = this.value();
        value = isWhole(named) && !tensorsOf(named).length ? { path: "" } : undefined; // its place is not that of a parameter
      }
      values.push(value);
      texts.push(this.text.slice(start, this.at).trim());
      const next = this.token(false);
      if (next === ",") {
        hasComma = true;
        this.token();
      } else if (next !== end) throw new NotRead();
    }
    this.token();
    return { values, texts, hasComma };
  }

  /** A call, after its first bracket. @param {Value} of @returns {Value} */
  call(of) {
    const { values, texts } = this.list(")");
    const { module, depth, isCertain } = this.context;
    if (!of || !("path" in of)) return undefined;
    if (of.path === "getattr") {
      const [owner, name] = values;
      return name && "path" in name ? this.attribute(owner, name.path.slice(1, -1)) : undefined;
    }
    const method = /^(.*):(\w+)$/.exec(of.path);
    if (method) return this.walk.method(method[1] ?? "", method[2] ?? "", values, depth + 1, isCertain);
    return this.walk.function(of.path, values, module, texts, isCertain);
  }
}
