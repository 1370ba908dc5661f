/**
 * The order of layers whose connections a file does not say, and how they join.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 */

import { inputOf, isRecurrent, isStack, outputOf } from "../layer.js";
import { MOST_LAYERS_AROUND_BLOCKS, MOST_LAYERS_COMPARED, MOST_LAYERS_OF_BLOCK, MOST_STEPS_OF_PATHS } from "../limits.js";

/** Names as people count: lstm, lstm_2, lstm_10. */
const BY_NAME = new Intl.Collator("en", { numeric: true });

/** Whether arrays are in the order of their names, those of each type together: a file that sorts them says nothing about the order of their layers. @param {NamedArray[]} arrays */
export function areSorted(arrays) {
  /** @type {Map<string, string>} */
  const last = new Map();
  const own = arrays.filter(({ storage }, n) => !storage || storage !== arrays[n - 1]?.storage); // other names of an array have no place of their own
  return own.every(({ name, type = "" }) => {
    const isAfter = name >= (last.get(type) ?? "");
    last.set(type, name);
    return isAfter;
  });
}

/** The parts of the names of layers, which are compared often. @type {WeakMap<FoundLayer, string[]>} */
const PARTS = new WeakMap();

/** @param {FoundLayer} one */
function partsOf(one) {
  const parts = PARTS.get(one) ?? one.name.split(/[./]/);
  PARTS.set(one, parts);
  return parts;
}

/** The modules in which two layers are, after those that both are in, and their own names. @param {FoundLayer} one @param {FoundLayer} other */
function ownPaths(one, other) {
  const [left, right] = [one, other].map(partsOf);
  const same = (left ?? []).findIndex((part, n) => part !== right?.[n]);
  return [left, right].map((path) => (same < 0 ? [] : path?.slice(same) ?? []));
}

/** Whether two layers are in different modules, such as an encoder and a decoder, that are not of one list: that their sizes fit says nothing then.
 * An embedding that a module has alone is only wrapped by it. @param {FoundLayer} one @param {FoundLayer} other @param {FoundLayer[]} layers all of them */
function areApart(one, other, layers) {
  const [left = [], right = []] = ownPaths(one, other);
  if (one.kind === "normalization" && other.kind === "normalization") return true; // there is another layer between them
  if (one.kind === "embedding" && isRecurrent(other) && isAlone(one, layers)) return false;
  const [module, next] = [left, right].map(([first = ""]) => first.replace(/\d+/g, ""));
  return left.length > 1 && right.length > 1 && module !== next;
}

/** The numbered module in which a layer is, such as layers.0; "" if it is in none. @param {FoundLayer} one */
const blockOf = ({ name }) => /^(?:.*[./])?\d+(?=[./])/.exec(name)?.[0] ?? "";

/** The module of which a layer is a numbered member itself, as those of a Sequential are, which run one after the other; "" if it is none. @param {FoundLayer} one */
const sequenceOf = ({ name }) => /^(.*[./])\d+$/.exec(name)?.[1] ?? "";

/** The module of a layer and the length of vectors. @param {FoundLayer} one @param {number | null} length */
const placeOf = ({ name }, length) => `${name.replace(/[^./]*$/, "")} ${length}`;

/** The normalization that is certainly before each layer: beside it in its module, and as long as what it gets, if nothing else returns so many numbers, or if
 * it is in the same block and has a name before that of the layer. @param {FoundLayer[]} layers @param {FoundLayer[]} norms @param {Set<number | null>} outputs
 * the lengths that layers return, without normalizations @returns {Map<FoundLayer, FoundLayer>} */
function normsBefore(layers, norms, outputs) {
  const byPlace = new Map(norms.map((norm) => /** @type {const} */ ([placeOf(norm, norm.config.num_units), norm])).reverse());
  return new Map(
    layers.flatMap((one) => {
      const norm = inputOf(one) === null ? undefined : byPlace.get(placeOf(one, inputOf(one)));
      const isBefore = norm && (!outputs.has(inputOf(one)) || (blockOf(one) !== "" && BY_NAME.compare(norm.name, one.name) < 0));
      return isBefore ? [[one, norm]] : [];
    }),
  );
}

/** Whether a layer is the only one in its module. @param {FoundLayer} one @param {FoundLayer[]} layers */
function isAlone(one, layers) {
  const module = one.name.replace(/[^./]*$/, "");
  return !layers.some((other) => other !== one && other.name.startsWith(module));
}

