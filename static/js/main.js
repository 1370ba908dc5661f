/** The page: every change becomes an address; the address is asked for; the newest answer is shown. */

import { fieldOf, nearestStop, withChanges } from "./query.js";
import { draw, fit, load, show } from "./plot.js";

const SETTLE_AFTER = 150; // ms of rest after which the whole page is fetched and Plotly draws afresh

const BUSY_AFTER = 600; // ms after which the page says that it is still working
const QUIET_AFTER = 2500; // ms after which a page that nobody touches loads Plotly
const RETRY_AFTER = 2000; // ms between two tries when the server is gone

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("controls"));
const dark = matchMedia("(prefers-color-scheme: dark)");

let search = withChanges(location.search, {});
/** The requests of the newest change; those of older ones are dropped. */
let asked = new AbortController();
let settling = 0;
let retrying = 0;
let waiting = 0;
let plotly = false;

// from here to the server and back

/** Which picture has room: the one that the style sheet shows. */
function format() {
  const shown = [...document.querySelectorAll(".picture")].find((e) => e.getClientRects().length);
  return /** @type {HTMLElement | undefined} */ (shown)?.dataset.format ?? "page";
}

/** @param {string} path @returns {Promise<Response>} */
async function ask(path) {
  const answer = await fetch(path, { signal: asked.signal });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

function figurePath() {
  return `/diagram.json${withChanges(search, { format: format(), theme: dark.matches ? "dark" : "light" })}`;
}

/** Show a state at once, then, when nothing newer comes, bring everything on the page up to it.
 * @param {string} next
 * @param {{push?: boolean, after?: number}} [how] */
async function go(next, { push = false, after = SETTLE_AFTER } = {}) {
  search = next;
  asked.abort();
  asked = new AbortController();
  for (const timer of [settling, retrying, waiting]) clearTimeout(timer);
  waiting = setTimeout(() => say("Working…", "waiting"), BUSY_AFTER);
  try {
    const settled = new Promise((resolve) => (settling = setTimeout(resolve, after)));
    if (plotly) await show(await preview());
    await settled;
    await settle(push);
    say("");
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") return;
    say("The server does not answer. What you see is the last answer; trying again…", "stale");
    retrying = setTimeout(() => go(search, { push, after: 0 }), RETRY_AFTER);
  } finally {
    if (next === search) clearTimeout(waiting);
  }
}

/** The figure of the present state; its sentence is shown with it. */
async function preview() {
  const figure = await (await ask(figurePath())).json();
  byId("sentence").replaceChildren(...figure.layout.meta.sentence.map(word));
  return figure;
}

/** @param {[string, string]} piece */
function word([text, axis]) {
  if (!axis) return text;
  const b = document.createElement("b");
  b.className = axis;
  b.textContent = text;
  return b;
}

/** Replace what the server knows better than the page, and let Plotly draw the same state afresh.
 * @param {boolean} push */
async function settle(push) {
  const html = await (await ask(`/${search}`)).text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement?.id || document.activeElement?.getAttribute("data-tensor");
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(region.id);
    if (fresh) region.replaceChildren(...fresh.childNodes);
  }
  if (push && search !== location.search) history.pushState(null, "", `/${search}`);
  fillControls(page);
  refocus(focused);
  if (plotly) await draw(await (await ask(figurePath())).json());
}

/** Put the focus back on what had it, where that was replaced.
 * @param {string | null | undefined} key */
function refocus(key) {
  if (!key || document.activeElement !== document.body) return;
  const again = document.getElementById(key) ?? document.querySelector(`.picture.${format()} a[data-tensor="${key}"]`);
  /** @type {HTMLElement | null} */ (again)?.focus();
}

/** Say how it goes: nothing, "waiting" for an answer, or "stale" where the picture is older than the controls.
 * @param {string} message
 * @param {"" | "waiting" | "stale"} state */
function say(message, state = "") {
  const line = byId("trouble");
  line.textContent = message;
  line.hidden = !message;
  line.classList.toggle("waiting", state === "waiting");
  byId("frame").classList.toggle("stale", state === "stale");
}

// controls

/** @param {HTMLInputElement} range */
function stopsOf(range) {
  return fieldOf(range.dataset.for ?? "").stops ?? [];
}

/** @returns {NodeListOf<HTMLInputElement>} */
const ranges = () => form.querySelectorAll("input[type=range]");

/** Numbers and sliders as the state has them.
 * @param {Document} page */
function fillControls(page) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=number]"))) {
    const value = /** @type {HTMLInputElement} */ (page.getElementById(input.id)).getAttribute("value") ?? "";
    if (input !== document.activeElement || !input.validity.valid) input.value = value;
  }
  for (const range of ranges()) placeSlider(range);
}

/** @param {HTMLInputElement} range */
function placeSlider(range) {
  const number = byId(range.dataset.for ?? "");
  const value = Number(/** @type {HTMLInputElement} */ (number).value);
  if (range !== document.activeElement) range.value = String(nearestStop(stopsOf(range), value));
  describeSlider(range, String(value));
}

/** What a slider says to a screen reader, and how far its track is filled.
 * @param {HTMLInputElement} range @param {string} value */
function describeSlider(range, value) {
  range.setAttribute("aria-valuetext", value);
  range.style.setProperty("--filled", `${(100 * Number(range.value)) / Number(range.max)}%`);
}

