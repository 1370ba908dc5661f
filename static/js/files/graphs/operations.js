/**
 * The operations of a graph, in terms that its format does not matter for, and the layers that they are. Values have names; a constant
 * has the name "".
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {"layer" | "product" | "bias" | "scale" | "keep" | "normalize" | "part" | "gate" | "activation" | "clip" | "add" | "subtract" | "multiply"
 *   | "join" | "choose" | "reverse" | "carry" | "final" | "collect" | "other"} Type
 *
 * @typedef {object} Operation
 * @property {Type} type
 *   layer: a layer with weights, from its input to its outputs;
 *   product: a dense layer, from its input to its output;
 *   bias, scale: a sum or product with a constant;
 *   keep: other axes; normalize: other numbers of the same vectors; part: some numbers of a vector, or some steps; join: several vectors in one; choose: one of several values; reverse: steps from the last to the first;
 *   gate: the logistic function; activation: another function of each number; clip: numbers with limits;
 *   carry: the state of a loop, from its first value and that after a step; final: the last value of what a step returns; collect: its values of
 *   all steps
 * @property {string[]} inputs of a layer: its input, and other values from which that is computed
 * @property {string[]} outputs
 * @property {FoundLayer} [layer] of a layer or product
 * @property {string} [weights] of a product: the name of its matrix; of another layer: the names of its arrays
 * @property {string[]} [initial] of a recurrent layer: values that are its initial state
 * @property {string[]} [states] of a recurrent layer: other values that it returns
 * @property {string[]} [last] of a recurrent layer: values that are its last state
 * @property {string[]} [steps] of a recurrent layer: what it returns after each step, if these are values of their own
 * @property {string[]} [beside] other values that it needs, which are not in what it returns: such as the condition of a choice
 * @property {boolean} [areStatesWhole] of a recurrent layer: whether its last states have an axis of layers and directions
 * @property {boolean} [isBackwards] of a recurrent layer: whether its steps are known to run from the last to the first
 * @property {boolean} [hasDirections] whether what a recurrent layer returns has an axis of directions
 * @property {number} [size] of a bias: its length, if it is a vector; of the last value of a loop: the length of its first axis
 * @property {boolean} [isLast] of a part: whether it is the last step
 * @property {number} [axis] of a part, join or reverse: along which axis of its inputs, if that is not the one of their vectors
 * @property {number} [factor] of a scale: the number, if it is only one
 * @property {readonly number[]} [order] of a keep that only moves axes: which axis of its input each one of its output is
 * @property {readonly number[]} [axes] which axis of its first input each one of its outputs is, -1 for none, of one that is no layer
 * @property {boolean} [joins] of a keep: whether it makes one axis of the batch and another one; false if it undoes that
 * @property {boolean} [isOfEach] of another one: whether it computes each number from those at the same place
 * @property {string[]} [masked] of a choice by a mask, which is no other operation: the values where that is true, and where it is false
 * @property {string} [constant] of a bias or scale with numbers of the file that may be learned: their name
 * @property {number} [parameters] of one that is no layer: how many numbers the file has for it
 * @property {string} [name] of the operation, where a layer can have it
 * @property {string} [operator] what the format calls it, if it can change axes and is no layer
 * @property {string} [function] of an activation: tanh, relu ...
 */

import { withDirections } from "./directions.js";
import { foldedLayers } from "./dissolved_layers.js";
import { Flow } from "./layer_inputs.js";
import { isStack, layer as layerNamed, normalization } from "../layer.js";

/** Operations after which a value comes from the same layer. */
const KEEPING = ["keep", "normalize", "scale", "reverse", "gate", "activation", "collect"];

/** Operations that are functions of each number. */
const FUNCTIONS = ["activation", "gate", "clip"];

/** Operations of the numbers at the same place of one or several values. */
const OF_EACH = ["add", "bias", "subtract", "multiply", "clip"];

/** What a format calls the operations that are no layers: those between layers, those after the last one, and those on the way to what else the model returns. */
export class Operators {
  /** @param {Flow} flow */
  constructor(flow) {
    this.flow = flow;
    /** @type {{name: string, outputs: readonly string[], layers: number}[]} with how many layers came before */
    this.all = [];
    this.layers = 0;
    /** @type {Set<string>} those that are functions of each number */
    this.functions = new Set();
  }

  /** @param {string} name @param {readonly string[]} outputs @param {boolean} [isFunction] */
  add(name, outputs, isFunction = false) {
    const operator = { name, outputs, layers: this.layers };
    this.all.push(operator);
    if (isFunction) this.functions.add(name);
    return operator;
  }

  /** A layer comes. */
  pass() {
    this.layers++;
  }

