/** The player: goes through the operations and steps of a run, one at a time or automatically, and has a slider over all steps. */

import { byId, isLocked } from "../page/dom.js";
import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrase.js";
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
 * @property {(next: string) => Promise<boolean>} goCompletely the same, but it resolves when the whole page shows it
 * @property {(listener: (state: string) => void) => void} onChange calls a listener with every new state
 */

/** @returns {Order} */
const currentOrder = () => JSON.parse(byId("order").textContent ?? "");

/** Whether a state is at one of the operations, and later ones are faded.
 * @param {Order} order @param {string} state */
const isStepping = ({ unit }, state) => unit === "operation" && new URLSearchParams(state).has("stepping");

/** The state one operation or step further on, or null past an end of the run. The whole picture is before the first operation and
 * after the last one.
 * @param {Order} order @param {string} state @param {string} unit @param {number} by 1 or -1 */
export function nextState(order, state, unit, by) {
  const { order: ids, first, last, onward } = order;
  let t = Number(numberIn(state, "t"));
  if (unit === "operation" && !isStepping(order, state)) return by > 0 ? firstState(order, state) : atOperation(state, last, ids.at(-1));
  let n = ids.indexOf(new URLSearchParams(state).get("tensor") ?? "");
  if (unit === "step") t += by * onward;
  else n += by;
  if (unit === "operation" && n >= ids.length) [n, t] = [0, t + onward];
  if (unit === "operation" && n < 0) [n, t] = [ids.length - 1, t - onward];
  if ((t - first) * onward < 0 || (last - t) * onward < 0) return null;
  return unit === "step" ? withChanges(state, { t }) : atOperation(state, t, ids[n]);
}

/** @param {string} state @param {number} t @param {string} [tensor] that the operation computes */
const atOperation = (state, t, tensor = "") => withChanges(state, { stepping: "true", t, tensor });

/** The first state of the run.
 * @param {Order} order @param {string} state */
export function firstState({ order: [tensor], unit, first }, state) {
  return unit === "operation" ? atOperation(state, first, tensor) : withChanges(state, { t: first });
}

/** The next state while playing: after the last operation the whole picture, and then none.
 * @param {Order} order @param {string} state */
export function nextPlayed(order, state) {
  if (order.unit === "step") return nextState(order, state, "step", 1);
  if (!isStepping(order, state)) return null;
  return nextState(order, state, "operation", 1) ?? withChanges(state, { stepping: "false", tensor: "" });
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

/** @param {Page} page @returns what its keys do */
export function setUpPlayer(page) {
  const bar = byId("player");
  const play = byId("play");
  const scrub = /** @type {HTMLInputElement} */ (byId("scrub"));
  const clock = new Clock({
    next: () => nextPlayed(currentOrder(), page.state()),
    show: (state) => page.goCompletely((played = state)),
    perSecond: () => Number(/** @type {HTMLSelectElement} */ (byId("speed")).value),
    ended: () => play.textContent !== phrase("play") && (play.textContent = phrase("play")),
  });
  /** The last state that was played. @type {string | null} */
  let played = null;
  const pause = () => clock.stop();
  page.onChange((state) => state !== played && pause()); // whatever else changes the state pauses
  showPosition(page.state());

  const toggle = () => {
    if (clock.isRunning) return pause();
    const [order, state] = [currentOrder(), page.state()];
    const isContinued = isStepping(order, state) || state === played;
    page.begin();
    play.textContent = phrase("pause");
    clock.start((isContinued && nextState(order, state, order.unit, 1)) || firstState(order, state));
  };

  /** @param {string} unit @param {number} by */
  const move = (unit, by) => show(nextState(currentOrder(), page.state(), unit, by));

  /** @param {string | null} state */
  const show = (state) => {
    pause();
    if (state === null) return;
    page.begin();
    void page.go(state);
  };

  play.addEventListener("click", toggle);
  byId("show-everything").addEventListener("click", () => {
    show(withChanges(page.state(), { stepping: "false" }));
    play.focus(); // this button disappears
  });
  bar.addEventListener("click", ({ target }) => {
    const { moves, by } = /** @type {HTMLElement} */ (target).dataset;
    if (moves) move(moves, Number(by));
  });

  for (const type of ["pointerdown", "focus"]) scrub.addEventListener(type, () => page.begin());
  scrub.addEventListener("input", () => void page.go(withChanges(page.state(), { t: Number(scrub.value) })));

  return {
    toggle,
    /** @param {number} by @param {boolean} isStep by a step, also if the player goes from operation to operation */
    moveBy: (by, isStep) => move(isStep ? "step" : currentOrder().unit, by),
    isUsable: () => isUsable(play),
  };
}

/** Whether an element is on the screen and not locked. @param {Element} element */
function isUsable(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < innerHeight && !isLocked(element);
}

/** Show where in the run a state is: on the slider, in its number, and in the buttons that lead on.
 * @param {string} state */
export function showPosition(state) {
  const order = currentOrder();
  const [bar, scrub] = [byId("player"), /** @type {HTMLInputElement} */ (byId("scrub"))];
  const t = Number(numberIn(state, "t"));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (bar.querySelectorAll("[data-moves]"))) {
    const { moves = "", by } = button.dataset;
    button.hidden = moves === "operation" && order.unit !== "operation";
    button.ariaDisabled = String(nextState(order, state, moves, Number(by)) === null);
  }
  byId("speed-label").hidden = isStepping(order, state);
  byId("show-everything").hidden = !new URLSearchParams(state).has("stepping");
  scrub.max = String(Math.max(order.first, order.last));
  scrub.value = String(t);
  scrub.setAttribute("aria-valuetext", phrase("step", { t: grouped(t) }));
  for (const tick of /** @type {NodeListOf<SVGElement>} */ (bar.querySelectorAll("#ticks g"))) tick.classList.toggle("now", tick.dataset.t === String(t));
  const number = bar.querySelector("#steps b");
  if (number) number.textContent = grouped(t);
}
