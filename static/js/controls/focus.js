/** The focus survives the replacement of the element that has it, and so do unfolded details. */

const STOPS = 'a:not([tabindex]), summary, [tabindex="0"]';

/** Before a region is replaced: a function that puts the focus back on the same element, or on the one now in its place.
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
  const label = was.getAttribute("aria-label"); // of a tensor's links, one for each sequence; of a pager's links
  const pager = pagerOf(was, region);
  return () => {
    const now = stops();
    const named = now.filter((stop) => label && stop.getAttribute("aria-label") === label);
    const same = now.filter((stop) => tensor && stop.dataset.tensor === tensor);
    const beside = pager < 0 ? [] : now.filter((stop) => pagerOf(stop, region) === pager);
    const again = named.find((stop) => !tensor || same.includes(stop)) ?? same[0] ?? beside.at(-1) ?? now[index] ?? now.at(-1);
    (document.getElementById(was.id) ?? again)?.focus({ preventScroll: true });
  };
}

/** The number of the pager in which a stop stands, or -1: at an end it is no link any more.
 * @param {Element} stop @param {Element} region */
function pagerOf(stop, region) {
  const pager = stop.closest(".pager");
  return pager ? [...region.querySelectorAll(".pager")].indexOf(pager) : -1;
}

/** Before regions are replaced: a function that unfolds again what is unfolded now.
 * @returns {() => void} */
export function rememberUnfolded() {
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  };
}
