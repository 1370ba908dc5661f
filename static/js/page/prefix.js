/** The path prefix at which the app is served, or nothing: derived from the address of this file. */

const PREFIX = new URL("../../../..", import.meta.url).pathname.slice(0, -1);

/** A path of the app, with the prefix.
 * @param {string} path such as "/quiz" @returns {string} */
export const withPrefix = (path) => PREFIX + path;

/** The path of this page, without the prefix. */
export const pathHere = () => location.pathname.slice(PREFIX.length);
