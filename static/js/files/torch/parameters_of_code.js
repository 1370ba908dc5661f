/**
 * The parameters of TorchScript that are of no layer: where its code computes something with them, and which ones it does not use.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 * @typedef {import("../arrays/layers_of_arrays.js").Part} Part
 * @typedef {import("./torchscript_expressions.js").Value} Value
 */

import { layer, numbersIn } from "../layer.js";
import { tensorsAmong, tensorsOf } from "./torchscript_expressions.js";

/** The module of an array. @param {string} name */
const ownerOf = (name) => name.replace(/\.?[^.]*$/, "");

export class ParametersOfCode {
  /** @param {NamedArray[]} arrays @param {Part[]} parts
   * @param {{types: Map<string, string>, texts: Map<string, string>, layers: Map<string, unknown>, flow: import("../graphs/layer_inputs.js").Flow}} code the class of each module, the
   * texts of classes, the layers by name, and where values come from */
  constructor(arrays, parts, code) {
    this.arrays = arrays;
    this.parts = parts;
    this.code = code;
    /** @type {Map<string, {array: NamedArray, part: Part}>} the arrays of parts that are no layers, by name */
    this.loose = new Map(parts.filter(({ name, count }) => count && !code.layers.has(name)).flatMap((part) => part.places.flatMap((place) => {
      const array = arrays[place];
      return array && !array.isBuffer ? [/** @type {const} */ ([array.name, { array, part }])] : [];
    })));
    /** @type {Set<string>} the modules and arrays that the code reads */
    this.read = new Set();
    /** @type {Set<string>} the modules of which all is used */
    this.modules = new Set();
    /** @type {Set<string>} the words of code that is not followed */
    this.words = new Set();
    /** @type {Map<string, Set<string>>} those of classes */
    this.attributes = new Map();
    /** Whether all statements are read. */
    this.areAllRead = true;
    /** @type {Set<string>} */
    this.placed = new Set();
    /** @type {Set<string>} those of them that are initial states */
    this.states = new Set();
  }

  /** All of a module is used. @param {string} module */
  use(module) {
    this.modules.add(module);
  }

  /** Code that is not followed, which may use what has these names. @param {string} text */
  name(text) {
    for (const word of text.match(/\w+/g) ?? []) this.words.add(word);
  }

  /** The parameters in values. @param {Value[]} values */
  among(values) {
    const all = values.flatMap((value) => (value && "items" in value ? value.items : [value]));
    return all.flatMap((value) => (value && "path" in value ? this.loose.get(value.path.replace(/^:/, "").replace(":", ".")) ?? [] : []));
  }

  /** Place parameters where the code first computes something with them and a value from its inputs: as a layer of which nothing else is known.
   * @param {Value[]} given to a function @param {Value} value what it returns */
  place(given, value) {
    const { flow } = this.code;
    const found = this.among(given).filter(({ array }) => !this.placed.has(array.name));
    const inputs = [...tensorsAmong(given)].filter((tensor) => flow.sources.has(tensor));
    const outputs = tensorsOf(value);
    const [first] = found;
    if (!first || !inputs.length || outputs.length !== 1) return;
    for (const { array } of found) this.placed.add(array.name);
    const parameters = numbersIn(found.map(({ array }) => array.shape));
    flow.add(layer(first.array.name, "other", "pytorch", { parameters }), inputs[0] ?? "", outputs, [], [], inputs);
  }

  /** The one parameter from which alone a function computes something, as long as its shape does not matter. @param {Value[]} given @returns {Value} */
  alone(given) {
    return tensorsAmong(given).size || this.among(given).length !== 1 ? undefined : given.find((value) => this.among([value]).length);
  }

  /** Count the parameters that are the initial state of a layer among its own. @param {import("../layer.js").FoundLayer} one @param {Value} initial
   * @returns {string[]} their names */
  begin(one, initial) {
    const found = this.among([initial]).filter(({ array }) => !this.placed.has(array.name));
    const own = this.parts.find(({ name }) => name === one.name)?.count ?? 0;
    for (const { array } of found) this.placed.add(array.name);
    for (const { array } of found) this.states.add(array.name);
    if (found.length) one.config.parameters = own + numbersIn(found.map(({ array }) => array.shape));
    return found.map(({ array }) => array.name);
  }

  /** Whether the code may use an array. @param {NamedArray} array @returns {boolean} */
  isUsed({ name }) {
    const owner = ownerOf(name);
    const path = owner.split(".");
    const around = path.map((_, n) => path.slice(0, n + 1).join("."));
    const leaf = name.slice(owner ? owner.length + 1 : 0);
    const type = this.code.types.get(owner);
    if (type === undefined || [leaf, ...path].some((word) => this.words.has(word)) || around.some((module) => this.modules.has(module))) return true;
    if (owner && !around.every((module) => this.read.has(module))) return false;
    return this.read.has(name) || !this.attributesOf(type).has(leaf);
  }

  /** The attributes that the code of a class names. @param {string} type */
  attributesOf(type) {
    const known = this.attributes.get(type) ?? new Set([...(this.code.texts.get(type) ?? "").matchAll(/^ {2}(\w+) : /gm)].map(([, name = ""]) => name));
    this.attributes.set(type, known);
    return known;
  }

  /** The parts that are no layers of the chain yet, and what the code does not use. Other names of an array that it uses are not counted again.
   * @returns {{rest: Part[], named: string[]} & Pick<import("../layer.js").Model, "unused" | "unusedCount">} with the arrays that are not unknown */
  found() {
    const isUnused = (/** @type {NamedArray} */ array) => this.areAllRead && !array.isBuffer && !this.isUsed(array);
    const storages = new Set(this.arrays.filter((array) => array.storage !== undefined && !isUnused(array)).map(({ storage }) => storage));
    /** @type {NamedArray[]} */
    const unused = [];
    const rest = this.parts.flatMap((part) => {
      const own = part.places.flatMap((place) => this.arrays[place] ?? []);
      const without = own.filter(isUnused);
      unused.push(...without.filter(({ storage }) => !storages.has(storage)));
      const gone = own.filter((array) => this.placed.has(array.name) || without.includes(array));
      return gone.length === own.length ? [] : [gone.length ? { ...part, count: part.count - numbersIn(gone.map(({ shape }) => shape)) } : part];
    });
    const names = unused.map(({ name }) => name);
    return { rest, named: [...names, ...this.states], ...(names.length ? { unused: names, unusedCount: numbersIn(unused.map(({ shape }) => shape)) } : {}) };
  }
}
