/**
 * Values that the browser stores from one page to the next, in localStorage. If that is blocked or full, they are stored in
 * window.name, which lasts as long as the tab.
 */

const MARKER = "unrolled ";

/** @returns {Record<string, string>} */
function readFromTab() {
  try {
    return window.name.startsWith(MARKER) ? JSON.parse(window.name.slice(MARKER.length)) : {};
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} all */
function saveInTab(all) {
  window.name = Object.keys(all).length ? MARKER + JSON.stringify(all) : "";
}

/** @param {string} name @returns {string | null} */
export function saved(name) {
  const newest = readFromTab()[name];
  if (newest !== undefined) return newest;
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text @returns {boolean} whether other tabs can read it */
export function save(name, text) {
  const { [name]: older, ...others } = readFromTab();
  try {
    localStorage.setItem(name, text);
  } catch {
    saveInTab({ ...others, [name]: text });
    return false;
  }
  if (older !== undefined) saveInTab(others);
  return true;
}
