/**
 * TorchScript: which layer gets what another one returns, from the code of the modules in the file. The code is text here: its statements are
 * followed as far as they only pass values on, and nothing is run.
 *
 * @typedef {import("../arrays/array_groups.js").NamedArray} NamedArray
 * @typedef {import("../arrays/layers_of_arrays.js").Part} Part
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("./torchscript_code.js").Method} Method
 * @typedef {import("./torchscript_code.js").Source} Source
 * @typedef {import("./torchscript_code.js").Statement} Statement
 * @typedef {import("./torchscript_expressions.js").Context} Context
 * @typedef {import("./torchscript_expressions.js").Known} Known
 * @typedef {import("./torchscript_expressions.js").Value} Value
 */

import { layerOfOperation, ownerKey, settingsIn } from "./frozen_torchscript.js";
import { isRecurrent, isStack, layer as layerNamed } from "../layer.js";
import { Flow } from "../graphs/layer_inputs.js";
import { LONGEST_STATEMENT, MOST_CODE_LEVELS, MOST_METHOD_CALLS, MOST_STATEMENTS } from "../limits.js";
import { Operators } from "../graphs/operations.js";
import { ParametersOfCode } from "./parameters_of_code.js";
import { followStates, FUNCTIONS } from "./pt2.js";
import { classesIn, methodsIn } from "./torchscript_code.js";
import { Expression, isWhole, NotRead, tensorsAmong, tensorsNamed, tensorsOf } from "./torchscript_expressions.js";
import { ACTIVATION, CONSTANT, DROPOUT, isNamedOperation, joinsBatch, KEEPING, KEEPING_MODULE, MOVING, numberOf, OF_NUMBERS, OF_SHAPES, OF_WEIGHT_IH, ORDER, PACKING, STACKS, takesAll } from "./torchscript_functions.js";

const LOOP_RUNS = 2; // as often the statements of a loop are followed

/** How often a loop runs, 0 if that is not known, and the axis of the input of the model that is as long; whether this is its second run, in which
 * values are those of the run before. @typedef {{runs: number, axis: number | undefined, isAgain: boolean}} Loop */

/** What is made of the outputs of a layer in all runs of a loop, along an axis: a new one, if they are stacked. @typedef {{layer: FoundLayer, axis: number, isStacked: boolean}} Joined */

/** Follows the calls of modules. */
class Walk {
  /** @param {Map<string, string>} texts of the classes @param {Map<string, string>} types the class of each module
   * @param {FoundLayer[]} layers @param {Map<string, string>} owners the names of layers, by the keys of their constants
   * @param {NamedArray[]} arrays @param {Part[]} parts */
  constructor(texts, types, layers, owners, arrays, parts) {
    this.texts = texts;
    /** @type {Map<string, Map<string, Method>>} */
    this.methods = new Map();
    this.types = types;
    this.owners = owners;
    this.layers = new Map(layers.map((one) => [one.name, one]));
    this.flow = new Flow();
    this.operators = new Operators(this.flow);
    this.flow.hasAllUses = true;
    this.parameters = new ParametersOfCode(arrays, parts, this);
    this.left = MOST_STATEMENTS;
    this.calls = 0;
    this.tensors = 0;
    /** @type {Set<string>} the tensors that are the input of the model */
    this.inputs = new Set();
    /** @type {Loop | null} the loop around */
    this.loop = null;
    this.loopLevels = 0;
    /** @type {Set<FoundLayer>} layers that are called in a loop */
    this.loops = new Set();
    /** @type {Map<FoundLayer, number>} layers that run once for each place of an axis of the input of the model */
    this.lengths = new Map();
    /** @type {Map<string, Joined>} */
    this.joined = new Map();
    /** @type {Map<string, {name: string, isOfLast: boolean}[]>} the dropouts through which tensors came, and whether these got only the last step of a layer */
    this.dropouts = new Map();
    /** @type {Map<string, boolean>} sequences of different lengths, and whether the batch was their first axis */
    this.sequences = new Map();
    /** @type {Set<string>} the dropouts that are between layers */
    this.placed = new Set();
    /** @type {Set<string>} tensors that are another step of the input of the model in each run of a loop */
    this.eachStep = new Set();
    /** @type {number | undefined} the axis of the steps of the input */
    this.steps = undefined;
    /** @type {Set<string>} */
    this.called = new Set();
  }

  /** A new tensor. @returns {{tensor: string}} */
  tensor() {
    return { tensor: String(this.tensors++) };
  }

