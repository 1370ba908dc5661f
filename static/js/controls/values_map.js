/** The values of the selected tensor as Plotly's heatmap: kept up with the state; keys and clicks in it move through the
 * steps, the sequences and the units. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";
import { withPrefix } from "../page/prefix.js";
import { numberIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";

const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };

/**
 * What the map shows: its tensor; its axes, and how many rows and columns a page has at most; the unit to which each column
 * belongs, if it does; which fields move through it.
 *
 * @typedef {{tensor: string, rows: string | null, columns: string, most: [number, number], moves: string[], units: (number | null)[]}} Meta
 */

export class ValuesMap {
  constructor() {
    this.section = /** @type {HTMLElement} */ (document.querySelector(".inspector"));
    this.plot = /** @type {Plotly.PlotElement} */ (byId("values-plot"));
    /** @type {Meta} */
    this.meta = { tensor: "", rows: null, columns: "", most: [1, 1], moves: [], units: [] };
    /** One request at a time: when it is answered, the newest state is requested. @type {(() => Promise<void>) | null} */
    this.next = null;
    this.isBusy = false;
    /** @type {(() => void) | null} */
    this.listen = null;
  }

  /** Show the values of a state, or of a newer one that follows meanwhile.
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
    const there = figure.data.length > 0;
    plot.hidden = !there;
    section.classList.toggle("has-chart", there);
    if (!there) return;
    this.meta = figure.layout.meta;
    plot.setAttribute("aria-label", phrase("map", { tensor: this.meta.tensor }));
    figure.layout.width = plot.clientWidth;
    await window.Plotly.react(plot, figure.data, figure.layout, CONFIG);
    this.listen?.();
  }

  /** Let squares be clicked and keys move through the values.
   * @param {() => string} state
   * @param {(control: HTMLElement, changes: Record<string, number | string>) => void} change */
  listenTo(state, change) {
    const { plot } = this;
    this.listen = () => {
      this.listen = null; // Plotly knows the element from its first picture on
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

/** What a key in the map changes: the step, with shift the unit, or the sequence.
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

/** The page of the tensor that is shown on which a step, a sequence or a unit stands; another page than the first selects it.
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
