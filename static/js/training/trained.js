/** What was trained in this tab, as points of a curve that was not measured in advance. */

import { byId } from "../page/dom.js";
import { numberIn, textIn, withChanges } from "../page/query.js";
import { savedInTab, saveInTab } from "../page/storage.js";
import { placeOf, written } from "./points.js";
import { isTrained, trainingIn } from "./state.js";
import { appendTo } from "./svg.js";

const NAME = "trained"; // under which the tab stores them

/** The accuracies or errors of trainings that differ only in num_units, by num_units: on what they were trained on, and of the test.
 * @typedef {Record<string, [train: number, test: number]>} Points */

/** What trainings have in common. @param {string} state */
const kindOf = (state) => withChanges(trainingIn(state), { num_units: 1, trained: "true" });

/** @returns {Record<string, Points>} by kind */
function all() {
  return JSON.parse(savedInTab(NAME) ?? "{}");
}

/** Remember the result that the page shows, and draw what is remembered into a curve.
 * @param {string} state */
export function showTrained(state) {
  const { train, test } = /** @type {HTMLElement | null} */ (document.querySelector("#selected .epoch-table"))?.dataset ?? {};
  if (isTrained(state) && test) remember(kindOf(state), Number(numberIn(state, "num_units")), [Number(train), Number(test)]);
  const axis = /** @type {SVGElement | null} */ (byId("pictures").querySelector(".size-axis"));
  if (axis && textIn(state, "view") === "training" && !axis.querySelector(".trained-points")) draw(axis, all()[kindOf(state)] ?? {});
}

/** @param {string} kind @param {number} units @param {[number, number]} measured */
function remember(kind, units, measured) {
  const known = all();
  saveInTab(NAME, JSON.stringify({ ...known, [kind]: { ...known[kind], [units]: measured } }));
}

/** A ring for each num_units, with its number, and a dash for what it was trained on.
 * @param {SVGElement} axis @param {Points} points */
function draw(axis, points) {
  const rectangle = /** @type {SVGElement} */ (axis.querySelector("rect"));
  const { plot, factor, before, largest } = rectangle.dataset;
  if (!plot) return; // the curve has points that were measured
  const [x, width] = [Number(rectangle.getAttribute("x")), Number(rectangle.getAttribute("width"))];
  const at = (/** @type {number} */ units) => x + width * (Number(before) + (1 - 2 * Number(before)) * Math.min(1, Math.log(units) / Math.log(Number(largest))));
  const height = (/** @type {number} */ value) => placeOf(JSON.parse(plot), Number(factor) * value);
  const group = appendTo(axis, "g", { class: "trained-points" });
  for (const [units, [train, test]] of Object.entries(points)) {
    const [cx, high, cy] = [at(Number(units)), height(train), height(test)];
    appendTo(group, "line", { x1: cx - 7, x2: cx + 7, y1: high, y2: high });
    appendTo(group, "circle", { cx, cy, r: 3.5 });
    appendTo(group, "text", { x: cx, y: cy - 10 }).textContent = written(test, Number(factor));
  }
}
