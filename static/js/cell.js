/**
 * The page on which a cell is typed: /cell. After a pause in typing, the page of the text is requested and its parts are shown here.
 * While the text is no cell, the last picture stays, and the message shows what would fit.
 */

import { Editor } from "./cell/editor.js";
import { setUpProgramCopy } from "./controls/copy.js";
import { KEYS, keepStops, numberOf, placeSlider, stopAfter, stopAt, stopsOf, trackOf } from "./controls/sliders.js";
import { byId } from "./page/dom.js";
import { phrase } from "./page/phrase.js";
import { messageOf, request } from "./page/request.js";
import { listenForKeys } from "./page/key_listener.js";

const SETTLE_AFTER = 100; // ms without a key before the request
const SHOW_BUSY_AFTER = 600; // ms

/** The parts that a response replaces, if its text is a cell. */
const PARTS = ["cell-stage", "cell-panel", "reading", "adjusted", "language-links"];

const form = /** @type {HTMLFormElement} */ (byId("cell-form"));
const editor = new Editor();
let timer = 0;
let newest = new AbortController();

document.documentElement.classList.add("scripted");

/** The sizes that were chosen, by name. Equations may need others, which the form shows while they do. */
let chosen = sizesOf(location.search);

/** The sizes that a query names. @param {string} query */
function sizesOf(query) {
  return new Map([...new URLSearchParams(query)].filter(([name]) => byId("cell-sizes").querySelector(`input[name="${CSS.escape(name)}"]`)));
}

/** The address of what the form has, with the sizes that were chosen. */
function address() {
  const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  for (const { name } of /** @type {NodeListOf<HTMLInputElement>} */ (byId("cell-sizes").querySelectorAll("input[name]"))) {
    const own = chosen.get(name);
    if (own === undefined) fields.delete(name);
    else fields.set(name, own);
  }
  return `${new URL(form.action).pathname}?${fields}`;
}

function showSoon() {
  newest.abort();
  clearTimeout(timer);
  timer = setTimeout(() => show(address()), SETTLE_AFTER);
}

/** Request a page and show its parts. @param {string} path @param {{adds?: boolean, isOther?: boolean}} [how] adds: as an entry of
 * its own in the history; isOther: with the text of that page */
async function show(path, { adds = false, isOther = false } = {}) {
  newest.abort();
  clearTimeout(timer);
  if (isOther) chosen = sizesOf(new URL(path, location.href).search);
  const { signal } = (newest = new AbortController());
  const busy = setTimeout(() => say(phrase("reading")), SHOW_BUSY_AFTER);
  try {
    const response = await request(path, signal);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    clearTimeout(busy);
    fill(page, isOther);
    const canonical = page.querySelector("link[rel=canonical]")?.getAttribute("href");
    if (canonical && !problemIn(page)) history[adds ? "pushState" : "replaceState"](null, "", canonical);
  } catch (error) {
    clearTimeout(busy);
    if (signal.aborted) return;
    say(messageOf(error));
    showAsEarlier(true);
  }
}

/** Show the parts of another page. @param {Document} page @param {boolean} isOther whether its text replaces that of the editor */
function fill(page, isOther) {
  if (isOther) {
    const other = /** @type {HTMLTextAreaElement} */ (page.getElementById("equations")).value;
    if (other !== editor.text) editor.replace(0, editor.text.length, other);
    clearTimeout(timer); // it is drawn already
  }
  const problem = problemIn(page);
  replace("cell-problem", page);
  editor.mark(problem, messageOfProblem());
  for (const link of document.querySelectorAll("#cell-gallery a")) {
    const fresh = page.querySelector(`#cell-gallery a[href="${link.getAttribute("href")}"]`);
    if (fresh?.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  showWrongLine(problem);
  showAsEarlier(Boolean(problem));
  if (problem) return;
  for (const id of PARTS) replace(id, page);
  measurePictures();
  for (const range of form.querySelectorAll("input[type=range]")) {
    const own = /** @type {HTMLInputElement} */ (range);
    const fresh = /** @type {HTMLInputElement | null} */ (page.querySelector(`input[data-for="${own.dataset.for}"]`));
    const number = /** @type {HTMLInputElement | null} */ (page.getElementById(own.dataset.for ?? ""));
    if (!fresh || !number) continue;
    keepStops(own, fresh);
    numberOf(own).readOnly = number.readOnly;
    numberOf(own).max = number.max;
    if (document.activeElement !== numberOf(own)) numberOf(own).value = number.value;
    if (document.activeElement !== own) placeSlider(own);
  }
  byId("announced").textContent = document.getElementById("sentence")?.textContent ?? "";
}

/** The size of a picture. @param {Element} picture */
const sizeOf = (picture) => /** @type {SVGSVGElement} */ (picture.firstElementChild).viewBox.baseVal;

/** Tell the style sheet the sizes of the pictures, so that large ones stay legible: whether the one that is shown would be wider than
 * its frame at its least size, and how large each is. */
function measurePictures() {
  const main = document.querySelector(".cell");
  main?.classList.remove("wide");
  const isTooWide = [...document.querySelectorAll(".cell-picture")].some((picture) =>
    picture.getClientRects().length > 0 && 0.6 * sizeOf(picture).width > /** @type {HTMLElement} */ (picture.parentElement).clientWidth);
  main?.classList.toggle("wide", isTooWide);
  for (const picture of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".cell-picture"))) {
    const { width, height } = sizeOf(picture);
    const isShown = picture.getClientRects().length > 0;
    for (const element of [picture, ...(isShown ? [/** @type {HTMLElement} */ (picture.parentElement)] : [])]) {
      element.style.setProperty("--picture-width", String(width));
      element.style.setProperty("--picture-height", String(height));
    }
  }
}

