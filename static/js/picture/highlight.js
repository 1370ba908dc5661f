/** Highlight the tensor under the pointer or with the focus, in the picture and in the table, and describe it in a tip. */

import { byId } from "../page/dom.js";
import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrases.js";

/** Follow the pointer and the focus. */
export function setUpHighlight() {
  let rest = ""; // the last position of the pointer: elements that scroll below it there are not highlighted
  document.addEventListener("pointerover", (event) => {
    if (`${event.clientX} ${event.clientY}` !== rest) highlight(event);
  });
  document.addEventListener("pointermove", ({ clientX, clientY }) => (rest = `${clientX} ${clientY}`));
  document.addEventListener("focusin", (event) => highlight(event));
  addEventListener("keydown", ({ key }) => key === "Escape" && hideTip());
}

export function hideTip() {
  byId("tip").hidden = true;
}

/** @param {Event} event */
function highlight(event) {
  const from = /** @type {Element} */ (event.target).closest?.("[data-tensor]");
  for (const element of document.querySelectorAll(".highlighted")) element.classList.remove("highlighted");
  hideTip();
  const myth = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-claim]"));
  if (myth) return showTip(event, myth, [phrase("myth", { said: myth.dataset.claim ?? "" }), myth.dataset.truth ?? ""]);
  const id = from?.getAttribute("data-tensor");
  if (!from || !id) {
    if (from?.closest(".hits")) showTip(event, from, [from.getAttribute("aria-label") ?? ""]); // a link to a step
    return;
  }
  const focused = document.querySelector(".picture")?.getAttribute("data-t");
  const step = from.getAttribute("data-t") ?? focused;
  for (const shape of document.querySelectorAll(".hits a")) {
    const { tensor, also = "", t } = /** @type {SVGElement} */ (shape).dataset;
    shape.classList.toggle("highlighted", (tensor === id && t === step) || also.split(" ").includes(id));
  }
  const row = document.querySelector(`tr[data-tensor="${id}"]`);
  row?.classList.add("highlighted");
  if (row && from.closest(".hits")) showTip(event, from, tipLines(row, step === focused ? "" : step));
}

/** The lines of a tip, from the row of a tensor. The row describes the step of the page; at another step only name, shape and axes
 * apply.
 * @param {Element} row @param {string | null | undefined} otherStep
 * @returns {(string | HTMLElement)[]} */
function tipLines(row, otherStep) {
  const name = lineOf(row, "name");
  if (document.querySelector(".picture")?.hasAttribute("data-hides-shapes")) return [name]; // the reader is to find the shape
  const [shape, axes] = [lineOf(row, "shape"), lineOf(row, "axes")];
  if (otherStep) return [name, shape, axes, phrase("step", { t: grouped(otherStep) })];
  const usedBy = lineOf(row, "used-by");
  if (usedBy) usedBy.prepend(`${phrase("usedBy")} `);
  return [name, shape, axes, lineOf(row, "made-by"), usedBy];
}

/** A copy of the content of a cell of the table, or nothing if it is empty.
 * @param {Element} row @param {string} column */
function lineOf(row, column) {
  const cell = row.querySelector(`[data-cell="${column}"]`);
  if (!cell?.textContent) return "";
  const line = document.createElement("span");
  line.className = cell.className;
  line.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
  return line;
}

/** Show a tip beside the pointer, or beside the focused element.
 * @param {Event} event @param {Element} at @param {(string | HTMLElement)[]} lines */
function showTip(event, at, lines) {
  const tip = byId("tip");
  tip.replaceChildren(
    ...lines.filter(Boolean).map((content) => {
      const line = document.createElement("p");
      line.append(content);
      return line;
    }),
  );
  tip.hidden = false;
  const { left, right, top, bottom } =
    event instanceof PointerEvent ? new DOMRect(event.clientX, event.clientY) : at.getBoundingClientRect();
  const [roomAtRight, roomBelow] = [innerWidth - right, innerHeight - bottom];
  const x = roomAtRight > tip.offsetWidth + 20 ? right + 12 : left - tip.offsetWidth - 12;
  const y = roomBelow > tip.offsetHeight + 24 ? bottom + 16 : top - tip.offsetHeight - 16;
  tip.style.left = `${scrollX + Math.max(8, Math.min(x, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${scrollY + Math.max(8, y)}px`;
}
