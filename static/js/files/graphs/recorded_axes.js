/**
 * The axes that a graph says about its tensors, after the batch: those of the first input, of what layers return that compute them in a way of
 * their own, and of what a layer gets after something that is not known.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {(number | string | null)[]} Axes
 * @typedef {{given?: readonly number[], returned?: readonly number[], source?: readonly number[], order?: readonly number[], inputAxis?: (axis: number) => number | undefined}} Shapes what a layer gets and returns, and the
 *   input of the model from which it is computed, if it is only one; a size that is not positive is not known, and a negative one is the same
 *   wherever it is; and which axis of that input each one is that it gets, if nothing but their order is another one;
 *   and which axis of the input of the model one of them is, also through the layers before it
 * @typedef {{input: Axes, order?: number[], axes?: Axes}} Turned the axes of the input of a model, if its first layer gets others, and their order there or those others
 */

import { inputOf, isRecurrent, isStack, outputOf } from "../layer.js";
import { MOST_KERAS_AXES } from "../limits.js";

/** The frameworks whose convolutions have the channels before the steps. */
const CHANNELS_FIRST = ["pytorch", "onnx"];

/** @param {number | undefined} size */
export const known = (size) => (size !== undefined && size > 0 ? size : null);

/** Which axis of what a layer gets is the batch; undefined if the kind of layer does not say it.
 * @param {FoundLayer} layer @param {readonly number[]} shape */
function batchAxisOf({ kind, config: { layout, batch_first } }, { length }) {
  if (kind === "convolution") return length > 2 ? 0 : undefined;
  if (!isStack({ kind })) return isRecurrent({ kind }) && length === 2 ? 0 : undefined; // a cell gets one step
  const isFirst = layout === undefined ? batch_first : layout === 1;
  return length === 3 && typeof isFirst === "boolean" ? Number(!isFirst) : undefined;
}

/** The shapes of a model's layers, in which the batch is found. */
class Recorded {
  /** @param {FoundLayer[]} layers @param {(layer: FoundLayer) => Shapes} shapesOf @param {readonly number[]} inputs their batches, if they are
   * the first axes @param {number} [whole] the batch of the model, if its first layers get it with another axis as one */
  constructor(layers, shapesOf, inputs, whole) {
    const own = layers.map((layer) => {
      const { given } = shapesOf(layer);
      const axis = given && batchAxisOf(layer, given);
      return axis === undefined ? undefined : given?.[axis];
    });
    const sizes = new Set(inputs.length ? inputs : own.filter((size) => size !== undefined));
    /** @type {number | undefined} not positive if it is not fixed, undefined if it is not known or not the same everywhere */
    this.batch = whole ?? (sizes.size === 1 ? [...sizes][0] : undefined);
    /** @type {Map<FoundLayer, number | undefined>} those of layers, which can be different ones: the words of all texts, and the texts */
    this.batches = new Map();
    const said = inputs.length || (this.batch !== undefined && whole === undefined) ? layers.map(() => this.batch) : own;
    for (let n = layers.length - 2; n >= 0; n--) if (layers[n + 1]?.follows) said[n] ??= said[n + 1];
    for (const [n, layer] of layers.entries()) this.batches.set(layer, (said[n] ??= layer.follows ? said[n - 1] : undefined));
  }

  /** A shape without the batch; null if it is not known which axis that is. @param {FoundLayer} layer @param {readonly number[] | undefined} shape
   * @returns {Axes | null} */
  after(layer, shape) {
    const axis = shape && this.batchAxis(layer, shape);
    if (axis === undefined || !shape || shape.length < 2 || shape.length > 1 + MOST_KERAS_AXES) return null;
    return shape.filter((_, n) => n !== axis).map(known);
  }

  /** @param {FoundLayer} layer @param {readonly number[]} shape */
  batchAxis(layer, shape) {
    const own = batchAxisOf(layer, shape);
    const batch = this.batches.get(layer);
    if (own !== undefined || batch === undefined) return own;
    if (shape[0] === batch) return 0;
    const hasTwo = shape.length === 3 || (layer.kind === "embedding" && shape.length === 2); // or vectors of all steps
    return hasTwo && shape[1] === batch ? 1 : undefined;
  }
}

/** Whether the model gets the batch before the steps, if its recurrent layers get them in the other order: then it transposes them. Before other layers
 * than these the order is that in which it returns them.
 * @param {FoundLayer[]} layers @param {(layer: FoundLayer) => Shapes} shapesOf @param {Recorded} recorded @param {readonly number[]} [result]
 * @returns {boolean | undefined} */
