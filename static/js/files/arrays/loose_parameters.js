/** The parameters of a graph that no layer gets. */

import { isRecurrent, layer } from "../layer.js";
import { MOST_SOURCES_OF_A_VALUE } from "../limits.js";

/** @typedef {import("./layers_of_arrays.js").Part} Part */
/** @typedef {import("../layer.js").FoundLayer} FoundLayer */

export class LooseParameters {
  /** @param {Map<string, Part>} parts those of the model that are no layers of the graph, by the values that are their parameters
   * @param {import("../graphs/layer_inputs.js").Flow} flow */
  constructor(parts, flow) {
    this.flow = flow;
    for (const [value, { name }] of parts) flow.begin([value], name);
    /** @type {Map<string, Set<Part>>} by the values that are computed from nothing else */
    this.parts = new Map([...parts].map(([value, part]) => [value, new Set([part])]));
    /** @type {Set<Part>} those that the graph has no use of */
    this.unused = new Set(parts.values());
    /** @type {Set<Part>} */
    this.placed = new Set();
    /** @type {Map<FoundLayer, Set<Part>>} those that are initial states of layers */
    this.states = new Map();
  }

  /** Place parameters where the graph first computes something with them and a value from its inputs: as a layer of which nothing else is known. A layer that gets them
   * beside its own has them as its initial state. @param {string[]} inputs of an operation @param {string[]} outputs @param {FoundLayer} [layer] that it is */
  follow(inputs, outputs, layer) {
    const parts = new Set(inputs.flatMap((value) => [...(this.parts.get(value) ?? [])]).slice(0, MOST_SOURCES_OF_A_VALUE));
    if (!parts.size) return;
    for (const value of inputs) for (const part of this.parts.get(value) ?? []) this.unused.delete(part);
    const computed = inputs.filter((value) => !this.parts.has(value) && this.flow.sources.has(value));
    if (!computed.length) for (const output of outputs) this.parts.set(output, parts);
    else if (layer && isRecurrent(layer)) this.states.set(layer, new Set([...(this.states.get(layer) ?? []), ...[...parts].filter((part) => !this.placed.has(part))]));
    else if (!layer) this.place([...parts].filter((part) => !this.placed.has(part)), computed, outputs);
  }

  /** @param {Part[]} parts @param {string[]} inputs @param {string[]} outputs */
  place(parts, inputs, outputs) {
    const [[first], [input = ""]] = [parts, inputs];
    if (!first) return;
    for (const part of parts) this.placed.add(part);
    const parameters = parts.reduce((sum, { count }) => sum + count, 0);
    this.flow.add(layer(first.name, "other", "pytorch", { parameters }), input, outputs, [], [], inputs);
  }
}
