/** The picture with its sentence and its player alone on the whole screen, for a projector. */

import { byId } from "../page/dom.js";

const FIELDS = "input, select, textarea, [contenteditable]";

/** Sizes of a letter that stay free above, below and between. */
const AIR = 4;

export function setUpFullScreen() {
  if (!document.fullscreenEnabled) return;
  const button = byId("fullscreen");
  const stage = /** @type {HTMLElement} */ (document.querySelector(".stage"));
  const frame = byId("frame");
  const fit = () => fill(stage, frame);
  button.hidden = false;
  button.addEventListener("click", () => toggle(stage));
  document.addEventListener("keydown", (event) => {
    const isTyped = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.key !== "f" || isTyped || /** @type {Element} */ (event.target).matches(FIELDS)) return;
    event.preventDefault();
    toggle(stage);
  });
  document.addEventListener("fullscreenchange", () => {
    fit();
    if (!document.fullscreenElement) return button.focus();
    document.getElementById("play")?.focus(); // so that the arrow keys step at once
  });
  new ResizeObserver(fit).observe(stage);
  new ResizeObserver(fit).observe(frame);
}

/** Go to the whole screen, or back. @param {HTMLElement} stage */
function toggle(stage) {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.requestFullscreen().catch(() => {}); // the browser says why
}

/** As much of the screen as the picture can have with nothing cut off: its height is the rest of the screen's.
 * @param {HTMLElement} stage @param {HTMLElement} frame */
function fill(stage, frame) {
  const isFull = document.fullscreenElement === stage;
  const picture = [...frame.querySelectorAll(".picture > svg")].find((svg) => svg.getClientRects().length);
  if (!isFull || !picture) return frame.style.removeProperty("max-width");
  const others = [...stage.children].filter((child) => child !== frame).reduce((sum, child) => sum + child.getBoundingClientRect().height, 0);
  const { width, height } = /** @type {SVGSVGElement} */ (picture).viewBox.baseVal;
  const room = stage.clientHeight - others - AIR * parseFloat(getComputedStyle(stage).fontSize);
  frame.style.setProperty("max-width", `${Math.floor((room * width) / height)}px`);
}
