/** Which layer's output a layer of a graph gets: values are followed back through operations that change nothing but axes; and from which layers
 * and inputs it is computed, through all operations. */

import { inputOf, isRecurrent, isStack, layer, outputOf, useAgain, WITH_BATCH_FIRST } from "../layer.js";
import { MOST_SOURCES_OF_A_VALUE, MOST_USES_OF_A_LAYER } from "../limits.js";
import { joinedBatch, known, placeOfBatch, withRecordedAxes } from "./recorded_axes.js";

/** @typedef {import("../layer.js").FoundLayer} FoundLayer */

/** Where a value comes from: a layer, of which it may be only the last step, or one of all, and which one, if that is known; the last state is the last step. @typedef {{layer: FoundLayer, isLast: boolean, isStep?: boolean, step?: number}} Origin */

/** The states of the layers of a kind, if these are not h alone. */
const LETTERS = new Map([["lstm", ["h", "c"]]]);

/** The frameworks whose states have an axis for layers and directions: in others, those of one layer are its last output. */
const WITH_STACKED_STATES = ["pytorch", "onnx"];

/** The letter of one of the states that a layer returns. @param {FoundLayer} one @param {number} n */
function letterOf({ kind }, n) {
  const letters = LETTERS.get(kind) ?? ["h"];
  return letters[n % letters.length];
}

/** Whether an axis of what a layer returns is the same one of what it gets: vectors are along the last axis, but in pictures, whose batch is the first one.
 * @param {FoundLayer} one @param {number} axis */
const keepsFirstAxes = ({ kind, rows, runs }, axis) => rows === undefined && !runs && (axis === 0 ? [...KEEPING_AXES, "convolution"] : axis === 1 ? KEEPING_AXES : []).includes(kind);

/** Kinds of layers that change only vectors. */
const KEEPING_AXES = ["embedding", "dense", "normalization"];

/** The shape of a value, if the file says it. @typedef {(value: string) => readonly number[] | undefined} ShapeOf */

export class Flow {
  constructor() {
    /** @type {Map<string, Origin>} */
    this.origins = new Map();
    /** @type {[FoundLayer, Origin | undefined][]} */
    this.steps = [];
    /** @type {Map<FoundLayer, [string, string]>} what layers get and return */
    this.values = new Map();
    /** @type {Map<string, FoundLayer>} the last states of stacked layers */
    this.states = new Map();
    /** @type {Map<string, string[]>} the names of the layers and inputs from which a value is computed */
    this.sources = new Map();
    /** @type {Map<string, string[]>} the names of the inputs of the model from which a value is computed, through all layers */
    this.roots = new Map();
    /** @type {Map<FoundLayer, string[]>} the values that layers get, in each place where they are used */
    this.given = new Map();
    /** @type {Map<string, string>} the inputs of the model, by name */
    this.inputs = new Map();
    /** @type {Map<FoundLayer, [string[], string[]]>} the same for what layers get: their inputs and their initial states */
    this.reads = new Map();
    /** @type {Map<FoundLayer, Set<string>>} what layers read that run again, in later runs than the first one */
    this.later = new Map();
    /** @type {Map<FoundLayer, (Origin | undefined)[]>} from where that comes which layers get in each of their runs */
    this.runs = new Map();
    /** @type {Map<FoundLayer, readonly string[]>} what layers return after each step, if these are values of their own */
    this.ownSteps = new Map();
    /** @type {Set<string> | undefined} what layers get and the model returns, and all from which these are computed, once every operation is known */
    this.needed = undefined;
    /** @type {Map<string, number>} the axis of which values are a part at one place */
    this.partAxes = new Map();
    /** @type {Map<string, number>} values that are others reversed along an axis */
    this.flipped = new Map();
    /** @type {Set<string>} the inputs of the model, and values with their axes */
    this.withAxesOfInput = new Set();
    /** @type {Map<string, {of: string, order: readonly number[]}>} values that are others with their axes in another order: which axis of those each one is */
    this.turned = new Map();
    /** @type {Map<string, {of: string, axes: readonly number[]}>} values of which some axes are those of others: which one of these each is, -1 for none */
    this.keptAxes = new Map();
    /** @type {Set<string>} values in which an operation has put the axes in another order */
    this.reordered = new Set();
    /** @type {Set<string>} those of them that the chain shows by name, once the layers are known: as what the first layer or one after another gets */
    this.shownOrders = new Set();
    /** @type {Map<string, readonly string[]>} sums and products of values for each number, which have the axes of all of these if they have as many */
    this.alike = new Map();
    /** @type {Set<string>} values whose axes are not those of the layer from which they come */
    this.moved = new Set();
    /** @type {Set<string>} values of which one axis is the batch and another one together, or what is computed from these */
    this.joined = new Set();
    /** @type {Set<string>} values from which something is computed */
    this.used = new Set();
    /** @type {Map<string, readonly string[]>} from which values others are computed */
    this.makers = new Map();
    /** @type {Set<string>} values that layers get */
    this.taken = new Set();
    /** @type {Set<FoundLayer>} layers of which only the states go on, and none of their steps */
    this.withStatesOnly = new Set();
    /** @type {Map<string, string[]>} the names of the layers from whose last states c a value is computed */
    this.cells = new Map();
    /** @type {Set<string>} every step of layers, with an axis of directions */
    this.withDirections = new Set();
    /** @type {Set<string>} last states of layers, with an axis of layers and directions */
    this.wholeStates = new Set();
    /** @type {Set<FoundLayer>} layers whose last states have no such axis: those that were found by their operations */
    this.withPlainStates = new Set();
    /** @type {Map<string, FoundLayer>} the last states of layers, with an axis of layers and directions if their framework has it */
    this.lastStates = new Map();
    /** @type {Map<FoundLayer, Set<number>>} which of these something takes, by their places along that axis */
    this.statesTaken = new Map();
    /** Whether these are all such values. */
    this.hasAllUses = false;
    /** @type {Map<string, string[]>} the names of the layers from whose steps a value is computed, and not from their states alone */
    this.steppers = new Map();
    /** @type {Map<FoundLayer, Set<string>>} what is computed from more than the last step of layers; "" is a layer, or something that is not known */
    this.ofAllSteps = new Map();
    /** @type {readonly string[]} what the model returns */
    this.results = [];
    /** @type {Map<FoundLayer, [string[], string[]]>} what layers return in each of their places: outputs, and states */
    this.returned = new Map();
    /** Whether all operations are known: what comes from no input is constant. */
    this.isWhole = false;
  }

