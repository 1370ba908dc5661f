/**
 * The text of a model, as in links: embedding(10000,128).lstm(64,bi,seq).dense(10). It has kinds and sizes, and none of the names of
 * a file. app/core/model/text.py describes it.
 */

import { hasNoPicture, inputOf, isConvolving, isRecurrent, isStack, layer, outputOf, WITH_BATCH_FIRST } from "./layer.js";
import { LARGEST_SIZE, MOST_KERAS_AXES, MOST_SOURCES_OF_A_VALUE } from "./limits.js";

/** @typedef {import("./layer.js").FoundLayer} FoundLayer */

/** What the text of a model is made of. @typedef {{layers: FoundLayer[], input?: (number | string | null)[], output?: (number | string | null)[], isComplete?: boolean,
 *   isOrdered?: boolean, outputs?: import("./layer.js").NamedAxes[], isBatchFirst?: boolean, batch?: number}} TextParts */

/** A layer of which nothing is known. */
const UNKNOWN = "other";

/** Each step alone, for layers that run once for each. */
export const STEP = "step";

/** What is not computed from the layer before. */
const ELSEWHERE = "elsewhere";

/** What a layer has in its text that reads something beside what the layer before it returns. */
const OTHERS = "others";

/** What an embedding has in its text that gets one id for each sample. */
const ONE = "one";

/** What a model returns beside the output of its last layer. */
const OUTPUT = "output";

/** The first word of a model whose file does not say how its layers are connected. */
export const UNORDERED = "unordered";

/** A recurrent layer that convolves each step. */
export const CONVOLVING = "conv_lstm";

/** Kinds that get several tensors. */
const MERGING = ["concatenate", "add", "subtract", "multiply", "average", "maximum", "minimum", "dot", "attention"];

/** Kinds whose text has the axes of their output. */
const WITH_AXES = ["convolution", CONVOLVING, "pooling", "reshape", ...MERGING, UNKNOWN, ELSEWHERE];

/** Kinds that can get what comes, whatever that is: an unknown layer, and those that get several tensors, of which one comes. */
const TAKING_ALL = [...MERGING, UNKNOWN];

/** Kinds without sizes. */
const SAME = ["dropout", "activation", "prelu", "normalization", "masking", "flatten", "swap", STEP];

/** Other axes: their order, counted from 1. */
const TRANSPOSE = "transpose";

/** How the outputs of two directions are combined, if not concatenated. */
export const MERGES = ["sum", "mul", "ave"];

/** The frameworks whose GRU has no reset after the product unless a setting says so. */
const RESETS_BEFORE = ["onnx"];

/** @param {unknown} size */
const written = (size) => (size === "t" || (Number.isSafeInteger(size) && Number(size) > 0 && Number(size) <= LARGEST_SIZE) ? String(size) : "?");

/** The text of a layer. @param {FoundLayer} one @param {boolean} [isSaid] whether the text before it says how long its input is
 * @param {boolean} [hasOthers] whether it reads something beside what the layer before it returns */
