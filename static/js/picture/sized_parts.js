/**
 * The parts of the page whose texts contain sizes: while a size is changed they get the texts of the server's HTML for that size
 * (app/web/pages/sized_parts.py). Links stay those of the page.
 */

import { Template, filling } from "./template.js";

/** A text or an attribute of a part: its number, the name of the attribute, and what is written there.
 * @typedef {{index: number, name: string, write: () => string}} SizedText */

/** A part of the page, with its numbers of texts and elements.
 * @typedef {{id: string, texts: number, elements: number, sized: SizedText[]}} Part */

export class SizedParts {
  /** @param {import("./template.js").TemplateDocument} document whose figure has the HTML of each part by its id
   * @param {number | null} t the step in focus */
  constructor(document, t) {
    this.t = t;
    this.template = new Template(document);
    this.sliders = this.template.sliders;
    /** @type {number[]} */
    const used = [];
    /** @type {Part[]} */
    this.parts = Object.entries(document.figure).map(([id, html]) => ({ id, ...this.textsIn(String(html), used) }));
    this.template.used = this.template.needed(used);
    /** The ids of the parts in the window. */
    this.visible = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? this.visible.add(target.id) : this.visible.delete(target.id);
    });
    for (const { id } of this.parts) {
      const part = globalThis.document.getElementById(id);
      if (part) observer.observe(part);
    }
  }

  /** @param {Record<string, number>} sizes */
  isValid(sizes) {
    return this.template.isValid(sizes);
  }

  /** Write the texts for other sizes into the parts in the window.
   * @param {Record<string, number>} sizes
   * @returns {string[]} the ids of the parts that show these sizes, also outside of the window */
  show(sizes) {
    this.template.compute(this.template.used, sizes);
    const parts = this.parts.filter(fitsPage);
    for (const part of parts) if (this.visible.has(part.id)) writePart(part);
    return parts.map(({ id }) => id);
  }

  /** Write the texts for other sizes into the parts outside of the window.
   * @param {Record<string, number>} sizes */
  showRest(sizes) {
    this.template.compute(this.template.used, sizes); // the template may have been compared with others since
    for (const part of this.parts) if (!this.visible.has(part.id) && fitsPage(part)) writePart(part);
  }

  /** Every text and attribute of a part's HTML, for other sizes.
   * @param {string} html @param {number[]} used */
  textsIn(html, used) {
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    const [texts, elements] = nodesIn(content);
    /** @type {SizedText[]} */
    const sized = [];
    const add = (/** @type {number} */ index, /** @type {string} */ name, /** @type {string} */ text) =>
      sized.push({ index, name, write: filling(text, this.template, used) ?? (() => text) });
    texts.forEach((text, k) => add(k, "", text.data));
    elements.forEach((element, k) => {
      for (const { name, value } of element.attributes) if (name !== "href") add(k, name, value);
    });
    return { texts: texts.length, elements: elements.length, sized };
  }
}

/** Whether the page has the same elements in a part.
 * @param {Part} part */
function fitsPage({ id, texts, elements }) {
  const root = document.getElementById(id);
  if (!root) return false;
  const [ownTexts, ownElements] = nodesIn(root);
  return ownTexts.length === texts && ownElements.length === elements;
}

/** @param {Part} part */
function writePart({ id, sized }) {
  const [texts, elements] = nodesIn(/** @type {HTMLElement} */ (document.getElementById(id)));
  for (const { index, name, write } of sized) {
    const text = write();
    if (!name) {
      const node = /** @type {Text} */ (texts[index]);
      if (node.data !== text) node.data = text;
    } else {
      const element = /** @type {Element} */ (elements[index]);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
}

/** The texts and the elements below a node, in their order, without the space around elements.
 * @param {Node} root
 * @returns {[Text[], Element[]]} */
function nodesIn(root) {
  /** @type {[Text[], Element[]]} */
  const found = [[], []];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) found[1].push(node);
    else if (/\S/.test(/** @type {Text} */ (node).data)) found[0].push(/** @type {Text} */ (node));
  }
  return found;
}
