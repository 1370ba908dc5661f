/** The order of the layers in a pickled model whose class is torch.nn.Sequential: its modules run one after the other. */

import { isRecurrent, layer } from "../layer.js";

/** @typedef {import("../layer.js").FoundLayer} FoundLayer */

const SEQUENTIAL = "torch.nn.modules.container.Sequential";

/** Modules without parameters, by the beginning of the names of their classes. @type {[RegExp, string][]} */
const KINDS = [
  [/^torch\.nn\.modules\.dropout\./, "dropout"],
  [/^torch\.nn\.modules\.activation\.(?!GLU$)/, "activation"],
  [/^torch\.nn\.modules\.flatten\.Flatten$/, "flatten"],
];

/** Modules that return what they get. */
const IDENTITY = /^torch\.nn\.modules\.linear\.Identity$/;

/** Whether a class is one of PyTorch, whose modules get one tensor. @param {string} type its full name */
const isOfTorch = (type) => /^torch\.(?:nn|ao)\./.test(type);

/** The modules that run one after the other, also those of a Sequential in another one; none if the model is no Sequential.
 * @param {Map<string, string>} types the full names of classes, by module, in the order in which modules are in others @returns {string[]} */
function membersOf(types) {
  const isSequence = (/** @type {string} */ name) => types.get(name) === SEQUENTIAL;
  const isMember = (/** @type {string} */ name) => {
    const parts = name.split(".");
    return parts.every((_, n) => isSequence(parts.slice(0, n).join(".")));
  };
  return isSequence("") ? [...types.keys()].filter((name) => name && !isSequence(name) && isMember(name)) : [];
}

/** A module of PyTorch without parameters, as a layer. @param {string} name @param {string} type @param {string} className @returns {FoundLayer} */
function withoutParameters(name, type, className) {
  const kind = KINDS.find(([classes]) => classes.test(type))?.[1];
  return { ...layer(name, kind ?? "other", "pytorch", kind ? {} : { parameters: 0 }), className };
}

/**
 * Layers in the order in which a Sequential runs them, each with whether it gets what the one before it returns: that is not known of layers in a module of another
 * class, and of what comes after it or after a recurrent layer, which returns its states as well.
 *
 * @param {FoundLayer[]} layers all that have parameters
 * @param {Map<string, string>} types the full names of classes, by module
 * @param {Map<string, string>} bare the modules of PyTorch without parameters, with what they are called
 * @returns {FoundLayer[] | null} null if the model is no Sequential
 */
export function inSequence(layers, types, bare) {
  const members = membersOf(types);
  if (!members.length) return null;
  /** @type {FoundLayer[]} */
  const ordered = [];
  let isClear = true; // what a module returns
  for (const name of members) {
    const type = types.get(name) ?? "";
    const called = bare.get(name);
    const inside = layers.filter((one) => one.name === name || one.name.startsWith(`${name}.`));
    const own = called === undefined ? inside : [withoutParameters(name, type, called)];
    if (IDENTITY.test(type)) continue;
    const [only] = own;
    const isKnown = isOfTorch(type) && own.length === 1 && only?.name === name;
    ordered.push(...own.map((one, n) => ({ ...one, follows: ordered.length + n > 0 && isClear && isKnown })));
    isClear = isKnown && !isRecurrent(only);
  }
  const placed = new Set(ordered.map((one) => one.name));
  return [...ordered, ...layers.filter((one) => !placed.has(one.name)).map((one) => ({ ...one, follows: false }))];
}
