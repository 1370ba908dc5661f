/** The focus outlives the exchange of what has it, and so does what somebody unfolded. */

const STOPS = 'a:not([tabindex]), summary, [tabindex="0"]';

/** Before a region is replaced: how to put the focus back on what had it, or on what is now in its place.
 * @returns {() => void} */
export function rememberFocus() {
  const was = document.activeElement;
  const region = was?.closest("[data-live]");
  if (!was || !region) return () => {};
  const stops = () => {
    const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`#${region.id} :is(${STOPS})`));
    return [...all].filter((stop) => stop.getClientRects().length);
  };
  const index = stops().indexOf(/** @type {HTMLElement} */ (was));
  const { tensor } = /** @type {HTMLElement} */ (was).dataset;
  const label = was.getAttribute("aria-label"); // of a tensor's links, one for each sequence
  return () => {
    const now = stops();
    const same = now.filter((stop) => tensor && stop.dataset.tensor === tensor);
    const again = same.find((stop) => stop.getAttribute("aria-label") === label) ?? same[0] ?? now[index] ?? now.at(-1);
    (document.getElementById(was.id) ?? again)?.focus({ preventScroll: true });
  };
}

/** Before regions are replaced: how to unfold again what is unfolded now.
 * @returns {() => void} */
export function rememberUnfolded() {
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  };
}
