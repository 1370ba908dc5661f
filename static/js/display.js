/** The parts of the page that follow the state: the picture, the sentence above it, values, and all that the server renders. */

import { allowed } from "./controls/fields.js";
import { rememberFocus, rememberUnfolded } from "./controls/focus.js";
import { placeScrub } from "./controls/player.js";
import { fillControls } from "./controls/sliders.js";
import { byId } from "./page/dom.js";
import { completeLinks } from "./page/links.js";
import { withPrefix } from "./page/prefix.js";
import { numberIn, runOf, withChanges } from "./page/query.js";
import { request } from "./page/request.js";
import { showStatus } from "./page/status.js";

/** @typedef {import("./picture/plot.js").Figure} Figure */

/** @typedef {import("./updates.js").Display} Display */

/** @implements {Display} */
export class PageDisplay {
  showStatus = showStatus;

  /** @param {import("./page/store.js").Store} store @param {string} path of the page
   * @param {{plot: import("./picture/plot.js").Plot, values: import("./controls/values_map.js").ValuesMap,
   *   theme: import("./controls/theme.js").Theme, view: import("./picture/transition.js").Transition}} parts */
  constructor(store, path, { plot, values, theme, view }) {
    this.store = store;
    this.path = path;
    this.plot = plot;
    this.values = values;
    this.theme = theme;
    this.view = view;
  }

  /** @returns {Promise<Figure>} */
  async requestFigure() {
    const { lang } = document.documentElement;
    const look = { format: this.store.format, theme: this.theme.colours, ...(lang !== "en" && { lang }) };
    return (await request(withPrefix(`/diagram.json${withChanges(this.store.present, look)}`))).json();
  }

  /** @param {AbortSignal} [signal] */
  transition(signal) {
    return this.view.to(this.store.present, signal);
  }

  /** @param {Figure} figure */
  async showFigure(figure) {
    const { store } = this;
    byId("sentence").replaceChildren(...figure.layout.meta.sentence.map(word));
    this.showStep();
    await this.plot.show(figure);
    if (runOf(store.present) === runOf(store.answered)) this.showValues(); // another run is not executed at each move
  }

  /** @param {Figure} figure */
  async drawFigure(figure) {
    await this.plot.draw(figure);
    this.showValues();
  }

  /** The step that the picture shows, beside the links to the others. */
  showStep() {
    const number = document.querySelector("#steps b");
    if (number) number.textContent = Number(numberIn(this.store.present, "t")).toLocaleString("en");
  }

  /** Show the values of the selected tensor. Other requests report what is wrong with the state. */
  showValues() {
    this.values.show(this.store.present, this.theme.colours).catch(() => {});
  }

  /** @param {AbortSignal} signal */
  async requestPage(signal) {
    const { present, format } = this.store;
    const html = await (await request(`${this.path}${present}${present ? "&" : "?"}only=${format}`, signal)).text();
    return new DOMParser().parseFromString(html, "text/html");
  }

  /** Whether a page has the scripts, styles and language of this one; otherwise this one is reloaded.
   * @param {Document} page */
  isOfThisBuild(page) {
    const [fresh, own] = [page, document].map(({ documentElement: { lang, dataset } }) => `${dataset.build} ${lang}`);
    return fresh === own;
  }

  reload() {
    location.assign(this.path + this.store.present);
  }

  /** Replace the parts of this page by those of a fresh one.
   * @param {Document} page */
  replace(page) {
    const { present, answered, unfinished } = this.store;
    completeLinks(page);
    const [refocus, unfold] = [rememberFocus(), rememberUnfolded()];
    if (numberIn(present, "lesson_page") !== numberIn(answered, "lesson_page")) byId("panel").scrollTop = 0; // to be read from its top
    for (const region of document.querySelectorAll("[data-live]")) {
      const now = /** @type {HTMLElement} */ (page.getElementById(region.id));
      if (region.innerHTML !== now.innerHTML) region.replaceChildren(...now.childNodes); // else nothing is announced again
    }
    unfold();
    fillControls(page, unfinished);
    placeScrub(present);
    refocus();
  }

  complaint() {
    return this.store.unfinished ? allowed(this.store.unfinished) : "";
  }
}

/** @param {[string, string]} piece */
function word([text, axis]) {
  if (!axis) return text;
  const b = document.createElement("b");
  b.className = axis;
  b.textContent = text;
  return b;
}
