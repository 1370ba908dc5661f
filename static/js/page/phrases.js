/** What scripts say, in the language of the page. */

/** @type {Record<string, string>} */
const PHRASES = JSON.parse(document.getElementById("phrases")?.textContent ?? "{}");

/** A phrase with values put into its braces.
 * @param {string} name @param {Record<string, string | number>} [values] */
export function phrase(name, values = {}) {
  return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, () => String(value)), PHRASES[name] ?? name);
}
