/** Which template draws a query. */

import { numberIn } from "../page/query.js";

/** @typedef {import("./template.js").Template} Template */

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
