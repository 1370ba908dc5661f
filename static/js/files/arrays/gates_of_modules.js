/**
 * Cells that somebody has written with a dense layer for each gate, or with two of them: for x and for h. The modules have the names of gates: W_f,
 * forget_gate, x2f and h2f.
 *
 * @typedef {import("./array_groups.js").Group} Group
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { numbersIn, recurrent } from "../layer.js";

/** The gates of each kind of cell, with the names that they have. @type {[string, RegExp[]][]} */
const GATES = [
  ["lstm_cell", [/^(?:i|in|input)$/, /^(?:f|forget)$/, /^(?:o|out|output)$/, /^(?:c|g|cell|candidate|cand|c_?hat|c_?tilde)$/]],
  ["gru_cell", [/^(?:z|u|update)$/, /^(?:r|reset)$/, /^(?:h|n|c|new|candidate|cand|hidden|h_?hat|h_?tilde)$/]],
];

/** The matrix of a gate: what it is for, "" if its name does not say it, and its shape. @typedef {{group: Group, role: string, gate: string, shape: string}} Matrix */

/** The gate and the role in the name of a module, such as W_f, Wf, U_f, x2f, W_xf, linear_f or forget_gate. @param {string} name */
function partsOfName(name) {
  const plain = name.toLowerCase().replace(/_?(?:gate|layer|linear|proj)$/, "").replace(/^(?:gate|linear|lin|fc|dense|proj)_?/, "");
  const [, matrix = "", from = "", gate = plain] = /^([wu]?)_?([xhi]?)(?:2|_to_)?_?([a-z]|in|out|input|forget|output|cell|cand|candidate|update|reset|new|hidden)$/.exec(plain) ?? [];
  const isInput = from === "x" || from === "i";
  return { role: from ? (isInput ? "x" : "h") : matrix, gate };
}

/** Cells whose gates are modules beside each other, with the places of their arrays. @param {Group[]} groups the arrays of modules @param {string} separator
 * @returns {{found: FoundLayer, places: number[]}[]} */
export function cellsOfGates(groups, separator) {
  /** @type {Map<string, Matrix[]>} */
  const byModule = new Map();
  for (const group of groups) {
    const [, module = "", own = ""] = /^(?:(.*)\/)?([^/]+)$/.exec(group.owner) ?? [];
    const shape = group.shapes.get("weight") ?? [];
    const hasBias = group.shapes.size === 2 && group.shapes.get("bias")?.join() === String(shape[0]);
    if (shape.length !== 2 || (group.shapes.size > 1 && !hasBias)) continue;
    const matrices = byModule.get(module) ?? [];
    byModule.set(module, matrices);
    matrices.push({ group, ...partsOfName(own), shape: shape.join() });
  }
  return [...byModule].flatMap(([module, matrices]) => GATES.flatMap(([kind, names]) => cellOf(module.replaceAll("/", separator), kind, names, matrices) ?? []).slice(0, 1));
}

/** @param {string} name @param {string} kind @param {RegExp[]} names of its gates @param {Matrix[]} matrices
 * @returns {{found: FoundLayer, places: number[]} | null} */
function cellOf(name, kind, names, matrices) {
  const gates = names.map((pattern) => {
    const all = matrices.filter(({ gate }) => pattern.test(gate));
    const own = all.filter(({ role }) => role);
    return own.length ? own : all; // beside W_o and U_o, out is no gate
  });
  const count = gates[0]?.length ?? 0;
  const all = gates.flat();
  if ((count !== 1 && count !== 2) || gates.some(({ length }) => length !== count) || new Set(all).size !== all.length) return null;
  const sizes = count === 1 ? sizesOfJoined(all) : sizesOfPairs(gates);
  if (!sizes) return null;
  const places = all.flatMap(({ group }) => group.places);
  const config = { ...sizes, bias: all.some(({ group }) => group.has("bias")) };
  const written = { count: numbersIn(all.flatMap(({ group }) => [...group.shapes.values()])), names: [] };
  return { found: { ...recurrent(name, kind, "pytorch", config), written }, places };
}

/** Of a matrix for each gate, for x and h side by side. @param {Matrix[]} matrices */
function sizesOfJoined(matrices) {
  const [first] = matrices;
  const [num_units, wide] = first?.group.matrix("weight") ?? [0, 0];
  return matrices.every(({ shape }) => shape === first?.shape) && wide > num_units ? { num_units, features: wide - num_units } : null;
}

/** Of a matrix for x and a square one for h. @param {Matrix[][]} gates */
function sizesOfPairs(gates) {
  const pairs = gates.map((both) => {
    const ofState = both.filter(({ group }) => group.matrix("weight")[0] === group.matrix("weight")[1]);
    const h = ofState.length === 1 ? ofState[0] : both.find(({ role }) => role === "h" || role === "u");
    return { x: both.find((one) => one !== h), h };
  });
  const [first] = pairs;
  const [num_units, features] = first?.x?.group.matrix("weight") ?? [0, 0];
  const fits = pairs.every(({ x, h }) => x?.shape === first?.x?.shape && h?.shape === `${num_units},${num_units}`);
  return fits && num_units && features ? { num_units, features } : null;
}
