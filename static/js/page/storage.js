/**
 * Values that the browser stores from one page to the next, in localStorage. If that is blocked or full, or if they belong to one
 * tab, they are stored in window.name, which lasts as long as the tab.
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
function writeToTab(all) {
  window.name = Object.keys(all).length ? MARKER + JSON.stringify(all) : "";
}

/** What only this tab has stored. @param {string} name @returns {string | null} */
export function savedInTab(name) {
  return readFromTab()[name] ?? null;
}

/** Store for this tab only. @param {string} name @param {string} text */
export function saveInTab(name, text) {
  writeToTab({ ...readFromTab(), [name]: text });
}

/** @param {string} name @returns {string | null} */
export function saved(name) {
  const newest = savedInTab(name);
  if (newest !== null) return newest;
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
    writeToTab({ ...others, [name]: text });
    return false;
  }
  if (older !== undefined) writeToTab(others);
  return true;
}
