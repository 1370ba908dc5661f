/** Model files, read in a worker, which is ended if it takes too long. */

import { MOST_MILLISECONDS } from "../files/limits.js";
import { Refusal } from "../files/refusal.js";

/** @typedef {import("./file_sets.js").FileSet} FileSet */

/** @typedef {{model: import("../files/layer.js").Model | null, bytesRead: number}} ReadFile files that were read; null for a text */

/** @type {Worker | null} */
let idle = null;

const started = () => new Worker(new URL("../files/worker.js", import.meta.url), { type: "module" });

/** Start a worker, so that it is ready when a file is chosen. One that fails is not kept: the next one may not. */
export function prepare() {
  if (idle) return;
  idle = started();
  idle.onerror = () => (idle = null);
}

/** Read the files of one model. Rejects with a Refusal, or another error if the server does not send the worker. @param {FileSet} set @returns {Promise<ReadFile>} */
export function readFiles({ files, count, index }) {
  const worker = idle ?? started();
  idle = null;
  return new Promise((resolve, reject) => {
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(timer);
      worker.terminate();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Refusal("fileSlow", { seconds: MOST_MILLISECONDS / 1000 }))), MOST_MILLISECONDS);
    // a script that cannot be loaded has no message
    worker.onerror = ({ message }) => end(() => reject(message ? new Refusal("fileBrowser") : new Error("The worker was not loaded.")));
    worker.onmessage = ({ data }) => end(() => ("reason" in data ? reject(refusalOf(data, files.length < count ? count : 0)) : resolve(data)));
    worker.postMessage({ files, index });
  });
}

/** The name of a file without its folders. @param {string} path */
const nameIn = (path) => path.slice(path.lastIndexOf("/") + 1);

/** What is made of one of several models that are chosen together: a reason not to read it names it. @template T @param {FileSet} set @param {Promise<T>} made
 * @param {boolean} isAlone @returns {Promise<T>} */
export const named = ({ name }, made, isAlone) =>
  made.catch((error) => {
    if (error instanceof Refusal && !isAlone) error.file = name;
    throw error;
  });

/** Read models that are chosen together. What an ONNX file names as the place of its numbers is no model of its own: the file says their shapes.
 * @param {FileSet[]} sets @param {number} most models @returns {Promise<{set: FileSet, read: ReadFile}[]>} */
export async function readSets(sets, most) {
  const check = (/** @type {FileSet[]} */ { length: count }) => {
    if (count > most) throw new Refusal("fileMany", { count: count, most: most });
  };
  const graphs = sets.length > 1 ? sets.filter(({ name }) => /\.onnx$/i.test(name)) : [];
  check(graphs);
  const read = (/** @type {FileSet} */ set) => named(set, readFiles(set), sets.length === 1);
  const first = new Map(await Promise.all(graphs.map(async (set) => /** @type {const} */ ([set, await read(set)]))));
  const beside = new Set([...first.values()].flatMap(({ model }) => model?.outside?.names ?? []).map(nameIn));
  const models = sets.filter(({ name }) => !beside.has(name));
  check(models);
  return Promise.all(models.map(async (set) => ({ set, read: first.get(set) ?? (await read(set)) })));
}

/** Why files are not read. @param {{reason: string, values: Record<string, import("../page/phrase.js").Value>}} answer @param {number} count how many files the model
 * has, if some are missing, or 0 */
function refusalOf({ reason, values }, count) {
  if (!count || !/^fileNoLayers|^fileShapes$/.test(reason)) return new Refusal(reason, values);
  const { parts } = values;
  return Array.isArray(parts) && parts.length ? new Refusal("fileNoWholeLayerInPart", { count, names: parts }) : new Refusal("fileNoLayersInPart", { count: count });
}
