/** What is pointed at: the same tensor lights up in the picture and in the table, and says what it is. */

const tip = /** @type {HTMLElement} */ (document.getElementById("tip"));

/** Begin to listen to the pointer and to the focus. */
export function listen() {
  let rest = ""; // where the pointer came to rest: what scrolls under it there was not pointed at
  document.addEventListener("pointerover", (event) => {
    if (`${event.clientX} ${event.clientY}` !== rest) light(event);
  });
  document.addEventListener("pointermove", ({ clientX, clientY }) => (rest = `${clientX} ${clientY}`));
  document.addEventListener("focusin", light);
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
  const id = from?.getAttribute("data-tensor");
  if (!from || !id) return;
  const step = from.getAttribute("data-t") ?? document.querySelector(".picture")?.getAttribute("data-t");
  for (const shape of document.querySelectorAll(".hits a")) {
    const { tensor, also = "", t } = /** @type {SVGElement} */ (shape).dataset;
    shape.classList.toggle("lit", (tensor === id && t === step) || also.split(" ").includes(id));
  }
  document.querySelector(`tr[data-tensor="${id}"]`)?.classList.add("lit");
  if (from.closest(".hits")) showTip(from, id);
}

/** @param {Element} at @param {string} id */
function showTip(at, id) {
  const row = document.querySelector(`tr[data-tensor="${id}"]`);
  const cells = [...(row?.querySelectorAll("td") ?? [])];
  if (!cells.length) return;
  const { t } = /** @type {SVGElement} */ (at).dataset;
  if (t !== document.querySelector(".picture")?.getAttribute("data-t")) {
    cells.splice(3); // the row tells of the focused step: at another one only name, shape and axes are the same
    cells.push(Object.assign(document.createElement("td"), { textContent: `step ${t}` }));
  }
  const heads = ["", "", "", "", "used by "];
  tip.replaceChildren(
    ...cells
      .map((cell, k) => {
        const line = document.createElement("p");
        line.className = cell.className;
        line.append(heads[k] ?? "", ...[...cell.childNodes].map((n) => n.cloneNode(true)));
        return line;
      })
      .filter((line, k) => line.textContent !== heads[k]),
  );
  tip.hidden = false;
  const box = at.getBoundingClientRect();
  const left = Math.min(box.right + 12, innerWidth - tip.offsetWidth - 8);
  const below = box.bottom + 10 + tip.offsetHeight < innerHeight;
  tip.style.left = `${scrollX + Math.max(8, left)}px`;
  tip.style.top = `${scrollY + (below ? box.bottom + 10 : Math.max(8, box.top - tip.offsetHeight - 10))}px`;
}
