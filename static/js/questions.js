/** Search the list of questions while the reader types. */

import { byId } from "./page/dom.js";
import { request } from "./page/request.js";

const SETTLE_AFTER = 150; // ms without input before the request

/** @param {HTMLInputElement} field */
function searchWhileTyping(field) {
  const form = /** @type {HTMLFormElement} */ (field.form);
  let timer = 0;
  let newest = new AbortController();

  /** Show the best matches, or the whole list if nothing matches. */
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
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(() => {}), SETTLE_AFTER); // if it fails, the button still works
  });
}

searchWhileTyping(/** @type {HTMLInputElement} */ (byId("q")));
