/** The templates of the picture and of the parts of the page around it: they draw other sizes without the server. */

import { withPrefix } from "../page/prefix.js";
import { SIZES, fieldOf, numberIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";
import { PagePicture } from "./page_picture_for_other_sizes.js";
import { FilledParts } from "./filled_parts.js";
import { Template } from "./template.js";
import { numbersIn, pictureIn, subjectIn, validFor } from "./template_of_query.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** The most templates that are requested in advance for one slider: few numbers of steps and of units are drawn in a way of their
 * own. */
const MOST_AHEAD = 10;

const WRITE_REST_AFTER = 50; // ms without another change after which parts of the page outside of the window are written

/** The most templates that are held. */
const MOST = 40;

/** The templates of one picture, and of the parts of the page around it for one selection. For another picture they are replaced as a
 * whole. */
class PictureTemplates {
  /** @param {string} path of the page @param {string} query the state in which it is shown first */
  constructor(path, query) {
    this.path = path;
    /** The newest state of which the whole page was shown. */
    this.settled = query;
    this.picture = pictureIn(query);
    /** What the parts of the page show. */
    this.subject = subjectIn(query);
    /** @type {Template[]} */
    this.figures = [];
    /** The same pictures as HTML of the page. @type {Map<Template, PagePicture>} */
    this.pages = new Map();
    this.parts = new FilledParts();
    /** Whether its templates are for one set of sizes, and so not used. */
    this.isFixed = false;
    /** The newest request for a template. @type {Promise<void>} */
    this.loading = Promise.resolve();
    /** What was prepared last: a slider, with all but its own size, and its templates. @type {{key: string, done: Promise<void>} | null} */
    this.preparation = null;
    /** Ends requests for another picture or selection. */
    this.aborter = new AbortController();
  }

  /** @param {string} query */
  isOf(query) {
    return this.picture === pictureIn(query);
  }

  /** The parts of the page show another selection: what is requested for the one before is out of date.
   * @param {string} query */
  select(query) {
    const subject = subjectIn(query);
    if (subject === this.subject) return;
    this.close();
    this.subject = subject;
    this.parts = new FilledParts();
    this.preparation = null;
    this.aborter = new AbortController();
  }

  /** No request is needed any more. */
  close() {
    this.aborter.abort();
    this.parts.close();
  }

  /** Whether the sizes of a query are being changed.
   * @param {string} query */
  isResized(query) {
    return SIZES.some((name) => numberIn(this.settled, name) !== numberIn(query, name));
  }

  /** The figure of a query, if there is a template for it.
   * @param {string} query
   * @returns {Figure | null} */
  drawn(query) {
    const template = validFor(this.figures, query);
    return template ? template.filled(numbersIn(query, template.sliders)) : null;
  }

  /** Request the templates of a query after other requests, unless those have brought them, or another selection is shown by then.
   * @param {string} query @param {boolean} isFigureEnough whether those of the parts are not needed now */
  load(query, isFigureEnough = false) {
    const { signal } = this.aborter;
    const isThere = () => this.isFixed || this.isCovered(query) || (isFigureEnough && this.drawn(query) !== null);
    const loading = this.loading.then(() => {
      signal.throwIfAborted();
      return isThere() ? undefined : this.receive(query, signal);
    });
    this.loading = loading.catch(() => {}); // whoever needs them is told
    return loading;
  }

  /** @param {string} query @param {AbortSignal} signal */
  async receive(query, signal) {
    const hasFigure = validFor(this.figures, query) !== undefined;
    const response = await request(`${this.path}${query}${query ? "&" : "?"}only=${hasFigure ? "parts" : "template"}`, signal);
    const document = await response.json();
    signal.throwIfAborted();
    this.isFixed = !document.sliders.length;
    if (this.isFixed) return;
    if (!hasFigure) this.add(new Template(document), new PagePicture(document));
    this.parts.add(document, query);
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

  /** Whether there are templates for a query.
   * @param {string} query */
  isCovered(query) {
    return validFor(this.figures, query) !== undefined && this.parts.covers(query);
  }

  /** Request templates for all stops of a slider, once for all of its positions.
   * @param {string} name @param {string} query
   * @returns {Promise<void>} */
  prepareFor(name, query) {
    const others = new URLSearchParams(query);
    others.delete(name);
    const key = `${name} ${others}`;
    if (this.preparation?.key === key) return this.preparation.done;
    const preparation = (this.preparation = { key, done: Promise.resolve() });
    preparation.done = this.load(query).then(() => this.loadStops(name, query, () => this.preparation === preparation));
    preparation.done.catch(() => {
      if (this.preparation === preparation) this.preparation = null; // the next approach begins again
    });
    return preparation.done;
  }

  /** Request the template of the largest sizes, like which most are drawn, and then those for the stops of a slider, one after the
   * other. Those of the slider over the steps are the first and the last steps.
   * @param {string} name @param {string} query @param {() => boolean} isNeeded whether no other slider was approached */
  async loadStops(name, query, isNeeded) {
    const { sliders = [] } = this.figures[0] ?? {};
    if (name !== "t" && !sliders.includes(name)) return;
    if (name !== "t" && isNeeded()) await this.load(withChanges(query, Object.fromEntries(sliders.map((one) => [one, fieldOf(one).stops?.at(-1) ?? 1]))));
    const stops = name === "t" ? endsOf(Number(numberIn(query, "time_step"))) : fieldOf(name).stops;
    let count = 0;
    for (const stop of [...(stops ?? [])].reverse()) {
      const next = withChanges(query, { [name]: stop });
      if (this.isCovered(next)) continue;
      if (!isNeeded() || ++count > MOST_AHEAD) return;
      await this.load(next);
    }
  }
}

/** The first and the last of some steps, of which pictures show more than of others.
 * @param {number} count of all steps */
const endsOf = (count) => [...Array(count).keys()].filter((t) => t < MOST_AHEAD / 2 || t >= count - MOST_AHEAD / 2);

export class Templates {
  /** @param {string} path of the page */
  constructor(path) {
    this.path = path;
    /** @type {PictureTemplates | null} */
    this.picture = null;
    /** The query of which these are. */
    this.query = "";
    /** The newest figure of the server, as JSON. @type {{query: string, json: Promise<string>} | null} */
    this.newest = null;
    /** Writes the parts outside of the window, and its timer. @type {(() => void) | null} */
    this.writeRest = null;
    this.restTimer = 0;
  }

  /** The templates of the picture of a query.
   * @param {string} query */
  of(query) {
    if (this.picture && query === this.query) return this.picture;
    this.query = query;
    if (!this.picture?.isOf(query)) {
      this.picture?.close();
      this.picture = new PictureTemplates(this.path, query);
    }
    this.picture.select(query);
    return this.picture;
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
    const { parts } = this.of(query);
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

  /** Elements of the page were replaced. */
  observeParts() {
    this.picture?.parts.observe();
  }

  /** The picture of a query as HTML in place of another one, if there is a template for it.
   * @param {string} query @param {HTMLElement} before */
  page(query, before) {
    return this.of(query).drawnPage(query, before);
  }

  /** Request the template of a state of which the whole page is shown: it draws most moves of a slider.
   * @param {string} query */
  async prepare(query) {
    const picture = this.of(query);
    picture.settled = query;
    await picture.load(query);
  }

  /** Request templates for a slider that the pointer or the focus approaches.
   * @param {string} name @param {string} query */
  async prepareFor(name, query) {
    await this.of(query).prepareFor(name, query);
  }
}