function isBatchFirst([first, ...others], shapesOf, recorded, result) {
  const stack = first && [first, ...others].find(isStack);
  if (!stack) return undefined;
  const own = batchAxisOf(stack, [1, 1, 1]);
  const place = own === undefined ? undefined : shapesOf(stack).inputAxis?.(own);
  const taken = batchAxisOf(first, shapesOf(first).given ?? []);
  const outer = place ?? (taken === undefined ? undefined : shapesOf(first).inputAxis?.(taken)); // a convolution says it, too
  if (outer === 0 || outer === 1) return outer === own ? undefined : outer === 0;
  if (first !== stack && first.kind !== "embedding") {
    const returned = result?.length === 3 ? placeOfBatch(result, recorded.batch) : undefined;
    return returned === undefined || own === undefined || returned === own ? undefined : returned === 0;
  }
  const { given = [], source = given } = shapesOf(first);
  const [axis, inner] = [recorded.batchAxis(first, given), batchAxisOf(stack, shapesOf(stack).given ?? [])];
  const [one = 0, other = 0] = given;
  if (axis === undefined || inner === undefined || one === other) return undefined;
  const isTransposed = source.length === given.length && source[0] === other && source[1] === one;
  const isFirst = (axis === 0) !== isTransposed;
  return isFirst === (inner === 0) ? undefined : isFirst;
}

/** The axes that a layer gets, if they fit it: a value may be known only before an operation that adds or removes axes.
 * @param {FoundLayer} layer @param {Axes | null} axes @returns {Axes | null} */
function fitting(layer, axes) {
  const length = inputOf(layer);
  if (!axes || (length && (axes.at(-1) ?? length) !== length)) return null;
  if (length && !axes.at(-1)) return fitting(layer, [...axes.slice(0, -1), length]); // only the layer says it
  if (!isStack(layer)) return axes;
  const [time = null, ...others] = axes.length > 2 ? [...axes.slice(0, -1).filter((size) => size !== 1), axes.at(-1) ?? null] : axes;
  if (others.length !== 1) return null;
  const isStep = time === 1 && batchAxisOf(layer, [1, 1, 1]) === undefined; // of a layer that was found by the operations of its steps
  return [isStep ? null : time, ...others];
}

/** Without an axis of length 1 that both have before or between others: a convolution over steps is written as one over pictures.
 * @param {Axes | null} one @param {Axes | null} other @returns {(Axes | null)[]} */
function withoutHeight(one, other) {
  if (one?.length !== 3 || other?.length !== 3) return [one, other];
  const at = one.slice(0, 2).findIndex((size, n) => size === 1 && other[n] === 1);
  return at < 0 ? [one, other] : [one, other].map((axes) => axes.filter((_, n) => n !== at));
}

/** Which of the first two axes is the batch, if only one of them can be it: of two that are not fixed, the one with the same name.
 * @param {readonly number[]} shape @param {number | undefined} batch @returns {number | undefined} */
export function placeOfBatch([one = NaN, other = NaN], batch = 0) {
  const isSame = (/** @type {number} */ size) => batch !== 0 && size === batch;
  const mayBe = (/** @type {number} */ size) => isSame(size) || (batch < 0 && size <= 0);
  for (const is of [isSame, mayBe]) if (is(one) !== is(other)) return Number(is(other));
  return undefined;
}

/** The batch of a model whose first layer gets it and the axis after it as one, such as the sentences of all texts; a negative number if only its name is known.
 * @param {Shapes} shapes what its first layer gets @param {(readonly number[] | undefined)[]} ends the shapes of all inputs and results,
 * which begin with the batch then @returns {number | undefined} */
export function joinedBatch({ given = [], source = [] }, ends) {
  const [batch = 0, steps = 0, ...rest] = source;
  const [rows = 0, ...others] = given;
  const isProduct = batch > 0 ? rows === batch * steps : batch < 0 && rows < 0 && rows !== batch && rows !== steps;
  return isProduct && others.join() === rest.join() && ends.every((shape) => shape?.[0] === batch) ? batch : undefined;
}

/** Whether the first axis is the batch, or as long as it, like the second one. @param {readonly number[]} shape @param {number | undefined} batch */
const beginsWithBatch = (shape, batch = 0) => placeOfBatch(shape, batch) === 0 || (batch !== 0 && shape[0] === batch && shape[1] === batch);

/** The axes after the batch of what the model returns, if these are others than those of what its last layer returns, from which it is computed:
 * such as the steps of a loop; none if it is not known whether they are others. @param {FoundLayer} last @param {Shapes} shapes @param {number | undefined} batch
 * @param {readonly number[] | undefined} shape @returns {Axes | undefined} */
