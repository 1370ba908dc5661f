/**
 * The tip: a few lines about the element under the pointer or with the focus. It stays in the row of the picture, or in the section
 * of a chart below it, and covers no control. It is in the browser's top layer, so that it is visible in full screen, too.
 */

import { byId, uncovered } from "../page/dom.js";

const APART = 12; // px between the pointer and the tip
const SECTIONS = "#notes > *, #view-note, .framework, .tensors"; // with charts of their own

/** The element that the tip is about, or null while no tip is shown. @type {Element | null} */
let about = null;
/** Whether the tip follows the pointer, and not the focus. */
let isAtPointer = false;

/** Show a tip beside the pointer, or beside the focused element.
 * @param {Element} element @param {(string | HTMLElement)[]} lines @param {PointerEvent | null} pointer */
export function showTip(element, lines, pointer) {
  const tip = byId("tip");
  hideTip();
  tip.replaceChildren(
    ...lines.filter(Boolean).map((content) => {
      const line = document.createElement("p");
      line.append(content);
      return line;
    }),
  );
  about = element;
  isAtPointer = pointer !== null;
  tip.showPopover();
  follow(pointer ? new DOMRect(pointer.clientX, pointer.clientY) : null);
}

/** Hide the tip.
 * @returns {boolean} whether it was shown */
export function hideTip() {
  const wasShown = about !== null;
  about = null;
  if (wasShown) byId("tip").hidePopover();
  return wasShown;
}

/** Let the tip follow the pointer, and hide it when the page moves or the visitor does something else. */
export function setUpTip() {
  document.addEventListener("pointermove", ({ clientX, clientY }) => isAtPointer && follow(new DOMRect(clientX, clientY)));
  document.addEventListener("scroll", () => (isAtPointer ? hideTip() : follow(null)), { capture: true, passive: true });
  for (const type of ["pointerdown", "click", "dragstart"]) document.addEventListener(type, hideTip, { capture: true });
  document.documentElement.addEventListener("pointerleave", hideTip);
  document.addEventListener("keydown", ({ key }) => key === "Tab" && hideTip(), { capture: true });
  for (const type of ["resize", "blur"]) addEventListener(type, hideTip);
}

/** Place the tip beside the pointer, or else beside its element, or beside the middle of an element that is too large. Without room
 * there is no tip.
 * @param {DOMRect | null} pointer */
function follow(pointer) {
  if (!about) return;
  const box = about.getBoundingClientRect();
  const middle = new DOMRect(box.x + box.width / 2, box.y + box.height / 2);
  if (!(pointer ? place(about, pointer) : place(about, box) || place(about, middle))) hideTip();
}

/** Place the tip beside a rectangle: to the right and below, if there is room.
 * @param {Element} element that it is about @param {DOMRect} beside
 * @returns {boolean} whether there is room on any side */
function place(element, beside) {
  const tip = byId("tip");
  const area = areaOf(element);
  const [x, isBeside] = position(beside.left, beside.right, tip.offsetWidth, area.left, area.right);
  const [y, isBelow] = position(beside.top, beside.bottom, tip.offsetHeight, area.top, area.bottom);
  tip.style.left = `${x}px`;
  tip.style.top = `${y}px`;
  return (isBeside || isBelow) && x >= area.left && y >= area.top;
}

/** The position of a tip along one axis: after what it is about, before it or over it, within two limits; and whether it is beside
 * it. A tip that is larger than the limits allow begins before the lower one.
 * @param {number} begin @param {number} end of what the tip is about
 * @param {number} size of the tip @param {number} low @param {number} high
 * @returns {[number, boolean]} */
export function position(begin, end, size, low, high) {
  const [after, before] = [Math.max(low, end + APART), Math.min(high, begin - APART) - size];
  if (after + size <= high) return [after, true];
  if (before >= low) return [before, true];
  return [Math.min(Math.max(begin, low), high - size), false];
}

/** The part of the picture's row, or of a chart's section, that is on the screen.
 * @param {Element} element that a tip is about */
function areaOf(element) {
  const { left, right, top, bottom } = (element.closest(SECTIONS) ?? byId("frame")).getBoundingClientRect();
  const area = uncovered();
  return {
    left: Math.max(left, 0),
    right: Math.min(right, innerWidth),
    top: Math.max(top, area.top),
    bottom: Math.min(bottom, area.bottom),
  };
}
