/**
 * The numbers of trainable parameters of Keras’s layers that depend on more than the sizes in the text of a model. Source: the methods
 * build in keras/src/layers of Keras 3.
 *
 * @typedef {(number | string | null)[]} Axes
 */

import { sizeOf } from "../containers/json.js";

/** @param {(number | null)[]} sizes @returns {number | null} null if one is not known, or for numbers that no file has */
const product = (sizes) => sizes.reduce((all, size) => (all === null || size === null ? null : Number.isSafeInteger(all * size) ? all * size : null), /** @type {number | null} */ (1));

/** A kernel for each of the channels, and a bias. @param {any} config @param {Axes} axes @returns {number | null} */
function ofConvolution(config, axes) {
  const [units, channels, groups] = [config.filters, axes.at(config.data_format === "channels_first" ? 0 : -1), config.groups ?? 1].map(sizeOf);
  if (!units || !channels || !groups) return null;
  const kernel = [config.kernel_size].flat().map(sizeOf);
  const weights = product([...kernel, channels, units]);
  return weights && weights / groups + (config.use_bias === false ? 0 : units);
}

/** A kernel for each of the channels alone, and, if these are mixed then, a number for each pair of a channel and one that is returned; and a bias.
 * @param {any} config @param {Axes} axes @returns {number | null} */
function ofChannelsAlone(config, axes) {
  const channels = sizeOf(axes.at(config.data_format === "channels_first" ? 0 : -1));
  const alone = channels && channels * (config.depth_multiplier ?? 1);
  const returned = config.filters === undefined ? alone : sizeOf(config.filters);
  const weights = product([...[config.kernel_size].flat().map(sizeOf), alone]);
  if (!weights || !alone || !returned) return null;
  return weights + (config.filters === undefined ? 0 : alone * returned) + (config.use_bias === false ? 0 : returned);
}

/** A factor and a term for each place along some axes. @param {any} config @param {Axes} axes @returns {number | null} */
function ofNormalization(config, axes) {
  const count = placesOf(config, axes);
  return count && !config.rms_scaling ? ((config.center ?? true ? 1 : 0) + (config.scale ?? true ? 1 : 0)) * count : null;
}

/** A factor for each place, or one along the axes that share it. @param {any} config @param {Axes} axes @returns {number | null} */
function ofPrelu(config, axes) {
  const shared = [config.shared_axes ?? []].flat();
  return product(axes.map((size, n) => (shared.includes(n + 1) ? 1 : sizeOf(size))));
}

/** By class. @type {Map<string, (config: any, axes: Axes) => number | null>} */
const COUNTS = new Map([
  ...["Conv1D", "Conv2D", "Conv3D"].flatMap((name) => [name, `${name}Transpose`].map((each) => /** @type {[string, typeof ofConvolution]} */ ([each, ofConvolution]))),
  ...["Depthwise", "Separable"].flatMap((name) => [1, 2].map((count) => /** @type {[string, typeof ofConvolution]} */ ([`${name}Conv${count}D`, ofChannelsAlone]))),
  ["BatchNormalization", ofNormalization],
  ["LayerNormalization", ofNormalization],
  ["GroupNormalization", ofNormalization],
  ["RMSNormalization", (config, axes) => placesOf(config, axes)],
  ["UnitNormalization", () => 0],
  ["PReLU", ofPrelu],
  ["Attention", (config) => (config.use_scale ? 1 : 0) + (config.score_mode === "concat" ? 1 : 0)],
  ["AdditiveAttention", (config, axes) => (config.use_scale ?? true ? sizeOf(axes.at(-1)) : 0)],
]);

/** How many places a normalization has its parameters for. @param {any} config @param {Axes} axes */
const placesOf = (config, axes) => product([config.axis ?? -1].flat().map((/** @type {number} */ n) => sizeOf(axes[n < 0 ? n + axes.length : n - 1])));

/** How many means and variances a batch normalization has, which are no parameters. @param {string} type @param {any} config @param {Axes | null} axes */
export const statisticsCount = (type, config, axes) => (type === "BatchNormalization" && axes ? 2 * (placesOf(config, axes) ?? 0) : 0);

/** @param {string} type of a layer @param {any} config @param {Axes | null} axes of its input after the batch @returns {number | null} null if
 * the number is not known, or follows from the sizes */
export const parameterCount = (type, config, axes) => (axes && COUNTS.get(type)?.(config, axes)) ?? null;
