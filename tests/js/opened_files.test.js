/** Opened files are kept in the tab, and shown beside their models. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const { isChanged, OpenedFiles } = await import("../../static/js/model/opened_files.js");

const file = (title, text) => ({ title, text });
const titles = (files) => files.map(({ title }) => title);

let stored;

beforeEach(() => {
  stored = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => stored.set(name, text),
    removeItem: (name) => stored.delete(name),
  };
});

test("a file is known on the next page of the tab, also with other sizes", () => {
  new OpenedFiles().add([file("a.pt", "lstm(3,4)")]);
  const next = new OpenedFiles();
  assert.deepEqual(titles(next.of(["lstm(3,64)", ""])), ["a.pt"]);
  assert.deepEqual(next.of(["gru(3,4)", "lstm(3,64)"]).map((one) => one?.title), [undefined, "a.pt"]);
});

test("a model has changed if a size that its file knows is another one", () => {
  assert.ok(isChanged(file("a", "lstm(?,40).dense(5)"), "lstm(7,50).dense(5)"));
  assert.ok(!isChanged(file("a", "lstm(?,40).dense(5)"), "lstm(7,40).dense(5)"));
});

test("of files with the same layers the newest is shown, and both if they are compared", () => {
  const opened = new OpenedFiles();
  opened.add([file("old.pt", "lstm(3,4)")]);
  opened.add([file("one.pt", "lstm(3,4)"), file("other.pt", "lstm(3,4)")]);
  assert.deepEqual(titles(opened.of(["lstm(3,4)", ""])), ["one.pt"]);
  assert.deepEqual(titles(opened.of(["lstm(3,4)", "lstm(3,4)"])), ["one.pt", "other.pt"]);
});

test("a model without a file keeps its side, also if it has the same layers", () => {
  const opened = new OpenedFiles();
  opened.add([{ text: "lstm(3,8)" }, file("a.pt", "lstm(3,4)")]);
  const sides = (...models) => opened.of(models).map((one) => one?.title ?? "");
  assert.deepEqual(sides("lstm(3,8)", "lstm(3,4)"), ["", "a.pt"]);
  assert.deepEqual(sides("lstm(3,8)", "lstm(3,5)"), ["", "a.pt"], "the file has the side whose size was changed");
  opened.add([{ text: "lstm(3,4)" }, file("a.pt", "lstm(3,4)")]);
  assert.deepEqual(sides("lstm(3,4)", "lstm(3,4)"), ["", "a.pt"], "equal models");
  assert.deepEqual(sides("lstm(3,4)"), ["a.pt"], "one model has no other side");
});

test("few and small files are kept, and none if the browser blocks storage", () => {
  const opened = new OpenedFiles();
  for (let n = 0; n < 9; n++) opened.add([file(`${n}`, "lstm(3,4)")]);
  assert.equal(JSON.parse([...stored.values()][0]).length, 4);
  opened.add([file("large".repeat(200_000), "gru(3,4)")]);
  assert.equal(stored.size, 0);
  delete globalThis.sessionStorage;
  const blocked = new OpenedFiles();
  blocked.add([file("a.pt", "lstm(3,4)")]);
  assert.deepEqual(titles(blocked.of(["lstm(3,4)"])), ["a.pt"]);
});
