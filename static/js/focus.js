/** The focus outlives the exchange of what has it. */

/** Before a region is replaced: how to put the focus back on what had it, or on what is now in its place.
 * @returns {() => void} */
export function rememberFocus() {
  const was = document.activeElement;
  const region = was?.closest("[data-live]");
  if (!was || !region) return () => {};
  const links = () => {
    const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`#${region.id} a:not([tabindex])`));
    return [...all].filter((link) => link.getClientRects().length);
  };
  const index = links().indexOf(/** @type {HTMLElement} */ (was));
  const { tensor } = /** @type {HTMLElement} */ (was).dataset;
  return () => {
    const now = links();
    const again = (tensor && now.find((link) => link.dataset.tensor === tensor)) || now[index] || now.at(-1);
    (document.getElementById(was.id) ?? again)?.focus({ preventScroll: true });
  };
}
