/**
 * PyTorch's quantized layers, whose matrices are packed in objects of their own. Their arrays get the names that those of other layers
 * have.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 */

import { Made, numberType, Tensor } from "../containers/pickle.js";

/** The state of an object of a type of PyTorch; outside of TorchScript it is saved with the name of the type.
 * @param {unknown} value @param {string} type */
function stateOf(value, type) {
  const saved = value instanceof Made && Array.isArray(value.state) ? value.state : [];
  const [state, name] = value instanceof Made && value.name !== "torch.ScriptObject" ? [saved, value.name] : saved;
  return typeof name === "string" && name.endsWith(`.${type}`) && Array.isArray(state) ? state : null;
}

/** A matrix and its bias. @param {unknown} value @returns {[Tensor, Tensor | null] | null} */
function matrixOf(value) {
  const [matrix, bias] = stateOf(value, "LinearPackedParamsBase") ?? (Array.isArray(value) ? value : []);
  return matrix instanceof Tensor && (bias === null || bias instanceof Tensor) ? [matrix, bias] : null;
}

/** The arrays of a matrix. @param {string} prefix @param {string} end @param {[Tensor, Tensor | null]} matrix @param {Tensor | null} [bias]
 * @returns {NamedArray[]} */
const arraysOf = (prefix, end, [{ shape, type }, own], bias = own) => [
  { name: `${prefix}weight${end}`, shape, ...numberType(type) },
  ...(bias ? [{ name: `${prefix}bias${end}`, shape: shape.slice(0, 1), ...numberType(bias.type) }] : []),
];

/** The names of the packed matrices of a cell, a dense layer, and one direction of one layer of stacked ones. */
const [CELL, DENSE, STACKED] = [/^(.*\.|)_packed_weight(_[ih]h)$/, /^(.*\.|)_packed_params\._packed_params$/, /^(.*\.|)_all_weight_values\.(\d+)\.param$/];

export class QuantizedLayers {
  constructor() {
    /** @type {Map<string, NamedArray[][]>} those of stacked layers, by the name of the whole */
    this.stacks = new Map();
    /** @type {string[]} the names of those that may be two layers, or one with two directions */
    this.undecided = [];
  }

  /** The arrays in a value, if it is packed. @param {string} name @param {unknown} value @returns {NamedArray[]} */
  arraysIn(name, value) {
    if ((!(value instanceof Made) && !Array.isArray(value)) || !/_packed_|_all_weight_values/.test(name)) return [];
    const [, cell, end = ""] = CELL.exec(name) ?? [];
    const [, dense] = DENSE.exec(name) ?? [];
    const [, owner] = STACKED.exec(name) ?? [];
    const matrix = cell === undefined && dense === undefined ? null : matrixOf(value);
    if (matrix) return arraysOf(cell ?? dense ?? "", end, matrix);
    const state = owner === undefined ? null : stateOf(value, "CellParamsBase");
    if (owner === undefined || !state) return [];
    const [, biases, , , packed] = state;
    const [input, hidden] = Array.isArray(packed) ? packed.map(matrixOf) : [];
    if (!input || !hidden) return [];
    const [first = input[1], second = first] = Array.isArray(biases) ? biases.filter((bias) => bias instanceof Tensor) : [];
    const arrays = [...arraysOf(owner, "_ih_l", input, first), ...arraysOf(owner, "_hh_l", hidden, second)];
    this.stacks.set(owner, [...(this.stacks.get(owner) ?? []), arrays]);
    return arrays;
  }

  /** Complete the names of stacked layers, which depend on the number of directions. @param {Map<string, Map<unknown, unknown>>} settings */
  complete(settings) {
    for (const [owner, levels] of this.stacks) {
      const said = settings.get(owner.slice(0, -1))?.get("bidirectional");
      const [directions = 0, ...others] = [1, 2].filter((count) => (typeof said === "boolean" ? said === (count === 2) : areFitting(levels, count)));
      if (others.length) {
        this.undecided.push(owner.slice(0, -1));
        continue;
      }
      for (const [n, arrays] of levels.entries()) {
        const end = `${Math.floor(n / directions)}${n % directions ? "_reverse" : ""}`;
        for (const array of arrays) array.name += end;
      }
    }
  }
}

/** Whether layers fit each other, if so many of them are directions of one. @param {NamedArray[][]} levels @param {number} directions */
function areFitting(levels, directions) {
  const columns = levels.map((arrays) => arrays.filter(({ shape }) => shape.length === 2).map(({ shape }) => shape[1] ?? 0));
  const [[features = 0, num_units = 0] = []] = columns;
  return columns.every(([own], n) => own === (n < directions ? features : directions * num_units)) && levels.length % directions === 0;
}
