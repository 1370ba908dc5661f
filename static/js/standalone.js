/**
 * A page in one file: it contains templates of other sizes, and other states as lists of pieces. It is no module: browsers import none
 * from file:// URLs, so the server puts template.js before it (app/web/exports/standalone.py).
 */
(() => {
  /**
   * @typedef {{box: string, title: string, shapes: number[], hits: number[], rows: number[], sentence: number[]}} StateInPieces
   * @typedef {Record<"box" | "title" | "shapes" | "hits" | "rows" | "sentence", string>} State
   * @typedef {{name: string, values: string[], states: (number | null)[], own: number, numbers: number[]}} Control
   */

  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  /** @type {{pieces: string[], states: StateInPieces[], controls: Control[], templates: import("./picture/template.js").TemplateDocument[]}} */
  const { pieces, states, controls, templates } = JSON.parse(byId("data").textContent ?? "");

  const drawing = templates.map((document) => new Template(document));

  let selected = /** @type {HTMLElement | null} */ (document.querySelector(".selected"))?.dataset.tensor ?? "";
  /** The shown state, and its number; -1 for one of a template. */
  let [shown, number] = [stateInPieces(0), 0];

  /** @param {number} number @returns {State} */
  function stateInPieces(number) {
    const { box, title, ...parts } = /** @type {StateInPieces} */ (states[number]);
    const texts = Object.entries(parts).map(([part, numbers]) => [part, numbers.map((n) => pieces[n]).join("")]);
    return { box, title, ...Object.fromEntries(texts) };
  }

  /** The template that draws a value of a control. @param {Control} control @param {number} n */
  const templateOf = ({ name, numbers }, n) => drawing.find((template) => template.sliders.includes(name) && template.isValid({ [name]: numbers[n] ?? NaN }));

  /** Leave out the values of a control that nothing draws. @param {Control} control */
  function keepDrawn(control) {
    const kept = control.states.flatMap((state, n) => (state !== null || templateOf(control, n) ? [n] : []));
    control.own = kept.indexOf(control.own);
    const at = (/** @type {any[]} */ list) => (list.length ? kept.map((n) => list[n]) : list);
    [control.values, control.states, control.numbers] = [at(control.values), at(control.states), at(control.numbers)];
    /** @type {HTMLInputElement} */ (byId(`move-${control.name}`)).max = String(kept.length - 1);
  }

  /** Show a state: replace the parts that differ from the present one. @param {State} state */
  function show(state) {
    const before = shown;
    shown = state;
    for (const part of /** @type {const} */ (["shapes", "hits", "rows", "sentence"])) {
      const region = document.getElementById(part);
      if (region && before[part] !== state[part]) region.innerHTML = state[part];
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
      const box = /** @type {HTMLElement} */ (input.parentElement);
      box.classList.toggle("moved", at !== control.own);
      /** @type {HTMLElement} */ (box.querySelector("output")).textContent = value;
    }
    if (moved.name === "tensor") selected = n === moved.own ? "" : (moved.values[n] ?? "");
    number = moved.states[n] ?? -1;
    show(number < 0 ? /** @type {any} */ (templateOf(moved, n))?.filled({ [moved.name]: moved.numbers[n] }) : stateInPieces(number));
  }

  for (const control of controls) {
    keepDrawn(control);
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
    if (steps && n >= 0 && steps.states[n] !== number && (!tensor || n !== steps.own)) move(steps, n);
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
