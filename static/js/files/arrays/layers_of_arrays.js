/**
 * The layers to which arrays belong, from their names and shapes: recurrent ones, embeddings, dense layers and
 * others.
 *
 * @typedef {import("./array_groups.js").Group} Group
 * @typedef {import("./array_groups.js").NamedArray} NamedArray
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { by, grouped } from "./array_groups.js";
import { checkSizes, inputOf, isRecurrent, isStack, layer, normalization, numbersIn, outputOf } from "../layer.js";
import { LONGEST_NAME_OF_ARRAY, MOST_ARRAYS, MOST_AXES, MOST_MODULE_LEVELS, MOST_NAMES_SHOWN } from "../limits.js";
import { denseAfter, KINDS, layerOfOwnNames, OWN_NAME } from "./layers_of_numpy_programs.js";
import { cellsOfGates } from "./gates_of_modules.js";
import { FLAX_CELL, placeOf, READERS, recurrentLayers } from "./recurrent_layers.js";
import { Refusal } from "../refusal.js";
import { besideWeights, weightOf } from "./wrapped_weights.js";

/** Names without separators, such as lstm_recurrent_kernel. */
const FLAT = /^(?!recurrent_kernel$)(.+?)_((?:weight|bias)_(?:ih|hh|hr)(?:_l\d+(?:_reverse)?)?|recurrent_kernel|kernel|weight|bias|embeddings?)$/;

/** A part of a model: a layer, or the parameters of a module that belong to no layer, with the name of the first one; the module, how many numbers it has, and
 * where its arrays are. @typedef {{name: string, owner: string, count: number, places: number[], names?: string[]}} Part */

/** The means and variances of a batch normalization, which are no parameters. */
const STATISTIC = /(?:^|\/)(?:moving|running)_(?:mean|var|variance)$/;

/** The path of a module that has another one, or an array. @param {string} name */
const ownerOf = (name) => name.replace(/[./]?[^./]*$/, "");

/** The paths that begin a name: its modules, from the first one, and itself. @param {string} name */
const modulesOf = (name) => [...Array.from(name.matchAll(/[./]/g), ({ index }) => name.slice(0, index)), name];

/** Whether a layer is in a module. @param {FoundLayer} layer @param {string} module */
const isIn = ({ name }, module) => module !== "" && name.startsWith(module) && /^$|[./]/.test(name.charAt(module.length));

/** The name of any array after its module. */
const OF_MODULE = by(/^(?:(.*)\/)?([^/]+)$/);

/** The framework of arrays that a program of one's own has named. */
const OURS = "colah";

/**
 * The layers to which arrays belong, in the order of their first arrays; the names of arrays that belong to none; the parts of the model,
 * which are these layers and what of each module belongs to none; the names of arrays that wrappers have beside weights, and of arrays that are
 * the same one.
 *
 * @param {NamedArray[]} arrays
 * @param {Map<string, string>} [classes] the classes of PyTorch's modules, by name
 * @param {boolean} [isSorted] whether the arrays are in the order of their names
 * @returns {{layers: FoundLayer[], unknown: string[], parts: Part[]} & Pick<import("../layer.js").Model, "wrapped" | "computing" | "shared" | "repeated" | "arrays" | "types" | "statistics">}
 */
