/** Which templates are requested, and when. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { withPrefix } from "../../static/js/page/prefix.js";
import { Templates } from "../../static/js/picture/template_cache.js";
import "./fake_page.js"; // the table of fields

/** Templates that are valid for the sizes up to 99, or for those above, and for the first step, or the others. The figure has a unit if one is followed. */
const answer = (query) => {
  const size = Number(new URLSearchParams(query).get("num_units") ?? 5);
  const isFollowed = query.includes("unit=");
  return {
    formulas: [["size", "num_units"], ["constant", 100], ["<", 0, 1], ["size", "unit"], ["size", "t"], ["constant", 1], ["<", 4, 5]],
    slots: [["", 0], ["", 3]],
    conditions: [[2, size < 100], [6, query.includes("t=0")]],
    figure: { text: isFollowed ? "\u{f0001} of \u{f0000}" : "\u{f0000}" },
    sizes: { num_units: size },
    sliders: query.includes("hidden") ? [] : ["num_units"],
    page: { html: "", conditions: [] },
    parts: { jump: { formulas: [["size", "num_units"], ["constant", 1], ["==", 0, 1]], slots: [], conditions: [[2, size === 1]], figure: "" } },
  };
};

const observers = [];
globalThis.IntersectionObserver = class {
  constructor() {
    observers.push(this);
    this.observed = [];
  }
  observe(element) {
    this.observed.push(element);
  }
  disconnect() {
    this.observed = [];
  }
};
globalThis.MutationObserver = class {
  observe() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
};
globalThis.NodeFilter = {};
Object.assign(document, { createElement: () => ({}), createTreeWalker: () => ({ nextNode: () => null }), getElementById: (id) => (id === "jump" ? jump : null) });

let requests, templates, isOffline, jump;

beforeEach(() => {
  [requests, isOffline, jump] = [[], false, { text: "the first" }];
  observers.length = 0;
  globalThis.fetch = async (path) => {
    if (isOffline) throw new TypeError("no network");
    requests.push(path);
    if (path.includes("/diagram.json")) return new Response(JSON.stringify({ text: "of the server" }));
    return new Response(JSON.stringify(answer(path.split("?")[1] ?? "")));
  };
  templates = new Templates("/");
});

test("the first figure of a picture is the server's, and then a template is requested for all sizes for which it is valid", async () => {
  assert.deepEqual(await templates.figure("?num_units=7"), { text: "of the server" });
  assert.deepEqual(await templates.figure("?num_units=7"), { text: "of the server" });
  assert.deepEqual(requests, [withPrefix("/diagram.json?num_units=7")], "once");
  await templates.prepare("?num_units=7");
  await templates.prepare("?num_units=64");
  assert.deepEqual(requests.slice(1), ["/?num_units=7&only=template"], "no others before a slider is approached");
  await templates.prepareFor("num_units", "?num_units=7");
  assert.deepEqual(requests.slice(2), ["/?num_units=8192&only=template", "/?num_units=1&only=parts"]);
});

test("once a slider is prepared, its figures need no request", async () => {
  await templates.prepareFor("num_units", "?num_units=7");
  await templates.prepareFor("num_units", "?num_units=64");
  assert.equal(requests.length, 3);
  isOffline = true;
  for (const n of [1, 64, 100, 8192]) assert.deepEqual(await templates.figure(`?num_units=${n}`), { text: String(n) });
});

test("before a slider is prepared, its first move requests one template, and the others wait for it", async () => {
  await templates.figure("?num_units=7");
  const figures = ["?num_units=8", "?num_units=9", "?num_units=10"].map((query) => templates.figure(query));
  assert.deepEqual(await Promise.all(figures), [{ text: "8" }, { text: "9" }, { text: "10" }]);
  assert.deepEqual(requests.slice(1), ["/?num_units=8&only=template"]);
});

test("for sizes without a template one is requested", async () => {
  await templates.figure("?num_units=7");
  assert.deepEqual(await templates.figure("?num_units=70"), { text: "70" });
  assert.deepEqual(await templates.figure("?num_units=700"), { text: "700" });
  assert.deepEqual(await templates.figure("?num_units=701"), { text: "701" });
  assert.equal(requests.length, 3);
});

test("parts of the page have templates of their own", async () => {
  await templates.prepareFor("num_units", "?num_units=7");
  assert.deepEqual(requests.map((path) => path.split("?")[1]), ["num_units=7&only=template", "num_units=8192&only=template", "num_units=1&only=parts"]);
  requests = [];
  await templates.prepareFor("num_units", "?num_units=7&tensor=h");
  assert.deepEqual(requests.map((path) => path.split("?")[1]), ["num_units=7&tensor=h&only=parts", "num_units=1&tensor=h&only=parts"]);
});

