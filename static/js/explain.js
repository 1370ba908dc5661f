/** Explain an error when it is pasted or dropped, and draw its picture for other sizes. */

import { copyText, showCopied } from "./controls/copy.js";
import { byId, FIELDS } from "./page/dom.js";
import { phrase } from "./page/phrases.js";
import { endThatFits, messageOf, request } from "./page/request.js";

const BUSY_AFTER = 300; // ms without a response before the page says that it reads

const SETTLE_AFTER = 400; // ms after the last digit of a size

const ROOM = 1024; // bytes of a form beside its text

const form = /** @type {HTMLFormElement} */ (byId("explain"));
const most = Number(form.dataset.most);
let newest = new AbortController();
let timer = 0;

/** The sentence while another one is in its place. @type {Node[]} */
let said = [];

document.documentElement.classList.add("scripted"); // for the style sheets

/** Send the form, and show the response in place.
 * @param {string | null} text instead of that in the field
 * @param {HTMLButtonElement | null} [button] that was clicked */
async function explain(text, button = null) {
  newest.abort();
  newest = new AbortController();
  clearTimeout(timer);
  const body = new URLSearchParams();
  if (text === null) {
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    if (button?.name) body.append(button.name, button.value);
  }
  body.set("text", endThatFits(text ?? body.getAll("text").at(-1) ?? "", most - ROOM));
  const busy = setTimeout(sayBusy, BUSY_AFTER);
  try {
    const response = await request(form.action, newest.signal, "POST", body);
    show(new DOMParser().parseFromString(await response.text(), "text/html"), text !== null);
    keep(body.get("text") ?? "");
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") report(messageOf(error), body.get("text") ?? "");
  } finally {
    clearTimeout(busy);
  }
}

/** Show an answer instead of the one before. @param {Document} page @param {boolean} isNew whether its text is another one */
function show(page, isNew) {
  said = [];
  const focused = isNew ? "" : document.activeElement?.id;
  byId("main").replaceWith(/** @type {HTMLElement} */ (page.getElementById("main")));
  document.title = page.title;
  const sentence = document.getElementById("sentence");
  byId("explain-status").textContent = sentence?.textContent ?? "";
  if (isNew && sentence) scrollTo({ top: 0 });
  (focused ? document.getElementById(focused) : null)?.focus({ preventScroll: true });
}

/** Say in the place of the sentence that the page reads; the answer stays. */
function sayBusy() {
  const sentence = document.getElementById("sentence") ?? byId("explain-problem");
  if (!said.length) said = [...sentence.childNodes];
  sentence.textContent = phrase("reading");
  byId("explain-status").textContent = phrase("reading");
}

/** Put the sentence back in its place. */
function sayAgain() {
  if (said.length) document.getElementById("sentence")?.replaceChildren(...said);
  said = [];
}

/** Show under the field what went wrong. The text is kept. @param {string} message @param {string} text */
function report(message, text) {
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("error-text"));
  if (field && !field.value) field.value = text;
  sayAgain();
  byId("explain-problem").textContent = message;
  byId("explain-status").textContent = message;
}

/** Keep the text for a reader who comes back, in the history of this tab and not in the address. @param {string} text */
function keep(text) {
  history.replaceState({ pasted: text }, "");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  explain(button?.name === "text" ? button.value : null, button);
});

document.addEventListener("input", ({ target }) => {
  const field = /** @type {HTMLInputElement} */ (target);
  if (!field.id.startsWith("size-")) return;
  clearTimeout(timer);
  timer = setTimeout(explain, SETTLE_AFTER, null);
});

document.addEventListener("paste", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isOurs = target.id === "error-text";
  if (!isOurs && target.closest(FIELDS)) return;
  const text = event.clipboardData?.getData("text") ?? "";
  if (!text.trim()) return;
  if (isOurs && /** @type {HTMLTextAreaElement} */ (target).value.trim()) return void setTimeout(explain, 0, null); // added to a text
  event.preventDefault();
  explain(text);
});

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  const text = file ? await file.text() : (event.dataTransfer?.getData("text") ?? "");
  if (text.trim()) explain(text);
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.id === "error-text") {
    event.preventDefault();
    explain(null);
  } else if (/^[1-9]$/.test(event.key) && !target.closest(FIELDS) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.getElementById(`cause-${event.key}`)?.focus();
  }
});

document.addEventListener("click", async ({ target }) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-copies]"));
  const program = document.getElementById(button?.dataset.copies ?? "");
  if (!button || !program) return;
  try {
    await copyText(program.textContent ?? "");
    showCopied(button);
  } catch {
    program.hidden = false;
    getSelection()?.selectAllChildren(program); // selected, so that the reader can copy it
  }
});

for (const type of ["pointerover", "focusin"]) document.addEventListener(type, ({ target }) => markAxis(/** @type {Element} */ (target)));

/** Mark an axis everywhere in the answer while one points at it. @param {Element} element */
function markAxis(element) {
  const answer = byId("main");
  const axis = AXES.find((name) => element.classList.contains(name) || element.id === `size-${name}`) ?? "";
  if (answer.dataset.axis !== axis) answer.dataset.axis = axis;
}

const AXES = ["batch_size", "time_step", "features", "num_units", "num_proj"];

const before = history.state?.pasted;
if (before && !document.getElementById("sentence")) explain(before);
