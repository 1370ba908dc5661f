/** The axes after the convolutions and poolings of Keras.
 *
 * @typedef {(number | string | null)[]} Axes
 */

import { sizeOf } from "../containers/json.js";

/** Whether a class is that of a convolution. @param {string} type */
export const isConvolution = (type) => /^(?:Depthwise|Separable)?Conv[123]D(?:Transpose)?$/.test(type);

/** Whether the channels of a convolution or pooling come before its other axes. @param {any} config */
export const hasChannelsFirst = (config) => config.data_format === "channels_first";

/** How many channels a convolution returns; one for each channel returns some for each. @param {string} type @param {any} config @param {unknown} given how many it gets */
export const channelsAfter = (type, config, given) => (type.startsWith("Depthwise") ? sizeOf((sizeOf(given) ?? 0) * (config.depth_multiplier ?? 1)) : sizeOf(config.filters));

/** The axes after a convolution or pooling, of which the channels are the first or the last. @param {string} type @param {any} config @param {Axes | null} axes
 * @returns {Axes | null} */
export function axesOfWindows(type, config, axes) {
  const count = Number(/\d(?=D(?:Transpose)?$)/.exec(type)?.[0]);
  const isFirst = hasChannelsFirst(config);
  if (axes && axes.length !== count + 1) return null;
  const given = axes ?? Array(count + 1).fill(null);
  const [places, channels] = isFirst ? [given.slice(1), given[0]] : [given.slice(0, -1), given.at(-1)];
  const isPooling = /Pooling/.test(type);
  const isGlobal = type.startsWith("Global");
  const at = (/** @type {any} */ value, /** @type {number} */ n) => (Array.isArray(value) ? value[n] : value);
  const [kernel, strides] = [config.pool_size ?? config.kernel_size, config.strides ?? (isPooling ? config.pool_size : 1)];
  const after = type.endsWith("Transpose") ? stepsBetween : stepsAfter;
  const isPadded = (config.output_padding ?? null) !== null;
  const sizes = places.map((size, n) => (isGlobal ? 1 : isPadded ? null : after(config.padding, size, at(kernel, n), at(strides, n), isPooling ? 1 : at(config.dilation_rate ?? 1, n))));
  const kept = isGlobal && !config.keepdims ? [] : sizes;
  const length = isPooling ? channels ?? null : channelsAfter(type, config, channels);
  return isFirst ? [length, ...kept] : [...kept, length];
}

/** The size of an axis after windows went along it. @param {unknown} padding @param {Axes[number]} time @param {...any} window its width, its steps, and
 * the steps between what it sees */
function stepsAfter(padding, time, ...window) {
  const [width, stride = 1, gap] = window.map((value) => sizeOf(value) ?? undefined);
  const isPadded = padding === "same" || padding === "causal";
  if (isPadded && stride === 1) return time;
  if (typeof time !== "number" || !width || !gap) return null;
  return sizeOf(isPadded ? Math.ceil(time / stride) : Math.floor((time - gap * (width - 1) - 1) / stride) + 1);
}

/** The size of an axis after a transposed convolution, which puts steps between those that it gets. Source: keras/src/backend/common/backend_utils.py.
 * @param {unknown} padding @param {Axes[number]} time @param {...any} window its width, its steps, and the steps between what it sees */
function stepsBetween(padding, time, ...window) {
  const [width, stride = 1, gap] = window.map((value) => sizeOf(value) ?? undefined);
  if (padding === "same" && stride === 1) return time;
  if (typeof time !== "number" || !width || !gap) return null;
  return sizeOf(time * stride + (padding === "same" ? 0 : Math.max(gap * (width - 1) + 1 - stride, 0)));
}
