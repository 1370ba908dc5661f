/**
 * Sliders snap to the stops that the server lists for each field (app/url_state/slider_stops.py); the field beside a slider accepts
 * every number in its range. A track is logarithmic, so that small numbers have room. Keys move a slider from stop to stop.
 */

import { byId } from "../page/dom.js";
import { fieldOf } from "../page/query.js";

/** The number of stops by which a key moves a slider. @type {Record<string, number>} */
export const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * The values at the two ends of a track, and its number of positions.
 *
 * @typedef {{min: number, max: number, places: number}} Track
 */

/** The position of a value on a track.
 * @param {Track} track @param {number} value */
export function placeOf({ min, max, places }, value) {
  return Math.round((places * Math.log(value / min)) / Math.log(max / min));
}

/** The stop nearest to a position on a track.
 * @param {Track} track @param {number[]} stops @param {number} place */
export function stopAt({ min, max, places }, stops, place) {
  const value = min * (max / min) ** (place / places);
  return stops[nearestStop(stops, value)] ?? min;
}

/** The index of the stop nearest to a value: the first of two equally near ones.
 * @param {number[]} stops
 * @param {number} value */
export function nearestStop(stops, value) {
  return stops.reduce((best, stop, k) => (Math.abs(stop - value) < Math.abs((stops[best] ?? 0) - value) ? k : best), 0);
}

/** The stop some stops before or after a value. From between two stops the first move goes to the next one.
 * @param {number[]} stops @param {number} value @param {number} by */
export function stopAfter(stops, value, by) {
  const here = nearestStop(stops, value);
  const passed = (stops[here] ?? value) * Math.sign(by) > value * Math.sign(by) ? by - Math.sign(by) : by;
  return stops[Math.max(0, Math.min(stops.length - 1, here + passed))] ?? value;
}

/** @returns {NodeListOf<HTMLInputElement>} */
export const ranges = () => byId("controls").querySelectorAll("input[type=range]");

/** Show the sliders instead of the button, and let keys move them from stop to stop. */
export function setUpSliders() {
  for (const range of ranges()) {
    range.hidden = false;
    placeSlider(range);
  }
  byId("draw").hidden = true;
  byId("controls").addEventListener("keydown", (event) => {
    const range = /** @type {HTMLInputElement} */ (event.target);
    const by = KEYS[event.key];
    if (range.type !== "range" || !by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    range.value = String(placeOf(trackOf(range), stopAfter(stopsOf(range), Number(numberOf(range).value), by)));
    range.dispatchEvent(new Event("input", { bubbles: true }));
  });
  keepValueWhileScrolling();
}

/** A finger that scrolls the page may start on a slider, which moves at once. Undo that as soon as the browser scrolls. */
function keepValueWhileScrolling() {
  let before = "";
  byId("controls").addEventListener("pointerdown", ({ target }) => {
    const range = /** @type {HTMLInputElement} */ (target);
    if (range.type === "range") before = numberOf(range).value;
  });
  byId("controls").addEventListener("pointercancel", ({ target }) => {
    const range = /** @type {HTMLInputElement} */ (target);
    if (range.type !== "range") return;
    numberOf(range).value = before;
    numberOf(range).dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** The number field of a slider.
 * @param {HTMLInputElement} range */
export function numberOf(range) {
  return /** @type {HTMLInputElement} */ (byId(range.dataset.for ?? ""));
}

/** The track of a slider, which ends at its last stop.
 * @param {HTMLInputElement} range @returns {Track} */
export function trackOf(range) {
  const { min, max } = numberOf(range);
  return { min: Number(min), max: stopsOf(range).at(-1) ?? Number(max), places: Number(range.max) };
}

/** The stops of a slider: those of its field, of which equations, or what can be trained, may rule out some.
 * @param {HTMLInputElement} range @returns {number[]} */
export function stopsOf(range) {
  const { stops } = range.dataset;
  return stops ? stops.split(" ").map(Number) : fieldOf(range.dataset.for ?? "").stops ?? [];
}

/** The value of a slider.
 * @param {HTMLInputElement} range */
function valueOf(range) {
  return stopAt(trackOf(range), stopsOf(range), Number(range.value));
}

/** Copy values, limits and labels of the controls from a new page.
 * @param {Document} page
 * @param {HTMLInputElement | null} unfinished a field that keeps its text */
export function fillControls(page, unfinished) {
  const form = byId("controls");
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=number]"))) {
    const fresh = /** @type {HTMLInputElement | null} */ (page.getElementById(input.id));
    if (!fresh) continue;
    const value = fresh.getAttribute("value") ?? "";
    input.max = fresh.max; // the limit of t depends on time_step
    input.readOnly = fresh.readOnly; // a text or a digit implies features
    if (input !== unfinished && (input.value === "" || Number(input.value) !== Number(value))) input.value = value;
  }
  for (const label of /** @type {NodeListOf<HTMLLabelElement>} */ (form.querySelectorAll("label[for]"))) {
    const fresh = /** @type {HTMLLabelElement | null} */ (page.querySelector(`label[for="${label.htmlFor}"]`));
    if (!fresh) continue;
    if (fresh.dataset.tip) label.dataset.tip = fresh.dataset.tip;
    if (label.innerHTML !== fresh.innerHTML) label.replaceChildren(...fresh.childNodes);
  }
  for (const range of ranges()) {
    const fresh = page.querySelector(`input[data-for="${range.dataset.for}"]`);
    if (!fresh) continue;
    range.setAttribute("aria-label", fresh.getAttribute("aria-label") ?? "");
    keepStops(range, /** @type {HTMLInputElement} */ (fresh));
  }
  for (const range of ranges()) if (numberOf(range) !== unfinished) placeSlider(range);
}

/** Take the stops of the same slider in a new page. @param {HTMLInputElement} range @param {HTMLInputElement} fresh */
export function keepStops(range, fresh) {
  if (fresh.dataset.stops) range.dataset.stops = fresh.dataset.stops;
  else delete range.dataset.stops;
}

/** Move a slider to the value of its field, unless it has that value already.
 * @param {HTMLInputElement} range */
export function placeSlider(range) {
  const value = Number(numberOf(range).value);
  range.disabled = numberOf(range).readOnly; // an assignment can lock it
  if (valueOf(range) !== value) range.value = String(placeOf(trackOf(range), value));
  range.parentElement?.style.setProperty("--place", String(Number(range.value) / Number(range.max))); // for its arrows, which end with a drag
  describeSlider(range, String(value));
}

/** Set the value for screen readers, and for the style sheet its number of digits.
 * @param {HTMLInputElement} range @param {string} value */
function describeSlider(range, value) {
  range.setAttribute("aria-valuetext", value);
  const { style } = numberOf(range);
  const digits = String(value.length);
  if (style.getPropertyValue("--digits") !== digits) style.setProperty("--digits", digits);
}

/** Write the value of a slider into its field.
 * @param {HTMLInputElement} range
 * @returns {string} the value */
export function readSlider(range) {
  const value = String(valueOf(range));
  numberOf(range).value = value;
  describeSlider(range, value);
  return value;
}

/** Follow the pointer until it is released. @param {(event: PointerEvent) => void} move */
export function followPointer(move) {
  const released = new AbortController();
  const { signal } = released;
  document.documentElement.classList.add("dragging");
  document.addEventListener("pointermove", move, { signal });
  for (const type of ["pointerup", "pointercancel"]) {
    document.addEventListener(type, () => {
      document.documentElement.classList.remove("dragging");
      released.abort();
    }, { signal });
  }
}
