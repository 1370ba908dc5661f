/** Access to elements of the page and to the JSON in it. */

/** @template {HTMLElement} E @param {string} id @returns {E} */
export const byId = (id) => /** @type {E} */ (document.getElementById(id));

/** A selector of the elements in which keys write or choose something. */
export const FIELDS = "input:not([type=range]), select, textarea, [contenteditable]";

/** Whether an element cannot be used, as while a question of the class is open. Listeners of the document have to ask.
 * @param {Element} element */
export const isLocked = (element) => element.closest("[inert]") !== null;

/** @type {Map<string, any>} */
const parsed = new Map();

/** The JSON in an element, parsed once: for data that does not change while the page is open.
 * @param {string} id @param {any} fallback if there is no such element */
export function dataOf(id, fallback) {
  if (!parsed.has(id)) parsed.set(id, JSON.parse(document.getElementById(id)?.textContent ?? "null") ?? fallback);
  return parsed.get(id);
}
