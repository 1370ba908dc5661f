/** The search on the list of questions: results, errors, and the text of a reader who comes back. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import "./fake_page.js";
import { pass, resumeTime, settle, stopTime } from "./fake_page.js";

/** An element with what the search reads and writes. */
class FakeElement extends EventTarget {
  className = "visually-hidden";
  dataset = { most: "1000" };
  form = null;
  hidden = false;
  results = [];
  textContent = "";
  value = "";

  get innerHTML() {
    return this.results.join();
  }

  get childNodes() {
    return this.results;
  }

  replaceChildren(...results) {
    this.results = results;
  }

  querySelector() {
    return this.results[0] ?? null;
  }
}

/** The page with the results for a text. */
function pageOf(results) {
  const elements = { best: new FakeElement(), "search-status": new FakeElement() };
  elements.best.results = results;
  elements["search-status"].textContent = `${results.length} results`;
  return { getElementById: (id) => elements[id] };
}

const getData = document.getElementById;
let elements, visits, answer;

/** Open the page, perhaps again. @param {unknown} state of the entry of the history */
async function open(state = null) {
  elements = Object.fromEntries(["q", "best", "search-status", "all-questions"].map((id) => [id, new FakeElement()]));
  elements.q.form = Object.assign(new FakeElement(), { action: "/questions" });
  globalThis.history = {
    state,
    replaceState(entry, _title, address) {
      assert.equal(address, undefined, "the text is in no address");
      this.state = entry;
    },
  };
  await import(`../../static/js/questions.js?visit=${++visits}`);
}

async function type(text) {
  elements.q.value = text;
  elements.q.dispatchEvent(new Event("input"));
  await pass(200);
  for (let turn = 0; turn < 5; turn++) await settle();
}

visits = 0;

beforeEach(() => {
  stopTime();
  document.getElementById = (id) => elements[id] ?? getData(id);
  globalThis.DOMParser = class {
    parseFromString(text) {
      return pageOf(text.split(","));
    }
  };
  answer = async () => new Response("first,second");
  mock.method(globalThis, "fetch", (...sent) => answer(...sent));
});

afterEach(() => {
  document.getElementById = getData;
  resumeTime();
});

test("an error is visible, in place of the results for another text, until a search succeeds", async () => {
  await open();
  await type("num_units");
  assert.deepEqual(elements.best.results, ["first", "second"]);
  assert.ok(elements["all-questions"].hidden);
  answer = async () => {
    throw new TypeError("offline");
  };
  await type("ValueError: expected ndim=3");
  assert.deepEqual(elements.best.results, []);
  assert.ok(!elements["all-questions"].hidden);
  assert.deepEqual([elements["search-status"].textContent, elements["search-status"].className], ["No answer.", "status"]);
  answer = async () => new Response("first");
  await type("num_units");
  assert.equal(elements["search-status"].className, "visually-hidden");
});

test("a reader who comes back finds the text and its results again", async () => {
  await open();
  await type("ValueError: expected ndim=3");
  await open(history.state);
  assert.equal(elements.q.value, "ValueError: expected ndim=3");
  await pass(0);
  for (let turn = 0; turn < 5; turn++) await settle();
  assert.deepEqual(elements.best.results, ["first", "second"]);
});

test("of a text in wide characters no more bytes are sent than the server takes", async () => {
  let body = "";
  answer = async (_path, options) => {
    body = String(options.body);
    return new Response("first");
  };
  await open();
  await type(`${"│ ".repeat(500)}found ndim=2`);
  assert.ok(body.endsWith("found+ndim%3D2") && body.length <= "q=".length + 1000);
});