export function layersOf(arrays, classes = new Map(), isSorted = false) {
  if (arrays.length > MOST_ARRAYS) throw new Refusal("fileParts");
  const separator = arrays.some(({ name }) => name.includes("/")) ? "/" : ".";
  let free = withPlainNames(arrays, separator);
  const { others: ofWrappers, wrapped, computing, magnitudes } = besideWeights(free, arrays);
  free = free.filter((one) => !ofWrappers.has(one));
  const statistics = numbersIn(free.flatMap(({ name, shape }) => (STATISTIC.test(name) ? [shape] : [])));
  /** @type {{found: FoundLayer, places: number[]}[]} */
  const layers = [];
  /** @param {{found: FoundLayer, places: number[]}[]} some */
  const add = (some) => {
    layers.push(...some);
    const used = new Set(some.flatMap(({ places }) => places));
    free = free.filter(({ place }) => !used.has(place));
  };
  for (const [framework, split, read] of READERS) add(recurrentLayers(framework, grouped(free, split), read));
  const hasRecurrent = layers.length > 0;
  add(grouped(free, FLAX_CELL).flatMap((group) => cellOfFlax(group) ?? []));
  add(cellsOfGates(grouped(free, OF_MODULE), separator));
  const others = layers.filter(({ found }) => !isRecurrent(found)).map(({ found }) => found.name);
  add(grouped(free, ATTENTION_OF_TORCH).flatMap((group) => attentionOfTorch(group) ?? []));
  add(grouped(free, ATTENTION_WITH_HEADS).flatMap((group) => attentionWithHeads(group) ?? []));
  if (!hasRecurrent) add(recurrentLayers(OURS, grouped(free, by(OWN_NAME)), layerOfOwnNames)); // attentions have such names, too
  const rest = layers.some(({ found }) => isRecurrent(found)) ? {} : { arrays: described(arrays) };
  const ofGroup = (/** @type {Group} */ group) => {
    const module = group.owner.replaceAll("/", separator);
    const found = group.owner && otherLayer(separator === "/" ? placeOf(group.owner).name : module, group, classes.get(module) ?? "");
    return found ? [{ found, places: group.places }] : []; // those without an owner are parameters of the model itself
  };
  add(grouped(free, OF_MODULE).flatMap(ofGroup));
  const ofModules = beside(layers, free, arrays, separator);
  free = free.filter(({ place }) => !ofModules.has(place));
  const ours = layers.filter(({ found }) => found.framework === OURS);
  if (ours.length === 1 && ours[0]) {
    add(denseAfter(free, ours[0].found));
    add(tablesOf(free, ours[0].found));
  }
  for (const { found } of layers) found.name = found.name.replaceAll("/", separator);
  const known = new Neighbours(layers);
  add(grouped(free, OF_MODULE).flatMap((group) => {
    const found = sumWith(group, known, separator) ?? scoreOf(group, known, separator);
    if (found) known.add(found);
    return found ? [{ found, places: group.places }] : [];
  }));
  layers.sort(byPlace);
  add(productsIn(free, layers, separator));
  layers.sort(byPlace);
  add(matricesOfScores(free, layers, isSorted, separator));
  layers.sort(byPlace);
  const first = layers.findIndex(({ found }) => isRecurrent(found));
  const table = tableBefore(free, layers[first], isSorted && !layers.some(({ found }) => outputOf(found) === layers[first]?.found.config.features));
  if (table && (isSorted || !layers[first - 1]?.places.some((place) => place > table.place))) {
    layers.splice(first, 0, { found: table.found, places: [table.place] });
    free = free.filter(({ place }) => place !== table.place);
    table.found.name = table.found.name.replaceAll("/", separator);
    if (!isSorted) add(matricesOfScores(free, layers, isSorted, separator)); // else either may be the table
  }
  add(tiedByBias(free, layers, separator));
  layers.sort(byPlace);
  const shared = sharedBy(arrays);
  const isFree = new Set(free.map(({ place }) => place));
  const again = new Set(shared.flatMap((places) => places.slice(places.every((place) => isFree.has(place)) ? 1 : 0)));
  free = free.filter(({ place }) => !again.has(place));
  const scales = new Set(free.flatMap(({ name }) => (/(?:^|\/)zero_point$/.test(name) ? [name, name.replace(/zero_point$/, "scale")] : []))); // of quantized numbers
  free = free.filter(({ place, name, shape }) => shape.some((size) => size > 1) || !(arrays[place]?.isBuffer || scales.has(name)));
  const unknown = [...others, ...free.map(({ name }) => name)].map((name) => name.replaceAll("/", separator));
  countOnce(layers, arrays);
  const byArray = new Map(layers.flatMap((one) => one.places.map((place) => [place, one])));
  countLengths(magnitudes, byArray, arrays);
  const parts = partsOf(layers, free, arrays, separator);
  const named = (/** @type {number[][]} */ groups) => groups.map((group) => group.map((place) => arrays[place]?.name ?? ""));
  const counting = new Map([...byArray].filter(([, { found }]) => found.kind !== "dense" && found.config.parameters !== 0)); // see countOnce
  const isRepeated = (/** @type {number[]} */ group) => new Set(group.flatMap((place) => counting.get(place) ?? [])).size > 1;
  const repeated = named(shared.filter(isRepeated));
  const typesOf = (/** @type {NamedArray[]} */ some) => [...new Set(some.flatMap(({ type, shape, isBuffer }) => (type && !isBuffer && numbersIn([shape]) ? type : [])))];
  const types = typesOf(arrays);
  if (types.length > 1) for (const { found, places } of layers) found.types = typesOf(places.flatMap((place) => arrays[place] ?? []));
  return { ...rest, ...(statistics ? { statistics } : {}), ...(types.length ? { types } : {}), layers: layers.map(({ found }) => found), unknown, parts, wrapped, computing, shared: named(shared.filter((group) => !isRepeated(group))), repeated };
}

/** The arrays, by names as of modules, of which the levels are separated by /. Refuses names and shapes that no model has.
 * @param {NamedArray[]} arrays @param {string} separator of the levels in the file @returns {import("./wrapped_weights.js").Free[]} */
