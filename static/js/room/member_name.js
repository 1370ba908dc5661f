/** The name by which a room counts this browser. */

import { save, saved } from "../page/storage.js";

/** A random name of this browser, so that a member is counted once even after a reload. */
export function memberName() {
  const name = saved("member") ?? Array.from(crypto.getRandomValues(new Uint8Array(12)), hex).join("");
  save("member", name);
  return name;
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
