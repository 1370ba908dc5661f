/** Access to elements of the page and to the data of scripts. */

/** @template {HTMLElement} E @param {string} id @returns {E} */
export const byId = (id) => /** @type {E} */ (document.getElementById(id));

/** Whether an element cannot be used, as while a question of the class is open. Listeners of the document have to ask.
 * @param {Element} element */
export const isLocked = (element) => element.closest("[inert]") !== null;

/** The upper and the lower edge of what neither the header nor the sliders cover, in pixels of the window. */
export function uncovered() {
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  return { top: parseFloat(scrollPaddingTop) || 0, bottom: innerHeight - (parseFloat(scrollPaddingBottom) || 0) };
}

/** The data of scripts, which a page loads before them.
 * @returns {{fields: import("./query.js").Field[], phrases: Record<string, string>, bar: string, talk: string}} */
export const scriptData = () => /** @type {any} */ (globalThis).scriptData;