function withPlainNames(arrays, separator) {
  const isFlat = !arrays.some(({ name }) => /[/.]/.test(name));
  const names = new Set(arrays.map(({ name }) => name));
  return arrays.map(({ name, shape }, place) => {
    if (name.length > LONGEST_NAME_OF_ARRAY || shape.length > MOST_AXES) throw new Refusal("fileParts");
    if (modulesOf(name).length > MOST_MODULE_LEVELS) throw new Refusal("fileDeep", { levels: MOST_MODULE_LEVELS });
    checkSizes(shape);
    const weight = shape.length > 1 ? weightOf(name, names) : "";
    const full = weight || (name.includes(":") ? name.replace(/:\d+$/, "") : name);
    const plain = isFlat ? full.replace(FLAT, "$1/$2") : full;
    return { name: separator === "." ? plain.replaceAll(".", "/") : plain, shape, place, isWeight: weight !== "" };
  });
}

/** Count the lengths of rows that a weight norm has beside weights. @param {{place: number, weight: number}[]} magnitudes
 * @param {Map<number, {found: FoundLayer, places: number[]}>} byArray @param {NamedArray[]} arrays */
function countLengths(magnitudes, byArray, arrays) {
  for (const { place, weight } of magnitudes) {
    const { found, places } = byArray.get(weight) ?? {};
    if (!found || !places) continue;
    found.lengths = (found.lengths ?? 0) + numbersIn([arrays[place]?.shape]);
    found.config.parameters = (found.config.parameters ?? numbersIn(places.map((one) => arrays[one]?.shape))) + numbersIn([arrays[place]?.shape]);
  }
}

/** The layers, and the modules of parameters that no layer has, with how many numbers they have. @param {{found: FoundLayer, places: number[]}[]} layers
 * @param {(NamedArray & {place: number})[]} free @param {NamedArray[]} arrays @param {string} separator @returns {Part[]} */
function partsOf(layers, free, arrays, separator) {
  const sizeOf = (/** @type {number[]} */ places) => numbersIn(places.map((place) => arrays[place]?.shape));
  /** @type {Part[]} */
  const parts = layers.map(({ found, places }) => ({ name: found.name, owner: ownerOf(found.name), count: sizeOf(places), places }));
  const parameters = free.filter(({ place, name, shape }) => !arrays[place]?.isBuffer && !(shape.length === 1 && LOSS.test(name)));
  const nameAt = new Map(parameters.map(({ place, name }) => [place, name.replaceAll("/", separator)]));
  for (const { owner, places } of grouped(parameters, OF_MODULE)) {
    const names = places.map((place) => nameAt.get(place) ?? "");
    const [name = ""] = names;
    parts.push({ name, names, owner: owner.replaceAll("/", separator), count: sizeOf(places), places });
  }
  return parts;
}

/** How many blocks the arrays of recurrent layers have, by kind. */
const BLOCKS = new Map([...KINDS].map(([blocks, kind]) => [kind, blocks]));

/** Note which recurrent layers are of a class that somebody has written, and no layer of PyTorch: those whose arrays have names of their own, and those
 * whose module has others beside them. Vectors beside the matrices, such as biases and peepholes, belong to such a layer, and so do the normalizations in a cell.
 * @param {{found: FoundLayer, places: number[]}[]} layers @param {(NamedArray & {place: number})[]} free @param {NamedArray[]} arrays all of them
 * @param {string} separator @returns {Set<number>} the places of these vectors */
function beside(layers, free, arrays, separator) {
  const taken = new Set();
  const moduleOf = (/** @type {{places: number[]}} */ { places: [place = 0] }) => ownerOf(arrays[place]?.name ?? "");
  const cells = layers.filter(({ found }) => isRecurrent(found) && ["pytorch", OURS].includes(found.framework));
  /** How many cells are in each module. @type {Map<string, number>} */
  const counts = new Map();
  for (const module of cells.flatMap((one) => modulesOf(moduleOf(one)))) counts.set(module, (counts.get(module) ?? 0) + 1);
  /** What is in the modules with a single cell, none of which is in another one. @type {Map<string, {inside: typeof free, others: typeof layers}>} */
  const alone = new Map(cells.map(moduleOf).flatMap((module) => (module !== "" && counts.get(module) === 1 ? [[module, { inside: [], others: [] }]] : [])));
  const aloneAt = (/** @type {number} */ place) => modulesOf(arrays[place]?.name ?? "").find((module) => alone.has(module)) ?? "";
  for (const array of free) if (!arrays[array.place]?.isBuffer) alone.get(aloneAt(array.place))?.inside.push(array);
  for (const one of layers) for (const module of new Set(one.places.map(aloneAt))) alone.get(module)?.others.push(one);
  for (const one of cells) {
    const { found, places } = one;
    const module = moduleOf(one);
    const { inside = [], others = [] } = alone.get(module) ?? {};
    const inner = isStack(found) ? [] : others.filter((other) => other.found.kind === "normalization" && other.places.every((place) => aloneAt(place) === module));
    const isNested = others.some((other) => other !== one);
    const most = (BLOCKS.get(found.kind.replace("_cell", "")) ?? 1) * found.config.num_units;
    const vectors = inside.filter(({ place, shape }) => {
      const length = numbersIn([shape]);
      const isVector = Math.max(...shape) === length && length <= most && length % found.config.num_units === 0;
      return isVector && ownerOf(arrays[place]?.name ?? "") === module;
    });
    if (found.framework !== OURS && !inside.length && !isNested) continue;
    for (const { place } of vectors) taken.add(place);
    const own = [...vectors.map(({ place }) => place), ...inner.flatMap((other) => other.places)];
    for (const other of inner) layers.splice(layers.indexOf(other), 1);
    const names = own.map((place) => arrays[place]?.name.slice(module.length + separator.length) ?? "");
    places.push(...own);
    if (names.some((name) => /^b/.test(name))) found.config.bias = true;
    found.written = { count: numbersIn(places.map((place) => arrays[place]?.shape)), names };
  }
  return taken;
}

