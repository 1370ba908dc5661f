/** What keys in the heatmap of values change. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOfClick, changesOfKey, setUpValuesMap, squareAt } from "../../static/js/controls/values_map.js";
import "./fake_page.js";

const UNITS = { tensor: "h", rows: "batch_size", columns: "num_units", most: [24, 48], moves: ["t", "sample", "unit"], units: [0, 1, 2, 3, 4] };
const STEPS = { ...UNITS, tensor: "Y", rows: "time_step", moves: ["t", "sample", "unit"] };
const KERNEL = { tensor: "kernel", rows: "num_units+features", columns: "num_units", most: [24, 48], moves: ["unit"], units: [0, 0, 1] };

/** @param {string} key such as "Shift+ArrowRight" */
function changes(key, state, meta) {
  return changesOfKey({ key: key.replace("Shift+", ""), shiftKey: key.startsWith("Shift+") }, state, meta);
}

test("keys change the step, the sample and, with Shift, the unit", () => {
  for (const [key, state, expected] of [
    ["ArrowRight", "?tensor=c", { t: 3 }],
    ["ArrowLeft", "?tensor=c", { t: 1 }],
    ["ArrowDown", "", { sample: 0 }],
    ["ArrowDown", "?sample=1", { sample: 2 }],
    ["ArrowUp", "?sample=1", { sample: 0 }],
    ["Shift+ArrowRight", "", { unit: 0 }],
    ["Shift+ArrowLeft", "?unit=3", { unit: 2 }],
  ]) {
    const { t, sample, unit } = changes(key, state, UNITS);
    assert.deepEqual(JSON.parse(JSON.stringify({ t, sample, unit })), expected, `${key} in ${state}`);
  }
});

test("keys stop at the ends", () => {
  assert.equal(changes("ArrowRight", "?t=3", UNITS).t, 3);
  assert.equal(changes("ArrowLeft", "?t=0", UNITS).t, 0);
  assert.equal(changes("ArrowDown", "?sample=2", UNITS).sample, 2);
  assert.equal(changes("Shift+ArrowRight", "?unit=4", UNITS).unit, 4);
});

test("in a tensor without steps and samples only the keys of units have an effect", () => {
  assert.equal(changes("ArrowRight", "?tensor=kernel", KERNEL), null);
  assert.equal(changes("ArrowDown", "?tensor=kernel", KERNEL), null);
  assert.equal(changes("Shift+ArrowRight", "?tensor=kernel", KERNEL).unit, 0);
  assert.equal(changes("Enter", "", UNITS), null);
});

test("the page of a large tensor follows the row or the column", () => {
  const long = "?batch_size=100&time_step=100&num_units=100";
  assert.deepEqual(changes("ArrowDown", `${long}&sample=23&tensor=h`, UNITS), { sample: 24, tensor: "h", row: 24 });
  assert.deepEqual(changes("ArrowUp", `${long}&sample=24&tensor=h`, UNITS), { sample: 23, tensor: "h", row: 0 });
  assert.deepEqual(changes("ArrowRight", `${long}&t=23`, STEPS), { t: 24, tensor: "Y", row: 24 });
  assert.deepEqual(changes("Shift+ArrowRight", `${long}&unit=47`, UNITS), { unit: 48, tensor: "h", column: 48 });
  assert.deepEqual(changes("ArrowDown", `${long}&sample=23&tensor=Y`, STEPS), { sample: 24 }, "its rows are steps");
});

test("on the first page the selection does not change", () => {
  assert.deepEqual(changes("ArrowDown", "?sample=0", UNITS), { sample: 1 });
  assert.deepEqual(changes("ArrowDown", "?sample=0&tensor=h", UNITS), { sample: 1, tensor: "h", row: 0 });
});

test("columns that belong to no unit do not change the page", () => {
  const long = "?num_units=100&unit=47";
  assert.deepEqual(changes("Shift+ArrowRight", long, { ...UNITS, units: [null, null] }), { unit: 48 });
  assert.deepEqual(changes("Shift+ArrowRight", long, { ...UNITS, columns: "features" }), { unit: 48 });
});

const PLACED = { ...UNITS, first: [24, 48], size: [2, 3], squares: [20, 18, 10, 22], units: [48, 49, null] };

test("a position in the map belongs to a square of its page", () => {
  assert.deepEqual(squareAt(PLACED, 20, 18), [24, 48]);
  assert.deepEqual(squareAt(PLACED, 49.9, 61.9), [25, 50]);
  for (const [x, y] of [[19, 20], [50, 20], [30, 17], [30, 62]]) assert.equal(squareAt(PLACED, x, y), null);
});

test("a click follows sample and unit, and in a tensor of all steps the unit at its step", () => {
  assert.deepEqual(changesOfClick([25, 49], PLACED), { sample: 25, unit: 49 });
  assert.deepEqual(changesOfClick([24, 50], PLACED), { sample: 24 });
  assert.deepEqual(changesOfClick([25, 48], { ...PLACED, rows: "time_step" }), { t: 25, unit: 48 });
  assert.deepEqual(changesOfClick([25, 48], { ...PLACED, rows: "time_step", moves: ["unit"] }), { unit: 48 }, "the step is locked");
  assert.deepEqual(changesOfClick([25, 48], { ...PLACED, rows: null }), { unit: 48 });
});

test("a key changes the state, but not with Ctrl, Alt or Meta, and another key is left to the browser", () => {
  const region = new EventTarget();
  const map = { dataset: { map: JSON.stringify(UNITS) } };
  document.getElementById = (id) => (id === "values" ? region : map);
  const changed = [];
  setUpValuesMap(() => "", (_, changes) => changed.push(changes));
  for (const keys of [{ key: "Enter" }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, {}]) {
    region.dispatchEvent(Object.assign(new Event("keydown"), { key: "ArrowRight", ...keys }));
  }
  assert.deepEqual(changed, [{ t: 3 }]);
});
