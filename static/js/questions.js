/** Search the list of questions while the reader types. */

import { byId } from "./page/dom.js";
import { messageOf, request } from "./page/request.js";

const SETTLE_AFTER = 150; // ms without input before the request

const MOST = 2 ** 16; // characters that are sent: those at the end, since a traceback ends with its message

const MOST_ROWS = 12;

/** @param {HTMLTextAreaElement} field */
function searchWhileTyping(field) {
  const form = /** @type {HTMLFormElement} */ (field.form);
  let timer = 0;
  let newest = new AbortController();

  /** Show the best matches, or the whole list if nothing matches. */
  async function search() {
    newest.abort();
    newest = new AbortController();
    const response = await request(form.action, newest.signal, "POST", new URLSearchParams({ q: field.value.slice(-MOST) }));
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const now = /** @type {HTMLElement} */ (fresh.getElementById("best"));
    const best = byId("best");
    if (best.innerHTML !== now.innerHTML) best.replaceChildren(...now.childNodes);
    byId("search-status").textContent = fresh.getElementById("search-status")?.textContent ?? "";
    byId("all-questions").hidden = Boolean(best.querySelector("li"));
  }

  /** @param {number} after ms */
  function searchSoon(after) {
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(report), after);
  }

  /** @param {Error} error */
  function report(error) {
    if (error.name === "AbortError") return; // a newer search
    byId("search-status").textContent = messageOf(error);
  }

  function fitLines() {
    field.rows = Math.min(field.value.split("\n").length, MOST_ROWS);
  }

  field.addEventListener("input", () => {
    fitLines();
    searchSoon(SETTLE_AFTER);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || field.value.includes("\n")) return;
    event.preventDefault(); // words have one line, and Enter searches for them
    searchSoon(0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    searchSoon(0);
  });
  fitLines();
}

searchWhileTyping(/** @type {HTMLTextAreaElement} */ (byId("q")));
