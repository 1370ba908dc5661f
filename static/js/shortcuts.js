/** The keys of the main page that act wherever the focus is. Those of a single control, such as a slider or a menu, are in its own
 * script. */

import { listenForKeys } from "./page/key_listener.js";
import { hideTip } from "./picture/tip.js";

/** @typedef {(event: KeyboardEvent) => unknown} Act */

/** @param {{ fullScreen?: Act, player: { playOrPause: Act, back: Act, forward: Act }, deselect: Act }} parts what keys do in the parts of the page */
export function setUpShortcuts({ fullScreen, player, deselect }) {
  listenForKeys({
    f: fullScreen,
    " ": player.playOrPause,
    ArrowLeft: player.back,
    ArrowRight: player.forward,
    Escape: (event) => void (hideTip() || deselect(event)),
  });
}
