/**
 * Recurrent layers that a program in NumPy computes itself. Its arrays have the names of equations: W, U and b, Wx and Wh, W_xh and W_hh,
 * or a pair for each gate; or numbers, in the order of Keras.
 *
 * @typedef {import("./array_groups.js").NamedArray} NamedArray
 */

import { by, grouped } from "./array_groups.js";
import { layer, numbersIn } from "../layer.js";

/** Kinds of recurrent layers by the number of their blocks, num_units wide each. */
export const KINDS = new Map([
  [4, "lstm"],
  [3, "gru"],
  [1, "rnn"],
]);

/** Names of arrays, with the name of their layer before them: a letter, and up to two of what it leads from and to. */
export const OWN_NAME = /^(?:(.*)[/_])?([WUb]_?[a-z]?_?[a-z]?)$/;

/** Matrices of one gate: for x and for h; or one for both. @typedef {{x?: number[], h?: number[], both?: number[]}} Gate */

/** The matrices of each gate, by its letter. @param {Map<string, number[]>} shapes by the names of their arrays */
function gatesOf(shapes) {
  const matrices = [...shapes].filter(([name, { length }]) => name[0] !== "b" && length === 2);
  const names = new Map(matrices.map(([name, shape]) => [name.replaceAll("_", ""), shape]));
  const hasU = [...names.keys()].some((name) => name.startsWith("U"));
  const hasX = [...names.keys()].some((name) => name.includes("x"));
  const isPair = names.has("Wx") && names.has("Wh");
  const state = [...names.keys()].find((name) => name.length === 3 && name[1] === name[2])?.[1] ?? "h";
  /** @type {Map<string, Gate>} */
  const gates = new Map();
  for (const [[first = "", one = "", other = ""], shape] of names) {
    const add = (/** @type {string} */ gate, /** @type {keyof Gate} */ role) => gates.set(gate, { ...gates.get(gate), [role]: shape });
    if (hasU) add(one, first === "U" ? "h" : "x");
    else if (isPair) add("", one === "h" ? "h" : one === "x" ? "x" : "both");
    else if (!other) add(one, "both");
    else if (one === "x" || (one === "i" && !hasX)) add(other, "x");
    else if (other === "x") add(one, "x");
    else if (one === state) add(other, "h");
    else if (other === state) add(one, "h");
  }
  return gates;
}

/** The size of both axes of a matrix if they are equal to one of them, or else the other one. @param {number[]} shape @param {number} size */
const otherSize = ([rows = 0, columns = 0], size) => (columns === size ? rows : rows === size ? columns : 0);

/** A layer with arrays that have such names, and the names of those that are its own: others are of the layers around it; null if they do not fit each other.
 * @param {{shapes: Map<string, number[]>}} group @returns {{kind: string, config: Record<string, any>, names: string[]} | null} */
export function layerOfOwnNames({ shapes }) {
  const gates = gatesOf(shapes);
  const pairs = [...gates.values()].flatMap(({ x, h }) => (x && h ? [{ x, h }] : []));
  const joined = [...gates.values()].flatMap(({ both, x, h }) => (both && !x && !h ? [both] : []));
  const found = pairs.length ? sizesOfPairs(pairs) : sizesOfJoined(joined);
  const kind = found && KINDS.get(found.blocks);
  if (!found || !kind || found.features <= 0) return null;
  const own = [...gates].filter(([, { x, h, both }]) => (pairs.length ? x && h : both?.join() === found.shape));
  const matrices = new Set(own.flatMap(([, gate]) => Object.values(gate)));
  const letters = new Set([...own.map(([gate]) => gate), "", ...(gates.has("") ? ["x", "h"] : [])]);
  const isBias = (/** @type {string} */ name) => name.startsWith("b") && letters.has(name.slice(1).replaceAll("_", "").slice(-1));
  const names = [...shapes].flatMap(([name, shape]) => (matrices.has(shape) || isBias(name) ? name : []));
  return { kind, config: { features: found.features, num_units: found.num_units, bias: names.some(isBias) }, names };
}

/** @param {{x: number[], h: number[]}[]} pairs */
function sizesOfPairs([first, ...others]) {
  if (!first) return null;
  const { x, h } = first;
  const isSame = others.every((other) => other.x.join() === x.join() && other.h.join() === h.join());
  const [num_units, wide] = [Math.min(...h), Math.max(...h)];
  if (!isSame || (others.length && wide !== num_units)) return null;
  return { num_units, shape: "", features: otherSize(x, wide), blocks: others.length ? others.length + 1 : wide / num_units };
}

/** A matrix for each gate, for x and h together. Others are of the layers around. @param {number[][]} matrices */
function sizesOfJoined(matrices) {
  const alike = matrices.map((shape) => matrices.filter((other) => other.join() === shape.join())).find(({ length }) => length === 3 || length === 4);
  const [shape] = alike ?? [];
  if (!alike || !shape) return null;
  const [num_units, wide] = [Math.min(...shape), Math.max(...shape)];
  return { num_units, shape: shape.join(), features: wide - num_units, blocks: alike.length };
}

/** The name of the matrix after a layer, in the equations of a program: Why, W_hy, Wy or V; or W after the name of another layer. */
const AFTER = /^(?:(.*[/_])?(?:W_?h?_?([a-z])|V)|(.+[/_])W)$/;

