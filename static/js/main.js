/** The main page: sets up its parts and loads Plotly. */

import { setUpCopy, setUpProgramCopy } from "./controls/copy.js";
import { setUpFields } from "./controls/edits_by_fields.js";
import { setUpSentence } from "./controls/num_units_in_sentence.js";
import { setUpMenus } from "./controls/menus.js";
import { setUpPlayer } from "./controls/player.js";
import { setUpSheet } from "./controls/bottom_sheet.js";
import { setUpDeselection, setUpSelection } from "./controls/selection.js";
import { Theme } from "./controls/theme.js";
import { setUpValuesMap } from "./controls/values_map.js";
import { PageDisplay } from "./page_display.js";
import { byId, isLocked } from "./page/dom.js";
import { EditHistory } from "./page/history.js";
import { completeLinks } from "./page/links.js";
import { phrase } from "./page/phrase.js";
import { differInSizes, textIn, withChanges } from "./page/query.js";
import { showStatus } from "./page/status_line.js";
import { Store } from "./page/page_state.js";
import { setUpFullScreen } from "./picture/fullscreen.js";
import { setUpHighlight } from "./picture/highlight.js";
import { loadScript, Plot } from "./picture/plot.js";
import { listenForSwipes } from "./picture/swipe.js";
import { hideTip } from "./picture/tip_place.js";
import { Transition } from "./picture/transition.js";
import { setUpRoom } from "./room/open_or_join.js";
import { setUpShortcuts } from "./shortcuts.js";
import { untrained } from "./training/state.js";
import { Updates } from "./state_changes.js";

const IDLE_AFTER = 2500; // ms after which Plotly is loaded without any input
const REQUEST_AFTER = 500; // ms, at least, after the last size of a leader
const INPUT_EVENTS = ["pointermove", "pointerdown", "keydown", "touchstart"];

function start() {
  document.documentElement.classList.add("scripted"); // for the style sheets
  const path = location.pathname; // the same script runs at / and at the paths of lessons, questions and rooms
  const store = new Store(location.search);
  const edits = new EditHistory(store, path);
  const theme = new Theme();
  const plot = new Plot(/** @type {Plotly.PlotElement} */ (byId("plot")), byId("frame"));
  const display = new PageDisplay(store, path, { plot, theme, view: new Transition(store.present) });
  const updates = new Updates(store, edits, display);
  const state = () => store.present;

  completeLinks(document);
  theme.follow(store.present);
  store.onChange((next) => theme.follow(next));
  setUpFields(store, edits, (next) => updates.go(untrained(next)));
  setUpSentence();
  setUpSheet();
  const address = () => location.origin + path + (store.shared || store.present);
  setUpCopy(address);
  setUpProgramCopy();
  setUpMenus();
  const fullScreen = setUpFullScreen();
  const player = setUpPlayer({
    state,
    begin: () => edits.begin(byId("player")),
    go: (next) => updates.go(next),
    goCompletely: (next) => updates.goCompletely(next),
    onChange: (listener) => store.onChange(listener),
  });
  const follows = followTrainings(store, edits, updates, address);
  setUpHighlight();
  const deselect = setUpDeselection(state, (next) => updates.follow(next));
  setUpShortcuts({ fullScreen, player, deselect });
  store.onChange(hideTip); // it describes the state before
  listenForSwipes(byId("frame"));
  setUpValuesMap(state, (control, changes) => updates.change(control, changes));
  const moved = setUpRoom({
    state,
    go: (next) => {
      edits.beginUnrecorded(); // the leader's changes get no entries in a student's history
      // while the leader drags, the page draws each state itself and requests the last one; a class does not do so at the same moment
      const after = differInSizes(store.present, next) ? REQUEST_AFTER * (1 + Math.random()) : undefined;
      void updates.go(withChanges(next, {}), after);
      edits.enter(); // update the address now: the picture may take long
    },
    tensor: () => new URLSearchParams(store.present).get("tensor") || "h",
    showStatus,
  });
  store.onChange(moved);

  setUpSelection(path, (search) => follows(withChanges(search, {})) || updates.follow(search));
  edits.onTraverse((previous) => (isLocked(byId("frame")) ? edits.replace() : updates.follow(previous)));
  theme.onChange(() => updates.go(store.present, 0));
  followWidth(store, plot, updates);
  for (const type of ["pointerover", "focusin"]) {
    byId("controls").addEventListener(type, ({ target }) => {
      const control = /** @type {Element} */ (target).closest(".control");
      const { for: name } = /** @type {HTMLElement | null} */ (control?.querySelector("[data-for]"))?.dataset ?? {};
      if (name && updates.isLive) display.prepareFor(name);
    });
    byId("pictures").addEventListener(type, ({ target }) => {
      if (/** @type {Element} */ (target).closest(".size-axis") && updates.isLive) display.prepareFor("num_units");
    });
    byId("sentence").addEventListener(type, () => updates.isLive && display.prepareFor("num_units")); // its number drags
  }
  // also when it is moved: the pointer may have been there since other sizes were shown
  for (const type of ["pointerover", "focusin", "input"]) byId("scrub").addEventListener(type, () => updates.isLive && display.prepareFor("t"));
  loadPlotly(updates);
}

