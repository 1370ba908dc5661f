/** Figures of other sizes without the server, from templates that were requested before. */

import { withPrefix } from "../page/prefix.js";
import { numberIn } from "../page/query.js";
import { request } from "../page/request.js";
import { Templates } from "./template.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** Fields that no picture shows, unless it steps through the tensors. */
const NOT_DRAWN = ["tensor", "row", "column"];

export class LocalFigures {
  constructor() {
    /** The query of the templates. */
    this.query = "";
    /** @type {import("./template.js").TemplatesDocument | null} */
    this.document = null;
    /** @type {Templates | null} */
    this.templates = null;
    /** @type {AbortController | null} */
    this.request = null;
  }

  /** Request templates for the picture of a query, unless they are there or on their way.
   * @param {string} query */
  async load(query) {
    if (this.query && this.isOfSamePicture(query)) return;
    this.request?.abort();
    this.request = new AbortController();
    this.query = query;
    this.templates = this.document = null;
    try {
      const response = await request(withPrefix(`/templates.json${query}`), this.request.signal);
      this.document = /** @type {import("./template.js").TemplatesDocument} */ (await response.json());
      this.templates = new Templates(this.document);
    } catch (error) {
      if (this.query === query) this.query = ""; // the next attempt sends a new request
      throw error;
    }
  }

  /** The figure of a query, or null if no template is valid for it.
   * @param {string} query
   * @returns {Figure | null} */
  figure(query) {
    if (!this.templates || !this.document || !this.isOfSamePicture(query)) return null;
    const sizes = { ...this.document.sizes };
    for (const name of this.document.sliders) sizes[name] = numberIn(query, name) ?? NaN;
    return this.templates.figure(sizes);
  }

  /** Whether a query is that of the templates, but for the sizes.
   * @param {string} query */
  isOfSamePicture(query) {
    const [own, other] = [this.query, query].map((one) => {
      const values = new URLSearchParams(one);
      const ignored = [...(this.document?.sliders ?? []), ...(values.has("stepping") ? [] : NOT_DRAWN)];
      for (const name of ignored) values.delete(name);
      values.set("t", String(numberIn(one, "t")));
      return String(values);
    });
    return own === other;
  }
}
