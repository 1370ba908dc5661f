/** Read the files that are named on standard input, and print for each a line of JSON: its model, or why it is not read. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

const SCRIPTS = new URL("../../static/js/", import.meta.url);
const { ByteSource } = await import(new URL("files/byte_source.js", SCRIPTS));
const { readModel } = await import(new URL("files/model_file.js", SCRIPTS));
const { chainText } = await import(new URL("files/chain_text.js", SCRIPTS));
const { Refusal } = await import(new URL("files/refusal.js", SCRIPTS));

for (const path of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const file = openSync(path);
  const source = ByteSource.of(fstatSync(file).size, (start, end) => {
    const bytes = new Uint8Array(end - start);
    return bytes.subarray(0, readSync(file, bytes, 0, end - start, start));
  });
  const start = process.cpuUsage();
  let found;
  try {
    const model = await readModel(source);
    found = model ? { ...model, ...chainText(model, 2000) } : { isText: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found = { reason: error.reason, values: error.values };
  }
  closeSync(file);
  const { user, system } = process.cpuUsage(start); // not the time that other processes take
  console.log(JSON.stringify({ ...found, bytesRead: source.bytesRead, ms: (user + system) / 1000 }));
}
