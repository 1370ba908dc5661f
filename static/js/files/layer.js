/**
 * What a file says about a layer, in the terms of /read.json.
 *
 * @typedef {object} FoundLayer
 * @property {string} name
 * @property {string} kind lstm, gru, rnn, lstm_cell ..., embedding, dense, ... or other
 * @property {string} framework
 * @property {Record<string, any>} config null for what is not known; `activation` of a recurrent layer, if it is another one than tanh, or may be; `recurrent_activation`, if that of its gates is another one than the sigmoid; `clip`: the setting that bounds its values, and how far; `cell_clip`: how far c goes
 * @property {(number | string | null)[] | null} axes of the output after the batch, of kinds that compute them in a way of their own
 * @property {(number | string | null)[] | null} [input] the axes of its input after the batch, if they are known
 * @property {number | null} [rows] how many it gets, if these are not the samples: such as the rows of a matrix; null if that is not known
 * @property {boolean} follows whether its input is the output of the layer before it
 * @property {string[]} [reads] the layers and inputs from which its input is computed, if these are others than the layer before it
 * @property {boolean} [getsStates] whether these are states that recurrent layers return
 * @property {string} [letter] of these states, if they are all h or all c
 * @property {string[]} [begins] those from which its initial state is computed
 * @property {boolean} [continues] whether it comes from the layer itself in later runs
 * @property {boolean} [isOfEachStep] of what is around layers that are given each step alone: whether it is before them
 * @property {string} [joinsDirections] how it puts two directions together, which are layers of their own
 * @property {string[]} [directionsOf] the names of its two directions, if these are layers of their own in the file
 * @property {number} [cellsTogether] of one of several cells that one layer runs at each step: how many these are
 * @property {number} [places] in how many places of the model it is used, if these are several
 * @property {boolean} [isChosen] whether only one of these runs, as in the branches of an If
 * @property {string} [weightsOf] the layer with the same weights, which are counted there
 * @property {{name: string, of: string}} [branch] that in which it is of an If, of which only one branch runs
 * @property {{name: string, times: number | string}} [loop] the loop of a graph in which it is, and how often that runs: a number, the value that says it, or ""
 * @property {string[][]} [uses] what it reads in each of them, if that is known and not the same everywhere
 * @property {boolean} [usesAreRoots] whether these are the inputs of the model from which that is computed
 * @property {number} [runs] how often one that gets a single step runs, if that is more than once
 * @property {string} [ownCell] the class of the cell in it, if that is none of the framework's: it is recurrent, and of another kind
 * @property {{count?: number, names: string[], isOfProgram?: boolean}} [written] of a recurrent layer of a class that somebody has written, which is told from its arrays: how many numbers these have, if they may be others than usual, the names of those beside its matrices, and whether they are of a program, of which no class is known
 * @property {boolean} [isDissolved] whether it is recurrent and was recognised by its equations in single operations
 * @property {string} [className] the class of the layer, if several have its kind
 * @property {boolean} [isSquare] whether its matrix is square and has no bias, so that it may be an embedding or a dense layer
 * @property {boolean} [isBySizes] whether the sizes of its matrix without a bias decide that it is an embedding, and no dense layer, or the other way round
 * @property {boolean} [isScore] whether it is told from its name and one row that it is a dense layer, which makes the scores of an attention
 * @property {boolean} [isTaken] whether it is told from the axes of its weights alone that it is a convolution
 * @property {number} [lengths] how many lengths of rows a weight norm trains, beside the rows
 * @property {number} [flipped] the axis, counted from 0, along which what it gets is reversed
 * @property {[string, number][]} [readsOften] the layers that it reads, and how many of their runs, if these are several
 * @property {string[]} [types] of its numbers, if these are known and not all in the model are of one type
 * @property {boolean} [mayHaveZeros] whether it may have a bias of zeros, which a converter has left out
 * @property {string} [tiedTo] the layer whose matrix it probably has, if a file has only its bias
 * @property {boolean} [isTurned] whether it gets what the layer before it returns with the two axes after the batch transposed
 * @property {boolean} [isOfStep] whether it gets each step alone of what the layer before it returns
 * @property {boolean} [isOfInput] whether it is no layer, but what makes the input of the first layer of that of the model
 * @property {boolean} [isMoved] whether its place is not that in the file, which says an order
 * @property {boolean} [isLooped] whether it is called in a loop, of which it is not known how often that runs
 * @property {boolean} [runsOfSteps] whether that is as often as the input of the model has steps
 * @property {boolean} [isOfBlock] whether it is in a layer of a class of the model's own, and told from its weights
 * @property {"Gemm" | "MatMul"} [operation] what ONNX calls the product of a dense layer
 * @property {boolean} [onlyLast] whether only its last step goes on, although it returns every step
 * @property {boolean} [statesOnly] whether none of its steps goes on at all, but its last states, of which the next layer is not computed
 * @property {boolean} [directionsApart] whether the model returns its steps with an axis of directions
 * @property {boolean} [joinsEnds] whether that is the last state of each of two directions, of which the backward one is of step 0
 */

