/**
 * The pages about a model: /model and /open. A change of a size, a chosen layer and pasted code are sent as the form or the link
 * would be, and the response replaces the content of this page.
 */

import { KEYS, numberOf, placeOf, stopAfter, stopAt, stopsOf, trackOf } from "./controls/sliders.js";
import { Refusal } from "./files/refusal.js";
import { fileSets } from "./model/file_sets.js";
import { fileName, foundLayers, linkSelected, modelPage, nameLayers, nameOtherEnds, nameOwnCells, placeOfBoth, placeOfFile, queryOfModel, sharedNotes, shownFile, tellFixedSizes } from "./model/found_layers.js";
import { withoutOutputs } from "./model/notebook_source.js";
import { isChanged, OpenedFiles } from "./model/opened_files.js";
import { named, prepare, readSets } from "./model/reading_worker.js";
import { byId } from "./page/dom.js";
import { keptState } from "./page/kept_state.js";
import { grouped } from "./page/numbers.js";
import { phrase } from "./page/phrase.js";
import { withPrefix } from "./page/prefix.js";
import { fieldOf, textIn } from "./page/query.js";
import { messageOf, Refusal as Refused, request } from "./page/request.js";
import { FIELDS, listenForKeys } from "./page/key_listener.js";

const SETTLE_AFTER = 150; // ms without input before the request
const SHOW_BUSY_AFTER = 300; // ms

/** What a response may change outside of the content: the languages' links keep the model. */
const REPLACED = ["main", "language-links"];

const content = () => byId("main");

/** @returns {HTMLTextAreaElement | null} */
const sourceField = () => document.querySelector("#source");

const address = () => location.pathname + location.search;

/** Whether this is the page that reads code. */
const isOpenPage = () => location.pathname === withPrefix("/open");

let timer = 0;
let busy = 0;
let newest = new AbortController();
/** The address whose content is shown: a step in the history that only changes the part after # keeps the content. */
let shown = address();
const opened = new OpenedFiles();
/** The file of each model that is shown, if it has one.
 * @type {(import("./model/found_layers.js").ShownFile | null)[]} */
let files = [];
/** Whether the page shows code that was sent, of which the address says nothing. */
let isOfCode = false;
/** The state of its entry in the history. @type {{sent: string} | null} */
let code = null;
/** The sentence while “Reading…” is in its place.
 * @type {ChildNode[] | null} */
let sentence = null;

function showBusy() {
  sentence ??= [...byId("sentence").childNodes];
  byId("sentence").replaceChildren(phrase("reading"));
}

/** Request a page and show its content here.
 * @param {string} path @param {URLSearchParams} [body] a form to post @param {boolean} [adds] whether it is an entry of its
 * own in the history */
async function show(path, body, adds = false) {
  newest.abort();
  newest = new AbortController();
  const { signal } = newest;
  clearTimeout(timer);
  clearTimeout(busy);
  busy = setTimeout(showBusy, SHOW_BUSY_AFTER);
  try {
    const response = await request(path, signal, body ? "POST" : "GET", body);
    const text = await response.text();
    if (signal.aborted) return;
    clearTimeout(busy);
    if (!body) {
      if (adds) history.pushState(null, "", response.url);
      else history.replaceState(null, "", response.url);
    } else keepSent(path, String(body));
    shown = address();
    sentence = null;
    isOfCode = body !== undefined;
    replaceWith(new DOMParser().parseFromString(text, "text/html"));
  } catch (error) {
    if (signal.aborted) return; // the next request shows and ends “Reading…”
    endBusy();
    say(messageOf(error));
  }
}

/** Keep the code that was sent in the history of this tab, where no address has it: so it is here again after Back and Forward.
 * @param {string} path @param {string} sent */
function keepSent(path, sent) {
  code = { sent };
  if (isOpenPage()) history.replaceState(code, "");
  else history.pushState(code, "", path);
}

/** Show the content of an address, or the answer to the code that was sent from there. */
function showAgain() {
  const sent = isOpenPage() ? history.state?.sent : undefined;
  show(address(), sent && new URLSearchParams(sent));
}

/** Show the sentence again. */
function endBusy() {
  clearTimeout(busy);
  if (sentence) byId("sentence").replaceChildren(...sentence);
  sentence = null;
}

/** A selector of the element in the next content that has the part of the focused one. @param {Element} focused */
function sameIn(focused) {
  if (focused.id) return `#${focused.id}`;
  const part = focused.getAttribute("data-part");
  return part && `${focused.closest(".hits") ? ".hits" : ".layer-table"} [data-part="${part}"]`;
}

