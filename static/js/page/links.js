/** Links that a page of a long text has without the text, since hundreds of them would repeat it: see app/web/pages/long_links.py. */

import { escaped } from "./query.js";

/** The links of a page become complete.
 * @param {Document} page */
export function completeLinks(page) {
  const state = new URLSearchParams(page.getElementById("steps")?.dataset.query);
  for (const link of /** @type {NodeListOf<HTMLElement | SVGElement>} */ (page.querySelectorAll("[data-link]"))) {
    const complete = link.dataset.link?.replace(/[?&](text|title)=(?=&|$)/g, (start, name) => start + escaped(state.get(name) ?? ""));
    link.setAttribute("href", complete ?? "");
    link.removeAttribute("data-link");
  }
}
