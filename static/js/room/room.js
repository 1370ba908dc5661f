/** Opens a room, or connects to the one in the address. */

import { phrase } from "../page/phrases.js";
import { withPrefix } from "../page/prefix.js";
import { Failure, Refusal, request } from "../page/request.js";
import { save, saved } from "../page/storage.js";
import { Visit } from "./visit.js";

/** @typedef {{state: () => string, go: (state: string) => unknown, tensor: () => string, showStatus: (message: string) => void}} Page */

/** @param {Page} page @returns {(state: string) => void} called with every new state of the page */
export function setUpRoom(page) {
  const code = document.getElementById("room")?.dataset.code;
  if (code) return new Visit(page, code, saved(`room ${code}`) ?? "").moved;
  const open = document.getElementById("open-room");
  if (open) {
    open.hidden = false;
    open.addEventListener("click", () => openRoom(page).catch((error) => page.showStatus(messageOf(error))));
  }
  return () => {};
}

/** @param {Page} page */
async function openRoom(page) {
  const room = await (await request(withPrefix(`/rooms?lang=${document.documentElement.lang}`), undefined, "POST")).json();
  if (!save(`room ${room.code}`, room.secret)) throw new Refusal(phrase("roomNotKept"));
  location.assign(withPrefix(`/room/${room.code}${page.state()}`));
}

/** @param {Error} error */
function messageOf(error) {
  return error instanceof Failure || error instanceof Refusal ? error.message : phrase("silent");
}
