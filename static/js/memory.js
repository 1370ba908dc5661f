/** What this browser remembers from one page to the next; where it keeps nothing, this page alone remembers. */

/** @type {Map<string, string>} */
const here = new Map();

/** @param {string} name @returns {string | null} */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return here.get(name) ?? null;
  }
}

/** @param {string} name @param {string} text @returns {boolean} whether other pages will know it */
export function remember(name, text) {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    here.set(name, text);
    return false;
  }
}
