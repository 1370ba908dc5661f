/** What the page shows while a training runs: the epochs in the picture, a log at the right, and how far it is. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrase.js";
import { lastOf, pointsOf, written } from "./epoch_places.js";
import { appendTo, change } from "./svg.js";

/** @typedef {import("./stream.js").Epoch} Epoch */
/** @typedef {import("./stream.js").Beliefs} Beliefs */

const MOST_ROWS = 8; // of the log
const ROOM = 60; // beside a plot, for a number, in units of the picture
const FREE = 4; // from the middle of a number to the lower edge of a plot
const APART = 20; // the least distance between two numbers

/** The elements in which some parts are hidden while a training runs. */
const HIDING = ["main", "share-content"];

/** The elements that are muted while a training runs. */
const MUTED = "#controls .control, #controls .more > :not(#training), #training :is(.chips, .heading)";

export class LiveTraining {
  /** @param {(example: number) => void} turn shows what the network believes about another example of the test */
  constructor(turn) {
    const template = /** @type {HTMLTemplateElement} */ (byId("live"));
    const { total, factor, unit, plots } = template.dataset;
    this.total = Number(total);
    this.factor = Number(factor);
    this.unit = Number(unit);
    /** @type {[import("./epoch_places.js").LivePlot, import("./epoch_places.js").LivePlot]} */
    this.plots = JSON.parse(plots ?? "[]");
    const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.picture = /** @type {HTMLElement} */ (content.querySelector("#live-picture"));
    this.log = /** @type {HTMLElement} */ (content.querySelector("#live-log"));
    this.notShared = /** @type {HTMLElement} */ (content.querySelector("#live-share"));
    this.sentence = /** @type {HTMLElement | null} */ (content.querySelector("#live-sentence"));
    this.rows = /** @type {HTMLElement} */ (this.log.querySelector("tbody"));
    this.beliefs = /** @type {HTMLElement} */ (content.querySelector("#live-beliefs"));
    this.example = this.last = 0;
    this.beliefs.addEventListener("click", ({ target }) => {
      const { by } = /** @type {HTMLElement} */ (target).dataset;
      if (by) turn((this.example + Number(by) + this.last + 1) % (this.last + 1));
    });
    this.done = 0;
    this.elapsed = /** @type {HTMLElement} */ (this.log.querySelector(".elapsed"));
    this.start = performance.now();
    const svg = /** @type {SVGSVGElement} */ (this.picture.querySelector("svg"));
    svg.style.setProperty("--unit", unit ?? "1");
    const add = (/** @type {string} */ tag, name = "") => appendTo(svg, tag, name ? { class: `live-${name}` } : {});
    this.now = [add("line"), add("line")];
    this.lines = ["loss", "train", "test"].map((name) => add("polyline", name));
    this.dots = [add("circle"), add("circle")];
    this.values = ["loss", "train", "test"].map((name) => add("text", `${name} value`));
    this.isNarrow = svg.viewBox.baseVal.width - this.plots[1][2] < ROOM * this.unit;
    this.progress = Object.assign(document.createElement("div"), { className: "progress", role: "progressbar" });
    this.button = /** @type {HTMLButtonElement} */ (byId("train"));
    this.words = this.button.textContent;
  }

  begin() {
    for (const id of HIDING) byId(id).classList.add("learning");
    byId("frame").append(this.picture);
    byId("selected").before(this.log);
    byId("share-content").append(this.notShared);
    const above = /** @type {HTMLElement} */ (document.querySelector(".above"));
    above.append(this.progress);
    this.progress.setAttribute("aria-valuemax", String(this.total));
    this.say(phrase("trainingBegins"), 0);
    this.button.textContent = phrase("trainingCancel");
    for (const element of document.querySelectorAll(MUTED)) element.toggleAttribute("inert", true);
    this.progress.scrollIntoView({ block: "nearest" }); // on a phone the button is below the picture
  }

  /** @param {number} before the number of trainings that come first */
  wait(before) {
    this.done = 0;
    this.start = performance.now();
    this.say(before ? phrase("trainingWaits", { n: before }) : phrase("trainingBegins"), 0);
  }

  /** @param {Epoch[]} epochs */
  show(epochs) {
    const { total, factor, plots } = this;
    if (epochs.length < this.done) return; // a stream that was opened again brings them all again
    this.done = epochs.length;
    const values = [epochs.map(({ loss }) => loss), epochs.map(({ train }) => factor * train), epochs.map(({ test }) => factor * test)];
    const points = values.map((list, k) => pointsOf(plots[k ? 1 : 0], total, list));
    this.lines.forEach((line, k) => line.setAttribute("points", points[k] ?? ""));
    this.mark(points.map(lastOf), /** @type {Epoch} */ (epochs.at(-1)));
    this.say(phrase("trainingEpoch", { n: epochs.length, total }), epochs.length);
    this.write(epochs);
    this.elapsed.textContent = ((performance.now() - this.start) / 1000).toFixed(1);
    this.rows.replaceChildren(...epochs.slice(-MOST_ROWS).reverse().map((epoch) => row(epoch, factor)));
  }

