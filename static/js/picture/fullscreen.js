/** Full screen: the picture with its sentence and player, for a projector. */

import { byId } from "../page/dom.js";

const FIELDS = "input, select, textarea, [contenteditable]";

/** The height of margins and gaps, in em. */
const SPACING = 4;

export function setUpFullScreen() {
  if (!document.fullscreenEnabled) return;
  const button = byId("fullscreen");
  const stage = /** @type {HTMLElement} */ (document.querySelector(".stage"));
  const frame = byId("frame");
  const fit = () => fill(stage, frame);
  button.hidden = false;
  button.addEventListener("click", () => toggle(stage));
  document.addEventListener("keydown", (event) => {
    const isIgnored = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.key !== "f" || isIgnored || /** @type {Element} */ (event.target).matches(FIELDS)) return;
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

/** Enter or leave full screen. @param {HTMLElement} stage */
function toggle(stage) {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.requestFullscreen().catch(() => {}); // the browser shows the reason
}

/** Make the picture as large as the screen allows: its height is what the other parts leave.
 * @param {HTMLElement} stage @param {HTMLElement} frame */
function fill(stage, frame) {
  const isFull = document.fullscreenElement === stage;
  const picture = [...frame.querySelectorAll(".picture > svg")].find((svg) => svg.getClientRects().length);
  if (!isFull || !picture) return frame.style.removeProperty("max-width");
  const others = [...stage.children].filter((child) => child !== frame).reduce((sum, child) => sum + child.getBoundingClientRect().height, 0);
  const { width, height } = /** @type {SVGSVGElement} */ (picture).viewBox.baseVal;
  const room = stage.clientHeight - others - SPACING * parseFloat(getComputedStyle(stage).fontSize);
  frame.style.setProperty("max-width", `${Math.floor((room * width) / height)}px`);
}