/** Show the content of another page. The focus stays, with what is being written.
 * @param {Document} fresh */
function replaceWith(fresh) {
  const focused = document.activeElement;
  const isHere = focused !== null && content().contains(focused);
  const place = isHere ? sameIn(focused) : "";
  const written = focused instanceof HTMLInputElement && focused.type === "number" ? focused.value : "";
  for (const id of REPLACED) {
    const [now, other] = [document.getElementById(id), fresh.getElementById(id)];
    if (!now || !other) continue;
    now.className = other.className;
    now.replaceChildren(...other.childNodes);
  }
  document.title = fresh.title;
  setUp();
  byId("announced").textContent = byId("sentence").textContent;
  const same = [...(place ? content().querySelectorAll(place) : [])].find((e) => e.getClientRects().length);
  const target = same ?? (isHere ? content() : null);
  if (target instanceof HTMLElement || target instanceof SVGElement) target.focus({ preventScroll: true });
  if (written && target instanceof HTMLInputElement) {
    target.value = ""; // so that the caret is behind what is written
    target.value = written;
  }
}

/** Where messages are that are not about a file. @type {ParentNode | null} */
let placeOfMessages = null;

/** Show a message, or none. @param {string} text @param {boolean} [isOfFile] whether it stands where files are chosen */
function say(text, isOfFile = false) {
  const place = document.getElementById("problem");
  if (!place) return;
  const dropPlace = content().querySelector(".drop-place");
  if (!place.closest("#files")) placeOfMessages = place.parentElement;
  if (isOfFile) dropPlace?.after(place);
  else if (place.parentElement !== placeOfMessages) placeOfMessages?.append(place);
  place.textContent = text;
}

/** Whether source code has more bytes than are read. @param {string} source */
const isTooLong = (source) => new Blob([source]).size > Number(filePlace().most);

/** Send a form, and show the response. Source code is in no address.
 * @param {HTMLFormElement} form @param {{adds?: boolean, button?: HTMLElement | null}} [how] adds: whether the page is an entry
 * of its own in the history; button: the one that was pressed */
function submit(form, { adds = false, button = null } = {}) {
  const data = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (button instanceof HTMLButtonElement && button.name) data.set(button.name, button.value);
  const isCodeOf = (/** @type {string} */ name) => isCode(data.get(name) ?? "");
  if (form.method !== "post" && (isCodeOf("model") || isCodeOf("beside"))) return showCode(data);
  if (form.method !== "post") return show(`${new URL(form.action).pathname}?${data}`, undefined, adds);
  if (data.has("source")) data.set("source", withoutOutputs(data.get("source") ?? ""));
  if (isTooLong(data.get("source") ?? "")) return say(phrase("long"));
  return show(form.action, data);
}

