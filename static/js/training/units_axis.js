/** The axis of the learning curve is a slider: it moves num_units, as the arrow keys do while nothing else uses them. */

import { followPointer, KEYS, placeOf, trackOf } from "../controls/sliders.js";
import { byId, isLocked } from "../page/dom.js";
import { FIELDS } from "../page/key_listener.js";

/** The num_units at a place on the axis, where equal distances double it.
 * @param {number} share of its length, from 0 to 1 @param {number} largest the num_units at its end */
export function unitsAt(share, largest) {
  return largest ** Math.min(1, Math.max(0, share));
}

export function setUpAxis() {
  const slider = /** @type {HTMLInputElement} */ (document.querySelector("[data-for=num_units]"));
  const isUsable = () => document.querySelector(".training:not(.learning) .size-axis") !== null && !slider.disabled && !isLocked(slider);

  byId("pictures").addEventListener("pointerdown", (event) => {
    const axis = /** @type {Element} */ (event.target).closest(".size-axis rect");
    if (!axis || event.button !== 0 || !isUsable()) return;
    event.preventDefault();
    byId("main").classList.add("by-pointer"); // without the outline of a focus that keys have moved
    /** @type {SVGElement} */ (axis).focus({ preventScroll: true });
    const { left, width } = axis.getBoundingClientRect(); // once: reading it forces a layout
    const { dataset } = /** @type {SVGElement} */ (axis);
    const [before, largest] = [Number(dataset.before), Number(dataset.largest)]; // before: the share of the rectangle before 1, and after the largest
    const move = (/** @type {number} */ x) => {
      slider.value = String(placeOf(trackOf(slider), unitsAt(((x - left) / width - before) / (1 - 2 * before), largest)));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })); // a new entry of the history
    move(event.clientX);
    followPointer(({ clientX }) => move(clientX));
  });

  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    const isOnAxis = target.matches(".size-axis rect");
    const isFree = /^Arrow(Left|Right)$/.test(event.key) && !target.matches(`${FIELDS}, input, .scroll, pre, summary, [role=slider]`);
    const isModified = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (event.key === "Enter" && isOnAxis && !isModified && isUsable()) byId("train").click();
    if (event.defaultPrevented || isModified || !(event.key in KEYS) || !(isOnAxis || isFree) || !isUsable()) return;
    event.preventDefault();
    byId("main").classList.remove("by-pointer");
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true }));
  });
}
