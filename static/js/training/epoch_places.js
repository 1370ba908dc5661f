/** Where the epochs of a training are in its picture. The server draws the axes: see app/web/pages/parts/training_panel.py. */

import { percentage, twoDigits } from "../page/numbers.js";

/** The edges of a plot, and the values at its lower and upper edge.
 * @typedef {[left: number, top: number, right: number, bottom: number, low: number, high: number]} LivePlot */

/** The points of the epochs so far, for a polyline. A value outside of the scale is at its edge.
 * @param {LivePlot} plot @param {number} total the number of all epochs @param {number[]} values one for each epoch
 * @returns {string} */
export function pointsOf(plot, total, values) {
  const [left, , right] = plot;
  return values.map((value, k) => `${round(left + ((k + 1) / total) * (right - left))},${placeOf(plot, value)}`).join(" ");
}

/** The last of some points. @param {string} points @returns {[number, number]} */
export function lastOf(points) {
  const [x = 0, y = 0] = points.slice(points.lastIndexOf(" ") + 1).split(",").map(Number);
  return [x, y];
}

/** The height of a value in a plot. @param {LivePlot} plot @param {number} value */
export function placeOf([, top, , bottom, low, high], value) {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return round(bottom - share * (bottom - top));
}

/** @param {number} place */
const round = (place) => Math.round(10 * place) / 10;

/** A value as the page writes it: a share in percent, or an error.
 * @param {number} value @param {number} factor by which it is multiplied; 1 for an error */
export function written(value, factor) {
  return factor === 1 ? twoDigits(value) : percentage(value);
}