/** The first arrays, with their shapes: those with several axes, or else all. @param {NamedArray[]} arrays */
function described(arrays) {
  const several = arrays.filter(({ shape }) => shape.length > 1);
  const first = (several.length ? several : arrays).slice(0, MOST_NAMES_SHOWN + 1);
  return first.map(({ name, shape }) => `${name} ${shape.join(" × ")}`.trim());
}

/** The places of arrays that are the same one. @param {NamedArray[]} arrays @returns {number[][]} */
function sharedBy(arrays) {
  /** @type {Map<string, number[]>} */
  const byStorage = new Map();
  for (const [place, { storage, shape }] of arrays.entries()) {
    const key = storage && numbersIn([shape]) ? `${storage} ${shape.join()}` : `array ${place}`;
    const places = byStorage.get(key) ?? [];
    byStorage.set(key, places);
    places.push(place);
  }
  return [...byStorage.values()].filter(({ length }) => length > 1);
}

/** Note of dense layers how many parameters they have of their own, if their matrix is that of another layer, as of an embedding, and of others that
 * they have none, if they are another one under a second name.
 * @param {{found: FoundLayer, places: number[]}[]} layers @param {NamedArray[]} arrays */
function countOnce(layers, arrays) {
  const storagesOf = (/** @type {number[]} */ places) => places.flatMap((place) => arrays[place]?.storage || []);
  const others = new Set(layers.flatMap(({ found, places }) => (found.kind === "dense" ? [] : storagesOf(places))));
  for (const { found, places } of layers) {
    if (found.kind !== "dense") continue;
    const own = places.filter((place) => !others.has(arrays[place]?.storage ?? ""));
    if (own.length < places.length) found.config.parameters = numbersIn(own.map((place) => arrays[place]?.shape));
    for (const storage of storagesOf(places)) others.add(storage);
  }
  /** @type {Set<string>} */
  const known = new Set();
  for (const { found, places } of layers.filter((one) => one.found.kind !== "dense")) {
    const own = places.map((place) => [arrays[place]?.storage, arrays[place]?.shape].join(" ")).sort().join();
    if (known.has(own) && storagesOf(places).length === places.length) found.config.parameters = 0;
    known.add(own);
  }
}

/** How the places of parts in a file are ordered: as their modules were made, as layers run, or in another way, such as by name.
 * @typedef {"modules" | "calls" | "names"} Order */

/** Layers, and among them others of which only the number of parameters is known, if arrays belong to none of them: what is not in a chain
 * must not seem not to be in the file. They are beside the other layers of their module, or after the part before them, if parts are in the order of modules,
 * in which a model has its own parameters first.
 * Otherwise, if the last layer is not recurrent, they are in the last place where something unknown may be: what the last layer returns is known then.
 * @param {FoundLayer[]} layers @param {Part[]} parts @param {Order} order @returns {FoundLayer[]} */
