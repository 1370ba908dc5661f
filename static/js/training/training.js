/** The view of a training: its button trains the network of the page, which shows each epoch as it comes. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrase.js";
import { withPrefix } from "../page/prefix.js";
import { textIn, withChanges } from "../page/query.js";
import { listenForKeys } from "../page/key_listener.js";
import { showStatus } from "../page/status_line.js";
import { setUpAxis } from "./units_axis.js";
import { LiveTraining } from "./live_course.js";
import { showLink } from "./shared_link.js";
import { isTrained, trainingIn, untrained } from "./state.js";
import { listen } from "./stream.js";
import { showTrained } from "./trained_points.js";

/**
 * @typedef {object} Page
 * @property {() => string} state
 * @property {() => string} format of the pictures that the page has room for
 * @property {(next: string) => Promise<boolean>} goCompletely shows a state, as a new entry of the history
 * @property {() => Promise<boolean>} settled resolves when the whole page shows the newest state, or to false if that failed
 * @property {(next: string) => string} share sets the state that the link of the page leads to, instead of the present one; "" for that. Returns the link
 * @property {(listener: (state: string) => void) => void} onChange
 * @property {() => boolean} isUnfinished whether a field has no valid number
 */

/** @param {Page} page
 * @returns {(next: string) => boolean} starts a training if a link leads to one that is not shown; returns whether it does */
export function setUpTraining({ state, format, goCompletely, settled, share, onChange, isUnfinished }) {
  /** Ends the training that runs. @type {(() => void) | null} */
  let cancel = null;
  let isShowing = false; // the page of the result

  /** @param {string} next the state with the trained network */
  function start(next) {
    cancel?.();
    showStatus("");
    const live = new LiveTraining((sample) => {
      next = withChanges(next, { sample });
      showLink(share(next));
      const before = leave;
      leave = follow(); // first, so that the training always has a listener
      before();
    });
    live.begin();
    showLink(share(next));
    const path = () => withPrefix(`/training${next}&picture=${format()}`);
    const follow = () => listen(path(), {
      waits: (before) => live.wait(before),
      learns: (epochs) => {
        showStatus("");
        live.show(epochs);
      },
      believes: (beliefs) => live.believe(beliefs),
      ends: async () => {
        isShowing = true;
        await goCompletely(next).finally(() => (isShowing = false));
        end();
      },
      fails: (message) => {
        end();
        showStatus(message);
      },
      refused: async () => {
        end();
        await explain(path(), next);
      },
      loses: () => showStatus(phrase("trainingLost"), "waiting"),
    });
    let leave = follow();
    const end = (cancel = () => {
      leave();
      live.end();
      showLink(share(""));
      if (cancel === end) cancel = null;
    });
  }

  /** Say why the server rejects a training, with the nearest one that it accepts.
   * @param {string} path @param {string} next */
  async function explain(path, next) {
    const response = await fetch(path, { headers: { Accept: "application/json" } }).catch(() => null);
    const { error } = response && !response.ok ? await response.json().catch(() => ({})) : { error: null };
    await settled(); // which clears the status
    showStatus(error?.message ?? error ?? phrase("busy"));
    const nearest = error?.allowed?.nearest;
    if (!nearest) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "nearest" });
    button.textContent = phrase("trainingNearest", { fields: Object.entries(nearest).map((pair) => pair.join("=")) });
    button.addEventListener("click", async () => {
      if (await goCompletely(withChanges(untrained(next), nearest))) start(withChanges(next, nearest));
    });
    byId("status").append(" ", button);
  }

  setUpAxis();
  const showPoints = () => showTrained(state());
  new MutationObserver(showPoints).observe(byId("pictures"), { childList: true, subtree: true });
  new MutationObserver(showPoints).observe(byId("selected"), { childList: true });
  showPoints();
  onChange(() => {
    if (!isShowing) cancel?.();
  });
  byId("controls").addEventListener("submit", async () => {
    if (document.activeElement?.matches("input")) return; // Enter in a field only applies its number, which it has done
    if (cancel) return cancel();
    if (textIn(state(), "view") !== "training" || isUnfinished()) return;
    const chosen = state();
    // what is shown while it trains is that of the page, which may not show the newest number yet
    if ((await settled()) && chosen === state() && !cancel) start(withChanges(chosen, { trained: "true" }));
  });
  byId("view-note").addEventListener("click", ({ target }) => {
    const link = /** @type {Element} */ (target).closest(".training-note a");
    if (link?.closest(".norms")) scrollTo(0, 0); // the weights, which are above
    else if (link?.closest(".halves")) byId("frame").scrollIntoView({ block: "end" }); // the digit
  });
  for (const type of ["pointerover", "focusin", "pointerout", "focusout"]) byId("main").addEventListener(type, markStep);
  listenForKeys({
    Escape: () => {
      if (!cancel || document.fullscreenElement) return false;
      cancel();
      byId("train")?.focus();
      return true;
    },
  });

  return (next) => {
    if (!isTrained(next) || !document.getElementById("live") || (isTrained(state()) && trainingIn(next) === trainingIn(state()))) return false;
    void goCompletely(untrained(next)).then((isShown) => isShown && start(next));
    return true;
  };
}

/** Mark the states after the row of a digit that is pointed at in the picture, and the other way round.
 * @param {Event} event */
function markStep({ target, type }) {
  const pointed = /** @type {Element} */ (target).closest(".over-beliefs a[href^='#'], .state-rows tbody tr");
  const id = pointed?.id || pointed?.getAttribute("href")?.slice(1);
  if (!id) return;
  for (const element of [document.getElementById(id), document.querySelector(`.over-beliefs a[href="#${id}"]`)]) element?.classList.toggle("marked", type.endsWith("over") || type === "focusin");
}
