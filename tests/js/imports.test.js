/** Only the scripts that a page loads by name access the page at import. */

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { test } from "node:test";

const SCRIPTS = new URL("../../static/js/", import.meta.url);
const ENTRY_SCRIPTS = ["main.js", "quiz.js", "questions.js", "explain.js", "model.js", "cell.js", "page_in_embed.js", "embed.js", "standalone.js", "files/worker.js"];

test("a module can be imported without a page", async () => {
  const modules = globSync("**/*.js", { cwd: SCRIPTS.pathname }).filter((file) => !ENTRY_SCRIPTS.includes(file));
  assert.ok(modules.length > 25);
  assert.equal(typeof document, "undefined");
  for (const file of modules) await import(new URL(file, SCRIPTS));
});
