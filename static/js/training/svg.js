/** Elements of SVG. */

/** @param {string} name @param {Record<string, string | number>} attributes */
export function element(name, attributes) {
  return change(document.createElementNS("http://www.w3.org/2000/svg", name), attributes);
}

/** @template {Element} E @param {E} element @param {Record<string, string | number>} attributes */
export function change(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
