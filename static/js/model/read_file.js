/** Model files, read in a worker, which is ended if it takes too long. */

import { MOST_MILLISECONDS } from "../files/limits.js";
import { Refusal } from "../files/refusal.js";

/** @typedef {{model: import("../files/layer.js").Model | null, bytesRead: number}} ReadFile a file that was read; null for a text */

/** @type {Worker | null} */
let idle = null;

const started = () => new Worker(new URL("../files/worker.js", import.meta.url), { type: "module" });

/** Start a worker, so that it is ready when a file is chosen. */
export function prepare() {
  idle ??= started();
}

/** Read a file. Rejects with a Refusal. @param {File} file @returns {Promise<ReadFile>} */
export function readFile(file) {
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
    worker.onerror = () => end(() => reject(new Refusal("fileBrowser")));
    worker.onmessage = ({ data }) => end(() => ("reason" in data ? reject(new Refusal(data.reason, data.values)) : resolve(data)));
    worker.postMessage(file);
  });
}
