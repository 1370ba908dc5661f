/** The templates of the picture and of the parts of the page around it: they draw other sizes without the server. */

import { withPrefix } from "../page/prefix.js";
import { SIZES, fieldOf, numberIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";
import { PagePicture } from "./page_picture.js";
import { SizedParts } from "./sized_parts.js";
import { Template } from "./template.js";
import { pictureIn, sizesIn, subjectIn, validFor } from "./valid_template.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** The sliders, in the order in which their templates are requested in advance. The template of a small number of steps, in which
 * other steps are drawn, is requested when it is needed. */
const SLIDERS = ["num_units", "features", "batch_size"];

/** The most templates that are requested in advance for one slider: few numbers of steps and of units are drawn in a way of their
 * own. */
const MOST_AHEAD = 10;

const BEFORE_OTHERS = 1000; // ms after which the templates of other sizes are requested

const WRITE_REST_AFTER = 50; // ms without another change after which parts of the page outside of the window are written

/** @param {number} ms @returns {Promise<void>} */
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The most templates that are held. */
const MOST = 40;

/** The templates of one picture. For another picture they are replaced as a whole. */
class PictureTemplates {
  /** @param {string} path of the page @param {string} query the state in which it is shown first */
  constructor(path, query) {
    this.path = path;
    this.first = query;
    /** @type {Template[]} */
    this.figures = [];
    /** The same pictures as HTML of the page. @type {Map<Template, PagePicture>} */
    this.pages = new Map();
    /** What the parts of the page show, and their templates. @type {{subject: string, sized: SizedParts | null}} */
    this.parts = { subject: "", sized: null };
    /** Whether its templates are for one set of sizes, and so not used. */
    this.isFixed = false;
    /** The newest request for a template. @type {Promise<void>} */
    this.loading = Promise.resolve();
    /** What is requested in advance, by the step. @type {Map<number | null, Promise<void>>} */
    this.preparations = new Map();
    this.aborter = new AbortController();
  }

  /** @param {string} query */
  isOf(query) {
    return pictureIn(this.first) === pictureIn(query);
  }

  /** Whether a query has other sizes than those in which the picture is shown first: they are being changed.
   * @param {string} query */
  isResized(query) {
    const t = numberIn(query, "t");
    if (t !== numberIn(this.first, "t")) return this.figures.some((template) => template.t === t);
    return SIZES.some((name) => numberIn(this.first, name) !== numberIn(query, name));
  }

  /** The figure of a query, if there is a template for it.
   * @param {string} query
   * @returns {Figure | null} */
  drawn(query) {
    const template = validFor(this.figures, query);
    return template ? template.filled(sizesIn(query, template.sliders)) : null;
  }

  /** Request the templates of a query after other requests, unless those have brought them.
   * @param {string} query @param {boolean} isFigureEnough whether those of the parts are not needed now */
  load(query, isFigureEnough = false) {
    const isThere = () => this.isFixed || this.isCovered(query) || (isFigureEnough && this.drawn(query) !== null);
    const loading = this.loading.then(() => (isThere() ? undefined : this.receive(query)));
    this.loading = loading.catch(() => {}); // whoever needs them is told
    return loading;
  }

  /** @param {string} query */
  async receive(query) {
    const { signal } = this.aborter;
    const hasFigure = validFor(this.figures, query) !== undefined;
    const response = await request(`${this.path}${query}${query ? "&" : "?"}only=${hasFigure ? "parts" : "template"}`, signal);
    const document = await response.json();
    signal.throwIfAborted();
    const t = numberIn(query, "t");
    this.isFixed = !document.sliders.length;
    if (this.isFixed) return;
    if (!hasFigure) this.add(new Template(document, t), new PagePicture(document, t));
    if (this.parts.subject !== subjectIn(query)) this.parts = { subject: subjectIn(query), sized: null };
    this.parts.sized ??= new SizedParts();
    this.parts.sized.add(document, query, t);
  }

  /** Add a template of the figure, and that of the same picture as HTML.
   * @param {Template} figure @param {PagePicture} page */
  add(figure, page) {
    this.figures.unshift(figure);
    this.pages.set(figure, page);
    for (const template of this.figures.splice(MOST)) this.pages.delete(template);
  }

  /** The picture of a query as HTML, if there is a template for it.
   * @param {string} query @param {HTMLElement} before the one that it replaces */
  drawnPage(query, before) {
    const template = validFor(this.figures, query);
    return (template && this.pages.get(template)?.drawn(query, before)) ?? null;
  }

  /** The parts of the page for other sizes than those of a query.
   * @param {string} query */
  partsOf(query) {
    return this.parts.subject === subjectIn(query) ? this.parts.sized : null;
  }

  /** Whether there are templates for a query.
   * @param {string} query */
  isCovered(query) {
    return validFor(this.figures, query) !== undefined && this.partsOf(query)?.covers(query) === true;
  }

  /** Request templates for the sliders, once for each step.
   * @param {string} query
   * @returns {Promise<void>} */
  prepare(query) {
    const t = numberIn(query, "t");
    const found = this.preparations.get(t);
    if (found) return this.load(query);
    const preparation = this.prepareAll(query);
    this.preparations.set(t, preparation);
    preparation.catch(() => this.preparations.delete(t)); // the next one begins again
    return preparation;
  }

  /** @param {string} query */
  async prepareAll(query) {
    const { signal } = this.aborter;
    await this.load(query);
    if (this.isFixed) return;
    await rest(BEFORE_OTHERS);
    const largest = withChanges(query, Object.fromEntries(this.sliders.map((name) => [name, fieldOf(name).stops?.at(-1) ?? 1])));
    if (!signal.aborted && this.isOf(largest)) await this.load(largest); // most sizes are drawn like these
    for (const name of SLIDERS) await this.prepareFor(name, query);
  }

  /** The names of the sizes that can be changed. */
  get sliders() {
    return this.figures[0]?.sliders ?? [];
  }

  /** Request templates for the stops of a slider, one after the other, until another picture is shown.
   * @param {string} name @param {string} query */
  async prepareFor(name, query) {
    if (!this.sliders.includes(name)) return;
    const t = numberIn(query, "t");
    let count = 0;
    for (const stop of [...(fieldOf(name).stops ?? [])].reverse()) {
      const next = withChanges(query, { [name]: stop });
      if (this.isCovered(next)) continue;
      if (this.aborter.signal.aborted || !this.isOf(next) || numberIn(next, "t") !== t || ++count > MOST_AHEAD) return;
      await this.load(next);
    }
  }
}

export class Templates {
  /** @param {string} path of the page */
  constructor(path) {
    this.path = path;
    /** @type {PictureTemplates | null} */
    this.picture = null;
    /** The newest figure of the server, as JSON. @type {{query: string, json: Promise<string>} | null} */
    this.newest = null;
    /** Writes the parts outside of the window, and its timer. @type {(() => void) | null} */
    this.writeRest = null;
    this.restTimer = 0;
  }

  /** The templates of the picture of a query.
   * @param {string} query */
  of(query) {
    if (this.picture?.isOf(query)) return this.picture;
    this.picture?.aborter.abort();
    return (this.picture = new PictureTemplates(this.path, query));
  }

  /** The figure of a query: drawn from a template; while sizes are changed from one that is requested; another picture or step is
   * requested as it is, which is faster.
   * @param {string} query
   * @returns {Figure | Promise<Figure>} */
  figure(query) {
    const picture = this.of(query);
    const drawn = picture.drawn(query);
    if (drawn) return drawn;
    if (picture.isFixed || !picture.isResized(query)) return this.plain(query);
    return picture.load(query, true).then(() => picture.drawn(query) ?? this.plain(query));
  }

  /** The server's figure of a query, requested once however often it is drawn.
   * @param {string} query
   * @returns {Promise<Figure>} */
  async plain(query) {
    if (this.newest?.query !== query) this.newest = { query, json: request(withPrefix(`/diagram.json${query}`)).then((response) => response.text()) };
    const newest = this.newest;
    try {
      return JSON.parse(await newest.json); // Plotly changes a figure that it draws
    } catch (error) {
      if (this.newest === newest) this.newest = null; // the next attempt sends a new request
      throw error;
    }
  }

  /** Write the sizes of a query into the parts of the page: at once in the window, the others after a rest.
   * @param {string} query
   * @returns {string[]} the ids of the parts that show them */
  resizeParts(query) {
    this.stopResizing();
    const parts = this.of(query).partsOf(query);
    if (!parts) return [];
    this.writeRest = () => parts.showRest(query);
    this.restTimer = setTimeout(() => this.finishResizing(), WRITE_REST_AFTER);
    return parts.show(query);
  }

  /** The parts of the page are replaced: what is left to write is out of date. */
  stopResizing() {
    clearTimeout(this.restTimer);
    this.writeRest = null;
  }

  /** Write what is left to write into the parts of the page. */
  finishResizing() {
    this.writeRest?.();
    this.stopResizing();
  }

  /** The picture of a query as HTML in place of another one, if there is a template for it.
   * @param {string} query @param {HTMLElement} before */
  page(query, before) {
    return this.of(query).drawnPage(query, before);
  }

  /** Request templates for the sliders of a picture in advance.
   * @param {string} query */
  async prepare(query) {
    await this.of(query).prepare(query);
  }

  /** Request templates for one slider in advance.
   * @param {string} name @param {string} query */
  async prepareFor(name, query) {
    const picture = this.of(query);
    await picture.load(query);
    await picture.prepareFor(name, query);
  }
}