/** Whether a layer has the same name as another one with a larger number: cell0 comes before cell1; or of an encoder, if the other one is in its decoder. @param {FoundLayer} one @param {FoundLayer} other */
function isCountedBefore(one, other) {
  const [parts, others] = [partsOf(one), partsOf(other)];
  const same = parts.findIndex((part, n) => part !== others[n]);
  const [left = "", right = ""] = [parts[same], others[same]];
  if (left === right) return false;
  if (left.replace(/enc(?=oder|_|$)/, "dec") === right) return true;
  return /\d/.test(left) && left.replace(/\d+/g, "") === right.replace(/\d+/g, "") && BY_NAME.compare(left, right) < 0;
}

/** Whether it is not known how two directions are put together. @param {FoundLayer} one */
const mayBeMerged = ({ framework, config: { bidirectional, merge_mode } }) => framework === "keras" && bidirectional === true && (merge_mode ?? null) === null;

/** Let two directions be merged into one vector where a layer takes as many numbers as one has, if all layers fit in their order then. @param {FoundLayer[]} layers
 * @returns {boolean} whether they fit */
function mergedIfFitting(layers) {
  /** @type {FoundLayer[]} */
  const merged = [];
  for (const [n, one] of layers.entries()) {
    const before = layers[n - 1];
    const length = lengthOf(one);
    if (!before || (length !== null && length === outputOf(before))) continue;
    if (!mayBeMerged(before) || length !== before.config.num_units) return false;
    merged.push(before);
  }
  for (const { config } of merged) config.merge_mode = "sum";
  return true;
}

/** Let two directions be merged into one vector, if no layer takes both side by side, but another one takes as many numbers as one has.
 * @param {FoundLayer} one @param {FoundLayer[]} layers */
function mergedIfShorter(one, layers) {
  const { num_units } = one.config;
  if (!mayBeMerged(one)) return;
  const others = layers.filter((other) => other !== one).map(inputOf);
  if (others.includes(num_units) && !others.includes(outputOf(one))) one.config.merge_mode = "sum";
}

/** The layers that can get vectors of each length, in the order in which they are tried: recurrent ones, attentions, normalizations, others.
 * @param {FoundLayer[]} layers */
function byInput(layers) {
  /** @type {Map<number | null, FoundLayer[]>} */
  const fitting = new Map();
  const [stacks, others] = [layers.filter(isRecurrent), layers.filter((one) => !isRecurrent(one))];
  const norms = others.filter(({ kind }) => kind === "normalization");
  /** @param {number | null} length @param {FoundLayer} one */
  const add = (length, one) => fitting.get(length)?.push(one) ?? fitting.set(length, [one]);
  for (const one of stacks) add(inputOf(one), one);
  for (const one of others) if (one.kind === "attention") add(inputOf(one), one);
  for (const one of norms) add(one.config.num_units, one);
  for (const one of others) if (one.kind !== "attention") add(inputOf(one), one);
  fitting.delete(null);
  return fitting;
}

/** Whether a layer is a cell, after which there is one step, and no recurrent layer that gets several. @param {FoundLayer} one */
const isCell = (one) => isRecurrent(one) && !isStack(one);

/** Whether all layers that are counted before a layer are in a path already. @param {FoundLayer} one @param {{counted: Map<FoundLayer, FoundLayer[]>, used: Set<FoundLayer>}} search */
const isFree = (one, { counted, used }) => counted.get(one)?.every((other) => used.has(other)) ?? true;

/** Most layers in an order in which each one gets what the one before it returns, as far as they are found soon.
 * @param {FoundLayer[]} path the first ones @param {{all: FoundLayer[], counted: Map<FoundLayer, FoundLayer[]>, norms: Map<FoundLayer, FoundLayer>, used: Set<FoundLayer>, fitting: Map<number | null, FoundLayer[]>, count: number, steps: number}} search
 * all layers, those that are counted before each, the normalizations before them, those that are in a path already, those that can get each length, how many a path can have, and how many are tried @returns {FoundLayer[]} */
function longestPath(path, search) {
  const last = path.at(-1);
  let best = path;
  for (const next of (last && search.fitting.get(outputOf(last))) ?? []) {
    const norm = search.norms.get(next);
    if (!last || (norm && norm !== last && !search.used.has(norm)) || search.used.has(next) || areApart(last, next, search.all) || !isFree(next, search) || (isStack(next) && path.some(isCell))) continue;
    if (--search.steps < 0) return best.length > path.length ? best : [...path, next];
    search.used.add(next);
    const found = longestPath([...path, next], search);
    search.used.delete(next);
    if (found.length > best.length) best = found;
    if (best.length === search.count) break;
  }
  return best;
}

/** Layers in an order in which they fit each other, as far as they do, or else in that of their names: with the directions of one merged, if all fit only then.
 * @param {FoundLayer[]} layers */
