/** Read many changed model files: node fuzz_files.js FOLDER COUNT SEED. Each must be read, or refused with a reason, and fast. */

import { readdirSync, readFileSync } from "node:fs";

const SCRIPTS = new URL("../../static/js/", import.meta.url);
const { ByteSource } = await import(new URL("files/containers/byte_source.js", SCRIPTS));
const { readModel } = await import(new URL("files/layers_of_file.js", SCRIPTS));
const { chainText } = await import(new URL("files/model_text.js", SCRIPTS));
const { Refusal } = await import(new URL("files/refusal.js", SCRIPTS));

const [folder = "", count = "100", seed = "1"] = process.argv.slice(2);
const files = readdirSync(folder).sort().map((name) => [name, readFileSync(`${folder}/${name}`)]);

let state = Number(seed);
/** A random whole number below another one. */
function below(most) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
}

/** Numbers at which lengths and offsets go wrong. */
const EXTREME = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const CHANGES = [
  (bytes) => void bytes.writeUInt8(below(256), below(bytes.length)),
  (bytes) => void bytes.writeUInt8(bytes.readUInt8(0) ^ (1 << below(8)), below(bytes.length)),
  (bytes) => void bytes.writeUInt32LE(EXTREME[below(EXTREME.length)], below(bytes.length - 4)),
  (bytes) => void bytes.writeBigUInt64LE(2n ** BigInt(below(64)) - BigInt(below(2)), below(bytes.length - 8)),
  (bytes) => bytes.subarray(0, 8 + below(bytes.length - 8)),
  (bytes) => Buffer.concat([bytes.subarray(0, below(bytes.length)), bytes.subarray(below(bytes.length))]),
  (bytes) => void bytes.copy(bytes, below(bytes.length), below(bytes.length), below(bytes.length)),
  (bytes) => void bytes.fill(below(256), below(bytes.length), below(bytes.length)),
];

/** Changes near the start and the end, where headers are, as often as elsewhere. */
function changed(original) {
  let bytes = Buffer.from(original);
  for (let n = below(4); n >= 0 && bytes.length > 16; n--) {
    const part = below(2) ? bytes : bytes.subarray(...(below(2) ? [0, 400] : [Math.max(0, bytes.length - 400)]));
    const result = CHANGES[below(CHANGES.length)](part.length > 16 ? part : bytes);
    if (result && part === bytes) bytes = Buffer.from(result);
  }
  return bytes;
}

const reasons = {};
let slowest = 0;
for (let n = 0; n < Number(count); n++) {
  const [name, original] = files[n % files.length];
  const bytes = changed(original);
  const start = performance.now();
  let reason = "read";
  try {
    const model = await readModel(ByteSource.from(bytes));
    if (model) chainText(model, 2000);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      console.error(name, n, error);
      process.exit(1);
    }
    reason = error.reason;
  }
  slowest = Math.max(slowest, performance.now() - start);
  reasons[reason] = (reasons[reason] ?? 0) + 1;
}
console.log(JSON.stringify({ reasons, slowest, memory: process.resourceUsage().maxRSS * 1024 }));
