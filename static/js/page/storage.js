/**
 * What this browser stores from one page to the next. Where it stores nothing, or has no room left, the tab's name does it
 * while the visit lasts: a variable would be lost with the next page.
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
function saveInTab(all) {
  window.name = Object.keys(all).length ? OURS + JSON.stringify(all) : "";
}

/** @param {string} name @returns {string | null} */
export function saved(name) {
  const newest = inTab()[name];
  if (newest !== undefined) return newest;
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text @returns {boolean} whether other tabs can read it */
export function save(name, text) {
  const { [name]: older, ...others } = inTab();
  try {
    localStorage.setItem(name, text);
  } catch {
    saveInTab({ ...others, [name]: text });
    return false;
  }
  if (older !== undefined) saveInTab(others);
  return true;
}
