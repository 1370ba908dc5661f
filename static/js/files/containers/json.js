/** JSON in a file, with limits of its depth, because JSON.parse of many engines is recursive, and of its values. */

import { textOf } from "./byte_source.js";
import { MOST_JSON_LEVELS, MOST_JSON_VALUES } from "../limits.js";
import { Refusal } from "../refusal.js";

/** Where a text ends that begins with a quotation mark: at the next one without a backslash. @param {Uint8Array} bytes @param {number} start */
function endOfText(bytes, start) {
  for (let end = bytes.indexOf(0x22, start + 1); end > 0; end = bytes.indexOf(0x22, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return bytes.length;
}

/** Refuse an object that no text can be made of, because something in the file replaces the function for that. @param {string} name @param {unknown} value */
function withText(name, value) {
  if (name === "toString") throw new Refusal("fileDamagedText", { format: "JSON" });
  return value;
}

/** @param {Uint8Array} bytes @returns {any} */
export function jsonOf(bytes) {
  let depth = 0;
  let count = 0;
  for (let n = 0; n < bytes.length; n++) {
    const byte = bytes[n];
    if (byte === 0x22) n = endOfText(bytes, n);
    else if (byte === 0x2c) {
      if (++count > MOST_JSON_VALUES) throw new Refusal("fileParts");
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MOST_JSON_LEVELS) throw new Refusal("fileDeep", { levels: MOST_JSON_LEVELS });
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  const text = textOf(bytes);
  try {
    return JSON.parse(text, /toString|\\u/.test(text) ? withText : undefined);
  } catch {
    throw new Refusal("fileDamagedText", { format: "JSON" });
  }
}

/** Whether a value is an object with names. @param {unknown} value @returns {value is Record<string, any>} */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A size: a whole number from 1, or null. @param {unknown} value @returns {number | null} */
export const sizeOf = (value) => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null);
