/** What is pointed at: the same tensor lights up in the picture and in the table, and says what it is. */

import { phrase } from "../page/phrases.js";

const tip = /** @type {HTMLElement} */ (document.getElementById("tip"));

/** Begin to listen to the pointer and to the focus. */
export function listen() {
  let rest = ""; // where the pointer came to rest: what scrolls under it there was not pointed at
  document.addEventListener("pointerover", (event) => {
    if (`${event.clientX} ${event.clientY}` !== rest) light(event);
  });
  document.addEventListener("pointermove", ({ clientX, clientY }) => (rest = `${clientX} ${clientY}`));
  document.addEventListener("focusin", (event) => light(event));
  addEventListener("keydown", ({ key }) => key === "Escape" && hideTip());
}

export function hideTip() {
  tip.hidden = true;
}

/** @param {Event} event */
function light(event) {
  const from = /** @type {Element} */ (event.target).closest?.("[data-tensor]");
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  hideTip();
  const myth = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-said]"));
  if (myth) return showTip(event, myth, [phrase("myth", { said: myth.dataset.said ?? "" }), myth.dataset.truth ?? ""]);
  const id = from?.getAttribute("data-tensor");
  if (!from || !id) {
    if (from?.closest(".hits")) showTip(event, from, [from.getAttribute("aria-label") ?? ""]); // a step
    return;
  }
  const focused = document.querySelector(".picture")?.getAttribute("data-t");
  const step = from.getAttribute("data-t") ?? focused;
  for (const shape of document.querySelectorAll(".hits a")) {
    const { tensor, also = "", t } = /** @type {SVGElement} */ (shape).dataset;
    shape.classList.toggle("lit", (tensor === id && t === step) || also.split(" ").includes(id));
  }
  const row = document.querySelector(`tr[data-tensor="${id}"]`);
  row?.classList.add("lit");
  if (row && from.closest(".hits")) showTip(event, from, toldBy(row, step === focused ? "" : step));
}

/** What the row of a tensor says of it. It tells of the focused step: at another one only name, shape and axes hold.
 * @param {Element} row @param {string | null | undefined} otherStep
 * @returns {(string | HTMLElement)[]} */
function toldBy(row, otherStep) {
  const isSecret = document.querySelector(".picture")?.hasAttribute("data-secret"); // shapes are to be found
  const [name = "", shape = "", axes = "", madeBy = "", usedBy = ""] = [...row.querySelectorAll("td")].map((cell) => {
    const line = document.createElement("span");
    line.className = cell.className;
    line.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
    return cell.textContent ? line : "";
  });
  if (isSecret) return [name];
  if (otherStep) return [name, shape, axes, phrase("step", { t: Number(otherStep).toLocaleString("en") })];
  if (usedBy) usedBy.prepend(`${phrase("usedBy")} `);
  return [name, shape, axes, madeBy, usedBy];
}

/** Beside the pointer, or beside what has the focus.
 * @param {Event} event @param {Element} at @param {(string | HTMLElement)[]} lines */
function showTip(event, at, lines) {
  tip.replaceChildren(
    ...lines.filter(Boolean).map((words) => {
      const line = document.createElement("p");
      line.append(words);
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
