/** Texts that scripts show, in the language of the page. */

import { scriptData } from "./dom.js";

/** @typedef {string | number | string[]} Value of a phrase: of several texts, a list */

/** A phrase, with values in place of the names in braces.
 * @param {string} name @param {Record<string, Value>} [values] @returns {string} */
export function phrase(name, values = {}) {
  const text = scriptData().phrases[name] ?? name;
  return Object.entries(values).reduce((filled, [key, value]) => filled.replace(`{${key}}`, () => (Array.isArray(value) ? commaSeparated(value) : String(value))), text);
}

/** Texts as a list, as the language of the page writes it. @param {string[]} texts */
export const commaSeparated = (texts) => texts.join(phrase("comma"));

/** Sentences, one after the other, as the language of the page writes them. @param {string[]} sentences */
export const joinedSentences = (sentences) => sentences.reduce((sentence, next) => phrase("sentences", { sentence, next }));
