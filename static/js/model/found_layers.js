/** The layers that were found in a file, as a list beside the picture of the model. Their names stay in this page. */

import { chainText, layerText, MERGES } from "../files/chain_text.js";
import { isRecurrent } from "../files/layer.js";
import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrase.js";
import { withPrefix } from "../page/prefix.js";
import { withChanges } from "../page/query.js";

/**
 * A file that is shown.
 *
 * @typedef {object} ShownFile
 * @property {string} title its name
 * @property {number} size in bytes
 * @property {number} bytesRead
 * @property {import("../files/layer.js").Model} model
 * @property {string} text the text of the model
 * @property {number[]} parts the part of each layer in the text, or -1
 * @property {number} first the part of the first recurrent layer
 */

/** What the server says: the cells of frameworks by kind, and those with a setting; the largest size of each field, the length of a
 * model's text.
 * @typedef {{cells: Record<string, Record<string, string>>, variants: {peepholes: string, reset_after: string},
 *   highest: Record<string, number>, longest: number}} Known */

/** @param {File} file @param {import("./read_file.js").ReadFile} read @param {Known} known @returns {ShownFile | null} null for a text */
export function shownFile({ name, size }, { model, bytesRead }, { longest }) {
  if (!model) return null;
  const { text, parts } = chainText(model, longest);
  const first = parts.find((part, n) => part >= 0 && isRecurrent(model.layers[n] ?? { kind: "" })) ?? 0;
  return { title: name, size, bytesRead, model, text, parts, first };
}

/** The fields of the page about the model of a file. @param {ShownFile} file @returns {Record<string, string>} */
export function placeOfFile({ model, text }) {
  const isBatchFirst = model.layers.find(isRecurrent)?.config.batch_first === true;
  return { framework: model.framework, model: text, ...(isBatchFirst ? { batch_first: "true" } : {}) };
}

/** The frameworks whose layers have the batch before the time. */
const WITH_BATCH_FIRST = ["keras", "flax"];

/** The fields of the page that compares two models, in the axes of the second one if those of PyTorch's layers can be so.
 * @param {Record<string, string>} one @param {Record<string, string>} other @returns {Record<string, string>} */
export function placeOfBoth(one, other) {
  const isBatchFirst = one.framework === "pytorch" && WITH_BATCH_FIRST.includes(other.framework ?? "");
  return { ...one, beside: other.model ?? "", ...(isBatchFirst ? { batch_first: "true" } : {}) };
}

const SIZES = ["features", "num_units", "num_layers", "num_proj"];

/** The switches of a framework that a file says. @type {Record<string, string[]>} */
const SETTINGS = {
  pytorch: ["batch_first"],
  onnx: ["layout"],
  keras: ["return_sequences", "return_state", "go_backwards", "merge_mode"],
};

/** Their values: a text that a file has in place of one goes into no address. */
const VALUES = [true, false, 0, 1, "concat", ...MERGES, "none"];

/**
 * The address of the page about a recurrent layer, with the model for the way back; of the model, if there is no such page.
 *
 * @param {import("../files/layer.js").FoundLayer} layer @param {ShownFile} file @param {number} part @param {Known} known
 * @param {string} kept the query that all links keep
 */
export function addressOf({ kind, framework, config }, file, part, known, kept) {
  const place = { ...placeOfFile(file), part: Math.max(0, part) };
  const sizes = Object.fromEntries(SIZES.map((name) => [name, config[name]]));
  const hasPage = config.bias && SIZES.every((name) => Number.isInteger(sizes[name]) && sizes[name] <= (known.highest[name] ?? 0));
  if (!hasPage) return `/model${withChanges(kept, place)}`;
  const own = (SETTINGS[framework] ?? []).filter((name) => VALUES.includes(config[name]));
  const settings = Object.fromEntries(["bidirectional", ...own].map((name) => [name, String(config[name])]));
  const plain = kind.replace("_cell", "");
  const usual = known.cells[framework]?.[plain] ?? plain;
  const variant = config.peepholes ? known.variants.peepholes : config.reset_after ? known.variants.reset_after : usual;
  const cell = config.reset_after === false ? plain : variant;
  return `/${withChanges(kept, { ...place, framework, cell, ...sizes, ...settings })}`;
}

/** @param {string} name @param {string} [text] @param {string} [style] */
function element(name, text = "", style = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

/** @param {string} name such as num_units */
const attribute = (name) => `data-${name.replaceAll("_", "-")}`;

/** @param {import("../files/layer.js").FoundLayer} layer @param {number} part @param {string} address of a recurrent layer */
function item(layer, part, address) {
  const line = element("li");
  if (part >= 0) line.dataset.parts = String(part);
  const name = (layer.name || layer.kind).slice(0, MOST_CHARACTERS);
  if (isRecurrent(layer)) {
    const values = { ...layer.config, name: layer.name.slice(0, MOST_CHARACTERS), kind: layer.kind, framework: layer.framework };
    for (const key of ["name", "kind", "framework", ...SIZES, "bidirectional"]) {
      line.setAttribute(attribute(key), String(/** @type {Record<string, unknown>} */ (values)[key] ?? ""));
    }
    const link = /** @type {HTMLAnchorElement} */ (element("a", name));
    link.href = address;
    line.append(link);
  } else line.append(element("span", name, "layer-name"));
  line.append(" ", element("code", layerText(layer)));
  return line;
}

const MOST_NAMES = 20;
const MOST_ITEMS = 500;
const MOST_CHARACTERS = 500; // of a name

/** The first names of a list, as a text. @param {string[]} names */
const listed = (names) =>
  names.slice(0, MOST_NAMES).map((name) => name.slice(0, MOST_CHARACTERS)).join(", ") + (names.length > MOST_NAMES ? ", …" : "");

/** The section about a file. @param {ShownFile} file @param {Known} known @param {string} kept the query that all links keep */
export function foundLayers(file, known, kept) {
  const section = element("section", "", "found-file");
  section.append(element("h2", phrase("fileTitle")), element("h3", file.title));
  const list = element("ul", "", "found-layers");
  const items = file.model.layers.slice(0, MOST_ITEMS).map((layer, n) => {
    const part = file.parts[n] ?? -1;
    return item(layer, part, withPrefix(addressOf(layer, file, part, known, kept)));
  });
  list.append(...items);
  section.append(list);
  /** @param {string} text */
  const note = (text) => section.append(element("p", text, "hint"));
  if (!file.model.isOrdered) note(phrase(file.model.hasCode ? "fileCode" : "fileOrder"));
  const { unknown, copies = [] } = file.model;
  if (copies.length) note(phrase("fileCopies", { names: listed(copies) }));
  if (unknown.length) note(phrase("fileRest", { names: listed(unknown) }));
  note(phrase("fileStays", { read: grouped(file.bytesRead), size: grouped(file.size) }));
  return section;
}
