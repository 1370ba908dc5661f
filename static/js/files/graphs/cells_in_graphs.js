/**
 * The equations of recurrent cells in a graph of single operations: which operation is the output h of a step, and what its gates and
 * its candidate are the function of.
 *
 * @typedef {import("./operations.js").Operation} Operation
 * @typedef {import("./operations.js").Type} Type
 */

import { MOST_OPERATIONS_FOLLOWED, MOST_TERMS, MOST_VALUES_OF_A_STEP } from "../limits.js";

/**
 * A step of a cell.
 *
 * @typedef {object} Step
 * @property {string} kind lstm, gru or rnn
 * @property {Operation} output h
 * @property {string[]} sums what its gates and its candidate are the functions of
 * @property {string | undefined} activation the function of its candidate
 * @property {string | undefined} gates the function of its gates, if that is not the logistic one
 * @property {Operation | null} scaled of a GRU: the product of the reset gate and what a matrix makes of h
 */

/** The terms of a sum, how many of them are biases, and the parts of vectors or steps in it. @typedef {{products: Operation[], biases: number, multiplied: Operation[], parts: Operation[]}} Sum */

/** The function of gates that are cut off at both ends. */
const HARD_SIGMOID = "hard_sigmoid";

export class Equations {
  /** @param {Operation[]} operations */
  constructor(operations) {
    /** @type {number} */
    this.followed = 0;
    /** @type {Map<string, Operation>} by the value that an operation makes */
    this.made = new Map();
    for (const operation of operations) for (const output of [...operation.outputs, ...(operation.last ?? [])]) this.made.set(output, operation);
    for (const operation of operations) if (this.isMaskedStep(operation)) this.made.set(operation.outputs[0] ?? "", { ...operation, type: "keep", inputs: operation.masked?.slice(0, 1) ?? [] });
  }

  /** Whether an operation takes a new value where a mask is true, and elsewhere the one before, from which that is computed, or one that depends on nothing.
   * @param {Operation} operation */
  isMaskedStep({ masked: [next = "", before = ""] = [] }) {
    return next !== "" && !this.isLong && (this.isComputedFrom(next, this.source(before)) || this.isFixed(before));
  }

  /** The operations from which values are computed, if these are few. @param {readonly string[]} values @returns {Set<Operation | undefined>} */
  operationsBefore(values) {
    return new Set(values.flatMap((value) => [...this.valuesBefore(value)]).map((value) => this.made.get(value)));
  }

  /** The operations from which what a model returns is computed, all if that is not known. @param {Operation[]} operations @param {readonly string[]} results */
  needed(operations, results) {
    if (!results.length) return operations;
    const values = new Set(results);
    for (const value of values) for (const input of this.made.get(value)?.inputs ?? []) values.add(input);
    return operations.filter(({ outputs, last = [] }) => [...outputs, ...last].some((value) => values.has(value)));
  }

  /** The values from which one is computed, with that, if these are few. @param {string} value @returns {Generator<string>} */
  *valuesBefore(value) {
    const values = new Set([value]);
    for (const one of values) {
      this.followed++;
      yield one;
      if (values.size > MOST_VALUES_OF_A_STEP) return;
      for (const input of this.made.get(one)?.inputs ?? []) if (input) values.add(input);
    }
  }

  /** @param {string} value @param {string} other */
  isComputedFrom(value, other) {
    for (const one of this.valuesBefore(value)) if (one === other) return true;
    return false;
  }

  /** Whether a value is computed from constants and shapes alone. @param {string} value */
  isFixed(value) {
    let count = 0;
    for (const one of this.valuesBefore(value)) if (!this.made.has(one) || ++count > MOST_VALUES_OF_A_STEP) return false;
    return true;
  }

  /** Whether so much was followed that the rest is not. */
  get isLong() {
    return this.followed > MOST_OPERATIONS_FOLLOWED;
  }

  /** The value before operations that keep it. @param {string | undefined} value @param {Type[]} [keeping] */
  source(value = "", keeping = ["keep"]) {
    for (let n = 0; n < MOST_TERMS; n++) {
      this.followed++;
      const operation = this.made.get(value);
      if (!operation || !keeping.includes(operation.type)) break;
      value = operation.inputs[0] ?? "";
    }
    return value;
  }

