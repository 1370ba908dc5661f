/** The buttons that copy: the present address, and programs. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";

/** @param {() => string} address that is to be copied */
export function setUpCopy(address) {
  const copy = byId("copy");
  const words = copy.textContent;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await copyText(address());
    } catch {
      return showLink(address());
    }
    copy.focus();
    copy.textContent = phrase("copied");
    setTimeout(() => (copy.textContent = words), 1500);
  });
  byId("link").addEventListener("blur", () => (byId("manual-copy").hidden = true));
}

/** Let the buttons beside programs copy them, including buttons that the page gets later. */
export function setUpProgramCopy() {
  document.documentElement.classList.add("scripted");
  document.addEventListener("click", async ({ target }) => {
    const button = /** @type {HTMLElement} */ (target);
    const program = document.getElementById(button.dataset?.copies ?? "");
    if (!program) return;
    try {
      await copyText(program.textContent ?? "");
      button.textContent = phrase("copied");
    } catch {
      getSelection()?.selectAllChildren(program); // to be copied by hand
    }
  });
}

/** @param {string} text */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // a classroom's network has no https, hence no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not allowed");
}

/** Show the link, selected, where the browser does not let the page copy it.
 * @param {string} text */
function showLink(text) {
  const link = /** @type {HTMLInputElement} */ (byId("link"));
  byId("manual-copy").hidden = false;
  link.value = text;
  link.select();
}
