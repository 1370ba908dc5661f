/** What a tip says about a tensor: copies of cells of the table. */

import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrase.js";

/** The lines of a tip, from the row of a tensor. The row describes the step of the page; at another step only name, shape and axes
 * apply.
 * @param {Element} row @param {string | null | undefined} otherStep
 * @returns {(string | HTMLElement)[]} */
export function tipLines(row, otherStep) {
  const name = lineOf(row, "name");
  if (document.querySelector(".picture")?.hasAttribute("data-hides-shapes")) return [name]; // the reader is to find the shape
  const [shape, axes] = [lineOf(row, "shape"), lineOf(row, "axes")];
  if (otherStep) return [name, shape, axes, phrase("step", { t: grouped(otherStep) })];
  const usedBy = lineOf(row, "used-by");
  if (usedBy) usedBy.prepend(`${phrase("usedBy")} `);
  return [name, shape, axes, lineOf(row, "made-by"), usedBy];
}

/** A copy of the content of a cell of the table, or nothing if it is empty.
 * @param {Element} row @param {string} column */
function lineOf(row, column) {
  const cell = row.querySelector(`[data-cell="${column}"]`);
  if (!cell?.textContent) return "";
  const line = document.createElement("span");
  line.className = cell.className;
  line.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
  return line;
}
