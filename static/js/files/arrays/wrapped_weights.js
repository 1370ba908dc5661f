/**
 * The arrays that a wrapper has in the place of a weight, or beside it: those of a weight norm, a spectral norm, a mask or a DropConnect.
 *
 * @typedef {{name: string, shape: number[], place: number, isWeight: boolean}} Free an array with the name that it has for its layer
 */

/** Names that a wrapper gives the arrays in place of a weight: the one with its shape, and others. Spectral norm also has vectors u and v. */
const WRAPPED = /^(.*?)(?:parametrizations\.(weight\w*)\.original1?|(weight(?:_[ih]h(?:_l\d+(?:_reverse)?)?)?)_(?:v|raw|orig))$/;
const OF_WRAPPER = /^(.*?)(?:parametrizations\.(weight\w*)\.(?:original0|\d+\..+)|(weight(?:_[ih]h(?:_l\d+(?:_reverse)?)?)?)_(?:g|u|v|mask))$/;

/** The length of each row of a weight, which a weight norm trains apart. */
const MAGNITUDES = /(?:parametrizations\.weight\w*\.original0|weight(?:_[ih]h(?:_l\d+(?:_reverse)?)?)?_g)$/;

/** The name of the weight to which an array of a wrapper belongs; "" for another array. @param {RegExp} pattern @param {string} name */
const wrappedBy = (pattern, name) => {
  const [, owner = "", ...own] = pattern.exec(name) ?? [];
  return own.length ? owner + own.join("") : "";
};

/** The name of a weight that a wrapper around a module has, as if the module had it: such as the raw weight of a WeightDropout. @param {string} weight
 * @param {Set<string>} names those of all arrays */
const inModule = (weight, names) => {
  const own = weight.replace(/[^.]*$/, "module.$&");
  return names.has(own.replace("_hh_", "_ih_")) && !names.has(weight.replace("_hh_", "_ih_")) ? own : weight;
};

/** The weight in whose place a wrapper has an array; "" for another array. @param {string} name @param {Set<string>} names those of all arrays */
export const weightOf = (name, names) => inModule(wrappedBy(WRAPPED, name), names);

/** What wrappers have beside weights: `wrapped` are not counted; weights are computed from those in `computing`, and are in the file, too; `magnitudes` are trained,
 * each with the place of its weight. @param {Free[]} free @param {import("./array_groups.js").NamedArray[]} arrays all of them
 * @returns {{others: Set<Free>, wrapped: string[], computing: string[], magnitudes: {place: number, weight: number}[]}} with all of these arrays */
export function besideWeights(free, arrays) {
  const names = new Set(arrays.map(({ name }) => name));
  const nameOf = (/** @type {Free} */ { place }) => arrays[place]?.name ?? "";
  const weights = new Map(free.flatMap((one) => (one.isWeight ? [[weightOf(nameOf(one), names), one.place]] : [])));
  const magnitudes = free.flatMap((one) => {
    const weight = one.isWeight || !MAGNITUDES.test(nameOf(one)) ? undefined : weights.get(wrappedBy(OF_WRAPPER, nameOf(one)));
    return weight === undefined ? [] : { place: one.place, weight };
  });
  const counted = new Set(magnitudes.map(({ place }) => place));
  const isOther = (/** @type {Free} */ one) => (one.isWeight ? names.has(weightOf(nameOf(one), names)) : weights.has(wrappedBy(OF_WRAPPER, nameOf(one))));
  const others = free.filter(isOther);
  const [computing, wrapped] = [true, false].map((isWeight) => others.filter((one) => one.isWeight === isWeight && !counted.has(one.place)).map(nameOf));
  return { others: new Set(others), wrapped: wrapped ?? [], computing: computing ?? [], magnitudes };
}
