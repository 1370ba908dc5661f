/**
 * The axes after the batch of what layers of Keras return.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("./keras_config.js").Axes} Axes
 */

import { isObject, sizeOf } from "../containers/json.js";
import { axesOfWindows } from "./keras_windows.js";
import { isRecurrent, outputOf } from "../layer.js";
import { MOST_KERAS_AXES } from "../limits.js";

/** Recurrent layers that convolve, which no picture shows. */
export const CONVOLVING = /^ConvLSTM[123]D$/;

/** The axes of the first of several tensors, with sizes that only others say, which are the same in all. @param {Axes[]} all @returns {Axes} */
export const withKnownSizes = ([first = [], ...others]) => first.map((size, n) => size ?? others.find((one) => one.length === first.length && one[n] !== null && one[n] !== 1)?.[n] ?? null);

/** The axes after the batch of several tensors side by side. @param {Axes[]} given @param {unknown} axis the one along which they are joined
 * @returns {Axes | null} */
function concatenated([first, ...others], axis) {
  const count = first?.length ?? 0;
  const at = typeof axis === "number" && axis > 0 ? axis - 1 : axis === -1 || axis === undefined ? count - 1 : -1;
  if (!first || at < 0 || at >= count || others.some(({ length }) => length !== count)) return null;
  const sizes = [first, ...others].map((axes) => axes[at]);
  const sum = sizes.reduce((/** @type {number | null} */ all, size) => (all !== null && typeof size === "number" ? all + size : null), 0);
  const all = withKnownSizes([first, ...others]);
  return first.map((_, n) => (n === at ? sum : all[n] ?? null));
}

/** The axes after the batch of the product of two tensors. @param {Axes[]} given @param {unknown} axes those that are summed up
 * @returns {Axes | null} */
function multiplied(given, axes) {
  const [one, other] = given.map((sizes, n) => {
    const axis = Array.isArray(axes) ? axes[n] : axes;
    return typeof axis === "number" && axis !== 0 ? sizes.filter((_, at) => at !== (axis < 0 ? sizes.length + axis : axis - 1)) : null;
  });
  return given.length === 2 && one && other ? [...one, ...(other.length || one.length ? other : [1])] : null;
}

/** The axes after the batch of what layers return that get several tensors. @param {string} type @param {any} config @param {Axes[]} given
 * @returns {Axes | null} */
export function mergedAxes(type, config, given) {
  if (type === "Concatenate") return concatenated(given, config.axis);
  if (type === "Dot") return multiplied(given, config.axes);
  const [query = [], value = query] = given; // a layer that gets one tensor twice has one source
  if (type === "MultiHeadAttention") return query.length && !config.output_shape ? query : null;
  return query.length && value.length ? [...query.slice(0, -1), value.at(-1) ?? null] : null;
}

/** The class, the settings and the input of what is called: a TimeDistributed calls another layer with each step. @param {string} type @param {any} config @param {Axes | null} axes
 * @returns {[string, any, Axes | null]} */
export const calledBy = (type, config, axes) => (type === "TimeDistributed" && isObject(config.layer) ? [String(config.layer.class_name), config.layer.config ?? {}, axes && axes.slice(1)] : [type, config, axes]);

/** The axes after the batch of what a layer returns; null if they are not known. @param {FoundLayer} one @param {string} type
 * @param {any} config @param {Axes | null} axes of what it gets @returns {Axes | null} */
export function axesAfter(one, type, config, axes) {
  const { kind } = one;
  const [time = null] = axes ?? [];
  const last = axes?.at(-1) ?? null;
  if (isRecurrent(one) && one.config.merge_mode === "none") return null; // two tensors
  if (isRecurrent(one)) return one.config.return_sequences && !one.onlyLast ? [time, outputOf(one)] : [outputOf(one)];
  if (type === "TimeDistributed" && ["convolution", "pooling", "reshape"].includes(kind)) return axesOfEachStep(one, config, axes);
  if (kind === "convolution" || kind === "pooling") return axesOfWindows(type, config, axes);
  if (kind === "transpose") return axes && axes.length === one.config.order.length ? one.config.order.map((/** @type {number} */ n) => axes[n - 1] ?? null) : null;
  if (kind === "reshape") return reshaped(config.target_shape, axes);
  if (kind === "repeat") return [one.config.num_units, last];
  if (CONVOLVING.test(one.className ?? "")) return (one.axes = axesOfConvolving(type, config, axes));
  if (one.ownCell !== undefined) return (one.axes = one.config.merge_mode === "none" ? null : [...(one.config.return_sequences ? [time] : []), null]);
  if (kind === "other") return one.axes;
  if (!axes) return null;
  if (kind === "embedding") return [...axes, one.config.num_units];
  if (kind === "dense") return [...axes.slice(0, -1), one.config.num_units];
  return kind === "flatten" ? [product(axes)] : axes;
}

/** The axes after a layer that is called with each step. @param {FoundLayer} one @param {any} config @param {Axes | null} axes @returns {Axes | null} */
function axesOfEachStep(one, config, axes) {
  const [type, inner, given] = calledBy("TimeDistributed", config, axes);
  const after = type === "Flatten" ? given && [product(given)] : axesAfter(one, type, inner, given);
  return after && [axes?.[0] ?? null, ...after];
}

/** The product of sizes; null if one is not known. @param {Axes} axes */
const product = (axes) => axes.reduce((/** @type {number | null} */ all, size) => (all !== null && typeof size === "number" ? all * size : null), 1);

/** The axes after a recurrent layer that convolves each step. @param {string} type @param {any} config @param {Axes | null} axes @returns {Axes | null} */
function axesOfConvolving(type, config, axes) {
  if (type === "Bidirectional") return ofBothDirections(config.merge_mode, axesOfConvolving(config.layer.class_name, config.layer.config, axes));
  const step = axesOfWindows(type, config, axes && axes.slice(1));
  const all = step && [...(config.return_sequences ? [axes?.[0] ?? null] : []), ...step];
  return all && all.length <= MOST_KERAS_AXES ? all : null;
}

/** The axes of what two directions return that are merged. @param {string | null} mode @param {Axes | null} axes of each @returns {Axes | null} */
function ofBothDirections(mode, axes) {
  const last = axes?.at(-1);
  if (!axes || mode === null) return null;
  return (mode ?? "concat") === "concat" ? [...axes.slice(0, -1), typeof last === "number" ? sizeOf(2 * last) : null] : axes;
}

/** @param {unknown} target the sizes, of which -1 is what is left @param {Axes | null} axes @returns {Axes | null} */
function reshaped(target, axes) {
  if (!Array.isArray(target) || !target.length || target.length > MOST_KERAS_AXES) return null;
  const known = target.filter((size) => size !== -1).map(sizeOf);
  const [all, rest] = [axes && product(axes), product(known)];
  return target.map((size) => (size === -1 ? (all && rest ? sizeOf(all / rest) : null) : sizeOf(size)));
}
