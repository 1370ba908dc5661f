/** What the page shows when responses are early, late, wrong or missing. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { EditHistory } from "../../static/js/page/history.js";
import { Failure, Refusal } from "../../static/js/page/request.js";
import { Store } from "../../static/js/page/page_state.js";
import { Updates } from "../../static/js/state_changes.js";
import { FakeHistory, pass, resumeTime, settle, stopTime } from "./fake_page.js";

/** Records what is shown. Requests wait until the test responds. */
class FakeDisplay {
  figures = [];
  pages = [];
  shown = [];
  statuses = [];
  prepared = [];
  isDrawn = false;
  reloads = 0;
  build = "this";

  constructor(store) {
    this.store = store;
  }

  requestFigure() {
    return new Promise((resolve, reject) => this.figures.push({ state: this.store.present, resolve, reject }));
  }

  requestPage(signal) {
    return new Promise((resolve, reject) => {
      this.pages.push({ state: this.store.present, resolve, reject, signal });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }

  async transition() {}

  async showFigure(figure) {
    this.shown.push(["figure", figure]);
  }

  async drawFigure(figure) {
    this.shown.push(["drawing", figure]);
  }

  fit() {
    this.shown.push(["fit"]);
  }

  async prepare() {
    this.prepared.push(this.store.present);
    throw new Failure("The server does not respond.");
  }

  markOutdated(isOutdated) {
    this.isOutdated = isOutdated;
  }

  replace(page) {
    this.shown.push(["page", page]);
  }

  isOfThisBuild() {
    return this.build === "this";
  }

  reload() {
    this.reloads += 1;
  }

  fieldError() {
    return this.store.unfinished ? "Not a number." : "";
  }

  showStatus(message, kind = "") {
    this.statuses.push([message, kind].filter(Boolean).join(", "));
  }
}

let browser, store, display, updates;

beforeEach(() => {
  stopTime();
  browser = new FakeHistory("/");
  store = new Store("");
  display = new FakeDisplay(store);
  updates = new Updates(store, new EditHistory(store, "/"), display);
  updates.isLive = true;
});
afterEach(resumeTime);

/** Respond to the newest request, or to the nth, with its state. */
async function respond(requests, n = requests.length - 1) {
  requests[n].resolve(requests[n].state);
  await settle();
}

test("a change shows the figure at once, and after a rest the whole page and a complete drawing", async () => {
  const done = updates.go("?num_units=7");
  assert.deepEqual(display.figures.map(({ state }) => state), ["?num_units=7"]);
  await respond(display.figures);
  assert.equal(await done, true);
  assert.equal(display.pages.length, 0);
  await pass(149);
  assert.equal(display.pages.length, 0);
  await pass(1);
  await respond(display.pages);
  await respond(display.figures);
  assert.deepEqual(display.shown.map(([what]) => what), ["figure", "page", "drawing"]);
  assert.equal(store.accepted, "?num_units=7");
  assert.equal(display.statuses.at(-1), "");
});

test("a state of the player is complete when the whole page shows it, not when its figure does", async () => {
  display.isDrawn = true;
  let isComplete = false;
  const done = updates.goCompletely("?t=1").then((isShown) => (isComplete = isShown));
  await respond(display.figures);
  await pass(0);
  await settle();
  assert.deepEqual(display.shown.map(([what]) => what), ["figure"]);
  assert.equal(isComplete, false);
  await respond(display.pages);
  await done;
  assert.equal(isComplete, true);
  assert.deepEqual(display.shown.map(([what]) => what), ["figure", "page", "fit"]);
});

test("a state that a newer change replaces is not complete, and says so when the whole page shows the newer one", async () => {
  display.isDrawn = true;
  const outcomes = [];
  for (const state of ["?t=1", "?t=2"]) updates.goCompletely(state).then((isShown) => outcomes.push([state, isShown]));
  await respond(display.figures, 0);
  await respond(display.figures, 1);
  await pass(0);
  assert.deepEqual(outcomes, []);
  await respond(display.pages);
  assert.deepEqual(outcomes, [["?t=1", false], ["?t=2", true]]);
});

test("a state stays complete when the same one is shown again, as in another theme", async () => {
  display.isDrawn = true;
  const done = updates.goCompletely("?t=1");
  await respond(display.figures);
  updates.go("?t=1");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  assert.equal(await done, true);
});

test("the page does not settle when its figure fails before the page is requested", async () => {
  updates.go("?num_units=7");
  const { settled } = updates;
  display.figures[0].reject(new Refusal("num_units is at most 16,384"));
  await settle();
  assert.equal(await settled, false);
});

test("a figure that Plotly has drawn completely is not drawn again, but one in the old theme is", async () => {
  display.isDrawn = true;
  updates.go("?cell=gru");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  assert.deepEqual(display.shown.map(([what]) => what), ["figure", "page", "fit"]);
  await pass(1000);
  assert.deepEqual(display.prepared, ["?cell=gru"]);
  updates.go("?cell=gru"); // the theme has changed, and the figure comes after the page
  await pass(150);
  await respond(display.pages);
  await respond(display.figures);
  assert.equal(display.shown.at(-1)[0], "drawing");
});

test("when a state is drawn completely, other sizes are prepared; nobody is told if that fails", async () => {
  updates.go("?num_units=7");
  await respond(display.figures);
  assert.deepEqual(display.prepared, []);
  await pass(150);
  await respond(display.pages);
  await respond(display.figures);
  await pass(999);
  assert.deepEqual(display.prepared, []);
  await pass(1);
  assert.deepEqual(display.prepared, ["?num_units=7"]);
  assert.equal(display.statuses.at(-1), "");
});

test("what only the server knows is marked until it has responded", async () => {
  updates.go("?num_units=7");
  await respond(display.figures);
  assert.equal(display.isOutdated, true);
  await pass(150);
  await respond(display.pages);
  assert.equal(display.isOutdated, false);
});

test("a late figure does not overwrite a newer one", async () => {
  updates.go("?num_units=7");
  updates.go("?num_units=8");
  await respond(display.figures, 1);
  await respond(display.figures, 0);
  assert.deepEqual(display.shown, [["figure", "?num_units=8"]]);
});

test("figures that arrive in order are all shown", async () => {
  updates.go("?num_units=7");
  updates.go("?num_units=8");
  await respond(display.figures, 0);
  await respond(display.figures, 1);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=7", "?num_units=8"]);
});

test("at most two figures are requested at a time, and only the newest of the waiting states", async () => {
  for (const n of [6, 7, 8, 9, 10]) updates.go(`?num_units=${n}`);
  assert.equal(display.figures.length, 2);
  await respond(display.figures, 0);
  assert.deepEqual(display.figures.map(({ state }) => state), ["?num_units=6", "?num_units=7", "?num_units=10"]);
  await respond(display.figures, 2);
  await respond(display.figures, 1);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=6", "?num_units=10"]);
  const before = display.figures.length;
  for (const n of [11, 12, 13]) updates.go(`?num_units=${n}`);
  assert.equal(display.figures.length, before + 2);
});

test("missing figures do not delay the page", async () => {
  for (const n of [6, 7, 8]) updates.go(`?num_units=${n}`);
  await pass(150);
  await respond(display.pages);
  await respond(display.figures);
  assert.deepEqual(display.shown, [["page", "?num_units=8"], ["drawing", "?num_units=8"]]);
  await respond(display.figures, 0);
  assert.equal(display.shown.length, 2, "a late one has no effect");
});

test("a change aborts the request for the last page", async () => {
  updates.go("?num_units=7");
  await pass(150);
  updates.go("?num_units=8");
  assert.ok(display.pages[0].signal.aborted);
  await pass(150);
  await respond(display.pages);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=8"]);
  assert.ok(display.statuses.every((status) => status === ""), "without an error");
});

test("a drawing of an old state is dropped", async () => {
  updates.go("?num_units=7");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  updates.go("?num_units=8");
  await respond(display.figures, 1); // the drawing of 7
  assert.ok(!display.shown.some(([what]) => what === "drawing"));
});

test("a drawing in the old theme is dropped", async () => {
  updates.go("?num_units=7");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  updates.go("?num_units=7", 0); // the same state, since the theme has changed
  await respond(display.figures, 1);
  assert.ok(!display.shown.some(([what]) => what === "drawing"));
});

test("a slow response is announced until it arrives", async () => {
  updates.go("?num_units=7", 0);
  await pass(599);
  assert.deepEqual(display.statuses, []);
  await pass(1);
  assert.deepEqual(display.statuses, ["Working., waiting"]);
  await respond(display.pages);
  await pass(10_000);
  assert.equal(display.statuses.at(-1), "");
});

test("before Plotly is loaded only pages are requested, and then the figure of the newest state", async () => {
  updates.isLive = false;
  updates.go("?num_units=7");
  await pass(150);
  await respond(display.pages);
  assert.equal(display.figures.length, 0);
  updates.begin();
  await respond(display.figures);
  assert.deepEqual(display.shown, [["page", "?num_units=7"], ["figure", "?num_units=7"]]);
});

test("a rejected state is undone, also in the address, and the reason is shown", async () => {
  updates.go("?num_units=7");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  updates.edits.begin(null);
  const done = updates.go("?num_units=9000");
  assert.equal(location.search, "?num_units=9000");
  display.figures.at(-1).reject(new Refusal("num_units is too large."));
  assert.equal(await done, false);
  assert.equal(store.present, "?num_units=7");
  assert.equal(location.search, "?num_units=7");
  assert.equal(display.statuses.at(-1), "num_units is too large.");
  await pass(60_000);
  assert.equal(display.pages.length, 1, "without a retry");
});

test("without a response the page retries at growing intervals, up to eight seconds plus a random part", async () => {
  const tries = [];
  updates.go("?num_units=7", 0);
  display.figures.at(-1).reject(new TypeError("failed to fetch"));
  await settle();
  assert.equal(display.statuses.at(-1), "No answer. Trying again., stale");
  for (let ms = 0, seen = 1; ms <= 60_000 && tries.length < 6; ms += 100) {
    if (display.figures.length > seen) {
      seen = display.figures.length;
      tries.push(ms);
      display.figures.at(-1).reject(new TypeError("failed to fetch"));
      await settle();
    }
    await pass(100);
  }
  assert.deepEqual(tries.map((at, k) => at - (tries[k - 1] ?? 0)), [1500, 3000, 6000, 12_000, 12_000, 12_000]);
});

test("a busy server gets the next request after the time it gives, for the newest state", async () => {
  updates.go("?num_units=7");
  display.figures.at(-1).reject(new Failure("The server is busy.", 4000));
  await settle();
  assert.equal(display.statuses.at(-1), "The server is busy. Trying again., stale");
  await pass(5999);
  assert.equal(display.figures.length, 1);
  await pass(1);
  assert.equal(display.figures.length, 2);
  await pass(0);
  await respond(display.pages);
  assert.equal(display.statuses.at(-1), "");
  assert.equal(updates.failures, 0);
});

test("a change ends the wait for a retry", async () => {
  updates.go("?num_units=7");
  display.figures.at(-1).reject(new Failure("The server failed (500)."));
  await settle();
  updates.go("?num_units=8");
  assert.equal(display.figures.at(-1).state, "?num_units=8");
  await respond(display.figures);
  await pass(150);
  await respond(display.pages);
  const requested = display.figures.length;
  await respond(display.figures);
  await pass(60_000);
  assert.equal(display.figures.length, requested);
});

test("a page of another build causes a reload and is not mixed into this one", async () => {
  display.build = "another";
  updates.go("?num_units=7");
  await pass(150);
  await respond(display.pages);
  assert.equal(display.reloads, 1);
  assert.deepEqual(display.shown, []);
  assert.equal(store.accepted, "");
});

test("the error of a field stays after a response", async () => {
  updates.go("?num_units=7");
  store.unfinished = {};
  await pass(150);
  await respond(display.pages);
  assert.equal(display.statuses.at(-1), "Not a number.");
  updates.follow("?num_units=8");
  await pass(0);
  await respond(display.pages);
  assert.equal(display.statuses.at(-1), "");
});

test("consecutive changes by one control are one entry, and a change to the same state makes no request", async () => {
  const map = {};
  for (const t of [0, 1, 1]) updates.change(map, { t });
  assert.equal(display.figures.length, 2);
  await pass(150);
  await respond(display.pages);
  assert.deepEqual(browser.entries, ["/", "/?t=1"]);
  updates.change({}, { t: 3 });
  assert.deepEqual(browser.entries, ["/", "/?t=1", "/?t=3"]);
});
