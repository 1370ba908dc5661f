/** The templates of one picture: each draws it for some sizes without the server. */

import { withPrefix } from "../page/prefix.js";
import { fieldOf, numberIn, withChanges } from "../page/query.js";
import { request } from "../page/request.js";
import { Template } from "./template.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** Fields that no picture shows, unless it steps through the tensors. */
const NOT_DRAWN = ["tensor", "row", "column"];

/** Templates that are requested in advance for the stops of a slider. A size with fewer templates changes what is drawn: those of
 * the smallest numbers of steps are requested when they are needed. @type {Record<string, number>} */
const AHEAD = { num_units: 20, features: 20, batch_size: 20, time_step: 5 };

export class Templates {
  constructor() {
    /** A query of the picture. */
    this.query = "";
    /** @type {Template[]} */
    this.templates = [];
    /** Aborts requests for the picture before. */
    this.aborter = new AbortController();
  }

  /** The figure of a query. It is drawn from a template; if no template is valid for its sizes, one is requested.
   * @param {string} query
   * @returns {Figure | Promise<Figure>} */
  figure(query) {
    return this.drawn(query) ?? this.requested(query);
  }

  /** The figure of a query, if there is a template for it.
   * @param {string} query
   * @returns {Figure | null} */
  drawn(query) {
    if (!this.isOfSamePicture(query)) return null;
    const sizes = this.sizesIn(query);
    for (const [k, template] of this.templates.entries()) {
      const figure = template.figure(sizes);
      if (!figure) continue;
      this.templates.splice(k, 1);
      this.templates.unshift(template); // it is tried first for the next sizes
      return figure;
    }
    return null;
  }

  /** @param {string} query @returns {Promise<Figure>} */
  async requested(query) {
    if (!this.isOfSamePicture(query)) {
      this.aborter.abort();
      this.aborter = new AbortController();
      this.query = query;
      this.templates = [];
    }
    await this.load(query);
    const figure = this.drawn(query);
    return figure ?? this.requested(query);
  }

  /** Request the template of a query.
   * @param {string} query */
  async load(query) {
    const { signal } = this.aborter;
    const response = await request(withPrefix(`/template.json${query}`), signal);
    const template = new Template(await response.json());
    if (!signal.aborted) this.templates.unshift(template);
  }

  /** Request templates for the stops of all sliders, one after the other, until another picture is shown.
   * @param {string} query */
  async loadAhead(query) {
    const { signal } = this.aborter;
    const sliders = this.templates[0]?.sliders ?? [];
    for (const [name, most] of Object.entries(AHEAD)) {
      if (!sliders.includes(name)) continue;
      const queries = (fieldOf(name).stops ?? []).map((stop) => withChanges(query, { [name]: stop })).reverse();
      for (let count = 0; count < most; count++) {
        const missing = queries.find((one) => this.isOfSamePicture(one) && !this.isCovered(one));
        if (missing === undefined) break;
        await this.load(missing);
        if (signal.aborted) return;
      }
    }
  }

  /** Whether there is a template for the sizes of a query.
   * @param {string} query */
  isCovered(query) {
    const sizes = this.sizesIn(query);
    return this.templates.some((template) => template.isValid(sizes));
  }

  /** Whether a query has the same picture as the templates, but for the sizes of sliders.
   * @param {string} query */
  isOfSamePicture(query) {
    const sliders = this.templates[0]?.sliders ?? [];
    const [own, other] = [this.query, query].map((one) => {
      const values = new URLSearchParams(one);
      for (const name of [...sliders, ...(values.has("stepping") ? [] : NOT_DRAWN)]) values.delete(name);
      values.set("t", String(numberIn(one, "t")));
      return String(values);
    });
    return own === other;
  }

  /** The sizes of the sliders in a query.
   * @param {string} query */
  sizesIn(query) {
    return Object.fromEntries((this.templates[0]?.sliders ?? []).map((name) => [name, numberIn(query, name) ?? NaN]));
  }
}
