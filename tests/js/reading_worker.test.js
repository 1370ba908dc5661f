/** A file that takes too long is refused, and its worker is ended. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

const { prepare, readFiles, readSets } = await import("../../static/js/model/reading_worker.js");

class FakeWorker {
  static all = [];

  constructor(url, options) {
    Object.assign(this, { url, options, files: [], ended: false });
    FakeWorker.all.push(this);
  }

  postMessage(file) {
    this.files.push(file);
  }

  terminate() {
    this.ended = true;
  }
}

globalThis.Worker = FakeWorker;

const one = (file) => ({ files: [file], count: 1 });

beforeEach(() => {
  FakeWorker.all = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a worker without an answer is ended after five seconds", async () => {
  const read = readFiles(one("a file"));
  mock.timers.tick(4999);
  assert.equal(FakeWorker.all[0].ended, false);
  mock.timers.tick(1);
  await assert.rejects(read, { reason: "fileSlow", values: { seconds: 5 } });
  assert.equal(FakeWorker.all[0].ended, true);
});

test("an answer is the model or the reason, and ends the worker", async () => {
  prepare();
  const read = readFiles(one("a file"));
  assert.equal(FakeWorker.all.length, 1, "the worker that was prepared");
  FakeWorker.all[0].onmessage({ data: { model: null, bytesRead: 9 } });
  assert.deepEqual(await read, { model: null, bytesRead: 9 });
  const refused = readFiles(one("another"));
  FakeWorker.all[1].onmessage({ data: { reason: "fileEmpty", values: {} } });
  await assert.rejects(refused, { reason: "fileEmpty" });
  assert.ok(FakeWorker.all.every(({ ended }) => ended));
});

test("a browser without such workers says so", async () => {
  const read = readFiles(one("a file"));
  FakeWorker.all[0].onerror({ message: "SyntaxError" });
  await assert.rejects(read, { reason: "fileBrowser" });
});

test("a worker that the server does not send is not blamed on the browser, and not kept", async () => {
  prepare();
  FakeWorker.all[0].onerror({});
  const read = readFiles(one("a file"));
  assert.equal(FakeWorker.all.length, 2);
  FakeWorker.all[1].onerror({});
  await assert.rejects(read, { message: "The worker was not loaded." });
});

test("one of several files names the layers of which it has only a part", async () => {
  const reasonOf = async (values) => {
    const read = readFiles({ files: ["a file"], count: 2 });
    FakeWorker.all.at(-1).onmessage({ data: { reason: "fileShapes", values } });
    return read.catch(({ reason, values: said }) => [reason, said]);
  };
  assert.deepEqual(await reasonOf({ parts: ["encoder.rnn", "decoder"] }), ["fileNoWholeLayerInPart", { count: 2, names: ["encoder.rnn", "decoder"] }]);
  assert.deepEqual(await reasonOf({ parts: [] }), ["fileNoLayersInPart", { count: 2 }], "arrays without such names");
});

const sets = (...names) => names.map((name) => ({ name, size: 1, files: [name], count: 1 }));
const answer = (name, data) => FakeWorker.all.find(({ files }) => files[0]?.files[0] === name).onmessage({ data });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the numbers that an ONNX file names are no model, whatever their file is called", async () => {
  const read = readSets(sets("lstm.W", "a.bin", "a.onnx"), 1);
  answer("a.onnx", { model: { outside: { count: 2, names: ["data/a.bin", "lstm.W"] } }, bytesRead: 9 });
  assert.deepEqual((await read).map(({ set, read: { bytesRead } }) => [set.name, bytesRead]), [["a.onnx", 9]]);
});

test("a reason not to read one of several files names it", async () => {
  const read = readSets(sets("a.pt", "b.pt"), 2);
  await settled();
  answer("a.pt", { model: {}, bytesRead: 9 });
  answer("b.pt", { reason: "fileEmpty", values: {} });
  await assert.rejects(read, { reason: "fileEmpty", file: "b.pt" });
  const alone = readSets(sets("c.pt"), 2);
  await settled();
  answer("c.pt", { reason: "fileEmpty", values: {} });
  await assert.rejects(alone, { reason: "fileEmpty", file: "" });
  await assert.rejects(readSets(sets("a.pt", "b.pt", "c.pt"), 2), { reason: "fileMany", values: { count: 3, most: 2 } });
});
