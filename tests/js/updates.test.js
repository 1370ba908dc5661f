/** What is shown when responses come early, late, wrong or never. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { EditHistory } from "../../static/js/page/history.js";
import { Failure, Refusal } from "../../static/js/page/request.js";
import { Store } from "../../static/js/page/store.js";
import { Updates } from "../../static/js/updates.js";
import { FakeHistory, pass, resumeTime, settle, stopTime } from "./fake_page.js";

/** Notes what is shown; requests wait until the test answers them. */
class FakeDisplay {
  figures = [];
  pages = [];
  shown = [];
  statuses = [];
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

/** Answer the newest request, or the nth, with its own state. */
async function answer(requests, n = requests.length - 1) {
  requests[n].resolve(requests[n].state);
  await settle();
}

test("a change is shown at once; after a rest the whole page follows, and Plotly draws afresh", async () => {
  const done = updates.go("?num_units=7");
  assert.deepEqual(display.figures.map(({ state }) => state), ["?num_units=7"]);
  await answer(display.figures);
  assert.equal(await done, true);
  assert.equal(display.pages.length, 0);
  await pass(149);
  assert.equal(display.pages.length, 0);
  await pass(1);
  await answer(display.pages);
  await answer(display.figures);
  assert.deepEqual(display.shown.map(([what]) => what), ["figure", "page", "drawing"]);
  assert.equal(store.answered, "?num_units=7");
  assert.equal(display.statuses.at(-1), "");
});

test("a late figure does not overwrite a newer one", async () => {
  updates.go("?num_units=7");
  updates.go("?num_units=8");
  await answer(display.figures, 1);
  await answer(display.figures, 0);
  assert.deepEqual(display.shown, [["figure", "?num_units=8"]]);
});

test("figures that come in their order are all shown", async () => {
  updates.go("?num_units=7");
  updates.go("?num_units=8");
  await answer(display.figures, 0);
  await answer(display.figures, 1);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=7", "?num_units=8"]);
});

test("two figures at most are in flight, and of the states between only the newest is requested", async () => {
  for (const n of [6, 7, 8, 9, 10]) updates.go(`?num_units=${n}`);
  assert.equal(display.figures.length, 2);
  await answer(display.figures, 0);
  assert.deepEqual(display.figures.map(({ state }) => state), ["?num_units=6", "?num_units=7", "?num_units=10"]);
  await answer(display.figures, 2);
  await answer(display.figures, 1);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=6", "?num_units=10"]);
  const before = display.figures.length;
  for (const n of [11, 12, 13]) updates.go(`?num_units=${n}`);
  assert.equal(display.figures.length, before + 2);
});

test("figures that never come do not hold up the settled page", async () => {
  for (const n of [6, 7, 8]) updates.go(`?num_units=${n}`);
  await pass(150);
  await answer(display.pages);
  await answer(display.figures);
  assert.deepEqual(display.shown, [["page", "?num_units=8"], ["drawing", "?num_units=8"]]);
  await answer(display.figures, 0);
  assert.equal(display.shown.length, 2, "a late one changes nothing");
});

test("a change takes back the request for the page before it", async () => {
  updates.go("?num_units=7");
  await pass(150);
  updates.go("?num_units=8");
  assert.ok(display.pages[0].signal.aborted);
  await pass(150);
  await answer(display.pages);
  assert.deepEqual(display.shown.map(([, state]) => state), ["?num_units=8"]);
  assert.ok(display.statuses.every((status) => status === ""), "nothing went wrong");
});

test("a drawing whose state is no longer wanted is dropped", async () => {
  updates.go("?num_units=7");
  await answer(display.figures);
  await pass(150);
  await answer(display.pages);
  updates.go("?num_units=8");
  await answer(display.figures, 1); // the drawing of 7
  assert.ok(!display.shown.some(([what]) => what === "drawing"));
});

test("a drawing in the old colours is dropped", async () => {
  updates.go("?num_units=7");
  await answer(display.figures);
  await pass(150);
  await answer(display.pages);
  updates.go("?num_units=7", 0); // the same state, since the theme has changed
  await answer(display.figures, 1);
  assert.ok(!display.shown.some(([what]) => what === "drawing"));
});

test("what takes long is announced, until it has come", async () => {
  updates.go("?num_units=7", 0);
  await pass(599);
  assert.deepEqual(display.statuses, []);
  await pass(1);
  assert.deepEqual(display.statuses, ["Working., waiting"]);
  await answer(display.pages);
  await pass(10_000);
  assert.equal(display.statuses.at(-1), "");
});

test("before Plotly has come only pages are requested; then the figure of the newest state", async () => {
  updates.isLive = false;
  updates.go("?num_units=7");
  await pass(150);
  await answer(display.pages);
  assert.equal(display.figures.length, 0);
  updates.begin();
  await answer(display.figures);
  assert.deepEqual(display.shown, [["page", "?num_units=7"], ["figure", "?num_units=7"]]);
});

test("a refused state is undone, in the address too, and the reason is shown", async () => {
  updates.go("?num_units=7");
  await answer(display.figures);
  await pass(150);
  await answer(display.pages);
  updates.edits.begin(null);
  const done = updates.go("?num_units=9000");
  assert.equal(location.search, "?num_units=9000");
  display.figures.at(-1).reject(new Refusal("num_units is too large."));
  assert.equal(await done, false);
  assert.equal(store.present, "?num_units=7");
  assert.equal(location.search, "?num_units=7");
  assert.equal(display.statuses.at(-1), "num_units is too large.");
  await pass(60_000);
  assert.equal(display.pages.length, 1, "it is not tried again");
});

test("where no response comes the page tries again, at longer and longer intervals, up to eight seconds and their spread", async () => {
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

test("a busy server is left alone for as long as it says, and is asked for the newest state", async () => {
  updates.go("?num_units=7");
  display.figures.at(-1).reject(new Failure("The server is busy.", 4000));
  await settle();
  assert.equal(display.statuses.at(-1), "The server is busy. Trying again., stale");
  await pass(5999);
  assert.equal(display.figures.length, 1);
  await pass(1);
  assert.equal(display.figures.length, 2);
  await pass(0);
  await answer(display.pages);
  assert.equal(display.statuses.at(-1), "");
  assert.equal(updates.failures, 0);
});

test("a change ends the wait for a new try", async () => {
  updates.go("?num_units=7");
  display.figures.at(-1).reject(new Failure("The server failed (500)."));
  await settle();
  updates.go("?num_units=8");
  assert.equal(display.figures.at(-1).state, "?num_units=8");
  await answer(display.figures);
  await pass(150);
  await answer(display.pages);
  const requested = display.figures.length;
  await answer(display.figures);
  await pass(60_000);
  assert.equal(display.figures.length, requested);
});

test("a page by another build is loaded afresh and not mixed into this one", async () => {
  display.build = "another";
  updates.go("?num_units=7");
  await pass(150);
  await answer(display.pages);
  assert.equal(display.reloads, 1);
  assert.deepEqual(display.shown, []);
  assert.equal(store.answered, "");
});

test("what is wrong with a field is still said when the server has answered", async () => {
  updates.go("?num_units=7");
  store.unfinished = {};
  await pass(150);
  await answer(display.pages);
  assert.equal(display.statuses.at(-1), "Not a number.");
  updates.follow("?num_units=8");
  await pass(0);
  await answer(display.pages);
  assert.equal(display.statuses.at(-1), "");
});

test("moves of one control that nothing interrupts are one entry, and what changes nothing is no request", async () => {
  const map = {};
  for (const t of [0, 1, 1]) updates.change(map, { t });
  assert.equal(display.figures.length, 2);
  await pass(150);
  await answer(display.pages);
  assert.deepEqual(browser.entries, ["/", "/?t=1"]);
  updates.change({}, { t: 3 });
  assert.deepEqual(browser.entries, ["/", "/?t=1", "/?t=3"]);
});