  /** Where an operation is. Of one whose outputs are not followed, the order says it. @param {{outputs: readonly string[], layers: number}} operator
   * @param {Set<string>} given the values from which layers get something @param {Set<string> | undefined} others those from which something is returned that
   * is not computed from the last layer @returns {"operators" | "lastOperators" | "otherOperators" | undefined} undefined of
   * one that nothing uses, or only the shape of what it returns; and of one that the chain shows by name */
  placeOf({ outputs, layers }, given, others) {
    if (outputs.some((value) => this.flow.shownOrders.has(value))) return undefined;
    const last = this.flow.steps.at(-1)?.[0].name ?? "";
    const isFollowed = outputs.length > 0 && outputs.every((value) => this.flow.makers.has(value));
    if (!isFollowed) return layers < this.layers ? "operators" : "lastOperators";
    if (outputs.some((value) => given.has(value))) return "operators";
    if (this.flow.needed && !outputs.some((value) => this.flow.needed?.has(value))) return undefined;
    if (this.flow.sourcesOf(outputs).includes(last)) return "lastOperators";
    if (others && !outputs.some((value) => others.has(value))) return "operators"; // such as what makes the condition of a choice
    return this.flow.otherResults().length ? "otherOperators" : layers < this.layers ? "operators" : "lastOperators";
  }

  /** Those that the chain does not show by name, once its layers are recorded. @returns {Pick<import("../layer.js").Model, "operators" | "lastOperators" | "otherOperators" | "functions">} */
  named() {
    const given = this.flow.valuesBefore();
    const others = this.flow.needed && this.flow.valuesBefore(this.flow.otherResults());
    /** @type {Map<"operators" | "lastOperators" | "otherOperators", Set<string>>} */
    const places = new Map();
    for (const one of this.all) {
      const place = this.placeOf(one, given, others);
      if (place) places.set(place, (places.get(place) ?? new Set()).add(one.name));
    }
    return { ...Object.fromEntries([...places].map(([place, names]) => [place, [...names]])), ...(this.functions.size ? { functions: [...this.functions] } : {}) };
  }
}

/** Whether a constant is the bias of the layer or normalization before it. @param {Flow} flow @param {Map<string, FoundLayer>} scaled @param {string} input
 * @param {number} [size] */
function isBias(flow, scaled, input, size) {
  const before = flow.origins.get(input)?.layer;
  return scaled.has(input) || (before?.kind === "dense" && before.config.num_units === size) || convolutionBefore(flow, input, size) !== undefined;
}

/** The convolution without a bias that returns a value, if only the order of its axes is another one, in which its channels are the last one and as many as a vector
 * has numbers. @param {Flow} flow @param {string} input @param {number} [size] @returns {FoundLayer | undefined} */
function convolutionBefore(flow, input, size) {
  const { of = "", order = [] } = flow.turned.get(input) ?? {};
  const found = flow.origins.get(input)?.layer;
  const isOwn = found?.kind === "convolution" && flow.values.get(found)?.[1] === of && order.at(-1) === 1;
  return isOwn && found.config.bias === false && found.config.channels === size ? found : undefined;
}

/** What tells a layer from all others: its matrices, and of a recurrent one how it uses them, such as its direction. @param {FoundLayer} layer @param {string} weights */
const wayOf = (layer, weights) => (isStack(layer) ? `${weights}\n${JSON.stringify(layer.config)}` : weights);

/** The layers in their order, with the axes that the file says. @param {Operation[]} operations @param {string} framework of dissolved ones
 * @param {import("./layer_inputs.js").ShapeOf} shapeOf @param {[string, string][]} given the inputs of the model with their names @param {readonly number[]} [batches] see withRecordedAxes
 * @param {readonly string[]} [results] what the model returns @returns with how many parameters belong to no layer */