export function withRest(layers, parts, order) {
  const names = new Set(layers.map(({ name }) => name));
  const begins = new Map(parts.map(({ name, places: [place = 0] }) => [name, place]));
  const placed = (/** @type {FoundLayer} */ one, name = one.name) => ({ one, place: begins.get(name) ?? Infinity });
  const all = layers.map((one) => placed(one));
  /** @param {Part[]} some @param {number} at */
  const insert = (some, at) => {
    const parameters = some.reduce((sum, { count }) => sum + count, 0);
    const own = some.flatMap((part) => part.names ?? part.name);
    const name = own.slice(0, MOST_NAMES_SHOWN).join(", ");
    const added = placed(layer(name, "other", layers[0]?.framework ?? "pytorch", { parameters }), some.length === 1 ? some[0]?.name : name);
    const [before, next] = [all[at - 1], all[at]];
    if (next) next.one = { ...next.one, follows: false };
    const isInOrder = (before?.place ?? -1) < added.place && added.place < (next?.place ?? Infinity);
    if (order === "modules" && !isInOrder) added.one.isMoved = true;
    all.splice(at, 0, added);
  };
  const rest = parts.filter(({ name, count }) => count && !names.has(name));
  const [inPlace, others] = [true, false].map((isPlaced) => rest.filter((part) => (placeAmong(all, part, order) !== undefined) === isPlaced));
  const gap = layers.reduce((last, { follows }, n) => (follows ? last : n), 0);
  if (others?.length) insert(others, order === "calls" || !gap || layers.slice(-1).some(isRecurrent) ? layers.length : gap);
  for (const part of inPlace ?? []) insert([part], placeAmong(all, part, order) ?? all.length);
  return all.map(({ one }) => one);
}

/** Where a part is among layers, if that can be said. @param {{one: FoundLayer, place: number}[]} layers with the places where they begin in the file
 * @param {Part} part @param {Order} order @returns {number | undefined} */
function placeAmong(layers, { owner, places: [place = 0] }, order) {
  let [first, last] = [-1, -1];
  for (const [n, { one }] of layers.entries()) {
    if (!isIn(one, owner)) continue;
    if (first < 0) first = n;
    last = n;
  }
  const after = Array.from({ length: last - Math.max(0, first) + 1 }, (_, n) => last + 1 - n);
  const gap = after.find((n) => layers[n]?.one.follows === false);
  let [nearest, at] = [-1, 0];
  for (const [n, one] of layers.entries()) if (one.place < place && one.place > nearest) [nearest, at] = [one.place, n + 1];
  if (order === "modules" && !layers[at]?.one.follows) return at; // between layers that are not joined
  if (gap !== undefined || order === "calls") return gap;
  if (first >= 0) return last + 1;
  return order === "names" ? undefined : at;
}

/** The arrays of PyTorch's MultiheadAttention. */
const ATTENTION_OF_TORCH = by(/^(?:(.*)\/)?(in_proj_weight|[qkv]_proj_weight|in_proj_bias|bias_[kv]|out_proj\/(?:weight|bias))$/);

/** An attention, which gets queries, and returns vectors of their length: if its matrices are one, keys and values are as long. @param {Group} group
 * @returns {{found: FoundLayer, places: number[]} | null} */
function attentionOfTorch({ owner, shapes, places }) {
  const [all, ofQueries] = [shapes.get("in_proj_weight"), shapes.get("q_proj_weight")];
  if (!all && !ofQueries) return null;
  const sizes = all ? { features: all[1], num_units: all[1] } : { num_units: ofQueries?.[1] };
  return { found: layer(owner, "attention", "pytorch", { ...sizes, parameters: numbersIn([...shapes.values()]) }), places };
}

/** The arrays of an attention of Keras or Flax, of which each has a layer of its own. */
const ATTENTION_WITH_HEADS = by(/^(?:(.*)\/)?((?:_?(?:query|key|value|output)_dense|query|key|value|attention_output|out)\/(?:kernel|bias))$/);

/** An attention whose matrices have an axis for the heads. @param {Group} group @returns {{found: FoundLayer, places: number[]} | null} */
function attentionWithHeads({ owner, shapes, places }) {
  const kernels = [...shapes].filter(([name]) => name.endsWith("/kernel"));
  if (kernels.length !== 4 || kernels.some(([, { length }]) => length !== 3)) return null;
  const framework = shapes.has("out/kernel") ? "flax" : "keras";
  return { found: layer(placeOf(owner).name, "attention", framework, { parameters: numbersIn([...shapes.values()]) }), places };
}

/** A cell of Flax that is none of those that are known: it has matrices for its input and for its state. Alone each is a dense layer.
 * @param {Group} group @returns {{found: FoundLayer, places: number[]} | null} */
function cellOfFlax(group) {
  const own = (/** @type {string} */ letter) => [...group.shapes.keys()].find((name) => name.startsWith(letter) && name.endsWith("/kernel"));
  const [features, num_units] = group.matrix(own("i") ?? "");
  if (!num_units || !group.isMatrix(own("h") ?? "", num_units, num_units)) return null;
  const config = { features, num_units, parameters: numbersIn([...group.shapes.values()]) };
  return { found: layer(placeOf(group.owner).name, "other", "flax", config), places: group.places };
}

/** @param {{places: number[]}} one @param {{places: number[]}} other */
const byPlace = (one, other) => Math.min(...one.places) - Math.min(...other.places);

