/** The line that tells what the page is waiting for, or what went wrong. */

import { byId } from "./dom.js";

/** @param {string} message
 * @param {"" | "waiting" | "stale"} kind "waiting" for a response, "stale" where the picture is older than the controls */
export function showStatus(message, kind = "") {
  const line = byId("status");
  line.textContent = message;
  line.hidden = !message;
  line.classList.toggle("waiting", kind === "waiting");
  byId("frame").classList.toggle("stale", kind === "stale");
}
