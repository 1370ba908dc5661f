/** The sliders under a picture in a frame: each change asks for the same frame at another address. */

import { fromTheStart, withChanges } from "../page/query.js";
import { ask } from "../page/request.js";
import { fillControls, placeSlider, ranges, readSlider } from "./sliders.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("controls"));
const pictures = /** @type {HTMLElement} */ (document.getElementById("pictures"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const whole = /** @type {HTMLAnchorElement} */ (document.getElementById("whole"));

/** What was asked for last: an answer that comes later than a newer question is of no use. */
let asked = new AbortController();

/** @param {string} search */
async function show(search) {
  asked.abort();
  const own = (asked = new AbortController());
  try {
    const answer = await ask(location.pathname + search, own.signal);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    history.replaceState(null, "", location.pathname + search);
    pictures.replaceChildren(...(page.getElementById("pictures")?.childNodes ?? []));
    whole.setAttribute("href", page.getElementById("whole")?.getAttribute("href") ?? "/");
    trouble.textContent = "";
    fillControls(page, /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=number]:focus")));
  } catch (error) {
    if (own.signal.aborted) return;
    trouble.textContent = error instanceof Error ? error.message : String(error);
  }
}

for (const range of ranges()) {
  range.hidden = false;
  placeSlider(range);
}
/** @type {HTMLElement} */ (document.getElementById("draw")).hidden = true;

/** A size pulled down and up again leaves as it was what depends on it: all changes of one control start from one state. */
let from = location.search;
form.addEventListener("focusin", () => (from = location.search));

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  const change = input.type === "range" ? { [input.dataset.for ?? ""]: readSlider(input) } : { [input.id]: input.value };
  if (input.checkValidity()) void show(withChanges(from, { ...fromTheStart(), ...change }));
});
