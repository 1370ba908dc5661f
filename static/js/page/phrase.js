/** Texts that scripts show, in the language of the page. */

import { scriptData } from "./dom.js";

/** A phrase, with values in place of the names in braces.
 * @param {string} name @param {Record<string, string | number>} [values] @returns {string} */
export function phrase(name, values = {}) {
  const text = scriptData().phrases[name] ?? name;
  return Object.entries(values).reduce((filled, [key, value]) => filled.replace(`{${key}}`, () => String(value)), text);
}