/** The last number of a module in a list, in its name, and what stands before it. */
const IN_LIST = /^(.*[./])?\d+(?![^./])/;

/** Dense layers without a bias, whose names do not say so: the matrix returns as many numbers as the layer after it takes, or all matrices of a list fit
 * so. An embedding would return its columns, so a square one may be either. @param {(NamedArray & {place: number})[]} free @param {{found: FoundLayer, places: number[]}[]} layers in the
 * order of the file @param {string} separator */
function productsIn(free, layers, separator) {
  const groups = grouped(free, OF_MODULE).filter((group) => group.owner && group.shapes.size === 1 && group.matrix("weight")[1]);
  const listOf = (/** @type {Group} */ { owner }) => owner.replace(IN_LIST, "$1#");
  /** How long each list of matrices is, and how many numbers its last one returns; 0 if they do not fit. @type {Map<string, {count: number, returned: number}>} */
  const lists = new Map();
  for (const group of groups) {
    const list = lists.get(listOf(group));
    const [rows, columns] = group.matrix("weight");
    lists.set(listOf(group), { count: (list?.count ?? 0) + 1, returned: !list || list.returned === columns ? rows : 0 });
  }
  /** @type {{found: FoundLayer, places: number[]}[]} */
  const products = [];
  let at = layers.length; // of the first layer after the group
  for (const group of groups.reverse()) {
    const [place = 0] = group.places;
    const [rows, columns] = group.matrix("weight");
    const { count = 0, returned = 0 } = lists.get(listOf(group)) ?? {};
    const isInList = count > 1 && returned > 0;
    while (at > 0 && Math.min(...(layers[at - 1]?.places ?? [])) > place) at--;
    const after = [...products.slice(-1), ...layers.slice(at, at + 1)].sort(byPlace)[0];
    const taken = after && inputOf(after.found);
    if (!isInList && (rows !== taken || EMBEDDING.test(group.owner))) continue;
    const isSquare = !isInList && rows === columns;
    const isTable = isSquare && at === 0 && layers.some((one) => one.found.kind === "dense" && one.found.config.num_units === rows); // which returns a score for each id
    const found = layer(group.owner.replaceAll("/", separator), isTable ? "embedding" : "dense", "pytorch", { features: columns, num_units: rows, ...(isTable ? {} : { bias: false }) });
    products.push({ found: isSquare ? { ...found, isSquare } : found, places: group.places });
  }
  return products;
}

/** A dense layer of which a file has only the bias, with a number for each id of an embedding: it has the matrix of that, which is left out if it is the same array.
 * @param {(NamedArray & {place: number})[]} free @param {{found: FoundLayer}[]} layers @param {string} separator */
function tiedByBias(free, layers, separator) {
  return grouped(free, OF_MODULE).flatMap((group) => {
    const [num_units = 0, ...others] = group.shapes.get("bias") ?? [];
    const table = layers.find(({ found }) => found.kind === "embedding" && found.config.features === num_units)?.found;
    if (!table || !group.owner || others.length || group.shapes.size > 1 || num_units < 2) return [];
    const config = { features: table.config.num_units, num_units, parameters: num_units };
    return [{ found: { ...layer(group.owner.replaceAll("/", separator), "dense", "pytorch", config), tiedTo: table.name }, places: group.places }];
  });
}

/** Dense layers with a score for each id of an embedding: a matrix as large as that of the embedding, often the same array, after a layer that returns as many numbers as it
 * takes. An embedding beside it, or a dense layer with as many scores, would leave open what it is. @param {(NamedArray & {place: number})[]} free
 * @param {{found: FoundLayer, places: number[]}[]} layers @param {boolean} isSorted whether the places of arrays say nothing @param {string} separator
 * @returns {{found: FoundLayer, places: number[]}[]} */
function matricesOfScores(free, layers, isSorted, separator) {
  const tables = layers.filter(({ found }) => found.kind === "embedding");
  const others = layers.filter(({ found }) => found.kind !== "embedding");
  const ownName = (/** @type {string} */ name) => name.split(/[./]/).at(-1);
  const alike = grouped(free, OF_MODULE).flatMap((group) => {
    const [num_units, features] = group.matrix("weight");
    const isAlone = group.owner !== "" && group.shapes.size === 1 && num_units > 1 && num_units !== features && !EMBEDDING.test(group.owner);
    const ofTable = tables.filter(({ found }) => found.config.features === num_units && found.config.num_units === features && ownName(found.name) !== ownName(group.owner));
    const [place = 0] = group.places;
    const isAfter = others.some(({ found, places }) => outputOf(found) === features && (isSorted || Math.min(...places) < place));
    const isElsewhere = others.some(({ found }) => found.kind === "dense" && found.config.num_units === num_units);
    return isAlone && ofTable.length === 1 && isAfter && !isElsewhere ? [{ group, num_units, features }] : [];
  });
  return alike.length !== 1 ? [] : alike.map(({ group, num_units, features }) => {
    const found = layer(group.owner.replaceAll("/", separator), "dense", "pytorch", { features, num_units, bias: false });
    return { found: { ...found, isBySizes: true }, places: group.places };
  });
}

