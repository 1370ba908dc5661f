/** Read the files that are named on standard input, those of one model in a line, and print for each a line of JSON: its model, or why it is not read. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

const SCRIPTS = new URL("../../static/js/", import.meta.url);
const { ByteSource } = await import(new URL("files/containers/byte_source.js", SCRIPTS));
const { readModel, readParts } = await import(new URL("files/layers_of_file.js", SCRIPTS));
const { chainText } = await import(new URL("files/model_text.js", SCRIPTS));
const { Refusal } = await import(new URL("files/refusal.js", SCRIPTS));

/** @param {number} file */
const sourceOf = (file) =>
  ByteSource.of(fstatSync(file).size, (start, end) => {
    const bytes = new Uint8Array(end - start);
    return bytes.subarray(0, readSync(file, bytes, 0, end - start, start));
  });

for (const paths of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const files = paths.split("\t").map((path) => openSync(path));
  const sources = files.map(sourceOf);
  const [source] = sources;
  const start = process.cpuUsage();
  let found;
  try {
    const index = paths.endsWith(".index.json") && sources.length > 1 ? sources.pop() : null;
    const model = await (sources.length > 1 ? readParts(sources, index) : readModel(source, paths));
    found = model ? { ...model, ...chainText(model, 2000) } : { isText: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found = { reason: error.reason, values: error.values };
  }
  files.forEach(closeSync);
  const { user, system } = process.cpuUsage(start); // not the time that other processes take
  console.log(JSON.stringify({ ...found, bytesRead: source.bytesRead, ms: (user + system) / 1000 }));
}