export function layerText(one, isSaid = false, hasOthers = false) {
  const { kind, config, axes } = one;
  const count = Number.isSafeInteger(config.parameters) && config.parameters <= LARGEST_SIZE ? [`params=${config.parameters}`] : [];
  const convolves = isConvolving(one);
  const own = !convolves && (one.ownCell !== undefined || hasNoPicture(config)) ? ["own"] : [];
  const others = hasOthers ? [OTHERS] : [];
  if (config.merge_mode === "none") return withWords(convolves ? CONVOLVING : UNKNOWN, [...(convolves ? ["bi"] : one.ownCell === undefined ? [] : own), ...others, ...count]); // two tensors
  const words = [...(kind === UNKNOWN ? own : []), ...(convolves && config.bidirectional ? ["bi"] : []), ...(axes && config.channels_first ? ["channels"] : []), ...others, ...count];
  const sizes = SAME.includes(kind) ? [...others, ...count] : [...(axes ?? []).map(written), ...words];
  if (SAME.includes(kind) || WITH_AXES.includes(kind)) return withWords(convolves ? CONVOLVING : kind, sizes);
  const features = isSaid ? [] : [config.features].filter(Boolean).map(written);
  const units = [written(config.num_units)];
  if (kind === TRANSPOSE) return withWords(kind, [...(config.order ?? []).map(written), ...others]);
  if (kind === "repeat") return `repeat(${[...units, ...others]})`;
  if (kind === "embedding") return `embedding(${[written(config.features), ...units, ...others, ...(config.parameters === 0 ? count : [])]})`;
  const bias = config.bias === null || (config.bias === false && one.mayHaveZeros) ? ["maybebias"] : config.bias === false ? ["nobias"] : [];
  const operation = one.operation === "Gemm" || (one.operation && !bias.length) ? [one.operation.toLowerCase()] : []; // without a bias it is MatMul alone
  if (!isStack(one)) return `${kind}(${[...features, ...units, ...bias, ...(isRecurrent(one) ? own : []), ...others, ...operation, ...count]})`;
  const switches = [
    ...(config.bidirectional ? ["bi"] : []),
    ...(config.bidirectional && MERGES.includes(config.merge_mode) ? [config.merge_mode] : []),
    ...(config.return_sequences === false || one.onlyLast ? [] : ["seq"]),
    ...(one.directionsApart && !one.onlyLast ? ["apart"] : []),
    ...(one.joinsEnds && one.onlyLast && !one.statesOnly ? ["ends"] : []),
    ...(one.statesOnly && one.onlyLast ? ["states"] : []),
    ...(config.go_backwards ? ["back"] : []),
    ...(config.reset_after === false ? ["before"] : config.reset_after && RESETS_BEFORE.includes(one.framework) ? ["after"] : []),
    ...bias,
    ...(config.peepholes ? ["peepholes"] : []),
    ...own,
    ...others,
    ...(config.num_layers === 1 ? [] : [`layers=${written(config.num_layers)}`]),
    ...(config.num_proj ? [`proj=${written(config.num_proj)}`] : []),
    ...count,
  ];
  return `${kind}(${[...features, ...units, ...switches]})`;
}

/** The texts of layers that do not say how long their output is: those with axes, and others whose last size is not known. */
const OPEN_ENDED = new RegExp(String.raw`^(?:${WITH_AXES.join("|")})(?:\((?:[\d?t,]+,)?(?:\?|[\d?t]+,channels)(?:,own)?(?:,others)?(?:,params=\d+)?\)|\((?:(?:own|bi),?)?(?:others,?)?(?:params=\d+)?\))?$|^${TRANSPOSE}|^\w+\((?:[\d?t]+,)*\?(?=\)|,[a-z])`);

/** Kinds that return vectors as long as those that they get, and say no length. */
const KEEPING = [...SAME, "repeat"];

/** Whether a text is of a layer of which nothing is known but how many parameters it has. @param {string} text */
const isUnknown = (text) => /^other(?:\(params=\d+\))?$/.test(text);

/** Whether a text is of a layer that says no length. @param {string} text */
const isKeeping = (text) => KEEPING.includes(/^\w*/.exec(text)?.[0] ?? "");

/** The text of a layer of which nothing but the axes is known, with as many parameters as another one has. @param {string} text @param {string} other */
function withParameters(text, other) {
  const [count] = /params=\d+/.exec(other) ?? [];
  return !count ? text : text.endsWith(")") ? text.replace(/\)$/, `,${count})`) : `${text}(${count})`;
}

/** Whether a text has no axes, although its kind could have some. @param {string} text */
const isOnlyKind = (text) => WITH_AXES.includes(text.replace(/\(params=\d+\)$/, ""));

/** Whether a layer certainly gets nothing that is computed from another one, the layer before it. @param {FoundLayer} one @param {FoundLayer} before */
const isElsewhere = (one, { name }) => {
  const { reads = [], getsStates } = one;
  const areKnown = reads.length > 0 && reads.length < MOST_SOURCES_OF_A_VALUE;
  return one.name !== name && (getsStates === true || (areKnown && !reads.some((read) => name === read || name.startsWith(`${read}/`))));
};