form.addEventListener("input", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  const name = input.dataset.for ?? input.name;
  if (input.type === "range") {
    const number = /** @type {HTMLInputElement} */ (byId(name));
    number.value = String(stopsOf(input)[Number(input.value)]);
    describeSlider(input, number.value);
    go(withChanges(search, { [name]: number.value }), { push: true });
  } else if (input.validity.valid && input.value !== "") {
    for (const range of ranges()) if (range.dataset.for === name) placeSlider(range);
    go(withChanges(search, { [name]: Number(input.value) }), { push: true });
  } else {
    say(`${name} takes whole numbers from ${input.min} to ${input.max}.`);
  }
});

form.addEventListener("submit", (event) => event.preventDefault());

// links into the picture, the table and the choices stay on the page

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!link || modified || !link.closest("main, .top h1")) return;
  const url = new URL(link.getAttribute("href") ?? "", location.href);
  if (url.origin !== location.origin || url.pathname !== "/") return;
  event.preventDefault();
  hideTip();
  go(withChanges(url.search, {}), { push: true, after: 0 });
});

addEventListener("popstate", () => go(withChanges(location.search, {}), { after: 0 }));

// what is pointed at: the same tensor lights up in the picture and in the table, and says what it is

/** @param {Event} event */
function light(event) {
  const from = /** @type {Element} */ (event.target).closest?.("[data-tensor]");
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  hideTip();
  const id = from?.getAttribute("data-tensor");
  if (!from || !id) return;
  const step = from.getAttribute("data-t") ?? new URLSearchParams(search).get("t");
  for (const shape of document.querySelectorAll(".hits a")) {
    const { tensor, also, t } = /** @type {HTMLElement} */ (shape).dataset;
    const same = tensor === id || also?.split(" ").includes(id);
    shape.classList.toggle("lit", same === true && (from.tagName !== "a" || t === step));
  }
  document.querySelector(`tr[data-tensor="${id}"]`)?.classList.add("lit");
  if (from.closest(".hits")) showTip(from, id);
}

/** @param {Element} at @param {string} id */
function showTip(at, id) {
  const row = document.querySelector(`tr[data-tensor="${id}"]`);
  const cells = [...(row?.querySelectorAll("td") ?? [])];
  if (!cells.length) return;
  const tip = byId("tip");
  const heads = ["", "", "", "", "used by "];
  tip.replaceChildren(
    ...cells
      .map((cell, k) => {
        const line = document.createElement("p");
        line.className = cell.className;
        line.append(heads[k] ?? "", ...[...cell.childNodes].map((n) => n.cloneNode(true)));
        return line;
      })
      .filter((line, k) => line.textContent !== heads[k]),
  );
  tip.hidden = false;
  const box = at.getBoundingClientRect();
  const left = Math.min(box.right + 12, innerWidth - tip.offsetWidth - 8);
  const below = box.bottom + 10 + tip.offsetHeight < innerHeight;
  tip.style.left = `${scrollX + Math.max(8, left)}px`;
  tip.style.top = `${scrollY + (below ? box.bottom + 10 : Math.max(8, box.top - tip.offsetHeight - 10))}px`;
}

function hideTip() {
  byId("tip").hidden = true;
}

for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, light);
addEventListener("keydown", ({ key }) => key === "Escape" && hideTip());

// copy, swipe, resize, theme

const copy = byId("copy");
copy.addEventListener("click", async () => {
  await copyText(`${location.origin}/${search}`);
  copy.textContent = "Copied";
  setTimeout(() => (copy.textContent = "Copy link"), 1500);
});

/** @param {string} text */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // in a class-room's network there is no https, so no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  copy.focus();
}

let swipeFrom = 0;
byId("frame").addEventListener("touchstart", ({ touches }) => (swipeFrom = touches[0]?.clientX ?? 0), { passive: true });
byId("frame").addEventListener("touchend", ({ changedTouches }) => {
  const moved = (changedTouches[0]?.clientX ?? 0) - swipeFrom;
  if (Math.abs(moved) < 60) return;
  const query = new URLSearchParams(search);
  const timeStep = Number(query.get("time_step") ?? fieldOf("time_step").default);
  const t = Number(query.get("t") ?? Math.min(2, timeStep - 1)) - Math.sign(moved);
  if (t >= 0 && t < timeStep) go(withChanges(search, { t }), { push: true, after: 0 });
});

let width = 0;
new ResizeObserver(([entry]) => {
  const now = entry?.contentRect.width ?? 0;
  if (plotly && width && now !== width) go(search);
  width = now;
  fit();
}).observe(byId("frame"));
dark.addEventListener("change", () => go(search, { after: 0 }));

// start

for (const range of ranges()) {
  range.hidden = false;
  placeSlider(range);
}
byId("draw").hidden = true;
copy.hidden = false;

// Plotly is large and the picture is there already: it is fetched when somebody moves, or when all is quiet.

const script = /** @type {HTMLLinkElement} */ (byId("plotly.js-style-global")).href.replace("plotly.css", "plotly.min.js");
const signs = ["pointermove", "pointerdown", "keydown", "touchstart"];
let begun = false;

async function takeOver() {
  if (begun) return;
  begun = true;
  for (const sign of signs) removeEventListener(sign, takeOver);
  try {
    await load(script);
    plotly = true;
    await draw(await preview());
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") say("Plotly could not be loaded; the picture stays as it is.");
  }
}

for (const sign of signs) addEventListener(sign, takeOver, { passive: true });
setTimeout(takeOver, QUIET_AFTER);
