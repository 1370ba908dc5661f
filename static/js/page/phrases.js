/** What scripts say, in the language of the page. */

import { dataOf } from "./dom.js";

/** A phrase with values put into its braces.
 * @param {string} name @param {Record<string, string | number>} [values] */
export function phrase(name, values = {}) {
  return fill(dataOf("phrases", {})[name] ?? name, values);
}

/** @param {string} text @param {Record<string, string | number>} values */
export function fill(text, values) {
  return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, () => String(value)), text);
}
