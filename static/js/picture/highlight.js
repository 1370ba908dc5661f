/** Highlight the tensor under the pointer or with the focus, in the picture and in the table, and describe it in a tip. */

import { tipLines } from "./tip_lines.js";
import { hideTip, setUpTip, showTip } from "./tip_place.js";

/** Follow the pointer and the focus. A finger and a click leave no tip behind: what they do is shown on the page. */
export function setUpHighlight() {
  let rest = ""; // the last position of the pointer: elements that scroll below it there are not highlighted
  document.addEventListener("pointerover", (event) => {
    if (`${event.clientX} ${event.clientY}` === rest) return;
    highlight(event, event);
    if (event.pointerType === "touch") hideTip();
  });
  document.addEventListener("pointermove", ({ clientX, clientY }) => (rest = `${clientX} ${clientY}`));
  document.addEventListener("focusin", (event) => {
    highlight(event, null);
    if (!(/** @type {Element} */ (event.target).matches(":focus-visible"))) hideTip();
  });
  setUpTip();
}

/** @param {Event} event @param {PointerEvent | null} pointer */
function highlight({ target }, pointer) {
  const element = /** @type {Element} */ (target);
  const from = element.closest?.("[data-tensor]");
  for (const other of document.querySelectorAll(".highlighted")) other.classList.remove("highlighted");
  hideTip();
  const explained = /** @type {HTMLElement | null} */ (element.closest?.("[data-tip]"));
  if (explained) return showTip(explained, explained.dataset.tip?.split("\n") ?? [], pointer);
  const id = from?.getAttribute("data-tensor");
  if (!from || !id) {
    if (from?.closest(".hits")) showTip(from, [from.getAttribute("aria-label") ?? ""], pointer); // a link to a step
    return;
  }
  const ids = /** @type {HTMLElement} */ (from).dataset.tensors?.split(" ") ?? [id]; // an array contains several tensors
  const focused = document.querySelector(".picture")?.getAttribute("data-t");
  const step = from.getAttribute("data-t") ?? focused;
  const isArray = from.matches(".array:not([data-t])"); // of every step
  for (const shape of document.querySelectorAll(".hits a")) {
    const { tensor, also = "", t, sample } = /** @type {SVGElement} */ (shape).dataset;
    const isIn = ids.includes(tensor ?? "") && (isArray || t === step);
    const isShown = isIn || also.split(" ").some((other) => ids.includes(other));
    shape.classList.toggle("highlighted", sample ? sample === from.getAttribute("data-sample") : isShown); // or a row
  }
  for (const array of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".array"))) {
    const { tensors = "", t = step } = array.dataset;
    array.classList.toggle("highlighted", t === step && tensors.split(" ").includes(id));
  }
  const row = document.querySelector(`#table tr[data-tensor="${id}"]`);
  row?.classList.add("highlighted");
  if (row && from.closest(".hits")) showTip(from, tipLines(row, step === focused ? "" : step), pointer);
}
