/** What layers of a Keras model in JSON get from which others, and the order in which they follow each other.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { isObject } from "../containers/json.js";
import { refuseCycles } from "../graphs/cycles.js";
import { MOST_KERAS_LEVELS, MOST_SOURCES_OF_A_KERAS_LAYER } from "../limits.js";

/** Recurrent layers by class. */
export const RECURRENT = new Map([
  ["LSTM", "lstm"],
  ["CuDNNLSTM", "lstm"],
  ["GRU", "gru"],
  ["CuDNNGRU", "gru"],
  ["SimpleRNN", "rnn"],
]);

/** Whether the first tensor that an entry gets is its input, and others are initial states. @param {any} entry @returns {boolean} */
export const takesStates = ({ class_name: type, config }) => RECURRENT.has(type) || type === "RNN" || (type === "Bidirectional" && isObject(config?.layer) && takesStates(config.layer));

/** Models in JSON. */
export const MODELS = ["Sequential", "Functional", "Model"];

/** @param {any} entry */
export const nameOf = (entry) => String(entry.name ?? entry.config?.name ?? "");

/** The arguments that say which steps count: mask, and query_mask ... of attention. They are no part of what flows from layer to layer. */
const MASK = /(?:^|_)mask$/;

/** What a layer gets: which output of which use of which layer. @typedef {{name: string, use: number, output: number}} Source */

/** What is between the name of a layer and the number of one of its further outputs. */
export const OUTPUT = "\0";

/** The name of a tensor: that of its layer, if it is the first output of that. @param {Source} source @param {string} [prefix] */
export const tensorOf = ({ name, output }, prefix = "") => prefix + name + (output > 0 ? OUTPUT + output : "");

/** The layer of a tensor. @param {string} tensor */
export const ownerOf = (tensor) => tensor.split(OUTPUT)[0] ?? "";

/** The layers whose outputs a layer of a Functional model gets, and which of their outputs: without its masks, or only these.
 * @param {any} entry @param {boolean} [ofMasks] @returns {Source[]} */
export function sourcesOf(entry, ofMasks = false) {
  /** @type {Map<string, Source>} */
  const sources = new Map();
  /** @param {unknown} value @param {number} depth @param {boolean} isMask */
  const collect = (value, depth, isMask) => {
    if (depth > MOST_KERAS_LEVELS || sources.size >= MOST_SOURCES_OF_A_KERAS_LAYER) return;
    const history = isObject(value) ? value.keras_history : value;
    if (Array.isArray(history) && typeof history[0] === "string" && Number.isInteger(history[1])) {
      const source = { name: history[0], use: Number(history[1]), output: Number(history[2]) };
      if (isMask === ofMasks) sources.set(`${source.name} ${source.use} ${source.output}`, source);
      if (ofMasks) collect(history[3], depth + 1, isMask); // the other arguments, in Keras 2
    } else if (Array.isArray(value)) for (const one of value) collect(one, depth + 1, isMask);
    else if (isObject(value)) for (const [name, one] of Object.entries(value)) collect(one, depth + 1, isMask || MASK.test(name));
  };
  collect(entry.inbound_nodes, 0, false);
  return [...sources.values()];
}

/** Refuse a functional model in which a layer gets what is computed from its own output. A layer that is used again is another node.
 * @param {any[]} entries */
export function refuseCyclesOf(entries) {
  /** @type {{name: string, sources: Source[]}[]} */
  const nodes = [];
  /** @type {Map<string, number>} */
  const places = new Map();
  for (const entry of entries) {
    for (const [use, inbound] of (Array.isArray(entry.inbound_nodes) ? entry.inbound_nodes : []).entries()) {
      places.set(`${nameOf(entry)} ${use}`, nodes.length);
      nodes.push({ name: nameOf(entry), sources: sourcesOf({ inbound_nodes: [inbound] }) });
    }
  }
  refuseCycles(nodes.map(({ sources }) => [...new Set(sources.map(({ name, use }) => `${name} ${use}`))].flatMap((one) => places.get(one) ?? [])), (n) => nodes[n]?.name ?? "");
}

/** The entries of a functional model in an order in which more layers directly follow the one whose output they get than in that of the file, if there is one: such as one branch
 * after another one, or the encoder, and then what the decoder gets, and the decoder. The last one stays the last. @param {any[]} entries @param {unknown} outputs the last layers, as the file has them @returns {any[]} */
export function inFlowOrder(entries, outputs) {
  const byName = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const found = new Set();
  const begun = new Set();
  const stack = sourcesOf({ inbound_nodes: outputs }).map(({ name }) => name).reverse();
  while (stack.length) {
    const name = stack.at(-1) ?? "";
    const entry = byName.get(name);
    if (!entry || found.has(entry) || begun.has(name)) {
      stack.pop();
      if (entry) found.add(entry);
      continue;
    }
    begun.add(name);
    const sources = sourcesOf(entry).map((source) => source.name);
    stack.push(...(takesStates(entry) ? sources : sources.reverse()).filter((source) => !begun.has(source))); // the input of a recurrent layer comes last
  }
  const ordered = [...entries.filter((entry) => !found.has(entry)), ...found];
  const [before, after] = [entries, ordered].map((order) => followers(order.filter((entry) => found.has(entry))));
  return ordered.at(-1) === entries.at(-1) && (after ?? 0) > (before ?? 0) ? ordered : entries;
}

/** How many layers get the output of the one before them. @param {any[]} entries */
function followers(entries) {
  const layers = entries.filter((entry) => entry.class_name !== "InputLayer");
  return layers.filter((entry, n) => n > 0 && sourcesOf(entry).some(({ name }, at) => name === nameOf(layers[n - 1]) && (at === 0 || !takesStates(entry)))).length;
}
