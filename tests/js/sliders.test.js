/** Stops and positions of sliders. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestStop, placeOf, stopAfter, stopAt } from "../../static/js/controls/sliders.js";
import { fields } from "./fake_page.js";

const SIZES = fields.filter(({ stops }) => stops);

test("the stop nearest to a value is found, the first of two equally near ones", () => {
  assert.equal(nearestStop([1, 2, 4, 8], 5), 2);
  assert.equal(nearestStop([1, 2, 4, 8], 3), 1);
  assert.equal(nearestStop([1, 2, 4, 8], 1000), 3);
});

test("every stop has a position at which the slider is read as that stop", () => {
  assert.ok(SIZES.length >= 4);
  for (const { stops } of SIZES) {
    const track = { min: stops[0], max: stops.at(-1), places: 10_000 };
    const read = stops.map((stop) => stopAt(track, stops, placeOf(track, stop)));
    assert.deepEqual(read, stops);
  }
});

test("a track is logarithmic: each of its halves multiplies by the same", () => {
  assert.deepEqual([1, 10, 100].map((value) => placeOf({ min: 1, max: 100, places: 10_000 }, value)), [0, 5000, 10_000]);
});

test("keys go from stop to stop and stay on the track", () => {
  const stops = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20];
  for (const [value, by, expected] of [
    [5, 1, 6],
    [6, 1, 8],
    [6, -1, 5],
    [2, 8, 16],
    [1, -1, 1],
    [20, 1, 20],
    [20, -10, 1],
    [5, 10, 20],
  ]) {
    assert.equal(stopAfter(stops, value, by), expected, `${by} stops from ${value}`);
  }
});

test("from between two stops a key goes to the next stop on its side, however near", () => {
  const stops = [1, 2, 4, 8, 16];
  assert.equal(stopAfter(stops, 7, 1), 8);
  assert.equal(stopAfter(stops, 7, -1), 4);
  assert.equal(stopAfter(stops, 5, 1), 8);
  assert.equal(stopAfter(stops, 5, -1), 4);
  assert.equal(stopAfter(stops, 5, 2), 16);
});
