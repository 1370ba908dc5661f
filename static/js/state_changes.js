/**
 * Shows changes of the state: the figure at once, and the whole page when no newer change follows. A response never replaces
 * a newer one. If the server does not respond, the request is repeated.
 */

import { phrase } from "./page/phrase.js";
import { withChanges } from "./page/query.js";
import { Failure, messageOf, Refusal } from "./page/request.js";

const SETTLE_AFTER = 150; // ms without a change after which the whole page is requested and Plotly redraws
const PREPARE_AFTER = 1000; // ms without a change after which the moves of sliders are prepared
const BUSY_AFTER = 600; // ms after which the page shows that it is waiting
const MOST_IN_FLIGHT = 2; // requests for figures at the same time, so that a slow one does not delay the next
const RETRY_AFTER = 1000; // ms, at least, before the first retry

/** @typedef {import("./picture/plot.js").Figure} Figure */

/**
 * The visible page. Every method shows or requests the present state of the store.
 *
 * @typedef {object} Display
 * @property {() => Promise<Figure>} requestFigure
 * @property {(signal?: AbortSignal) => Promise<void>} transition is awaited right before a change of the page
 * @property {() => Promise<void>} prepare requests what is needed to show the picture while a slider is moved
 * @property {(figure: Figure) => Promise<void>} showFigure shows a figure quickly, by a patch if possible, and updates its surroundings
 * @property {(figure: Figure) => Promise<void>} drawFigure lets Plotly draw a figure completely
 * @property {boolean} isDrawn whether Plotly has drawn the shown figure completely
 * @property {() => void} fit scales the drawn figure to the room that the page has for it
 * @property {(signal: AbortSignal) => Promise<Document>} requestPage
 * @property {(page: Document) => boolean} isOfThisBuild whether the parts of this page can be replaced without a reload
 * @property {() => void} reload
 * @property {(page: Document) => void} replace
 * @property {(isOutdated: boolean) => void} markOutdated marks the parts of the page that only the server renders
 * @property {() => string} fieldError the error of a field, or nothing
 * @property {(message: string, kind?: "" | "waiting" | "stale") => void} showStatus
 */

export class Updates {
  /** @param {import("./page/page_state.js").Store} store
   * @param {import("./page/history.js").EditHistory} edits
   * @param {Display} display */
  constructor(store, edits, display) {
    this.store = store;
    this.edits = edits;
    this.display = display;
    /** Whether Plotly is loaded. Until then only the server's picture is shown. */
    this.isLive = false;
    this.timers = { settle: 0, retry: 0, busy: 0, prepare: 0 };
    /** The number of failures in a row. */
    this.failures = 0;
    /** Requests for figures are numbered, and a figure that is older than the shown one is dropped. */
    this.requested = 0;
    this.shown = 0;
    this.inFlight = 0;
    /** Whether a state was skipped because too many requests were in flight. */
    this.isSkipped = false;
    /** Resolves when the whole page shows the newest state, also if that is newer than this promise, or to false if that failed.
     * @type {Promise<boolean>} */
    this.settled = Promise.resolve(true);
    /** Resolves ``settled``. @type {(isSettled: boolean | Promise<boolean>) => void} */
    this.finish = () => {};
    /** The state of the shown figure. */
    this.figureOf = store.present;
    /** Whether the figure of the newest change is shown. */
    this.isNewestShown = false;
    /** Aborts the request for a page that is out of date. */
    this.page = new AbortController();
  }

  /** Plotly is loaded: show figures from now on. */
  begin() {
    this.isLive = true;
    this.preview().then(() => this.prepare(), this.fail);
  }

  /** Request what is needed to move sliders without requests, when nothing changes. If that fails, it is requested while they are
   * moved. */
  prepare() {
    this.timers.prepare = setTimeout(() => this.display.prepare().catch(() => {}), PREPARE_AFTER);
  }

