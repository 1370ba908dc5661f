/** The id by which a room counts this browser. */

import { save, saved } from "../page/storage.js";

/** A random id of this browser, so that a member is counted once even after a reload. */
export function memberId() {
  const id = saved("member") ?? Array.from(crypto.getRandomValues(new Uint8Array(12)), hex).join("");
  save("member", id);
  return id;
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
