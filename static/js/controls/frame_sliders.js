/** The sliders below a picture in a frame: each change requests the frame for another state. */

import { byId } from "../page/dom.js";
import { fromTheStart, withChanges } from "../page/query.js";
import { messageOf, request } from "../page/request.js";
import { fillControls, readSlider, setUpSliders } from "./sliders.js";

export function setUpFrameSliders() {
  const form = byId("controls");
  /** The newest request. A new one aborts it. */
  let newest = new AbortController();
  /** The state that was requested last. */
  let present = location.search;
  /** All changes of one control start from the same state: lowering and raising a size leaves dependent fields unchanged.
   * @type {{control: HTMLInputElement | null, from: string}} */
  let edit = { control: null, from: present };

  /** @param {string} search */
  async function show(search) {
    newest.abort();
    const own = (newest = new AbortController());
    present = search;
    try {
      const response = await request(location.pathname + search, own.signal);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      history.replaceState(null, "", location.pathname + search);
      byId("pictures").replaceChildren(...(page.getElementById("pictures")?.childNodes ?? []));
      byId("open-page").setAttribute("href", page.getElementById("open-page")?.getAttribute("href") ?? "/");
      byId("status").textContent = "";
      fillControls(page, /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=number]:focus")));
    } catch (error) {
      if (own.signal.aborted) return;
      present = location.search; // what the frame still shows
      byId("status").textContent = messageOf(error);
    }
  }

  setUpSliders();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (edit.control !== input) edit = { control: input, from: present };
    const change = input.type === "range" ? { [input.dataset.for ?? ""]: readSlider(input) } : { [input.id]: input.value };
    if (input.checkValidity()) void show(withChanges(edit.from, { ...fromTheStart(), ...change }));
  });
}
