/** The connection to a room on bad networks. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { withPrefix } from "../../static/js/page/prefix.js";
import { Connection } from "../../static/js/room/connection.js";
import { FakeHistory, pass, resumeTime, settle, stopTime } from "./fake_page.js";

/** A WebSocket that a test controls. */
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

  fails(code = 1006, reason = "") {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

/** A response that does not end, with events from a test. */
class FakeEvents {
  constructor() {
    this.body = new ReadableStream({ start: (controller) => (this.controller = controller) });
    this.response = new Response(this.body);
  }

  says(text) {
    this.controller.enqueue(new TextEncoder().encode(text));
  }
}

const AWAY = { words: "", isFinal: false, isOver: false };

let sockets, requests, received, opened, lost, connection, answer;

function connect(secret = "") {
  connection = new Connection("ABCDE", secret, {
    receive: (message) => received.push(message),
    opened: () => (opened += 1),
    lost: (loss) => lost.push(loss),
  });
}

beforeEach(() => {
  stopTime();
  new FakeHistory("/room/ABCDE");
  globalThis.WebSocket = FakeSocket;
  globalThis.window = { name: "" };
  globalThis.localStorage = { getItem: () => "0123456789abcdef", setItem: () => {} };
  [sockets, requests, received, opened, lost] = [[], [], [], 0, []];
  answer = () => new Promise(() => {});
  globalThis.fetch = (path, options) => {
    requests.push({ path, ...options, body: options.body && JSON.parse(options.body) });
    return answer(path, options);
  };
});
afterEach(resumeTime);

test("a connection has the name of the browser, and the secret makes it lead", () => {
  connect("s3cret");
  assert.equal(sockets[0].address, `ws://unrolled.example${withPrefix("/rooms/ABCDE")}?member=0123456789abcdef&lang=en`);
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent, [{ lead: "s3cret" }]);
  sockets[0].says({ here: { members: 1 } });
  assert.deepEqual([opened, received], [1, [{ here: { members: 1 } }]]);
});

test("a follower sends no first message, and without a connection nothing is sent", () => {
  connect();
  connection.send({ show: "?t=1" });
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent, []);
  connection.send({ show: "?t=2" });
  assert.deepEqual(sockets[0].sent, [{ show: "?t=2" }]);
});

test("a lost connection is retried at growing intervals, up to two seconds plus a random part", async () => {
  connect();
  const waits = [];
  for (let k = 0; k < 4; k++) {
    sockets.at(-1).opens();
    connection.hasReceived = true; // as after a message, but without the reset of the intervals
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
  assert.deepEqual(lost, [AWAY, AWAY, AWAY, AWAY]);
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

test("a connection that is silent for twelve seconds is dropped", async () => {
  connect();
  sockets[0].opens();
  await pass(11_000);
  sockets[0].says({});
  await pass(12_000);
  assert.deepEqual(lost, []);
  await pass(1000);
  assert.deepEqual(lost, [AWAY]);
  assert.ok(sockets[0].isClosing);
  sockets[0].fails(); // the server confirms the close later: that is no second loss
  assert.deepEqual(lost, [AWAY]);
});

test("a WebSocket that does not open within four seconds is dropped", async () => {
  connect();
  await pass(3999);
  assert.deepEqual(lost, []);
  await pass(1);
  assert.deepEqual(lost, [AWAY]);
});

for (const [code, words] of [[4404, "There is no such room."], [4410, "It is over."], [4403, "Nobody else may enter."]]) {
  test(`a refusal with ${code} is not retried, and its text is that of the server`, async () => {
    connect();
    sockets[0].fails(code, words);
    assert.deepEqual(lost, [{ words, isFinal: true, isOver: false }]);
    await pass(60_000);
    assert.equal(sockets.length + requests.length, 1);
  });
}

test("a room that has announced its end is not retried, however its connection ends", async () => {
  connect();
  sockets[0].opens();
  sockets[0].says({ room: { over: true } });
  sockets[0].fails();
  assert.deepEqual(lost, [{ words: "The lesson is over.", isFinal: true, isOver: true }]);
  await pass(60_000);
  assert.equal(sockets.length, 1);
});

test("a full room is retried after five seconds or more", async () => {
  connect();
  sockets[0].fails(4429, "It is full.");
  assert.deepEqual(lost, [{ words: "It is full.", isFinal: false, isOver: false }]);
  await pass(7499);
  assert.equal(sockets.length, 1);
  await pass(1);
  assert.equal(sockets.length, 2, "by a WebSocket again, since that did not fail");
});

/** Connect through a proxy that blocks WebSockets. */
async function connectByRequests(secret = "") {
  const events = new FakeEvents();
  answer = async () => events.response;
  connect(secret);
  sockets[0].fails();
  await pass(750);
  return events;
}

test("a connection alternates between WebSocket and requests until one succeeds", async () => {
  answer = () => Promise.reject(new TypeError("failed to fetch"));
  connect();
  sockets[0].fails();
  await pass(750);
  assert.deepEqual([sockets.length, requests.length], [1, 1]);
  await pass(1500);
  assert.equal(sockets.length, 2);
});

test("events are read correctly, however the response is split", async () => {
  const events = await connectByRequests("s3cret");
  assert.equal(requests[0].path, withPrefix("/rooms/ABCDE/events?member=0123456789abcdef&lang=en"));
  assert.equal(requests[0].headers.Authorization, "Bearer s3cret");
  events.says('data: {"here": {"mem');
  await settle();
  assert.deepEqual([opened, received], [1, []]);
  events.says('bers": 2}}\n\n: comment\n\ndata: {"leads": true}\n\n');
  await settle();
  assert.deepEqual(received, [{ here: { members: 2 } }, { leads: true }]);
});

test("requests are sent one after another, and only the newest of the waiting states", async () => {
  const events = await connectByRequests();
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
  assert.deepEqual(received.at(-1), { room: { number: 2 } });
});

for (const [status, isFinal] of [[404, true], [409, false]]) {
  test(`a request that is refused with ${status} reports the text of the server`, async () => {
    answer = async () => Response.json({ error: { message: "So it is." } }, { status });
    connect();
    sockets[0].fails();
    await pass(750);
    assert.deepEqual(lost, [AWAY, { words: "So it is.", isFinal, isOver: false }]);
  });
}

test("an error of a proxy is no refusal", async () => {
  answer = async () => new Response("<h1>Forbidden</h1>", { status: 403 });
  connect();
  sockets[0].fails();
  await pass(750);
  assert.deepEqual(lost, [AWAY, AWAY]);
  await pass(1500);
  assert.equal(sockets.length, 2);
});
