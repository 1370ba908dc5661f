/** The status line: what the page is waiting for, or an error. */

import { byId } from "./dom.js";

/** @param {string} message
 * @param {"" | "waiting" | "stale"} kind "waiting" for a response, or "stale" if the picture is older than the state of the controls */
export function showStatus(message, kind = "") {
  const line = byId("status");
  line.textContent = message;
  line.hidden = !message;
  line.classList.toggle("waiting", kind === "waiting");
  byId("frame").classList.toggle("stale", kind === "stale");
}
