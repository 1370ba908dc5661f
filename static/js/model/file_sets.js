/** The files that are chosen together: those of one model, such as model-00001-of-00002.safetensors, belong together with their index; the
 * numbers that an ONNX file has beside it say no more. */

import { MOST_FILES_OF_A_MODEL } from "../files/limits.js";
import { Refusal } from "../files/refusal.js";

/**
 * The files of one model.
 *
 * @typedef {object} FileSet
 * @property {string} name
 * @property {number} size of all in bytes, with the index
 * @property {[File, ...File[]]} files in the order of their numbers
 * @property {number} count how many files the model has, as their names say
 * @property {File} [index] which has the names of what is in them
 */

const PART = /^(.+)-(\d+)-of-(\d+)(\.(?:safetensors|bin|pt|pth))$/i;

const INDEX = /^(.+)\.(safetensors|bin|pt|pth)\.index\.json$/i;

/** The numbers of an ONNX file, which has their shapes: model.onnx.data, model.onnx_data. */
const NUMBERS = /^(.+\.onnx)[._]data$/i;

/** The name that all files of a model have, with what their index would be called; "" for another file. @param {string} name */
const nameOfAll = (name) => name.replace(PART, "$1-*-of-$3$4").replace(name, "");

/** @param {File} file */
const numberOf = ({ name }) => Number(PART.exec(name)?.[2]);

/** @param {File[]} files @returns {FileSet[]} */
export function fileSets(files) {
  const names = new Set(files.map(({ name }) => name));
  /** @type {Map<string, File[]>} */
  const sets = new Map();
  for (const file of files) {
    const [, owner] = NUMBERS.exec(file.name) ?? [];
    if (owner && names.has(owner)) continue;
    if (owner) throw new Refusal("fileNumbers", { name: owner });
    const key = nameOfAll(file.name) || file.name;
    sets.set(key, [...(sets.get(key) ?? []), file]);
  }
  const indexOf = (/** @type {string} */ name) => (name.includes("-*-of-") ? `${name.replace(/-\*-of-\d+/, "")}.index.json`.toLowerCase() : "");
  const indices = new Map(files.filter(({ name }) => INDEX.test(name)).map((file) => [file.name.toLowerCase(), file]));
  const used = new Set([...sets.keys()].map(indexOf));
  return [...sets].flatMap(([name, own]) => {
    const [first, ...others] = own.sort((one, other) => numberOf(one) - numberOf(other));
    if (!first || (INDEX.test(name) && used.has(name.toLowerCase()))) return [];
    const index = indices.get(indexOf(name));
    const count = Number(PART.exec(first.name)?.[3] ?? 1);
    if (own.length > MOST_FILES_OF_A_MODEL) throw new Refusal("fileParts");
    return [{ name: others.length ? name : first.name, size: [...own, ...(index && others.length ? [index] : [])].reduce((sum, { size }) => sum + size, 0), files: [first, ...others], count, ...(index ? { index } : {}) }];
  });
}