export function layersOfOperations(operations, framework, shapeOf, given, batches, results = []) {
  const flow = new Flow();
  flow.hasAllUses = true;
  if (!operations.some(({ layer }) => layer)) return { ...flow.recorded(shapeOf), loose: 0 }; // there is no cell without a product
  for (const [value, name] of given) flow.get(value, name);
  /** @type {Set<string>} values that are normalized, and not scaled yet */
  const normalized = new Set();
  /** @type {Map<string, FoundLayer>} normalizations, by values to which a vector can be added yet */
  const scaled = new Map();
  /** @type {Map<string, FoundLayer>} by their matrices: one that is used again in the same way is the same layer */
  const byWeights = new Map();
  /** @type {Map<string, string>} the names of the first layers with each of these matrices */
  const owners = new Map();
  /** @type {Set<string>} those of layers */
  const names = new Set();
  /** @type {Set<string>} the names of those that are added, or with which something is multiplied */
  const constants = new Set();
  /** @type {Set<FoundLayer>} the steps in which that happens after layers that do not have them */
  const placed = new Set();
  const operators = new Operators(flow);
  let loose = 0;
  for (const { type, inputs, outputs, operator, layer, weights, name, initial, states, last, steps, beside, size, isLast, axis, order, hasDirections, areStatesWhole, isOfEach, joins, constant, axes, parameters = 0 } of withDirections(foldedLayers(operations, framework, results))) {
    const [[input = ""], [output = ""]] = [inputs, outputs];
    const isOwn = (type === "scale" && size && normalized.has(input)) || (type === "bias" && isBias(flow, scaled, input, size));
    const isStep = !isOwn && constant !== undefined && parameters > 0 && !constants.has(constant) && flow.origins.has(input) && !flow.origins.get(input)?.isStep;
    if (constant !== undefined) constants.add(constant);
    if (operator && !isOwn && !isStep && inputs.some((value) => flow.sources.has(value))) operators.add(operator, outputs, FUNCTIONS.includes(type));
    if (layer) operators.pass();
    if (hasDirections) flow.withDirections.add(output);
    if (layer && last && !areStatesWhole) flow.withPlainStates.add(layer);
    if (beside) flow.makes(beside, outputs);
    if (axes && input) for (const value of outputs) flow.keptAxes.set(value, { of: input, axes });
    if (areStatesWhole) for (const state of last ?? []) flow.wholeStates.add(state);
    const key = weights && layer ? wayOf(layer, weights) : "";
    const same = key ? byWeights.get(key) : undefined;
    if (same) {
      if (isStack(same)) flow.again(same, input, outputs, states);
      else flow.runsAgain(same, inputs, outputs);
      if (initial?.length) flow.continue(same, initial);
      for (const state of last ?? []) flow.returns(state, same, true);
      if (steps && isStack(same)) flow.returnsSteps(same, steps);
    } else if (layer) {
      if (names.has(layer.name)) layer.name = layer.branch ? `${layer.branch.name}/${layer.name}` : layer.name; // nodes in branches can have the same names
      names.add(layer.name);
      const owner = weights && isStack(layer) ? owners.get(weights) : undefined;
      if (owner) Object.assign(layer.config, { parameters: 0 });
      if (owner) layer.weightsOf = owner;
      else if (weights) owners.set(weights, layer.name);
      if (key) byWeights.set(key, layer);
      flow.add(layer, input, outputs, initial, [...new Set([...(states ?? []), ...(last ?? [])])], inputs);
      for (const state of last ?? []) flow.returns(state, layer, true);
      if (steps) flow.returnsSteps(layer, steps);
    } else if (type === "scale" && size && normalized.has(input)) {
      const found = normalization(name ?? output, framework, size, size);
      flow.add(found, input, [output]);
      scaled.set(output, found);
    } else if (isStep) {
      const before = flow.origins.get(input)?.layer;
      if (before && placed.has(before)) {
        before.config.parameters += parameters;
        flow.keep(input, output);
      } else {
        const step = layerNamed(name ?? output, "other", framework, { parameters });
        placed.add(step);
        flow.add(step, input, [output]);
      }
      flow.alike.set(output, [input]);
    } else if (KEEPING.includes(type) || isLast) {
      loose += parameters;
      flow.keep(input, output, isLast, type === "keep" && operator !== undefined, order);
      if (joins !== undefined) flow.joinAxes(output, joins);
      const isSame = type === "keep" && operator === undefined && !order; // such as one of a quantized number
      if (type === "normalize" || (isSame && normalized.has(input))) normalized.add(output);
    } else if (type === "bias" && size) {
      const before = flow.origins.get(input)?.layer;
      const norm = scaled.get(input);
      const convolution = convolutionBefore(flow, input, size);
      if (convolution) Object.assign(convolution.config, { bias: true, parameters: convolution.config.parameters + size });
      if (norm) norm.config.parameters += size;
      if (before?.kind === "dense" && before.config.num_units === size) before.config.bias = true;
      else if (!norm && !convolution) loose += parameters;
      flow.keep(input, output);
    } else if (type === "choose" && flow.areOfOne(inputs)) flow.choose(inputs, output);
    else if (type === "final") flow.keep(input, output);
    else {
      loose += parameters;
      flow.compute(inputs, outputs);
      if (OF_EACH.includes(type) || isOfEach) flow.alike.set(output, inputs.filter((value) => flow.sources.has(value)));
      if (type === "choose") flow.chooseState(inputs, output);
      if (type === "part") flow.part(input, outputs, axis);
    }
  }
  flow.end(results);
  return { ...flow.recorded(shapeOf, batches, results), loose, ...operators.named() };
}
