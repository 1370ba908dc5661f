/**
 * Sliders rest on the stops that the server lists for each field; the number beside each can be anything between. A
 * track is logarithmic, so that small numbers have room; the keys go from stop to stop.
 */

import { fieldOf, nearestStop } from "../page/query.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("controls"));

/** How many stops a key moves a slider. @type {Record<string, number>} */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** The number field that a slider belongs to.
 * @param {HTMLInputElement} range */
function numberOf(range) {
  return /** @type {HTMLInputElement} */ (document.getElementById(range.dataset.for ?? ""));
}

/** @param {HTMLInputElement} range */
function stopsOf(range) {
  return fieldOf(range.dataset.for ?? "").stops ?? [];
}

/** Where on its track a slider stands for a number.
 * @param {HTMLInputElement} range @param {number} value */
function placeOf(range, value) {
  const { min, max } = numberOf(range);
  return Math.round((Number(range.max) * Math.log(value / Number(min))) / Math.log(Number(max) / Number(min)));
}

/** @returns {NodeListOf<HTMLInputElement>} */
export const ranges = () => form.querySelectorAll("input[type=range]");

/** Numbers, sliders and what they are called as the state has them.
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
  for (const label of form.querySelectorAll(".sliders label")) {
    const fresh = page.querySelector(`label[for="${label.getAttribute("for")}"]`);
    if (fresh && label.innerHTML !== fresh.innerHTML) label.replaceChildren(...fresh.childNodes);
  }
  for (const range of ranges()) {
    const fresh = page.querySelector(`input[data-for="${range.dataset.for}"]`);
    range.setAttribute("aria-label", fresh?.getAttribute("aria-label") ?? "");
  }
}

/** Put a slider where its number is, unless it stands for that number already.
 * @param {HTMLInputElement} range */
export function placeSlider(range) {
  const value = Number(numberOf(range).value);
  range.disabled = numberOf(range).readOnly; // an assignment may lock it
  if (valueOf(range) !== value) range.value = String(placeOf(range, value));
  describeSlider(range, String(value));
}

/** The stop that is nearest to where a slider stands.
 * @param {HTMLInputElement} range */
function valueOf(range) {
  const { min, max } = numberOf(range);
  const value = Number(min) * (Number(max) / Number(min)) ** (Number(range.value) / Number(range.max));
  const stops = stopsOf(range);
  return stops[nearestStop(stops, value)] ?? Number(min);
}

/** What a slider says to a screen reader, and how far its track is filled.
 * @param {HTMLInputElement} range @param {string} value */
function describeSlider(range, value) {
  range.setAttribute("aria-valuetext", value);
  range.style.setProperty("--filled", `${(100 * Number(range.value)) / Number(range.max)}%`);
}

/** Write the number at which a slider stands into its field.
 * @param {HTMLInputElement} range
 * @returns {string} the number */
export function readSlider(range) {
  const value = String(valueOf(range));
  numberOf(range).value = value;
  describeSlider(range, value);
  return value;
}

form.addEventListener("keydown", (event) => {
  const range = /** @type {HTMLInputElement} */ (event.target);
  const by = KEYS[event.key];
  if (range.type !== "range" || !by || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const stops = stopsOf(range);
  const value = Number(numberOf(range).value);
  const here = nearestStop(stops, value);
  // from between two stops to the next one on that side
  const passed = (stops[here] ?? value) * Math.sign(by) > value * Math.sign(by) ? by - Math.sign(by) : by;
  const next = stops[Math.max(0, Math.min(stops.length - 1, here + passed))];
  range.value = String(placeOf(range, next ?? value));
  range.dispatchEvent(new Event("input", { bubbles: true }));
});