  /** The value of which a product makes another one, and its axis that becomes an axis of that one. @param {string | undefined} value @param {number} axis
   * @returns {{value: string, axis: number} | undefined} */
  before(value, axis) {
    for (let n = 0; n < MOST_TERMS; n++) {
      this.followed++;
      const operation = this.made.get(value ?? "");
      value = operation?.inputs[0] ?? "";
      if (operation?.type === "product") return { value, axis };
      if (!operation || (!operation.order && !["bias", "scale", "clip"].includes(operation.type))) return undefined;
      axis = operation.order?.[axis] ?? axis;
    }
    return undefined;
  }

  /** The operation that makes a value. @param {string | undefined} value @param {Type[]} [keeping] */
  at(value, keeping) {
    return this.made.get(this.source(value, keeping));
  }

  /** The operation of a type that makes one of some values. @param {Type} type @param {(string | undefined)[]} values */
  of(type, ...values) {
    return values.map((value) => this.at(value)).find((operation) => operation?.type === type);
  }

  /** A gate; older ones are a * x + b, of which the ends are cut off. @param {(string | undefined)[]} values */
  gate(...values) {
    /** @param {Operation | undefined} one */
    const isGate = (one) => {
      const isClipped = one?.type === "clip" || (one?.type === "activation" && this.at(one.inputs[0])?.type === "clip");
      return one?.type === "gate" || (isClipped && this.at(one.inputs[0], ["keep", "clip"])?.type === "bias");
    };
    return values.map((value) => this.at(value, ["keep", "part"])).find(isGate); // a part, if all gates are computed at once
  }

  /** The two inputs of an operation, in both orders. @param {Operation | undefined} operation @returns {[string, string][]} */
  pairs(operation) {
    const [one, other, ...others] = operation?.inputs ?? [];
    return one && other && !others.length ? [[one, other], [other, one]] : [];
  }

  /** The terms of a sum of products with matrices; null if it has others. @param {string | undefined} value @returns {Sum | null} */
  sum(value = "") {
    /** @type {Sum} */
    const sum = { products: [], biases: 0, multiplied: [], parts: [] };
    const values = new Set([value]);
    for (const next of values) {
      this.followed++;
      const operation = this.made.get(next);
      if (!operation || values.size > MOST_TERMS) return null;
      if (operation.type === "product") {
        sum.products.push(operation);
        if (operation.layer?.config.bias === true) sum.biases++;
      } else if (operation.type === "multiply") sum.multiplied.push(operation);
      else if (["keep", "part", "bias", "scale", "clip", "add"].includes(operation.type)) {
        if (operation.type === "part") sum.parts.push(operation);
        if (operation.type === "bias" && operation.size !== undefined) sum.biases++;
        for (const input of operation.inputs) values.add(input);
      } else return null;
    }
    return sum;
  }

  /** The products with some matrices from which an operation is computed, without those before other products.
   * @param {Operation} operation @param {Set<string>} weights */
  productsBefore(operation, weights) {
    const found = new Set([operation]);
    for (const one of found) {
      this.followed++;
      if (one.type === "product" || found.size > MOST_TERMS) continue;
      for (const input of one.inputs) {
        const before = this.made.get(input);
        if (before) found.add(before);
      }
    }
    return [...found].filter((one) => one.type === "product" && weights.has(one.weights ?? ""));
  }

  /** The vectors that a matrix is multiplied with: TensorFlow 1 joins x and h. @param {Operation} product @param {boolean} [mayJoin] whether it can be one for both
   * @returns {string[]} */
  inputsOf({ inputs: [input = ""] }, mayJoin = true) {
    const before = mayJoin ? this.at(input) : undefined;
    return before?.type === "join" && before.axis === undefined ? before.inputs : [this.source(input)];
  }

  /** The products in one of the sums of a step, with those that its reset gate scales. @param {Step} step @param {string} value
   * @returns {Sum | null} */
  sumOf(step, value) {
    const sum = this.sum(value);
    if (!sum?.multiplied.length) return sum;
    const [scaled, ...others] = sum.multiplied;
    if (others.length || !scaled || scaled !== step.scaled) return null;
    const inner = scaled.inputs.filter((input) => !this.gate(input)).map((input) => this.sum(input));
    const [more] = inner;
    if (inner.length !== 1 || !more || more.multiplied.length) return null;
    return { products: [...sum.products, ...more.products], biases: sum.biases + more.biases, multiplied: [], parts: [] };
  }

  /** The step of which an operation is the output. @param {Operation} operation @returns {Step | undefined} */
  step(operation) {
    if (operation.type === "multiply") return this.lstm(operation);
    if (operation.type === "add") return this.gru(operation);
    return operation.type === "activation" ? this.rnn(operation) : undefined;
  }

