/** Elements of SVG. */

/** Create an element at the end of another one of SVG.
 * @param {SVGElement} parent @param {string} name @param {Record<string, string | number>} attributes
 * @returns {SVGElement} */
export function appendTo(parent, name, attributes = {}) {
  const element = /** @type {SVGElement} */ (document.createElementNS(parent.namespaceURI, name));
  parent.append(change(element, attributes));
  return element;
}

/** @template {Element} E @param {E} element @param {Record<string, string | number>} attributes */
export function change(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
