/** Of a notebook only the source code of its cells is sent. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { withoutOutputs } = await import("../../static/js/model/notebook_source.js");

const source = ["from torch import nn\n", "layer = nn.GRU(6, 9)"];
const cell = { cell_type: "code", execution_count: 3, metadata: {}, source, outputs: [{ data: { "image/png": "A".repeat(500_000) } }] };
const prose = { cell_type: "markdown", source: ["![](attachment:a.png)"], attachments: { "a.png": { "image/png": "B".repeat(500_000) } } };

test("outputs and images of a notebook are left out", () => {
  const kept = JSON.parse(withoutOutputs(JSON.stringify({ nbformat: 4, metadata: {}, cells: [prose, cell] }, null, 1)));

  assert.deepEqual(kept.cells, [{ cell_type: "code", source }]);
});

test("notebooks of version 3 have their cells in worksheets", () => {
  const old = { nbformat: 3, worksheets: [{ cells: [{ cell_type: "code", input: source, outputs: [{ png: "A".repeat(9000) }] }] }] };

  assert.deepEqual(JSON.parse(withoutOutputs(JSON.stringify(old))).cells, [{ cell_type: "code", source }]);
});

test("any other text is left as it is", () => {
  for (const text of ["layer = {\"cells\": 4}", "{\"cells\": 4}", "{\"cells\": [", "", source.join("")]) assert.equal(withoutOutputs(text), text);
});
