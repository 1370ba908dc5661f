/** How scripts handle responses. They come from a real server in this process. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { endThatFits, Failure, Refusal, request } from "../../static/js/page/request.js";
import "./fake_page.js";

/** Status, headers and body of the response at each path. */
const RESPONSES = {
  "/good": [200, {}, "3 x 5"],
  "/refused": [422, {}, '{"error": {"message": "num_units is too large"}}'],
  "/busy": [503, { "Retry-After": "2" }, "{}"],
  "/others": [429, { "Retry-After": "7" }, '{"error": {"message": "others wait"}}'],
  "/failed": [500, {}, "no"],
  "/broken": [503, {}, "no"],
};

const server = createServer((incoming, response) => {
  if (incoming.url === "/silent") return;
  const [status, headers, body] = RESPONSES[incoming.url ?? ""];
  response.writeHead(status, headers).end(body);
});
let site = "";

before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test("a good response is returned", async () => {
  assert.equal(await (await request(`${site}/good`)).text(), "3 x 5");
});

test("a refusal has the message of the server", async () => {
  await assert.rejects(request(`${site}/refused`), (error) => error instanceof Refusal && error.message === "num_units is too large.");
});

test("a failure of a busy server has the time to wait, in milliseconds", async () => {
  await assert.rejects(request(`${site}/busy`), { message: "The server is busy.", after: 2000 });
  await assert.rejects(request(`${site}/others`, undefined, "POST"), { message: "others wait.", after: 7000 });
});

test("a server error is a failure with the status in its message", async () => {
  await assert.rejects(request(`${site}/failed`), (error) => error instanceof Failure && error.message === "The server failed (500).");
  await assert.rejects(request(`${site}/broken`), { message: "The server failed (503).", after: 0 });
});

test("an aborted request ends at once, even before it is sent", async () => {
  const page = new AbortController();
  const pending = request(`${site}/silent`, page.signal);
  page.abort();
  await assert.rejects(pending, { name: "AbortError" });
  await assert.rejects(request(`${site}/good`, page.signal), { name: "AbortError" });
});

test("of a long text its end is sent, in as many encoded bytes as the server takes", () => {
  const error = "ValueError: expected ndim=3, found ndim=2";
  for (const filling of ["│ ", "错", "😀", "x"]) {
    const sent = endThatFits(filling.repeat(60_000) + error, 50_000);
    const size = new URLSearchParams({ q: sent }).toString().length - "q=".length;
    assert.ok(sent.endsWith(error) && 50_000 - 12 <= size && size <= 50_000, `${filling}: ${size}`);
  }
  assert.equal(endThatFits(error, 50_000), error);
});
