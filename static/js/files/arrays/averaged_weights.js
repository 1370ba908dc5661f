/**
 * Averages of a model that a file has beside it.
 *
 * @typedef {import("./array_groups.js").NamedArray} NamedArray
 */

import { numbersIn } from "../layer.js";

/** What averages of a model are called. */
const AVERAGE = /(?:^|[._])(?:ema|swa|avg|averaged?|shadow)(?:_model)?[._](?:module[._])?/i;

/** The arrays without those of an average of the model, which has the same names after another prefix; and both prefixes, if there is one.
 * @param {NamedArray[]} arrays @returns {{arrays: NamedArray[], copies: string[]}} */
export function withoutAverage(arrays) {
  const first = arrays.map(({ name, shape }) => (numbersIn([shape]) > 1 ? AVERAGE.exec(name) : null)).find(Boolean); // and not how many were averaged
  if (!first) return { arrays, copies: [] };
  const prefix = first.input.slice(0, first.index + first[0].length);
  const key = (/** @type {NamedArray} */ { name, shape }, /** @type {string} */ start) => `${name.slice(start.length)} ${shape}`;
  const [own, rest] = [true, false].map((isOwn) => arrays.filter(({ name }) => name.startsWith(prefix) === isOwn));
  if (!own || !rest) return { arrays, copies: [] };
  const wanted = key(own[0] ?? { name: "", shape: [] }, prefix);
  const twin = rest.find(({ name, shape }) => `${name} ${shape}`.endsWith(wanted));
  const start = twin?.name.slice(0, twin.name.length + 1 + String(twin.shape).length - wanted.length) ?? "";
  const others = new Set(rest.map((one) => (one.name.startsWith(start) ? key(one, start) : "")));
  const isCopy = twin !== undefined && own.every((one) => others.has(key(one, prefix)) || numbersIn([one.shape]) === 1);
  const outer = prefix.replace(/module[._]$/, "");
  const isCount = (/** @type {NamedArray} */ { name, shape }) => name.startsWith(outer) && numbersIn([shape]) === 1;
  return isCopy ? { arrays: rest.filter((one) => !isCount(one)), copies: [start, prefix].map((name) => name.replace(/[._]$/, "") || "*") } : { arrays, copies: [] };
}