/** Whether an attention takes vectors of another length than the layer before it returns. @param {FoundLayer} one @param {FoundLayer | undefined} before */
function isMisfit(one, before) {
  const [length, given] = [one.kind === "attention" ? inputOf(one) : null, before ? outputOf(before) : null];
  return length !== null && given !== null && length !== given;
}

/** Whether a convolution certainly takes others than the channels that one before it returns: in groups it takes a part of them. @param {FoundLayer} one
 * @param {FoundLayer | undefined} before */
const isOtherPicture = (one, before) => Boolean(one.config.channels_in && before?.config.channels_in && before.config.channels % one.config.channels_in);

/** Whether a layer reads something beside what the layer before it returns, although its kind does not say so. @param {FoundLayer} one @param {FoundLayer | undefined} before */
const readsOthers = (one, before) => before !== undefined && !MERGING.includes(one.kind) && (one.reads ?? []).length > 1 && !isElsewhere(one, before);

/** The text of what a model returns beside the output of its last layer: its axes after the batch, if it is clear which one that is.
 * @param {import("./layer.js").NamedAxes} output @param {boolean} isBatchFirst @param {number} [batch] if it is fixed */
function outputText([, axes, state], isBatchFirst, batch) {
  const sizes = axes.slice(1).map(written);
  const isFirst = axes[0] === (batch ?? null) && (axes.length === 2 || (isBatchFirst && !state)); // the layers come first in states
  const areKnown = isFirst && sizes.length > 0 && sizes.length <= MOST_KERAS_AXES && !sizes.includes("?");
  return areKnown ? `${OUTPUT}(${sizes})` : OUTPUT;
}

/** What is before a layer, which says what it gets: unknown, or not from the layer before. @param {FoundLayer} one @param {FoundLayer} before
 * @returns {FoundLayer} */
const gapBefore = (one, before) =>
  one.isTurned ? layer(one.name, TRANSPOSE, one.framework, { order: [2, 1] }) : layer(one.name, isElsewhere(one, before) ? ELSEWHERE : UNKNOWN, one.framework, { channels_first: one.config.channels_first }, one.input?.length ? one.input : null);

/**
 * The text of layers, at most `longest` characters, with the part of each layer in it: where it is, counted from 0, or -1 if the text
 * is too long for it. Between layers of which the second gets something else there is a layer of which nothing is known.
 *
 * @param {TextParts} model
 * @param {number} longest
 * @returns {{text: string, parts: number[]}}
 */
export function chainText(model, longest) {
  const { layers } = model;
  const all = textOf(model, longest);
  const isCut = all.parts.includes(-1) && layers.some(({ config }) => config.parameters !== undefined);
  const without = layers.map((one) => ({ ...one, config: { ...one.config, parameters: undefined } }));
  return isCut ? textOf({ ...model, layers: without, isComplete: false }, longest) : all; // numbers of parameters are the first to go
}

/** Whether an embedding gets one id for each sample, which its text does not say if it is the first layer, before a cell: then it is clear.
 * @param {FoundLayer} one @param {FoundLayer | undefined} next @param {boolean} isFirst */
const isOfOne = (one, next, isFirst) => one.config.is_of_one === true && !(isFirst && next?.follows && isRecurrent(next) && !isStack(next));

/** How often a layer is called, if that is more than once or not known, and its rows, if these are not the samples. @param {FoundLayer} one */
function callsIn({ runs = 1, places = 1, isChosen, isLooped, runsOfSteps, rows }) {
  const times = runs * (isChosen ? 1 : places);
  const often = times > 1 ? [`runs=${written(times)}`] : isLooped ? [runsOfSteps ? "runs=t" : "runs=?"] : [];
  return [...often, ...(rows === undefined ? [] : [`batch=${written(rows)}`])];
}

/** The text of a layer with more in its brackets. @param {string} text @param {string[]} words */
const withWords = (text, words) => (!words.length ? text : text.endsWith(")") ? text.replace(/\)$/, `,${words})`) : `${text}(${words})`);

