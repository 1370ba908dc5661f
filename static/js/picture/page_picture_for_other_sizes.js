/** The server's picture in the page, with the links over Plotly's, for other sizes: app/web/pages/pages_for_other_sizes/parts_filled_in_browser.py. */

import { Template } from "./template.js";
import { numbersIn } from "./template_of_query.js";

/** @typedef {import("./template.js").TemplateDocument} TemplateDocument */

export class PagePicture {
  /** @param {TemplateDocument & {page: {html: string, conditions: [number, boolean][]}}} document */
  constructor({ page: { html, conditions }, ...document }) {
    this.template = new Template({ ...document, figure: html, conditions });
  }

  /** The picture for the sizes of a query in place of another one, whose links lead where they do and are marked as they are. Null if
   * it is not valid for these sizes, or has other links.
   * @param {string} query @param {HTMLElement} before
   * @returns {DocumentFragment | null} */
  drawn(query, before) {
    const html = this.template.figure(numbersIn(query, this.template.sliders));
    if (html === null) return null;
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    const [links, linksBefore] = [linksIn(content), linksIn(before)];
    if (namesOf(links) !== namesOf(linksBefore)) return null;
    for (const [k, link] of links.entries()) {
      for (const name of ["href", "class"]) link.setAttribute(name, linksBefore[k]?.getAttribute(name) ?? "");
    }
    return content;
  }
}

/** @param {ParentNode} root @returns {SVGElement[]} */
const linksIn = (root) => [...root.querySelectorAll(".hits a")].map((link) => /** @type {SVGElement} */ (link));

/** What links lead to, whatever the sizes are.
 * @param {SVGElement[]} links */
const namesOf = (links) => links.map(({ dataset }) => Object.values(dataset).join()).join(" ");
