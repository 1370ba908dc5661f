/** Stepping through: by one operation or one step, played or by hand, and the slider over all steps. */

import { FROM_THE_START, fieldOf, withChanges } from "./query.js";

const MOST_WAITING = 1000; // ms after which a picture that does not come no longer holds up the next operation

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const bar = byId("player");
const play = byId("play");
const scrub = /** @type {HTMLInputElement} */ (byId("scrub"));

/**
 * The tensors of a step in the order of computing; what playing goes on by, an operation or, where the picture shows none,
 * a step; the steps that the cell takes first and last, and which way it goes.
 *
 * @typedef {{order: string[], unit: string, first: number, last: number, onward: number}} Order
 *
 * @typedef {object} Page
 * @property {() => string} state the query of what is shown
 * @property {() => void} begin what follows is one act: one entry of the history
 * @property {(next: string) => Promise<void>} go shows a state; done when the picture shows it
 */

/** @returns {Order} */
const order = () => JSON.parse(byId("order").textContent ?? "");

/** The focused step. @param {string} state */
function stepOf(state) {
  const { first, last } = order();
  return Number(new URLSearchParams(state).get("t") ?? Math.min(Number(fieldOf("t").default), Math.max(first, last)));
}

/** The state that lies some operations or steps further on, or nothing where the run ends.
 * @param {string} state @param {string} unit @param {number} by */
function further(state, unit, by) {
  const { order: ids, first, last, onward } = order();
  const query = new URLSearchParams(state);
  let t = stepOf(state);
  let n = query.get("stepping") ? ids.indexOf(query.get("tensor") ?? "") : by > 0 ? -1 : ids.length;
  if (unit === "step") t += by * onward;
  else n += by;
  if (unit === "operation" && n >= ids.length) [n, t] = [0, t + onward];
  if (unit === "operation" && n < 0) [n, t] = [ids.length - 1, t - onward];
  if ((t - first) * onward < 0 || (last - t) * onward < 0) return null;
  return withChanges(state, unit === "step" ? { t } : { ...FROM_THE_START, stepping: "true", t, tensor: ids[n] ?? "" });
}

/** @param {Page} page */
export function offerPlayer(page) {
  let playing = 0;
  bar.hidden = false;
  placeScrub(page.state());

  const pause = () => {
    clearTimeout(playing);
    playing = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };

  const next = async () => {
    const state = further(page.state(), order().unit, 1);
    if (!state) return pause();
    const began = performance.now();
    await Promise.race([page.go(state), new Promise((resolve) => setTimeout(resolve, MOST_WAITING))]);
    if (!playing) return;
    const each = 1000 / Number(/** @type {HTMLSelectElement} */ (byId("speed")).value);
    playing = setTimeout(next, Math.max(0, each - (performance.now() - began)));
  };

  play.addEventListener("click", () => {
    if (playing) return pause();
    page.begin();
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    const { order: ids, unit, first } = order();
    playing = setTimeout(next); // from the beginning, where the run has ended
    if (further(page.state(), unit, 1)) return;
    const beginning = { ...FROM_THE_START, stepping: "true", tensor: ids[0] ?? "" };
    page.go(withChanges(page.state(), { t: first, ...(unit === "operation" && beginning) }));
  });

  bar.addEventListener("click", ({ target }) => {
    const { moves, by } = /** @type {HTMLElement} */ (target).dataset;
    if (moves) move(moves, Number(by));
  });

  /** @param {string} unit @param {number} by */
  const move = (unit, by) => {
    pause();
    const state = further(page.state(), unit, by);
    if (!state) return;
    page.begin();
    page.go(state);
  };

  bar.addEventListener("keydown", (event) => {
    const [unit, by] = KEYS[event.key] ?? ["", 0];
    if (!by || /** @type {Element} */ (event.target).matches("select, input") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(unit, by);
  });

  scrub.addEventListener("pointerdown", () => page.begin());
  scrub.addEventListener("input", () => {
    pause();
    page.go(withChanges(page.state(), { t: Number(scrub.value) }));
  });
  document.addEventListener("click", ({ target }) => {
    if (playing && /** @type {Element} */ (target).closest("a")) pause();
  });
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

/** Put the slider where the state is. @param {string} state */
export function placeScrub(state) {
  const { unit, first, last } = order();
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (bar.querySelectorAll("[data-moves=operation]"))) {
    button.hidden = unit !== "operation";
  }
  scrub.max = String(Math.max(first, last));
  scrub.value = String(stepOf(state));
  scrub.setAttribute("aria-valuetext", `step ${scrub.value}`);
}
