/** The button that copies the present address. */

const copy = /** @type {HTMLElement} */ (document.getElementById("copy"));

/** @param {() => string} address gives what is to be copied */
export function offerCopy(address) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await copyText(address());
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy link"), 1500);
  });
}

/** @param {string} text */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // in a class-room's network there is no https, so no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  copy.focus();
}
