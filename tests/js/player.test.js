/** Stepping through a run, and the clock that plays it. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Clock, firstState, nextState } from "../../static/js/controls/player.js";
import { pass, resumeTime, settle, stopTime } from "./fake_page.js";

const ORDER = { order: ["x", "h_prev", "a", "h"], unit: "operation", first: 0, last: 3, onward: 1 };
const BACKWARD = { ...ORDER, first: 3, last: 0, onward: -1 };

test("operations follow one another through the step and into the next one", () => {
  for (const [state, by, expected] of [
    ["", 1, "?tensor=x&stepping=true"],
    ["?tensor=x&stepping=true", 1, "?tensor=h_prev&stepping=true"],
    ["?tensor=h&stepping=true", 1, "?t=3&tensor=x&stepping=true"],
    ["?t=3&tensor=x&stepping=true", -1, "?tensor=h&stepping=true"],
    ["?tensor=a", -1, "?tensor=h&stepping=true"],
    ["?t=3&tensor=h&stepping=true", 1, null],
    ["?t=0&tensor=x&stepping=true", -1, null],
  ]) {
    assert.equal(nextState(ORDER, state, "operation", by), expected, `${by} from ${state}`);
  }
});

test("steps keep the tensor, and end where the run does", () => {
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

test("where no operations are shown the run begins with its first step", () => {
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

test("one state is shown at once, each other when its time has come, and it ends by itself", async () => {
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

test("the time that a picture takes is no time added", async () => {
  show = (state) => new Promise((done) => (shown.push(state), setTimeout(done, 300, true)));
  clock.start("a");
  await pass(300);
  await pass(199);
  assert.deepEqual(shown, ["a"]);
  await pass(1);
  assert.deepEqual(shown, ["a", "b"]);
});

test("a picture that does not come holds up the next one for a second", async () => {
  show = (state) => (shown.push(state), new Promise(() => {}));
  clock.start("a");
  await pass(999);
  assert.deepEqual(shown, ["a"]);
  await pass(1);
  await pass(0);
  assert.deepEqual(shown, ["a", "b"]);
});

test("it stops where a picture cannot be shown", async () => {
  show = async () => false;
  clock.start("a");
  await settle();
  await pass(5000);
  assert.deepEqual([clock.isRunning, ended, left.length], [false, 1, 2]);
});

test("stopped while a picture is under way, it shows no other, also when it is started again", async () => {
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
