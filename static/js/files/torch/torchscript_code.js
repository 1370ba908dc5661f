/** The code of TorchScript as text: its classes, their methods, and the statements of these. */

import { argumentsIn } from "./frozen_torchscript.js";
import { LONGEST_PARAMETERS, MOST_METHODS } from "../limits.js";

/** The code of a file of the archive, with the name that its classes have before theirs. @typedef {{prefix: string, text: string}} Source */

/** Whether a batch is in the order of its lengths, which does not matter here. */
const IN_ORDER = /torch\.__is__\((?:un)?sorted_indices\d*, None\)/;

/** @typedef {{depth: number, text: string}} Statement */
/** @typedef {{own: string, parameters: string[], statements: Statement[]}} Method with the name that its module has in it */

/** The text of each class, by its full name. @param {Source[]} sources */
export function classesIn(sources) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const { prefix, text } of sources) {
    const starts = [...text.matchAll(/^class (\w+)\(Module\):$/gm)];
    starts.forEach((start, n) => texts.set(`${prefix}.${start[1]}`, text.slice(start.index, starts[n + 1]?.index ?? text.length)));
  }
  return texts;
}

/** The methods of a class, by name. @param {string} body */
export function methodsIn(body) {
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
