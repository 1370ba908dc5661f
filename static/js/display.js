/** The display: the parts of the page that show the state. Scripts update the picture, the sentence above it and the values; the
 * server renders the rest. */

import { fillText, rangeMessage } from "./controls/fields.js";
import { rememberFocus, rememberOpenDetails } from "./controls/focus.js";
import { showPosition } from "./controls/player.js";
import { fillControls } from "./controls/sliders.js";
import { byId } from "./page/dom.js";
import { completeLinks, resizeLinks } from "./page/links.js";
import { differInSizes, numberIn, withChanges } from "./page/query.js";
import { request } from "./page/request.js";
import { showStatus } from "./page/status.js";
import { Templates } from "./picture/templates.js";
import { hideTip } from "./picture/tip.js";

/** @typedef {import("./picture/plot.js").Figure} Figure */

/** @typedef {import("./updates.js").Display} Display */

/** The parts of the page that are faint while they are those of the state before. */
const FAINT_IF_OUTDATED = [
  "proof", "side-text", "step-strip", "map", "jump", "arrays", "notes", "view-note", "selected", "values", "values-summary", "explanation", "kernels", "framework",
  "table",
];

const LONG = 1000; // characters of a state with a long text: changing each of its links takes longer than new ones

const FAINT_AFTER = 250; // ms after which parts of the state before are faint

/** @implements {Display} */
export class PageDisplay {
  showStatus = showStatus;

  /** @param {import("./page/store.js").Store} store @param {string} path of the page
   * @param {{plot: import("./picture/plot.js").Plot,
   *   theme: import("./controls/theme.js").Theme, view: import("./picture/transition.js").Transition}} parts */
  constructor(store, path, { plot, theme, view }) {
    this.store = store;
    this.path = path;
    this.plot = plot;
    this.theme = theme;
    this.view = view;
    this.templates = new Templates(path);
    /** Whether parts of the page are those of the state before. */
    this.isOutdated = false;
    /** Whether they are faint, and the timer after which they will be. */
    this.isFaint = false;
    this.faintLater = 0;
    /** The parts that show changed sizes already: their ids, and the state. */
    this.resized = { ids: /** @type {string[]} */ ([]), state: "" };
    /** The server's picture, if it needs not to send it. @type {DocumentFragment | null} */
    this.picture = null;
  }

  /** The query of the picture as the page shows it. */
  get pictureQuery() {
    const { lang } = document.documentElement;
    const appearance = { format: this.store.format, arrays: "false", theme: this.theme.colours, ...(lang !== "en" && { lang }) };
    return withChanges(this.store.present, appearance);
  }

  /** The figure of the present state. @returns {Promise<Figure>} */
  async requestFigure() {
    return this.templates.figure(this.pictureQuery);
  }

  /** Prepare to draw the picture without the server while a slider is moved. */
  async prepare() {
    await this.templates.prepare(this.pictureQuery);
  }

  /** Prepare for one slider, before it is moved.
   * @param {string} name */
  prepareFor(name) {
    this.templates.prepareFor(name, this.pictureQuery).catch(() => {}); // requested again when it is moved
  }

  /** @param {AbortSignal} [signal] */
  transition(signal) {
    return this.view.to(this.store.present, signal);
  }

  /** @param {Figure} figure */
  async showFigure(figure) {
    const { store } = this;
    const sentence = figure.layout.meta.sentence.map(inColour);
    if (byId("sentence").textContent !== textOf(sentence)) byId("sentence").replaceChildren(...sentence);
    showPosition(store.present);
    this.resizeParts();
    await this.plot.show(figure);
  }

  /** @param {Figure} figure */
  async drawFigure(figure) {
    await this.plot.draw(figure);
  }

  get isDrawn() {
    return this.plot.isDrawn;
  }

  fit() {
    this.plot.fit();
  }

