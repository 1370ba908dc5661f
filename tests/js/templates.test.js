/** Which templates are requested, and when. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { withPrefix } from "../../static/js/page/prefix.js";
import { Templates } from "../../static/js/picture/templates.js";
import "./fake_page.js"; // the table of fields

/** Templates that are valid for the sizes up to 99, or for those above. */
const answer = (query) => {
  const size = Number(new URLSearchParams(query).get("num_units") ?? 5);
  return {
    formulas: [["size", "num_units"], ["constant", 100], ["<", 0, 1]],
    slots: [["", 0]],
    conditions: [[2, size < 100]],
    figure: { text: "\u{f0000}" },
    sizes: { num_units: size },
    sliders: ["num_units"],
  };
};

let requests, templates, isOffline;

beforeEach(() => {
  [requests, isOffline] = [[], false];
  globalThis.fetch = async (path) => {
    if (isOffline) throw new TypeError("no network");
    requests.push(path);
    if (path.includes("/diagram.json")) return new Response(JSON.stringify({ text: "of the server" }));
    return new Response(JSON.stringify(answer(path.split("?")[1] ?? "")));
  };
  templates = new Templates();
});

test("the first figure of a picture is the server's, and then a template is requested for all sizes for which it is valid", async () => {
  assert.deepEqual(await templates.figure("?num_units=7"), { text: "of the server" });
  assert.deepEqual(await templates.figure("?num_units=7"), { text: "of the server" });
  assert.deepEqual(requests, [withPrefix("/diagram.json?num_units=7")], "once");
  await templates.prepare("?num_units=7");
  assert.deepEqual(requests.slice(1), ["?num_units=7", "?num_units=8192"].map((query) => withPrefix(`/template.json${query}`)));
});

test("once a slider is prepared, its figures need no request", async () => {
  await templates.prepare("?num_units=7");
  await templates.prepare("?num_units=64");
  assert.equal(requests.length, 2);
  isOffline = true;
  for (const n of [1, 64, 100, 8192]) assert.deepEqual(await templates.figure(`?num_units=${n}`), { text: String(n) });
});

test("for sizes without a template one is requested", async () => {
  await templates.load("?num_units=7");
  templates.query = "?num_units=7";
  assert.deepEqual(await templates.figure("?num_units=700"), { text: "700" });
  assert.deepEqual(await templates.figure("?num_units=701"), { text: "701" });
  assert.equal(requests.length, 2);
});

test("another picture has templates of its own, another step is requested as it is", async () => {
  await templates.prepare("?num_units=7");
  assert.deepEqual(await templates.figure("?cell=gru&num_units=7"), { text: "of the server" });
  assert.deepEqual(await templates.figure("?num_units=7&t=1"), { text: "of the server" });
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
