/** A training as its epochs come: their places in the picture, and the events of its stream. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "./fake_page.js";
import { unitsAt } from "../../static/js/training/units_axis.js";
import { lastOf, placeOf, pointsOf, written } from "../../static/js/training/epoch_places.js";
import { codeOf, showLink } from "../../static/js/training/shared_link.js";
import { listen } from "../../static/js/training/stream.js";
import { isTrained, trainingIn, untrained } from "../../static/js/training/state.js";

/** A stream whose events come from the test. */
class FakeSource extends EventTarget {
  static CLOSED = 2;
  readyState = 1;

  constructor(path) {
    super();
    FakeSource.newest = this;
    this.path = path;
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  send(name, data) {
    this.dispatchEvent(Object.assign(new Event(name), data === undefined ? {} : { data: JSON.stringify(data) }));
  }
}

/** Listen, and note what the listener is told. */
function stream() {
  const told = [];
  const names = ["waits", "learns", "believes", "ends", "fails", "refused", "loses"];
  const listener = Object.fromEntries(names.map((name) => [name, (...data) => told.push([name, ...structuredClone(data)])]));
  return { leave: listen("/training?num_units=8", listener, FakeSource), told, source: FakeSource.newest };
}

const epoch = (n) => ({ epoch: n, loss: 1 / n, train: 0.5, test: 0.25 });

test("epochs are told as they come, and the result ends the stream", () => {
  const { told, source } = stream();
  source.send("wait", { before: 2 });
  source.send("epoch", epoch(1));
  source.send("epoch", epoch(2));
  source.send("result", {});
  assert.deepEqual(told, [["waits", 2], ["learns", [epoch(1)]], ["learns", [epoch(1), epoch(2)]], ["ends"]]);
  assert.equal(source.readyState, FakeSource.CLOSED);
});

test("what the network believes is told between the epochs", () => {
  const { told, source } = stream();
  source.send("epoch", epoch(1));
  source.send("beliefs", { example: 3, last: 396, words: "example 3", svg: "<svg></svg>" });
  assert.deepEqual(told, [["learns", [epoch(1)]], ["believes", { example: 3, last: 396, words: "example 3", svg: "<svg></svg>" }]]);
});

test("a connection that is opened again brings no epoch twice", () => {
  const { told, source } = stream();
  source.send("epoch", epoch(1));
  source.readyState = 0;
  source.send("error");
  for (const n of [1, 2]) source.send("epoch", epoch(n));
  assert.deepEqual(told.map(([name]) => name), ["learns", "loses", "learns", "learns"]);
  assert.deepEqual(told.at(-1)[1], [epoch(1), epoch(2)]);
});

test("an error of the server ends the stream with its message, and a rejected request has none", () => {
  const failed = stream();
  failed.source.send("error", { status: 503, message: "Try again" });
  assert.deepEqual(failed.told, [["fails", "Try again"]]);
  assert.equal(failed.source.readyState, FakeSource.CLOSED);
  const refused = stream();
  refused.source.close();
  refused.source.send("error");
  assert.deepEqual(refused.told, [["refused"]]);
});

test("who leaves hears nothing more: the training ends without listeners", () => {
  const { leave, source } = stream();
  leave();
  assert.equal(source.readyState, FakeSource.CLOSED);
});

test("the last of all epochs is at the right edge, and a value outside of the scale at the edge", () => {
  const plot = [10, 20, 110, 70, 0, 100];
  assert.equal(pointsOf(plot, 4, [0, 50, 100, 150]), "35,70 60,45 85,20 110,20");
  assert.equal(pointsOf(plot, 4, []), "");
  assert.deepEqual(["35,70 60,45", "35,70"].map(lastOf), [[60, 45], [35, 70]]);
  assert.deepEqual([-1, 25].map((value) => placeOf(plot, value)), [70, 57.5]);
});

test("shares are percentages, of which only a whole one has no decimals; errors have two digits", () => {
  assert.deepEqual([written(0.914, 100), written(0.9999, 100), written(1, 100)], ["91.4", "100.0", "100"]);
  assert.deepEqual([0.012345, 0.0199, 0.000012, 1.04, 12.4, 123, 5e-10, 1.5e-7, 9.99e-7, 0].map((error) => written(error, 1)), ["0.012", "0.020", "0.000012", "1.0", "12", "120", "5e-10", "1.5e-7", "0.0000010", "0.0"]);
});

test("the QR code of another state stays that of the page", () => {
  assert.equal(codeOf("/qr.svg?num_units=8", "?num_units=8&trained=true"), "/qr.svg?num_units=8&trained=true");
  assert.equal(codeOf("/at/qr.svg?path=/learn/x&num_units=8", "?seed=1"), "/at/qr.svg?path=%2Flearn%2Fx&seed=1");
});

test("a link that is too long for a QR code shows that instead, until another one is shown", () => {
  const code = { hidden: false, querySelectorAll: () => [image], after: (note) => (shown = note) };
  const image = { src: "/qr.svg", matches: () => false, getAttribute: () => image.src, setAttribute: (_name, value) => (image.src = value) };
  const tooLong = { dataset: { longest: "60" }, cloneNode: () => ({ remove: () => (shown = null) }) };
  let shown = null;
  const link = {};
  const content = { querySelector: (selector) => ({ ".link": link, ".code": code, "#live-no-code": shown })[selector] };
  const live = { content: { getElementById: () => tooLong } };
  document.getElementById = (id) => ({ "share-content": content, live })[id];
  const showing = () => [code.hidden, shown !== null, image.src];

  showLink(`http://unrolled.example/?text=${"a".repeat(40)}&trained=true`);
  assert.deepEqual(showing(), [true, true, "/qr.svg"]);
  showLink("http://unrolled.example/?num_units=8");
  assert.deepEqual(showing(), [false, false, "/qr.svg?num_units=8"]);
});

test("on the axis equal distances double num_units", () => {
  assert.deepEqual([-1, 0, 3 / 7, 1, 2].map((share) => Math.round(unitsAt(share, 128))), [1, 1, 8, 128, 128]);
});

test("another size leaves the trained network, and other views keep it", () => {
  const trained = "?num_units=8&trained=true&view=training";
  assert.ok(isTrained(trained) && !isTrained("?trained=true"));
  assert.equal(untrained(trained), "?num_units=8&view=training");
  assert.equal(untrained("?num_units=8&trained=true&view=units"), "?num_units=8&trained=true&view=units");
});

test("another digit is one of the same training, and another seed is not", () => {
  const one = "?num_units=8&trained=true&view=training";
  assert.equal(trainingIn(`${one}&sample=396`), trainingIn(one));
  assert.notEqual(trainingIn(`${one}&seed=1`), trainingIn(one));
});
