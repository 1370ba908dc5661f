/** Edits and the entries of the browser's history. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { EditHistory } from "../../static/js/page/history.js";
import { Store } from "../../static/js/page/page_state.js";
import { FakeHistory } from "./fake_page.js";

const [one, other] = [{}, {}]; // controls

let browser, store, edits;

beforeEach(() => {
  browser = new FakeHistory("/?num_units=5&utm_source=mail");
  store = new Store(location.search);
  edits = new EditHistory(store, "/");
});

function changeTo(state) {
  store.change(state);
  edits.changed();
}

test("all changes of an edit are one entry with the newest state", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  changeTo("?num_units=8");
  edits.enter(); // the server has responded
  assert.deepEqual(browser.entries, ["/?num_units=5&utm_source=mail", "/?num_units=8"]);
  assert.equal(edits.edit.from, "");
});

test("another control adds another entry, which starts from the last state", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  edits.begin(other);
  assert.equal(edits.edit.from, "?num_units=7");
  changeTo("?batch_size=4&num_units=7");
  assert.deepEqual(browser.entries.slice(1), ["/?num_units=7", "/?batch_size=4&num_units=7"]);
});

test("a response that arrives after the next edit has begun belongs to the edit before", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  store.change("?num_units=8"); // the state moves on before its entry is written
  edits.begin(other);
  edits.enter();
  assert.deepEqual(browser.entries.slice(1), ["/?num_units=8"]);
});

test("a change without an edit is an entry too", () => {
  changeTo("?num_units=7");
  assert.equal(browser.entries.length, 2);
});

test("a change to the present state adds no entry", () => {
  edits.begin(one);
  changeTo("");
  assert.equal(browser.entries.length, 1);
});

test("a follower gets no entries for the changes of a leader", () => {
  edits.beginUnrecorded();
  changeTo("?num_units=9");
  edits.enter();
  assert.deepEqual(browser.entries, ["/?num_units=9"]);
});

test("going back leads to the state of the entry, and nowhere where only the place on the page is another", () => {
  const states = [];
  edits.onTraverse((state) => {
    states.push(state);
    store.change(state);
  });
  changeTo("?num_units=7");
  browser.pushState(null, "", "/?num_units=7#table");
  browser.back();
  assert.deepEqual(states, []);
  browser.back();
  assert.deepEqual(states, [""]);
});
