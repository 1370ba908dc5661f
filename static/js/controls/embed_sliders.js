/** The sliders below a picture in a frame. The picture is drawn for other sizes from templates; after a rest the frame is requested. */

import { byId } from "../page/dom.js";
import { fromTheStart, textIn, withChanges } from "../page/query.js";
import { messageOf, request } from "../page/request.js";
import { Template } from "../picture/template.js";
import { pictureIn, numbersIn, validFor } from "../picture/template_of_query.js";
import { untrained } from "../training/state.js";
import { fillControls, readSlider, setUpSliders } from "./sliders.js";

const SETTLE_AFTER = 150; // ms without a change after which the frame is requested

/** The most pictures whose templates are held, and the most templates of one. */
const MOST = 20;

export function setUpEmbedSliders() {
  const form = byId("controls");
  const pictures = new FramePictures();
  /** The newest request for the frame. A new one aborts it. */
  let newest = new AbortController();
  let timer = 0;
  /** The state that was chosen last: of a trained network the curve, on which its size moves. */
  let present = untrained(location.search);
  /** All changes of one control start from the same state: lowering and raising a size leaves dependent fields unchanged.
   * @type {{control: HTMLInputElement | null, from: string}} */
  let edit = { control: null, from: present };

  /** @param {string} search */
  function show(search) {
    newest.abort();
    clearTimeout(timer);
    present = search;
    const draw = () => search === present && pictures.draw(search);
    if (!draw()) void pictures.load(search).then(draw, () => {}); // the frame that is requested has it as well
    timer = setTimeout(() => settle(search), SETTLE_AFTER);
  }

  /** @param {string} search */
  async function settle(search) {
    const own = (newest = new AbortController());
    try {
      const response = await request(location.pathname + search, own.signal);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      history.replaceState(null, "", location.pathname + search);
      byId("pictures").replaceChildren(...(page.getElementById("pictures")?.childNodes ?? []));
      byId("open-page").setAttribute("href", page.getElementById("open-page")?.getAttribute("href") ?? "/");
      byId("status").textContent = "";
      fillControls(page, /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=number]:focus")));
    } catch (error) {
      if (!own.signal.aborted) byId("status").textContent = messageOf(error);
    }
  }

  setUpSliders();
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const type of ["pointerenter", "focusin"]) {
    form.addEventListener(type, () => void pictures.load(present).catch(() => {}), { once: true }); // requested again when it is moved
  }
  form.addEventListener("input", ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (edit.control !== input) edit = { control: input, from: present };
    const change = input.type === "range" ? { [input.dataset.for ?? ""]: readSlider(input) } : { [input.id]: input.value };
    if (input.checkValidity()) show(withChanges(edit.from, { ...fromTheStart(), ...change }));
  });
}

/** The picture of a frame for other sizes, in the format that is visible. */
class FramePictures {
  constructor() {
    /** The templates of each picture, by its query without numbers. @type {Map<string, Template[]>} */
    this.templates = new Map();
    /** Whether shapes are hidden: then there are no templates. */
    this.isFixed = textIn(location.search, "labels") === "hidden";
    /** The newest request. @type {Promise<void>} */
    this.loading = Promise.resolve();
  }

  /** The visible picture and its format. */
  visible() {
    const pictures = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".picture")]);
    const picture = /** @type {HTMLElement} */ (pictures.find((one) => one.getClientRects().length) ?? pictures[0]);
    return { picture, format: picture.classList[1] ?? "" };
  }

  /** The query of the visible picture in a state.
   * @param {string} search */
  queryOf(search) {
    return withChanges(search, { format: this.visible().format });
  }

  /** The template of a query, if there is one.
   * @param {string} query */
  templateOf(query) {
    return validFor(this.templates.get(pictureIn(query)) ?? [], query);
  }

  /** Draw the picture of a state, if there is a template for it.
   * @param {string} search */
  draw(search) {
    const template = this.templateOf(this.queryOf(search));
    if (template) this.visible().picture.innerHTML = String(template.filled(numbersIn(search, template.sliders)));
    return template !== undefined;
  }

  /** Request the template of a state, after other requests, unless those have brought it.
   * @param {string} search */
  load(search) {
    const loading = this.loading.then(() => this.receive(this.queryOf(search)));
    this.loading = loading.catch(() => {});
    return loading;
  }

  /** @param {string} query */
  async receive(query) {
    if (this.isFixed || this.templateOf(query)) return;
    const response = await request(`${location.pathname}${query}${query ? "&" : "?"}only=template`);
    const template = new Template(await response.json());
    const picture = pictureIn(query);
    const found = this.templates.get(picture) ?? [];
    this.templates.delete(picture); // the newest picture is the last one
    this.templates.set(picture, [template, ...found.slice(0, MOST - 1)]);
    const [oldest = ""] = this.templates.keys();
    if (this.templates.size > MOST) this.templates.delete(oldest);
  }
}