/** The scripts of the view of a training are loaded when it is first shown.
 * @param {Store} store @param {EditHistory} edits @param {Updates} updates @param {() => string} address of the page, as it is shared
 * @returns {(next: string) => boolean} whether a link starts a training */
function followTrainings(store, edits, updates, address) {
  /** @type {((next: string) => boolean) | null} */
  let follows = null;
  let isLoading = false;
  let isPressed = false; // the button, before its script was there
  const form = /** @type {HTMLFormElement} */ (byId("controls"));
  form.addEventListener("submit", () => (isPressed = !follows));
  const load = async () => {
    if (isLoading || textIn(store.present, "view") !== "training") return;
    isLoading = true;
    const { setUpTraining } = await import("./training/training.js");
    follows = setUpTraining({
      state: () => store.present,
      format: () => store.format,
      goCompletely: (next) => {
        edits.begin(null);
        return updates.goCompletely(next);
      },
      settled: () => updates.settled,
      share: (next) => {
        store.shared = next;
        return address();
      },
      onChange: (listener) => store.onChange(listener),
      isUnfinished: () => store.unfinished !== null,
    });
    if (isPressed) form.requestSubmit();
  };
  store.onChange(load);
  void load();
  return (next) => follows?.(next) ?? false;
}

/** The picture's format follows the width of its frame.
 * @param {Store} store @param {Plot} plot @param {Updates} updates */
function followWidth(store, plot, updates) {
  // the style sheet sets --format; reading it forces a layout, too slow in a drag, so it is read only when the width changes
  const formatWithRoom = () => getComputedStyle(byId("plot")).getPropertyValue("--format");
  store.format = formatWithRoom();
  new ResizeObserver(() => {
    const before = store.format;
    store.format = formatWithRoom();
    const isMissing = !document.querySelector(`.picture.${store.format}`); // the server only knows whether this is a phone
    if (isMissing || (updates.isLive && store.format !== before)) void updates.go(store.present);
    plot.fit();
  }).observe(byId("frame"));
}

/** Load Plotly at the first input, or after a while without any: it is large, and the server's picture is already shown.
 * @param {Updates} updates */
function loadPlotly(updates) {
  const script = /** @type {HTMLLinkElement} */ (byId("plotly.js-style-global")).href.replace("plotly.css", "plotly.min.js");
  let isBegun = false;

  const begin = async () => {
    if (isBegun) return;
    isBegun = true;
    for (const type of INPUT_EVENTS) removeEventListener(type, begin);
    try {
      await loadScript(script);
    } catch {
      return showStatus(phrase("unloaded"));
    }
    updates.begin();
  };

  for (const type of INPUT_EVENTS) addEventListener(type, begin, { passive: true });
  setTimeout(begin, IDLE_AFTER);
}

start();
