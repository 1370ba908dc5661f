/**
 * A change of the state is shown at once, and once nothing newer follows, everything on the page is brought up to it. Of
 * several responses the newest is shown. Where the server does not answer, the page tries again.
 */

import { phrase } from "./page/phrases.js";
import { withChanges } from "./page/query.js";
import { Failure, Refusal } from "./page/request.js";

const SETTLE_AFTER = 150; // ms of rest after which the whole page is requested and Plotly draws afresh
const BUSY_AFTER = 600; // ms after which the page says that it is still working
const MOST_IN_FLIGHT = 2; // figures requested at once: one that is slow does not hold up the next
const RETRY_AFTER = 1000; // ms, at least, before the first new try when the server is gone

/** @typedef {import("./picture/plot.js").Figure} Figure */

/**
 * The page as a reader sees it. All of it is about the present state of the store.
 *
 * @typedef {object} Display
 * @property {() => Promise<Figure>} requestFigure
 * @property {(signal?: AbortSignal) => Promise<void>} transition to be awaited right before something changes
 * @property {(figure: Figure) => Promise<void>} showFigure at once, what is around it too
 * @property {(figure: Figure) => Promise<void>} drawFigure afresh
 * @property {(signal: AbortSignal) => Promise<Document>} requestPage
 * @property {(page: Document) => boolean} isOfThisBuild whether the page may be put in place of this one, without a reload
 * @property {() => void} reload
 * @property {(page: Document) => void} replace
 * @property {() => string} complaint what is wrong with a field, or nothing
 * @property {(message: string, kind?: "" | "waiting" | "stale") => void} showStatus
 */

export class Updates {
  /** @param {import("./page/store.js").Store} store
   * @param {import("./page/history.js").EditHistory} edits
   * @param {Display} display */
  constructor(store, edits, display) {
    this.store = store;
    this.edits = edits;
    this.display = display;
    /** Whether Plotly draws: until then the server's picture is all there is. */
    this.isLive = false;
    this.timers = { settle: 0, retry: 0, busy: 0 };
    /** How often in a row the server did not answer. */
    this.failures = 0;
    /** Figures are numbered as they are requested; one that is older than what is shown is dropped. */
    this.requested = 0;
    this.shown = 0;
    this.inFlight = 0;
    /** Whether a state was skipped because enough figures were in flight. */
    this.isSkipped = false;
    /** Ends the request for a page that is no longer wanted. */
    this.page = new AbortController();
  }

  /** Figures are shown from now on. */
  begin() {
    this.isLive = true;
    this.preview().catch(this.fail);
  }

  /** Show a state at once, then, when nothing newer comes, bring everything on the page up to it.
   * @param {string} next
   * @param {number} [after] ms of rest to wait for
   * @returns {Promise<boolean>} ends when the picture shows it, and says whether it does */
  go(next, after = SETTLE_AFTER) {
    this.page.abort();
    this.clearTimers();
    this.timers.busy = setTimeout(() => this.display.showStatus(phrase("working"), "waiting"), after + BUSY_AFTER);
    this.timers.settle = setTimeout(() => this.settle().catch(this.fail), after);
    this.store.change(next);
    this.edits.changed();
    return this.preview().then(
      () => true,
      (error) => (this.fail(error), false),
    );
  }

  /** Go to the state of a link, or back to one of the history: an edit of its own.
   * @param {string} search */
  follow(search) {
    this.store.unfinished = null;
    this.edits.begin(null);
    void this.go(withChanges(search, {}), 0);
  }

  /** Something is done with a control: together with what follows, while nothing else is touched, it is one edit.
   * @param {HTMLElement} control @param {Record<string, string | number>} changes */
  change(control, changes) {
    if (this.edits.edit.control !== control) this.edits.begin(control);
    const next = withChanges(this.store.present, changes);
    if (next !== this.store.present) void this.go(next);
  }

  /** Request the figure of the present state and show it, unless a newer one was faster. */
  async preview() {
    if (!this.isLive) return;
    if (this.inFlight >= MOST_IN_FLIGHT) {
      this.isSkipped = true;
      return;
    }
    const mine = ++this.requested;
    this.inFlight += 1;
    try {
      const figure = await this.display.requestFigure();
      await this.display.transition();
      if (mine < this.shown) return;
      this.shown = mine;
      await this.display.showFigure(figure);
    } finally {
      this.inFlight -= 1;
      if (this.isSkipped) {
        this.isSkipped = false;
        this.preview().catch(() => {}); // the settling that follows reports it
      }
    }
  }

  /** Replace what the server knows better than the page, and let Plotly draw the same state afresh. */
  async settle() {
    const { store, edits, display } = this;
    this.page = new AbortController();
    const { signal } = this.page;
    const page = await display.requestPage(signal);
    if (!display.isOfThisBuild(page)) return display.reload();
    await display.transition(signal);
    display.replace(page);
    store.accept();
    edits.enter();
    clearTimeout(this.timers.busy);
    this.failures = 0;
    display.showStatus(display.complaint());
    if (!this.isLive) return;
    const state = store.present;
    const mine = ++this.requested;
    const figure = await display.requestFigure();
    if (mine < this.requested || state !== store.present) return;
    this.shown = mine;
    await display.drawFigure(figure);
  }

  /** @param {Error} error */
  fail = (error) => {
    if (error.name === "AbortError") return;
    this.clearTimers();
    if (error instanceof Refusal) {
      this.store.revert(); // the picture is still that one, and the next change begins from there
      this.edits.begin(null);
      this.edits.replace();
      return this.display.showStatus(error.message);
    }
    const trouble = error instanceof Failure ? error.message : phrase("silent");
    this.display.showStatus(`${trouble} ${phrase("stale")}`, "stale");
    const least = Math.max(RETRY_AFTER * Math.min(2 ** this.failures, 8), error instanceof Failure ? error.after : 0);
    // the pages of a class must not come back all at once
    this.timers.retry = setTimeout(() => this.go(this.store.present, 0), least * (1 + Math.random()));
    this.failures += 1;
  };

  clearTimers() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}
