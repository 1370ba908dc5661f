/** A file that is not read, with the reason: the name of a phrase, and the values in it. */

export class Refusal extends Error {
  /** @param {string} reason the name of a phrase @param {Record<string, string | number>} [values] */
  constructor(reason, values = {}) {
    super(`${reason} ${JSON.stringify(values)}`);
    this.reason = reason;
    this.values = values;
  }
}

/** A file, or a part of it, of which something is missing. @param {number} size its bytes @param {number} [needed] how many there must be, at
 * least */
export const truncated = (size, needed = 0) => new Refusal("fileTruncated", { size, needed: Math.min(Math.max(size + 1, needed), Number.MAX_SAFE_INTEGER) }); // not a rounded number

/** A file that contradicts its format. @param {string} format such as "HDF5" @param {number} [at] the byte */
export const damaged = (format, at = 0) => new Refusal("fileDamaged", { format, at: at });
