/** The buttons that copy: the present address, and programs. */

import { phrase } from "../page/phrases.js";

const copy = /** @type {HTMLElement} */ (document.getElementById("copy"));
const uncopied = /** @type {HTMLElement} */ (document.getElementById("uncopied"));
const link = /** @type {HTMLInputElement} */ (document.getElementById("link"));

/** @param {() => string} address gives what is to be copied */
export function offerCopy(address) {
  const words = copy.textContent;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await copyText(address());
    } catch {
      return byHand(address());
    }
    copy.focus();
    copy.textContent = phrase("copied");
    setTimeout(() => (copy.textContent = words), 1500);
  });
  link.addEventListener("blur", () => (uncopied.hidden = true));
}

/** Let the buttons beside programs copy them, those too that the page gets later. */
export function offerPrograms() {
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
  const field = document.createElement("textarea"); // in a class-room's network there is no https, so no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not allowed");
}

/** Show the link, selected, where the browser does not let the page copy it.
 * @param {string} text */
function byHand(text) {
  uncopied.hidden = false;
  link.value = text;
  link.select();
}