  /** Request the page, without the parts that show its sizes already, if nothing but sizes has changed.
   * @param {AbortSignal} signal */
  async requestPage(signal) {
    const { present, accepted, format } = this.store;
    const { state, ids } = this.resized;
    const hasParts = state === present && present.length < LONG && ids.length > 0 && differInSizes(accepted, present);
    this.picture = hasParts ? this.templates.page(this.pictureQuery, /** @type {HTMLElement} */ (byId("pictures"))) : null;
    const without = hasParts ? `without=${[...(this.picture ? ["pictures"] : []), ...ids]}&` : "";
    const html = await (await request(`${this.path}${present}${present ? "&" : "?"}${without}only=${format}`, signal)).text();
    return new DOMParser().parseFromString(html, "text/html");
  }

  /** Whether a page has the scripts, styles and language of this one, so that its parts can replace those of this one.
   * @param {Document} page */
  isOfThisBuild(page) {
    const [fresh, own] = [page, document].map(({ documentElement: { lang, dataset } }) => `${dataset.build} ${lang}`);
    return fresh === own;
  }

  reload() {
    location.assign(this.path + this.store.present);
  }

  /** Replace the parts of this page by those of a new one.
   * @param {Document} page */
  replace(page) {
    const { present, accepted, unfinished } = this.store;
    completeLinks(page);
    if (page.getElementById("main")) this.templates.stopResizing();
    else this.templates.finishResizing(); // the page is without the parts with sizes
    hideTip(); // it describes the state before
    const [refocus, reopen] = [rememberFocus(), rememberOpenDetails()];
    if (numberIn(present, "lesson_page") !== numberIn(accepted, "lesson_page")) {
      for (const id of ["lesson", "panel"]) document.getElementById(id)?.scrollTo(0, 0); // another page: start at the top
    }
    if (!page.getElementById("pictures") && this.picture) byId("pictures").replaceChildren(this.picture);
    for (const region of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
      const now = page.getElementById(region.id);
      if (!now) {
        resizeLinks(region, this.path, accepted, present);
        continue;
      }
      // equal content stays: screen readers would announce it again; scripts add to the HTML of what is announced
      const stays = region.hasAttribute("aria-live") ? region.textContent === now.textContent : region.innerHTML === now.innerHTML;
      if (!stays) region.replaceChildren(...now.childNodes);
    }
    reopen();
    fillControls(page, unfinished);
    fillText(page, present);
    showPosition(present);
    refocus();
  }

  /** Write the sizes of the present state into parts of the page, also those that the server rendered last. */
  resizeParts() {
    this.resized = { ids: this.templates.resizeParts(this.pictureQuery), state: this.store.present };
    this.markOutdated(this.isOutdated);
  }

  /** Parts of the page are those of the state before: they become faint, but not during the short time of a usual response, and
   * not in the frame in which the picture changes, which would take longer.
   * @param {boolean} isOutdated */
  markOutdated(isOutdated) {
    this.isOutdated = isOutdated;
    if (isOutdated && !this.isFaint) {
      this.faintLater ||= setTimeout(() => this.showOutdated(), FAINT_AFTER);
      return;
    }
    if (!isOutdated) this.resized = { ids: [], state: "" };
    this.showOutdated();
  }

  /** Make outdated parts faint, and no others. */
  showOutdated() {
    clearTimeout(this.faintLater);
    this.faintLater = 0;
    this.isFaint = this.isOutdated;
    for (const id of FAINT_IF_OUTDATED) byId(id)?.classList.toggle("outdated", this.isOutdated && !this.resized.ids.includes(id));
  }

  fieldError() {
    return this.store.unfinished ? rangeMessage(this.store.unfinished) : "";
  }
}

/** @param {(string | Node)[]} pieces */
const textOf = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece.textContent)).join("");

/** A piece of text in the colour of its axis, if it has one.
 * @param {[string, string]} piece */
function inColour([text, axis]) {
  if (!axis) return text;
  const b = document.createElement("b");
  b.className = axis;
  b.textContent = text;
  return b;
}
