/**
 * Named arrays, grouped by the layer to which their names say that they belong.
 *
 * @typedef {{name: string, shape: number[], storage?: string, hasObjects?: boolean, isBuffer?: boolean, type?: string}} NamedArray the type is that of its numbers: float32 ...
 */

/** Arrays of one layer: their shapes by their own names, and where they are in the file. */
export class Group {
  /** @param {string} owner */
  constructor(owner) {
    this.owner = owner;
    /** @type {Map<string, number[]>} */
    this.shapes = new Map();
    /** @type {number[]} */
    this.places = [];
  }

  /** @param {string} name */
  has(name) {
    return this.shapes.has(name);
  }

  /** The rows and columns of a matrix, or 0 × 0. @param {string} name @returns {[number, number]} */
  matrix(name) {
    const [rows = 0, columns = 0, ...others] = this.shapes.get(name) ?? [];
    return others.length ? [0, 0] : [rows, columns];
  }

  /** Whether two matrices have the same sizes. @param {string} name @param {number} rows @param {number} columns */
  isMatrix(name, rows, columns) {
    return this.matrix(name).join() === [rows, columns].join();
  }
}

/** The names of a layer and of an array in it. @typedef {(name: string) => [string, string] | null} Split */

/** The arrays that a function splits, in groups. @param {(NamedArray & {place: number})[]} arrays @param {Split} split */
export function grouped(arrays, split) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const { name, shape, place } of arrays) {
    const names = split(name);
    if (!names) continue;
    const group = groups.get(names[0]) ?? new Group(names[0]);
    groups.set(names[0], group);
    group.shapes.set(names[1], shape);
    group.places.push(place);
  }
  return [...groups.values()];
}

/** Names of arrays, with the name of their layer before them. @param {RegExp} pattern @returns {Split} */
export const by = (pattern) => (name) => {
  const match = pattern.exec(name);
  return match ? [match[1] ?? "", match[2] ?? ""] : null;
};
