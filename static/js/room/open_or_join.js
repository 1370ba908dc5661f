/** Opens a room, or connects to the one in the address or that this browser is in. Its scripts are loaded only then. */

import { scriptData } from "../page/dom.js";
import { phrase } from "../page/phrase.js";
import { withPrefix } from "../page/prefix.js";
import { messageOf, Refusal, request } from "../page/request.js";
import { save, saved, saveInTab } from "../page/storage.js";

const GIVE_UP_AFTER = 5000; // ms without an answer to the button

/** The picture of a page, which can follow or lead.
 * @typedef {{state: () => string, go: (state: string) => unknown, tensor: () => string,
 *   showStatus: (message: string, kind?: "" | "waiting") => void}} Picture */

/** @param {Picture | null} picture of this page, if it has one
 * @returns {(state: string) => void} called with every new state of the page */
export function setUpRoom(picture) {
  const inAddress = document.getElementById("room")?.dataset.code;
  const code = inAddress || saved("room");
  const open = /** @type {HTMLButtonElement | null} */ (document.getElementById("open-room"));
  if (code) {
    save("room", code);
    if (!inAddress) addParts();
    /** @type {import("./page_in_room.js").PageInRoom | undefined} */
    let page;
    void import("./page_in_room.js").then(({ PageInRoom }) => {
      page = new PageInRoom(picture, code, saved(`room ${code}`) ?? "");
    });
    return (state) => page?.moved(state);
  }
  if (open && picture) {
    open.hidden = false;
    open.addEventListener("click", () => {
      open.disabled = true; // a second click would open a second room
      openRoom(picture).catch((error) => {
        open.disabled = false;
        picture.showStatus(messageOf(error));
      });
    });
  }
  return () => {};
}

/** Add the parts of a room to a page whose address names none. */
function addParts() {
  const { bar, talk } = scriptData();
  const picture = document.querySelector(".picture-row");
  if (picture) {
    picture.parentElement?.insertAdjacentHTML("afterbegin", bar);
    picture.insertAdjacentHTML("afterend", talk);
  } else {
    document.querySelector(".header")?.insertAdjacentHTML("afterend", bar + talk);
  }
}

/** Open a room that shows the state of this page. On a lesson the page stays, on the main page the address becomes the room's.
 * @param {Picture} picture */
async function openRoom(picture) {
  picture.showStatus(phrase("roomOpens"), "waiting");
  const path = withPrefix(`/rooms?lang=${document.documentElement.lang}`);
  const { code, secret } = await (await request(path, AbortSignal.timeout(GIVE_UP_AFTER), "POST")).json();
  if (!save(`room ${code}`, secret)) throw new Refusal(phrase("roomNotKept"));
  save("room", code);
  saveInTab("leads", code);
  if (location.pathname === withPrefix("/")) location.assign(withPrefix(`/room/${code}${picture.state()}`));
  else location.reload();
}
