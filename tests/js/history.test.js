/** Edits and the entries of the browser's history. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { EditHistory } from "../../static/js/page/history.js";
import { Store } from "../../static/js/page/store.js";
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

test("all changes of one edit are one entry, whose address is the newest state", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  changeTo("?num_units=8");
  edits.enter(); // the server has answered
  assert.deepEqual(browser.entries, ["/?num_units=5&utm_source=mail", "/?num_units=8"]);
  assert.equal(edits.edit.from, "");
});

test("another control makes another entry, and begins from where the first one ended", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  edits.begin(other);
  assert.equal(edits.edit.from, "?num_units=7");
  changeTo("?batch_size=4&num_units=7");
  assert.deepEqual(browser.entries.slice(1), ["/?num_units=7", "/?batch_size=4&num_units=7"]);
});

test("an answer that comes when the next edit has begun belongs to the one before", () => {
  edits.begin(one);
  changeTo("?num_units=7");
  store.change("?num_units=8"); // the state moves on before its entry is written
  edits.begin(other);
  edits.enter();
  assert.deepEqual(browser.entries.slice(1), ["/?num_units=8"]);
});

test("what changes the state before anything was touched is an entry, too", () => {
  changeTo("?num_units=7");
  assert.equal(browser.entries.length, 2);
});

test("a state whose address is there already gets no entry", () => {
  edits.begin(one);
  changeTo("");
  assert.equal(browser.entries.length, 1);
});

test("who follows a teacher gets no entry of what the teacher does", () => {
  edits.beginUnrecorded();
  changeTo("?num_units=9");
  edits.enter();
  assert.deepEqual(browser.entries, ["/?num_units=9"]);
});
