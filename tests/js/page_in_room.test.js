/** What a leader's page does when its connection opens. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { PageInRoom } from "../../static/js/room/page_in_room.js";
import { FakeHistory } from "./fake_page.js";

let done, invitation;

beforeEach(() => {
  [done, invitation] = [[], { open: false }];
  document.getElementById = () => invitation;
});

/** The main page of a leader, without its elements. @param {number} number of the newest state */
function page(number) {
  const own = {
    isTeachingTab: true,
    isMain: true,
    isBrought: false,
    hasLed: false,
    room: { number, page: "/", query: "?num_units=7" },
    leading: { isAhead: false, resend: (state) => done.push(`sends ${state}`) },
    state: () => location.search,
    catchUp: () => done.push("catches up"),
  };
  return Object.assign(Object.create(PageInRoom.prototype), own);
}

test("the address of a new room's page is sent once, and after a lost connection the page follows the room", () => {
  new FakeHistory("/room/ABCD?num_units=9");
  const main = page(1);
  main.lead(true);
  main.lead(true);
  assert.deepEqual(done, ["sends ?num_units=9", "catches up"]);
});

test("the invitation opens for others to join, but not in a room whose lesson has begun, nor again", () => {
  new FakeHistory("/room/ABCD");
  page(2).lead(true);
  assert.equal(invitation.open, false);
  const main = page(1);
  main.lead(true);
  assert.equal(invitation.open, true);
  invitation.open = false;
  main.lead(true);
  assert.equal(invitation.open, false);
});
