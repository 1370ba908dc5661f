/**
 * What this browser remembers from one page to the next. Where it stores nothing, or has no room left, the tab does in its
 * name, as long as the visit lasts: a variable would be lost with the next page.
 */

const OURS = "unrolled ";

/** @returns {Record<string, string>} */
function inTab() {
  try {
    return window.name.startsWith(OURS) ? JSON.parse(window.name.slice(OURS.length)) : {};
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} all */
function keepInTab(all) {
  window.name = Object.keys(all).length ? OURS + JSON.stringify(all) : "";
}

/** @param {string} name @returns {string | null} */
export function remembered(name) {
  const newest = inTab()[name];
  if (newest !== undefined) return newest;
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text @returns {boolean} whether other tabs will know it */
export function remember(name, text) {
  const { [name]: older, ...others } = inTab();
  try {
    localStorage.setItem(name, text);
  } catch {
    keepInTab({ ...others, [name]: text });
    return false;
  }
  if (older !== undefined) keepInTab(others);
  return true;
}
