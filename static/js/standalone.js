/** A page in one file: its states are in it, as lists of pieces. No module, since a file from a stick may load none. */
(() => {
  "use strict";

  /**
   * @typedef {{box: string, title: string, shapes: number[], hits: number[], rows: number[], sentence: number[]}} State
   * @typedef {{name: string, values: string[], states: number[], own: number}} Control
   */

  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  /** @type {{pieces: string[], states: State[], controls: Control[]}} */
  const { pieces, states, controls } = JSON.parse(byId("data").textContent ?? "");

  let selected = /** @type {HTMLElement | null} */ (document.querySelector(".selected"))?.dataset.tensor ?? "";
  let shown = 0;

  /** Show a state: the pieces of it that are others than before. @param {number} number */
  function show(number) {
    const [before, state] = [/** @type {State} */ (states[shown]), /** @type {State} */ (states[number])];
    shown = number;
    for (const part of /** @type {const} */ (["shapes", "hits", "rows", "sentence"])) {
      const region = document.getElementById(part);
      if (region && String(before[part]) !== String(state[part])) region.innerHTML = state[part].map((n) => pieces[n]).join("");
    }
    for (const id of ["shapes", "hits"]) byId(id).setAttribute("viewBox", state.box);
    byId("shapes").setAttribute("aria-label", state.title);
    light();
  }

  /** Everything that stands for a tensor. @param {string} tensor @returns {HTMLElement[]} */
  const all = (tensor) => (tensor ? [...document.querySelectorAll(`[data-tensor="${tensor}"], [data-also~="${tensor}"]`)] : []).map((e) => /** @type {HTMLElement} */ (e));

  /** Mark what is selected, and say what it is. */
  function light() {
    for (const element of document.querySelectorAll(".selected")) element.classList.remove("selected");
    for (const element of all(selected)) element.classList.add("selected");
    const row = document.getElementById(`row-${selected}`);
    const cells = ["name", "shape", "made-by"].map((column) => row?.querySelector(`[data-cell="${column}"]`)?.innerHTML);
    byId("selection").innerHTML = row ? cells.join(" ") : "";
  }

  /** @param {string} tensor */
  function select(tensor) {
    selected = tensor === selected ? "" : tensor;
    light();
  }

  /** Move a control; the others go back to where they were. @param {Control} moved @param {number} n */
  function move(moved, n) {
    for (const control of controls) {
      const at = control === moved ? n : control.own;
      const value = control.values[at] ?? "";
      const input = /** @type {HTMLInputElement} */ (byId(`move-${control.name}`));
      input.value = String(at);
      input.setAttribute("aria-valuetext", value);
      input.style.setProperty("--filled", `${(100 * at) / (control.values.length - 1)}%`);
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
    const n = steps && t !== undefined ? steps.values.indexOf(Number(t).toLocaleString("en")) : -1;
    if (steps && n >= 0 && steps.states[n] !== shown && (!tensor || n !== steps.own)) move(steps, n);
    if (tensor) select(tensor);
  });

  for (const [sign, isOn] of /** @type {const} */ ([["pointerover", true], ["pointerout", false]])) {
    document.addEventListener(sign, ({ target }) => {
      const over = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-tensor]"));
      for (const element of all(over?.dataset.tensor ?? "")) element.classList.toggle("highlighted", isOn);
    });
  }

  const form = document.getElementById("states");
  if (form) form.hidden = false;
  if (controls[0]) move(controls[0], controls[0].own);
  light();
  const picture = byId("picture");
  picture.scrollLeft = (picture.scrollWidth - picture.clientWidth) / 2; // a narrow window shows the cell first
})();
