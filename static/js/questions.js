/** Search the list of questions while the reader types. */

import { byId } from "./page/dom.js";
import { keptState } from "./page/kept_state.js";
import { endThatFits, messageOf, request } from "./page/request.js";

const SETTLE_AFTER = 150; // ms without input before the request

const MOST_ROWS = 12;

/** @param {HTMLTextAreaElement} field */
function searchWhileTyping(field) {
  const form = /** @type {HTMLFormElement} */ (field.form);
  const most = Number(field.dataset.most); // encoded bytes that are sent: the end, since a traceback ends with its message
  let timer = 0;
  let newest = new AbortController();

  /** Show the best matches, or the whole list if nothing matches. */
  async function search() {
    newest.abort();
    newest = new AbortController();
    const response = await request(form.action, newest.signal, "POST", new URLSearchParams({ q: endThatFits(field.value, most) }));
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const now = /** @type {HTMLElement} */ (fresh.getElementById("best"));
    const best = byId("best");
    if (best.innerHTML !== now.innerHTML) best.replaceChildren(...now.childNodes);
    say(fresh.getElementById("search-status")?.textContent ?? "", "visually-hidden");
    byId("all-questions").hidden = Boolean(best.querySelector("li"));
  }

  /** @param {number} after ms */
  function searchSoon(after) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      search().catch(report);
      keep();
    }, after);
  }

  /** Keep the text for a reader who comes back from a match, in the history of this tab and not in the address. */
  function keep() {
    history.replaceState({ sought: field.value }, "");
  }

  /** Show what went wrong instead of matches for another text. @param {Error} error */
  function report(error) {
    if (error.name === "AbortError") return; // a newer search
    byId("best").replaceChildren();
    byId("all-questions").hidden = false;
    say(messageOf(error), "status");
  }

  /** @param {string} text @param {string} style the class of the message: results are announced, errors also visible */
  function say(text, style) {
    const status = byId("search-status");
    status.className = style;
    status.textContent = text;
  }

  function fitLines() {
    field.rows = Math.min(field.value.split("\n").length, MOST_ROWS);
  }

  field.addEventListener("input", () => {
    fitLines();
    searchSoon(SETTLE_AFTER);
  });
  field.addEventListener("change", keep); // a link is clicked before the search
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || field.value.includes("\n")) return;
    event.preventDefault(); // words have one line, and Enter searches for them
    searchSoon(0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    searchSoon(0);
  });
  const before = keptState()?.sought;
  if (before && before !== field.value) {
    field.value = before;
    searchSoon(0);
  }
  fitLines();
}

searchWhileTyping(/** @type {HTMLTextAreaElement} */ (byId("q")));
