/** Going through the states of a run, by hand and by the clock. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Clock, firstState, nextPlayed, nextState } from "../../static/js/controls/player.js";
import { pass, resumeTime, settle, stopTime } from "./fake_page.js";

const ORDER = { order: ["x", "h_prev", "a", "h"], unit: "operation", first: 0, last: 3, onward: 1 };
const BACKWARD = { ...ORDER, first: 3, last: 0, onward: -1 };

test("operations continue from one step into the next", () => {
  for (const [state, by, expected] of [
    ["?tensor=x&stepping=true", 1, "?tensor=h_prev&stepping=true"],
    ["?tensor=h&stepping=true", 1, "?t=3&tensor=x&stepping=true"],
    ["?t=3&tensor=x&stepping=true", -1, "?tensor=h&stepping=true"],
    ["?t=3&tensor=h&stepping=true", 1, null],
    ["?t=0&tensor=x&stepping=true", -1, null],
  ]) {
    assert.equal(nextState(ORDER, state, "operation", by), expected, `${by} from ${state}`);
  }
});

test("the whole picture is before the first operation and after the last one", () => {
  assert.equal(nextState(ORDER, "", "operation", 1), "?t=0&tensor=x&stepping=true");
  assert.equal(nextState(ORDER, "?tensor=a", "operation", -1), "?t=3&tensor=h&stepping=true");
  assert.equal(nextState(BACKWARD, "?t=1", "operation", 1), "?t=3&tensor=x&stepping=true");
  assert.equal(nextState(BACKWARD, "?t=1", "operation", -1), "?t=0&tensor=h&stepping=true");
});

test("playing ends in the whole picture", () => {
  assert.equal(nextPlayed(ORDER, "?t=3&tensor=a&stepping=true"), "?t=3&tensor=h&stepping=true");
  assert.equal(nextPlayed(ORDER, "?t=3&tensor=h&stepping=true"), "?t=3");
  assert.equal(nextPlayed(ORDER, "?t=3"), null);
});

test("playing by steps keeps the tensor, and ends at the last step", () => {
  const steps = { ...ORDER, unit: "step" };
  assert.equal(nextPlayed(steps, "?tensor=f"), "?t=3&tensor=f");
  assert.equal(nextPlayed(steps, "?t=3&tensor=f&stepping=true"), null, "a link may have stepping in a view without it");
});

test("steps keep the tensor and end at the ends of the run", () => {
  assert.equal(nextState(ORDER, "?tensor=a&stepping=true", "step", 1), "?t=3&tensor=a&stepping=true");
  assert.equal(nextState(ORDER, "?t=1", "step", -1), "?t=0");
  assert.equal(nextState(ORDER, "?t=3", "step", 1), null);
  assert.equal(nextState(ORDER, "?t=0", "step", -1), null);
});

test("a backward direction goes from the last step to the first", () => {
  assert.equal(nextState(BACKWARD, "?t=1&tensor=h&stepping=true", "operation", 1), "?t=0&tensor=x&stepping=true");
  assert.equal(nextState(BACKWARD, "?t=0", "step", 1), null);
  assert.equal(firstState(BACKWARD, "?t=0"), "?t=3&tensor=x&stepping=true");
});

test("without operations a run starts at its first step", () => {
  assert.equal(firstState({ ...ORDER, unit: "step" }, "?t=3&tensor=f"), "?t=0&tensor=f");
});

let shown, ended, left, clock, show;

beforeEach(() => {
  stopTime();
  [shown, ended, left] = [[], 0, ["b", "c"]];
  show = async (state) => (shown.push(state), true);
  clock = new Clock({ next: () => left.shift() ?? null, show: (state) => show(state), perSecond: () => 2, ended: () => (ended += 1) });
});
afterEach(resumeTime);

test("the first state is shown at once, the others at the given speed, and playing ends after the last", async () => {
  clock.start("a");
  await settle();
  await pass(499);
  assert.deepEqual(shown, ["a"]);
  await pass(1);
  assert.deepEqual(shown, ["a", "b"]);
  await pass(500);
  assert.deepEqual(shown, ["a", "b", "c"]);
  assert.equal(ended, 0);
  await pass(500);
  assert.deepEqual([clock.isRunning, ended], [false, 1]);
});

test("the time for showing a picture is part of its interval", async () => {
  show = (state) => new Promise((done) => (shown.push(state), setTimeout(done, 300, true)));
  clock.start("a");
  await pass(300);
  await pass(199);
  assert.deepEqual(shown, ["a"]);
  await pass(1);
  assert.deepEqual(shown, ["a", "b"]);
});

test("a picture that is not shown delays the next one for one second", async () => {
  show = (state) => (shown.push(state), new Promise(() => {}));
  clock.start("a");
  await pass(999);
  assert.deepEqual(shown, ["a"]);
  await pass(1);
  await pass(0);
  assert.deepEqual(shown, ["a", "b"]);
});

test("playing stops if a picture cannot be shown", async () => {
  show = async () => false;
  clock.start("a");
  await settle();
  await pass(5000);
  assert.deepEqual([clock.isRunning, ended, left.length], [false, 1, 2]);
});

test("a clock that is stopped while it waits for a picture shows no other, even after a new start", async () => {
  show = (state) => new Promise((done) => (shown.push(state), setTimeout(done, 300, true)));
  clock.start("a");
  clock.stop();
  clock.start("z");
  await pass(300);
  await pass(200);
  await pass(300);
  assert.deepEqual(shown, ["a", "z", "b"]);
  clock.stop();
  await pass(5000);
  assert.deepEqual(shown, ["a", "z", "b"]);
});
