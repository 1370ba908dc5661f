/** Stepping through: by one operation or one step, played or by hand, and the slider over all steps. */

import { phrase } from "../page/phrases.js";
import { numberIn, withChanges } from "../page/query.js";

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
 * @property {(next: string) => Promise<boolean>} go shows a state; done when the picture shows it, or cannot
 */

/** @returns {Order} */
const order = () => JSON.parse(byId("order").textContent ?? "");

/** The state that lies some operations or steps further on, or nothing where the run ends.
 * @param {string} state @param {string} unit @param {number} by */
function further(state, unit, by) {
  const { order: ids, first, last, onward } = order();
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

/** @param {Page} page */
export function offerPlayer(page) {
  let playing = 0;
  bar.hidden = "locked" in bar.dataset; // an assignment may keep the step
  placeScrub(page.state());

  const pause = () => {
    clearTimeout(playing);
    playing = 0;
    play.textContent = phrase("play");
  };

  /** Show a state, and the one after it when its time has come. @param {string | null} state */
  const playFrom = async (state) => {
    if (!state) return pause();
    const began = performance.now();
    const late = new Promise((resolve) => setTimeout(resolve, MOST_WAITING, true));
    const shown = await Promise.race([page.go(state), late]);
    if (!playing) return;
    if (!shown) return pause();
    const each = 1000 / Number(/** @type {HTMLSelectElement} */ (byId("speed")).value);
    const rest = Math.max(0, each - (performance.now() - began));
    playing = setTimeout(() => playFrom(further(page.state(), order().unit, 1)), rest);
  };

  play.addEventListener("click", () => {
    if (playing) return pause();
    page.begin();
    play.textContent = phrase("pause");
    playing = 1;
    const { order: ids, unit, first } = order();
    // from the beginning, where the run has ended
    const beginning = { t: first, ...(unit === "operation" && { stepping: "true", tensor: ids[0] ?? "" }) };
    playFrom(further(page.state(), unit, 1) ?? withChanges(page.state(), beginning));
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
    const [wanted, by] = KEYS[event.key] ?? ["", 0];
    const unit = wanted === "operation" ? order().unit : wanted;
    if (!by || /** @type {Element} */ (event.target).matches("select, input") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(unit, by);
  });

  for (const sign of ["pointerdown", "focus"]) scrub.addEventListener(sign, () => page.begin());
  scrub.addEventListener("input", () => {
    pause();
    page.go(withChanges(page.state(), { t: Number(scrub.value) }));
  });
  // whoever does something else has seen enough
  addEventListener("popstate", pause);
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

/** Put the slider where the state is. @param {string} state */
export function placeScrub(state) {
  const { unit, first, last } = order();
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (bar.querySelectorAll("[data-moves=operation]"))) {
    button.hidden = unit !== "operation";
  }
  scrub.max = String(Math.max(first, last));
  scrub.value = String(numberIn(state, "t"));
  scrub.setAttribute("aria-valuetext", phrase("step", { t: scrub.value }));
}
