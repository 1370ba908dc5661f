/** Explain an error when it is pasted or dropped, and draw its picture for other sizes. */

import { copyText, showCopied } from "./controls/copy.js";
import { byId } from "./page/dom.js";
import { keptState } from "./page/kept_state.js";
import { phrase } from "./page/phrase.js";
import { endThatFits, messageOf, request } from "./page/request.js";
import { FIELDS, listenForKeys } from "./page/key_listener.js";

const BUSY_AFTER = 300; // ms without a response before the page says that it reads

const SETTLE_AFTER = 400; // ms after the last digit of a size

const ROOM = 1024; // bytes of a form beside its text

const form = /** @type {HTMLFormElement} */ (byId("explain"));
const most = Number(form.dataset.most);
let newest = new AbortController();
let timer = 0;

const pasted = () => /** @type {HTMLTextAreaElement} */ (byId("error-text")).value;

/** The text that the answer is about. */
let shown = document.getElementById("sentence") ? pasted() : "";

/** The sentence while another one is in its place. @type {Node[]} */
let said = [];

document.documentElement.classList.add("scripted"); // for the style sheets

/** Send the form. @param {HTMLButtonElement | null} [button] that was clicked */
function explainForm(button = null) {
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  explain(button?.name ? { ...fields, [button.name]: button.value } : fields);
}

/** Send fields, and show the response in place. @param {Record<string, string>} fields */
async function explain(fields) {
  withdraw();
  const body = new URLSearchParams(fields);
  const text = endThatFits((fields.text ?? "").replace(/\r\n?/g, "\n"), most - ROOM);
  body.set("text", text);
  const busy = setTimeout(sayBusy, BUSY_AFTER);
  const { signal } = newest;
  signal.addEventListener("abort", () => clearTimeout(busy));
  try {
    const response = await request(form.action, signal, "POST", body);
    show(new DOMParser().parseFromString(await response.text(), "text/html"), text !== shown);
    shown = pasted();
    keep(Object.fromEntries(body));
  } catch (error) {
    if (!signal.aborted) report(messageOf(error), text);
  } finally {
    clearTimeout(busy);
  }
}

/** Do not wait any longer for an answer to what has changed. */
function withdraw() {
  newest.abort();
  newest = new AbortController();
  clearTimeout(timer);
  sayAgain();
}

/** Show an answer instead of the one before. What is being typed stays. @param {Document} page @param {boolean} isNew
 * whether its text is another one */
function show(page, isNew) {
  said = [];
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const before = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details[id]"));
  byId("main").replaceWith(/** @type {HTMLElement} */ (page.getElementById("main")));
  document.title = page.title;
  if (!isNew) for (const { id, open } of before) document.getElementById(id)?.toggleAttribute("open", open);
  const problems = [...document.querySelectorAll(".says .status")].map(({ textContent }) => textContent);
  byId("explain-status").textContent = problems.join(" ") || (isNew ? "" : document.getElementById("sentence")?.textContent ?? "");
  if (isNew || !focused?.id || !focusAgain(focused)) document.getElementById("sentence")?.focus({ preventScroll: true });
  if (isNew) scrollTo({ top: 0 });
}

/** Focus an element of the answer before in this one, if it is there. A size stays the same element, with the caret
 * where it was. @param {HTMLElement} before */
function focusAgain(before) {
  let element = document.getElementById(before.id);
  if (element && element !== before && before instanceof HTMLInputElement) {
    const { selectionStart, selectionEnd } = before;
    for (const name of DESCRIBED) before.toggleAttribute(name, false);
    for (const name of DESCRIBED) if (element.hasAttribute(name)) before.setAttribute(name, element.getAttribute(name) ?? "");
    element.replaceWith(before);
    before.setSelectionRange(selectionStart, selectionEnd);
    element = before;
  }
  element?.focus({ preventScroll: true });
  return document.activeElement === element;
}

/** The attributes of a field that say what is wrong with it. */
const DESCRIBED = ["aria-invalid", "aria-describedby"];

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
  for (const id of ["explain-problem", "explain-status"]) byId(id).textContent = "";
}

/** Show under the field what went wrong. The text is in the field, so that it can be sent again.
 * @param {string} message @param {string} text */
function report(message, text) {
  const field = /** @type {HTMLTextAreaElement} */ (byId("error-text"));
  if (field.value !== text) {
    field.value = text;
    field.closest("details")?.toggleAttribute("open", true);
  }
  sayAgain();
  byId("explain-problem").textContent = message;
  byId("explain-status").textContent = message;
}

/** Keep the text and the choices for a reader who comes back, in the history of this tab and not in the address.
 * @param {Record<string, string>} fields */
function keep(fields) {
  history.replaceState({ pasted: fields }, "");
}

form.addEventListener("submit", (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.hasAttribute("formaction")) return; // another language is another page
  event.preventDefault();
  if (button?.name === "text") explain({ text: button.value });
  else explainForm(button);
});

document.addEventListener("input", ({ target }) => {
  const field = /** @type {HTMLInputElement} */ (target);
  if (!field.closest(FIELDS)) return;
  withdraw(); // an answer to the fields before would replace what is typed
  if (field.id.startsWith("size-")) timer = setTimeout(explainForm, SETTLE_AFTER);
});

document.addEventListener("paste", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isOurs = target.id === "error-text";
  if (!isOurs && target.closest(FIELDS)) return;
  const text = event.clipboardData?.getData("text") ?? "";
  if (!text.trim()) return;
  if (isOurs && /** @type {HTMLTextAreaElement} */ (target).value.trim()) return void setTimeout(explainForm); // added to a text
  event.preventDefault();
  explain({ text });
});

/** Whether a text is dropped into a size. @param {DragEvent} event */
const isForSize = ({ target, dataTransfer }) =>
  /** @type {Element} */ (target).id?.startsWith("size-") && !dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!isForSize(event)) event.preventDefault();
});
document.addEventListener("drop", async (event) => {
  if (isForSize(event)) return;
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  const text = file ? await file.slice(-most).text() : (event.dataTransfer?.getData("text") ?? "");
  if (text.trim()) explain({ text });
});

listenForKeys({
  "Ctrl+Enter": ({ target }) => {
    if (/** @type {Element} */ (target).id !== "error-text") return false;
    explainForm();
    return true;
  },
  ...Object.fromEntries([..."123456789"].map((digit) => [digit, openCause])),
});

/** Open the cause with the number of the key. @param {KeyboardEvent} event */
function openCause({ key }) {
  const cause = document.getElementById(`cause-${key}`);
  cause?.toggleAttribute("open", true);
  cause?.querySelector("summary")?.focus();
}

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

const before = keptState()?.pasted;
if (before && !document.getElementById("sentence")) explain(before);
