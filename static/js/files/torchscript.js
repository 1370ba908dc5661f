/**
 * TorchScript: which layer gets what another one returns, from the code of the modules in the file. The code is text here: its statements are
 * followed as far as they only pass values on, and nothing is run.
 *
 * @typedef {import("./layer.js").FoundLayer} FoundLayer
 * @typedef {{module: string} | {tensor: string} | {items: Value[]} | {number: number} | {path: string} | {step: number} | {step: number, tensor: string}} Known a module, by its path in the
 *   model; a tensor, by a key of its own; a tuple or list; a number; the name of a function; a step of
 *   the input of the model, by the axis of the steps
 * @typedef {Known | undefined} Value
 */

import { LONGEST_PARAMETERS, LONGEST_STATEMENT, MOST_CODE_LEVELS, MOST_METHODS, MOST_METHOD_CALLS, MOST_STATEMENTS } from "./limits.js";
import { followStates } from "./pt2.js";
import { Flow } from "./layer_inputs.js";
import { argumentsIn, layerOfOperation, ownerKey, settingsIn } from "./frozen_torchscript.js";
import { isRecurrent, isStack, layer as layerNamed } from "./layer.js";

/** The code of a file of the archive, with the name that its classes have before theirs. @typedef {{prefix: string, text: string}} Source */

const WHOLE = 2 ** 62; // the end of a slice that takes everything

/** Functions that keep the axes of their first argument and the vectors in it. */
const KEEPING = new Set(
  "relu relu_ relu6 leaky_relu elu tanh tanh_ sigmoid sigmoid_ gelu silu softmax log_softmax dropout layer_norm batch_norm contiguous to detach clone".split(" "),
);

/** Functions on sequences of different lengths, which keep the vectors of their first argument and return other things, too. */
const PACKING = new Set(["_pack_padded_sequence", "_pad_packed_sequence", "pad_packed_sequence"]);

/** Whether a batch is in the order of its lengths, which does not matter here. */
const IN_ORDER = /torch\.__is__\((?:un)?sorted_indices\d*, None\)/;

/** How the code of PyTorch calls an order of the batch. */
const ORDER = /^(?:(?:un)?sorted_indices|permutation)\d*$/;

/** Modules of PyTorch that keep vectors: those without arrays, and those that a chain of a file does not show. */
const KEEPING_MODULE = /^__torch__\.torch\.nn\.modules\.(?:dropout|normalization|batchnorm|activation|linear(?=.*\.Identity$))\.(?!.*MultiheadAttention$)/;

/** Functions whose result depends on the shape of tensors, and not on their values. */
const OF_SHAPES = /^(?:size|len|dim|numel|ndim|device|dtype|is_\w+|(?:new_)?(?:zeros|ones|full|empty|rand\w*)(?:_like)?)$/;

const MOST_LISTS = 3; // in each other, of the arguments of a function

/** Functions of which only the first argument has values. */
const MOVING = /^(?:view|reshape|expand|repeat|permute|flatten|(?:un)?squeeze|transpose|narrow|slice)$/;

/** Calls of functions of shapes, which use no values. */
const SHAPE_OF = /\b(?:torch\.(?:size|dim|numel|ndim)|torch\.len|ops\.prim\.(?:device|dtype))\(\w+(?:, -?\d+)?\)/g;

/** An expression that only gives values other names, or puts them in a tuple. */
const ONLY_NAMES = /^\(?\w*(?:, \w+)*,?\)?(?:\[\d+\])?$/;

/** A constant of the code. */
const CONSTANT = /^CONSTANTS\.c(\d+)$/;

/** What a cell multiplies with its weights for x. */
const OF_WEIGHT_IH = /torch\.(?:linear\((\w+), weight_ih\b|(?:lstm|gru|rnn_\w+)_cell\((\w+),)/;

/** The operations that stacked layers are. */
const STACKS = new Set(["lstm", "gru", "rnn_tanh", "rnn_relu"]);

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d[\w.+]*)|([A-Za-z_]\w*)|([()[\],.=:]))/y;

/** The expression of a statement is none of those that are read. */
class NotRead extends Error {}

/** @typedef {{own: string, parameters: string[], statements: {depth: number, text: string}[]}} Method with the name that its module has in it */

