/** Texts that scripts show, in the language of the page. */

import { dataOf } from "./dom.js";

/** A phrase, with values in place of the names in braces.
 * @param {string} name @param {Record<string, string | number>} [values] */
export function phrase(name, values = {}) {
  return fill(dataOf("phrases", {})[name] ?? name, values);
}

/** Replace the names in braces by values.
 * @param {string} text @param {Record<string, string | number>} values */
export function fill(text, values) {
  return Object.entries(values).reduce((filled, [key, value]) => filled.replace(`{${key}}`, () => String(value)), text);
}
