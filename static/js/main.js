/** The page: every change becomes an address; the address is asked for; the newest answer is shown. */

import { offerCopy } from "./copy.js";
import { draw, fit, load, show } from "./plot.js";
import { hideTip, listen } from "./pointing.js";
import { withChanges } from "./query.js";
import { fillControls, placeSlider, ranges, readSlider } from "./sliders.js";

const SETTLE_AFTER = 150; // ms of rest after which the whole page is fetched and Plotly draws afresh
const BUSY_AFTER = 600; // ms after which the page says that it is still working
const QUIET_AFTER = 2500; // ms after which a page that nobody touches loads Plotly
const MOST_FLYING = 2; // figures asked for at once: one that is slow does not hold up the next
const RETRY_AFTER = 1000; // ms, at least, before the first new try when the server is gone

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("controls"));
const dark = matchMedia("(prefers-color-scheme: dark)");

let search = withChanges(location.search, {});
let plotly = false;

/** Timers: when to settle, to try again, to say that it takes long. */
let settling = 0;
let retrying = 0;
/** How often in a row the server did not answer. */
let failures = 0;
let waiting = 0;

/** Figures are numbered as they are asked for; one that is older than what is shown is dropped. */
let asked = 0;
let shown = 0;
/** How many figures are under way, and whether a state was skipped because there were enough. */
let flying = 0;
let skipped = false;
/** Ends the request for a page that is no longer wanted. */
let page = new AbortController();
/** The field whose entry is no valid number (yet): it keeps what was typed, and the page keeps saying what is wrong.
 * @type {HTMLInputElement | null} */
let unfinished = null;

// from here to the server and back

/** Which picture has room: the one that the style sheet shows. */
function roomFor() {
  const shown = [...document.querySelectorAll(".picture")].find((e) => e.getClientRects().length);
  return /** @type {HTMLElement | undefined} */ (shown)?.dataset.format ?? "page";
}

/** It is kept until the frame's width changes: to ask in the middle of a drag costs a layout. */
let format = roomFor();

/** The server understood and says no: asking again does not help. */
class Refusal extends Error {}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<Response>} */
async function ask(path, signal) {
  const answer = await fetch(path, { signal: signal ?? null });
  if (answer.status >= 400 && answer.status < 500) throw new Refusal(`The server refuses this address (${answer.status}).`);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

/** The figure of the present state. @returns {Promise<import("./plot.js").Figure>} */
async function askFigure() {
  const look = { format, theme: dark.matches ? "dark" : "light" };
  return (await ask(`/diagram.json${withChanges(search, look)}`)).json();
}

/** Show a state at once, then, when nothing newer comes, bring everything on the page up to it.
 * @param {string} next
 * @param {number} [after] ms of rest to wait for */
function go(next, after = SETTLE_AFTER) {
  search = next;
  page.abort();
  for (const timer of [settling, retrying, waiting]) clearTimeout(timer);
  waiting = setTimeout(() => say("Working…", "waiting"), after + BUSY_AFTER);
  settling = setTimeout(() => settle().catch(fail), after);
  preview().catch(fail);
}

/** Ask for the figure of the present state and show it, with its sentence, unless a newer one was faster. */
async function preview() {
  if (!plotly) return;
  if (flying >= MOST_FLYING) {
    skipped = true;
    return;
  }
  const mine = ++asked;
  flying += 1;
  try {
    const figure = await askFigure();
    if (mine < shown) return;
    shown = mine;
    byId("sentence").replaceChildren(...figure.layout.meta.sentence.map(word));
    await show(figure);
  } finally {
    flying -= 1;
    if (skipped) {
      skipped = false;
      preview().catch(() => {}); // the settling that follows tells
    }
  }
}

/** @param {Error} error */
function fail(error) {
  if (error.name === "AbortError") return;
  clearTimeout(waiting);
  clearTimeout(settling);
  clearTimeout(retrying);
  if (error instanceof Refusal) return say(error.message, "stale");
  say("The server does not answer. What you see is the last answer; trying again…", "stale");
  // a class-room's pages must not come back all at once
  retrying = setTimeout(() => go(search, 0), RETRY_AFTER * (1 + Math.random()) * Math.min(2 ** failures, 8));
  failures += 1;
}

/** @param {[string, string]} piece */
function word([text, axis]) {
  if (!axis) return text;
  const b = document.createElement("b");
  b.className = axis;
  b.textContent = text;
  return b;
}

/** Replace what the server knows better than the page, and let Plotly draw the same state afresh. */
async function settle() {
  page = new AbortController();
  const html = await (await ask(`/${search}`, page.signal)).text();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const refocus = rememberFocus();
  for (const region of document.querySelectorAll("[data-live]")) {
    region.replaceChildren(.../** @type {HTMLElement} */ (fresh.getElementById(region.id)).childNodes);
  }
  if (search !== withChanges(location.search, {})) history.pushState(null, "", `/${search}`);
  fillControls(fresh, unfinished);
  refocus();
  clearTimeout(waiting);
  failures = 0;
  say(unfinished ? wanted(unfinished) : "");
  if (!plotly) return;
  const state = search;
  const mine = ++asked;
  const figure = await askFigure();
  if (mine < asked || state !== search) return;
  shown = mine;
  await draw(figure);
}

/** Before a region is replaced: how to put the focus back on what had it, or on what is now in its place.
 * @returns {() => void} */
function rememberFocus() {
  const was = document.activeElement;
  const region = was?.closest("[data-live]");
  if (!was || !region) return () => {};
  const links = () => {
    const place = was.matches(".picture *") ? `#${region.id} .picture.${format}` : `#${region.id}`;
    return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`${place} a:not([tabindex])`)]);
  };
  const index = links().indexOf(/** @type {HTMLElement} */ (was));
  const { tensor } = /** @type {HTMLElement} */ (was).dataset;
  return () => {
    const now = links();
    const again = (tensor && now.find((link) => link.dataset.tensor === tensor)) || now[index] || now.at(-1);
    (document.getElementById(was.id) ?? again)?.focus({ preventScroll: true });
  };
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

