/**
 * Frozen modules of TorchScript: their weights are constants, of which only the code says what they are for. The code is text here; calls
 * of layers are searched in it, and it is not run.
 *
 * @typedef {import("./layers_of_arrays.js").NamedArray} NamedArray
 */

import { Made, Tensor } from "./pickle.js";

/** A call of a layer with constants. @typedef {{name: string, arguments_: string[]}} Call */

const MOST_CALLS = 1000;
const MOST_ARGUMENTS = 20_000; // characters

/** The second name is that of a dense layer that was optimized for phones. */
const CALL =
  /\b(?:torch\.(lstm|gru|rnn_tanh|rnn_relu|lstm_cell|gru_cell|rnn_tanh_cell|rnn_relu_cell|linear|embedding)|ops\.prepacked\.(linear)_clamp_run)\(/g;

/** Lists of constants, by the name of the variable. */
const LIST = /^ *(\w+) = \[((?:CONSTANTS\.c\d+(?:, )?)+)\]$/gm;

/** The places of constants in an expression. @param {string} text @returns {number[]} */
const constantsIn = (text) => [...text.matchAll(/\bCONSTANTS\.c(\d+)/g)].map(([, place]) => Number(place));

/** The arrays of a constant: matrix and bias of a dense layer are packed in one. @param {unknown} constant @returns {unknown[]} */
const unpacked = (constant) => (constant instanceof Made && Array.isArray(constant.state) ? constant.state : [constant]);

/** The arguments of a call, which begin with a text. @param {string} code @returns {string[]} */
export function argumentsIn(code) {
  const found = [""];
  let depth = 0;
  for (const character of code.slice(0, MOST_ARGUMENTS)) {
    if ("([".includes(character)) depth++;
    else if (")]".includes(character) && --depth < 0) break;
    if (character === "," && !depth) found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((text) => text.trim());
}

/**
 * The arrays of the layers that code calls, with the names that they would have in a module: those of variables, where they say it.
 *
 * @param {string} code
 * @param {unknown[]} constants
 * @returns {{arrays: NamedArray[], settings: Map<string, Map<unknown, unknown>>, classes: Map<string, string>}}
 */
export function layersOfCode(code, constants) {
  const lists = new Map([...code.matchAll(LIST)].map(([, name = "", text = ""]) => [name, text]));
  /** @type {NamedArray[]} */
  const arrays = [];
  const settings = new Map();
  const classes = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [index, call] of [...code.matchAll(CALL)].slice(0, MOST_CALLS).entries()) {
    const [start = "", plain, packed] = call;
    const kind = plain ?? packed ?? "";
    const given = argumentsIn(code.slice(call.index + start.length, call.index + start.length + MOST_ARGUMENTS));
    const said = /^self_(\w+?)__flat_weights$/.exec(given[2] ?? "")?.[1] ?? `${kind}_${index}`;
    const count = counts.get(said) ?? 0;
    counts.set(said, count + 1);
    const name = count ? `${said}_${count}` : said;
    /** @param {number[]} places @param {string[]} names */
    const add = (places, names) => {
      const values = places.flatMap((place) => unpacked(constants[place]));
      for (const [n, own] of names.entries()) {
        const array = values[n];
        if (array instanceof Tensor) arrays.push({ name: `${name}.${own}`, shape: array.shape });
      }
    };
    if (kind === "linear") add(constantsIn(given.slice(1).join()), ["weight", "bias"]);
    else if (kind === "embedding") add(constantsIn(given[0] ?? ""), ["weight"]);
    else if (kind.endsWith("_cell")) add(constantsIn(given.slice(2).join()), ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]);
    else {
      const [, , weights = "", hasBiases, , dropout, , isBidirectional, batchFirst] = given;
      const places = constantsIn(lists.get(weights) ?? weights);
      add(places, namesOf(places.length, hasBiases === "True", isBidirectional === "True", Number(given[4])));
      settings.set(name, new Map(Object.entries({ batch_first: batchFirst === "True", dropout: Number(dropout) || 0 })));
    }
    classes.set(name, kind === "linear" ? "Linear" : kind === "embedding" ? "Embedding" : "");
  }
  return { arrays, settings, classes };
}

/** The names of the arrays of stacked layers. @param {number} count of arrays @param {boolean} hasBiases @param {boolean} isBidirectional
 * @param {number} levels @returns {string[]} */
function namesOf(count, hasBiases, isBidirectional, levels) {
  const ends = isBidirectional ? ["", "_reverse"] : [""];
  const own = count / (levels * ends.length);
  const names = ["weight_ih", "weight_hh", ...(hasBiases ? ["bias_ih", "bias_hh"] : []), "weight_hr"].slice(0, own);
  return Array.from({ length: Math.min(levels, count) }, (_, n) => ends.flatMap((end) => names.map((name) => `${name}_l${n}${end}`))).flat();
}
