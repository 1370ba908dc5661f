/**
 * The address is the whole state. The table of fields comes from the server with the page; a field that is `below`
 * another one is smaller than it, and so is its default.
 *
 * @typedef {{name: string, default: string | number | null, below?: string, stops?: number[] | null}} Field
 */

/** How a query says that nothing is chosen, where that is usual. */
const NONE = "none";

/** @type {Field[]} */
const FIELDS = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("fields")).textContent ?? "[]");

/**
 * A query with some fields set to other values: canonical, defaults left out, unknown names dropped.
 *
 * @param {string} search such as "?num_units=7"
 * @param {Record<string, string | number>} changes
 * @returns {string}
 */
export function withChanges(search, changes) {
  const values = new Map(new URLSearchParams(search));
  for (const [name, value] of Object.entries(changes)) values.set(name, String(value));
  const pairs = [];
  for (const { name, default: usual, below } of FIELDS) {
    const last = below ? Number(values.get(below) ?? fieldOf(below).default) - 1 : Infinity;
    const left = usual === null ? NONE : below ? Math.min(Number(usual), last) : usual;
    const value = values.get(name);
    const kept = Number(value) > last ? String(last) : value;
    if (kept !== undefined && kept !== String(left)) pairs.push(`${name}=${encodeURIComponent(kept)}`);
  }
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/** The parts of a tensor that are looked at begin anew where it may have got other sizes. */
export const FROM_THE_START = { row: 0, column: 0, component: 0 };

/** @param {string} name */
export function fieldOf(name) {
  const field = FIELDS.find((f) => f.name === name);
  if (!field) throw new Error(`there is no field ${name}`);
  return field;
}

/** The stop of a slider that is nearest to a value.
 * @param {number[]} stops
 * @param {number} value */
export function nearestStop(stops, value) {
  return stops.reduce((best, stop, k) => (Math.abs(stop - value) < Math.abs((stops[best] ?? 0) - value) ? k : best), 0);
}