/** A dense layer after the only recurrent layer of a program: a matrix from h to as many numbers as its bias has. @param {(NamedArray & {place: number})[]} free
 * @param {import("../layer.js").FoundLayer} cell @returns {{found: import("../layer.js").FoundLayer, places: number[]}[]} */
export function denseAfter(free, { config }) {
  const byName = new Map(free.map((one) => [one.name, one]));
  return free.flatMap(({ name, shape, place }) => {
    const [, of = "", letter = "", before = of] = AFTER.exec(name) ?? [];
    const size = shape.length === 2 && AFTER.test(name) ? otherSize(shape, config.num_units) : 0;
    const bias = [`b${letter}`, `b_${letter}`, "c"].map((own) => byName.get(before + own)).find((one) => one && numbersIn([one.shape]) === size);
    if (!size || !bias) return [];
    return [{ found: layer(name, "dense", "colah", { features: config.num_units, num_units: size, bias: true }), places: [place, bias.place] }];
  });
}

/** What vectors of one length are that follow each other, by how many these are, after the bias of the layer before them. @type {Map<number, string[]>} */
const NORMALIZATIONS = new Map([
  [2, ["gamma", "beta"]],
  [4, ["gamma", "beta", "moving_mean", "moving_variance"]],
]);

/** The names of arrays that have none, as numpy.savez numbers them, if they are in the order of Keras's get_weights: a kernel, a recurrent
 * kernel and a bias, or a kernel and a bias; and those of a normalization. @param {NamedArray[]} arrays @returns {NamedArray[]} */
export function withNamesOfKeras(arrays) {
  const numbers = arrays.map(({ name }) => Number(/^arr_(\d+)$/.exec(name)?.[1] ?? -1));
  if (!arrays.length || numbers.some((number) => number < 0)) return arrays;
  const sorted = arrays.map((array, n) => ({ ...array, number: numbers[n] ?? 0 })).sort((one, other) => one.number - other.number);
  let [owner, role] = ["", ""];
  /** @type {NamedArray[]} */
  const named = [];
  while (named.length < sorted.length) {
    const n = named.length;
    const { name, shape } = sorted[n] ?? { name: "", shape: [] };
    const [before, after] = [sorted[n - 1]?.shape ?? [], sorted[n + 1]?.shape ?? []];
    const isTwoBiases = role === "recurrent_kernel" && shape.length === 2 && shape[0] === 2 && shape[1] === before[1];
    if (shape.length === 1) {
      named.push(...namesOfVectors(sorted.slice(n), role.endsWith("kernel") && before.at(-1) === shape[0] ? owner : ""));
      role = "";
      continue;
    }
    if (role === "kernel" && isPair(before, shape)) role = "recurrent_kernel";
    else if (isTwoBiases) role = "bias";
    else {
      owner = name;
      const isTable = shape.length === 2 && after.length === 2 && !isPair(shape, after) && after[0] === shape[1];
      role = isTable ? "embeddings" : "kernel";
    }
    named.push({ name: `${owner || name}/${role}`, shape });
  }
  return withBothDirections(named);
}

/** The names of the vectors of one length with which arrays begin: the first one is the bias of a layer if it is alone, or if the others are those of a normalization
 * without it. @param {NamedArray[]} arrays @param {string} owner the layer, "" if its bias has another length @returns {NamedArray[]} */
function namesOfVectors(arrays, owner) {
  const end = arrays.findIndex(({ shape }) => shape.length !== 1 || shape[0] !== arrays[0]?.shape[0]);
  const vectors = arrays.slice(0, end < 0 ? arrays.length : end);
  const biases = owner && vectors.length % 2 ? 1 : 0;
  const [first, ...others] = vectors.slice(biases);
  const roles = NORMALIZATIONS.get(others.length + 1);
  return vectors.map(({ name, shape }, n) => ({ name: n < biases ? `${owner}/bias` : roles && first ? `${first.name}/${roles[n - biases]}` : name, shape }));
}

/** The same names, in which two layers with the same shapes, after which one takes as many numbers as both return, are the directions of one.
 * @param {NamedArray[]} arrays */
function withBothDirections(arrays) {
  const layers = grouped(arrays.map((array, place) => ({ ...array, place })), by(/^(.*)\/([^/]+)$/));
  /** @type {Map<string, string>} */
  const renamed = new Map();
  for (const [n, one] of layers.entries()) {
    const [, num_units = 0] = [0, ...one.matrix("recurrent_kernel")];
    const [other, next] = [layers[n + 1], layers[n + 2]];
    const isPart = renamed.has(one.owner) || !num_units || String([...(other?.shapes ?? [])]) !== String([...one.shapes]);
    if (isPart || next?.matrix("kernel")[0] !== 2 * num_units) continue;
    renamed.set(one.owner, `${one.owner}/forward`).set(other?.owner ?? "", `${one.owner}/backward`);
  }
  return arrays.map(({ name, ...rest }) => ({ ...rest, name: name.replace(/^[^/]+/, (owner) => renamed.get(owner) ?? owner) }));
}

/** Whether two matrices may be those of a recurrent layer for x and for h. @param {number[]} kernel @param {number[]} recurrent */
const isPair = ([rows = 0, columns = 0, ...more], [num_units = 0, wide = 0, ...others]) =>
  rows > 0 && !more.length && !others.length && wide > 0 && columns === wide && KINDS.has(wide / num_units);
