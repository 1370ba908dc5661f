/** The fields and sliders of the main page: input in them changes the state. */

import { byId } from "../page/dom.js";
import { isModified } from "../page/links.js";
import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrase.js";
import { fromTheStart, textIn, withChanges } from "../page/query.js";
import { showStatus } from "../page/status_line.js";
import { placeSlider, ranges, readSlider, setUpSliders } from "./sliders.js";

/** @param {import("../page/page_state.js").Store} store
 * @param {import("../page/history.js").EditHistory} edits
 * @param {(state: string) => unknown} go */
export function setUpFields(store, edits, go) {
  const form = byId("controls");
  setUpSliders();

  form.addEventListener("input", ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    const name = nameOf(input);
    store.unfinished = null;
    if (edits.edit.control !== input) edits.begin(input);
    // changes start from the state in which the edit began: lowering and raising time_step leaves t unchanged
    const { from } = edits.edit;
    if (name === "text" || name === "cut") return void go(withChanges(from, { ...fromTheStart(), [name]: input.value }));
    if (input.type === "range") {
      go(withChanges(from, { ...fromTheStart(), [name]: readSlider(input) }));
    } else if (input.validity.valid && input.value !== "") {
      for (const range of ranges()) if (range.dataset.for === name) placeSlider(range);
      // without a projection the selected tensor may not exist
      const deselected = name === "num_proj" && input.value === "0" && { tensor: "" };
      const reset = name !== "t" && name !== "seed" && fromTheStart(); // other sizes
      go(withChanges(from, { ...reset, [name]: Number(input.value), ...deselected }));
    } else {
      store.unfinished = input;
      showStatus(rangeMessage(input));
    }
  });
  form.addEventListener("focusout", () => edits.begin(null));
  form.addEventListener("pointerdown", ({ target }) => /** @type {Element} */ (target).matches("[type=range]") && edits.begin(null));
  form.addEventListener("click", step);
  form.addEventListener("keydown", (event) => {
    const box = /** @type {HTMLElement} */ (event.target);
    if (event.key !== " " || !box.matches("[role=checkbox]")) return;
    event.preventDefault();
    box.click();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Show or hide the fields of a text as in a new page, if it has them, with the text of the state.
 * @param {Document} page @param {string} state */
export function fillText(page, state) {
  const fields = /** @type {HTMLFieldSetElement} */ (byId("text-input"));
  const wasHidden = fields.hidden;
  if (page.getElementById("text-input")) fields.disabled = fields.hidden = page.querySelector("#text-input:disabled") !== null;
  if (wasHidden && !fields.hidden) byId("settings").setAttribute("open", ""); // a training reads it
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (fields.querySelectorAll("#text, #cut"))) {
    const value = textIn(state, field.id);
    if (field.value !== value) field.value = value; // an equal value would move the cursor
  }
}

/** A click on − or + changes the number between them at once; without scripts they are links.
 * @param {MouseEvent} event */
function step(event) {
  const link = /** @type {Element} */ (event.target).closest(".stepper a");
  const number = link?.closest(".stepper")?.querySelector("input");
  if (!link || !number || isModified(event)) return;
  event.preventDefault();
  event.stopPropagation();
  if (link.textContent === "+") number.stepUp();
  else number.stepDown();
  number.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A message that gives the range of a field.
 * @param {HTMLInputElement} field */
export function rangeMessage(field) {
  const { min, max } = field;
  return phrase(min === max ? "only" : "wanted", { field: nameOf(field), low: min, high: grouped(max) });
}

/** The field of the state that an input sets; inputs that the form does not send have no name.
 * @param {HTMLInputElement} input */
const nameOf = (input) => input.dataset.for ?? input.dataset.field ?? input.id;
