/** Elements of the page, and the data that it carries. */

/** @template {HTMLElement} E @param {string} id @returns {E} */
export const byId = (id) => /** @type {E} */ (document.getElementById(id));

/** @type {Map<string, any>} */
const parsed = new Map();

/** The JSON in an element, parsed once: for data that stays as it is while the page is open.
 * @param {string} id @param {any} otherwise where there is no such element */
export function dataOf(id, otherwise) {
  if (!parsed.has(id)) parsed.set(id, JSON.parse(document.getElementById(id)?.textContent ?? "null") ?? otherwise);
  return parsed.get(id);
}
