/** Full screen: the picture with its sentence and player, for a projector. */

import { FIELDS, byId } from "../page/dom.js";

export function setUpFullScreen() {
  if (!document.fullscreenEnabled) return;
  const button = byId("fullscreen");
  const stage = /** @type {HTMLElement} */ (document.querySelector(".stage"));
  button.hidden = false;
  button.addEventListener("click", () => toggle(stage));
  document.addEventListener("keydown", (event) => {
    const isIgnored = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.key !== "f" || isIgnored || /** @type {Element} */ (event.target).matches(FIELDS)) return;
    event.preventDefault();
    toggle(stage);
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) return button.focus();
    document.getElementById("play")?.focus(); // so that the arrow keys step at once
  });
}

/** Enter or leave full screen. @param {HTMLElement} stage */
function toggle(stage) {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.requestFullscreen().catch(() => {}); // the browser shows the reason
}
