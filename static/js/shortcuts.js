/** The keys of the main page that act wherever the focus is, and the elements that keep them. Those of a single control, such as a slider
 * or a menu, are in its own script. */

import { listenForKeys } from "./page/key_listener.js";
import { hideTip } from "./picture/tip_place.js";

/** Elements in which arrow keys, or the space key, already do something. */
const OWN_ARROWS = "input, .scroll, pre";
const OWN_SPACE = "button, summary, .scroll, pre";

/** @typedef {(event: KeyboardEvent) => unknown} Act */

/** @param {{ fullScreen?: Act, player: ReturnType<typeof import("./controls/player.js").setUpPlayer>, deselect: Act }} parts what keys do in the parts of the page */
export function setUpShortcuts({ fullScreen, player, deselect }) {
  /** A key acts while the player is on the screen. @param {string} own elements that use it themselves @param {Act} act @returns {Act} */
  const ofPlayer = (own, act) => (event) => {
    const isFree = player.isUsable() && !(/** @type {Element} */ (event.target).matches(own));
    if (isFree) act(event);
    return isFree;
  };
  listenForKeys({
    f: fullScreen,
    " ": ofPlayer(OWN_SPACE, ({ repeat }) => repeat || player.toggle()),
    ArrowLeft: ofPlayer(OWN_ARROWS, ({ shiftKey }) => player.moveBy(-1, shiftKey)),
    ArrowRight: ofPlayer(OWN_ARROWS, ({ shiftKey }) => player.moveBy(1, shiftKey)),
    Escape: (event) => void (hideTip() || deselect(event)),
  });
}