/** Replace the content of an element by that in another page. @param {string} id @param {Document} page */
function replace(id, page) {
  document.getElementById(id)?.replaceChildren(...(page.getElementById(id)?.childNodes ?? []));
}

/** @param {Document} page @returns {import("./cell/equation_text.js").Problem | null} */
function problemIn(page) {
  const element = /** @type {HTMLElement | null} */ (page.querySelector("#cell-problem .problem"));
  if (!element) return null;
  const { line, start, end } = element.dataset;
  return { line: Number(line), start: Number(start), end: Number(end) };
}

/** The words of the message after the number of its line. */
function messageOfProblem() {
  const [, ...words] = document.querySelector("#cell-problem .problem")?.childNodes ?? [];
  return words.map((node) => node.cloneNode(true));
}

/** Say above the picture that it is not that of the text, and mark the row of the line that does not fit.
 * @param {import("./cell/equation_text.js").Problem | null} problem */
function showWrongLine(problem) {
  const proof = document.getElementById("proof");
  if (proof && problem) {
    proof.className = "proof wrong";
    proof.textContent = `✕ ${phrase("wrongLine", { line: problem.line })}`;
  }
  for (const row of document.querySelectorAll("#cell-panel tr[data-line]")) {
    row.classList.toggle("wrong", Number(row.getAttribute("data-line")) === problem?.line);
  }
}

/** Show the picture and what is said about it as those of the text before, or of this one. @param {boolean} isEarlier */
function showAsEarlier(isEarlier) {
  byId("main").classList.toggle("earlier", isEarlier);
  const note = document.getElementById("picture-note");
  if (note && isEarlier) note.textContent = phrase("lastPicture");
}

/** Show a message under the editor. @param {string} text */
function say(text) {
  const message = document.createElement("p");
  message.className = "status";
  message.textContent = text;
  byId("cell-problem").replaceChildren(message);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement) || button.name !== "equations") show(address());
  else correct(button);
});

/** Write a correction in the place of what is wrong, or a text with one more line. @param {HTMLButtonElement} button */
function correct(button) {
  if (!button.dataset.fix) return choose(button.value);
  editor.showProblem();
  const { selectionStart, selectionEnd } = editor.field;
  editor.replace(selectionStart, selectionEnd, button.dataset.fix ?? "");
  show(address());
}

/** Write another text, as an answer to what the text leaves open. @param {string} text */
function choose(text) {
  editor.replace(0, editor.text.length, text);
  show(address());
}

/** @param {HTMLInputElement} number */
function chooseSize({ name, value }) {
  chosen.set(name, value);
}

form.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  if (target instanceof HTMLInputElement && target.type === "range") {
    numberOf(target).value = String(stopAt(trackOf(target), stopsOf(target), Number(target.value)));
    target.setAttribute("aria-valuetext", numberOf(target).value);
    chooseSize(numberOf(target));
  } else if (target instanceof HTMLInputElement) {
    if (!target.checkValidity()) return;
    chooseSize(target);
  }
  showSoon();
});

form.addEventListener("keydown", (event) => {
  const range = /** @type {HTMLInputElement} */ (event.target);
  const by = KEYS[event.key];
  if (range.type !== "range" || !by || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  numberOf(range).value = String(stopAfter(stopsOf(range), Number(numberOf(range).value), by));
  placeSlider(range);
  chooseSize(numberOf(range));
  showSoon();
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest(".cell-gallery a, .cell-stage .views a") : null;
  if (!link) return;
  event.preventDefault();
  show(link.getAttribute("href") ?? "", { adds: true, isOther: link.matches(".cell-gallery a") });
});

listenForKeys({
  "Alt+1": () => correctBy(0),
  "Alt+2": () => correctBy(1),
  ArrowLeft: (event) => focusInGallery(event, -1),
  ArrowRight: (event) => focusInGallery(event, 1),
});

/** Write a correction of the list into the text. @param {number} n @returns whether there is one */
function correctBy(n) {
  const button = document.querySelectorAll(".corrections button")[n];
  if (!(button instanceof HTMLButtonElement)) return false;
  correct(button);
  return true;
}

/** Focus a neighbour of a cell of the gallery. @param {KeyboardEvent} event @param {number} by @returns whether there is one */
function focusInGallery({ target }, by) {
  if (!(/** @type {Element} */ (target).closest(".cell-gallery"))) return false;
  const links = [...document.querySelectorAll(".cell-gallery a")];
  const next = links[links.indexOf(/** @type {Element} */ (target)) + by];
  if (!(next instanceof HTMLElement)) return false;
  next.focus();
  return true;
}

/** Mark the line and the equation that belong together. @param {number} line */
function pointAt(line) {
  editor.point(line);
  for (const row of document.querySelectorAll("#cell-panel tr[data-line]")) {
    row.classList.toggle("pointed-at", Number(row.getAttribute("data-line")) === line);
  }
}

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, ({ target }) => {
    const row = target instanceof Element ? target.closest("#cell-panel tr[data-line]") : null;
    const tensor = target instanceof Element ? target.closest("a[data-tensor]")?.getAttribute("data-tensor") : null;
    const own = tensor ? document.querySelector(`#cell-panel a[data-tensor="${CSS.escape(tensor)}"]`)?.closest("tr") : null;
    pointAt(Number((row ?? own)?.getAttribute("data-line") ?? 0));
  });
}

addEventListener("popstate", () => show(location.pathname + location.search, { isOther: true }));

for (const button of document.querySelectorAll(".plain-submit")) /** @type {HTMLElement} */ (button).hidden = true;
for (const range of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=range]"))) {
  range.hidden = false;
  placeSlider(range);
}
measurePictures();
setUpProgramCopy();
editor.mark(problemIn(document), messageOfProblem());
showWrongLine(problemIn(document));