/** An input or output of a model, with all its axes, its letter if it is a state of the layer with that name, and whether it is computed from what the layers with that
 * name return. @typedef {[string, (number | string | null)[], string?, boolean?]} NamedAxes */

/** @typedef {{framework: string, layers: FoundLayer[], unknown: string[], isOrdered: boolean, isComplete?: boolean, isFitted?: boolean, isOfIndex?: boolean, hasCode?: boolean, models?: string[], copies?: string[], leftOut?: string[], undecided?: string[], hasNoWeights?: boolean, types?: string[], policies?: string[], arrays?: string[], pickled?: string, wrapped?: string[], computing?: string[], result?: (number | string | null)[], shared?: string[][], repeated?: string[][], ownClasses?: string[],
 *   input?: (number | string | null)[], output?: (number | string | null)[], batch?: number, isBatchFirst?: boolean, isResultTurned?: boolean, inputs?: NamedAxes[],
 *   outputs?: NamedAxes[], loops?: string[], operators?: string[], lastOperators?: string[], otherOperators?: string[], functions?: string[], unused?: string[], unusedCount?: number, bare?: string[], isDeduced?: boolean, format?: string, statistics?: number, scales?: number, outside?: {count: number, names: string[]}}} Model the layers of a file; the names of what is not understood; whether
 *   the file says in which order they run; whether all its parameters are in them; whether it sorts them, so that they are in an order in which they fit; whether they are in that of the index of several files; the axes of its input after the batch, those of its output, if its last layer does not return them, the size of the batch, if it is fixed, and whether it is the first
 *   axis of the input, if it is not that of recurrent layers; its other inputs and outputs; whether it has their code, which was not read; whether it has the settings of layers without their weights; the types of its numbers, and the policies of layers that compute in others; if no layer is recurrent, its first arrays with their shapes, and the class of what is pickled in it; the names of several models in one file, and of all models with these layers, if there are several; those of what else a checkpoint has; those of quantized layers that may be two, or one with two directions; those of arrays that
 *   wrappers have beside weights, which are not trained, and of those from which they compute them, which are counted once; the shape of what it returns, if that is not in its chain; of those that are the same array, which is counted once, or for each of its layers; of modules whose classes are not those of the framework; and of a graph of single operations, which of them are loops, and what those are called that are no layers, between these, after the last one, and on the way to its other outputs, and which are functions of each number; and of parameters that the graph of the file does not use, with how many numbers these are; those of modules without parameters, which are not in the list; whether the kinds of its layers follow from the shapes of arrays without names; its format; how many numbers are means and variances of batch normalizations; how many scales quantized numbers have; how many arrays are in other files, and the names of these */

import { LARGEST_SIZE } from "./limits.js";
import { Refusal } from "./refusal.js";

const RECURRENT = ["lstm", "gru", "rnn"];
const CELLS = ["lstm_cell", "gru_cell", "rnn_cell"];

/** The frameworks in which the batch is always the first axis. */
export const WITH_BATCH_FIRST = ["keras", "flax"];

/** @param {{kind: string}} layer */
export const isStack = ({ kind }) => RECURRENT.includes(kind);

/** @param {{kind: string}} layer */
export const isRecurrent = ({ kind }) => RECURRENT.includes(kind) || CELLS.includes(kind);

/** Whether a layer has a cell, known or not. @param {{kind: string, ownCell?: string}} layer */
export const hasCell = (layer) => isRecurrent(layer) || layer.ownCell !== undefined;

/** Whether a layer is one of its framework that convolves each step. @param {Pick<FoundLayer, "kind" | "ownCell" | "className">} layer */
export const isConvolving = ({ ownCell, className }) => ownCell !== undefined && className !== undefined;

/** The settings of a recurrent layer of which nothing else is known. */
const UNKNOWN_SETTINGS = {
  batch_first: null,
  return_sequences: null,
  return_state: null,
  merge_mode: null,
  stateful: null,
  dropout: null,
};

