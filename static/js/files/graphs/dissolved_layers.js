/**
 * Recurrent layers that an exporter has dissolved into single operations, as one step, as many steps one after another, or as a loop. They
 * are found by their equations, and made one layer again if the shapes of their matrices agree.
 *
 * @typedef {import("./cells_in_graphs.js").Step} Step
 * @typedef {import("./operations.js").Operation} Operation
 */

import { Equations } from "./cells_in_graphs.js";
import { KINDS } from "../arrays/layers_of_numpy_programs.js";
import { recurrent } from "../layer.js";
import { MOST_TERMS } from "../limits.js";

/**
 * A cell with all its steps.
 *
 * @typedef {object} Cell
 * @property {string} kind
 * @property {Record<string, any>} config
 * @property {string[]} types of the numbers in its matrices
 * @property {number} parameters how many it has
 * @property {Set<string>} weights the names of its matrices
 * @property {string} name what the names of its matrices or operations begin with
 * @property {Operation[]} steps their outputs
 * @property {string[]} all the inputs of the first step that was found
 * @property {string[]} inputs those of the last step that can be x
 * @property {Operation[]} parts the steps and gates that the last step takes of a product for all of them
 * @property {boolean} isJoined whether it has one matrix for x and h
 * @property {boolean} isSequence whether it runs over steps
 * @property {string} sequence a name for its outputs of all steps
 */

/** The operations, with one layer in the place of those of a cell. @param {Operation[]} operations @param {string} framework
 * @param {readonly string[]} [results] what the model returns, if that is known @returns {Operation[]} */
export function foldedLayers(operations, framework, results = []) {
  const equations = new Equations(operations);
  /** @type {Map<string, Cell>} */
  const byKey = new Map();
  /** @type {Map<Operation | undefined, Cell>} */
  const byStep = new Map();
  for (const operation of operations) {
    const step = equations.step(operation);
    const found = step && cellOf(equations, step, `sequence ${byStep.size}`);
    if (equations.isLong) return operations;
    if (!found) continue;
    // each step can have copies of the matrices, with names of the same layer
    const keys = [[...found.weights].sort().join("\n"), `${found.kind} ${JSON.stringify(found.config)} ${found.name}`];
    const [one, alike] = keys.map((key) => byKey.get(key));
    const same = one && isLaterStep(found, one, equations, byStep) ? one : undefined;
    const isNamed = found.name !== "" || [...found.weights].some((name) => alike?.weights.has(name));
    const isNext = isNamed && found.all.some((value) => alike && byStep.get(equations.at(value)) === alike);
    const cell = same ?? (isNext && alike ? alike : found);
    for (const key of keys) byKey.set(key, cell);
    byStep.set(operation, cell);
    cell.steps.push(operation);
    cell.inputs = found.inputs;
    cell.parts = found.parts;
    cell.isSequence ||= cell.steps.length > 1;
    for (const name of found.weights) cell.weights.add(name);
  }
  const needed = equations.needed(operations, results);
  const given = new Set(needed.flatMap(({ inputs }) => inputs));
  for (const cell of new Set(byStep.values())) {
    // a step that nothing gets is computed only for its shape, as Keras does before the others
    cell.steps = cell.steps.filter(({ outputs }, n) => n === cell.steps.length - 1 || outputs.some((value) => given.has(value)));
    addFirstStep(cell, equations, byStep);
  }
  return byStep.size ? replaced(operations, equations, byStep, framework, needed) : operations;
}

/** Whether a step is computed from an earlier one of a cell with the same matrices, and does not begin another run of it. @param {Cell} found @param {Cell} cell
 * @param {Equations} equations @param {Map<Operation | undefined, Cell>} byStep */
function isLaterStep(found, cell, equations, byStep) {
  if (found.all.some((value) => byStep.get(equations.at(value)) === cell)) return true;
  return [...equations.operationsBefore(found.all)].some((operation) => byStep.get(operation) === cell);
}

