/** Files that are chosen together: which of them are one model. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake_page.js";

const { fileSets } = await import("../../static/js/model/file_sets.js");
const { shownFile } = await import("../../static/js/model/found_layers.js");
const { recurrent } = await import("../../static/js/files/layer.js");

const sets = (...names) => fileSets(names.map((name) => ({ name, size: 10 }))).map(({ name, files, count }) => [name, files.length, count]);

test("the numbered files of a model are one, and their index says no more", () => {
  const names = ["a-00002-of-00002.safetensors", "a.safetensors.index.json", "a-00001-of-00002.safetensors"];
  assert.deepEqual(sets(...names), [["a-*-of-00002.safetensors", 2, 2]]);
  assert.equal(fileSets(names.map((name) => ({ name, size: 10 })))[0].size, 30, "with the index, which is read, too");
  assert.deepEqual(sets("pytorch_model-00001-of-00003.bin", "pytorch_model-00003-of-00003.bin"), [["pytorch_model-*-of-00003.bin", 2, 3]]);
});

test("files of two models are two, and so are an index and the file of another", () => {
  assert.deepEqual(sets("a-1-of-2.safetensors", "b-1-of-2.safetensors"), [["a-1-of-2.safetensors", 1, 2], ["b-1-of-2.safetensors", 1, 2]]);
  assert.deepEqual(sets("a.pt", "b.pt"), [["a.pt", 1, 1], ["b.pt", 1, 1]]);
  assert.deepEqual(sets("a.safetensors.index.json", "b.pt").length, 2);
});

test("the numbers beside an ONNX file are no model of their own", () => {
  for (const names of [["a.onnx", "a.onnx.data"], ["a.onnx_data", "a.onnx"]]) assert.deepEqual(sets(...names), [["a.onnx", 1, 1]]);
  assert.throws(() => sets("a.onnx.data"), { reason: "fileNumbers", values: { name: "a.onnx" } });
  assert.throws(() => sets("b.onnx", "a.onnx.data"), { reason: "fileNumbers" });
});

test("a model of which files are missing ends with what is unknown", () => {
  const model = () => ({ framework: "pytorch", layers: [recurrent("a", "lstm", "pytorch", { features: 7, num_units: 20 })] });
  const shown = (...names) => shownFile(fileSets(names.map((name) => ({ name, size: 10 })))[0], { model: model(), bytesRead: 1 }, { longest: 2000, highest: {} });
  const [one, both] = [shown("a-1-of-2.pt"), shown("a-1-of-2.pt", "a-2-of-2.pt")];
  assert.deepEqual([one.text, one.count, one.title], ["unordered.lstm(7,20,seq,layers=?).other", 2, "a-1-of-2.pt"], "another file may have layers that are stacked on it");
  assert.deepEqual([both.text, both.count, both.size], ["unordered.lstm(7,20,seq)", undefined, 20]);
});
