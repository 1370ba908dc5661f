/** A file that is not read, with the reason: the name of a phrase, and the values in it. */

export class Refusal extends Error {
  /** @param {string} reason the name of a phrase @param {Record<string, string | number>} [values] */
  constructor(reason, values = {}) {
    super(`${reason} ${JSON.stringify(values)}`);
    this.reason = reason;
    this.values = values;
  }
}

/** A file that contradicts its format. @param {string} format such as "HDF5" @param {number} [at] the byte */
export const damaged = (format, at = 0) => new Refusal("fileDamaged", { format, at: at });
