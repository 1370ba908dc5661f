/**
 * The parts of the page that follow a size while it is dragged: texts get other numbers, as in the server's HTML for these sizes
 * (app/web/pages/followers.py). Links stay those of the page.
 */

import { Template, filling } from "./template.js";

/** A text or an attribute of a part, and what is written there. @typedef {{index: number, name: string, write: () => string}} Follower */

export class Followers {
  /** @param {import("./template.js").TemplateDocument} document whose figure has the HTML of each part by its id */
  constructor(document) {
    this.template = new Template(document);
    /** @type {number[]} */
    const used = [];
    /** @type {{id: string, texts: number, elements: number, followers: Follower[]}[]} */
    this.parts = Object.entries(document.figure).map(([id, html]) => ({ id, ...this.followersIn(String(html), used) }));
    this.template.used = this.template.needed(used);
  }

  /** Write the numbers of other sizes into the parts.
   * @param {Record<string, number>} sizes
   * @returns {string[]} the ids of the parts that show them now */
  show(sizes) {
    if (!this.template.isValid(sizes)) return [];
    this.template.compute(this.template.used, sizes);
    return this.parts.filter((part) => showPart(part)).map(({ id }) => id);
  }

  /** Every text and attribute of a part's HTML, for other sizes.
   * @param {string} html @param {number[]} used */
  followersIn(html, used) {
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    const [texts, elements] = nodesIn(content);
    /** @type {Follower[]} */
    const followers = [];
    const add = (/** @type {number} */ index, /** @type {string} */ name, /** @type {string} */ text) =>
      followers.push({ index, name, write: filling(text, this.template, used) ?? (() => text) });
    texts.forEach((text, k) => add(k, "", text.data));
    elements.forEach((element, k) => {
      for (const { name, value } of element.attributes) if (name !== "href") add(k, name, value);
    });
    return { texts: texts.length, elements: elements.length, followers };
  }
}

/** Write a part, unless the page has other elements there.
 * @param {{id: string, texts: number, elements: number, followers: Follower[]}} part */
function showPart({ id, texts, elements, followers }) {
  const root = document.getElementById(id);
  const [ownTexts, ownElements] = root ? nodesIn(root) : [[], []];
  if (ownTexts.length !== texts || ownElements.length !== elements) return false;
  for (const { index, name, write } of followers) {
    const text = write();
    if (!name) {
      const node = /** @type {Text} */ (ownTexts[index]);
      if (node.data !== text) node.data = text;
    } else {
      const element = /** @type {Element} */ (ownElements[index]);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
  return true;
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
