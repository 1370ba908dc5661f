/** The heatmap of the values of the selected tensor. It follows the state; keys and clicks in it change step, sample and unit. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";
import { withPrefix } from "../page/prefix.js";
import { numberIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";

const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };

/**
 * Metadata of the map: its tensor; its axes; the largest number of rows and columns on a page; the unit of each column, if it
 * belongs to one; the fields that keys change.
 *
 * @typedef {{tensor: string, rows: string | null, columns: string, most: [number, number], moves: string[], units: (number | null)[]}} Meta
 */

export class ValuesMap {
  constructor() {
    this.section = /** @type {HTMLElement} */ (document.querySelector(".inspector"));
    this.plot = /** @type {Plotly.PlotElement} */ (byId("values-plot"));
    /** @type {Meta} */
    this.meta = { tensor: "", rows: null, columns: "", most: [1, 1], moves: [], units: [] };
    /** Requests the newest state, when the present request has ended. @type {(() => Promise<void>) | null} */
    this.next = null;
    this.isBusy = false;
    /** @type {(() => void) | null} */
    this.listen = null;
  }

  /** Show the values of a state. One request runs at a time, and only the newest of the waiting states is requested.
   * @param {string} state
   * @param {string} theme */
  async show(state, theme) {
    this.next = () => this.load(state, theme);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.next) {
        const now = this.next;
        this.next = null;
        await now();
      }
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {string} state @param {string} theme */
  async load(state, theme) {
    const { section, plot } = this;
    const { default: output = "" } = byId("values").dataset; // shown where no tensor is selected
    const tensor = new URLSearchParams(state).get("tensor") ?? output;
    const figure = await (await request(withPrefix(`/values.json${withChanges(state, { tensor, theme })}`))).json();
    const hasValues = figure.data.length > 0;
    plot.hidden = !hasValues;
    section.classList.toggle("has-chart", hasValues);
    if (!hasValues) return;
    this.meta = figure.layout.meta;
    plot.setAttribute("aria-label", phrase("map", { tensor: this.meta.tensor }));
    figure.layout.width = plot.clientWidth;
    await window.Plotly.react(plot, figure.data, figure.layout, CONFIG);
    this.listen?.();
  }

  /** Let clicks on squares and keys change the state.
   * @param {() => string} state
   * @param {(control: HTMLElement, changes: Record<string, number | string>) => void} change */
  listenTo(state, change) {
    const { plot } = this;
    this.listen = () => {
      this.listen = null; // plot.on exists since the first drawing
      plot.on("plotly_click", ({ points: [point] }) => {
        if (point?.data.type !== "heatmap") return change(plot, { t: point?.x ?? 0 });
        const unit = this.meta.units[point.x - point.data.x[0]];
        change(plot, { ...(this.meta.rows === "batch_size" && { sample: point.y }), ...(unit != null && { unit }) });
      });
    };
    plot.addEventListener("keydown", (event) => {
      const changes = changesOfKey(event, state(), this.meta);
      if (!changes || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      change(plot, changes);
    });
    new ResizeObserver(() => {
      const { layout, clientWidth: width } = plot;
      if (layout && width && layout.width !== width) window.Plotly.relayout(plot, { width });
    }).observe(plot);
  }
}

/** The changes by a key in the map: of the step, with Shift of the unit, or of the sample.
 * @param {{key: string, shiftKey: boolean}} event @param {string} state @param {Meta} meta
 * @returns {Record<string, number | string> | null} */
export function changesOfKey({ key, shiftKey }, state, meta) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  const by = across ?? down;
  if (!by) return null;
  const name = down ? "sample" : shiftKey ? "unit" : "t";
  if (!meta.moves.includes(name)) return null;
  const of = { t: "time_step", sample: "batch_size", unit: "num_units" }[name];
  const last = Number(numberIn(state, of)) - 1;
  const index = Math.max(0, Math.min(last, (numberIn(state, name) ?? -1) + by));
  return { [name]: index, ...pageOf(name, index, state, meta) };
}

/** The change to the page of the tensor that contains a step, a sample or a unit. A page other than the first selects the tensor.
 * @param {string} name @param {number} index @param {string} state @param {Meta} meta
 * @returns {Record<string, number | string>} */
function pageOf(name, index, state, meta) {
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
