/**
 * Weights of Keras alone, without the JSON of their layers: .weights.h5 files, and models of a class of one's own.
 *
 * @typedef {import("../containers/hdf5.js").Hdf5} Hdf5
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("../layer.js").Model} Model
 */

import { datasetsOf } from "../containers/hdf5.js";
import { isRecurrent, isStack, numbersIn } from "../layer.js";
import { DENSE, EMBEDDING, layersOf } from "../arrays/layers_of_arrays.js";
import { inFittingOrder, joined } from "../graphs/order_of_layers.js";

/** What layers keep beside their parameters: the state of random numbers. */
const RANDOM = /(?:^|\/)(?:seed_generator|rng_state)/;

/** What an .h5 file has beside the weights of layers. */
const OF_OPTIMIZER = /^_?optimizer(_weights)?$/;

/** What a compiled model keeps of its training metrics. No layer of a model can have this name in newer files, in which layers are in a group of their own. */
const OF_METRICS = "metrics";

/** Whether a group at a path is no part of the model. @param {Hdf5} file @param {string} path */
const isBeside = (file, path) => OF_OPTIMIZER.test(path) || (path === OF_METRICS && file.root.links.has("layers"));

/** The arrays of all layers. @param {Hdf5} file */
export const arraysIn = (file) =>
  datasetsOf(file, (path) => isBeside(file, path)).map(({ name, shape }) => ({ name: name.replace(/^model_weights\//, ""), shape }));

/** How many parameters the layers have, by their names after those of the models in which they are. @param {Hdf5} file @returns {Map<string, number>} */
export function countsIn(file) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { name, shape } of arraysIn(file)) {
    if (RANDOM.test(name)) continue;
    for (const owner of ownersOf(file, name)) counts.set(owner, (counts.get(owner) ?? 0) + numbersIn([shape]));
  }
  return counts;
}

/** The names of the layers around an array: newer files keep them beside the groups, which have others. @param {Hdf5} file @param {string} name */
function ownersOf(file, name) {
  const parts = name.split("/").slice(0, -1);
  const isNew = parts.at(-1) === "vars";
  const paths = parts.map((_, n) => parts.slice(0, n + 1).join("/"));
  if (!isNew) return paths;
  const names = paths.flatMap((path) => variablesName(file, path) ?? []);
  return names.map((_, n) => names.slice(0, n + 1).join("/"));
}

/** A file with weights alone. @param {Hdf5} file @returns {Model} */
export function modelOfWeights(file) {
  const names = layerNames(file);
  const arrays = arraysIn(file);
  const { layers, unknown, arrays: others, statistics } = layersOf(withNames(file, arrays));
  for (const one of layers) one.name = ownName(file, one.name);
  const order = (/** @type {FoundLayer} */ one) => names.indexOf(one.name.split("/")[0] ?? "");
  const ordered = names.length ? layers.sort((one, other) => order(one) - order(other)) : inFittingOrder(layers);
  const repeats = repeatsIn(file);
  const apart = joined(ordered).map((one) => ({ ...one, follows: one.follows && !(repeats.length && isStack(one)) }));
  const bare = bareIn(file, arrays);
  const leftOut = [...file.root.links.keys()].filter((name) => isBeside(file, name));
  return { framework: layers.find(isRecurrent)?.framework ?? "keras", layers: apart, unknown, isOrdered: false, ...(bare.length ? { bare } : {}), ...(leftOut.length ? { leftOut } : {}), ...(names.length ? {} : { isFitted: true }), ...(others ? { arrays: others } : {}), ...(statistics ? { statistics } : {}) };
}

/** The names in the group of a file that has the layers of a model. @param {Hdf5} file */
function groupsOfLayers(file) {
  const layers = file.root.links.get("layers");
  return layers === undefined ? [] : [...file.node(layers).links.keys()];
}

/** The names of the layers that repeat a vector: they have no weights, and may be before any recurrent layer. @param {Hdf5} file */
const repeatsIn = (file) => groupsOfLayers(file).filter((name) => /^repeat_vector(?:_\d+)?$/.test(name));

/** The names of the layers without parameters. @param {Hdf5} file @param {import("../arrays/array_groups.js").NamedArray[]} arrays */
function bareIn(file, arrays) {
  const owners = new Set(arrays.flatMap(({ name }) => (RANDOM.test(name) ? [] : /^layers\/([^/]*)\//.exec(name)?.[1] ?? [])));
  const bare = groupsOfLayers(file).filter((name) => !owners.has(name) && !/^input_layer(?:_\d+)?$/.test(name));
  return bare.map((name) => ownName(file, name));
}

/** The names of the layers of a file with weights, in their order; none if it does not say it. @param {Hdf5} file */
function layerNames(file) {
  const inner = file.root.links.get("model_weights");
  return (inner === undefined ? file.root : file.node(inner)).strings("layer_names");
}

/** The name of a layer, after those of the models and layers in which it is: of one in a list of layers its variables have it, if they have one, because newer files
 * name groups by classes; another one is an attribute with that name. That of a layer that is wrapped is in the wrapper. @param {Hdf5} file @param {string} name */
function ownName(file, name) {
  const inside = name.replace(/\/layer$/, "");
  let around = "";
  const names = inside.split("/").map((part) => {
    const own = variablesName(file, `${around}layers/${part}`);
    around += own === undefined ? `${part}/` : `layers/${part}/`;
    return own ?? part;
  });
  return names.join("/") === inside ? name : names.join("/");
}

/** The name that the variables of a group have, if they have one. @param {Hdf5} file @param {string} path */
function variablesName(file, path) {
  let node = file.root;
  for (const part of [...path.split("/"), "vars"]) {
    const address = node.links.get(part);
    if (address === undefined) return undefined;
    node = file.node(address);
  }
  return node.strings("name")[0];
}

/** What old files have between the name of a layer and those of its cell or its arrays. */
const REPEATED = /^([^/]+)\/.*?\/(?=(?:forward|backward)_|[^/]*cell|[^/]+$)/;

/** A path that old files begin with the name of the layer, that of the model and again that of the layer. @param {string} name */
function withoutRepeats(name) {
  const parts = name.split("/");
  const at = parts.lastIndexOf(parts[0] ?? "");
  return at > 0 ? parts.slice(at).join("/") : name.replace(REPEATED, "$1/");
}

/** Arrays with the names that Keras gives them: newer files only number the weights of a layer, old ones repeat the name of the model.
 * @param {Hdf5} file @param {import("../arrays/array_groups.js").NamedArray[]} arrays */
function withNames(file, arrays) {
  const shapes = new Map(arrays.map(({ name, shape }) => [name, shape]));
  return arrays.map(({ name, shape }) => {
    const [, path, index] = /^(.*)\/vars\/(\d)$/.exec(name) ?? [];
    if (path === undefined || index === undefined) return { name: withoutRepeats(name), shape };
    const all = [0, 1, 2, 3].map((n) => shapes.get(`${path}/vars/${n}`));
    return { name: `${path}/${namesOf(all, path, variablesName(file, path))[Number(index)] ?? index}`, shape };
  });
}

/** The paths of recurrent layers and cells: layers of one's own also have two matrices. */
const RECURRENT_PATH = /cell|lstm|gru|rnn/i;

/** The names of numbered weights, from their shapes. A matrix alone is that of an embedding or of a dense layer without a bias: the name of one of them says it.
 * @param {(number[] | undefined)[]} shapes @param {string} path @param {string} [own] the name that the variables have */
function namesOf([first, second, , more], path, own = "") {
  if (first?.length === 2 && second?.length === 2) return RECURRENT_PATH.test(path) && !more ? ["kernel", "recurrent_kernel", "bias"] : [];
  if (first?.length === 2 && !second) return [path, own].some((name) => EMBEDDING.test(name)) ? ["embeddings"] : [path, own].some((name) => DENSE.test(name)) ? ["kernel"] : [];
  return first?.length === 1 ? ["gamma", "beta", "moving_mean", "moving_variance"] : ["kernel", "bias"];
}
