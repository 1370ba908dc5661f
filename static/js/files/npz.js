/** .npz: an archive of arrays, each with its shape in a header. The arrays are not read. */

import { beginsWith, textOf } from "./byte_source.js";
import { damaged, Refusal } from "./refusal.js";

const MOST_HEADER = 4096; // bytes
const MOST_ARRAYS = 2000;
const MOST_PACKED = 250; // arrays that must be unpacked

/** @param {Map<string, import("./zip.js").Member>} members @returns {Promise<import("./layers_of_arrays.js").NamedArray[]>} */
export async function arraysOfNpz(members) {
  const packed = [...members.values()].filter(({ size, packed }) => size !== packed);
  if (members.size > MOST_ARRAYS || packed.length > MOST_PACKED) throw new Refusal("fileParts");
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