  /** Mark the newest epoch: a line, dots, and its numbers beside them; on a phone in the plots, where the lines are not.
   * @param {[number, number][]} ends of the lines of the loss and the measures @param {Epoch} epoch */
  mark(ends, { loss, train, test }) {
    const { plots, factor, unit: u, isNarrow } = this;
    const [[x, y], [, high], [right, low]] = /** @type {[[number, number], [number, number], [number, number]]} */ (ends);
    const percent = factor === 1 ? "" : "\u00a0%";
    const texts = [loss.toFixed(3), `${written(train, factor)}${percent}`, `${written(test, factor)}${percent}`];
    const apart = Math.max(0, APART * u - Math.abs(high - low)) / 2 * (high <= low ? 1 : -1);
    const lower = Math.max(0, plots[1][1] - Math.min(high - apart, low + apart)) // not above the plot, where the names are
      - Math.max(0, Math.max(high - apart, low + apart) - (plots[1][3] - FREE * u)); // nor at the name of its axis
    const heights = isNarrow ? [plots[0][1] + 12 * u, 0, factor === 1 ? plots[1][1] + 12 * u : plots[1][3] - 14 * u] : [y - 8 * u, high - apart + lower, low + apart + lower];
    this.now.forEach((line, k) => change(line, { x1: k ? right : x, x2: k ? right : x, y1: plots[k ? 1 : 0][1], y2: plots[k ? 1 : 0][3] }));
    this.dots.forEach((dot, k) => change(dot, { cx: k ? right : x, cy: k ? low : y, r: 4 * u }));
    this.values.forEach((value, k) => {
      value.textContent = isNarrow && k === 1 ? "" : texts[k] ?? "";
      change(value, isNarrow ? { x: plots[0][2], "text-anchor": "end" } : { x: (k ? right : x) + 10 * u });
      change(value, { y: heights[k] ?? 0 });
    });
  }

  /** @param {Beliefs} beliefs */
  believe({ example, last, words, svg }) {
    const { beliefs } = this;
    [this.example, this.last, beliefs.hidden] = [example, last, false];
    /** @type {HTMLElement} */ (beliefs.querySelector(".pager span")).textContent = words;
    const { body } = new DOMParser().parseFromString(svg, "text/html");
    /** @type {HTMLElement} */ (beliefs.querySelector(".believed")).replaceChildren(...body.children);
  }

  /** The sentence, from the second epoch on: it says "epochs". It is not announced, as it changes all the time.
   * @param {Epoch[]} epochs */
  write(epochs) {
    const { sentence } = this;
    if (!sentence || epochs.length < 2) return;
    const texts = { epochs: epochs.length, percent: Math.round(this.factor * (epochs.at(-1)?.test ?? 0)) };
    for (const [name, value] of Object.entries(texts)) {
      const number = sentence.querySelector(`.${name}`);
      if (number) number.textContent = String(value);
    }
    if (sentence.isConnected) return;
    byId("sentence").before(sentence);
    byId("main").classList.add("announced");
  }

  /** @param {string} words @param {number} done the number of epochs */
  say(words, done) {
    this.progress.textContent = words;
    this.progress.setAttribute("aria-valuenow", String(done));
    this.progress.setAttribute("aria-valuetext", words);
    this.progress.style.setProperty("--done", String(done / this.total));
  }

  /** Show the page as it was, or what has replaced it. */
  end() {
    for (const id of HIDING) byId(id).classList.remove("learning");
    byId("main").classList.remove("announced");
    for (const element of [this.picture, this.log, this.notShared, this.progress, this.sentence]) element?.remove();
    if (this.button.isConnected) this.button.textContent = this.words;
    for (const element of document.querySelectorAll(MUTED)) element.toggleAttribute("inert", false);
  }
}

/** @param {Epoch} epoch @param {number} factor */
function row({ epoch, loss, train, test }, factor) {
  const tr = document.createElement("tr");
  const head = Object.assign(document.createElement("th"), { scope: "row", textContent: String(epoch) });
  const cells = [loss.toFixed(3), written(train, factor), written(test, factor)];
  tr.append(head, ...cells.map((textContent) => Object.assign(document.createElement("td"), { textContent })));
  return tr;
}