  /** An input of the model. @param {string} name */
  given(name) {
    const tensor = this.tensor();
    this.flow.get(tensor.tensor, name);
    return tensor;
  }

  /** A method of a class. @param {string} type @param {string} name */
  methodOf(type, name) {
    const methods = this.methods.get(type) ?? methodsIn(this.texts.get(type) ?? "");
    this.methods.set(type, methods);
    return methods.get(name);
  }

  /** What a method of a module returns. @param {string} module @param {string} name @param {Value[]} given @param {number} depth
   * @param {boolean} isCertain whether it is called once, whatever the input is @returns {Value} */
  method(module, name, given, depth, isCertain) {
    if (++this.calls > MOST_METHOD_CALLS || depth > MOST_CODE_LEVELS) throw new NotRead();
    const type = this.types.get(module) ?? "";
    const layer = this.layers.get(module);
    const method = this.methodOf(type, name);
    if (layer || !method || DROPOUT.test(type) || KEEPING_MODULE.test(type)) this.parameters.use(module);
    const isFollowed = layer && isStack(layer) && name === "forward" && this.isTraced(type);
    if (!layer && DROPOUT.test(type)) return this.dropped(module, given[0]);
    if (!layer && KEEPING_MODULE.test(type)) {
      const own = method && ACTIVATION.test(type) ? tensorsOf(this.body(module, method, given, depth, isCertain)) : []; // which names its function
      const value = this.kept(given[0]);
      if (own.length) this.flow.derive(own, tensorsOf(value));
      return value;
    }
    if (layer && method && isRecurrent(layer) && !isStack(layer) && this.isTraced(type)) return this.tracedCell(layer, method, given, isCertain);
    if (layer && !isFollowed) return this.layer(layer, given, isCertain);
    const value = method && this.body(module, method, given, depth, isCertain);
    if (layer && isFollowed) this.flow.noteReturned(layer, tensorsOf(value));
    return value;
  }

