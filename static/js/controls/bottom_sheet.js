/**
 * The sheet of sliders at the lower edge of a narrow window. Collapsed it has all sizes and one slider, that of the size tapped last;
 * open it has all sliders, and links to the other controls.
 */

import { byId } from "../page/dom.js";

/** How far a finger pulls the grip to open or close the sheet, in pixels; less is a tap. */
const PULL = 20;

export function setUpSheet() {
  const sheet = /** @type {HTMLElement} */ (document.querySelector(".sliders"));
  const grip = byId("grip");
  const isOpen = () => sheet.classList.contains("open");
  const isCollapsed = () => grip.getClientRects().length > 0 && !isOpen(); // a wide window has no sheet
  grip.hidden = false;

  let [start, isPulled] = [0, false];
  grip.addEventListener("pointerdown", ({ clientY, pointerId }) => {
    [start, isPulled] = [clientY, false];
    grip.setPointerCapture(pointerId);
  });
  grip.addEventListener("pointerup", ({ clientY }) => {
    const pulled = start - clientY;
    isPulled = Math.abs(pulled) >= PULL;
    if (isPulled) open(pulled > 0);
  });
  grip.addEventListener("click", () => {
    if (!isPulled) open(!isOpen()); // a mouse clicks after a pull, too
    isPulled = false;
  });
  sheet.addEventListener("mousedown", (event) => {
    const control = controlAt(event);
    if (!control || !isCollapsed() || isChosen(control)) return;
    event.preventDefault(); // the first tap on a size shows its slider, the second one edits its number
    choose(control);
  });
  sheet.addEventListener("click", (event) => {
    const label = /** @type {Element} */ (event.target).closest("label");
    if (label && isCollapsed()) event.preventDefault(); // do not open the keyboard
  });
  sheet.addEventListener("focusin", (event) => {
    const control = controlAt(event);
    if (control) choose(control);
  });
  document.addEventListener("click", ({ target }) => isOpen() && /** @type {Element} */ (target).closest("a") && open(false));
  choose(/** @type {HTMLElement} */ (sheet.querySelector(".control.num_units")));

  /** Open or close the sheet. An open one begins where the picture ends. @param {boolean} opens */
  function open(opens) {
    sheet.classList.toggle("open", opens);
    grip.setAttribute("aria-expanded", String(opens));
    const covered = picture().getBoundingClientRect().bottom - sheet.getBoundingClientRect().top;
    if (opens && covered > 0) scrollBy({ top: covered });
  }

  /** @param {HTMLElement} control */
  function choose(control) {
    for (const one of sheet.querySelectorAll(".control")) one.classList.toggle("chosen", one === control);
  }
}

const picture = () => /** @type {HTMLElement} */ (document.querySelector(".picture-row"));

/** @param {HTMLElement} control */
const isChosen = (control) => control.classList.contains("chosen");

/** The control that an event is about, if any.
 * @param {Event} event @returns {HTMLElement | null} */
const controlAt = (event) => /** @type {Element} */ (event.target).closest(".control");
