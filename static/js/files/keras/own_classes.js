/**
 * Recurrent layers of classes that a program has derived from Keras's: the JSON of a model has their settings, and their weights say which kind they have.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { isObject } from "../containers/json.js";
import { MODELS, nameOf } from "./keras_graph.js";
import { isStack } from "../layer.js";

/** The classes of Keras, by the kinds of layers. */
const CLASSES = new Map([
  ["lstm", "LSTM"],
  ["gru", "GRU"],
  ["rnn", "SimpleRNN"],
]);

/** The layer that an entry runs in one direction. @param {any} entry @returns {any} */
const innerOf = (entry) => (entry.class_name === "Bidirectional" && isObject(entry.config?.layer) ? entry.config.layer : entry);

/** Whether an entry has the settings of a recurrent layer that is found in the weights. @param {any} entry @param {FoundLayer} found */
function isOf({ config, class_name: type }, found) {
  const isOwn = isStack(found) && !config?.cell && type !== CLASSES.get(found.kind) && type !== `CuDNN${CLASSES.get(found.kind)}`;
  return isOwn && typeof config?.return_sequences === "boolean" && config.units === found.config.num_units;
}

/** The JSON of a model in which layers of classes of its own have those of Keras, and what weights say about them, by name.
 * @param {any} model @param {Map<string, FoundLayer>} layers those of the weights, by name @param {string} [prefix] of the names
 * @returns {{json: any, own: Map<string, FoundLayer>}} with those layers of the weights, and their classes */
export function withClassesOfKeras(model, layers, prefix = "") {
  /** @type {Map<string, FoundLayer>} */
  const own = new Map();
  const all = Array.isArray(model.config) ? model.config : model.config.layers;
  const entries = all.map((/** @type {any} */ entry) => {
    const name = prefix + nameOf(entry);
    if (MODELS.includes(entry.class_name)) {
      const inner = withClassesOfKeras(entry, layers, `${name}/`);
      for (const [each, found] of inner.own) own.set(each, found);
      return inner.json;
    }
    const [found, inner] = [layers.get(name), innerOf(entry)];
    if (!found || !isOf(inner, found)) return entry;
    const className = String(inner.class_name).split(">").at(-1) ?? ""; // after the name of its package
    own.set(name, { ...found, className });
    const type = CLASSES.get(found.kind);
    return inner === entry ? { ...entry, class_name: type } : { ...entry, config: { ...entry.config, layer: { ...inner, class_name: type }, backward_layer: undefined } };
  });
  return { json: { ...model, config: Array.isArray(model.config) ? entries : { ...model.config, layers: entries } }, own };
}

/** Note in the layers of a model which of them are of classes of its own, with what their weights say. @param {FoundLayer[]} layers
 * @param {Map<string, FoundLayer>} own by name */
export function noteOwnClasses(layers, own) {
  for (const one of layers) {
    const found = own.get(one.name);
    if (!found) continue;
    one.config.features ??= found.config.features;
    one.className = found.className;
    one.written = { names: [] };
  }
}