  /** h = o * tanh(c), c = f * c + i * tanh(g). @param {Operation} output @returns {Step | undefined} */
  lstm(output) {
    for (const [one, other] of this.pairs(output)) {
      const o = this.gate(one);
      const squashed = o && this.of("activation", other);
      const c = squashed && this.at(squashed.inputs[0], ["keep", "clip"]);
      if (c?.type !== "add") continue;
      for (const [kept, added] of this.pairs(c)) {
        const f = this.gate(...(this.of("multiply", kept)?.inputs ?? []));
        const factors = this.of("multiply", added)?.inputs ?? [];
        const [i, g] = [this.gate(...factors), this.of("activation", ...factors)];
        if (f && i && g && o) return stepOf("lstm", output, [i, f, g, o]);
      }
    }
    return undefined;
  }

  /** h = z * h + (1 - z) * tanh(n), or tanh(n) + z * (h - tanh(n)). @param {Operation} output @returns {Step | undefined} */
  gru(output) {
    for (const [one, other] of this.pairs(output)) {
      for (const [factor, value] of this.pairs(this.of("multiply", one))) {
        const z = this.gate(factor);
        if (!z) continue;
        const ends = (this.of("subtract", value)?.inputs ?? []).map((end) => this.at(end));
        const isDifference = ends.length === 2 && ends.includes(this.at(other)) && this.at(other);
        const rest = this.of("multiply", other)?.inputs ?? [];
        const opposite = this.of("subtract", ...rest);
        const isOpposite = opposite?.inputs[0] === "" && this.source(opposite.inputs[1]) === this.source(factor);
        const candidates = isDifference ? ends : isOpposite ? [value, ...rest].map((each) => this.at(each)) : [];
        for (const n of candidates) {
          const step = n?.type === "activation" ? this.withReset(output, z, n) : undefined;
          if (step) return step;
        }
      }
    }
    return undefined;
  }

  /** The sum n has r * q, where a matrix makes q of h; or a product of a matrix with r * h. @param {Operation} output
   * @param {Operation} z @param {Operation} n @returns {Step | undefined} */
  withReset(output, z, n) {
    const { products = [], multiplied = [] } = this.sum(n.inputs[0]) ?? {};
    for (const scaled of [...multiplied, ...products.map((product) => this.of("multiply", ...this.inputsOf(product)))]) {
      const r = this.gate(...(scaled?.inputs ?? []));
      if (r) return stepOf("gru", output, [z, r, n], scaled && multiplied.includes(scaled) ? scaled : null);
    }
    return undefined;
  }

  /** h = tanh(n), if a matrix is multiplied with the h before it: other layers have such sums, too. @param {Operation} output
   * @returns {Step | undefined} */
  rnn(output) {
    const sum = this.sum(output.inputs[0]);
    if (!sum || sum.multiplied.length) return undefined;
    const isRecurrent = sum.products.flatMap((product) => this.inputsOf(product)).some((input) => {
      const before = this.at(input);
      if (before?.type === "carry") return this.at(before.inputs[1]) === output;
      const earlier = before?.type === "activation" && before !== output ? this.sum(before.inputs[0]) : null;
      if (!earlier?.products.length) return false;
      // the matrix for h can be another copy in each step, if a product for all steps has a part of x for each
      const isNext = earlier.parts.length > 0 && sum.parts.length > 0 && !earlier.parts.some((part) => sum.parts.includes(part));
      const isShared = isNext && earlier.products.some((product) => sum.products.includes(product));
      const isSame = (/** @type {Operation} */ one, /** @type {Operation} */ other) => one.weights === other.weights || (isShared && isLike(one, other));
      return earlier.products.every((product) => sum.products.some((own) => isSame(own, product)));
    });
    return isRecurrent ? stepOf("rnn", output, [output]) : undefined;
  }
}

/** Whether two products have matrices of the same shape. @param {Operation} one @param {Operation} other */
const isLike = ({ layer: one }, { layer: other }) => one?.config.features === other?.config.features && one?.config.num_units === other?.config.num_units;

/** @param {string} kind @param {Operation} output @param {Operation[]} functions gates and candidate @param {Operation | null} [scaled]
 * @returns {Step} */
function stepOf(kind, output, functions, scaled = null) {
  const candidate = functions[2] ?? functions[0]; // of i, f, g, o; of z, r, n; of a simple RNN its only function
  const gate = functions.find((one) => one !== candidate && (one.type !== "gate" || one.function));
  return { kind, output, sums: functions.map(({ inputs: [sum = ""] }) => sum), activation: candidate?.function, gates: gate && (gate.function ?? HARD_SIGMOID), scaled };
}