/** The dense layers of each module, by how many numbers they return, and the modules with recurrent layers. */
class Neighbours {
  /** @param {{found: FoundLayer}[]} layers */
  constructor(layers) {
    this.dense = new Set();
    this.inAttentions = new Set();
    this.recurrent = new Set();
    for (const { found } of layers) this.add(found);
  }

  /** @param {FoundLayer} found */
  add(found) {
    const { name, kind, config } = found;
    const key = `${ownerOf(name)} ${config.num_units}`;
    if (kind === "dense") this.dense.add(key);
    if (kind === "dense" && /att(?:entio)?n/i.test(name)) this.inAttentions.add(key);
    if (isRecurrent(found)) for (const module of modulesOf(name)) this.recurrent.add(module);
  }
}

/** A dense layer without a bias, beside one that returns as many numbers, in a module without a recurrent layer: a sum of both, as in the equations of
 * a cell. @param {Group} group @param {Neighbours} known @param {string} separator @returns {FoundLayer | null} */
function sumWith(group, known, separator) {
  const [name, [num_units, features]] = [group.owner.replaceAll("/", separator), group.matrix("weight")];
  const module = ownerOf(name);
  const isSum = module !== "" && known.dense.has(`${module} ${num_units}`);
  if (!features || group.shapes.size > 1 || !isSum || known.recurrent.has(module)) return null;
  return layer(name, "dense", "pytorch", { features, num_units, bias: false });
}

/** The names of the matrix that makes a score of each vector, in the equations of an attention. */
const SCORE = /(?:^|[./])(?:v_?[a-z]?|score|energy)$/i;

/** The scores of an attention: a matrix of one row, beside a dense layer that an attention is called and that returns as many numbers as it takes.
 * @param {Group} group @param {Neighbours} known @param {string} separator @returns {FoundLayer | null} */
function scoreOf(group, known, separator) {
  const [name, [rows, features]] = [group.owner.replaceAll("/", separator), group.matrix("weight")];
  const isBeside = known.inAttentions.has(`${ownerOf(name)} ${features}`);
  if (rows !== 1 || group.shapes.size > 1 || !isBeside || !SCORE.test(name)) return null;
  return { ...layer(name, "dense", "pytorch", { features, num_units: 1, bias: false }), isScore: true };
}

/** The embeddings of a program: matrices that are called so, with as many columns as its recurrent layer takes. @param {(NamedArray & {place: number})[]} free
 * @param {FoundLayer} cell @returns {{found: FoundLayer, places: number[]}[]} */
const tablesOf = (free, { config }) =>
  free.flatMap(({ name, shape: [features, columns, ...others], place }) =>
    EMBEDDING.test(name) && columns === config.features && !others.length ? [{ found: layer(name, "embedding", OURS, { features, num_units: columns }), places: [place] }] : [],
  );

/** A matrix before the first recurrent layer, which takes its columns: an embedding, whatever its name is, such as encoder. As a dense
 * layer it would return its rows. @param {(NamedArray & {place: number})[]} free @param {{found: FoundLayer, places: number[]}} [next]
 * @param {boolean} [isAnywhere] whether its place says nothing, and no other layer returns so many numbers @returns {{found: FoundLayer, place: number} | null} */
function tableBefore(free, next, isAnywhere = false) {
  const at = Math.min(...(next?.places ?? []));
  const before = free.filter(({ place, name, shape: [rows, columns, ...others] }) => {
    const isMatrix = rows !== columns && columns === next?.found.config.features && !others.length;
    return (place < at || isAnywhere) && isMatrix && name.endsWith("/weight");
  });
  const [last] = before.slice(-1);
  if (!last) return null;
  const [features, num_units] = last.shape;
  const found = layer(last.name.replace(/\/weight$/, ""), "embedding", "pytorch", { features, num_units });
  return { found: { ...found, isBySizes: true }, place: last.place };
}

/** The names of embeddings. */
export const EMBEDDING = /emb|lookup|wte|wpe/i;

/** The path of a dense layer, of one whose matrix has no bias. */
export const DENSE = /(^|[^a-z])(fc|linear|lin|dense|head|proj|projection|out|output|classifier|decoder|logits)(_?layer)?[^a-z]*$/i;

/** The path or class of a normalization, of one that has only a vector: so have a PReLU, and a loss with a weight for each class. */
const NORMALIZATION = /norm|(?:^|[^a-z])(?:ln|bn|rms)(?:[^a-z]|$)/i;

