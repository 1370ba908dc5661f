/** The map of the values of the selected tensor: keys and clicks in it change step, sample and unit, and it reads the value under the
 * pointer. The server draws it together with its heading, so the two always belong together. */

import { byId } from "../page/dom.js";
import { withPrefix } from "../page/prefix.js";
import { numberIn } from "../page/query.js";
import { request } from "../page/request.js";

/**
 * The map: its query and tensor; its axes; the largest number of rows and columns on a page; the unit of each column, if it
 * belongs to one; the fields that keys and clicks change. Its squares: the first row and column, their numbers, and the left, the top, the
 * width and the height of the first square.
 *
 * @typedef {{query: string, tensor: string, rows: string | null, columns: string, most: [number, number], moves: string[],
 *   units: (number | null)[], first: [number, number], size: [number, number], squares: [number, number, number, number]}} ValuesMap
 */

/** Let keys and clicks in the map change the state.
 * @param {() => string} state
 * @param {(control: HTMLElement, changes: Record<string, number | string>) => void} change */
export function setUpValuesMap(state, change) {
  const region = byId("values"); // stays when the map is replaced
  region.addEventListener("click", (event) => {
    const map = currentMap();
    const at = map && squareUnder(event, map);
    if (at) change(region, changesOfClick(at, map));
  });
  region.addEventListener("keydown", (event) => {
    const map = currentMap();
    const changes = map && changesOfKey(event, state(), map);
    if (!changes || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    change(region, changes);
  });
  region.addEventListener("pointermove", (event) => event.pointerType !== "touch" && void read(event));
  region.addEventListener("pointerleave", restore);
}

/** @returns {ValuesMap | null} null if nothing was executed */
function currentMap() {
  const { map } = document.getElementById("values-map")?.dataset ?? {};
  return map ? JSON.parse(map) : null;
}

/** The row and the column of the square under the pointer.
 * @param {PointerEvent | MouseEvent} event @param {ValuesMap} map
 * @returns {[number, number] | null} */
function squareUnder({ clientX, clientY }, map) {
  const matrix = /** @type {SVGSVGElement | null} */ (document.querySelector("#values-map svg"))?.getScreenCTM();
  if (!matrix) return null;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return squareAt(map, x, y);
}

/** The row and the column of the square at a position in the map.
 * @param {ValuesMap} map @param {number} x @param {number} y
 * @returns {[number, number] | null} */
export function squareAt({ first, size, squares: [left, top, width, height] }, x, y) {
  const [row, column] = [Math.floor((y - top) / height), Math.floor((x - left) / width)];
  const isInside = row >= 0 && row < size[0] && column >= 0 && column < size[1];
  return isInside ? [first[0] + row, first[1] + column] : null;
}

/** A click follows the sample and the unit of a value, or goes to its step, unless that is locked.
 * @param {[number, number]} square @param {ValuesMap} map
 * @returns {Record<string, number>} */
export function changesOfClick([row, column], { rows, units, first, moves }) {
  const unit = units[column - first[1]];
  return { ...(rows === "batch_size" && { sample: row }), ...(rows === "time_step" && moves.includes("t") && { t: row }), ...(unit != null && { unit }) };
}

/** The text of the readout without a pointer, and the map that it belongs to. @type {{map: Element, nodes: Node[]} | null} */
let replaced = null;

/** The values of a map, requested when the pointer first comes to it. @type {WeakMap<Element, Promise<number[][]>>} */
const values = new WeakMap();

/** Show the value under the pointer below the map. @param {PointerEvent} event */
async function read(event) {
  const map = currentMap();
  const at = map && squareUnder(event, map);
  if (!at) return restore();
  const element = byId("values-map");
  if (!values.has(element)) values.set(element, valuesOf(map));
  const line = byId("readout");
  const name = `${map.tensor}[${map.rows ? `${at[0]}, ` : ""}${at[1]}]`;
  if (replaced?.map !== element) replaced = { map: element, nodes: [...line.childNodes] };
  line.replaceChildren(name);
  const value = (await values.get(element)?.catch(() => null))?.[at[0] - map.first[0]]?.[at[1] - map.first[1]];
  // the pointer may be elsewhere by now
  if (value !== undefined && line.textContent === name) line.textContent = `${name} = ${written(value)}`;
}

/** Show again what the server wrote. */
function restore() {
  if (replaced && byId("values-map") === replaced.map) byId("readout").replaceChildren(...replaced.nodes);
  replaced = null;
}

/** @param {ValuesMap} map @returns {Promise<number[][]>} */
async function valuesOf({ query }) {
  const figure = await (await request(withPrefix(`/values.json${query}`))).json();
  return figure.data[0].z;
}

/** A value with four digits and a typographic minus. @param {number} value */
const written = (value) => String(Number(value.toPrecision(4))).replace("-", "−");

/** The changes by a key in the map: of the step, with Shift of the unit, or of the sample.
 * @param {{key: string, shiftKey: boolean}} event @param {string} state @param {ValuesMap} map
 * @returns {Record<string, number | string> | null} */
export function changesOfKey({ key, shiftKey }, state, map) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  const by = across ?? down;
  if (!by) return null;
  const name = down ? "sample" : shiftKey ? "unit" : "t";
  if (!map.moves.includes(name)) return null;
  const of = { t: "time_step", sample: "batch_size", unit: "num_units" }[name];
  const last = Number(numberIn(state, of)) - 1;
  const index = Math.max(0, Math.min(last, (numberIn(state, name) ?? -1) + by));
  return { [name]: index, ...pageOf(name, index, state, map) };
}

/** The change to the page of the tensor that contains a step, a sample or a unit. A page other than the first selects the tensor.
 * @param {string} name @param {number} index @param {string} state @param {ValuesMap} map
 * @returns {Record<string, number | string>} */
function pageOf(name, index, state, map) {
  const [rows, columns] = map.most;
  const ofUnits = map.columns === "num_units" && map.units.some((unit) => unit !== null);
  let [side, most] = ["", 1];
  if (name === "sample" && map.rows === "batch_size") [side, most] = ["row", rows];
  if (name === "t" && map.rows === "time_step") [side, most] = ["row", rows];
  if (name === "unit" && ofUnits) [side, most] = ["column", columns];
  const first = Math.floor(index / most) * most;
  if (!side || (!first && !new URLSearchParams(state).has("tensor"))) return {};
  return { tensor: map.tensor, [side]: first };
}
