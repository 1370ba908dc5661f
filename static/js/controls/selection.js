/** The selected tensor and step: a click on a link in the picture, the table or the panel selects. Escape, or a click on the background
 * of the picture, ends the selection. Without one, Escape leads from a layer back to its model. */

import { byId, isLocked } from "../page/dom.js";
import { FIELDS } from "../page/key_listener.js";
import { followLinks } from "../page/links.js";
import { withChanges } from "../page/query.js";

/** The state in which the last of these has ended: stepping, then the selection. Null if there is neither.
 * @param {string} state */
export function released(state) {
  const query = new URLSearchParams(state);
  if (query.has("stepping")) return withChanges(state, { stepping: "false" });
  return query.has("tensor") ? withChanges(state, { tensor: "" }) : null;
}

/** @param {string} path of the page @param {(search: string) => unknown} follow goes to a state, or trains for it */
export function setUpSelection(path, follow) {
  followLinks(path, (search, isRow) => {
    follow(search);
    // on a narrow screen the table is far below the panel
    if (isRow && matchMedia("(max-width: 760.9px)").matches) byId("panel").scrollIntoView();
  });
}

/** @param {() => string} state @param {(state: string) => void} follow goes to a state
 * @returns what Escape does */
export function setUpDeselection(state, follow) {
  const release = () => {
    const next = released(state());
    if (next !== null) follow(next);
    return next !== null;
  };
  const frame = byId("frame");
  frame.addEventListener("click", ({ target }) => {
    const isBackground = !(/** @type {Element} */ (target).closest("a, button"));
    if (isBackground && !new URLSearchParams(state()).has("stepping")) release(); // a click does not lose one's place
  });
  return (/** @type {KeyboardEvent} */ { target }) => {
    if (isLocked(frame) || /** @type {Element} */ (target).matches(FIELDS)) return;
    release() || document.getElementById("to-model")?.click();
  };
}
