/** Links of the page: those that the server shortened, and those that stay on the page. */

import { escaped } from "./query.js";

/** Put a long text into the links that leave it out, since hundreds of them would repeat it: see app/web/pages/long_links.py.
 * @param {Document} page */
export function completeLinks(page) {
  const state = new URLSearchParams(page.getElementById("steps")?.dataset.query);
  for (const link of /** @type {NodeListOf<HTMLElement | SVGElement>} */ (page.querySelectorAll("[data-link]"))) {
    const complete = link.dataset.link?.replace(/[?&](text|title)=(?=&|$)/g, (start, name) => start + escaped(state.get(name) ?? ""));
    link.setAttribute("href", complete ?? "");
    link.removeAttribute("data-link");
  }
}

/** Follow links into the picture, the table and the choices without leaving the page. A press on a row of the table
 * follows its link.
 * @param {string} path of the page @param {(search: string, isRow: boolean) => void} follow */
export function followLinks(path, follow) {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const row = getSelection()?.isCollapsed ? target.closest("#table tr") : null; // words of it may be copied
    const link = target.closest("a") ?? row?.querySelector("a");
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!link || modified || !link.closest("main, .header h1")) return;
    if (link.hash || link.closest(".full-load")) return; // a place on the page; a page with other controls
    const url = new URL(link.getAttribute("href") ?? "", location.href);
    if (url.origin !== location.origin || url.pathname !== path) return;
    event.preventDefault();
    follow(url.search, row !== null);
  });
}