test("once a slider is prepared, it can be moved below the unit that is followed", async () => {
  await templates.prepareFor("num_units", "?num_units=7&unit=5");
  isOffline = true;
  assert.deepEqual(await templates.figure("?num_units=9&unit=5"), { text: "5 of 9" });
  assert.deepEqual(await templates.figure("?num_units=3&unit=2"), { text: "2 of 3" }, "the last one");
  assert.deepEqual(await templates.figure("?num_units=9&unit=5"), { text: "5 of 9" });
});

test("what is prepared for a selection ends with it, and leaves the parts of the next one alone", async () => {
  const before = templates.prepareFor("num_units", "?num_units=7&tensor=f");
  for (let k = 0; k < 100 && !requests.length; k++) await null; // the first request is on its way
  const next = templates.prepareFor("num_units", "?num_units=7&tensor=h");
  await assert.rejects(before, { name: "AbortError" });
  await next;
  assert.deepEqual(requests.filter((path) => path.includes("tensor=f")).length, 1);
  requests = [];
  await templates.prepareFor("num_units", "?num_units=8&tensor=h");
  assert.deepEqual(requests, []);
});

test("when the pointer goes on to another slider, no more is requested for the one before", async () => {
  await templates.prepare("?num_units=7");
  await Promise.all([templates.prepareFor("num_units", "?num_units=7"), templates.prepareFor("features", "?num_units=7")]);
  assert.deepEqual(requests, ["/?num_units=7&only=template"]);
});

test("the slider over the steps is prepared like the others", async () => {
  await templates.prepareFor("t", "?time_step=4");
  isOffline = true;
  for (const t of [0, 1, 3]) assert.deepEqual(await templates.figure(`?time_step=4&t=${t}`), { text: "5" });
});

test("only the parts of the present selection are observed", async () => {
  for (const query of ["?tensor=f", "?tensor=h", "?cell=gru&tensor=h"]) {
    await templates.prepare(query);
    assert.deepEqual(observers.map(({ observed }) => observed).filter(({ length }) => length), [[jump]]);
  }
});

test("when the server has replaced a part, the new one is observed", async () => {
  await templates.prepare("?num_units=7");
  jump = { text: "the second" };
  templates.observeParts();
  assert.deepEqual(observers.at(-1).observed, [jump]);
});

test("if templates cannot be used, each figure is the server's, and one template is requested", async () => {
  await templates.figure("?num_units=7&labels=hidden");
  for (const n of [8, 9]) {
    await templates.prepare(`?num_units=${n}&labels=hidden`);
    assert.deepEqual(await templates.figure(`?num_units=${n}&labels=hidden`), { text: "of the server" });
  }
  assert.equal(requests.filter((path) => path.includes("template")).length, 1);
});

test("a request for the picture before does not disturb the next one", async () => {
  const before = templates.prepareFor("num_units", "?num_units=7");
  const next = templates.prepareFor("num_units", "?cell=gru&num_units=7");
  await assert.rejects(before, { name: "AbortError" });
  await next;
  isOffline = true;
  assert.deepEqual(await templates.figure("?cell=gru&num_units=9"), { text: "9" });
});

test("another picture has templates of its own, another step is drawn from the same ones", async () => {
  await templates.prepare("?num_units=7");
  assert.deepEqual(await templates.figure("?num_units=7&t=1"), { text: "7" });
  assert.deepEqual(await templates.figure("?cell=gru&num_units=7"), { text: "of the server" });
  assert.deepEqual(await templates.figure("?cell=gru&num_units=7&t=1"), { text: "of the server" }, "which is faster than a template");
  await templates.prepare("?cell=gru&num_units=7");
  assert.deepEqual(await templates.figure("?cell=gru&num_units=8"), { text: "8" });
});

test("the selected tensor does not change the picture, unless it is stepped through", async () => {
  await templates.prepare("?num_units=7");
  assert.deepEqual(await templates.figure("?num_units=8&tensor=h"), { text: "8" });
  assert.deepEqual(await templates.figure("?num_units=8&tensor=h&stepping=true"), { text: "of the server" });
});

test("what failed is requested again", async () => {
  isOffline = true;
  await assert.rejects(async () => templates.figure("?num_units=7"));
  await assert.rejects(async () => templates.prepare("?num_units=7"));
  isOffline = false;
  assert.deepEqual(await templates.figure("?num_units=7"), { text: "of the server" });
  await templates.prepare("?num_units=7");
  assert.deepEqual(await templates.figure("?num_units=8"), { text: "8" });
});
