/** Which template draws a query. */

import { SIZES, numberIn } from "../page/query.js";

/** @typedef {import("./template.js").Template} Template */

/** Fields that no picture shows, unless it steps through the tensors. The parts of the page do. */
const NOT_DRAWN = ["tensor", "row", "column"];

/** A query without some fields.
 * @param {string} query @param {string[]} names */
function without(query, names) {
  const values = new URLSearchParams(query);
  for (const name of names) values.delete(name);
  return String(values);
}

/** What a query draws: the picture, but for sizes and step. @param {string} query */
export const pictureIn = (query) => without(query, [...SIZES, "t", ...(new URLSearchParams(query).has("stepping") ? [] : NOT_DRAWN)]);

/** What the parts of the page show of a query, but for sizes and step. @param {string} query */
export const subjectIn = (query) => without(query, [...SIZES, "t"]);

/** The first of some templates that is valid for a query. It is tried first for the next one.
 * @param {Template[]} templates @param {string} query
 * @returns {Template | undefined} */
export function validFor(templates, query) {
  const t = numberIn(query, "t");
  const k = templates.findIndex((template) => template.t === t && template.isValid(sizesIn(query, template.sliders)));
  if (k > 0) templates.unshift(...templates.splice(k, 1));
  return k < 0 ? undefined : templates[0];
}

/** Some sizes in a query.
 * @param {string} query @param {string[]} names
 * @returns {Record<string, number>} */
export const sizesIn = (query, names) => Object.fromEntries(names.map((name) => [name, numberIn(query, name) ?? NaN]));
