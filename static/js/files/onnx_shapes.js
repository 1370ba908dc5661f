/** The shapes of what the layers of an ONNX graph return, which exporters need not write. A size that is not positive is not known. */

/** @param {readonly number[]} sizes */
const product = (sizes) => sizes.reduce((all, size) => all * size, 1);

/** What a convolution or pooling returns: its windows move over all axes after the channels. @param {readonly number[]} given
 * @param {readonly number[]} kernel the sizes of a window @param {number} channels
 * @param {{strides?: readonly number[], pads?: readonly number[], dilations?: readonly number[]}} windows @returns {number[] | undefined} */
export function shapeOfWindows([batch = 0, , ...sizes], kernel, channels, { strides, pads, dilations }) {
  if (!sizes.length || kernel.length !== sizes.length) return undefined;
  const after = sizes.map((size, n) => {
    const reach = (dilations?.[n] ?? 1) * ((kernel[n] ?? 1) - 1) + 1;
    const padded = size + (pads?.[n] ?? 0) + (pads?.[n + sizes.length] ?? 0);
    return size > 0 ? Math.max(0, Math.floor((padded - reach) / (strides?.[n] ?? 1)) + 1) : 0;
  });
  return [batch, channels, ...after];
}

/** What a recurrent layer returns of every step: each direction has an axis of its own. @param {readonly number[]} given @param {number} layout
 * @param {number} directions @param {number} units @returns {number[] | undefined} */
export function shapeOfSteps(given, layout, directions, units) {
  const [one = 0, other = 0] = given;
  if (given.length !== 3) return undefined;
  return layout ? [one, other, directions, units] : [one, directions, other, units];
}

/** A shape after Reshape: 0 keeps a size, and -1 is what is left. @param {readonly number[]} given @param {readonly number[]} target
 * @returns {number[] | undefined} */
export function reshaped(given, target) {
  if (target.some((size, n) => size === 0 && n >= given.length)) return undefined;
  const rest = given.filter((_, n) => target[n] !== 0);
  const left = rest.every((size) => size > 0) ? product(rest) / product(target.filter((size) => size > 0)) : 0;
  return target.map((size, n) => (size === 0 ? given[n] ?? 0 : size > 0 ? size : Number.isInteger(left) ? left : 0));
}