  /** An input of the model. @param {string} value @param {string} [name] if it is not its own */
  get(value, name = value) {
    this.inputs.set(name, value);
    this.withAxesOfInput.add(value);
    this.roots.set(value, [name]);
    this.begin([value], name);
  }

  /** Values that come from a layer. @param {Iterable<string>} values @param {string} name */
  begin(values, name) {
    for (const value of values) if (value) this.sources.set(value, [name]);
  }

  /** From which layers and inputs values are computed, or from which inputs of the model. @param {readonly string[]} values @param {Map<string, string[]>} [known]
   * @returns {string[]} */
  sourcesOf(values, known = this.sources) {
    if (values.length === 1) return known.get(values[0] ?? "") ?? [];
    return [...new Set(values.flatMap((value) => known.get(value) ?? []))].slice(0, MOST_SOURCES_OF_A_VALUE);
  }

  /** A value reversed along some axes. @param {string} input @param {string} output @param {readonly (number | undefined)[]} axes */
  flip(input, output, [axis, ...others]) {
    if (axis === undefined || axis < 0 || others.length || this.flipped.has(input)) return;
    this.flipped.set(output, axis);
  }

  /** A value with its axes in another order, also of one that is such a value. @param {string} input @param {string} output @param {readonly number[]} [order] */
  turn(input, output, order) {
    if (order) this.reordered.add(output);
    const before = this.turned.get(input);
    const own = order ?? before?.order.map((_, axis) => axis) ?? [];
    this.turned.set(output, before ? { of: before.of, order: own.map((axis) => before.order[axis] ?? -1) } : { of: input, order: own });
  }

  /** Note that the chain shows the order of the axes in which a layer gets a value: all operations that have made it. @param {FoundLayer} one */
  showOrder(one) {
    let [value = ""] = this.values.get(one) ?? [];
    const { of } = this.turned.get(value) ?? {};
    for (const seen = new Set(); of !== undefined && value !== of && !seen.has(value); [value = ""] = this.makers.get(value) ?? []) {
      seen.add(value);
      if (this.reordered.has(value)) this.shownOrders.add(value);
    }
  }

