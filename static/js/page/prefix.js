/** Where the app stands on its site: at its root, or behind a prefix. This file's own address says which. */

const ROOT = new URL("../../../..", import.meta.url).pathname.slice(0, -1);

/** The address of one of the app's paths.
 * @param {string} path such as "/quiz" @returns {string} */
export const at = (path) => ROOT + path;
