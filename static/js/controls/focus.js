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
  const label = was.getAttribute("aria-label"); // of a tensor's links, one for each sequence; of what turns a page
  const line = lineOf(was, region);
  return () => {
    const now = stops();
    const named = now.filter((stop) => label && stop.getAttribute("aria-label") === label);
    const same = now.filter((stop) => tensor && stop.dataset.tensor === tensor);
    const beside = line < 0 ? [] : now.filter((stop) => lineOf(stop, region) === line);
    const again = named.find((stop) => !tensor || same.includes(stop)) ?? same[0] ?? beside.at(-1) ?? now[index] ?? now.at(-1);
    (document.getElementById(was.id) ?? again)?.focus({ preventScroll: true });
  };
}

/** In which line of links that turn pages a stop stands, or -1: at an end it is no link any more.
 * @param {Element} stop @param {Element} region */
function lineOf(stop, region) {
  const line = stop.closest(".turn");
  return line ? [...region.querySelectorAll(".turn")].indexOf(line) : -1;
}

/** Before regions are replaced: how to unfold again what is unfolded now.
 * @returns {() => void} */
export function rememberUnfolded() {
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  };
}
