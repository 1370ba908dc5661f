/** .npz: an archive of arrays, each with its shape in a header. The arrays are not read. */

import { beginsWith, textOf } from "../containers/byte_source.js";
import { LARGEST_SIZE, LONGEST_NAME_SHOWN, LONGEST_NPY_HEADER, MOST_NPZ_ARRAYS, MOST_PACKED_ARRAYS, USUAL_NPY_HEADER } from "../limits.js";
import { damaged, Refusal } from "../refusal.js";

const BEFORE_HEADER = 10; // bytes
const LENGTH_AT = 8;

/** @param {Map<string, import("../containers/zip.js").Member>} members @returns {Promise<import("../arrays/array_groups.js").NamedArray[]>} */
export async function arraysOfNpz(members) {
  const packed = [...members.values()].filter(({ size, packed }) => size !== packed);
  if (members.size > MOST_NPZ_ARRAYS || packed.length > MOST_PACKED_ARRAYS) throw new Refusal("fileParts");
  const own = [...members.values()].filter(({ name }) => name.endsWith(".npy"));
  const arrays = [];
  for (const member of own) arrays.push(await shapeIn(member)); // one after another, so that one is in memory at a time
  return arrays;
}

/** The name and the shape of an array. @param {import("../containers/zip.js").Member} member */
async function shapeIn(member) {
  const usual = await member.content(Math.min(member.size, USUAL_NPY_HEADER));
  const isLonger = usual.size === USUAL_NPY_HEADER && BEFORE_HEADER + usual.u16(LENGTH_AT) > USUAL_NPY_HEADER;
  const start = isLonger ? await member.content(Math.min(member.size, LONGEST_NPY_HEADER)) : usual;
  const header = start.upTo(0, LONGEST_NPY_HEADER);
  if (!beginsWith(header, "\x93NUMPY")) throw damaged("NPZ", start.start);
  const hasObjects = /'descr': '\|?O'/.test(textOf(header));
  const shape = /'shape': \(([\d, ]*)\)/.exec(textOf(header))?.[1];
  if (shape === undefined) throw damaged("NPZ", start.start);
  const texts = shape.split(",").flatMap((size) => size.trim() || []);
  const wrong = texts.find((size) => Number(size) > LARGEST_SIZE);
  if (wrong !== undefined) throw new Refusal("fileSize", { size: wrong.slice(0, LONGEST_NAME_SHOWN) });
  const sizes = texts.map(Number);
  const [, kind = "", width] = /'descr': '[<>|=]?([biuf])(\d)/.exec(textOf(header)) ?? [];
  const type = kind === "f" ? { type: `float${8 * Number(width)}` } : {};
  return { name: member.name.replace(/\.npy$/, ""), shape: sizes, hasObjects, ...("biu".includes(kind || "f") ? { isBuffer: true } : {}), ...type };
}
