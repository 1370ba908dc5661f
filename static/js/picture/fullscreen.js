/** The picture with its sentence and its player alone on the whole screen, for a projector. */

const button = /** @type {HTMLButtonElement} */ (document.getElementById("full"));
const stage = /** @type {HTMLElement} */ (document.querySelector(".stage"));
const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));

const FIELDS = "input, select, textarea, [contenteditable]";

export function offerFullScreen() {
  if (!document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", turn);
  document.addEventListener("keydown", (event) => {
    const isTyped = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.key !== "f" || isTyped || /** @type {Element} */ (event.target).matches(FIELDS)) return;
    event.preventDefault();
    turn();
  });
  document.addEventListener("fullscreenchange", () => {
    fill();
    if (!document.fullscreenElement) return button.focus();
    document.getElementById("play")?.focus(); // so that the arrow keys step at once
  });
  new ResizeObserver(fill).observe(stage);
  new ResizeObserver(fill).observe(frame);
}

/** Go to the whole screen, or back. */
function turn() {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.requestFullscreen().catch(() => {}); // the browser says why
}

/** As much of the screen as the picture can have with nothing cut off: its height is the rest of the screen's. */
function fill() {
  const isFull = document.fullscreenElement === stage;
  const picture = [...frame.querySelectorAll(".picture > svg")].find((svg) => svg.getClientRects().length);
  if (!isFull || !picture) return frame.style.removeProperty("max-width");
  const others = [...stage.children].filter((child) => child !== frame).reduce((sum, child) => sum + child.getBoundingClientRect().height, 0);
  const { width, height } = /** @type {SVGSVGElement} */ (picture).viewBox.baseVal;
  const room = stage.clientHeight - others - AIR * parseFloat(getComputedStyle(stage).fontSize);
  frame.style.setProperty("max-width", `${Math.floor((room * width) / height)}px`);
}

/** Sizes of a letter that stay free above, below and between. */
const AIR = 4;