function outputAfter(last, { returned }, batch, shape) {
  const place = last.rows && shape?.length === 3 ? placeOfBatch(shape, batch) : undefined;
  if (place !== undefined) return shape?.filter((_, n) => n !== place).map(known);
  const isKnown = shape && shape.length > 1 && shape.length <= 1 + MOST_KERAS_AXES && beginsWithBatch(shape, batch);
  const own = isStack(last) ? [last.onlyLast ? null : 0, outputOf(last)].filter((size) => size !== null) : returned && beginsWithBatch(returned, batch) ? returned.slice(1) : undefined;
  if (!isKnown || !own) return [];
  const axes = shape.slice(1);
  const isSame = own.length === axes.length && axes.every((size, n) => size === own[n] || size <= 0 || (own[n] ?? 0) <= 0);
  return isSame ? undefined : axes.map(known);
}

/** Note the steps that recurrent layers get after an operation that is not known, if all layers after it keep them and the model returns them.
 * @param {FoundLayer[]} layers @param {readonly number[] | undefined} result the shape of what it returns @param {number | undefined} batch
 * @param {boolean} isChanged whether more is computed from what the last layer returns */
function noteStepsOfResult(layers, result, batch, isChanged) {
  const place = result?.length === 3 ? placeOfBatch(result, batch) : undefined;
  const keeps = (/** @type {FoundLayer} */ one) => (isStack(one) ? !one.onlyLast : ["dense", "normalization"].includes(one.kind));
  let n = layers.length - 1;
  while (n > 0 && layers[n]?.follows && keeps(/** @type {FoundLayer} */ (layers[n]))) n--;
  const first = layers[n];
  if (!result || place === undefined || isChanged || n < 1 || !first || first.follows || !isStack(first) || !keeps(first)) return;
  first.input ??= [known(result[1 - place]), inputOf(first)];
}

/** The rows of the matrix that a layer gets, if these are not the samples: such as all steps of all of them. @param {FoundLayer} layer
 * @param {readonly number[] | undefined} given @param {number | undefined} batch @returns {number | undefined} */
function rowsOf({ kind }, given, batch = 0) {
  const [rows = 0, , ...others] = given?.length === 2 ? given : [0, 0, 0];
  const isOfRows = !isRecurrent({ kind }) && kind !== "embedding" && !others.length;
  return isOfRows && batch > 0 && rows > 0 && rows !== batch ? rows : undefined;
}

/** Note the axes in layers. @param {FoundLayer[]} layers in their order @param {(layer: FoundLayer) => Shapes} shapesOf
 * @param {readonly number[]} inputs the batches of the inputs of the model, if they are always the first axes
 * @param {readonly number[]} [result] the shape of what the model returns, if that is computed from its last layer
 * @param {boolean} [isChanged] whether more is computed from what the last layer returns than is known
 * @param {number} [whole] the batch of the model, if its first layers get it with another axis as one
 * @returns {{layers: FoundLayer[], input?: Axes, turned?: Turned, output?: Axes, batch?: number, isBatchFirst?: boolean, isResultTurned?: boolean}} with the axes of the input, unless they are usual,
 * and of what its first layer gets, if these are others, those of the output, if the last layer does not return them, the batch, if it is fixed, whether it is the first axis of the input, if it is not that of layers, and whether
 * that is another axis of what the model returns */
