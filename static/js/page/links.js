/** Links of the page: completes those that the server shortened, and follows those to other states without a reload. */

import { escaped, withSizesOf } from "./query.js";

/** Insert a long text into the links that leave it out to keep the page small: see app/web/pages/long_links.py.
 * @param {Document} page */
export function completeLinks(page) {
  const state = new URLSearchParams(page.getElementById("steps")?.dataset.query);
  for (const link of /** @type {NodeListOf<HTMLElement | SVGElement>} */ (page.querySelectorAll("[data-link]"))) {
    const complete = link.dataset.link?.replace(/[?&](text|title|equations|model|beside)=(?=&|$)/g, (start, name) => start + escaped(state.get(name) ?? ""));
    link.setAttribute("href", complete ?? "");
    link.removeAttribute("data-link");
  }
}

/** Let the links of a part lead to a state with other sizes. Related questions have sizes of their own.
 * @param {HTMLElement} part @param {string} path of the page
 * @param {string} before the state of the links @param {string} now the state with other sizes */
export function resizeLinks(part, path, before, now) {
  if (part.id === "related-questions") return;
  for (const link of part.querySelectorAll("a[href]")) {
    const href = /** @type {string} */ (link.getAttribute("href"));
    const { pathname, search, hash } = new URL(href, location.href);
    if (hash || (pathname !== path && !link.closest(".downloads, .to-equations"))) continue;
    const query = withSizesOf(search, before, now);
    link.setAttribute("href", href.replace(/\?.*|$/, query)); // a link without a query leads to the default state
  }
}

/** Whether a click opens a link elsewhere, for example in another tab.
 * @param {MouseEvent} event */
export const isModified = ({ ctrlKey, metaKey, shiftKey, button }) => ctrlKey || metaKey || shiftKey || button !== 0;

/** Follow links to other states of the page without a reload. A click on a row of the table follows the link in it.
 * @param {string} path of the page @param {(search: string, isRow: boolean) => void} follow */
export function followLinks(path, follow) {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const row = getSelection()?.isCollapsed ? target.closest("#table tr") : null; // a click that selects text is no click on the row
    const link = target.closest("a") ?? row?.querySelector("a");
    if (!link || isModified(event) || !link.closest("main, .header h1")) return;
    const url = new URL(link.getAttribute("href") ?? "", location.href);
    if (url.hash || url.origin !== location.origin || url.pathname !== path) return;
    event.preventDefault();
    follow(url.search, row !== null);
  });
}
