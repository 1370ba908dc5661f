/** .npz: an archive of arrays, each with its shape in a header. The arrays are not read. */

import { beginsWith, BUDGET, textOf } from "./byte_source.js";
import { damaged, Refusal } from "./refusal.js";

const MOST_HEADER = 4096; // bytes
const MOST_ARRAYS = 2000;

/** @param {Map<string, import("./zip.js").Member>} members @returns {Promise<import("./weights.js").NamedArray[]>} */
export async function arraysOfNpz(members) {
  if (members.size > MOST_ARRAYS) throw new Refusal("fileTooMuch", { limit: BUDGET / 1_000_000 });
  const arrays = [];
  for (const member of members.values()) {
    if (!member.name.endsWith(".npy")) continue;
    const start = await member.content(Math.min(member.size, MOST_HEADER));
    const header = start.upTo(0, MOST_HEADER);
    if (!beginsWith(header, "\x93NUMPY")) throw damaged("NPZ", start.start);
    const shape = /'shape': \(([\d, ]*)\)/.exec(textOf(header))?.[1];
    if (shape === undefined) throw damaged("NPZ", start.start);
    const sizes = shape.split(",").flatMap((size) => (size.trim() ? Number(size) : []));
    arrays.push({ name: member.name.replace(/\.npy$/, ""), shape: sizes });
  }
  return arrays;
}