/** Add the step before those that were found: it begins with zeros, and can be shorter then. @param {Cell} cell @param {Equations} equations
 * @param {Map<Operation | undefined, Cell>} byStep */
function addFirstStep(cell, equations, byStep) {
  const [next] = cell.steps;
  for (const value of cell.all) {
    const first = equations.at(value);
    if (!first || !next || first.type !== next.type || byStep.has(first) || !equations.productsBefore(first, cell.weights).length) continue;
    byStep.set(first, cell);
    cell.steps.unshift(first);
    cell.isSequence = true;
  }
}

/** @param {Operation} product */
const rowsOf = ({ layer }) => Number(layer?.config.features);

/** @param {Operation} product */
const columnsOf = ({ layer }) => Number(layer?.config.num_units);

/** The cell of a step, if the shapes of its matrices agree: those for x and for h, or one for both.
 * @param {Equations} equations @param {Step} step @param {string} sequence @returns {Cell | null} */
function cellOf(equations, step, sequence) {
  const sums = step.sums.map((value) => equations.sumOf(step, value));
  const count = sums[0]?.products.length ?? 0;
  /** @type {Map<Operation, number>} how many gates share the columns of a product */
  const shares = new Map();
  for (const sum of sums) {
    if (!sum || sum.products.length !== count || count > 2) return null;
    for (const product of sum.products) shares.set(product, (shares.get(product) ?? 0) + 1);
  }
  const [num_units = 0, ...others] = new Set([...shares].map(([product, share]) => columnsOf(product) / share));
  if (others.length || !Number.isInteger(num_units) || num_units < 1) return null;
  const products = [...shares.keys()];
  const ofX = products.filter((product) => rowsOf(product) !== num_units);
  const [rows = num_units, ...otherRows] = new Set(ofX.map(rowsOf));
  const hasState = sums.every((sum) => sum?.products.some((product) => rowsOf(product) === num_units));
  const isFit = count === 1 ? ofX.length === products.length : hasState;
  const features = count === 1 ? rows - num_units : rows;
  if (otherRows.length || !isFit || features < 1) return null;
  const biases = sums.reduce((all, sum) => all + (sum?.biases ?? 0), 0);
  const config = {
    features,
    num_units,
    bias: biases > 0,
    ...(step.kind === "gru" ? { reset_after: step.scaled !== null } : {}),
    ...((step.activation ?? "tanh") === "tanh" ? {} : { activation: step.activation }),
    ...(step.gates ? { recurrent_activation: step.gates } : {}),
  };
  const weights = new Set(products.map((product) => product.weights ?? ""));
  const isJoined = count === 1;
  const inputs = [...new Set((ofX.length ? ofX : products).flatMap((product) => equations.inputsOf(product, isJoined)))];
  const all = products.flatMap((product) => equations.inputsOf(product, isJoined));
  const isSequence = all.some((value) => equations.at(value)?.type === "carry");
  const name = commonName([...weights]) || commonName(products.map(({ layer }) => layer?.name ?? ""));
  const parts = sums.flatMap((sum) => sum?.parts ?? []);
  const parameters = ((features + num_units) * sums.length + biases) * num_units;
  const types = [...new Set(products.flatMap(({ layer }) => layer?.types ?? []))];
  return { kind: step.kind, config, parameters, types, weights, name, steps: [], all, inputs, parts, isJoined, isSequence, sequence };
}

/** @param {Operation[]} operations @param {Equations} equations @param {Map<Operation | undefined, Cell>} byStep
 * @param {string} framework @param {readonly Operation[]} needed @returns {Operation[]} */
