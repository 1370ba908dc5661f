/** Which template draws a query. */

import { POSITIONS, SIZES, numberIn } from "../page/query.js";

/** @typedef {import("./template.js").Template} Template */

/** Fields that no picture shows, unless it steps through the tensors. The parts of the page do. */
const NOT_DRAWN = ["tensor", "row", "column"];

/** A query without its numbers: of a position only whether one is chosen.
 * @param {string} query @param {string[]} names of other fields that are left out */
function withoutNumbers(query, names) {
  const values = new URLSearchParams(query);
  for (const name of [...SIZES, ...names]) values.delete(name);
  for (const name of POSITIONS) {
    values.delete(name);
    if (numberIn(query, name) !== null) values.append(name, "");
  }
  return String(values);
}

/** What a query draws: the picture, but for its numbers. @param {string} query */
export const pictureIn = (query) => withoutNumbers(query, new URLSearchParams(query).has("stepping") ? [] : NOT_DRAWN);

/** What the parts of the page show of a query, but for its numbers. @param {string} query */
export const subjectIn = (query) => withoutNumbers(query, []);

/** The first of some templates that is valid for a query. It is tried first for the next one.
 * @param {Template[]} templates @param {string} query
 * @returns {Template | undefined} */
export function validFor(templates, query) {
  const k = templates.findIndex((template) => template.isValid(numbersIn(query, template.sliders)));
  if (k > 0) templates.unshift(...templates.splice(k, 1));
  return k < 0 ? undefined : templates[0];
}

/** Some sizes in a query, and its positions.
 * @param {string} query @param {string[]} sizes
 * @returns {Record<string, number>} */
export function numbersIn(query, sizes) {
  if (newest.query !== query) newest = { query, numbers: new Map([...SIZES, ...POSITIONS].map((name) => [name, numberIn(query, name) ?? NaN])) };
  return Object.fromEntries([...sizes, ...POSITIONS].map((name) => [name, newest.numbers.get(name) ?? NaN]));
}

/** The numbers of the last query: many templates are asked about the same one. */
let newest = { query: "", numbers: new Map() };
