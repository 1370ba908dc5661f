/** The page: every change becomes an address; the address is asked for; the newest answer is shown. */

import { offerCopy, offerPrograms } from "./controls/copy.js";
import { rememberFocus, rememberUnfolded } from "./controls/focus.js";
import { offerFullScreen } from "./picture/fullscreen.js";
import { inspect, listenInMap } from "./controls/values_map.js";
import { completeLinks } from "./page/links.js";
import { phrase } from "./page/phrases.js";
import { offerPlayer, placeScrub } from "./controls/player.js";
import { draw, fit, load, show } from "./picture/plot.js";
import { hideTip, listen } from "./picture/highlight.js";
import { fromTheStart, numberIn, runOf, withChanges } from "./page/query.js";
import { at } from "./page/prefix.js";
import { ask, Failure, Refusal } from "./page/request.js";
import { offerRoom } from "./room/room.js";
import { offerShare } from "./controls/share_menu.js";
import { fillControls, placeSlider, ranges, readSlider } from "./controls/sliders.js";
import { listenForSwipes } from "./picture/swipe.js";
import { colours, followTheme, onThemeChange } from "./controls/theme.js";
import { crossing } from "./picture/transition.js";

const SETTLE_AFTER = 150; // ms of rest after which the whole page is fetched and Plotly draws afresh
const BUSY_AFTER = 600; // ms after which the page says that it is still working
const QUIET_AFTER = 2500; // ms after which a page that nobody touches loads Plotly
const MOST_FLYING = 2; // figures asked for at once: one that is slow does not hold up the next
const RETRY_AFTER = 1000; // ms, at least, before the first new try when the server is gone

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("controls"));

/** The path of the page: the picture alone, or a lesson beside it. */
const here = location.pathname;

let search = withChanges(location.search, {});
/** The last state that the server answered. */
let answered = search;
let plotly = false;
/** Tells the room, if there is one, where the page is. @type {(state: string) => void} */
let tellRoom = () => {};

/**
 * What the visitor does: a click, or an edit, which is all that happens to one control while the focus stays in it.
 * It begins from a state, and is one entry of the history however long it takes.
 *
 * @typedef {{control: HTMLElement | null, from: string, entered: boolean}} Act
 */

/** @type {Act} */
let act = { control: null, from: search, entered: false };
/** What led to the present state. */
let cause = act;

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

/** Which picture has room, as the style sheet says. */
function roomFor() {
  return getComputedStyle(byId("plot")).getPropertyValue("--room");
}

/** It is kept until the frame's width changes: to ask in the middle of a drag costs a layout. */
let format = roomFor();

/** The figure of the present state. @returns {Promise<import("./picture/plot.js").Figure>} */
async function askFigure() {
  const { lang } = document.documentElement;
  const look = { format, theme: colours(), ...(lang !== "en" && { lang }) };
  return (await ask(at(`/diagram.json${withChanges(search, look)}`))).json();
}

/** Show a state at once, then, when nothing newer comes, bring everything on the page up to it.
 * @param {string} next
 * @param {number} [after] ms of rest to wait for
 * @returns {Promise<boolean>} ends when the picture shows it, and says whether it does */
function go(next, after = SETTLE_AFTER) {
  search = next;
  cause = act;
  followTheme(search);
  page.abort();
  for (const timer of [settling, retrying, waiting]) clearTimeout(timer);
  waiting = setTimeout(() => say(phrase("working"), "waiting"), after + BUSY_AFTER);
  settling = setTimeout(() => settle().catch(fail), after);
  tellRoom(next);
  if (!act.entered) enter(); // so that the back button undoes it from now on
  return preview().then(
    () => true,
    (error) => (fail(error), false),
  );
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
    await crossing(search);
    if (mine < shown) return;
    shown = mine;
    byId("sentence").replaceChildren(...figure.layout.meta.sentence.map(word));
    sayStep();
    await show(figure);
    if (runOf(search) === runOf(answered)) showValues(); // another run is not executed at each move
  } finally {
    flying -= 1;
    if (skipped) {
      skipped = false;
      preview().catch(() => {}); // the settling that follows tells
    }
  }
}

/** The step that the picture shows, beside the links to the others. */
function sayStep() {
  const number = document.querySelector("#steps b");
  if (number) number.textContent = Number(numberIn(search, "t")).toLocaleString("en");
}

/** Bring the values of the selected tensor up to the present state. What is wrong with it, others tell. */
function showValues() {
  inspect(search, colours()).catch(() => {});
}

/** Something that is done with a control, and what follows while nothing else is touched: one act.
 * @param {HTMLElement} control @param {Record<string, string | number>} changes */
function change(control, changes) {
  if (act.control !== control) begin(control);
  const next = withChanges(search, changes);
  if (next !== search) go(next);
}