/** A recurrent layer. @param {string} name @param {string} kind @param {string} framework @param {Record<string, any>} config
 * @returns {FoundLayer} */
export function recurrent(name, kind, framework, config) {
  const usual = { features: null, num_units: null, num_layers: 1, bidirectional: false, num_proj: 0, bias: true };
  return { name, kind, framework, config: { ...usual, ...UNKNOWN_SETTINGS, ...config }, axes: null, follows: false };
}

/** Another layer. @param {string} name @param {string} kind @param {string} framework @param {Record<string, any>} [config]
 * @param {(number | string | null)[] | null} [axes] @returns {FoundLayer} */
export const layer = (name, kind, framework, config = {}, axes = null) => ({ name, kind, framework, config, axes, follows: false });

/** A normalization, with the number of its parameters. @param {string} name @param {string} framework @param {number} parameters
 * @param {number} [size] the length of the vectors, which it keeps @returns {FoundLayer} */
export const normalization = (name, framework, parameters, size) => layer(name, "normalization", framework, { parameters, num_units: size ?? null });

/** Note the places in which a layer is used. @param {FoundLayer} one @param {number} places @param {string[][][]} reads what it reads in each of
 * them, or the inputs of the model from which that is computed: the first of these that differs says it */
export function useAgain(one, places, reads) {
  one.places = places;
  const isKnown = (/** @type {string[][]} */ uses) => uses.every(({ length }) => length) && new Set(uses.map(String)).size > 1;
  const n = reads.findIndex(isKnown);
  one.uses = reads[n];
  if (n > 0) one.usesAreRoots = true;
}

/** The number of numbers in arrays. @param {(readonly number[] | undefined)[]} shapes */
export const numbersIn = (shapes) => shapes.reduce((sum, shape) => sum + (shape ? shape.reduce((all, size) => all * size, 1) : 0), 0);

/** A size that no layer has, which is rounded if it has more digits than numbers of JavaScript. @param {number} size */
const sizeText = (size) => (Number.isInteger(size) && !Number.isSafeInteger(size) ? `≈ ${size.toPrecision(3)}` : String(size));

/** Refuse sizes that no layer has. @param {unknown[]} sizes */
export function checkSizes(sizes) {
  const wrong = sizes.find((size) => typeof size === "number" && !(size >= 0 && size <= LARGEST_SIZE));
  if (wrong !== undefined) throw new Refusal("fileSize", { size: sizeText(Number(wrong)) });
}

/** Refuse a layer with sizes that none has: also a recurrent one, of which each fits, but whose matrices for one gate would have too many numbers.
 * @param {FoundLayer} one */
export function checkLayer(one) {
  const { num_units, num_proj, num_layers, features } = one.config;
  checkSizes([num_units, num_proj, num_layers, features]);
  const isTooLarge = isRecurrent(one) && num_units * (Number(features ?? 0) + (num_proj || num_units)) > LARGEST_SIZE;
  if (isTooLarge) throw new Refusal("fileSize", { size: [features, num_units].filter((size) => size !== null).join(" × ") });
}

/** The largest float32, with which nothing is clipped. */
const LARGEST_FLOAT = 3.4028234663852886e38;

/** The bounds of the values of a recurrent layer, if it has them; 0 is none. @param {string} setting @param {number} [limit] of a float32 */
export function clipped(setting, limit = 0) {
  const rounded = Number(limit.toPrecision(6));
  return limit > 0 && limit < LARGEST_FLOAT ? (setting === "cell_clip" ? { cell_clip: rounded } : { clip: { setting, limit: rounded } }) : {};
}

/** Whether no picture shows exactly a recurrent layer, because of its settings. A bound of c is said beside the picture: c grows by at most 1 in each step, and TensorFlow's converter writes the bound 10 for every LSTM. @param {Record<string, any>} config */
export const hasNoPicture = (config) => Boolean(config.activation || config.recurrent_activation || config.input_forget || config.clip || config.has_normalized_gates);

/** The length of what a layer takes, if it takes only one. @param {FoundLayer} one @returns {number | null} */
export const inputOf = (one) => (one.kind === "embedding" ? null : one.config.features ?? null);

/** The length of what a layer returns. @param {FoundLayer} one @returns {number | null} */
export function outputOf(one) {
  const { num_units, num_proj, bidirectional, merge_mode } = one.config;
  const length = num_proj || num_units;
  return length ? length * (bidirectional && (merge_mode ?? "concat") === "concat" ? 2 : 1) : null;
}
