/** What is open in the top bar: it closes with Escape and with a press elsewhere. */

const share = /** @type {HTMLDetailsElement} */ (document.getElementById("share"));
const summary = /** @type {HTMLElement} */ (share.querySelector("summary"));

export function offerShare() {
  share.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !share.open) return;
    event.stopPropagation();
    share.open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!share.contains(/** @type {Node} */ (target))) share.open = false;
  });
}
