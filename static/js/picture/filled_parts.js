/**
 * The parts of the page whose texts contain sizes: while a size is changed they get the texts of the server's HTML for that size
 * (app/web/pages/pages_for_other_sizes/parts_filled_in_browser.py). Links stay those of the page.
 */

import { filling, Template } from "./template.js";
import { numbersIn, validFor } from "./template_of_query.js";

/** @typedef {import("./template.js").TemplateDocument} TemplateDocument */

/** A text or an attribute of a part: its number, the name of the attribute, and what is written there.
 * @typedef {{index: number, name: string, write: () => string}} SizedText */

/** The texts and the elements of a part, in their order. @typedef {[Text[], Element[]]} Nodes */

/** The most templates of a part that are held. */
const MOST = 20;

/** Parts with small pictures, whose templates are valid for few sizes: they are not requested in advance for each. */
const PICTURES = ["explanation", "kernels", "map"];

/** A part of the page, by its id, for all sizes for which its conditions hold. */
class SizedPart {
  /** @param {string} id @param {TemplateDocument} document whose figure is its HTML */
  constructor(id, document) {
    this.id = id;
    this.template = new Template({ ...document, figure: null });
    /** @type {SizedText[]} */
    this.sized = [];
    /** @type {number[]} */
    const used = [];
    const add = (/** @type {number} */ index, /** @type {string} */ name, /** @type {string} */ text) =>
      this.sized.push({ index, name, write: filling(text, this.template, used) ?? (() => text) });
    const [texts, elements] = nodesIn(Object.assign(globalThis.document.createElement("template"), { innerHTML: document.figure }).content);
    texts.forEach((text, k) => add(k, "", text.data));
    elements.forEach((element, k) => {
      for (const { name, value } of element.attributes) if (name !== "href") add(k, name, value);
    });
    this.template.used = this.template.needed(used);
    this.counts = [texts.length, elements.length];
  }

  /** Whether the page has the same elements.
   * @param {Nodes} nodes */
  fits(nodes) {
    return nodes.every(({ length }, k) => length === this.counts[k]);
  }

  /** @param {Record<string, number>} sizes @param {Nodes} nodes */
  write(sizes, [texts, elements]) {
    this.template.compute(this.template.used, sizes);
    for (const { index, name, write } of this.sized) {
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
}

/** All parts of one page. */
export class FilledParts {
  constructor() {
    /** The templates of each part, by its id. @type {Map<string, SizedPart[]>} */
    this.parts = new Map();
    /** The ids of the parts in the window. */
    this.visible = new Set();
    /** The parts that were outside of it when sizes were written. @type {SizedPart[]} */
    this.left = [];
    /** The nodes of parts, until elements are inserted or removed. @type {Map<string, Nodes>} */
    this.nodes = new Map();
    this.changes = new MutationObserver(() => this.nodes.clear());
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? this.visible.add(target.id) : this.visible.delete(target.id);
    });
  }

  /** Add the templates of a response, unless these sizes have some.
   * @param {{parts: Record<string, TemplateDocument>, sizes: Record<string, number>, sliders: string[]}} response @param {string} query */
  add({ parts, sizes, sliders }, query) {
    const isNew = Object.keys(parts).some((id) => !this.parts.has(id));
    for (const [id, part] of Object.entries(parts)) {
      const found = this.parts.get(id) ?? [];
      if (!this.partFor(found, query)) this.parts.set(id, [new SizedPart(id, { ...part, sizes, sliders }), ...found.slice(0, MOST - 1)]);
    }
    if (isNew) this.observe();
  }

  /** Follow which parts are in the window: once more after elements of the page were replaced. */
  observe() {
    this.close();
    this.nodes.clear();
    for (const id of this.parts.keys()) {
      const root = document.getElementById(id);
      if (!root) continue;
      this.observer.observe(root);
      this.changes.observe(root, { childList: true, subtree: true });
      this.nodesOf(id); // now, and not in a frame
    }
  }

  /** These parts are written no more. */
  close() {
    this.observer.disconnect();
    this.changes.disconnect();
  }

  /** The nodes of a part on the page.
   * @param {string} id */
  nodesOf(id) {
    if (this.changes.takeRecords().length) this.nodes.clear();
    const root = document.getElementById(id);
    const nodes = this.nodes.get(id) ?? (root ? nodesIn(root) : [[], []]);
    this.nodes.set(id, nodes);
    return nodes;
  }

  /** @param {SizedPart[]} parts @param {string} query */
  partFor(parts, query) {
    const template = validFor(parts.map((part) => part.template), query);
    return parts.find((part) => part.template === template);
  }

  /** Whether there are templates for a query.
   * @param {string} query */
  covers(query) {
    return this.parts.size > 0 && [...this.parts].every(([id, parts]) => PICTURES.includes(id) || this.partFor(parts, query));
  }

  /** Write the sizes of a query into the parts in the window.
   * @param {string} query
   * @returns {string[]} the ids of the parts that show these sizes, also outside of the window */
  show(query) {
    const found = [...this.parts.values()].map((parts) => this.partFor(parts, query)).filter((part) => part?.fits(this.nodesOf(part.id)));
    const parts = /** @type {SizedPart[]} */ (found);
    this.left = parts.filter(({ id }) => !this.visible.has(id));
    for (const part of parts) if (this.visible.has(part.id)) part.write(numbersIn(query, part.template.sliders), this.nodesOf(part.id));
    return parts.map(({ id }) => id);
  }

  /** Write the sizes of the same query into the parts that were outside of the window.
   * @param {string} query */
  showRest(query) {
    for (const part of this.left) {
      const nodes = this.nodesOf(part.id);
      if (part.fits(nodes)) part.write(numbersIn(query, part.template.sliders), nodes);
    }
  }
}

/** The texts and the elements below a node, in their order, without the space around elements.
 * @param {Node} root
 * @returns {Nodes} */
function nodesIn(root) {
  /** @type {Nodes} */
  const found = [[], []];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) found[1].push(node);
    else if (/\S/.test(/** @type {Text} */ (node).data)) found[0].push(/** @type {Text} */ (node));
  }
  return found;
}
