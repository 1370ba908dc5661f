/** The values of the selected tensor as Plotly's heatmap: kept up with the state; its keys and its squares move through
 * the steps, the sequences and the units. */

import { phrase } from "../page/phrases.js";
import { numberIn, withChanges } from "../page/query.js";
import { at } from "../page/prefix.js";
import { ask } from "../page/request.js";

const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };

const section = /** @type {HTMLElement} */ (document.querySelector(".inspector"));
const plot = /** @type {Plotly.PlotElement} */ (document.getElementById("values-plot"));

/**
 * What the map that is shown says of itself: its tensor; its axes, and how many rows and columns a page has; the unit to
 * which each column belongs, if it does; which fields move through it.
 *
 * @typedef {{tensor: string, rows: string | null, columns: string, most: [number, number], moves: string[], units: (number | null)[]}} Meta
 */

/** @type {Meta} */
let meta = { tensor: "", rows: null, columns: "", most: [1, 1], moves: [], units: [] };

/** One answer is waited for at a time, and then the newest state is asked for. @type {(() => Promise<void>) | null} */
let next = null;
let busy = false;
/** @type {(() => void) | null} */
let listen = null;

/** Show the values of a state, or of a newer one that is asked for meanwhile.
 * @param {string} state
 * @param {string} theme */
export async function inspect(state, theme) {
  next = () => show(state, theme);
  if (busy) return;
  busy = true;
  try {
    while (next) {
      const now = next;
      next = null;
      await now();
    }
  } finally {
    busy = false;
  }
}

/** @param {string} state @param {string} theme */
async function show(state, theme) {
  const { shown = "" } = /** @type {HTMLElement} */ (document.getElementById("values")).dataset; // where none is selected
  const tensor = new URLSearchParams(state).get("tensor") ?? shown;
  const figure = await (await ask(at(`/values.json${withChanges(state, { tensor, theme })}`))).json();
  const there = figure.data.length > 0;
  plot.hidden = !there;
  section.classList.toggle("charted", there);
  if (!there) return;
  meta = figure.layout.meta;
  plot.setAttribute("aria-label", phrase("map", { tensor: meta.tensor }));
  figure.layout.width = plot.clientWidth;
  await window.Plotly.react(plot, figure.data, figure.layout, CONFIG);
  listen?.();
}

/** Let squares be clicked and keys move through the values.
 * @param {() => string} state
 * @param {(control: HTMLElement, changes: Record<string, number | string>) => void} change */
export function listenInMap(state, change) {
  listen = () => {
    listen = null; // Plotly knows the element from its first picture on
    plot.on("plotly_click", ({ points: [point] }) => {
      if (point?.data.type !== "heatmap") return change(plot, { t: point?.x ?? 0 });
      const unit = meta.units[point.x - point.data.x[0]];
      change(plot, { ...(meta.rows === "batch_size" && { sample: point.y }), ...(unit != null && { unit }) });
    });
  };
  plot.addEventListener("keydown", (event) => {
    const changes = keyed(event, state());
    if (!changes || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    change(plot, changes);
  });
}

/** What a key in the map changes: the step, with shift the unit, or the sequence.
 * @param {KeyboardEvent} event @param {string} state
 * @returns {Record<string, number | string> | null} */
function keyed({ key, shiftKey }, state) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  const by = across ?? down;
  if (!by) return null;
  const name = down ? "sample" : shiftKey ? "unit" : "t";
  if (!meta.moves.includes(name)) return null;
  const of = { t: "time_step", sample: "batch_size", unit: "num_units" }[name];
  const last = Number(numberIn(state, of)) - 1;
  const index = Math.max(0, Math.min(last, (numberIn(state, name) ?? -1) + by));
  return { [name]: index, ...page(name, index, state) };
}

/** The page of the tensor that is shown on which a step, a sequence or a unit stands; another page than the first selects it.
 * @param {string} name @param {number} index @param {string} state
 * @returns {Record<string, number | string>} */
function page(name, index, state) {
  const [rows, columns] = meta.most;
  const ofUnits = meta.columns === "num_units" && meta.units.some((unit) => unit !== null);
  let [side, most] = ["", 1];
  if (name === "sample" && meta.rows === "batch_size") [side, most] = ["row", rows];
  if (name === "t" && meta.rows === "time_step") [side, most] = ["row", rows];
  if (name === "unit" && ofUnits) [side, most] = ["column", columns];
  const first = Math.floor(index / most) * most;
  if (!side || (!first && !new URLSearchParams(state).has("tensor"))) return {};
  return { tensor: meta.tensor, [side]: first };
}

new ResizeObserver(() => {
  const { layout, clientWidth: width } = plot;
  if (layout && width && layout.width !== width) window.Plotly.relayout(plot, { width });
}).observe(plot);
