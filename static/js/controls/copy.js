/** Buttons that copy the link of the page, programs and snippets. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrase.js";

const SHOWN_FOR = 1500; // ms

/** Set up the button that copies the link.
 * @param {() => string} address to copy */
export function setUpCopy(address) {
  const copy = byId("copy");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await copyText(address());
    } catch {
      return showLink(address());
    }
    copy.focus();
    showCopied(copy);
  });
  byId("link").addEventListener("blur", () => (byId("manual-copy").hidden = true));
}

/** Set up the buttons beside programs and snippets, including those that are added later. */
export function setUpProgramCopy() {
  document.addEventListener("click", async ({ target }) => {
    const button = /** @type {HTMLElement} */ (target);
    const program = document.getElementById(button.dataset?.copies ?? "");
    if (!program) return;
    try {
      await copyText(program.textContent ?? "");
      showCopied(button);
    } catch {
      getSelection()?.selectAllChildren(program); // selected, so that the reader can copy it
    }
  });
}

/** Show for a moment that a button has copied. @param {HTMLElement} button */
export function showCopied(button) {
  button.dataset.label ??= button.textContent ?? "";
  button.textContent = phrase("copied");
  setTimeout(() => (button.textContent = button.dataset.label ?? ""), SHOWN_FOR);
}

/** Copy a text. Throws where the browser does not allow it.
 * @param {string} text */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // browsers have no clipboard API without HTTPS, as in a classroom
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not allowed");
}

/** Show the link, selected, if the browser does not allow the page to copy it.
 * @param {string} text */
function showLink(text) {
  const link = /** @type {HTMLInputElement} */ (byId("link"));
  const line = byId("manual-copy");
  /** @type {HTMLElement} */ (line.querySelector("label")).textContent = phrase("copyBlocked");
  line.hidden = false;
  link.value = text;
  link.select();
}
