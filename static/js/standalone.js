/** A page in one file: it contains its states as lists of pieces. It is no module: browsers import none from file:// URLs. */
(() => {
  "use strict";

  /**
   * @typedef {{box: string, title: string, shapes: number[], hits: number[], rows: number[], sentence: number[]}} State
   * @typedef {{name: string, values: string[], states: number[], own: number, numbers: number[]}} Control
   */

  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  /** @type {{pieces: string[], states: State[], controls: Control[]}} */
  const { pieces, states, controls } = JSON.parse(byId("data").textContent ?? "");

  let selected = /** @type {HTMLElement | null} */ (document.querySelector(".selected"))?.dataset.tensor ?? "";
  let shown = 0;

  /** Show a state: replace the parts that differ from the present one. @param {number} number */
  function show(number) {
    const [before, state] = [/** @type {State} */ (states[shown]), /** @type {State} */ (states[number])];
    shown = number;
    for (const part of /** @type {const} */ (["shapes", "hits", "rows", "sentence"])) {
      const region = document.getElementById(part);
      if (region && String(before[part]) !== String(state[part])) region.innerHTML = state[part].map((n) => pieces[n]).join("");
    }
    for (const id of ["shapes", "hits"]) byId(id).setAttribute("viewBox", state.box);
    byId("shapes").setAttribute("aria-label", state.title);
    showSelection();
  }

  /** All elements of a tensor: links in the picture, a row of the table. @param {string} tensor @returns {HTMLElement[]} */
  const elementsOf = (tensor) => (tensor ? [...document.querySelectorAll(`[data-tensor="${tensor}"], [data-also~="${tensor}"]`)] : []).map((e) => /** @type {HTMLElement} */ (e));

  /** Mark the selected tensor and describe it. */
  function showSelection() {
    for (const element of document.querySelectorAll(".selected")) element.classList.remove("selected");
    for (const element of elementsOf(selected)) element.classList.add("selected");
    const row = document.getElementById(`row-${selected}`);
    const cells = ["name", "shape", "made-by"].map((column) => row?.querySelector(`[data-cell="${column}"]`)?.innerHTML);
    byId("selection").innerHTML = row ? cells.join(" ") : "";
  }

  /** Select a tensor, or deselect it. @param {string} tensor */
  function select(tensor) {
    selected = tensor === selected ? "" : tensor;
    showSelection();
  }

  /** Move a control; the others return to their values in the link. @param {Control} moved @param {number} n */
  function move(moved, n) {
    for (const control of controls) {
      const at = control === moved ? n : control.own;
      const value = control.values[at] ?? "";
      const input = /** @type {HTMLInputElement} */ (byId(`move-${control.name}`));
      input.value = String(at);
      input.setAttribute("aria-valuetext", value);
      input.style.setProperty("--place", String(at / (control.values.length - 1)));
      const box = /** @type {HTMLElement} */ (input.parentElement);
      box.classList.toggle("moved", at !== control.own);
      /** @type {HTMLElement} */ (box.querySelector("output")).textContent = value;
    }
    if (moved.name === "tensor") selected = n === moved.own ? "" : (moved.values[n] ?? "");
    show(moved.states[n] ?? 0);
  }

  for (const control of controls) {
    const input = /** @type {HTMLInputElement} */ (byId(`move-${control.name}`));
    input.addEventListener("input", () => move(control, Number(input.value)));
  }

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target).closest("#hits a, #rows tr");
    if (!target || !getSelection()?.isCollapsed) return;
    event.preventDefault();
    const { tensor = "", t } = /** @type {HTMLElement} */ (target).dataset;
    const steps = controls.find((control) => control.name === "t");
    const n = steps && t !== undefined ? steps.numbers.indexOf(Number(t)) : -1;
    if (steps && n >= 0 && steps.states[n] !== shown && (!tensor || n !== steps.own)) move(steps, n);
    if (tensor) select(tensor);
  });

  for (const [type, isOn] of /** @type {const} */ ([["pointerover", true], ["pointerout", false]])) {
    document.addEventListener(type, ({ target }) => {
      const over = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-tensor]"));
      for (const element of elementsOf(over?.dataset.tensor ?? "")) element.classList.toggle("highlighted", isOn);
    });
  }

  const form = document.getElementById("states");
  if (form) form.hidden = false;
  if (controls[0]) move(controls[0], controls[0].own);
  showSelection();
  const picture = byId("picture");
  picture.scrollLeft = (picture.scrollWidth - picture.clientWidth) / 2; // a narrow window starts at the cell
})();
