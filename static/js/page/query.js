/**
 * The address holds the whole state. A field that is `below` another one is less
 * than that one, and so is its default. A field with a `whole` is a position in the whole, and is reset when the whole changes.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string | number | null} default
 * @property {string | null} whole
 * @property {string} [below]
 * @property {number[] | null} [stops]
 */

import { scriptData } from "./dom.js";

/** The value for no choice, in fields whose default is none. */
const NONE = "none";

/** The names of the sizes. */
export const SIZES = ["batch_size", "time_step", "features", "num_units"];

/** The sizes that the task of a training sets. */
const SIZES_OF_A_TASK = ["time_step", "features"];

/** The fields that are positions along a size. */
export const POSITIONS = ["t", "sample", "unit"];

/** What a position is below, if it is. In the view of a training the sample is an example of the test, of which there are more.
 * @param {Field} field @param {string | null | undefined} view */
const belowIn = ({ name, below }, view) => (name === "sample" && view === "training" ? undefined : below);

/** The fields, in the order of a query. */
const fields = () => scriptData().fields;

/**
 * A query with some fields changed, in canonical form: without defaults and unknown names.
 *
 * @param {string} search such as "?num_units=7"
 * @param {Record<string, string | number>} changes
 * @returns {string}
 */
export function withChanges(search, changes) {
  const values = new Map(new URLSearchParams(search));
  for (const { name, whole } of fields()) {
    if (whole && whole in changes && String(changes[whole]) !== (values.get(whole) ?? "")) values.delete(name);
  }
  for (const [name, value] of Object.entries(changes)) values.set(name, String(value));
  const pairs = [];
  for (const field of fields()) {
    const { name, default: usual } = field;
    const below = belowIn(field, values.get("view"));
    const last = below ? Number(values.get(below) ?? fieldOf(below).default) - 1 : Infinity;
    const omitted = usual === null ? NONE : below ? Math.min(Number(usual), last) : usual;
    const value = values.get(name);
    const effective = Number(value) > last ? String(last) : value;
    if (effective !== undefined && effective !== String(omitted)) pairs.push(`${name}=${escaped(effective)}`);
  }
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/** The query of a link in a state with other sizes: the sizes that it has in common with the state change with it.
 * @param {string} search @param {string} before the state @param {string} now the state with other sizes */
export function withSizesOf(search, before, now) {
  const values = new URLSearchParams(search);
  const isOfTraining = values.get("view") === "training" || values.get("trained") === "true";
  for (const name of SIZES) {
    if (isOfTraining && SIZES_OF_A_TASK.includes(name)) continue;
    if (numberIn(search, name) === numberIn(before, name)) values.set(name, String(numberIn(now, name)));
  }
  return withChanges(`?${values}`, {});
}

/** Whether two states differ in nothing but sizes.
 * @param {string} one @param {string} other */
export function differInSizes(one, other) {
  return withSizesOf(one, one, other) === other;
}

/** A value, escaped for an address. @param {string} value */
export function escaped(value) {
  return encodeURIComponent(value).replaceAll("'", "%27");
}

/** The values of the newest state that was read: many fields of one state are read in turn. */
let newest = { search: "", values: new URLSearchParams() };

/** @param {string} search */
function valuesIn(search) {
  if (newest.search !== search) newest = { search, values: new URLSearchParams(search) };
  return newest.values;
}

/** The number in a field of a state, or null if nothing is chosen.
 * @param {string} search @param {string} name
 * @returns {number | null} */
export function numberIn(search, name) {
  const field = fieldOf(name);
  const text = valuesIn(search).get(name) ?? field.default;
  const below = belowIn(field, valuesIn(search).get("view"));
  if (text === null || text === NONE) return null;
  return below ? Math.min(Number(text), Number(numberIn(search, below)) - 1) : Number(text);
}

/** The text in a field of a state. @param {string} search @param {string} name */
export function textIn(search, name) {
  return valuesIn(search).get(name) ?? String(fieldOf(name).default);
}

/** Changes that reset all positions, for when a size may have changed. */
export function fromTheStart() {
  return Object.fromEntries(fields().filter(({ whole }) => whole).map((f) => [f.name, Number(f.default)]));
}

/** @param {string} name */
export function fieldOf(name) {
  const field = fields().find((f) => f.name === name);
  if (!field) throw new Error(`there is no field ${name}`);
  return field;
}