/** @param {TextParts} model @param {number} longest */
function textOf({ layers, input, output, isComplete, isOrdered, outputs = [], isBatchFirst, batch }, longest) {
  const texts = input ? [`input(${input.map(written).join()})`] : [];
  /** @type {Map<number, string[]>} how layers are called, by the places of their texts */
  const runs = new Map();
  /** @type {number[]} */
  const parts = [];
  let length = texts.join("").length + UNKNOWN.length + 1;
  let count = 0;
  let last = texts.at(-1) ?? ""; // of the last layer that says a length
  for (const [n, one] of layers.entries()) {
    const before = texts.at(-1) ?? "";
    // a layer of which nothing is known claims nothing, and neither does one of which only the kind is known after another one
    const isOpen = !last || OPEN_ENDED.test(last);
    const isNormAgain = one.kind === "normalization" && layers[n - 1]?.kind === one.kind; // there is another layer between them
    const isGuess = !isOrdered && !isNormAgain && isOnlyKind(last) && [...WITH_AXES, ...SAME].includes(one.kind);
    const isUnclear = isUnknown(before) || (TAKING_ALL.includes(one.kind) && !isMisfit(one, layers[n - 1])) || (isGuess && !isOtherPicture(one, layers[n - 1]));
    const isOther = n > 0 && isElsewhere(one, layers[n - 1] ?? one);
    const isGap = n > 0 && !one.follows && (!isUnclear || isOther);
    const isOfStep = isGap && one.isOfStep === true;
    const isOfOther = isOfStep && isOther; // each step of another value
    const hasOthers = readsOthers(one, layers[n - 1]);
    const joins = hasOthers && !isOfStep && (isGap || isUnknown(before)); // what is before it puts them together
    const gap = isOfStep && !isOther ? STEP : layerText(gapBefore(one, (isGap && layers[n - 1]) || one), false, joins); // an unknown layer stays one
    if (n && isUnknown(before) && !isGap) {
      const said = withParameters(gap, before); // the layer says what it gets
      texts[texts.length - 1] = last = said;
      length += said.length - before.length;
    }
    const isInGap = (isGap || isUnknown(before)) && gap !== UNKNOWN && gap !== ELSEWHERE && one.input?.at(-1) === one.config.features;
    const isSaid = n > 0 && !one.config.misfitting && (((one.follows || (isOfStep && !isOther)) && !isOpen) || isInGap);
    const own = [...(isGap ? [gap] : []), ...(isOfOther ? [STEP] : []), withWords(layerText(one, isSaid, hasOthers && !joins), isOfOne(one, layers[n + 1], !n && !input) && !isOfStep ? [ONE] : [])];
    const more = callsIn(one);
    length += withWords(own.join("."), more).length + 1;
    if (length > longest) {
      if (texts.at(-1) !== UNKNOWN) texts.push(UNKNOWN);
      break;
    }
    texts.push(...own);
    runs.set(texts.length - 1, more);
    last = own.filter((text) => !isKeeping(text)).at(-1) ?? last;
    count += own.length;
    parts.push(count - 1);
  }
  const end = output ? layerText(layer("", UNKNOWN, "", {}, output)) : "";
  if (end && !(end === UNKNOWN && isUnknown(texts.at(-1) ?? "")) && parts.length === layers.length && length + end.length + 1 <= longest) texts.push(end);
  const isFirst = isBatchFirst ?? layers.some((one) => WITH_BATCH_FIRST.includes(one.framework) || one.config.batch_first === true);
  const ends = outputs.map((one) => outputText(one, isFirst, batch));
  if (parts.length === layers.length && [...texts, ...ends].join(".").length <= longest) texts.push(...ends);
  const isNone = (/** @type {string} */ text) => isComplete && /^other(?!.*params=)/.test(text);
  const all = (/** @type {boolean} */ isCounted) => texts.map((text, n) => withWords(text, [...(isCounted && isNone(text) ? ["params=0"] : []), ...(runs.get(n) ?? [])])).join(".");
  const counted = all(true);
  const isWhole = parts.length === layers.length && counted.length <= longest;
  return { text: isWhole ? counted : all(false), parts: layers.map((_, n) => parts[n] ?? -1) };
}