/** @param {Error} error */
function fail(error) {
  if (error.name === "AbortError") return;
  clearTimeout(waiting);
  clearTimeout(settling);
  clearTimeout(retrying);
  if (error instanceof Refusal) {
    search = answered; // the picture is still that one, and the next change begins from there
    begin(null);
    history.replaceState(null, "", here + search);
    return say(error.message);
  }
  const trouble = error instanceof Failure ? error.message : phrase("silent");
  say(`${trouble} ${phrase("stale")}`, "stale");
  const least = Math.max(RETRY_AFTER * Math.min(2 ** failures, 8), error instanceof Failure ? error.after : 0);
  // a class-room's pages must not come back all at once
  retrying = setTimeout(() => go(search, 0), least * (1 + Math.random()));
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
  const html = await (await ask(`${here}${search}${search ? "&" : "?"}only=${format}`, page.signal)).text();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const [theirs, ours] = [fresh, document].map((page) => page.documentElement.dataset.build);
  // the server was renewed: so are script and styles; in another language all words are others
  if (theirs !== ours || fresh.documentElement.lang !== document.documentElement.lang) return location.assign(here + search);
  await crossing(search, page.signal);
  completeLinks(fresh);
  const [refocus, unfold] = [rememberFocus(), rememberUnfolded()];
  if (numberIn(search, "lesson_page") !== numberIn(answered, "lesson_page")) byId("panel").scrollTop = 0; // to be read anew
  for (const region of document.querySelectorAll("[data-live]")) {
    const now = /** @type {HTMLElement} */ (fresh.getElementById(region.id));
    if (region.innerHTML !== now.innerHTML) region.replaceChildren(...now.childNodes); // else nothing is said again
  }
  unfold();
  answered = search;
  enter();
  fillControls(fresh, unfinished);
  placeScrub(search);
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
  showValues();
}

/** Write the state into the history: an edit has one entry. */
function enter() {
  if (search === withChanges(location.search, {})) return;
  if (cause.entered) history.replaceState(null, "", here + search);
  else history.pushState(null, "", here + search);
  cause.entered = true;
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

/** @param {HTMLElement | null} control */
function begin(control) {
  act = { control, from: search, entered: false };
}

form.addEventListener("input", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  const name = input.dataset.for ?? input.name;
  unfinished = null;
  if (act.control !== input) begin(input);
  if (name === "text" || name === "cut") return void go(withChanges(act.from, { ...fromTheStart(), [name]: input.value }));
  // always from where the edit began: time_step pulled down and up again leaves t as it was
  if (input.type === "range") {
    go(withChanges(act.from, { ...fromTheStart(), [name]: readSlider(input) }));
  } else if (input.validity.valid && input.value !== "") {
    for (const range of ranges()) if (range.dataset.for === name) placeSlider(range);
    // without a projection there are fewer tensors
    const gone = name === "num_proj" && input.value === "0" && { tensor: "" };
    const anew = name !== "t" && name !== "seed" && fromTheStart(); // other sizes
    go(withChanges(act.from, { ...anew, [name]: Number(input.value), ...gone }));
  } else {
    unfinished = input;
    say(wanted(input));
  }
});

/** @param {HTMLInputElement} input */
function wanted({ name, min, max }) {
  return phrase(min === max ? "only" : "wanted", { field: name, low: min, high: Number(max).toLocaleString("en") });
}

form.addEventListener("focusout", () => begin(null));
form.addEventListener("pointerdown", ({ target }) => /** @type {Element} */ (target).matches("[type=range]") && begin(null));
form.addEventListener("submit", (event) => event.preventDefault());

// links into the picture, the table and the choices stay on the page

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const row = getSelection()?.isCollapsed ? target.closest("#table tr") : null; // words of it may be copied
  const link = target.closest("a") ?? row?.querySelector("a");
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!link || modified || !link.closest("main, .top h1")) return;
  if (link.hash || link.closest(".whole")) return; // a place on the page; what brings other controls
  const url = new URL(link.getAttribute("href") ?? "", location.href);
  if (url.origin !== location.origin || url.pathname !== here) return;
  event.preventDefault();
  hideTip();
  move(url.search);
  // where the table is far from what it selects
  if (row && matchMedia("(max-width: 760px)").matches) byId("panel").scrollIntoView();
});

addEventListener("popstate", () => {
  if (withChanges(location.search, {}) !== search) move(location.search); // else only the place on the page is another
});

/** @param {string} next */
function move(next) {
  unfinished = null;
  begin(null);
  go(withChanges(next, {}), 0);
}

// swipe, resize, theme

listenForSwipes(byId("frame"));

new ResizeObserver(() => {
  const before = format;
  format = roomFor();
  if (format !== before && (plotly || !document.querySelector(`.picture.${format}`))) go(search);
  fit();
}).observe(byId("frame"));
onThemeChange(() => go(search, 0));

// start

completeLinks(document);
for (const range of ranges()) {
  range.hidden = false;
  placeSlider(range);
}
byId("draw").hidden = true;
/** @type {HTMLInputElement} */ (byId("t")).name = "t"; // without scripts the form does not send it
followTheme(search);
offerCopy(() => location.origin + here + search);
offerPrograms();
offerShare();
offerFullScreen();
offerPlayer({ state: () => search, begin: () => begin(byId("player")), go });
tellRoom = offerRoom({
  state: () => search,
  go: (state) => {
    act = { control: null, from: search, entered: true }; // the way of the teacher is no history of the student's
    go(withChanges(state, {}), 0);
    enter(); // at once, however long the picture takes
  },
  tensor: () => new URLSearchParams(search).get("tensor") || "h",
  tell: say,
});
listenInMap(() => search, change);
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
    say(phrase("unloaded"));
    return;
  }
  plotly = true;
  preview().catch(fail);
}

for (const sign of signs) addEventListener(sign, takeOver, { passive: true });
setTimeout(takeOver, QUIET_AFTER);
