/** The link in the Share menu while a training runs: that of its result. The server renders it for the state that the page shows. */

import { byId } from "../page/dom.js";

/** Show a link, with its QR code; or that it is too long for one.
 * @param {string} link */
export function showLink(link) {
  const { search } = new URL(link);
  const content = byId("share-content");
  /** @type {HTMLElement} */ (content.querySelector(".link")).textContent = link;
  const code = /** @type {HTMLElement | null} */ (content.querySelector(".code"));
  if (!code) return; // that of the page itself is too long
  const tooLong = /** @type {HTMLElement | null} */ (/** @type {HTMLTemplateElement | null} */ (document.getElementById("live"))?.content.getElementById("live-no-code"));
  content.querySelector("#live-no-code")?.remove();
  code.hidden = link.length > Number(tooLong?.dataset.longest);
  if (code.hidden && tooLong) return code.after(tooLong.cloneNode(true));
  for (const element of code.querySelectorAll("a, img")) {
    const name = element.matches("a") ? "href" : "src";
    element.setAttribute(name, codeOf(/** @type {string} */ (element.getAttribute(name)), search));
  }
}

/** The path of the QR code of another state of the same page.
 * @param {string} code the path of a code, which names the page unless it is the main one @param {string} search */
export function codeOf(code, search) {
  const [file, query] = code.split("?");
  const page = new URLSearchParams(query).get("path");
  return file + (page ? `?path=${encodeURIComponent(page)}${search.replace("?", "&")}` : search);
}