  /** Which axis of the input of the model one of a value is, if all operations on the way keep it, also through layers that keep the first two: undefined if
   * that is not known. @param {string} value @param {number} axis @returns {number | undefined} */
  axisOfInput(value, axis) {
    /** @type {Set<number | undefined>} */
    const found = new Set();
    /** @type {Map<string, [string, number]>} each of them once: a value can come on many ways */
    const places = new Map([[`${axis} ${value}`, [value, axis]]]);
    for (const [own, at] of places.values()) {
      const before = this.placesBefore(own, at);
      if (Array.isArray(before)) for (const place of before) places.set(`${place[1]} ${place[0]}`, place);
      else found.add(before);
    }
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** Where an axis of a value is in those from which it is computed; or in the input of the model, if the value is that; undefined if it is not known.
   * @param {string} value @param {number} axis @returns {[string, number][] | number | undefined} */
  placesBefore(value, axis) {
    const { of, order } = this.turned.get(value) ?? {};
    const [own = value, place = axis] = of === undefined || !order ? [] : [of, order[axis] ?? -1];
    if (place < 0) return undefined;
    if (this.withAxesOfInput.has(own)) return place;
    const alike = this.alike.get(own);
    if (alike) return alike.map((one) => [one, place]);
    const kept = this.keptAxes.get(own);
    if (kept) return [[kept.of, kept.axes[place] ?? -1]];
    const { layer: before, isLast, isStep } = this.origins.get(own) ?? {};
    if (!before || isLast || isStep || this.moved.has(own) || !keepsFirstAxes(before, place)) return undefined;
    return [[this.values.get(before)?.[0] ?? "", place]];
  }

  /** Forget that what a layer gets is reversed, unless it is in another place, too. @param {FoundLayer} layer @param {string} input of that place */
  sameWay(layer, input) {
    if (this.flipped.get(input) !== layer.flipped) delete layer.flipped;
  }

  /** An operation that joins the batch with another axis, or makes it an axis of its own again. @param {string} output @param {boolean} isJoined */
  joinAxes(output, isJoined) {
    if (isJoined) this.joined.add(output);
    else this.joined.delete(output);
  }

  /** Note which layers get the batch as one axis with another one, so that it is not known how many samples that are. @param {FoundLayer[]} layers */
  markJoined(layers) {
    for (const one of layers) if (one.rows === undefined && this.joined.has(this.values.get(one)?.[0] ?? "")) one.rows = null;
  }

  /** Any operation. @param {readonly string[]} inputs @param {readonly string[]} outputs */
  compute(inputs, outputs) {
    for (const value of inputs) this.take(value, outputs);
    this.derive(inputs, outputs);
  }

  /** Note that all of a value is used: of a layer that may be every step. @param {string} value @param {readonly string[]} [outputs] what is computed from it */
  take(value, outputs = [""]) {
    const { layer, isLast } = this.origins.get(value) ?? {};
    if (!layer || isLast) return;
    const all = this.ofAllSteps.get(layer) ?? new Set();
    this.ofAllSteps.set(layer, all);
    for (const output of outputs) all.add(output);
  }

  /** Whether something gets more than the last step of a layer, and is used itself. @param {FoundLayer} one */
  givesSteps(one) {
    return [...(this.ofAllSteps.get(one) ?? [])].some((value) => value === "" || this.isUsed(value)) || this.results.some((value) => this.isSequence(value, one));
  }

  /** @param {readonly string[]} inputs @param {readonly string[]} outputs */
  derive(inputs, outputs) {
    for (const value of inputs) this.used.add(value);
    if (inputs.some((value) => this.joined.has(value))) for (const output of outputs) this.joined.add(output);
    this.makes(inputs, outputs);
    for (const known of [this.sources, this.roots, this.steppers, this.cells]) {
      const names = this.sourcesOf(inputs, known);
      if (names.length) for (const output of outputs) known.set(output, names);
    }
  }

  /** Note from which values others are computed. @param {readonly string[]} inputs @param {readonly string[]} outputs */
  makes(inputs, outputs) {
    for (const output of outputs) this.makers.set(output, [...new Set([...(this.makers.get(output) ?? []), ...inputs])]);
  }

  /** Every operation is known. @param {readonly string[]} results what the model returns */
  end(results) {
    if (results.length) this.needed = this.valuesBefore(results);
  }

  /** Whether something is computed from a value, or the model returns it: something that is used itself, if every operation is known. @param {string} value */
  isUsed(value) {
    return this.needed?.has(value) ?? (this.used.has(value) || this.results.includes(value));
  }

  /** The values that layers get or others, and all from which these are computed. @param {Iterable<string>} [others] @returns {Set<string>} */
  valuesBefore(others = []) {
    const found = new Set([...this.taken, ...others]);
    for (const value of found) for (const before of this.makers.get(value) ?? []) found.add(before);
    return found;
  }

  /** A layer that gets a value and returns others. @param {FoundLayer} layer @param {string} input @param {string[]} outputs
   * @param {string[]} [initial] values that are its initial state @param {string[]} [states] other values that it returns
   * @param {string[]} [inputs] with other values from which its input is computed */
  add(layer, input, outputs, initial = [], states = [], inputs = [input]) {
    this.reads.set(layer, [this.sourcesOf(inputs), this.sourcesOf(initial)]);
    this.steps.push([layer, this.origins.get(input)]);
    this.runs.set(layer, [this.origins.get(input)]);
    this.values.set(layer, [input, outputs[0] ?? ""]);
    this.given.set(layer, [input]);
    const flipped = this.flipped.get(input);
    if (flipped !== undefined) layer.flipped = flipped;
    this.returnsAll(layer, [...inputs, ...initial], outputs, states);
  }

  /** @param {FoundLayer} layer @param {string[]} inputs @param {string[]} outputs @param {string[]} states */
  returnsAll(layer, inputs, outputs, states) {
    for (const value of inputs) this.take(value);
    for (const value of inputs) this.taken.add(value);
    this.derive(inputs, [...outputs, ...states]); // from which inputs of the model
    this.begin(states, layer.name);
    const [before, statesBefore] = this.returned.get(layer) ?? [[], []];
    const own = states.filter((state) => !outputs.includes(state));
    this.returned.set(layer, [[...before, ...outputs], [...statesBefore, ...own]]);
    if (isStack(layer)) for (const value of own) this.lastStates.set(value, layer);
    if (isStack(layer)) for (const [n, value] of own.entries()) if (value && letterOf(layer, n) === "c") this.cells.set(value, [layer.name]);
    for (const output of outputs) this.returns(output, layer);
  }

  /** Note from which values the state of a layer comes in a later run. @param {FoundLayer} layer @param {readonly string[]} states */
  continue(layer, states) {
    if (this.sourcesOf(states).includes(layer.name)) layer.continues = true;
  }

  /** A layer that is used again. @param {FoundLayer} layer @param {string} input @param {string[]} outputs @param {string[]} [states] */
  again(layer, input, outputs, states = []) {
    const given = this.given.get(layer) ?? [];
    given.push(input);
    this.sameWay(layer, input);
    this.returnsAll(layer, [input], outputs, states);
    const uses = [this.sources, this.roots].map((known) => given.slice(0, MOST_USES_OF_A_LAYER).map((value) => this.sourcesOf([value], known)));
    useAgain(layer, given.length, uses);
  }

  /** A layer that gets another step, or another vector. @param {FoundLayer} layer @param {string[]} inputs @param {string[]} outputs */
  runsAgain(layer, inputs, outputs) {
    layer.runs = (layer.runs ?? 1) + 1;
    this.runsLater(layer, inputs, outputs);
  }

  /** A later run of a layer in a loop. @param {FoundLayer} layer @param {string[]} inputs @param {string[]} outputs */
  runsLater(layer, inputs, outputs) {
    this.sameWay(layer, inputs[0] ?? "");
    this.later.set(layer, new Set([...(this.later.get(layer) ?? []), ...this.sourcesOf(inputs)]));
    this.runs.get(layer)?.push(this.origins.get(inputs[0] ?? ""));
    this.returnsAll(layer, inputs, outputs, []);
  }

  /** @param {string} value @param {FoundLayer} layer @param {boolean} [isLast] */
  returns(value, layer, isLast = false) {
    this.origins.set(value, { layer, isLast });
    this.sources.set(value, [layer.name]);
    this.steppers.set(value, isLast ? [] : [layer.name]);
  }

  /** Note what a layer returns after each step, if these are values of their own. @param {FoundLayer} layer @param {readonly string[]} values */
  returnsSteps(layer, values) {
    const before = this.ownSteps.get(layer) ?? []; // in another place
    this.ownSteps.set(layer, [...before, ...values]);
    for (const [n, value] of values.entries()) {
      const isLast = n === values.length - 1;
      this.origins.set(value, { layer, isLast, ...(isLast ? {} : { isStep: true }), step: before.length + n });
      this.steppers.set(value, isLast ? [] : [layer.name]);
    }
  }

  /** Whether a layer runs once for each step that another one returns as a value of its own; undefined if that one returns none. @param {FoundLayer} layer
   * @param {FoundLayer} before */
  runsForEachStep(layer, before) {
    const steps = this.ownSteps.get(before);
    const own = this.runs.get(layer) ?? [];
    const taken = new Set(own.flatMap((origin) => (origin?.layer === before ? origin.step ?? [] : [])));
    return steps && own.length === steps.length && taken.size === steps.length;
  }

  /** An operation that keeps the values. @param {string} input @param {string} output @param {boolean} [isLast] of which it takes only
   * the last step @param {boolean} [isMoved] in other axes @param {readonly number[]} [order] of which it is only the order that is another one */
  keep(input, output, isLast = false, isMoved = false, order = undefined) {
    this.derive([input], [output]);
    if (order || (!isMoved && !isLast && this.turned.has(input))) this.turn(input, output, order);
    if (isMoved || this.moved.has(input)) this.moved.add(output);
    else if (this.withAxesOfInput.has(input)) this.withAxesOfInput.add(output);
    if (!isMoved && !isLast && (this.alike.has(input) || this.keptAxes.has(input))) this.alike.set(output, [input]);
    if (!isMoved && !isLast) for (const known of [this.withDirections, this.wholeStates]) if (known.has(input)) known.add(output);
    const ofStates = isMoved || isLast ? undefined : this.lastStates.get(input);
    if (ofStates) this.lastStates.set(output, ofStates);
    const origin = this.origins.get(input);
    if (origin && !(isLast && origin.isLast)) this.origins.set(output, { ...origin, isLast: isLast || origin.isLast });
    const axis = this.partAxes.get(input);
    if (axis !== undefined) this.partAxes.set(output, axis);
    const flipped = isMoved ? undefined : this.flipped.get(input);
    if (flipped !== undefined) this.flipped.set(output, flipped);
  }

  /** Whether all of these values are of the same layer, or computed from the same layers and inputs, apart from those that are computed from none.
   * @param {readonly string[]} values */
  areOfOne(values) {
    const layers = new Set(values.map((value) => this.origins.get(value)?.layer));
    const sources = new Set(values.filter((value) => this.sources.has(value)).map((value) => this.sourcesOf([value]).join()));
    return layers.size === 1 && (!layers.has(undefined) || sources.size < 2);
  }

  /** An operation that returns one of several values of the same layer, which does not run for the others; or one that comes from no layer, such as zeros.
   * @param {readonly string[]} inputs @param {string} output */
  choose(inputs, output) {
    const input = inputs.find((value) => this.sources.has(value)) ?? inputs[0] ?? "";
    this.keep(input, output);
    const layer = this.origins.get(input)?.layer ?? this.layerOfStates(inputs);
    if (layer?.places) layer.isChosen = true;
  }

  /** The layer of which all of these values are states. @param {readonly string[]} values @returns {FoundLayer | undefined} */
  layerOfStates(values) {
    return [...this.returned].find(([, [, states]]) => values.every((value) => states.includes(value)))?.[0];
  }

  /** An operation that returns the last state of one of several layers, of which one runs. @param {readonly string[]} inputs @param {string} output */
  chooseState(inputs, output) {
    const origin = this.origins.get(inputs.at(-1) ?? "");
    if (!origin || !inputs.every((value) => this.wholeStates.has(value))) return;
    this.origins.set(output, origin);
    this.wholeStates.add(output);
  }

  /** An operation that takes what is at one place of an axis, such as a step. @param {string} input @param {string[]} outputs @param {number | undefined} axis */
  part(input, outputs, axis) {
    const origin = this.origins.get(input);
    const hasAxes = !this.moved.has(input) && (origin || this.withAxesOfInput.has(input));
    for (const output of outputs) {
      if (axis !== undefined && hasAxes) this.partAxes.set(output, axis);
      if (origin && (axis === 0 || axis === 1)) this.origins.set(output, { layer: origin.layer, isLast: false, isStep: true });
    }
  }

  /** Note which of the last states of stacked layers something takes. @param {string} input @param {number} [place] along the axis of layers and directions */
  takesState(input, place) {
    const one = this.lastStates.get(input);
    if (!one || place === undefined) return;
    const count = (one.config.bidirectional ? 2 : 1) * (one.config.num_layers ?? 1);
    this.statesTaken.set(one, (this.statesTaken.get(one) ?? new Set()).add(place < 0 ? place + count : place));
  }

  /** Whether something gets states of layers below the top one of a stack. @param {FoundLayer} one @param {FoundLayer} next the layer after it */
  givesLowerStates(one, next) {
    const { num_layers, num_units, num_proj, bidirectional } = one.config;
    const directions = bidirectional ? 2 : 1;
    const taken = this.statesTaken.get(one);
    if (taken) return [...taken].some((place) => place < directions * (num_layers - 1));
    const isOfOne = this.sourcesOf(this.given.get(next) ?? []).join() === one.name;
    return num_layers > 1 && isOfOne && inputOf(next) === directions * num_layers * (num_proj || num_units);
  }

  /** Which axis of what the model gets or computes before its loop is that of the steps: of which its first cell gets a part in each run. */
  get stepAxis() {
    for (const [layer] of this.steps) {
      const axis = layer.runs || layer.isLooped ? this.partAxes.get(this.values.get(layer)?.[0] ?? "") : undefined;
      if (axis === 0 || axis === 1) return axis;
    }
    return undefined;
  }

  /** The layers in their order, with whether each gets what the one before it returns. @returns {FoundLayer[]} */
  layers() {
    this.steps.forEach(([layer, origin], n) => {
      const before = this.steps[n - 1]?.[0];
      const length = layer.kind === "normalization" && before && outputOf(before) ? layer.config.num_units : inputOf(layer);
      const fits = before !== undefined && ((length ?? null) === null || length === outputOf(before) || before.kind === "other"); // reshaped otherwise
      const isLater = before?.kind === "normalization" && origin?.isLast; // the last step is taken after it
      const runsOnce = !layer.runs && !layer.isLooped;
      layer.follows = fits && origin?.layer === before && !isLater && !origin?.isStep;
      if (fits && origin?.layer === before && origin?.isStep && !runsOnce) layer.isOfStep = this.runsForEachStep(layer, before) ?? true;
      if (isLater && fits) layer.input = [outputOf(before)];
      const [first = [], begins = []] = this.reads.get(layer) ?? [];
      const reads = [...new Set([...first, ...(this.later.get(layer) ?? [])])].slice(0, MOST_SOURCES_OF_A_VALUE);
      if (before && reads.length && (reads.length > 1 || reads[0] !== before.name)) layer.reads = reads;
      if (begins.length) layer.begins = begins;
      if (layer.follows && before && isStack(before)) before.onlyLast = origin?.isLast ?? false;
      if (before && isStack(before)) this.splitReaders(layer, before, origin);
    });
    const withLast = new Set([...this.origins.values()].flatMap(({ layer: one, isLast }) => (isLast ? one : [])));
    this.steps.forEach(([one], n) => {
      if (isStack(one) && this.hasAllUses && one.onlyLast === undefined && withLast.has(one) && !this.givesSteps(one)) one.onlyLast = true;
      if (!isStack(one) || !(this.withStatesOnly.has(one) || (this.hasAllUses && this.returnsStates(one)))) return;
      Object.assign(one, { onlyLast: true, joinsEnds: one.config.bidirectional === true, statesOnly: this.areStatesApart(one, this.steps[n + 1]?.[0]) });
    });
    return this.steps.map(([layer]) => layer);
  }

  /** A layer that gets only the states of the one before it, or its last step, of which others get every step. @param {FoundLayer} layer @param {FoundLayer} before
   * @param {Origin | undefined} origin */
  splitReaders(layer, before, origin) {
    if (!this.givesSteps(before)) return;
    const [input = ""] = this.values.get(layer) ?? [];
    const isOfStates = this.sourcesOf([input]).includes(before.name) && !this.sourcesOf([input], this.steppers).includes(before.name);
    if (isOfStates) Object.assign(layer, { getsStates: true, reads: [...new Set([...this.sourcesOf([input]), ...(this.later.get(layer) ?? [])])].slice(0, MOST_SOURCES_OF_A_VALUE) });
    const isOfLayer = this.ofAllSteps.get(before)?.has("") || this.results.some((value) => this.isSequence(value, before)); // and not only of operations, which may put lists together
    if (!isOfStates && !(layer.follows && origin?.isLast && isOfLayer)) return;
    Object.assign(layer, { follows: false });
    before.onlyLast = false;
  }

  /** Whether a value is every step that a layer returns. @param {string} value @param {FoundLayer} one */
  isSequence(value, one) {
    const origin = this.origins.get(value);
    return origin?.layer === one && !origin.isLast && !origin.isStep;
  }

  /** What the model gets of all that a layer returns. @param {FoundLayer} one @param {string[]} values */
  noteReturned(one, values) {
    const [, states] = this.returned.get(one) ?? [[], []];
    if (values.length && values.every((value) => states.includes(value))) this.withStatesOnly.add(one);
    else this.withStatesOnly.delete(one);
  }

  /** Whether the states of a layer are no vectors that the next layer gets: that is not computed from them, or from c, or from all of stacked layers; or the
   * model returns them. @param {FoundLayer} one @param {FoundLayer | undefined} next */
  areStatesApart(one, next) {
    if (!WITH_STACKED_STATES.includes(one.framework) || this.withPlainStates.has(one)) return false;
    const [, states = []] = this.returned.get(one) ?? [];
    if (!next) return this.results.some((value) => states.includes(value) || (this.origins.get(value)?.layer === one && this.wholeStates.has(value)));
    if (next.follows) return false;
    const isRead = this.reads.get(next)?.[0].includes(one.name);
    const isOfC = this.sourcesOf(this.given.get(next) ?? [], this.cells).includes(one.name);
    return !isRead || isOfC || (one.config.num_layers > 1 && !one.config.bidirectional) || this.givesLowerStates(one, next);
  }

  /** Whether only the states go on that a layer returns, and none of its steps. @param {FoundLayer} one */
  returnsStates(one) {
    const isUsed = (/** @type {string} */ value) => this.isUsed(value);
    const [outputs, states] = this.returned.get(one) ?? [[], []];
    return states.some(isUsed) && ![...outputs, ...(this.ownSteps.get(one) ?? []).filter((value) => this.origins.get(value)?.isStep)].some(isUsed);
  }

  /** The same, with the axes that the file says. @param {ShapeOf} shapeOf @param {readonly number[]} [batches] see withRecordedAxes
   * @param {readonly string[]} [results] what the model returns */
  recorded(shapeOf, batches, results = []) {
    /** @param {FoundLayer} layer @returns {import("./recorded_axes.js").Shapes} */
    const shapesOf = (layer) => {
      const [input = "", output = ""] = this.values.get(layer) ?? [];
      const [[name = "", ...others] = []] = this.reads.get(layer) ?? [];
      const source = others.length ? undefined : this.inputs.get(name);
      const { of, order } = this.turned.get(input) ?? {};
      const isTurned = of !== undefined && source !== undefined && this.withAxesOfInput.has(of);
      return { given: shapeOf(input), returned: shapeOf(output), source: source === undefined ? undefined : shapeOf(source), ...(isTurned ? { order } : {}), inputAxis: (axis) => this.axisOfInput(input, axis) };
    };
    this.results = results;
    const layers = this.layers();
    for (const [n, layer] of layers.entries()) {
      const axis = this.partAxes.get(this.values.get(layer)?.[0] ?? "");
      const steps = layers[n - 1] && shapeOf(this.values.get(layers[n - 1] ?? layer)?.[1] ?? "")?.[axis ?? -1];
      if (layer.isOfStep && steps && steps > 0 && steps !== layer.runs) layer.isOfStep = false; // it gets some of the steps alone
      const { given = [], source = [] } = shapesOf(layer);
      const isOfOther = n > 0 && !layer.follows && !layer.isOfStep && axis !== undefined && layer.runs !== undefined && source[axis] === layer.runs && given.join() === source.filter((_, at) => at !== axis).join();
      if (isOfOther && axis < 2) Object.assign(layer, { isOfStep: true, input: source.filter((_, at) => at !== 1 - axis).map(known) });
    }
    const result = results.find((value) => this.sourcesOf([value]).includes(layers.at(-1)?.name ?? ""));
    const end = this.origins.get(result ?? "");
    const isChanged = result !== undefined && (end?.layer !== layers.at(-1) || end?.isStep === true || this.hasOtherRank(layers.at(-1), result, shapeOf));
    const ends = [...this.inputs.values(), ...results].map(shapeOf);
    const whole = layers[0] && joinedBatch(shapesOf(layers[0]), ends);
    const found = withRecordedAxes(layers, shapesOf, batches, result === undefined ? undefined : shapeOf(result), isChanged, whole);
    const [first, final] = [layers[0], layers.at(-1)];
    this.markJoined(layers);
    for (const one of layers) if (one.isTurned) this.showOrder(one);
    if (first?.rows === null) delete found.input; // it is that of the layer
    if (final && result !== undefined && this.withDirections.has(result)) {
      delete found.output;
      final.directionsApart = true;
    }
    if (final?.statesOnly && result !== undefined && this.returned.get(final)?.[1].includes(result)) delete found.output;
    const source = (first && shapesOf(first).source) ?? [];
    const shape = result === undefined ? undefined : shapeOf(result);
    const both = layers.some(isRecurrent) ? [source, ...(shape && shape.length > 2 ? [shape] : [])].filter(({ length }) => length > 1) : [];
    const place = this.stepAxis === undefined ? both.map((axes) => placeOfBatch(axes, found.batch)).find((at) => at !== undefined) : 1 - this.stepAxis;
    const order = layers.some(isStack) || place === undefined ? {} : { isBatchFirst: place === 0 };
    const outer = shape?.length === 3 ? placeOfBatch(shape, found.batch) : undefined;
    const { batch_first = false, layout } = layers.find(isStack)?.config ?? {};
    const isFirst = order.isBatchFirst ?? found.isBatchFirst ?? (batch_first === true || layout === 1 || WITH_BATCH_FIRST.includes(layers[0]?.framework ?? ""));
    const isTurned = outer !== undefined && (outer === 0) !== isFirst; // the picture has its batch along another axis
    if (isTurned && found.output?.length) found.output = [];
    const isOfBatch = !isTurned && (found.output ? !found.output.length && outer !== undefined : shape?.[0] === found.batch);
    const isOfLastRun = (layers.at(-1)?.runs ?? 1) > 1 && shape && shape.length > 1 && isOfBatch;
    const last = isOfLastRun ? { output: shape.filter((_, n) => n !== (outer ?? 0)).map(known) } : {};
    const isOther = found.output?.length === 0 && !isOfLastRun && shape !== undefined && shape.length > 0 && shape.every((size) => size > 0);
    const changed = this.reshaped(layers, shapesOf, ends) ?? this.turnedInput(layers, found.turned);
    delete found.turned;
    return { ...found, ...last, ...(isOther ? { result: [...shape] } : {}), ...order, ...changed, ...this.ends(layers, shapeOf, results) };
  }

  /** The axes of the input of the model and what makes others of them for its first layer, if that gets as many samples as the input has in two axes: such as
   * all words of a text; or if it gets a part of each sample: such as one step. @param {FoundLayer[]} layers @param {(layer: FoundLayer) => import("./recorded_axes.js").Shapes} shapesOf
   * @param {(readonly number[] | undefined)[]} ends the shapes of all inputs and results, which begin with the batch then
   * @returns {Pick<import("../layer.js").Model, "layers" | "input" | "batch" | "isBatchFirst"> | undefined} */
  reshaped([first, ...others], shapesOf, ends) {
    const { given = [], source = [] } = first ? shapesOf(first) : {};
    const [, steps = 0, ...rest] = source;
    const batch = first && joinedBatch({ given, source }, ends);
    const isOfAll = batch !== undefined;
    const isTaken = first && !isStack(first) && given.at(-1) === (inputOf(first) ?? given.at(-1));
    const axis = first && (this.partAxes.get(this.values.get(first)?.[0] ?? "") ?? this.stepAxis);
    const isStep = first !== undefined && (first.runs ?? 1) > 1 && axis !== undefined && source.length === given.length + 1;
    const place = isStep && source[1 - axis] === given[0] ? 1 - axis : placeOfBatch(source, given[0]);
    const at = isTaken && given.length < source.length ? place : undefined;
    const isSame = (/** @type {readonly number[]} */ shape) => (at === 0 ? shape[0] === given[0] : shape.length < 3 || placeOfBatch(shape, given[0]) === at);
    if (first && at !== undefined && ends.every((shape) => shape && isSame(shape))) {
      const axes = source.filter((_, n) => n !== at).map(known);
      const isOne = isStep && axes.slice(1).join() === given.slice(1).map(known).join() && (axes[0] ?? first.runs) === first.runs;
      const part = layer(this.sourceOf(first), isOne ? "step" : "other", first.framework, {}, isOne ? null : given.slice(1).map(known));
      const order = at || others.some(isStack) ? {} : { isBatchFirst: true }; // of cells alone
      if (isStep) first.config.is_of_one = false;
      return { input: axes, ...order, layers: [{ ...part, isOfInput: true }, { ...first, follows: true }, ...others] };
    }
    const isOfSome = first && (first.runs ?? 1) > 1 && source.length > 0 && given.length > 0 && source.join() !== given.join();
    if (isOfSome && !isOfAll && first.kind !== "embedding") {
      const some = layer(this.sourceOf(first), "other", first.framework, {}, given.slice(1).map(known)); // in a way that is not known
      return { input: undefined, layers: [{ ...some, isOfInput: true }, { ...first, follows: true }, ...others] };
    }
    if (!first || batch === undefined) return undefined;
    const part = layer(this.sourceOf(first), "other", first.framework, {}, rest.map(known));
    return { input: [steps, ...rest].map(known), ...(batch > 0 ? { batch } : {}), layers: [{ ...part, isOfInput: true }, { ...first, follows: true }, ...others] };
  }

  /** The axes of the input of the model, and what makes those of them that its first layer gets. @param {FoundLayer[]} layers
   * @param {import("./recorded_axes.js").Turned | undefined} turned @returns {Pick<import("../layer.js").Model, "layers" | "input"> | undefined} */
  turnedInput([first, ...others], turned) {
    if (!first || !turned) return undefined;
    const { input, order, axes } = turned;
    if (order) this.showOrder(first);
    const part = order ? layer(this.sourceOf(first), "transpose", first.framework, { order }) : layer(this.sourceOf(first), "other", first.framework, {}, axes);
    return { input, layers: [{ ...part, isOfInput: true }, { ...first, follows: true }, ...others] };
  }

  /** Whether what a model returns is what its last layer returns with another number of axes, such as without those of length 1. The steps of a recurrent
   * layer have an axis of directions in some graphs. @param {FoundLayer | undefined} last @param {string} result @param {ShapeOf} shapeOf */
  hasOtherRank(last, result, shapeOf) {
    if (!last || isStack(last) || !this.moved.has(result)) return false;
    const [returned, shape] = [this.values.get(last)?.[1] ?? "", result].map(shapeOf);
    const count = returned?.length ?? (last.operation === "Gemm" ? 2 : undefined); // of which the result is a matrix
    return count !== undefined && shape !== undefined && count !== shape.length;
  }

  /** The name of what a layer reads. @param {FoundLayer} one */
  sourceOf(one) {
    return this.sourcesOf([this.values.get(one)?.[0] ?? ""])[0] ?? "";
  }

  /** What a model returns, with the names of the layers from which it is computed in place of its own, if that is one of a compiler; and which state of a layer
   * it is, if it is one, or whether it is computed from what they return. @param {import("../layer.js").NamedAxes} output @param {string} [framework] @returns {import("../layer.js").NamedAxes} */
  ofLayers([value, axes], framework) {
    if (framework !== "pytorch") return [value, axes];
    const [one, n = 0] = [...this.returned].map(([of, [, states]]) => /** @type {const} */ ([of, states.indexOf(value)])).find(([, at]) => at >= 0) ?? [];
    const state = one && isStack(one) ? letterOf(one, n) : undefined;
    const names = this.sourcesOf([value]).join();
    const isReturned = [...this.returned.values()].some(([outputs, states]) => [...outputs, ...states].includes(value));
    return state ? [names, axes, state] : isReturned ? [names, axes] : [names, axes, "", true];
  }

  /** What the model returns that is not computed from its last layer. @param {readonly string[]} [results] */
  otherResults(results = this.results) {
    const last = this.steps.at(-1)?.[0].name ?? "";
    return results.filter((value) => !this.sourcesOf([value]).includes(last));
  }

  /** The inputs of the model beside those of its first layer, and what it returns beside what is computed from its last one. @param {FoundLayer[]} layers
   * @param {ShapeOf} shapeOf @param {readonly string[]} results @returns {Pick<import("../layer.js").Model, "inputs" | "outputs">} */
  ends(layers, shapeOf, results) {
    const [first, last] = [layers[0], layers.at(-1)];
    const [read = []] = (first && this.reads.get(first)) ?? [];
    /** @param {[string, string][]} values @returns {import("../layer.js").NamedAxes[]} */
    const named = (values) => values.map(([name, value]) => [name, shapeOf(value)?.map((size) => (size > 0 ? size : null)) ?? ["..."]]);
    const inputs = named([...this.inputs].filter(([name]) => (read.length || this.isWhole) && !read.includes(name)));
    const others = this.otherResults(results).map((value) => /** @type {[string, string]} */ ([value, value]));
    const outputs = others.length < results.length ? named(others).map((one) => this.ofLayers(one, last?.framework)) : [];
    return { ...(inputs.length ? { inputs } : {}), ...(outputs.length ? { outputs } : {}) };
  }
}
