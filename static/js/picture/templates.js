/** The templates of one picture: each draws it for some sizes without the server. */

import { withPrefix } from "../page/prefix.js";
import { fieldOf, numberIn, textIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";
import { Followers } from "./followers.js";
import { Template } from "./template.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** Fields that no picture shows, unless it steps through the tensors. */
const NOT_DRAWN = ["tensor", "row", "column"];

/** The sliders, in the order in which their templates are requested in advance. The template of a small number of steps, in which
 * other steps are drawn, is requested when it is needed. */
const SLIDERS = ["num_units", "features", "batch_size"];

/** The most templates that are requested in advance for one slider: few numbers of steps and of units are drawn in a way of their
 * own. */
const MOST_AHEAD = 10;

const BEFORE_OTHERS = 1000; // ms after which the templates of other sizes are requested

/** @param {number} ms @returns {Promise<void>} */
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The most templates that are held. */
const MOST = 40;

export class Templates {
  constructor() {
    /** A query of the picture. */
    this.query = "";
    /** @type {Template[]} */
    this.templates = [];
    /** The parts of the page that follow. @type {Followers[]} */
    this.followers = [];
    /** Whether the templates for its sliders are requested. */
    this.isPrepared = false;
    /** A view and labels of which no template can be used for other sizes. */
    this.fixedKind = "";
    /** The newest figure of the server, as JSON. @type {{query: string, json: Promise<string>} | null} */
    this.newest = null;
    /** Aborts requests for the picture before. */
    this.aborter = new AbortController();
  }

  /** The names of the sizes that can be changed. */
  get sliders() {
    return this.templates[0]?.sliders ?? [];
  }

  /** The figure of a query: drawn from a template; for sizes without a template, from one that is requested; for another picture
   * or step requested as it is, which is faster.
   * @param {string} query
   * @returns {Figure | Promise<Figure>} */
  figure(query) {
    const drawn = this.drawn(query);
    if (drawn) return drawn;
    if (!this.hasTemplates(query)) return this.plain(query);
    return this.load(query).then((template) => template.filled(this.sizesIn(query)));
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

  /** The figure of a query, if there is a template for it.
   * @param {string} query
   * @returns {Figure | null} */
  drawn(query) {
    if (!this.isOfSamePicture(query)) return null;
    const [sizes, t] = [this.sizesIn(query), numberIn(query, "t")];
    for (const [k, template] of this.templates.entries()) {
      const figure = template.t === t && template.figure(sizes);
      if (!figure) continue;
      this.templates.splice(k, 1);
      this.templates.unshift(template); // it is tried first for the next sizes
      return figure;
    }
    return null;
  }

  /** Request the template of a query.
   * @param {string} query */
  async load(query) {
    const { signal } = this.aborter;
    const response = await request(withPrefix(`/template.json${query}`), signal);
    const document = await response.json();
    signal.throwIfAborted();
    const template = new Template(document, numberIn(query, "t"));
    this.templates = [template, ...this.templates.slice(0, MOST - 1)];
    if (document.parts) this.followers = [new Followers({ ...document, ...document.parts }, template.t), ...this.followers.slice(0, MOST - 1)];
    return template;
  }

  /** Let the parts of the page follow a query.
   * @param {string} query
   * @returns {string[]} the ids of those that do */
  follow(query) {
    if (!this.isOfSamePicture(query)) return [];
    const [sizes, t] = [this.sizesIn(query), numberIn(query, "t")];
    return this.followers.find((followers) => followers.t === t && followers.isValid(sizes))?.show(sizes) ?? [];
  }

  /** Request templates for the sliders of a picture, if that is a new one.
   * @param {string} query */
  async prepare(query) {
    if (!this.isOfSamePicture(query)) {
      this.aborter.abort();
      this.aborter = new AbortController();
      [this.query, this.templates, this.followers, this.isPrepared] = [query, [], [], false];
    }
    if (this.isPrepared && this.hasTemplates(query)) return;
    const kind = `${textIn(query, "view")} ${textIn(query, "labels")}`;
    if (kind === this.fixedKind) return;
    this.isPrepared = true;
    try {
      if (!this.isCovered(query)) await this.load(query);
      this.fixedKind = this.sliders.length ? "" : kind;
      await rest(BEFORE_OTHERS);
      if (!this.isOfSamePicture(query)) return;
      const largest = withChanges(query, Object.fromEntries(this.sliders.map((name) => [name, fieldOf(name).stops?.at(-1) ?? 1])));
      if (this.isOfSamePicture(largest) && !this.isCovered(largest)) await this.load(largest); // most sizes are drawn like these
      for (const name of SLIDERS) await this.prepareFor(name, query);
    } catch (error) {
      this.isPrepared = false;
      throw error;
    }
  }

  /** Request templates for the stops of a slider, one after the other, until another picture is shown.
   * @param {string} name @param {string} query */
  async prepareFor(name, query) {
    if (!this.sliders.includes(name)) return;
    const { signal } = this.aborter;
    const [sizes, t] = [this.sizesIn(query), numberIn(query, "t")];
    let left = [...(fieldOf(name).stops ?? [])].reverse();
    for (let count = 0; count < MOST_AHEAD && !signal.aborted; count++) {
      left = left.filter((stop) => !this.covers({ ...sizes, [name]: stop }, t));
      const next = left.length ? withChanges(query, { [name]: /** @type {number} */ (left[0]) }) : query;
      if (!left.length || !this.isOfSamePicture(next) || numberIn(next, "t") !== t) return;
      await this.load(next);
    }
  }

  /** Whether there are templates for the picture and the step of a query.
   * @param {string} query */
  hasTemplates(query) {
    return this.isOfSamePicture(query) && this.templates.some(({ t }) => t === numberIn(query, "t"));
  }

  /** Whether there is a template for the sizes of a query.
   * @param {string} query */
  isCovered(query) {
    return this.covers(this.sizesIn(query), numberIn(query, "t"));
  }

  /** @param {Record<string, number>} sizes @param {number | null} t */
  covers(sizes, t) {
    return this.templates.some((template) => template.t === t && template.isValid(sizes));
  }

  /** Whether a query has the same picture as the templates, but for the sizes of sliders and the step.
   * @param {string} query */
  isOfSamePicture(query) {
    const [own, other] = [this.query, query].map((one) => {
      const values = new URLSearchParams(one);
      for (const name of [...this.sliders, "t", ...(values.has("stepping") ? [] : NOT_DRAWN)]) values.delete(name);
      return String(values);
    });
    return own === other;
  }

  /** The sizes of the sliders in a query.
   * @param {string} query */
  sizesIn(query) {
    return Object.fromEntries(this.sliders.map((name) => [name, numberIn(query, name) ?? NaN]));
  }
}
