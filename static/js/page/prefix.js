/** The path under which the app is served: nothing, or a prefix. This file's own address says which. */

const PREFIX = new URL("../../../..", import.meta.url).pathname.slice(0, -1);

/** The address of one of the app's paths.
 * @param {string} path such as "/quiz" @returns {string} */
export const withPrefix = (path) => PREFIX + path;