/** The text of each class, by its full name. @param {Source[]} sources */
function classesIn(sources) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const { prefix, text } of sources) {
    const starts = [...text.matchAll(/^class (\w+)\(Module\):$/gm)];
    starts.forEach((start, n) => texts.set(`${prefix}.${start[1]}`, text.slice(start.index, starts[n + 1]?.index ?? text.length)));
  }
  return texts;
}

/** The methods of a class, by name. @param {string} body */
function methodsIn(body) {
  /** @type {Map<string, Method>} */
  const methods = new Map();
  const heads = [...body.matchAll(/^ {2}def (\w+)\(/gm)].slice(0, MOST_METHODS);
  heads.forEach((head, n) => {
    const rest = body.slice(head.index + head[0].length, heads[n + 1]?.index ?? body.length);
    const [own = "", ...parameters] = argumentsIn(rest.slice(0, LONGEST_PARAMETERS)).map((one) => /^\w*/.exec(one)?.[0] ?? "");
    const lines = rest.slice(rest.search(/:\n/) + 1).split("\n").filter((line) => /^ {4,}\S/.test(line));
    const statements = lines.map((line) => ({ depth: line.search(/\S/), text: line.trim() }));
    methods.set(head[1] ?? "", { own, parameters, statements: ofBatches(statements) });
  });
  return methods;
}

/** The statements that run if layers are given a batch, and not a single sequence: PyTorch's own code has both.
 * @param {Method["statements"]} statements @returns {Method["statements"]} */
function ofBatches(statements) {
  /** @type {Map<string, boolean>} */
  const known = new Map();
  /** @type {Method["statements"]} */
  const chosen = [];
  /** @type {{depth: number, isTrue: boolean, isElse: boolean}[]} the conditions around */
  const around = [];
  for (const { depth, text } of statements) {
    while (around.length && depth < (around.at(-1)?.depth ?? 0)) around.pop();
    const last = around.at(-1);
    const isInside = last && depth > last.depth;
    if (last && !isInside && text === "else:") last.isElse = true;
    else {
      if (last && !isInside) around.pop();
      const isSkipped = around.some(({ isTrue, isElse }) => isTrue === isElse);
      const [, name = "", not] = /^(\w+) = (?:torch\.__not__\((\w+)\))?/.exec(text) ?? [];
      if (/^is_batched\d*$/.test(name)) known.set(name, true);
      else if (not && known.has(not)) known.set(name, !known.get(not));
      else if (name && IN_ORDER.test(text)) known.set(name, false);
      const condition = /^if (.*):$/.exec(text)?.[1] ?? "";
      const isTrue = IN_ORDER.test(condition) ? false : known.get(condition);
      if (isTrue !== undefined) around.push({ depth, isTrue, isElse: false });
      else if (!isSkipped) chosen.push({ depth: depth - 2 * around.length, text });
    }
  }
  return chosen;
}

/** Follows the calls of modules. */
class Walk {
  /** @param {Map<string, string>} texts of the classes @param {Map<string, string>} types the class of each module
   * @param {FoundLayer[]} layers @param {Map<string, string>} owners the names of layers, by the keys of their constants */
  constructor(texts, types, layers, owners) {
    this.texts = texts;
    /** @type {Map<string, Map<string, Method>>} */
    this.methods = new Map();
    this.types = types;
    this.owners = owners;
    this.layers = new Map(layers.map((one) => [one.name, one]));
    this.flow = new Flow();
    this.flow.hasAllUses = true;
    this.left = MOST_STATEMENTS;
    this.calls = 0;
    this.tensors = 0;
    /** @type {Set<string>} the tensors that are the input of the model */
    this.inputs = new Set();
    /** @type {number | null} how often the loop around runs, 0 if that is not known; null outside of loops */
    this.loop = null;
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
    const isFollowed = layer && isStack(layer) && name === "forward" && this.isTraced(type);
    if (!layer && KEEPING_MODULE.test(type)) return this.kept(given[0]);
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
    const value = this.layer(layer, [given[at < 0 ? 0 : at]], isCertain);
    return value && "items" in value && !/^return \(/m.test(text) ? value.items[0] : value;
  }

  /** A layer that gets a value, and maybe its initial states. @param {FoundLayer} layer @param {Value[]} given @param {boolean} isCertain @returns {Value} */
  layer(layer, [input, initial], isCertain) {
    const output = this.tensor();
    const isAgain = this.called.has(layer.name);
    const isCell = isRecurrent(layer) && !isStack(layer);
    if (isAgain && !isCell && !isCertain) return undefined; // in a loop, or in another case
    this.called.add(layer.name);
    if (this.loop !== null && !isAgain) Object.assign(layer, this.loop > 1 ? { runs: this.loop } : { isLooped: true });
    if (!this.flow.steps.length && input && "step" in input) this.steps = input.step;
    const source = isCertain && input && "tensor" in input ? input.tensor : "";
    const [first, states] = [this.tensor(), this.tensor()];
    const outputs = isCertain || isCell ? [output.tensor] : [];
    const begins = isCertain && isStack(layer) ? tensorsOf(initial) : [];
    if (!isAgain) this.flow.add(layer, source, outputs, begins, isStack(layer) ? [states.tensor, first.tensor] : []);
    else if (isStack(layer)) this.flow.again(layer, source, outputs);
    else if (this.loop === null && isCertain) this.flow.runsAgain(layer, [source], outputs); // as traced code has each step
    else this.flow.returns(output.tensor, layer); // the next step of a cell, or of a layer that several steps share
    if (!isRecurrent(layer)) return output;
    if (isCell) return layer.kind === "lstm_cell" ? { items: [output, first] } : output;
    const text = this.texts.get(this.types.get(layer.name) ?? "") ?? "";
    const said = /\bbatch_first : Final\[bool\] = (True|False)$/m.exec(text)?.[1];
    if (said) layer.config.batch_first = said === "True";
    const dropout = /\bdropout : Final\[float\] = ([\d.]+)$/m.exec(text)?.[1];
    if (dropout) layer.config.dropout = Number(dropout);
    return { items: [output, this.states(layer, states, first)] };
  }

  /** The other inputs of the model, and what it returns beside what is computed from its last layer. @param {string[]} results
   * @returns {Pick<import("./layer.js").Model, "inputs" | "outputs">} */
  ends(results) {
    return this.flow.ends(this.flow.layers(), () => undefined, results);
  }

  /** The layers in their order. If the first one is in a loop, it gets a part of the input, such as a step. @param {string} input its name
   * @returns {Pick<import("./layer.js").Model, "layers" | "input" | "isBatchFirst">} */
  found(input) {
    const [first, ...others] = this.flow.layers();
    const all = first ? [first, ...others] : [];
    const { stepAxis } = this.flow;
    const steps = this.steps ?? stepAxis;
    const order = all.some(isStack) || (steps !== 0 && steps !== 1) ? {} : { isBatchFirst: steps === 1 };
    const isOfLoop = first?.isLooped || (first?.runs && (isRecurrent(first) || this.steps !== undefined));
    if (!first || !isOfLoop) return { layers: all, ...order };
    const features = first.config.features ?? null;
    const isIds = first.kind === "embedding";
    const isStep = this.steps === 0 || this.steps === 1;
    const part = layerNamed(input, isStep ? "step" : "other", first.framework, {}, isStep || isIds ? null : [features]);
    const layers = [{ ...part, isOfInput: true }, { ...first, follows: isStep || (features !== null && !isIds) }, ...others];
    return isStep ? { layers, input: isIds ? ["t"] : ["t", features], ...order } : { layers, ...order };
  }

  /** The last states of a layer: h_n, or h_n and c_n. @param {FoundLayer} one @param {{tensor: string}} h @param {{tensor: string}} c
   * @returns {Known} */
  states(one, h, c) {
    if (!one.config.bidirectional) this.flow.states.set(h.tensor, one);
    return one.kind === "lstm" ? { items: [h, c] } : h;
  }

  /** The same vectors in a new tensor. @param {Value} value @returns {Value} */
  kept(value) {
    if (!value || !("tensor" in value)) return undefined;
    const output = this.tensor();
    const layer = this.flow.states.get(value.tensor);
    if (layer) this.flow.states.set(output.tensor, layer);
    this.flow.keep(value.tensor, output.tensor);
    if (this.inputs.has(value.tensor)) this.inputs.add(output.tensor);
    return output;
  }

  /** Whether a value is the state of a cell, which is the same variable after each step. @param {Value} value */
  isOfCell(value) {
    const layer = value && "tensor" in value ? this.flow.origins.get(value.tensor)?.layer : undefined;
    return layer !== undefined && isRecurrent(layer) && !isStack(layer);
  }

  /** Whether a value is the last states of stacked layers. @param {Value} value */
  isState(value) {
    return value !== undefined && "tensor" in value && this.flow.states.has(value.tensor);
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
    let loop = Infinity; // the depth of the statement around
    const around = this.loop;
    for (const { depth: at, text } of statements) {
      if (--this.left < 0) throw new NotRead();
      if (at <= loop) [loop, this.loop] = [Infinity, around];
      const isSure = isCertain && at === 4;
      const [, targets = "", expression = ""] = /^(?:((?:\w+, )*\w+,?)(?: ?: [^=]*)? = |return )(.*)$/.exec(text) ?? [];
      if (at < loop && /^(?:for|while) /.test(text)) {
        const runs = Number(/^for \w+ in range\((\d+)\):$/.exec(text)?.[1] ?? 0);
        [loop, this.loop] = [at, around === null && at === 4 ? runs : 0];
      }
      if (text.length > LONGEST_STATEMENT) {
        this.flow.hasAllUses = false;
        continue;
      }
      const used = tensorsNamed(expression || text, names);
      for (const tensor of used) this.flow.used.add(tensor);
      if (!expression) {
        for (const tensor of used) this.flow.take(tensor);
        continue;
      }
      /** @type {Value} */
      let value;
      try {
        value = new Expression(expression, names, this, { module, depth, isCertain: isSure }).whole();
      } catch (error) {
        if (!(error instanceof NotRead) || this.calls > MOST_METHOD_CALLS || this.left < 0) throw error;
        for (const tensor of used) this.flow.take(tensor);
      }
      if (!targets) {
        this.loop = around;
        return isSure ? value : undefined;
      }
      const all = targets.replace(/,$/, "").split(", ");
      const isSplit = targets.includes(",");
      all.forEach((name, n) => {
        const part = isSplit ? (value && "items" in value ? value.items[n] : undefined) : value;
        const isState = isCertain && at === loop + 2 && this.isOfCell(part);
        names.set(name, isSure || isState || (part && !("tensor" in part)) ? part : undefined);
      });
    }
    this.loop = around;
    return undefined;
  }

  /** What a function returns. @param {string} path @param {Value[]} given @param {string} module that calls it @param {string[]} texts of the
   * arguments @param {boolean} isCertain @returns {Value} */
  function(path, given, module, texts, isCertain) {
    const name = path.slice(path.lastIndexOf(".") + 1);
    const kind = layerOfOperation(path);
    const layer = kind && (this.layerWith(kind, given) ?? (STACKS.has(kind) ? this.layers.get(module) : undefined));
    if (layer && kind?.startsWith("rnn_")) layer.config.activation = kind.startsWith("rnn_relu") ? "relu" : undefined;
    if (layer && isStack(layer)) return this.operation(layer, given, texts, isCertain);
    if (layer) return this.layer(layer, kind === "embedding" ? given.slice(1) : given, isCertain);
    const [input, by] = given;
    if (kind === "convolution" && isCertain) return this.layer(layerNamed(texts[1] ?? "", kind, "pytorch"), given, true); // its weights are not in the file
    const isBias = name === "add" && by !== undefined && "path" in by && CONSTANT.test(by.path);
    const isOrder = name === "index_select" && (ORDER.test(texts[2] ?? "") || (texts[1] === "1" && this.isState(input))); // of the batch
    if (KEEPING.has(name) || isBias || isOrder) return this.kept(input);
    if (PACKING.has(name)) return { items: [this.kept(input), undefined] };
    if (name === "pack_padded_sequence") return this.kept(input);
    if (!input || !("tensor" in input)) return this.computed(name, given);
    if (name === "unbind") return this.stepsOf(input.tensor, given[1]);
    const [dim, from, to] = given.slice(1).map((one) => (one && "number" in one ? one.number : undefined));
    if (name === "slice") return (from ?? 0) === 0 && (to ?? WHOLE) >= WHOLE ? this.kept(input) : this.computed(name, given);
    if (name !== "select" && name !== "squeeze") return this.computed(name, given);
    if (name === "select" && this.inputs.has(input.tensor) && dim !== undefined) return this.stepOf(input.tensor, dim, isCertain);
    const output = this.tensor();
    const settings = new Map([["dim", { as_int: dim }], ["index", { as_int: from }]]);
    if (this.flow.states.has(input.tensor)) followStates(this.flow, name, settings, input.tensor, output.tensor);
    else if (name === "select" && from === -1) {
      const stack = this.flow.origins.get(input.tensor)?.layer;
      if (stack && isStack(stack) && typeof stack.config.batch_first === "boolean" && dim === Number(stack.config.batch_first)) {
        this.flow.keep(input.tensor, output.tensor, true);
        return output;
      }
    }
    if (name === "select" && !this.flow.states.has(output.tensor)) {
      this.flow.compute([input.tensor], [output.tensor]);
      this.flow.part(input.tensor, [output.tensor], dim);
    }
    return output;
  }

  /** What a function computes, if it is known from which tensors. @param {string} name @param {Value[]} given @returns {Value} */
  computed(name, given) {
    if (OF_SHAPES.test(name)) return undefined;
    const tensors = [...tensorsAmong(given)];
    for (const tensor of tensors) this.flow.take(tensor);
    if (!tensors.length || !(MOVING.test(name) ? given.slice(0, 1) : given).every((one) => isWhole(one))) return undefined;
    const output = this.tensor();
    this.flow.compute(tensors, [output.tensor]);
    return output;
  }

  /** A step of the input of the model. @param {string} tensor @param {number} step its axis @param {boolean} isCertain whether it is taken once
   * @returns {Known} */
  stepOf(tensor, step, isCertain) {
    if (!isCertain) return { step };
    const output = this.tensor();
    this.flow.compute([tensor], [output.tensor]);
    this.flow.part(tensor, [output.tensor], step);
    return { step, ...output };
  }

  /** What unbind returns: each step, which is the same tensor here. @param {string} tensor @param {Value} axis @returns {Value} */
  stepsOf(tensor, axis) {
    const dim = axis && "number" in axis ? axis.number : 0;
    const output = this.tensor();
    this.flow.part(tensor, [output.tensor], dim);
    return { items: Array(MOST_METHOD_CALLS).fill(this.inputs.has(tensor) ? { step: dim } : output) };
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

/** The tensors in a value. @param {Value} value @returns {string[]} */
const tensorsOf = (value) => (!value ? [] : "tensor" in value ? [value.tensor] : "items" in value ? value.items.flatMap(tensorsOf) : []);

/** The tensors in values, each of which is visited once: a list can have another one many times. @param {Iterable<Value>} values */
function tensorsAmong(values) {
  const found = new Set(values);
  for (const value of found) if (value && "items" in value) for (const item of value.items) found.add(item);
  return new Set([...found].flatMap((value) => (value && "tensor" in value ? value.tensor : [])));
}

/** Whether it is known which tensors are in a value, which is in some lists. @param {Value} value @param {number} [depth] how many @returns {boolean} */
function isWhole(value, depth = 0) {
  if (!value || depth > MOST_LISTS) return false;
  if (!("items" in value)) return "tensor" in value || !("step" in value);
  return value.items.length > 0 && [...new Set(value.items)].every((item) => isWhole(item, depth + 1));
}

/** The tensors that the code uses by their names. @param {string} code @param {Map<string, Value>} names */
const tensorsNamed = (code, names) => tensorsAmong(ONLY_NAMES.test(code) ? [] : (code.replace(SHAPE_OF, "").match(/\b[A-Za-z_]\w*/g) ?? []).map((name) => names.get(name)));

/** An expression, whose value is found while it is read. */
class Expression {
  /** @param {string} text @param {Map<string, Value>} names @param {Walk} walk
   * @param {{module: string, depth: number, isCertain: boolean}} context */
  constructor(text, names, walk, context) {
    this.text = text;
    this.names = names;
    this.walk = walk;
    this.context = context;
    this.at = 0;
    this.depth = 0;
  }

  /** The next token, "" at the end; it is read only if it is `taken`. @param {boolean} [taken] */
  token(taken = true) {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match && this.text.slice(this.at).trim()) throw new NotRead();
    if (match && taken) this.at = TOKEN.lastIndex;
    return match ? match[0].trim() : "";
  }

  /** @returns {Value} */
  whole() {
    const value = this.value();
    if (this.token(false) !== ",") return this.end(value);
    const items = [value];
    while (this.token(false) === ",") {
      this.token();
      items.push(this.value());
    }
    return this.end({ items });
  }

  /** @param {Value} value @returns {Value} */
  end(value) {
    if (this.token(false)) throw new NotRead();
    return value;
  }

  /** @returns {Value} */
  value() {
    if (++this.depth > MOST_CODE_LEVELS) throw new NotRead();
    let value = this.simple();
    for (;;) {
      const next = this.token(false);
      if (next === ".") {
        this.token();
        value = this.attribute(value, this.token());
      } else if (next === "(") {
        this.token();
        value = this.call(value);
      } else if (next === "[") {
        this.token();
        const [place] = this.list("]").values;
        value = place && "number" in place && value && "items" in value ? value.items[place.number] : undefined;
      } else break;
    }
    this.depth--;
    return value;
  }

  /** @returns {Value} */
  simple() {
    const token = this.token();
    if (token === "(" || token === "[") {
      const { values, hasComma } = this.list(token === "(" ? ")" : "]");
      return token === "(" && !hasComma ? values[0] : { items: values };
    }
    if (/^-?\d/.test(token)) return { number: Number(token) };
    if (/^["']/.test(token)) return { path: token };
    if (!/^\w/.test(token)) throw new NotRead();
    return this.names.has(token) ? this.names.get(token) : { path: token };
  }

  /** @param {Value} of @param {string} name @returns {Value} */
  attribute(of, name) {
    if (of && "path" in of) return { path: `${of.path}.${name}` };
    if (!of || !("module" in of)) return undefined;
    const module = of.module ? `${of.module}.${name}` : name;
    return this.walk.types.has(module) ? { module } : { path: `${of.module}:${name}` };
  }

  /** Values with commas between them. @param {string} end */
  list(end) {
    /** @type {Value[]} */
    const values = [];
    const texts = [];
    let hasComma = false;
    while (this.token(false) !== end) {
      const start = this.at;
      let value = this.value();
      if (this.token(false) === "=") {
        this.token();
        const named = this.value();
        value = isWhole(named) && !tensorsOf(named).length ? { path: "" } : undefined; // its place is not that of a parameter
      }
      values.push(value);
      texts.push(this.text.slice(start, this.at).trim());
      const next = this.token(false);
      if (next === ",") {
        hasComma = true;
        this.token();
      } else if (next !== end) throw new NotRead();
    }
    this.token();
    return { values, texts, hasComma };
  }

  /** A call, after its first bracket. @param {Value} of @returns {Value} */
  call(of) {
    const { values, texts } = this.list(")");
    const { module, depth, isCertain } = this.context;
    if (!of || !("path" in of)) return undefined;
    if (of.path === "getattr") {
      const [owner, name] = values;
      return name && "path" in name ? this.attribute(owner, name.path.slice(1, -1)) : undefined;
    }
    const method = /^(.*):(\w+)$/.exec(of.path);
    if (method) return this.walk.method(method[1] ?? "", method[2] ?? "", values, depth + 1, isCertain);
    return this.walk.function(of.path, values, module, texts, isCertain);
  }
}

/**
 * The layers in the order in which the code calls them, with whether each gets what the one before it returns.
 *
 * @param {Source[]} sources
 * @param {Map<string, string>} types the class of each module, by its path
 * @param {FoundLayer[]} layers
 * @param {Map<string, string>} owners the names of frozen layers, by the keys of their constants
 * @returns {Pick<import("./layer.js").Model, "layers" | "input" | "isBatchFirst" | "inputs" | "outputs"> | null} null if the code is not read: it does not show the call of every
 * recurrent layer
 */
export function layersInOrder(sources, types, layers, owners) {
  const walk = new Walk(classesIn(sources), types, layers, owners);
  try {
    const forward = walk.methodOf(types.get("") ?? "", "forward");
    if (!forward) return null;
    const [input, ...others] = forward.parameters.map((name) => walk.given(name));
    if (input) walk.inputs.add(input.tensor);
    const returned = walk.body("", forward, input ? [input, ...others] : [], 0, true);
    walk.flow.results = tensorsOf(returned);
    if (layers.some((one) => isRecurrent(one) && !walk.called.has(one.name))) return null;
    return { ...walk.found(forward.parameters[0] ?? ""), ...walk.ends(tensorsOf(returned)) };
  } catch (error) {
    if (error instanceof NotRead) return null;
    throw error;
  }
}