export function inFittingOrder(layers) {
  const ordered = fittingOrder(layers);
  if (layers.length > MOST_LAYERS_COMPARED || mergedIfFitting(ordered)) return ordered;
  const modes = layers.map(({ config }) => config.merge_mode);
  for (const one of layers.filter(mayBeMerged)) {
    one.config.merge_mode = "sum";
    const other = fittingOrder(layers);
    if (mergedIfFitting(other)) return other;
    for (const [n, { config }] of layers.entries()) if ("merge_mode" in config) config.merge_mode = modes[n];
  }
  return ordered;
}

/** All orders of some things. @template T @param {T[]} all @returns {T[][]} */
const ordersOf = (all) => (all.length < 2 ? [all] : all.flatMap((one, n) => ordersOf(all.filter((_, at) => at !== n)).map((rest) => [one, ...rest])));

/** Whether a layer can get what another one returns. @param {FoundLayer} before @param {FoundLayer} one @param {FoundLayer[]} layers all of them */
const canFollow = (before, one, layers) => lengthOf(one) !== null && lengthOf(one) === outputOf(before) && !areApart(before, one, layers) && !(isStack(one) && isCell(before));

/** The numbered blocks of a list of modules, such as layers.0 and layers.1, each with its layers: of all lists of several blocks with several layers.
 * @param {FoundLayer[]} layers @returns {Map<string, FoundLayer[]>[]} for each list its blocks in their order */
function listsOfBlocks(layers) {
  /** @type {Map<string, Map<string, FoundLayer[]>>} */
  const lists = new Map();
  for (const one of [...layers].filter((each) => blockOf(each) !== "").sort((left, right) => BY_NAME.compare(left.name, right.name))) {
    const list = blockOf(one).replace(/\d+$/, "");
    const blocks = lists.get(list) ?? new Map();
    lists.set(list, blocks.set(blockOf(one), [...(blocks.get(blockOf(one)) ?? []), one]));
  }
  return [...lists.values()].filter((blocks) => blocks.size > 1 && [...blocks.values()].some(({ length }) => length > 1));
}

/** Whether the layers of each block are beside each other, and the blocks of each list too. @param {FoundLayer[]} ordered */
function areTogether(ordered) {
  return listsOfBlocks(ordered).every((blocks) => {
    const own = [...blocks.values()].flat();
    const start = ordered.findIndex((one) => own.includes(one));
    return own.every((one, n) => ordered[start + n] === one);
  });
}

/** The layers of blocks one block after the other, in all orders within them in which they fit: the same one in each block. @param {Map<string, FoundLayer[]>} blocks
 * @param {FoundLayer[]} layers all of them @returns {FoundLayer[][]} */
function rowsOfBlocks(blocks, layers) {
  const nameOf = (/** @type {FoundLayer} */ one) => one.name.slice(blockOf(one).length);
  const names = [...new Set([...blocks.values()].flat().map(nameOf))];
  if (names.length > MOST_LAYERS_OF_BLOCK) return [];
  const rows = ordersOf(names).map((order) => [...blocks.values()].flatMap((some) => [...some].sort((one, other) => order.indexOf(nameOf(one)) - order.indexOf(nameOf(other)))));
  return rows.filter((row) => row.every((one, n) => n === 0 || canFollow(row[n - 1] ?? one, one, layers)));
}

/** An order in which all layers fit, and those of numbered blocks are beside each other; null if none is found. @param {FoundLayer[]} layers
 * @returns {FoundLayer[] | null} */
function blocksInOrder(layers) {
  const lists = listsOfBlocks(layers);
  const inBlocks = new Set(lists.flatMap((blocks) => [...blocks.values()].flat()));
  const others = layers.filter((one) => !inBlocks.has(one));
  if (others.length > MOST_LAYERS_AROUND_BLOCKS) return null;
  const units = [...lists.map((blocks) => rowsOfBlocks(blocks, layers)), ...others.map((one) => [[one]])]; // each with the rows that it can be
  let steps = MOST_STEPS_OF_PATHS;
  /** @param {FoundLayer[]} path @param {FoundLayer[][][]} rest @returns {FoundLayer[] | null} */
  const complete = (path, rest) => {
    if (!rest.length) return path;
    const last = path.at(-1);
    for (const unit of rest) {
      for (const row of unit) {
        const [first] = row;
        const isNext = first && (!last || canFollow(last, first, layers)) && !others.some((other) => !path.includes(other) && isCountedBefore(other, first));
        if (!isNext) continue;
        if (--steps < 0) return null;
        const found = complete([...path, ...row], rest.filter((other) => other !== unit));
        if (found) return found;
      }
    }
    return null;
  };
  return complete([], units);
}

