/** The connection to a room, whatever the network does. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { withPrefix } from "../../static/js/page/prefix.js";
import { Connection } from "../../static/js/room/connection.js";
import { FakeHistory, pass, resumeTime, settle, stopTime } from "./fake_page.js";

/** A WebSocket that does what a test says. */
class FakeSocket extends EventTarget {
  constructor(address) {
    super();
    this.address = address;
    this.sent = [];
    sockets.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosing = true;
  }

  opens() {
    this.dispatchEvent(new Event("open"));
  }

  says(message) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
  }

  fails(code = 1006) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** A response without an end: events that a test sends. */
class FakeEvents {
  constructor() {
    this.body = new ReadableStream({ start: (controller) => (this.controller = controller) });
    this.response = new Response(this.body);
  }

  says(text) {
    this.controller.enqueue(new TextEncoder().encode(text));
  }
}

let sockets, requests, heard, opened, lost, connection, answer;

function connect(secret = "") {
  connection = new Connection("ABCDE", secret, {
    hear: (message) => heard.push(message),
    opened: () => (opened += 1),
    lost: (why) => lost.push(why),
  });
}

beforeEach(() => {
  stopTime();
  new FakeHistory("/room/ABCDE");
  globalThis.WebSocket = FakeSocket;
  globalThis.window = { name: "" };
  globalThis.localStorage = { getItem: () => "0123456789abcdef", setItem: () => {} };
  [sockets, requests, heard, opened, lost] = [[], [], [], 0, []];
  answer = () => new Promise(() => {});
  globalThis.fetch = (path, options) => {
    requests.push({ path, ...options, body: options.body && JSON.parse(options.body) });
    return answer(path, options);
  };
});
afterEach(resumeTime);

test("it opens with the name of this browser, and leads with the secret", () => {
  connect("s3cret");
  assert.equal(sockets[0].address, `ws://unrolled.example${withPrefix("/rooms/ABCDE")}?member=0123456789abcdef&lang=en`);
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent, [{ lead: "s3cret" }]);
  sockets[0].says({ here: { members: 1 } });
  assert.deepEqual([opened, heard], [1, [{ here: { members: 1 } }]]);
});

test("who does not lead says nothing first, and nothing where there is no connection", () => {
  connect();
  connection.send({ show: "?t=1" });
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent, []);
  connection.send({ show: "?t=2" });
  assert.deepEqual(sockets[0].sent, [{ show: "?t=2" }]);
});

test("a lost connection is opened again, at longer and longer intervals, up to two seconds and their spread", async () => {
  connect();
  const waits = [];
  for (let k = 0; k < 4; k++) {
    sockets.at(-1).opens();
    connection.isFruitful = true; // as if a message had come, but none that proves the room is well
    const before = sockets.length;
    sockets.at(-1).fails();
    let ms = 0;
    while (sockets.length === before && ms < 10_000) {
      await pass(50);
      ms += 50;
    }
    waits.push(ms);
  }
  assert.deepEqual(waits, [750, 1500, 3000, 3000]);
  assert.deepEqual(lost, ["away", "away", "away", "away"]);
});

test("a message resets the intervals", async () => {
  connect();
  for (let k = 0; k < 3; k++) {
    sockets.at(-1).opens();
    sockets.at(-1).says({});
    sockets.at(-1).fails();
    await pass(750);
    assert.equal(sockets.length, k + 2);
  }
});

test("a connection that is silent for twelve seconds is given up", async () => {
  connect();
  sockets[0].opens();
  await pass(11_000);
  sockets[0].says({});
  await pass(12_000);
  assert.deepEqual(lost, []);
  await pass(1000);
  assert.deepEqual(lost, ["away"]);
  assert.ok(sockets[0].isClosing);
  sockets[0].fails(); // in the end the other side agrees: that is no second loss
  assert.deepEqual(lost, ["away"]);
});

test("a WebSocket that does not open within four seconds is given up", async () => {
  connect();
  await pass(3999);
  assert.deepEqual(lost, []);
  await pass(1);
  assert.deepEqual(lost, ["away"]);
});

for (const [code, why] of [[4404, "none"], [4410, "over"]]) {
  test(`a room that is ${why === "over" ? "over" : "not there"} is not tried again`, async () => {
    connect();
    sockets[0].fails(code);
    assert.deepEqual(lost, [why]);
    await pass(60_000);
    assert.equal(sockets.length + requests.length, 1);
  });
}

test("a room that says it is over is not tried again, however its connection ends", async () => {
  connect();
  sockets[0].opens();
  sockets[0].says({ room: { over: true } });
  sockets[0].fails();
  assert.deepEqual(lost, ["over"]);
  await pass(60_000);
  assert.equal(sockets.length, 1);
});

test("a full room is tried again after five seconds at least", async () => {
  connect();
  sockets[0].fails(4429);
  assert.deepEqual(lost, ["full"]);
  await pass(7499);
  assert.equal(sockets.length, 1);
  await pass(1);
  assert.equal(sockets.length, 2, "by a WebSocket, which was not what failed");
});

/** Connect where no WebSocket gets through. */
async function connectPlainly(secret = "") {
  const events = new FakeEvents();
  answer = async () => events.response;
  connect(secret);
  sockets[0].fails();
  await pass(750);
  return events;
}

test("where no WebSocket gets through plain requests do, and back again", async () => {
  answer = () => Promise.reject(new TypeError("failed to fetch"));
  connect();
  sockets[0].fails();
  await pass(750);
  assert.deepEqual([sockets.length, requests.length], [1, 1]);
  await pass(1500);
  assert.equal(sockets.length, 2);
});

test("events are read whole, however they are cut", async () => {
  const events = await connectPlainly("s3cret");
  assert.equal(requests[0].path, withPrefix("/rooms/ABCDE/events?member=0123456789abcdef&lang=en"));
  assert.equal(requests[0].headers.Authorization, "Bearer s3cret");
  events.says('data: {"here": {"mem');
  await settle();
  assert.deepEqual([opened, heard], [1, []]);
  events.says('bers": 2}}\n\n: comment\n\ndata: {"leads": true}\n\n');
  await settle();
  assert.deepEqual(heard, [{ here: { members: 2 } }, { leads: true }]);
});

test("plain requests go one after another, and of the states that wait only the newest is sent", async () => {
  const events = await connectPlainly();
  events.says("data: {}\n\n");
  await settle();
  let finish;
  answer = () => new Promise((done) => (finish = () => done(new Response('[{"room": {"number": 2}}]'))));
  for (const n of [1, 2, 3]) connection.send({ show: `?t=${n}` });
  connection.send({ ask: "h" });
  await settle();
  assert.deepEqual(requests.slice(1).map(({ body }) => body), [{ show: "?t=3" }]);
  finish();
  await settle();
  await settle();
  assert.deepEqual(requests.slice(1).map(({ body }) => body), [{ show: "?t=3" }, { ask: "h" }]);
  assert.deepEqual(heard.at(-1), { room: { number: 2 } });
});

test("a room that is not there is none for plain requests, too", async () => {
  answer = async () => new Response("no", { status: 404 });
  connect();
  sockets[0].fails();
  await pass(750);
  assert.deepEqual(lost, ["away", "none"]);
});