/** Whether a text is source code: a chain of layers has none of this. @param {string} text */
const isCode = (text) => /\n/.test(text.trim()) || /[:"'[\]{}#]|^\s*\w+\s*=|\w\(\s*\w[\w.]*\(/.test(text);

/** Show code that was written in place of a model, or compare it. @param {URLSearchParams} data the fields of the form */
async function showCode(data) {
  const { model = "", beside, framework = "", beside_framework: own = "", ...more } = Object.fromEntries([...data].filter(([, text]) => text));
  if (beside === undefined) {
    if (isTooLong(model)) return say(phrase("long"));
    return show(withPrefix(`/open${filePlace().kept}`), new URLSearchParams({ source: model }));
  }
  const others = { model: beside, framework: fieldOf("beside_framework").default === own ? framework : own };
  return whileReading(async (signal) => {
    const areCode = [model, beside].map(isCode);
    const [one, other] = await Promise.all([{ model, framework }, others].map((fields, n) => (areCode[n] ? modelIn(fields.model) : { ...more, ...fields })));
    if (signal.aborted) return;
    keepFiles([one, other], files.map((file, n) => (areCode[n] ? null : file)));
    await show(withPrefix(`/model${queryOfModel(filePlace().kept, placeOfBoth({ ...more, ...one }, { ...more, ...other }))}`), undefined, true);
  });
}

/** Submit the form of the sizes after the last change. An older response does not replace the fields that are being changed. */
function submitSoon() {
  clearTimeout(timer);
  newest.abort();
  endBusy();
  timer = setTimeout(() => {
    const form = /** @type {HTMLFormElement | null} */ (document.getElementById("sizes"));
    if (form?.checkValidity()) submit(form);
  }, SETTLE_AFTER);
}

/** Move a slider to the value of its field; to the default, if the size is not known. @param {HTMLInputElement} range */
function place(range) {
  const value = Number(numberOf(range).value || fieldOf(range.dataset.for ?? "").default);
  range.value = String(placeOf(trackOf(range), value));
  describe(range);
}

/** @param {HTMLInputElement} range */
function describe(range) {
  range.setAttribute("aria-valuetext", numberOf(range).value || "?");
}

/** Show the sliders and the files, after the content has changed. */
function setUp() {
  for (const hint of content().querySelectorAll(".without-scripts")) /** @type {HTMLElement} */ (hint).hidden = true;
  for (const place of content().querySelectorAll(".drop-place")) /** @type {HTMLElement} */ (place).hidden = false;
  showFiles();
  for (const button of content().querySelectorAll(".plain-submit")) /** @type {HTMLElement} */ (button).hidden = true;
  for (const range of /** @type {NodeListOf<HTMLInputElement>} */ (content().querySelectorAll("input[type=range]"))) {
    range.hidden = false;
    place(range);
  }
}

/** The links of the layers that are shown, from the output to the input.
 * @returns {SVGAElement[]} */
const layerLinks = () => [.../** @type {NodeListOf<SVGAElement>} */ (content().querySelectorAll(".hits a[data-part]"))].filter((a) => a.getClientRects().length);

/** @param {Element} link of a layer */
const isCurrent = (link) => Boolean(link.ariaCurrent || link.getAttribute("aria-current"));

/** Select a layer: with code, this page is sent again with another part; otherwise its link is opened here.
 * @param {Element} link an element with the link and the number of a layer */
function select(link) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("part"));
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("sizes"));
  if (field && form?.method === "post") {
    field.value = link.getAttribute("data-part") ?? "0";
    return void submit(form);
  }
  return void show(link.getAttribute("href") ?? "", undefined, true);
}

/** Mark the layer and the lines of code that belong to an element under the pointer. @param {EventTarget | null} target */
function pointAt(target) {
  const element = target instanceof Element ? target.closest("[data-part], [data-parts]") : null;
  const parts = element?.getAttribute("data-part")?.split(" ") ?? element?.getAttribute("data-parts")?.split(" ") ?? [];
  for (const line of content().querySelectorAll("[data-parts]")) {
    const own = line.getAttribute("data-parts")?.split(" ") ?? [];
    line.classList.toggle("pointed-at", own.some((part) => parts.includes(part)));
  }
  const isLine = element?.hasAttribute("data-parts");
  for (const link of layerLinks()) link.classList.toggle("pointed-at", Boolean(isLine && parts.includes(link.dataset.part ?? "")));
}

/** What the server says about files, and the query that links keep. */
function filePlace() {
  const { known = "{}", kept = "", most = "0" } = byId("files").dataset;
  return { known: /** @type {import("./model/found_layers.js").Known} */ (JSON.parse(known)), kept, most };
}

/** Show the files beside their models, as long as these are on the page. */
function showFiles() {
  const models = ["model", "beside"].map((name) => textIn(location.search, name));
  const found = (files = isOfCode ? [] : opened.of(models));
  const { known, kept } = filePlace();
  const page = modelPage(content(), textIn(location.search, "framework"));
  const sections = found.flatMap((file, n) => (file ? foundLayers(file, known, kept, page, isChanged(file, models[n] ?? "")) : []));
  const file = found.find(Boolean);
  if (file && page) nameOtherEnds(content(), file);
  if (file && page) tellFixedSizes(content(), file);
  const part = Number(textIn(location.search, "part"));
  if (file && page) nameOwnCells(content(), file, part);
  if (file && page) nameLayers(content(), file);
  if (file && page) linkSelected(content(), file, part, known, kept, page);
  const places = content().querySelectorAll(".compared-model");
  if (places.length) byId("files").before(...sharedNotes(sections));
  const rest = [...sections];
  found.forEach((file, n) => {
    if (!file || !places.length) return;
    places[n]?.querySelector("h2")?.append(" ", fileName(file));
    places[n]?.append(rest.shift() ?? "");
  });
  content().querySelector(".chain-source")?.prepend(...sections);
}

/** The fields of the model that a page shows: as in its link for comparing, or in the form of a comparison.
 * @param {Document} page @returns {Record<string, string>} */