/** Layers in an order in which they fit, each as it is: with those of numbered blocks beside each other, if all fit so. @param {FoundLayer[]} layers */
function fittingOrder(layers) {
  const ordered = orderOfPaths(layers);
  const isDone = layers.length > MOST_LAYERS_COMPARED || areTogether(ordered);
  return isDone ? ordered : blocksInOrder([...layers].sort((one, other) => BY_NAME.compare(one.name, other.name))) ?? ordered;
}

/** Layers in an order of paths in which each one gets what the one before it returns. @param {FoundLayer[]} layers */
function orderOfPaths(layers) {
  let rest = [...layers].sort((one, other) => BY_NAME.compare(one.name, other.name));
  if (rest.length > MOST_LAYERS_COMPARED) return rest;
  for (const one of layers) mergedIfShorter(one, layers);
  const paths = layers.map(({ name }) => name.split(/[./]/));
  const common = (paths[0] ?? []).findIndex((part, n) => paths.some((path) => path.length < n + 2 || path[n] !== part));
  const sequences = new Map(layers.map((one) => [one, sequenceOf(one)]));
  /** The first module of each layer after those that all are in. @type {Map<FoundLayer, string>} */
  const modules = new Map(layers.flatMap((one, n) => (paths[n] ?? []).slice(Math.max(0, common), -1).slice(0, 1).map((module) => [one, module])));
  /** @type {FoundLayer[]} */
  const ordered = [];
  /** @type {((one: FoundLayer) => boolean)[]} */
  const starts = [
    ({ kind }) => kind === "embedding" || kind === "convolution",
    (one) => inputOf(one) !== null && !outputs.has(inputOf(one)) && (isRecurrent(one) || search.fitting.has(outputOf(one))),
    isRecurrent,
    () => true,
  ];
  /** @type {Set<FoundLayer>} */
  const used = new Set();
  const norms = rest.filter(({ kind }) => kind === "normalization");
  const outputs = new Set(rest.filter(({ kind }) => kind !== "normalization").map(outputOf));
  const counted = new Map(rest.map((one) => [one, rest.filter((other) => isCountedBefore(other, one))]));
  const search = { all: rest, counted, norms: normsBefore(rest, norms, outputs), used, fitting: byInput(rest), count: 0, steps: MOST_STEPS_OF_PATHS };
  const startOf = (/** @type {FoundLayer} */ one) => {
    const norm = search.norms.get(one);
    return norm && !used.has(norm) ? norm : one;
  };
  while (rest.length) {
    const before = ordered.at(-1);
    const here = before ? rest.filter((one) => modules.has(one) && modules.get(one) === modules.get(before)) : [];
    const free = (here.length ? here : rest).filter((one) => isFree(one, search));
    const next = before && sequences.get(before) && free.find((one) => sequences.get(one) === sequences.get(before));
    const begins = next ? [next] : starts.map((isStart) => free.filter(isStart)).find(({ length }) => length) ?? [];
    const first = (next ? begins : begins.map(startOf)).slice(0, Math.max(1, search.steps));
    search.count = rest.length;
    const pathsFrom = (/** @type {FoundLayer[]} */ some) =>
      some.map((one) => {
        search.steps--;
        used.add(one);
        const path = longestPath([one], search);
        used.delete(one);
        return path;
      });
    const found = pathsFrom(first);
    const isWhole = (/** @type {FoundLayer[]} */ { length }) => length === rest.length;
    const others = next || found.some(isWhole) ? [] : free.filter((one) => !first.includes(one)).slice(0, Math.max(0, search.steps));
    let path = found.find(isWhole) ?? pathsFrom(others).find(isWhole) ?? found[0] ?? [];
    if (next && path.length > 1 && !isWhole(path)) {
      used.add(next);
      const left = rest.filter((one) => one !== next && counted.get(one)?.every((other) => used.has(other) && other !== next));
      if (pathsFrom(left.slice(0, Math.max(0, search.steps))).some(({ length }) => length === rest.length - 1)) path = [next];
      used.delete(next);
    }
    ordered.push(...path);
    for (const one of path) used.add(one);
    rest = rest.filter((one) => !used.has(one));
  }
  return ordered;
}

/**
 * The layers with whether each gets what the one before it returns: if their sizes fit, and if a file of arrays leaves no other
 * choice. Whether a dense layer gets the last step of a recurrent one or every step is not in such a file.
 *
 * @param {FoundLayer[]} layers
 * @returns {FoundLayer[]}
 */
