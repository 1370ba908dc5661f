/** The button that copies the present address. */

const copy = /** @type {HTMLElement} */ (document.getElementById("copy"));
const uncopied = /** @type {HTMLElement} */ (document.getElementById("uncopied"));
const link = /** @type {HTMLInputElement} */ (document.getElementById("link"));

/** @param {() => string} address gives what is to be copied */
export function offerCopy(address) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await copyText(address());
    } catch {
      return byHand(address());
    }
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy link"), 1500);
  });
  link.addEventListener("blur", () => (uncopied.hidden = true));
}

/** @param {string} text */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // in a class-room's network there is no https, so no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  copy.focus();
  if (!done) throw new Error("not allowed");
}

/** Show the link, selected, where the browser does not let the page copy it.
 * @param {string} text */
function byHand(text) {
  uncopied.hidden = false;
  link.value = text;
  link.select();
}