/** The path or class of a convolution. */
const CONVOLUTION = /conv/i;

/** The longest kernel of a weight with three axes that is taken for a convolution of several channels, if nothing says so: longer ones are rarer than pairs of vectors. */
const LONGEST_KERNEL = 16;

/** The path of a layer that makes numbers of pairs of vectors, with a matrix for each number. */
const BILINEAR = /bilinear|biaffine/i;

/** The path of a loss, which is no part of the model. */
const LOSS = /(?<![A-Za-z])(?:[Ll]oss|[Cc]riterion)(?![a-z])|[a-z]Loss(?![a-z])/;

/** The path of a part of an attention. */
const ATTENTION = /attention|(?:query|key|value|output)_dense$/i;

/** The path of a module in an attention. */
const IN_ATTENTION = /att(?:entio)?n.*[/.]/i;

/** A shape with its first two axes transposed. @param {number[]} shape */
const transposed = ([one = 0, other = 0, ...rest]) => [other, one, ...rest];

/** A layer that is not recurrent. @param {string} name @param {Group} group @param {string} type its class, if that is known
 * @returns {FoundLayer | null} */
function otherLayer(name, { shapes }, type) {
  if (shapes.has("recurrent_kernel")) return null; // of another cell
  const table = shapes.get("embeddings") ?? shapes.get("embedding");
  if (table?.length === 2) return layer(name, "embedding", "keras", { features: table[0], num_units: table[1] });
  const [bias, kernel, weight] = [shapes.get("bias"), shapes.get("kernel"), shapes.get("weight")];
  if (kernel?.length === 2 && (!bias || bias.join() === String(kernel[1]))) {
    return layer(name, "dense", "keras", { features: kernel[0], num_units: kernel[1], bias: bias !== undefined });
  }
  if ([kernel, weight].some((one) => one && one.length > 2)) {
    if (kernel && ATTENTION.test(name)) return null; // whose matrices have an axis for the heads
    const isSaid = CONVOLUTION.test(type || name);
    const [, channelsIn = 0, length = 0, ...axes] = weight ?? [];
    const isOfPairs = BILINEAR.test(name) || (channelsIn > 1 && length > LONGEST_KERNEL && !axes.length);
    const parameters = numbersIn([kernel ?? weight, bias]);
    if (!isSaid && (type || isOfPairs)) return { ...layer(name, "other", kernel ? "keras" : "pytorch", { parameters }), ...(type ? { className: type } : {}) };
    const [returned = 0, ...places] = kernel ? [...kernel].reverse() : type.includes("Transpose") ? transposed(weight ?? []) : weight ?? [];
    const channels = bias?.length === 1 ? bias[0] : returned; // those that a transposed one returns are the second axis of its weights
    const isTurned = weight !== undefined && (type.includes("Transpose") || channels !== returned);
    const taken = bias || type ? (isTurned ? weight[0] : places[0]) : undefined; // else either axis may be that of the channels
    const sizes = { kernel: kernel ? kernel.slice(0, -2) : places.slice(1), channels, ...(taken ? { channels_in: taken } : {}) };
    const mayBeOther = !isSaid && (kernel ?? weight)?.length === 3; // as those of Bilinear
    return { ...layer(name, "convolution", kernel ? "keras" : "pytorch", { parameters, ...sizes }), ...(mayBeOther ? { isTaken: true } : {}) };
  }
  const ofNorm = ["gamma", "beta", "moving_mean", "running_mean", "scale"].filter((one) => shapes.get(one)?.length);
  const isNorm = ofNorm.length > 1 || (ofNorm.length > 0 && (bias || NORMALIZATION.test(type || name)));
  if (ofNorm.includes("gamma") && !isNorm) return layer(name, "other", "keras", { parameters: numbersIn([shapes.get("gamma")]) }); // one vector may be anything
  if (isNorm || (weight?.length === 1 && (bias || NORMALIZATION.test(type || name)))) {
    const own = ["weight", "bias", "gamma", "beta", "scale"].map((each) => shapes.get(each));
    return normalization(name, weight ? "pytorch" : "keras", numbersIn(own), own.find(Boolean)?.at(-1));
  }
  if (weight?.length !== 2) return null;
  const [rows = 0, columns = 0] = weight;
  if (type === "Embedding" || (!type && !bias && EMBEDDING.test(name))) {
    return layer(name, "embedding", "pytorch", { features: rows, num_units: columns });
  }
  const isDense = type === "Linear" || (bias ? bias.join() === String(rows) : DENSE.test(name) || IN_ATTENTION.test(name));
  return isDense ? layer(name, "dense", "pytorch", { features: columns, num_units: rows, bias: bias !== undefined }) : null;
}