export function joined(layers) {
  mergedIfFitting(layers);
  const keyOf = (/** @type {string} */ parent, /** @type {string} */ index, /** @type {number | null} */ size) => `${parent} ${index} ${size}`;
  const sequences = sequencesOf(layers);
  /** The lists of modules that have a layer that keeps a length, by the number of the module and the length. @type {Map<string, Set<string>>} */
  const keeping = new Map();
  for (const one of layers) {
    const { parent, list, index } = placeInList(one);
    const key = keyOf(parent, index, outputOf(one));
    if (!sequences.has(`${parent} ${list}`) && keepsLength(one)) keeping.set(key, (keeping.get(key) ?? new Set()).add(list));
  }
  /** Whether a layer of another list may be between two of one: such as layers.0, norms.0 and layers.1. @param {FoundLayer} before @param {FoundLayer} one */
  const mayBeApart = (before, one) => {
    const [from, to] = [placeInList(before), placeInList(one)];
    if (!from.list || from.list !== to.list || from.parent !== to.parent) return false;
    const lists = [from, to].map(({ parent, index }) => keeping.get(keyOf(parent, index, outputOf(before))) ?? new Set());
    return lists.some((some) => some.size > Number(some.has(from.list)));
  };
  /** Whether two dense layers beside each other return as many numbers, so that a layer after them gets their sum, or one of two results. @param {number} n the number of the layer */
  const isAfterBoth = (n) => {
    const [first, second] = [layers[n - 2], layers[n - 1]];
    return first?.kind === "dense" && second?.kind === "dense" && outputOf(first) === outputOf(second) && lengthOf(second) !== outputOf(first);
  };
  /** The recurrent layers that return vectors of each length. @type {Map<number | null, FoundLayer[]>} */
  const returning = new Map();
  for (const one of layers.filter(isRecurrent)) returning.set(outputOf(one), [...(returning.get(outputOf(one)) ?? []), one]);
  /** Whether a recurrent layer returns as many numbers as one that is not, so that each may be what a third one gets, unless names say that this follows. @param {FoundLayer} before @param {FoundLayer} one */
  const mayBeAfterRecurrent = (before, one) => {
    const isSaid = before.kind === "normalization" || (sequenceOf(before) !== "" && sequenceOf(before) === sequenceOf(one)) || isCountedBefore(before, one);
    return !isRecurrent(before) && !isRecurrent(one) && !isSaid && (returning.get(lengthOf(one)) ?? []).some((other) => !areApart(other, one, layers));
  };
  let isOfStep = false; // whether the layer before gets what is computed from a cell
  return layers.map((one, n) => {
    const before = layers[n - 1];
    const length = lengthOf(one);
    const fits = before !== undefined && length !== null && length === outputOf(before) && (!isStack(before) || isStack(one)) && !(isOfStep && isStack(one));
    const follows = fits && !areApart(before, one, layers) && !mayBeApart(before, one) && !isAfterBoth(n) && !mayBeAfterRecurrent(before, one);
    isOfStep = isCell(one) || (isOfStep && follows);
    return { ...one, follows };
  });
}

/** Lists of modules that are layers themselves, of several kinds, and of which some return vectors of another length, as in a Sequential: these run one after the
 * other, and not between those of another list. @param {FoundLayer[]} layers */
function sequencesOf(layers) {
  /** @type {Map<string, FoundLayer[]>} */
  const lists = new Map();
  for (const one of layers) {
    const { parent, list } = placeInList(one);
    const name = `${parent} ${list}`;
    if (list) lists.get(name)?.push(one) ?? lists.set(name, [one]);
  }
  const isSequence = (/** @type {FoundLayer[]} */ some) => some.every((one) => sequenceOf(one) !== "") && new Set(some.map(({ kind }) => kind)).size > 1 && !some.every(keepsLength);
  return new Set([...lists].flatMap(([name, some]) => (isSequence(some) ? [name] : [])));
}

/** Whether a layer returns vectors as long as those that it gets. @param {FoundLayer} one */
const keepsLength = (one) => lengthOf(one) !== null && lengthOf(one) === outputOf(one);

/** The length of what a layer gets, if that is known. @param {FoundLayer} one */
const lengthOf = (one) => (one.kind === "normalization" ? one.config.num_units : inputOf(one));

/** The list of modules in which a layer is, that in which the list is, and the number of the module; "" if it is in none. @param {FoundLayer} one */
function placeInList({ name }) {
  const [, parent = "", list = "", index = ""] = /^(?:(.*)[./])?([^./]+)[./](\d+)(?:[./]\D*)?$/.exec(name) ?? [];
  return { parent, list, index };
}
