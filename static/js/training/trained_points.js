/** What was trained in this tab, as points of a curve that was not measured in advance. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrase.js";
import { numberIn, textIn, withChanges } from "../page/query.js";
import { savedInTab, saveInTab } from "../page/storage.js";
import { placeOf, written } from "./epoch_places.js";
import { isTrained, trainingIn } from "./state.js";
import { appendTo } from "./svg.js";

const NAME = "trained"; // under which the tab stores them
const ROOM = 60; // beside a place, for a number
const RIGHT = 14; // from the plot to the names at its right, if there is room for them
const BELOW = 48; // from the axis to its name, if there is not

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
  if (axis && textIn(state, "view") === "training" && !axis.querySelector(".trained-points")) draw(axis, all()[kindOf(state)] ?? {}, Number(numberIn(state, "num_units")));
}

/** @param {string} kind @param {number} units @param {[number, number]} measured */
function remember(kind, units, measured) {
  const known = all();
  saveInTab(NAME, JSON.stringify({ ...known, [kind]: { ...known[kind], [units]: measured } }));
}

/** A ring for each num_units, with its number, and a dash for what it was trained on; and what the rings are. Beside the line of the
 * present num_units, the words of the picture are at the other side than the number of its ring.
 * @param {SVGElement} axis @param {Points} points @param {number} present */
function draw(axis, points, present) {
  const rectangle = /** @type {SVGElement} */ (axis.querySelector("rect"));
  const { plot, factor, before, largest } = rectangle.dataset;
  if (!plot) return; // the curve has points that were measured
  const [x, width] = [Number(rectangle.getAttribute("x")), Number(rectangle.getAttribute("width"))];
  const at = (/** @type {number} */ units) => x + width * (Number(before) + (1 - 2 * Number(before)) * Math.min(1, Math.log(units) / Math.log(Number(largest))));
  /** @type {import("./epoch_places.js").LivePlot} */
  const edges = JSON.parse(plot);
  const [left, , right, bottom] = edges;
  const height = (/** @type {number} */ value) => placeOf(edges, Number(factor) * value);
  const end = /** @type {SVGSVGElement} */ (axis).viewBox.baseVal.width;
  const group = appendTo(axis, "g", { class: "trained-points" });
  const ring = (/** @type {number} */ cx, /** @type {number} */ cy) => appendTo(group, "circle", { cx, cy, r: 3.5 });
  const text = (/** @type {string} */ content, /** @type {number} */ x, /** @type {number} */ y, anchor = "middle") =>
    (appendTo(group, "text", { x, y, "text-anchor": anchor }).textContent = content);
  for (const [units, [train, test]] of Object.entries(points)) {
    const [cx, high, cy] = [at(Number(units)), height(train), height(test)];
    appendTo(group, "line", { x1: cx - 7, x2: cx + 7, y1: high, y2: high });
    ring(cx, cy);
    const value = written(test, Number(factor));
    if (Number(units) !== present) text(value, cx, cy - 10);
    else if (end - cx < ROOM) text(value, end - 2, cy + 18, "end");
    else if (cx - left < ROOM) text(value, cx + 9, cy + 4, "start");
    else text(value, cx - 9, cy + 4, "end");
  }
  if (!Object.keys(points).length) return;
  const [place, y, anchor] = end - right > ROOM ? [right + RIGHT, bottom, "start"] : [right, bottom + BELOW, "end"];
  ring(place, y - 4);
  text(phrase("trainingYours"), place + (anchor === "start" ? 10 : -10), y, anchor);
}