function replaced(operations, equations, byStep, framework, needed) {
  const cells = [...new Set(byStep.values())];
  const layers = new Map(cells.map((cell) => [cell, layerOf(cell, equations, byStep, framework)]));
  const cellAt = (/** @type {string | undefined} */ value) => byStep.get(equations.at(value));
  /** @type {Set<Operation>} */
  const within = new Set();
  for (const operation of operations) {
    const { type, inputs, outputs: [output = ""], size } = operation;
    if (!["join", "collect", "final"].includes(type)) continue;
    // what a loop returns at last can be a list, to which each step adds its output
    const added = type === "final" && !cellAt(inputs[0]) ? equations.at(inputs[0])?.inputs.map(cellAt).find(Boolean) : undefined;
    const ends = added ? [added] : inputs.map(cellAt);
    const cell = ends.at(-1);
    const layer = cell && layers.get(cell);
    // the first step may not be found, if it begins with zeros
    if (!layer || ends.some((end, n) => end !== cell && (n || end)) || (type === "join" && ends.filter(Boolean).length < cell.steps.length)) continue;
    if (type === "final" && (!added || size === 1)) layer.last = [...(layer.last ?? []), output]; // a list of one output has the last one
    else layer.outputs.push(output);
    within.add(operation);
  }
  const used = new Set(needed.flatMap(({ type, inputs }) => (type === "other" ? [] : inputs)));
  const weights = new Set(cells.flatMap((cell) => [...cell.weights]));
  /** Whether an operation is between the products of a cell and the output of a step. @param {Operation} operation */
  const isWithinStep = (operation) => {
    const found = new Set([operation]);
    for (const one of found) {
      if (one.type === "product" && weights.has(one.weights ?? "")) return true;
      if (one.type === "product" || one.layer || byStep.has(one) || found.size > MOST_TERMS) continue;
      for (const input of one.inputs) {
        const before = equations.made.get(input);
        if (before) found.add(before);
      }
    }
    return false;
  };
  return operations.flatMap((operation) => {
    const cell = byStep.get(operation);
    const layer = cell && operation === cell.steps[0] ? layers.get(cell) : undefined;
    if (operation.masked && cellAt(operation.outputs[0])) return [equations.made.get(operation.outputs[0] ?? "") ?? operation];
    if (layer && cell) return isOnlyTried(cell, cells, used) ? [] : [layer];
    if (cell) return []; // a later step, of which the layer returns the output
    if (operation.type === "carry" && cellAt(operation.inputs[1])) return [{ ...operation, inputs: operation.inputs.slice(0, 1) }]; // what a cell keeps does not go on
    if (operation.parameters && isWithinStep(operation)) return [{ ...operation, parameters: 0 }]; // the layer has them
    return within.has(operation) || (operation.type === "product" && weights.has(operation.weights ?? "")) ? [] : [operation];
  });
}

/** Whether a step is computed only for the shape of its output, as Keras does before a loop with a mask. @param {Cell} cell @param {Cell[]} cells
 * @param {Set<string>} used the inputs of known operations */
function isOnlyTried(cell, cells, used) {
  const isAlike = (/** @type {Cell} */ other) =>
    other.isSequence && other.kind === cell.kind && JSON.stringify(other.config) === JSON.stringify(cell.config);
  return !cell.isSequence && !cell.steps.some(({ outputs }) => outputs.some((output) => used.has(output))) && cells.some(isAlike);
}

/** The layer of a cell. @param {Cell} cell @param {Equations} equations @param {Map<Operation | undefined, Cell>} byStep
 * @param {string} framework @returns {Operation} */