export function withRecordedAxes(layers, shapesOf, inputs = [], result = undefined, isChanged = false, whole = undefined) {
  if (!layers.length) return { layers };
  const recorded = new Recorded(layers, shapesOf, inputs, whole);
  /** @type {Axes | null} */
  let first = null;
  for (const [n, layer] of layers.entries()) {
    const { returned, given = inputBefore(layer, returned) } = shapesOf(layer);
    const isConvolution = layer.kind === "convolution";
    const axes = [recorded.after(layer, given), recorded.after(layer, isConvolution ? returned : undefined)];
    const [one = null, after = null] = isConvolution ? withoutHeight(axes[0] ?? null, axes[1] ?? null) : axes;
    const taken = fitting(layer, one);
    const before = layers[n - 1];
    if (!n) first = taken;
    if (taken && before && isStack(before) && before.onlyLast && taken.length > 1) layer.follows = false; // its vectors are steps now
    const rows = n > 0 ? rowsOf(layer, given, recorded.batch) : undefined;
    const own = recorded.batches.get(layer);
    const isOther = whole !== undefined && own !== undefined && own !== whole;
    const count = rows ?? (isOther ? known(own) : undefined);
    if (count !== before?.rows) layer.follows = false;
    if (before && layer.follows && isTurnedBetween(before, layer)) Object.assign(layer, { follows: false, isTurned: true });
    if (count !== undefined) layer.rows = count;
    if (rows) layer.input = given?.slice(1).map(known);
    if (taken && !layer.follows) layer.input ??= taken;
    if (isConvolution) layer.axes = after;
    if (layer.kind === "other") layer.axes = recorded.after(layer, returned);
    if (layer.kind === "embedding" && given?.length === 1 && given[0] === recorded.batch) layer.config.is_of_one = true;
    if (after && CHANNELS_FIRST.includes(layer.framework)) layer.config.channels_first = true;
  }
  noteStepsOfResult(layers, result, recorded.batch, isChanged);
  const input = layers[0] && firstInput(layers[0], first);
  const turned = layers[0] && turnedInput(layers[0], shapesOf(layers[0]), recorded, first);
  const order = isBatchFirst(layers, shapesOf, recorded, result);
  const batch = recorded.batch !== undefined && known(recorded.batch);
  const last = layers.at(-1);
  const output = last && outputAfter(last, shapesOf(last), recorded.batch, result);
  const place = result?.length === 3 ? placeOfBatch(result, recorded.batch) : undefined;
  const isOutput = output && (output.length > 0 || isChanged);
  const isResultTurned = !isOutput && order !== undefined && place !== undefined && order !== (place === 0);
  return { layers, ...(input ? { input } : {}), ...(turned ? { turned } : {}), ...(isOutput ? { output } : {}), ...(batch ? { batch } : {}), ...(order === undefined ? {} : { isBatchFirst: order }), ...(isResultTurned ? { isResultTurned } : {}) };
}

/** What a dense layer gets, from what it returns. @param {FoundLayer} layer @param {readonly number[] | undefined} returned */
function inputBefore({ kind, config: { features, num_units } }, returned) {
  return kind === "dense" && features && returned && returned.at(-1) === num_units ? [...returned.slice(0, -1), features] : undefined;
}

/** The axes of the first input: its steps are those of the model, if they are not fixed. The usual ones need not be in the text.
 * @param {FoundLayer} first @param {Axes | null} axes @returns {Axes | undefined} */
function firstInput(first, axes) {
  if (first.kind === "convolution" && !first.axes) return undefined;
  const time = first.config.channels_first ? (axes?.length === 2 ? 1 : -1) : axes && (axes.length > 1 || first.kind === "embedding") ? 0 : -1;
  const input = axes?.map((size, n) => (n === time && size === null ? "t" : size));
  const isUsual = input?.[0] === "t" && (first.kind === "embedding" || input.length === 2) && !first.config.channels_first;
  return isUsual || !input?.length || (input.length === 1 && first.kind !== "embedding") ? undefined : input;
}

/** Whether the vectors of one of two layers are along the axis after the batch, as those of a normalization of a batch, and those of the other one, which is
 * recurrent, are along the last axis: then something between them transposes these. @param {FoundLayer} before @param {FoundLayer} after */
function isTurnedBetween(before, after) {
  const [isFirst, isSecond] = [before, after].map(({ kind, config }) => kind === "normalization" && config.channels_first === true);
  return (isFirst && isStack(after)) || (isSecond && isStack(before) && !before.onlyLast);
}

/** The axes of the input of a model whose first layer gets others, of which that is certain. @param {FoundLayer} first @param {Shapes} shapes
 * @param {Recorded} recorded @param {Axes | null} taken the axes after the batch that it gets @returns {Turned | undefined} */
function turnedInput(first, { given = [], source = [], order, inputAxis }, recorded, taken) {
  const own = recorded.batchAxis(first, given);
  const place = (own === undefined ? undefined : order ? order[own] : inputAxis?.(own)) ?? placeOfBatch(source, recorded.batch);
  if (!taken || place === undefined || place < 0 || source.length < 2 || source.length > 1 + MOST_KERAS_AXES) return undefined;
  const axes = source.filter((_, n) => n !== place);
  const moved = order?.filter((axis) => axis !== place).map((axis) => (axis < place ? axis + 1 : axis)) ?? [];
  const isOrder = moved.length === axes.length && axes.every((_, n) => moved.includes(n + 1));
  const isMoved = isOrder && moved.some((axis, n) => axis !== n + 1);
  const isOther = !isOrder && (axes.length !== taken.length || axes.some((size, n) => size > 0 && (taken[n] ?? size) !== size));
  if (!isMoved && !isOther) return undefined;
  const input = axes.map(known);
  const steps = isOrder && isStack(first) ? (moved[0] ?? 1) - 1 : input.indexOf(null);
  return { input: input.map((size, n) => (size === null && n === steps ? "t" : size)), ...(isMoved ? { order: moved } : { axes: taken }) };
}