function modelOn(page) {
  const link = page.querySelector(".views a[href*='beside=']")?.getAttribute("href");
  const form = /** @type {HTMLFormElement | null} */ (page.getElementById("sizes"));
  const fields = link ? new URLSearchParams(link.slice(link.indexOf("?"))) : form ? new FormData(form) : [];
  const values = [...fields].filter(([name, value]) => value && !name.startsWith("beside"));
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
}

/** The model in source code. @param {string} source */
async function modelIn(source) {
  if (isTooLong(source)) throw new Refusal("long");
  const response = await request(withPrefix(`/open${filePlace().kept}`), undefined, "POST", new URLSearchParams({ source }));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = modelOn(page);
  if (!found.model) throw new Refused(page.getElementById("sentence")?.textContent ?? "");
  return found;
}

/** Files with source code, which alone are sent to the server. */
const CODE = /\.(?:py|ipynb|txt)$/i;

/** Bytes of the file of a notebook, with all that running it has shown. */
const MOST_OF_NOTEBOOK = 2 ** 26;

/** The source code in a file. @param {File} file */
async function codeIn(file) {
  if (!CODE.test(file.name)) throw new Refusal("fileUnknown");
  if (file.size > MOST_OF_NOTEBOOK) throw new Refusal("long");
  const source = withoutOutputs(await file.text());
  if (isTooLong(source)) throw new Refusal("long");
  return source;
}

/** Open one or two models. @param {File[]} chosen @param {boolean} [isBeside] whether one is compared with the model that is shown */
const open = (chosen, isBeside = false) =>
  whileReading(async (signal) => {
    const { known, kept } = filePlace();
    const sets = await readSets(fileSets(chosen), isBeside ? 1 : 2);
    const read = sets.map(({ set, read }) => ({ set, shown: shownFile(set, read, known) }));
    const isAlone = read.length === 1;
    const [first] = read;
    if (first && !first.shown && isAlone && !isBeside) {
      const source = await codeIn(first.set.files[0]);
      return signal.aborted ? undefined : await show(withPrefix(`/open${kept}`), new URLSearchParams({ source }));
    }
    const found = await Promise.all(read.map(({ set, shown }) => (shown ? placeOfFile(shown) : named(set, codeIn(set.files[0]).then(modelIn), isAlone))));
    if (signal.aborted) return;
    const [one, other] = isBeside ? [modelOn(document), ...found] : found;
    const ofFiles = [...(isBeside ? [files[0] ?? null] : []), ...read.map(({ shown }) => shown)];
    keepFiles([one, other], ofFiles);
    const part = first?.shown?.first ?? 0;
    const models = other ? placeOfBoth(one ?? {}, other) : { ...one, part };
    await show(withPrefix(`/model${queryOfModel(kept, models)}`), undefined, true);
  }, true);

/** Keep the files of models, and which of these have none. @param {(Record<string, string> | undefined)[]} models
 * @param {(import("./model/found_layers.js").ShownFile | null)[]} ofFiles */
function keepFiles(models, ofFiles) {
  const all = models.flatMap((fields, n) => (fields ? ofFiles[n] ?? { text: fields.model ?? "" } : []));
  if (all.length > 1 || ofFiles[0]) opened.add(all);
}

/** Read models, or say why they are not read. @param {(signal: AbortSignal) => Promise<void>} read @param {boolean} [isOfFile] whether files are chosen */
async function whileReading(read, isOfFile = false) {
  newest.abort();
  const { signal } = (newest = new AbortController());
  clearTimeout(busy);
  busy = setTimeout(showBusy, SHOW_BUSY_AFTER);
  say("");
  try {
    await read(signal);
  } catch (error) {
    if (signal.aborted) return;
    endBusy();
    say(error instanceof Refusal ? refusalText(error) : messageOf(error), isOfFile);
  } finally {
    if (isOfFile) whenIdle(prepare); // for the next file
  }
}

/** Call a function when the browser has nothing else to do. Safari does not say when. @param {() => void} run */
const whenIdle = (run) => ("requestIdleCallback" in window ? requestIdleCallback(run) : setTimeout(run, SETTLE_AFTER));

/** @param {Refusal} refusal */
function refusalText({ reason, values, file }) {
  const texts = Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? grouped(value) : value]);
  return (file && `${file}: `) + phrase(reason, Object.fromEntries(texts));
}

