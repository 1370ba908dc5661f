/** What the page does with its own address. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PageDisplay } from "../../static/js/page_display.js";
import "./fake_page.js";

test("a page is loaded again at its path with its present state", () => {
  const loaded = [];
  globalThis.location = { assign: (address) => loaded.push(address) };
  PageDisplay.prototype.reload.call({ path: "/learn/depth", store: { present: "?num_units=7" } });
  assert.deepEqual(loaded, ["/learn/depth?num_units=7"]);
});
