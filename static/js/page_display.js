/** The display: the parts of the page that show the state. Scripts update the picture, the sentence above it and the values; the
 * server renders the rest. */

import { fillText, rangeMessage } from "./controls/edits_by_fields.js";
import { rememberFocus, rememberOpenDetails } from "./controls/keyboard_focus.js";
import { showPosition } from "./controls/player.js";
import { fillControls } from "./controls/sliders.js";
import { byId } from "./page/dom.js";
import { completeLinks, resizeLinks } from "./page/links.js";
import { differInSizes, numberIn, textIn, withChanges } from "./page/query.js";
import { request } from "./page/request.js";
import { showStatus } from "./page/status_line.js";
import { Templates } from "./picture/template_cache.js";
import { hideTip } from "./picture/tip_place.js";

/** @typedef {import("./picture/plot.js").Figure} Figure */

/** @typedef {import("./state_changes.js").Display} Display */

/** The parts of the page that are faint while they are those of the state before. */
const FAINT_IF_OUTDATED = [
  "proof", "side-text", "step-strip", "map", "jump", "arrays", "notes", "view-note", "selected", "values", "values-summary", "explanation", "kernels", "framework",
  "table",
];

/** The sliders of a leader that are prepared, in this order. Few lessons need the other steps of a small number of steps. */
const LED = ["num_units", "features", "batch_size"];

const LONG = 1000; // characters of a state with a long text: changing each of its links takes longer than new ones

const FAINT_AFTER = 250; // ms after which parts of the state before are faint

/** @implements {Display} */
export class PageDisplay {
  showStatus = showStatus;

  /** @param {import("./page/page_state.js").Store} store @param {string} path of the page
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
    /** The query of the picture, and what it was made of. */
    this.pictured = { of: "", query: "" };
    /** The step and the operation that the player shows. */
    this.position = "";
    /** The parts that show changed sizes already: their ids, and the state. */
    this.resized = { ids: /** @type {string[]} */ ([]), state: "" };
    /** The server's picture for the present sizes, if the page has drawn it itself. @type {DocumentFragment | null} */
    this.picture = null;
  }

  /** The query of the picture as the page shows it. */
  get pictureQuery() {
    const { lang } = document.documentElement;
    const [{ present, format }, theme] = [this.store, this.theme.colours];
    const of = [present, format, theme].join(" ");
    if (this.pictured.of !== of) this.pictured = { of, query: withChanges(present, { format, arrays: "false", theme, ...(lang !== "en" && { lang }) }) };
    return this.pictured.query;
  }

  /** The figure of the present state. @returns {Promise<Figure>} */
  async requestFigure() {
    return this.templates.figure(this.pictureQuery);
  }

  /** Prepare to draw the picture without the server while a slider is moved. In a room that this page follows, the leader moves them:
   * nothing here is approached before. */
  async prepare() {
    const query = this.pictureQuery;
    await this.templates.prepare(query);
    if (byId("room-follow")?.hidden === false) for (const name of LED) await this.templates.prepareFor(name, query);
  }

  /** Prepare for one slider that the pointer or the focus approaches, before it is moved.
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
    showSentence(figure.layout.meta.sentence);
    const position = positionIn(store.present);
    if (position !== this.position) showPosition(store.present);
    this.position = position;
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
      if (!stays) fill(region, now);
    }
    byId("main").classList.toggle("training", textIn(present, "view") === "training");
    this.templates.observeParts();
    reopen();
    fillControls(page, unfinished);
    fillText(page, present);
    showPosition(present);
    this.position = positionIn(present);
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

/** Where in the run a state is. @param {string} state */
const positionIn = (state) => ["t", "time_step", "tensor", "stepping"].map((name) => textIn(state, name)).join();

/** Replace what a region shows, but for a field in use, which keeps its cursor.
 * @param {HTMLElement} region @param {HTMLElement} now */
function fill(region, now) {
  const field = region.querySelector("input:focus");
  const [before, after] = [[...region.children], [...now.children]];
  if (!field || before.length !== after.length) return region.replaceChildren(...now.childNodes);
  before.forEach((child, k) => {
    if (!child.contains(field)) child.replaceWith(/** @type {Element} */ (after[k]));
  });
}

/** Show a sentence: each piece has a text and an axis or nothing. If only texts change, they are written into its nodes.
 * @param {[string, string][]} pieces */
function showSentence(pieces) {
  const sentence = byId("sentence");
  const nodes = [...sentence.childNodes];
  const texts = nodes.map((node) => (node instanceof Text ? node : node.firstChild));
  const isSame = nodes.length === pieces.length && pieces.every(([, axis], k) => (axis ? /** @type {Element} */ (nodes[k]).classList?.contains(axis) : nodes[k] instanceof Text));
  if (!isSame || !texts.every((text) => text instanceof Text)) return sentence.replaceChildren(...pieces.map(inColour));
  pieces.forEach(([text], k) => {
    const node = /** @type {Text} */ (texts[k]);
    if (node.data !== text) node.data = text;
  });
}

/** A piece of text in the colour of its axis, if it has one.
 * @param {[string, string]} piece */
function inColour([text, axis]) {
  if (!axis) return text;
  const b = document.createElement("b");
  b.className = axis;
  b.textContent = text;
  return b;
}
