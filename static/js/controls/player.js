/** The player: goes through the operations and steps of a run, one at a time or automatically, and has a slider over all steps. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";
import { numberIn, withChanges } from "../page/query.js";

const LONGEST_WAIT = 1000; // ms after which playing goes on even if the picture is not shown yet

/**
 * The tensors of a step in the order of computation; the unit of playing, an operation, or a step if the picture shows no
 * operations; the steps that the cell computes first and last; and the direction, 1 or -1.
 *
 * @typedef {{order: string[], unit: string, first: number, last: number, onward: number}} Order
 *
 * @typedef {object} Page
 * @property {() => string} state the query of the present state
 * @property {() => void} begin starts an edit: one entry of the history
 * @property {(next: string) => Promise<boolean>} go shows a state; resolves when the picture shows it, or to false if it cannot
 * @property {(listener: () => void) => void} onTraverse calls a listener when the visitor goes back or forward in the history
 */

/** @returns {Order} */
const currentOrder = () => JSON.parse(byId("order").textContent ?? "");

/** The state some operations or steps further on, or null past an end of the run.
 * @param {Order} order @param {string} state @param {string} unit @param {number} by */
export function nextState({ order: ids, first, last, onward }, state, unit, by) {
  const query = new URLSearchParams(state);
  let t = Number(numberIn(state, "t"));
  let n = query.get("stepping") ? ids.indexOf(query.get("tensor") ?? "") : by > 0 ? -1 : ids.length;
  if (unit === "step") t += by * onward;
  else n += by;
  if (unit === "operation" && n >= ids.length) [n, t] = [0, t + onward];
  if (unit === "operation" && n < 0) [n, t] = [ids.length - 1, t - onward];
  if ((t - first) * onward < 0 || (last - t) * onward < 0) return null;
  return withChanges(state, unit === "step" ? { t } : { stepping: "true", t, tensor: ids[n] ?? "" });
}

/** The first state of the run.
 * @param {Order} order @param {string} state */
export function firstState({ order: ids, unit, first }, state) {
  return withChanges(state, { t: first, ...(unit === "operation" && { stepping: "true", tensor: ids[0] ?? "" }) });
}

/** Shows one state after another at a given speed, until next() returns null. */
export class Clock {
  /** @param {{next: () => string | null, show: (state: string) => Promise<boolean>, perSecond: () => number, ended: () => void}} player */
  constructor(player) {
    this.player = player;
    this.timer = 0;
    this.isRunning = false;
    /** The number of starts. A tick of an earlier start has no effect. */
    this.starts = 0;
  }

  /** @param {string} state to show first */
  start(state) {
    this.isRunning = true;
    this.starts += 1;
    void this.tick(state);
  }

  stop() {
    clearTimeout(this.timer);
    this.isRunning = false;
    this.player.ended();
  }

  /** Show a state, and schedule the next one. @param {string | null} state */
  async tick(state) {
    if (!state) return this.stop();
    const { starts } = this;
    const began = performance.now();
    const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT, true));
    const isShown = await Promise.race([this.player.show(state), late]);
    if (!this.isRunning || starts !== this.starts) return;
    if (!isShown) return this.stop();
    const rest = Math.max(0, 1000 / this.player.perSecond() - (performance.now() - began));
    this.timer = setTimeout(() => this.tick(this.player.next()), rest);
  }
}

/** @param {Page} page */
export function setUpPlayer(page) {
  const bar = byId("player");
  const play = byId("play");
  const scrub = /** @type {HTMLInputElement} */ (byId("scrub"));
  const clock = new Clock({
    next: () => nextState(currentOrder(), page.state(), currentOrder().unit, 1),
    show: (state) => page.go(state),
    perSecond: () => Number(/** @type {HTMLSelectElement} */ (byId("speed")).value),
    ended: () => (play.textContent = phrase("play")),
  });
  const pause = () => clock.stop();
  placeScrub(page.state());

  play.addEventListener("click", () => {
    if (clock.isRunning) return pause();
    page.begin();
    play.textContent = phrase("pause");
    const order = currentOrder();
    clock.start(nextState(order, page.state(), order.unit, 1) ?? firstState(order, page.state()));
  });

  bar.addEventListener("click", ({ target }) => {
    const { moves, by } = /** @type {HTMLElement} */ (target).dataset;
    if (moves) move(moves, Number(by));
  });

  /** @param {string} unit @param {number} by */
  const move = (unit, by) => {
    pause();
    const state = nextState(currentOrder(), page.state(), unit, by);
    if (!state) return;
    page.begin();
    page.go(state);
  };

  bar.addEventListener("keydown", (event) => {
    const [wanted, by] = KEYS[event.key] ?? ["", 0];
    const unit = wanted === "operation" ? currentOrder().unit : wanted;
    if (!by || /** @type {Element} */ (event.target).matches("select, input") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(unit, by);
  });

  for (const type of ["pointerdown", "focus"]) scrub.addEventListener(type, () => page.begin());
  scrub.addEventListener("input", () => {
    pause();
    page.go(withChanges(page.state(), { t: Number(scrub.value) }));
  });
  // any other input pauses
  page.onTraverse(pause);
  document.addEventListener("input", ({ target }) => !bar.contains(/** @type {Node} */ (target)) && pause());
  document.addEventListener("click", ({ target }) => /** @type {Element} */ (target).closest("a") && pause());
}

/** @type {Record<string, [string, number]>} */
const KEYS = {
  ArrowRight: ["operation", 1],
  ArrowLeft: ["operation", -1],
  ArrowUp: ["step", -1],
  ArrowDown: ["step", 1],
  PageUp: ["step", -1],
  PageDown: ["step", 1],
};

/** Set the slider to the step of a state. @param {string} state */
export function placeScrub(state) {
  const { unit, first, last } = currentOrder();
  const scrub = /** @type {HTMLInputElement} */ (byId("scrub"));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (byId("player").querySelectorAll("[data-moves=operation]"))) {
    button.hidden = unit !== "operation";
  }
  scrub.max = String(Math.max(first, last));
  scrub.value = String(numberIn(state, "t"));
  scrub.setAttribute("aria-valuetext", phrase("step", { t: scrub.value }));
}
