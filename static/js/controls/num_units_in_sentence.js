/**
 * The lines above the picture lead to num_units: the number in the sentence drags like the slider, the link "num_units" focuses the
 * slider, and the slider has two small arrows until a size is moved for the first time.
 */

import { byId } from "../page/dom.js";
import { save, saved } from "../page/storage.js";
import { followPointer, KEYS } from "./sliders.js";

const MOVED = "moved"; // the name under which the browser remembers that the visitor has moved a size
const WRITTEN = { childList: true, characterData: true, subtree: true }; // changes of the sentence
const WIDTH = 500; // pixels of a drag over the whole range

export function setUpSentence() {
  const sentence = byId("sentence");
  const { drags, most } = sentence.dataset;
  new MutationObserver(() => sentence.classList.toggle("long", (sentence.textContent?.length ?? 0) > Number(most))).observe(sentence, WRITTEN);
  if (!drags) return;
  showArrows();
  const slider = /** @type {HTMLInputElement} */ (document.querySelector(`[data-for="${drags}"]`));
  const line = byId("what"); // its link is replaced when the notation changes
  /** @param {Event} event */
  const isOnLink = ({ target }) => /** @type {Element} */ (target).id === "drag";
  line.addEventListener("click", (event) => {
    if (!isOnLink(event)) return;
    event.preventDefault();
    slider.focus();
  });
  for (const type of ["pointerover", "focusin"]) line.addEventListener(type, (event) => slider.classList.toggle("pointed-at", isOnLink(event)));
  for (const type of ["pointerout", "focusout"]) line.addEventListener(type, () => slider.classList.remove("pointed-at"));
  let [number, isFocused] = [makeSlider(sentence, drags), false];
  new MutationObserver(() => {
    number = makeSlider(sentence, drags);
    if (isFocused && document.activeElement === document.body) number?.focus({ preventScroll: true });
  }).observe(sentence, WRITTEN);
  sentence.addEventListener("focusin", () => (isFocused = true));
  document.addEventListener("focusin", ({ target }) => (isFocused &&= sentence.contains(/** @type {Node} */ (target))));

  sentence.addEventListener("keydown", (event) => {
    if (event.target !== number || !(event.key in KEYS)) return;
    event.preventDefault();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true }));
  });
  sentence.addEventListener("pointerdown", (event) => {
    if (event.target !== number || event.button !== 0) return;
    event.preventDefault();
    number?.focus();
    const start = Number(slider.value);
    slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })); // a new entry of the history
    followPointer(({ clientX }) => {
      slider.value = String(start + ((clientX - event.clientX) * Number(slider.max)) / WIDTH);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
}

/** Make the number of the size in the sentence, which is its last one, a slider.
 * @param {HTMLElement} sentence @param {string} size
 * @returns {HTMLElement | undefined} the number */
function makeSlider(sentence, size) {
  const number = [.../** @type {NodeListOf<HTMLElement>} */ (sentence.querySelectorAll(`b.${size}`))].at(-1);
  if (!number) return;
  number.classList.add("draggable");
  number.tabIndex = 0;
  const { min, max } = /** @type {HTMLInputElement} */ (byId(size));
  const value = number.textContent?.replace(/\D/g, "") ?? "";
  const states = { role: "slider", "aria-labelledby": `${size}-label`, "aria-valuemin": min, "aria-valuemax": max, "aria-valuenow": value };
  for (const [name, text] of Object.entries(states)) if (number.getAttribute(name) !== text) number.setAttribute(name, text);
  return number;
}

/** Show the arrows beside the slider until a size is moved. */
function showArrows() {
  const sliders = /** @type {HTMLElement} */ (document.querySelector(".sliders"));
  if (saved(MOVED)) return;
  sliders.classList.add("unmoved");
  sliders.addEventListener("input", () => {
    sliders.classList.remove("unmoved");
    save(MOVED, "true");
  }, { once: true });
}
