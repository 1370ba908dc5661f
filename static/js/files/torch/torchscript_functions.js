/**
 * What the functions and modules of PyTorch in the code of TorchScript do, by their names.
 *
 * @typedef {import("./torchscript_expressions.js").Value} Value
 */

import { UNNAMED } from "./pt2.js";

const WHOLE = 2 ** 62; // the end of a slice that takes everything

/** Functions that keep the axes of their first argument and the vectors in it. */
export const KEEPING = new Set(
  "relu relu_ relu6 leaky_relu elu tanh tanh_ sigmoid sigmoid_ gelu silu softmax log_softmax dropout layer_norm batch_norm contiguous to detach clone".split(" "),
);

/** Functions on sequences of different lengths, which keep the vectors of their first argument and return other things, too. */
export const PACKING = new Set(["_pack_padded_sequence", "_pad_packed_sequence", "pad_packed_sequence"]);

/** How the code of PyTorch calls an order of the batch. */
export const ORDER = /^(?:(?:un)?sorted_indices|permutation)\d*$/;

/** Modules of PyTorch that keep vectors: those without arrays, and those that a chain of a file does not show. */
export const KEEPING_MODULE = /^__torch__\.torch\.nn\.modules\.(?:dropout|normalization|batchnorm|activation|linear(?=.*\.Identity$))\.(?!.*(?:MultiheadAttention|GLU)$)/;

/** Those of them that are functions of each number, or of each vector. */
export const ACTIVATION = /^__torch__\.torch\.nn\.modules\.activation\./;

/** Those of them that a chain shows. */
export const DROPOUT = /^__torch__\.torch\.nn\.modules\.dropout\.(?:\w+\.)?(?:Feature)?(?:Alpha)?Dropout(?:\dd)?$/;

/** The paths of PyTorch's functions: those of its own code call others, whose names are theirs with a line before them. */
const FUNCTION = /^(?:torch|__torch__\.torch\.nn\.functional(?:\.___torch_mangle_\d+)?)\.(?=\w+$)/;

/** Functions whose result depends on the shape of tensors, and not on their values. */
export const OF_SHAPES = /^(?:size|len|dim|numel|ndim|device|dtype|is_\w+|(?:new_)?(?:zeros|ones|full|empty|rand\w*)(?:_like)?)$/;

/** Functions that are no operations on numbers, but on lists and their lengths. */
const OF_LISTS = /^(?:__\w+|append|annotate|\w*pack\w*sequence)$/;

/** Functions of which only the first argument has values. */
export const MOVING = /^(?:view|reshape|expand|repeat|permute|flatten|(?:un)?squeeze|transpose|narrow|slice)$/;

/** Functions that make a number of another type. */
export const OF_NUMBERS = new Set(["NumToTensor", "int"]);

/** A constant of the code. */
export const CONSTANT = /^CONSTANTS\.c(\d+)$/;

/** What a cell multiplies with its weights for x. */
export const OF_WEIGHT_IH = /torch\.(?:linear\((\w+), weight_ih\b|(?:lstm|gru|rnn_\w+)_cell\((\w+),)/;

/** The operations that stacked layers are. */
export const STACKS = new Set(["lstm", "gru", "rnn_tanh", "rnn_relu"]);

/** A number, if a value is one. @param {Value} value */
export const numberOf = (value) => (value && "number" in value ? value.number : undefined);

/** Whether a function is a slice that takes everything. @param {string} name @param {Value[]} given */
export const takesAll = (name, given) => name === "slice" && (numberOf(given[2]) ?? 0) === 0 && (numberOf(given[3]) ?? WHOLE) >= WHOLE;

/** Whether a function is an operation on numbers that a chain names. @param {string} path @param {string} name the last part of it @param {Value[]} given */
export const isNamedOperation = (path, name, given) => FUNCTION.test(path) && !OF_SHAPES.test(name) && !OF_LISTS.test(name) && !UNNAMED.has(name) && !takesAll(name, given);

/** Whether a function may join the first axis, which is the batch or the steps of all samples, with others; undefined if it keeps what is one axis.
 * @param {string} name @param {Value[]} given @returns {boolean | undefined} */
export function joinsBatch(name, [, sizes, end]) {
  if (name === "flatten") return (numberOf(sizes) ?? 0) === 0 && numberOf(end) !== 0 ? true : undefined;
  const [first, ...others] = (name === "view" || name === "reshape") && sizes && "items" in sizes ? sizes.items : [];
  if (!first || !others.length) return undefined;
  if ("length" in first) return first.length !== 0;
  return "product" in first || numberOf(first) === -1 ? true : undefined;
}
