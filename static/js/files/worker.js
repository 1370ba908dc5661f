/** Reads files apart from the page, which ends it if it takes too long. */

import { ByteSource } from "./containers/byte_source.js";
import { readModel, readParts } from "./layers_of_file.js";
import { damaged, Refusal } from "./refusal.js";

/**
 * The answer to a file: its model, null for a text; or why it is not read.
 *
 * @typedef {{model: import("./layer.js").Model | null, bytesRead: number} | {reason: string, values: Record<string, import("../page/phrase.js").Value>}} Answer
 */

const reader = new FileReaderSync();

/** @param {File} file */
const sourceOf = (file) => ByteSource.of(file.size, (start, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(start, end))));

/** @param {Answer} found */
const answer = (found) => postMessage(found);

/** Answer with the model, or with a reason: also if the model cannot be sent. @param {{files: File[], index?: File}} set those of one model */
async function read({ files, index }) {
  try {
    const sources = files.map(sourceOf);
    const [first] = sources;
    const names = index && sources.length > 1 ? [sourceOf(index)] : [];
    const model = first && (sources.length > 1 ? await readParts(sources, names[0]) : await readModel(first, files[0]?.name));
    answer({ model: model ?? null, bytesRead: [...sources, ...names].reduce((sum, { bytesRead }) => sum + bytesRead, 0) });
  } catch (error) {
    // such as a folder, or a file that was changed meanwhile
    const other = error instanceof DOMException && error.name !== "DataCloneError" ? new Refusal("fileGone") : damaged(files[0]?.name.split(".").at(-1) ?? "");
    const { reason, values } = error instanceof Refusal ? error : other;
    answer({ reason, values });
  }
}

addEventListener("message", ({ data }) => read(data));