  /** Show a state: the figure at once, the whole page after a rest without newer changes.
   * @param {string} next
   * @param {number} [after] the rest in ms
   * @returns {Promise<boolean>} resolves when the figure is shown, or to false if that failed */
  go(next, after = SETTLE_AFTER) {
    this.page.abort();
    this.clearTimers();
    this.timers.busy = setTimeout(() => this.display.showStatus(phrase("working"), "waiting"), after + BUSY_AFTER);
    const finishReplaced = this.finish;
    this.settled = new Promise((resolve) => {
      this.finish = resolve;
      this.timers.settle = setTimeout(() => this.settle().then(() => resolve(true), this.fail), after);
    });
    finishReplaced(this.settled);
    this.store.change(next);
    this.edits.changed();
    this.display.markOutdated(next !== this.store.accepted);
    return this.preview().then(
      () => true,
      (error) => (this.fail(error), false),
    );
  }

  /** Show a state everywhere at once.
   * @param {string} next
   * @returns {Promise<boolean>} resolves when the whole page shows it, or to false if that failed or a newer change has replaced it */
  async goCompletely(next) {
    return (await this.go(next, 0)) && (await this.settled) && next === this.store.present;
  }

  /** Go to the state of a link or of an entry of the history, as a new edit.
   * @param {string} search */
  follow(search) {
    this.store.unfinished = null;
    this.edits.begin(null);
    void this.go(withChanges(search, {}), 0);
  }

  /** Change the state by a control. All changes by one control, without others in between, are one edit.
   * @param {HTMLElement} control @param {Record<string, string | number>} changes */
  change(control, changes) {
    if (this.edits.edit.control !== control) this.edits.begin(control);
    const next = withChanges(this.store.present, changes);
    if (next !== this.store.present) void this.go(next);
  }

  /** Request the figure of the present state and show it, unless a newer one is shown already. */
  async preview() {
    if (!this.isLive) return;
    this.isNewestShown = false;
    if (this.inFlight >= MOST_IN_FLIGHT) {
      this.isSkipped = true;
      return;
    }
    const number = ++this.requested;
    this.inFlight += 1;
    try {
      const state = this.store.present;
      const figure = await this.display.requestFigure();
      await this.display.transition();
      if (number < this.shown) return;
      this.shown = number;
      this.figureOf = state;
      await this.display.showFigure(figure);
      this.isNewestShown = number === this.requested && !this.isSkipped;
    } finally {
      this.inFlight -= 1;
      if (this.isSkipped) {
        this.isSkipped = false;
        this.preview().catch(() => {}); // settle() reports the error
      }
    }
  }

  /** Replace the parts that the server renders, then let Plotly draw the same state completely, unless it has. */
  async settle() {
    const { store, edits, display } = this;
    this.page = new AbortController();
    const { signal } = this.page;
    const page = await display.requestPage(signal);
    if (!display.isOfThisBuild(page)) return display.reload();
    await display.transition(signal);
    display.replace(page);
    display.markOutdated(false);
    store.accept();
    edits.enter();
    clearTimeout(this.timers.busy);
    this.failures = 0;
    display.showStatus(display.fieldError());
    if (!this.isLive) return;
    if (this.isNewestShown && display.isDrawn) {
      display.fit(); // the parts around the picture may have another size
    } else {
      const state = store.present;
      const number = ++this.requested;
      const figure = await display.requestFigure();
      if (number < this.requested || state !== store.present) return;
      this.shown = number;
      await display.drawFigure(figure);
    }
    this.prepare();
  }

  /** @param {Error} error */
  fail = (error) => {
    if (error.name === "AbortError") return;
    this.clearTimers();
    this.finish(false);
    if (error instanceof Refusal) {
      this.store.revert(); // the picture still shows that state, and the next change starts from it
      this.display.markOutdated(false);
      this.edits.begin(null);
      this.edits.replace();
      return this.display.showStatus(error.message);
    }
    if (this.figureOf === this.store.present) this.display.showStatus(`${messageOf(error)} ${phrase("outdated")}`);
    else this.display.showStatus(`${messageOf(error)} ${phrase("stale")}`, "stale");
    const least = Math.max(RETRY_AFTER * Math.min(2 ** this.failures, 8), error instanceof Failure ? error.after : 0);
    // the random part keeps the pages of a class from retrying at the same time
    this.timers.retry = setTimeout(() => this.go(this.store.present, 0), least * (1 + Math.random()));
    this.failures += 1;
  };

  clearTimers() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}
