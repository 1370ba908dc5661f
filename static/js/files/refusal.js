/** A file that is not read, with the reason: the name of a phrase, and the values in it. */

import { LARGEST_FILE } from "./limits.js";

export class Refusal extends Error {
  /** @param {string} reason the name of a phrase @param {Record<string, import("../page/phrase.js").Value>} [values] */
  constructor(reason, values = {}) {
    super(`${reason} ${JSON.stringify(values)}`);
    this.reason = reason;
    this.values = values;
    this.file = ""; // its name, if others were chosen with it
  }
}

/** A file, or a part of it, of which something is missing. One that would have to be larger than any file is damaged. @param {number} size its bytes
 * @param {number} [needed] how many there must be, at least */
export const truncated = (size, needed = 0) =>
  needed > LARGEST_FILE ? new Refusal("fileFar") : new Refusal("fileTruncated", { size, needed: Math.max(size + 1, needed) });

/** A file that contradicts its format. @param {string} format such as "HDF5" @param {number} [at] the byte */
export const damaged = (format, at = 0) => new Refusal("fileDamaged", { format, at: at });
