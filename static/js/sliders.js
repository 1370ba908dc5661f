/** Sliders rest on the stops that the server lists for each field; the number beside each can be anything between. */

import { fieldOf, nearestStop } from "./query.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("controls"));

/** The number field that a slider belongs to.
 * @param {HTMLInputElement} range */
function numberOf(range) {
  return /** @type {HTMLInputElement} */ (document.getElementById(range.dataset.for ?? ""));
}

/** @param {HTMLInputElement} range */
function stopsOf(range) {
  return fieldOf(range.dataset.for ?? "").stops ?? [];
}

/** @returns {NodeListOf<HTMLInputElement>} */
export const ranges = () => form.querySelectorAll("input[type=range]");

/** Numbers and sliders as the state has them.
 * @param {Document} page
 * @param {HTMLInputElement | null} unfinished a field that is to be left alone */
export function fillControls(page, unfinished) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=number]"))) {
    const fresh = /** @type {HTMLInputElement} */ (page.getElementById(input.id));
    const value = fresh.getAttribute("value") ?? "";
    input.max = fresh.max; // that of t depends on time_step
    if (input !== unfinished && (input.value === "" || Number(input.value) !== Number(value))) input.value = value;
  }
  for (const range of ranges()) if (numberOf(range) !== unfinished) placeSlider(range);
}

/** Put a slider where its number is.
 * @param {HTMLInputElement} range */
export function placeSlider(range) {
  const value = Number(numberOf(range).value);
  if (stopsOf(range)[Number(range.value)] !== value) range.value = String(nearestStop(stopsOf(range), value));
  describeSlider(range, String(value));
}

/** What a slider says to a screen reader, and how far its track is filled.
 * @param {HTMLInputElement} range @param {string} value */
function describeSlider(range, value) {
  range.setAttribute("aria-valuetext", value);
  range.style.setProperty("--filled", `${(100 * Number(range.value)) / Number(range.max)}%`);
}

/** Write the number on which a slider rests into its field.
 * @param {HTMLInputElement} range
 * @returns {string} the number */
export function readSlider(range) {
  const value = String(stopsOf(range)[Number(range.value)]);
  numberOf(range).value = value;
  describeSlider(range, value);
  return value;
}
