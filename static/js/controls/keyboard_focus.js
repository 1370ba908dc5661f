/** Keep the focus and open <details> elements when regions of the page are replaced. */

import { uncovered } from "../page/dom.js";

const STOPS = 'a:not([tabindex]), button, summary, [tabindex="0"]';

/** Call this before a region is replaced. The returned function focuses the same element again, or the one that took its place.
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
  const label = was.getAttribute("aria-label"); // distinguishes the links of a tensor by sample, and those of a pager
  const pager = pagerOf(was, region);
  const text = was.textContent; // the links of other choices may come or go
  const wasVisible = isWhollyVisible(was);
  const refocus = () => {
    if (was.isConnected) return;
    const now = stops();
    const named = now.filter((stop) => label && stop.getAttribute("aria-label") === label);
    const same = now.filter((stop) => tensor && stop.dataset.tensor === tensor);
    const beside = pager < 0 ? [] : now.filter((stop) => pagerOf(stop, region) === pager);
    const alike = now.filter((stop) => stop.textContent === text);
    const again = named.find((stop) => !tensor || same.includes(stop)) ?? same[0] ?? beside.at(-1) ?? (alike.length === 1 ? alike[0] : null);
    (document.getElementById(was.id) ?? again ?? now[index] ?? now.at(-1))?.focus({ preventScroll: true });
  };
  return () => {
    refocus();
    const now = document.activeElement;
    if (wasVisible && now?.closest("[data-live]") && !isWhollyVisible(now)) now.scrollIntoView({ block: "nearest" }); // a new picture may be higher
  };
}

/** Whether nothing covers any part of an element.
 * @param {Element} element */
function isWhollyVisible(element) {
  const [{ top, bottom }, area] = [element.getBoundingClientRect(), uncovered()];
  return top >= area.top && bottom <= area.bottom;
}

/** The index of the pager that contains a stop, or -1. At an end of a pager its link disappears.
 * @param {Element} stop @param {Element} region */
function pagerOf(stop, region) {
  const pager = stop.closest(".pager");
  return pager ? [...region.querySelectorAll(".pager")].indexOf(pager) : -1;
}

/** Call this before regions are replaced. The returned function opens the same <details> elements again.
 * @returns {() => void} */
export function rememberOpenDetails() {
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  };
}
