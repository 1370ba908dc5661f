/** The values of the selected tensor as Plotly's heatmap: kept up with the state; its keys and its squares move through
 * the steps, the sequences and the units. */

import { withChanges } from "./query.js";
import { ask } from "./server.js";

const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };

const section = /** @type {HTMLElement} */ (document.querySelector(".inspector"));
const plot = /** @type {Plotly.PlotElement} */ (document.getElementById("values-plot"));

/** Which answer is the newest that was asked for, and what the one that is shown says of itself. */
let asked = 0;
/** @type {{rows: string | null, units: (number | null)[]}} */
let meta = { rows: null, units: [] };
let listening = false;

/** Show the values of a state, unless a newer one was asked for meanwhile.
 * @param {string} state
 * @param {string} theme
 * @param {(changes: Record<string, string | number>) => void} change */
export async function inspect(state, theme, change) {
  const { shown = "" } = /** @type {HTMLElement} */ (document.getElementById("values")).dataset; // where none is selected
  const mine = ++asked;
  const named = new URLSearchParams(state).get("tensor") ?? shown;
  const figure = await (await ask(`/values.json${withChanges(state, { tensor: named, theme })}`)).json();
  if (mine !== asked) return;
  const there = figure.data.length > 0;
  plot.hidden = !there;
  section.classList.toggle("charted", there);
  if (!there) return;
  meta = figure.layout.meta;
  figure.layout.width = plot.clientWidth;
  await window.Plotly.react(plot, figure.data, figure.layout, CONFIG);
  if (!listening) listen(change);
  listening = true;
}

/** @param {(changes: Record<string, string | number>) => void} change */
function listen(change) {
  plot.on("plotly_click", ({ points: [point] }) => {
    if (point?.data.type !== "heatmap") return change({ t: point?.x ?? 0 });
    const unit = meta.units[point.x - point.data.x[0]];
    change({ ...(meta.rows === "batch_size" && { sample: point.y }), ...(unit != null && { unit }) });
  });
}

/** What a key in the map changes: of which field the link before or after is followed.
 * @param {KeyboardEvent} event
 * @returns {string} a selector, or nothing */
function linkOf({ key, shiftKey }) {
  const [way, side] = { ArrowLeft: ["prev", "before"], ArrowRight: ["next", "after"] }[key] ?? ["", ""];
  if (way) return shiftKey ? `#values-said [aria-label="unit ${side}"]` : `#steps [rel=${way}]`;
  const up = { ArrowUp: "before", ArrowDown: "after" }[key];
  return up ? `#values-said [aria-label="sample ${up}"]` : "";
}

new ResizeObserver(() => {
  const { layout, clientWidth: width } = plot;
  if (layout && width && layout.width !== width) window.Plotly.relayout(plot, { width });
}).observe(plot);

plot.addEventListener("keydown", (event) => {
  const selector = linkOf(event);
  if (!selector || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
});
