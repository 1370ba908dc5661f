/**
 * The address is the whole state. The table of fields comes from the server with the page.
 *
 * @typedef {{name: string, default: string | number, min?: number, max?: number, stops?: number[] | null}} Field
 */

/** @type {Field[]} */
export const FIELDS = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("fields")).textContent ?? "[]");

/** The step that is in focus where the address names none: 2, or the last one.
 * @param {number} timeStep */
function defaultStep(timeStep) {
  return Math.min(2, timeStep - 1);
}

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
  const timeStep = Number(values.get("time_step") ?? fieldOf("time_step").default);
  if (Number(values.get("t")) >= timeStep) values.set("t", String(timeStep - 1));
  const kept = FIELDS.filter(({ name }) => {
    const usual = name === "t" ? defaultStep(timeStep) : fieldOf(name).default;
    return values.has(name) && values.get(name) !== String(usual);
  });
  const pairs = kept.map(({ name }) => `${name}=${encodeURIComponent(values.get(name) ?? "")}`);
  return pairs.length ? `?${pairs.join("&")}` : "";
}

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