  /** Whether a class was made by tracing: it has no settings then, and its code has only what ran. @param {string} type */
  isTraced(type) {
    return !/: Final\[/.test(this.texts.get(type) ?? "");
  }

  /** A cell whose code was made by tracing: its arguments are in any order, and it may return h alone. @param {FoundLayer} layer @param {Method} method
   * @param {Value[]} given @param {boolean} isCertain @returns {Value} */
  tracedCell(layer, { parameters, statements }, given, isCertain) {
    const text = statements.map((one) => one.text).join("\n");
    const [, ...names] = OF_WEIGHT_IH.exec(text) ?? [];
    const at = parameters.findIndex((name) => names.includes(name));
    const place = at < 0 ? 0 : at;
    const value = this.layer(layer, [given[place], { items: given.filter((_, n) => n !== place) }], isCertain);
    const [, returned = ""] = /^return (.*)$/m.exec(text) ?? [];
    const isTuple = returned.startsWith("(") || statements.some((one) => one.text.startsWith(`${returned} = (`));
    return value && "items" in value && !isTuple ? value.items[0] : value;
  }

  /** A layer that gets a value, and maybe its initial states. @param {FoundLayer} layer @param {Value[]} given @param {boolean} isCertain @returns {Value} */
  layer(layer, [input, initial], isCertain) {
    for (const tensor of tensorsAmong([input, initial])) this.flow.taken.add(tensor);
    const output = this.tensor();
    const isAgain = this.called.has(layer.name);
    const isCell = isRecurrent(layer) && !isStack(layer);
    if (isAgain && !isCell && !isCertain) return undefined; // in a loop, or in another case
    this.called.add(layer.name);
    this.operators.pass();
    if (this.loop && !isAgain) this.noteLoop(layer, isCertain ? this.loop : { ...this.loop, runs: 0, axis: undefined });
    if (!this.flow.steps.length && input && "step" in input) this.steps = input.step;
    const source = isCertain && input && "tensor" in input ? input.tensor : "";
    const [first, states] = [this.tensor(), this.tensor()];
    const outputs = isCertain || isCell ? [output.tensor] : [];
    const begins = isCertain && isRecurrent(layer) ? tensorsOf(initial) : [];
    for (const name of isCertain && isRecurrent(layer) ? this.parameters.begin(layer, initial) : []) {
      const state = this.tensor();
      this.flow.begin([state.tensor], name);
      begins.push(state.tensor);
    }
    if (!isAgain) this.flow.add(layer, source, outputs, begins, isStack(layer) ? [states.tensor, first.tensor] : []);
    else if (this.loop?.isAgain) this.flow.runsLater(layer, [source], outputs);
    else if (isStack(layer)) this.flow.again(layer, source, outputs);
    else if (isCertain) this.runsAgain(layer, source, outputs);
    else this.flow.returns(output.tensor, layer); // the next step of a cell, or of a layer that several steps share
    if (isAgain) this.flow.continue(layer, begins);
    if (isCell) this.flow.begin([first.tensor], layer.name);
    if (!isRecurrent(layer)) return output;
    if (isCell) return layer.kind === "lstm_cell" ? { items: [output, first] } : output;
    const text = this.texts.get(this.types.get(layer.name) ?? "") ?? "";
    const said = /\bbatch_first : Final\[bool\] = (True|False)$/m.exec(text)?.[1];
    if (said) layer.config.batch_first = said === "True";
    const isFirst = this.sequences.get(source);
    if (isFirst !== undefined) Object.assign(layer.config, { batch_first: isFirst, lengths_of: "pack_padded_sequence" });
    const dropout = /\bdropout : Final\[float\] = ([\d.]+)$/m.exec(text)?.[1];
    if (dropout) layer.config.dropout = Number(dropout);
    return { items: [output, this.states(layer, states, first)] };
  }

  /** A layer that ran before, as traced code has each step, or code before or after a loop. @param {FoundLayer} layer @param {string} source @param {string[]} outputs */
  runsAgain(layer, source, outputs) {
    const times = this.loop ? this.loop.runs : 1;
    this.lengths.delete(layer); // it runs more often than there are steps
    if (layer.isLooped || times < 1) {
      Object.assign(layer, { isLooped: true, runs: undefined });
      this.flow.runsLater(layer, [source], outputs);
    } else {
      this.flow.runsAgain(layer, [source], outputs);
      layer.runs = (layer.runs ?? 1) + times - 1;
    }
  }

  /** Note that a layer is called in a loop. @param {FoundLayer} layer @param {Loop} loop */
  noteLoop(layer, { runs, axis }) {
    Object.assign(layer, runs > 1 ? { runs } : { isLooped: true });
    this.loops.add(layer);
    if (axis !== undefined) this.lengths.set(layer, axis);
  }

  /** The other inputs of the model, and what it returns beside what is computed from its last layer. @param {readonly string[]} results
   * @returns {Pick<import("../layer.js").Model, "inputs" | "outputs">} */
  ends(results) {
    return this.flow.ends(this.flow.layers(), () => undefined, results);
  }

  /** The layers in their order. If the first one is in a loop, it gets a part of the input, such as a step. @param {string} input its name @param {readonly string[]} results
   * @returns {Pick<import("../layer.js").Model, "layers" | "input" | "isBatchFirst" | "output">} */
  found(input, results) {
    const all = this.withDropouts(this.flow.layers());
    this.flow.markJoined(all);
    const [first, ...others] = all;
    const { stepAxis } = this.flow;
    const steps = this.steps ?? stepAxis;
    for (const [one, axis] of this.lengths) if (axis === steps) one.runsOfSteps = true;
    for (const one of others) this.noteSteps(one, input);
    for (const one of others) this.noteJoined(one, steps);
    const order = all.some(isStack) || (steps !== 0 && steps !== 1) ? {} : { isBatchFirst: steps === 1 };
    const end = { ...order, ...this.output(all, results, steps) };
    const isOfLoop = first?.isLooped || (first?.runs && (isRecurrent(first) || this.steps !== undefined));
    if (!first || !isOfLoop) return { layers: all, ...end };
    const features = first.config.features ?? null;
    const isIds = first.kind === "embedding";
    const isStep = this.steps === 0 || this.steps === 1;
    const part = layerNamed(input, isStep ? "step" : "other", first.framework, {}, isStep || isIds ? null : [features]);
    const layers = [{ ...part, isOfInput: true }, { ...first, follows: isStep || (features !== null && !isIds) }, ...others];
    return isStep ? { layers, input: isIds ? ["t"] : ["t", features], ...end } : { layers, ...end };
  }

  /** Note that a cell gets each step of the input of the model, which the layer before it does not return. @param {FoundLayer} one @param {string} input its name */
  noteSteps(one, input) {
    const [value = ""] = this.flow.values.get(one) ?? [];
    if (!isRecurrent(one) || isStack(one) || !this.eachStep.has(value) || one.reads?.join() !== input) return;
    Object.assign(one, { isOfStep: true, input: ["t", one.config.features] });
  }

  /** Note the axes of what a layer gets, if that is what a cell returned in all runs of a loop. @param {FoundLayer} one @param {number | undefined} steps the axis of the
   * steps of the input of the model */
  noteJoined(one, steps) {
    const [value = ""] = this.flow.values.get(one) ?? [];
    const { layer, axis, isStacked } = this.joined.get(value) ?? {};
    if (!layer || !isRecurrent(layer) || isStack(layer) || !isStacked || axis !== 1 || steps === 0 || one.follows) return;
    one.input ??= [layer.runsOfSteps ? "t" : layer.runs ?? null, layer.config.num_units];
  }

  /** The axes after the batch of what the model returns, if that is what its last layer returned in all runs of a loop, or in one: vectors, if a cell is before it.
   * @param {FoundLayer[]} all @param {readonly string[]} results @param {number | undefined} steps the axis of the steps of its input
   * @returns {Pick<import("../layer.js").Model, "output">} */
  output(all, results, steps) {
    const last = all.at(-1);
    if (!last || !(last.isLooped || (last.runs ?? 1) > 1)) return {};
    const { layer, axis, isStacked } = this.joined.get(results[0] ?? "") ?? {};
    const start = all.map((one) => isRecurrent(one) && !isStack(one)).lastIndexOf(true);
    const size = last.config.num_units ?? null;
    const areVectors = start >= 0 && all.slice(start + 1).every(({ follows }) => follows);
    const origin = this.flow.origins.get(results[0] ?? "");
    if (results.length === 1 && origin?.layer === last && !origin.isStep && areVectors) return { output: [size] };
    if (results.length !== 1 || layer !== last || axis !== 1 || !areVectors || steps === 0) return { output: [] }; // what is made of them is not known
    const runs = last.runsOfSteps ? "t" : last.runs ?? null;
    return { output: isStacked ? [runs, size] : [typeof runs === "number" && size ? runs * size : null] };
  }

  /** The last states of a layer: h_n, or h_n and c_n. @param {FoundLayer} one @param {{tensor: string}} h @param {{tensor: string}} c
   * @returns {Known} */
  states(one, h, c) {
    if (!one.config.bidirectional) this.flow.states.set(h.tensor, one);
    return one.kind === "lstm" ? { items: [h, c] } : h;
  }

  /** What a dropout returns. @param {string} name @param {Value} value @returns {Value} */
  dropped(name, value) {
    const output = this.kept(value);
    if (!value || !("tensor" in value) || !output || !("tensor" in output)) return output;
    const isOfLast = this.flow.origins.get(value.tensor)?.isLast ?? false;
    this.dropouts.set(output.tensor, [...(this.dropouts.get(output.tensor) ?? []), { name, isOfLast }]);
    return output;
  }

  /** The layers with the dropouts between one and the next. One of all steps, of which only the last one goes on, is in none of both places.
   * @param {FoundLayer[]} layers @returns {FoundLayer[]} */
  withDropouts(layers) {
    return layers.flatMap((one, n) => {
      const before = layers[n - 1];
      const found = before && one.follows ? this.dropouts.get(this.flow.values.get(one)?.[0] ?? "") ?? [] : [];
      const shown = found.filter(({ isOfLast }) => isOfLast || !before?.onlyLast);
      for (const { name } of shown) this.placed.add(name);
      return [...shown.map(({ name }) => ({ ...layerNamed(name, "dropout", "pytorch"), follows: true })), one];
    });
  }

  /** The names of the dropouts that are between no layers. */
  get bare() {
    return [...this.types].flatMap(([name, type]) => (DROPOUT.test(type) && !this.placed.has(name) ? `${name} (${type.slice(type.lastIndexOf(".") + 1)})` : []));
  }

  /** The same vectors in a new tensor. @param {Value} value @returns {Value} */
  kept(value) {
    if (!value || !("tensor" in value)) return undefined;
    const output = this.tensor();
    const layer = this.flow.states.get(value.tensor);
    if (layer) this.flow.states.set(output.tensor, layer);
    this.flow.keep(value.tensor, output.tensor);
    const dropouts = this.dropouts.get(value.tensor);
    if (dropouts) this.dropouts.set(output.tensor, dropouts);
    for (const those of [this.inputs, this.eachStep]) if (those.has(value.tensor)) those.add(output.tensor);
    return output;
  }

  /** Whether a value is the last states of stacked layers. @param {Value} value */
  isState(value) {
    return value !== undefined && "tensor" in value && this.flow.states.has(value.tensor);
  }

  /** Whether a tensor is computed from the last states of stacked layers alone, whose first axis is not the batch. @param {string} tensor */
  areStates(tensor) {
    const names = this.flow.sourcesOf([tensor]);
    const isOfStacks = names.length > 0 && names.every((name) => isStack(this.layers.get(name) ?? { kind: "" }));
    return this.flow.states.has(tensor) || (isOfStacks && !this.flow.sourcesOf([tensor], this.flow.steppers).length);
  }

  /** The layer whose weights are given as constants. @param {string} kind @param {Value[]} given */
  layerWith(kind, given) {
    const values = given.flatMap((value) => (value && "items" in value ? value.items : [value]));
    for (const value of values) {
      const place = value && "path" in value ? CONSTANT.exec(value.path)?.[1] : undefined;
      const owner = place && this.owners.get(ownerKey(kind, place));
      if (owner) return this.layers.get(owner);
    }
    return undefined;
  }

  /** Follow the statements of a method. @param {string} module @param {Method} method @param {Value[]} given @param {number} depth
   * @param {boolean} isCertain @returns {Value} */
  body(module, { own, parameters, statements }, given, depth, isCertain) {
    /** @type {Map<string, Value>} */
    const names = new Map(parameters.map((name, n) => [name, given[n]]));
    names.set(own, { module });
    return this.statements(statements, names, { module, depth, isCertain }, 4)?.returned;
  }

  /** Follow statements, of which those at a depth run one after the other, and others only in a case. The statements of a loop are followed twice: in later runs
   * they get what they returned before. @param {Statement[]} statements @param {Map<string, Value>} names @param {Context} context @param {number} level the depth
   * @returns {{returned: Value} | null} what they return, null if they go on */
  statements(statements, names, context, level) {
    const { module, depth, isCertain } = context;
    for (let n = 0; n < statements.length; n++) {
      const { depth: at, text } = statements[n] ?? { depth: 0, text: "" };
      if (--this.left < 0) throw new NotRead();
      const isSure = isCertain && at === level;
      const [, targets = "", expression = ""] = /^(?:((?:\w+, )*\w+,?)(?: ?: [^=]*)? = |return )(.*)$/.exec(text) ?? [];
      if (text.length > LONGEST_STATEMENT) {
        this.flow.hasAllUses = false;
        this.parameters.areAllRead = false;
        continue;
      }
      const used = tensorsNamed(expression || text, names);
      for (const tensor of used) this.flow.used.add(tensor);
      if (/^(?:for|while) /.test(text)) {
        this.parameters.name(text);
        let end = n + 1;
        while ((statements[end]?.depth ?? 0) > at) end++;
        const body = statements.slice(n + 1, end);
        const returned = this.repeated(body, names, { ...context, isCertain: isSure }, at + 2, this.loopOf(text, names, context, isSure));
        if (returned) return returned;
        n += body.length;
        continue;
      }
      if (!expression) {
        this.parameters.name(text);
        for (const tensor of used) this.flow.take(tensor);
        continue;
      }
      /** @type {Value} */
      let value;
      try {
        value = new Expression(expression, names, this, { module, depth, isCertain: isSure }).whole();
      } catch (error) {
        if (!(error instanceof NotRead) || this.calls > MOST_METHOD_CALLS || this.left < 0) throw error;
        this.parameters.name(text);
        for (const tensor of used) this.flow.take(tensor);
      }
      if (!targets) return { returned: isSure ? value : undefined };
      const all = targets.replace(/,$/, "").split(", ");
      const isSplit = targets.includes(",");
      all.forEach((name, at) => {
        const part = isSplit ? this.partOf(value, at) : value;
        names.set(name, isSure || (part && !("tensor" in part)) ? part : undefined);
      });
    }
    return null;
  }

  /** One of several values that a function returns: from which tensors it is computed. @param {Value} value @param {number} at its place @returns {Value} */
  partOf(value, at) {
    if (!value || "items" in value) return value?.items[at];
    if (!("tensor" in value) || "step" in value) return undefined;
    const output = this.tensor();
    this.flow.compute([value.tensor], [output.tensor]);
    return output;
  }

  /** Follow the statements of a loop. @param {Statement[]} statements @param {Map<string, Value>} names @param {Context} context @param {number} level
   * @param {Loop} loop */
  repeated(statements, names, context, level, loop) {
    const around = this.loop;
    let returned = null;
    if (++this.loopLevels > MOST_CODE_LEVELS) throw new NotRead();
    for (let run = 0; run < LOOP_RUNS; run++) {
      this.loop = { ...loop, isAgain: run > 0 || (around?.isAgain ?? false) };
      returned ??= this.statements(statements, names, context, level);
    }
    this.loop = around;
    this.loopLevels--;
    return returned;
  }

  /** How often a loop runs. In other loops that is not known. @param {string} text @param {Map<string, Value>} names @param {Context} context @param {boolean} isSure
   * @returns {Loop} */
  loopOf(text, names, context, isSure) {
    const range = this.loop || !isSure ? undefined : /^for \w+ in range\((.*)\):$/.exec(text)?.[1];
    const times = range === undefined ? undefined : new Expression(range, names, this, context).read();
    return { runs: times && "number" in times ? times.number : 0, axis: times && "length" in times ? times.length : undefined, isAgain: false };
  }

  /** What a function returns, of which it is noted where it is if it is an operation. @param {string} path @param {Value[]} given @param {string} module that calls it
   * @param {string[]} texts of the arguments @param {boolean} isCertain @returns {Value} */
  function(path, given, module, texts, isCertain) {
    const name = path.slice(path.lastIndexOf(".") + 1);
    const kind = layerOfOperation(path);
    const layer = kind && (this.layerWith(kind, given) ?? (STACKS.has(kind) ? this.layers.get(module) : undefined));
    if (layer && kind?.startsWith("rnn_")) layer.config.activation = kind.startsWith("rnn_relu") ? "relu" : undefined;
    if (layer && isStack(layer)) return this.operation(layer, given, texts, isCertain);
    if (layer) return this.layer(layer, kind === "embedding" ? given.slice(1) : given, isCertain);
    const isOperation = isCertain && !this.loop?.isAgain && kind !== "convolution" && isNamedOperation(path, name, given);
    const isNamed = isOperation && [...tensorsAmong(given)].some((tensor) => this.flow.sources.has(tensor));
    const operator = isNamed && this.operators.add(name.replace(/^_(?=max_pool|adaptive_max)/, ""), [], FUNCTIONS.has(name));
    const value = this.valueOf(name, kind, given, texts, isCertain);
    if (operator) operator.outputs = tensorsOf(value);
    if (isCertain && !this.loop) this.parameters.place(given, value);
    return value;
  }

  /** What a function that is no layer of the file returns. @param {string} name @param {ReturnType<typeof layerOfOperation>} kind of the layer that it computes, if it is one
   * @param {Value[]} given @param {string[]} texts of the arguments @param {boolean} isCertain @returns {Value} */
  valueOf(name, kind, given, texts, isCertain) {
    const [input, by] = given;
    const [dim, from] = given.slice(1).map(numberOf);
    const isWholeSlice = takesAll(name, given);
    if (kind === "convolution" && isCertain) return this.layer(layerNamed(texts[1] ?? "", kind, "pytorch"), given, true); // its weights are not in the file
    const parameter = OF_SHAPES.test(name) ? undefined : this.parameters.alone(given);
    if (parameter) return parameter;
    const isBias = name === "add" && by !== undefined && "path" in by && CONSTANT.test(by.path);
    const isOrder = name === "index_select" && (ORDER.test(texts[2] ?? "") || (texts[1] === "1" && this.isState(input))); // of the batch
    if (OF_NUMBERS.has(name) && input && ("length" in input || "product" in input)) return input;
    if (name === "mul" && given.some((one) => one && "length" in one) && !tensorsAmong(given).size) return { product: true };
    if (KEEPING.has(name) || isBias || isOrder) return this.kept(input);
    if (/^_?pack_padded_sequence$/.test(name)) return this.packed(name, given, texts[2] === "True");
    if (PACKING.has(name)) return { items: [this.kept(input), undefined] };
    if (name === "annotate") return by; // an empty list, with its type
    if (name === "append") return this.appended(input, by, isCertain);
    if (name === "stack" || name === "cat") return this.together(name, given);
    const [one] = input && "items" in input ? input.items : [];
    if (name === "len" && one && "step" in one) return { length: one.step }; // of a list of all steps
    const isState = input && "tensor" in input && this.flow.states.has(input.tensor);
    if (!input || !("tensor" in input) || (name === "squeeze" && !isState)) return this.computed(name, given);
    if (name === "flip") return this.flipped(input.tensor, given);
    if (name === "unbind") return this.stepsOf(input.tensor, given[1]);
    if (this.inputs.has(input.tensor) && (name === "size" || name === "len")) return lengthOf(name === "len" ? { number: 0 } : by);
    if (isWholeSlice && "step" in input) return input;
    if (name === "slice") return isWholeSlice ? this.kept(input) : this.computed(name, given);
    if (name !== "select" && name !== "squeeze") return this.computed(name, given);
    if (name === "select" && this.inputs.has(input.tensor) && dim !== undefined) return this.stepOf(input.tensor, dim, isCertain, from === undefined);
    const output = this.tensor();
    const settings = new Map([["dim", { as_int: dim }], ["index", { as_int: from }]]);
    if (name === "select" && dim === 0) this.flow.takesState(input.tensor, from);
    if (isState) followStates(this.flow, name, settings, input.tensor, output.tensor);
    else if (name === "select" && from === -1) {
      const stack = this.flow.origins.get(input.tensor)?.layer;
      if (stack && isStack(stack) && typeof stack.config.batch_first === "boolean" && dim === Number(stack.config.batch_first)) {
        this.flow.keep(input.tensor, output.tensor, true);
        const dropouts = this.dropouts.get(input.tensor);
        if (dropouts) this.dropouts.set(output.tensor, dropouts);
        return output;
      }
    }
    if (name === "select" && !this.flow.states.has(output.tensor)) {
      this.flow.compute([input.tensor], [output.tensor]);
      this.flow.part(input.tensor, [output.tensor], dim);
    }
    return output;
  }

  /** Sequences of different lengths, of which the order depends on these. @param {string} name of the function @param {Value[]} given @param {boolean} isFirst whether
   * the batch is their first axis @returns {Value} */
  packed(name, [input, lengths], isFirst) {
    const value = this.kept(input);
    if (!value || !("tensor" in value)) return value;
    this.flow.makes(tensorsOf(lengths), [value.tensor]);
    this.sequences.set(value.tensor, isFirst);
    return name.startsWith("_") ? { items: [value, undefined] } : value;
  }

  /** A tensor reversed along some axes. @param {string} tensor @param {Value[]} given @returns {Value} */
  flipped(tensor, given) {
    const [, dims] = given;
    const value = this.computed("flip", given);
    const axes = dims && "items" in dims ? dims.items.map((one) => (one && "number" in one ? one.number : undefined)) : [];
    if (value && "tensor" in value) this.flow.flip(tensor, value.tensor, axes);
    return value;
  }

  /** What a function computes, if it is known from which tensors. @param {string} name @param {Value[]} given @returns {Value} */
  computed(name, given) {
    if (OF_SHAPES.test(name)) return undefined;
    const tensors = [...tensorsAmong(given)];
    for (const tensor of tensors) this.flow.take(tensor);
    if (!tensors.length || !(MOVING.test(name) ? given.slice(0, 1) : given).every((one) => isWhole(one))) return undefined;
    const output = this.tensor();
    this.flow.compute(tensors, [output.tensor]);
    const isJoined = this.areStates(tensors[0] ?? "") ? undefined : joinsBatch(name, given);
    if (isJoined !== undefined) this.flow.joinAxes(output.tensor, isJoined);
    return output;
  }

  /** Put another value at the end of a list, which its other names have, too. @param {Value} list @param {Value} value @param {boolean} isCertain @returns {Value} */
  appended(list, value, isCertain) {
    if (!list || !("items" in list)) return list;
    if (list.items.length < MOST_METHOD_CALLS) list.items.push(isCertain && value && "tensor" in value ? value : undefined);
    else list.items[0] = undefined; // it is not known what is in it
    return list;
  }

  /** Values as one, along an axis. @param {string} name @param {Value[]} given @returns {Value} */
  together(name, given) {
    const [list, at] = given;
    const value = this.computed(name, given);
    const items = list && "items" in list ? list.items : [];
    const layers = new Set(items.map((one) => (one && "tensor" in one ? this.flow.origins.get(one.tensor)?.layer : undefined)));
    const [layer] = layers;
    const axis = at && "number" in at ? at.number : 0;
    const runs = layer?.runs && !this.loops.has(layer) ? layer.runs : LOOP_RUNS;
    if (value && "tensor" in value && layers.size === 1 && layer && (layer.isLooped || layer.runs) && items.length === runs) this.joined.set(value.tensor, { layer, axis, isStacked: name === "stack" });
    return value;
  }

  /** What is at a place of a list that is not known: the same value as at all others, of which each run of a loop gets another step. @param {Value[]} items @returns {Value} */
  anyOf(items) {
    const [one, ...others] = new Set(items);
    if (!one || !("tensor" in one) || others.length) return undefined;
    if (this.loop && "step" in one) this.eachStep.add(one.tensor);
    return one;
  }

  /** A step of the input of the model. @param {string} tensor @param {number} step its axis @param {boolean} isCertain whether it is taken once, or once in each
   * run of a loop @param {boolean} isAnother whether it is another one in each run @returns {Known} */
  stepOf(tensor, step, isCertain, isAnother) {
    if (!isCertain) return { step };
    const output = this.tensor();
    if (this.loop && isAnother) this.eachStep.add(output.tensor);
    this.flow.compute([tensor], [output.tensor]);
    this.flow.part(tensor, [output.tensor], step);
    return { step, ...output };
  }

  /** What unbind returns: each step, which is the same tensor here. @param {string} tensor @param {Value} axis @returns {Value} */
  stepsOf(tensor, axis) {
    const dim = axis && "number" in axis ? axis.number : 0;
    const output = this.tensor();
    this.flow.part(tensor, [output.tensor], dim);
    if (!this.inputs.has(tensor)) return { items: Array(MOST_METHOD_CALLS).fill(output) };
    this.flow.compute([tensor], [output.tensor]);
    return { items: Array(MOST_METHOD_CALLS).fill({ step: dim, ...output }) };
  }

  /** torch.lstm(input, states, weights, biases, layers, dropout, train, bidirectional, batch_first) of a traced layer. @param {FoundLayer} layer
   * @param {Value[]} given @param {string[]} texts @param {boolean} isCertain @returns {Value} */
  operation(layer, given, texts, isCertain) {
    const settings = settingsIn(texts);
    if (settings) Object.assign(layer.config, { dropout: settings.dropout, batch_first: settings.batch_first ?? layer.config.batch_first });
    const value = this.layer(layer, given, isCertain);
    if (!value || !("items" in value)) return undefined;
    const [output, states] = value.items;
    return { items: [output, ...(states && "items" in states ? states.items : [states])] };
  }
}

/** The length of an axis of the input of the model, or of each one. @param {Value} axis @returns {Value} */
const lengthOf = (axis) => (axis && "number" in axis ? { length: axis.number } : axis ? undefined : { items: [0, 1, 2, 3].map((length) => ({ length })) });

/**
 * The layers in the order in which the code calls them, with whether each gets what the one before it returns.
 *
 * @param {Source[]} sources
 * @param {Map<string, string>} types the class of each module, by its path
 * @param {FoundLayer[]} layers
 * @param {Map<string, string>} owners the names of frozen layers, by the keys of their constants
 * @param {NamedArray[]} arrays of the file
 * @param {Part[]} parts of the model
 * @returns {(Pick<import("../layer.js").Model, "layers" | "input" | "isBatchFirst" | "output" | "bare" | "inputs" | "outputs" | "operators" | "lastOperators" | "otherOperators" | "functions" | "unused" | "unusedCount"> & {rest: Part[], named: string[]}) | null} with the parts that are no layers of the chain, and the arrays that are not unknown; null if the code is not read: it does not show the call of every
 * recurrent layer
 */
export function layersInOrder(sources, types, layers, owners, arrays, parts) {
  const walk = new Walk(classesIn(sources), types, layers, owners, arrays, parts);
  try {
    const forward = walk.methodOf(types.get("") ?? "", "forward");
    if (!forward) return null;
    const [input, ...others] = forward.parameters.map((name) => walk.given(name));
    if (input) walk.inputs.add(input.tensor);
    const returned = walk.body("", forward, input ? [input, ...others] : [], 0, true);
    walk.flow.results = tensorsOf(returned);
    if (layers.some((one) => isRecurrent(one) && !walk.called.has(one.name))) return null;
    const found = walk.found(forward.parameters[0] ?? "", walk.flow.results);
    return { ...found, ...walk.parameters.found(), ...walk.operators.named(), ...(walk.bare.length ? { bare: walk.bare } : {}), ...walk.ends(walk.flow.results) };
  } catch (error) {
    if (error instanceof NotRead) return null;
    throw error;
  }
}
