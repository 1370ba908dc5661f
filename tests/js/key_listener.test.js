/** Keys that work wherever the focus is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, listenForKeys } from "../../static/js/page/key_listener.js";

/** The keys that acted, of those that are pressed in a field or elsewhere; a name with a star was used by a control before.
 * @param {string[]} keys @param {boolean} isInField */
function acted(keys, isInField = false) {
  const page = new EventTarget();
  Object.assign(globalThis, { document: page });
  /** @type {string[]} */
  const found = [];
  const act = (/** @type {string} */ name) => () => found.push(name) > 0;
  listenForKeys({ f: act("f"), Escape: act("Escape"), "Alt+1": act("Alt+1"), "Ctrl+Enter": act("Ctrl+Enter"), u: () => found.push("u") < 0 });
  const prevented = [];
  for (const pressed of keys) {
    const name = pressed.replace("*", "");
    const event = new Event("keydown", { cancelable: true });
    const modifiers = { altKey: name.includes("Alt+"), ctrlKey: name.includes("Ctrl+"), metaKey: name.includes("Meta+") };
    const target = { matches: (/** @type {string} */ selector) => isInField && selector === FIELDS };
    Object.defineProperties(event, { target: { value: target }, key: { value: name.split("+").at(-1) } });
    Object.assign(event, modifiers);
    if (name !== pressed) event.preventDefault();
    page.dispatchEvent(event);
    if (event.defaultPrevented && name === pressed) prevented.push(name);
  }
  return { found, prevented };
}

test("a key acts alone or with the keys of its name, and keeps its usual meaning if its action did nothing", () => {
  const { found, prevented } = acted(["f", "Alt+f", "Ctrl+f", "Meta+f", "Alt+1", "1", "Ctrl+Enter", "Meta+Enter", "Enter", "u", "x"]);
  assert.deepEqual(found, ["f", "Alt+1", "Ctrl+Enter", "Ctrl+Enter", "u"]);
  assert.deepEqual(prevented, ["f", "Alt+1", "Ctrl+Enter", "Meta+Enter"]);
});

test("in a field only Escape and keys with others act, and none that a control has used", () => {
  assert.deepEqual(acted(["f", "Escape", "Ctrl+Escape", "Alt+1", "Ctrl+Enter"], true).found, ["Escape", "Escape", "Alt+1", "Ctrl+Enter"]);
  assert.deepEqual(acted(["f*", "Escape*"]).found, []);
});
