/** The Share menu in the header: Escape and a press elsewhere close it. */

import { byId } from "../page/dom.js";

export function setUpShareMenu() {
  const share = /** @type {HTMLDetailsElement} */ (byId("share"));
  share.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !share.open) return;
    event.stopPropagation();
    share.open = false;
    share.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!share.contains(/** @type {Node} */ (target))) share.open = false;
  });
}
