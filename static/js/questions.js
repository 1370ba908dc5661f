/** The list of questions is searched while somebody types. */

import { byId } from "./page/dom.js";
import { request } from "./page/request.js";

const SETTLE_AFTER = 150; // ms of rest before the request

/** @param {HTMLInputElement} field */
function searchWhileTyping(field) {
  const form = /** @type {HTMLFormElement} */ (field.form);
  let waiting = 0;
  let newest = new AbortController();

  /** Show what the server finds: the best, or, where there is nothing, the whole list. */
  async function search() {
    newest.abort();
    newest = new AbortController();
    const query = new URLSearchParams(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form))));
    const response = await request(`${form.getAttribute("action")}?${query}`, newest.signal);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const now = /** @type {HTMLElement} */ (fresh.getElementById("best"));
    const best = byId("best");
    if (best.innerHTML !== now.innerHTML) best.replaceChildren(...now.childNodes);
    byId("search-status").textContent = fresh.getElementById("search-status")?.textContent ?? "";
    byId("all-questions").hidden = Boolean(best.querySelector("li"));
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search().catch(() => {}), SETTLE_AFTER); // the button repeats the request
  });
}

searchWhileTyping(/** @type {HTMLInputElement} */ (byId("q")));
