/** Objects of HDF5 files are read once. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ByteSource } from "../../static/js/files/containers/byte_source.js";
import { datasetsOf, Hdf5 } from "../../static/js/files/containers/hdf5.js";

const SAMPLE = new URL("model_files/functional3.h5", import.meta.url);

test("groups, arrays and names that were read once are not read again", () => {
  const source = ByteSource.from(readFileSync(SAMPLE));
  const file = new Hdf5(source);
  const namesIn = (node) => [
    ...["layer_names", "weight_names"].flatMap((name) => node.strings(name)),
    ...(node.shape ? [] : [...node.links.values()].flatMap((address) => namesIn(file.node(address)))),
  ];
  const isNothing = () => false;
  const [names, arrays] = [namesIn(file.root), datasetsOf(file, isNothing)];
  const { parts } = source.blocks;
  assert(arrays.length > 0 && names.length > 0);

  namesIn(file.root);
  datasetsOf(file, isNothing);

  const axes = arrays.reduce((sum, { shape }) => sum + shape.length, 0);
  assert(source.blocks.parts - parts < 5 * axes); // of shapes and lists of names
});
