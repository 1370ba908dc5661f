/** Only the scripts that a page names look at the page when they are loaded. */

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { test } from "node:test";

const SCRIPTS = new URL("../../static/js/", import.meta.url);
const OF_PAGES = ["main.js", "quiz.js", "questions.js", "frame.js", "embed.js", "standalone.js"];

test("a module can be imported where there is no page", async () => {
  const modules = globSync("**/*.js", { cwd: SCRIPTS.pathname }).filter((file) => !OF_PAGES.includes(file));
  assert.ok(modules.length > 25);
  assert.equal(typeof document, "undefined");
  for (const file of modules) await import(new URL(file, SCRIPTS));
});
