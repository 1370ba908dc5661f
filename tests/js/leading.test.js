/** Which states the page of a leader sends to the room, and when. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Leading } from "../../static/js/room/leading.js";
import { pass, resumeTime, stopTime } from "./fake_page.js";

let sent, isOpen, leading;

beforeEach(() => {
  stopTime();
  [sent, isOpen] = [[], true];
  const prepare = (state) => state.replace("&theme=dark", "");
  leading = new Leading("?num_units=7", prepare, () => isOpen, (state) => sent.push(state));
});
afterEach(resumeTime);

test("a drag sends at most twenty states a second, and its last state", async () => {
  for (let n = 0; n < 100; n++) {
    leading.moved(`?num_units=${100 + n}`);
    await pass(10);
  }
  await pass(100);
  assert.ok(sent.length >= 19 && sent.length <= 21, `${sent.length} in a second`);
  assert.equal(sent.at(-1), "?num_units=199");
});

test("a single move is sent within a twentieth of a second", async () => {
  assert.equal(leading.isAhead, false);
  leading.moved("?num_units=8");
  await pass(49);
  assert.deepEqual(sent, []);
  await pass(1);
  assert.deepEqual(sent, ["?num_units=8"]);
});

test("a state that the room has, or that differs in personal fields only, is not sent", async () => {
  leading.moved("?num_units=7&theme=dark");
  await pass(50);
  assert.deepEqual(sent, []);
  assert.equal(leading.isAhead, false);
});

test("flush sends the newest state at once, and once only", async () => {
  leading.moved("?num_units=8");
  leading.flush();
  await pass(1000);
  assert.deepEqual(sent, ["?num_units=8"]);
});

test("a state that could not be sent is sent after a reconnect", async () => {
  isOpen = false;
  leading.moved("?num_units=8");
  await pass(50);
  assert.equal(leading.isAhead, true);
  isOpen = true;
  leading.resend("?num_units=9");
  assert.deepEqual(sent, ["?num_units=9"]);
});

test("confirmed states are recognised as the page's own, even if confirmations are lost", async () => {
  for (const n of [8, 9, 10]) {
    leading.moved(`?num_units=${n}`);
    await pass(50);
  }
  assert.equal(leading.isFromElsewhere("?num_units=9"), false);
  assert.equal(leading.isAhead, true);
  assert.equal(leading.isFromElsewhere("?num_units=10"), false);
  assert.equal(leading.isAhead, false);
});

test("a page follows another window only if it is not ahead, and does not send that state back", async () => {
  leading.moved("?num_units=8");
  assert.equal(leading.isFromElsewhere("?num_units=20"), false, "unsent");
  await pass(50);
  assert.equal(leading.isFromElsewhere("?num_units=20"), false, "unconfirmed");
  leading.isFromElsewhere("?num_units=8");
  assert.equal(leading.isFromElsewhere("?num_units=20"), true);
  leading.moved("?num_units=20");
  assert.equal(leading.isFromElsewhere("?num_units=21"), true, "immediately after that as well");
  await pass(50);
  assert.deepEqual(sent, ["?num_units=8"]);
});
