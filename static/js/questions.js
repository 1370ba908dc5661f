/** The list of questions: what is typed is looked for at once. */

import { ask } from "./page/request.js";

const field = /** @type {HTMLInputElement} */ (document.getElementById("q"));
const form = /** @type {HTMLFormElement} */ (field.form);
const SETTLE_AFTER = 150; // ms of rest after which the server is asked

let waiting = 0;
let asking = new AbortController();

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search().catch(() => {}), SETTLE_AFTER); // the button asks anew
});

/** Show what the server finds: the best, or, where there is nothing, the whole list. */
async function search() {
  asking.abort();
  asking = new AbortController();
  const query = new URLSearchParams(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form))));
  const answer = await ask(`${form.getAttribute("action")}?${query}`, asking.signal);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = /** @type {HTMLElement} */ (fresh.getElementById("best"));
  const best = /** @type {HTMLElement} */ (document.getElementById("best"));
  if (best.innerHTML !== now.innerHTML) best.replaceChildren(...now.childNodes);
  const found = /** @type {HTMLElement} */ (document.getElementById("found"));
  found.textContent = fresh.getElementById("found")?.textContent ?? "";
  /** @type {HTMLElement} */ (document.getElementById("every")).hidden = Boolean(best.querySelector("li"));
}