/** Put text into the field for code, and read it. @param {string} text */
function read(text) {
  const field = sourceField();
  if (!field?.form || !text.trim()) return;
  field.value = withoutOutputs(text);
  submit(field.form);
}

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.form?.id !== "sizes" && target.type !== "range") return;
  if (target.type === "range") {
    numberOf(target).value = String(stopAt(trackOf(target), stopsOf(target), Number(target.value)));
    describe(target);
  } else if (target.type === "number" && target.matches(".control *")) {
    const range = /** @type {HTMLInputElement | null} */ (content().querySelector(`[data-for="${target.id}"]`));
    if (range) place(range);
  } else {
    return;
  }
  submitSoon();
});

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.closest(".drop-place")) {
    if (target.files?.length) open([...target.files], target.id === "file-beside");
    target.value = ""; // so that the same file can be chosen again
    return;
  }
  const isChoice = target instanceof HTMLSelectElement;
  const isUnknownSize = target instanceof HTMLInputElement && target.matches(".unknown-size input") && target.checkValidity();
  if ((isChoice || isUnknownSize) && target.form?.id === "sizes") submit(target.form);
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!content().contains(form) || form.hasAttribute("data-leaves")) return; // to a page with scripts of its own
  event.preventDefault();
  submit(form, { adds: true, button: event.submitter });
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[data-part]") : null;
  if (!link) return;
  event.preventDefault();
  select(link);
});

document.addEventListener("pointerover", ({ target }) => pointAt(target));
document.addEventListener("focusin", ({ target }) => pointAt(target));

document.addEventListener("keydown", (event) => {
  const range = event.target;
  const by = KEYS[event.key];
  if (!(range instanceof HTMLInputElement && range.type === "range") || !by) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  event.preventDefault();
  numberOf(range).value = String(stopAfter(stopsOf(range), Number(numberOf(range).value), by));
  place(range);
  submitSoon();
});

listenForKeys({
  "Ctrl+Enter": ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement && target.form)) return false;
    submit(target.form, { adds: true });
    return true;
  },
  ArrowUp: (event) => selectBeside(event, -1),
  ArrowDown: (event) => selectBeside(event, 1),
  Enter: openLayer,
});

/** Select a neighbour of the layer that is selected. @param {KeyboardEvent} event @param {number} by @returns whether there is one */
function selectBeside(event, by) {
  const target = /** @type {HTMLElement} */ (event.target);
  const links = layerLinks();
  const next = links[links.findIndex(isCurrent) + by];
  if (!next || !(target === document.body || target === content() || target.closest(".hits"))) return false;
  if (target.closest(".hits")) next.focus();
  select(next);
  return true;
}

/** Open the layer that is selected. @param {KeyboardEvent} event @returns whether there is one */
function openLayer(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const links = layerLinks();
  const isOfLayer = target === document.body || links.indexOf(/** @type {any} */ (target)) === links.findIndex(isCurrent);
  const opened = document.getElementById("open-layer");
  if (!isOfLayer || target.matches("[type=range]") || !opened) return false;
  opened.click();
  return true;
}

document.addEventListener("paste", (event) => {
  const field = sourceField();
  const target = /** @type {Element} */ (event.target);
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (target instanceof HTMLTextAreaElement && target.form && target.matches("#model, #beside") && isCode(text)) {
    event.preventDefault();
    target.value = text; // all of it: the field has room for a chain
    return void submit(target.form, { adds: true });
  }
  const isHere = target === field && !field?.value;
  if (!field || (target.matches(FIELDS) && !isHere)) return;
  event.preventDefault();
  read(text);
});

/** Mark the place over which a file is dragged. @param {EventTarget | null} target */
function dragOver(target) {
  const over = target instanceof Element ? target.closest(".drop-place") : null;
  for (const place of content().querySelectorAll(".drop-place")) place.classList.toggle("dragged-over", place === over);
}

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  dragOver(event.target);
});
document.addEventListener("dragenter", prepare);
for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, ({ target }) => target instanceof Element && target.closest(".drop-place") && prepare());
}
document.addEventListener("drop", (event) => {
  event.preventDefault();
  dragOver(null);
  const place = event.target instanceof Element ? event.target.closest(".drop-place") : null;
  const dropped = [...(event.dataTransfer?.files ?? [])];
  if (dropped.length) open(dropped, place?.matches(".beside"));
  else if (sourceField()) read(event.dataTransfer?.getData("text/plain") ?? "");
});

addEventListener("popstate", () => {
  if (address() !== shown) showAgain();
  else if (isOfCode) history.replaceState(code, ""); // another part of the same page
});

setUp();
if (isOpenPage()) whenIdle(prepare); // a refusal takes less time than the start of a worker
if (isOpenPage() && keptState()?.sent) showAgain();
