/** Model files, read in a worker, which is ended if it takes too long. */

import { MOST_MILLISECONDS } from "../files/limits.js";
import { Refusal } from "../files/refusal.js";

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

/** Read the files of one model. Rejects with a Refusal, or another error if the server does not send the worker. @param {import("./file_sets.js").FileSet} set @returns {Promise<ReadFile>} */
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

/** Why files are not read. @param {{reason: string, values: Record<string, import("../page/phrase.js").Value>}} answer @param {number} count how many files the model
 * has, if some are missing, or 0 */
function refusalOf({ reason, values }, count) {
  if (!count || !/^fileNoLayers|^fileShapes$/.test(reason)) return new Refusal(reason, values);
  const { parts } = values;
  return Array.isArray(parts) && parts.length ? new Refusal("fileNoWholeLayerInPart", { count, names: parts }) : new Refusal("fileNoLayersInPart", { count: count });
}