form.addEventListener("input", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  const name = input.dataset.for ?? input.name;
  unfinished = null;
  if (input.type === "range") {
    go(withChanges(search, { [name]: readSlider(input) }));
  } else if (input.validity.valid && input.value !== "") {
    for (const range of ranges()) if (range.dataset.for === name) placeSlider(range);
    go(withChanges(search, { [name]: Number(input.value) }));
  } else {
    unfinished = input;
    say(wanted(input));
  }
});

/** @param {HTMLInputElement} input */
function wanted({ name, min, max }) {
  return `${name} takes whole numbers from ${min} to ${max}.`;
}

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
  unfinished = null;
  go(withChanges(url.search, {}), 0);
});

addEventListener("popstate", () => {
  unfinished = null;
  go(withChanges(location.search, {}), 0);
});

// swipe, resize, theme

/** Where one finger came down; nothing while there are more. @type {Touch | undefined} */
let finger;
byId("frame").addEventListener(
  "touchstart",
  ({ touches }) => (finger = touches.length === 1 ? touches[0] : undefined),
  { passive: true },
);
byId("frame").addEventListener("touchend", ({ changedTouches: [up] }) => {
  if (!finger || !up) return;
  const across = up.clientX - finger.clientX;
  if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(up.clientY - finger.clientY)) return;
  const step = document.querySelector(`#steps a[rel="${across < 0 ? "next" : "prev"}"]`);
  /** @type {HTMLElement | null} */ (step)?.click();
});

new ResizeObserver(() => {
  const before = format;
  format = roomFor();
  if (plotly && format !== before) go(search);
  fit();
}).observe(byId("frame"));
dark.addEventListener("change", () => go(search, 0));

// start

for (const range of ranges()) {
  range.hidden = false;
  placeSlider(range);
}
byId("draw").hidden = true;
offerCopy(() => `${location.origin}/${search}`);
listen();

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
  } catch {
    say("Plotly could not be loaded; the picture stays as it is.");
    return;
  }
  plotly = true;
  preview().catch(fail);
}

for (const sign of signs) addEventListener(sign, takeOver, { passive: true });
setTimeout(takeOver, QUIET_AFTER);