function layerOf(cell, equations, byStep, framework) {
  const config = { ...cell.config };
  /** The output of a step, of which a value is the one before. @param {string} value */
  const stateOf = (value) => {
    const operation = equations.at(value);
    return operation?.type === "carry" ? equations.at(operation.inputs[1]) : operation;
  };
  const others = cell.inputs.filter((value) => byStep.get(stateOf(value)) !== cell);
  const rest = others.filter((value) => byStep.has(equations.at(value)) || equations.at(value)?.type !== "multiply"); // with the reset gate
  const x = rest.find((value) => equations.at(value, ["keep", "part"])) ?? rest[0] ?? "";
  const before = byStep.get(equations.at(x));
  const [output = ""] = cell.steps.at(-1)?.outputs ?? [];
  const name = cell.name || output;
  const gates = [...KINDS].find(([, kind]) => kind === cell.kind)?.[0] ?? 0;
  const usual = gates * config.num_units * (config.features + config.num_units + (config.bias ? 2 : 0));
  if (framework === "onnx" && cell.parameters !== usual) config.parameters = cell.parameters; // its layers have two biases
  const types = cell.types.length ? { types: cell.types } : {};
  if (!cell.isSequence) {
    const layer = { ...recurrent(name, `${cell.kind}_cell`, framework, config), ...types, isDissolved: true };
    return { type: "layer", layer, inputs: [equations.source(x), ...rest.filter((value) => value !== x)], outputs: [output] };
  }
  const products = cell.steps[0] ? equations.productsBefore(cell.steps[0], cell.weights) : [];
  const ofX = products.filter((product) => rowsOf(product) !== config.num_units);
  const beside = (ofX.length ? ofX : products).flatMap((product) => equations.inputsOf(product, cell.isJoined)).filter((value) => byStep.get(stateOf(value)) !== cell);
  const given = stepsOf(equations, cell, x);
  if (given && given.axis < 2) Object.assign(config, { layout: given.axis });
  const input = before?.isSequence ? before.sequence : given?.value ?? equations.source(x, ["keep", "part"]);
  const outputs = cell.steps.length > 1 ? [cell.sequence] : [cell.sequence, output];
  const weights = [...cell.weights].sort().join("\n");
  const states = cell.steps.flatMap((step) => step.outputs);
  const last = cell.steps.length > 1 ? { last: [output], steps: states } : {};
  const ofState = ofX.length ? products.filter((product) => !ofX.includes(product)).flatMap((product) => equations.inputsOf(product)) : [];
  const initial = [...new Set(ofState)].filter((value) => !equations.isFixed(value));
  const isBackwards = areBackwards(equations, cell) ? { isBackwards: true } : {};
  return { type: "layer", layer: { ...recurrent(name, cell.kind, framework, config), ...types, isDissolved: true }, inputs: [input, ...beside], outputs, weights, initial, states, ...last, ...isBackwards };
}

/** Whether each step of a cell gets a part of a value that is before the one that the step before it gets. @param {Equations} equations @param {Cell} cell */
function areBackwards(equations, { steps, weights }) {
  const places = steps.map((step) => {
    const ofStep = equations.productsBefore(step, weights).flatMap((product) => equations.inputsOf(product));
    return ofStep.map((value) => /** @type {const} */ ([equations.made.get(value), value])).find(([part]) => part?.type === "part" && part.outputs.length > 1);
  });
  const [first] = places;
  const at = places.map((place) => (place && place[0] === first?.[0] ? place[0]?.outputs.indexOf(place[1]) ?? -1 : -1));
  return at.length > 1 && at.every((place, n) => place >= 0 && (n === 0 || place < (at[n - 1] ?? -1)));
}

/** The value of which each step has a part, and along which axis: the input of the layer, or what a product makes of it for all steps.
 * @param {Equations} equations @param {Cell} cell @param {string} x @returns {{value: string, axis: number} | undefined} */
function stepsOf(equations, cell, x) {
  const own = equations.made.get(equations.source(x));
  if (own?.type === "part" && own.axis !== undefined) return { value: own.inputs[0] ?? "", axis: own.axis };
  for (const { axis, inputs: [value] } of cell.parts) {
    const found = axis === undefined ? undefined : equations.before(value, axis);
    if (found && equations.source(found.value) === x) return found;
  }
  return undefined;
}

/** What the names of arrays begin with. @param {string[]} names */
function commonName(names) {
  const [parts = [], ...others] = names.map((name) => name.split(/(?=[/.;])/));
  const end = parts.findIndex((part, n) => others.some((other) => other[n] !== part));
  return parts.slice(0, end < 0 ? -1 : end).join("");
}
