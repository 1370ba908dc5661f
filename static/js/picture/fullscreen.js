/** Full screen, for a projector: see fullscreen.css. */

import { byId } from "../page/dom.js";

/** Sizes of a lesson's text in rem, the largest that fits is used. The text scrolls if none does. */
const TEXT_SIZES = [1.75, 1.625, 1.5625];

/** @returns what its key does */
export function setUpFullScreen() {
  if (!document.fullscreenEnabled) return undefined;
  const button = byId("fullscreen");
  button.hidden = false;
  button.addEventListener("click", toggle);
  const lesson = document.getElementById("lesson");
  if (lesson) {
    new MutationObserver(() => fit(lesson)).observe(lesson, { childList: true });
    new ResizeObserver(() => fit(lesson)).observe(lesson);
  }
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) return button.focus();
    document.getElementById("play")?.focus(); // so that the arrow keys step at once
  });
  return (/** @type {KeyboardEvent} */ { repeat }) => !repeat && toggle();
}

/** Enter or leave full screen. */
function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // the browser shows the reason
  return true;
}

/** Choose the size of the text in full screen. @param {HTMLElement} lesson */
function fit(lesson) {
  if (!document.fullscreenElement) return;
  for (const size of TEXT_SIZES) {
    lesson.style.setProperty("--lesson-text", `${size}rem`);
    if (lesson.scrollHeight <= lesson.clientHeight) return;
  }
}
