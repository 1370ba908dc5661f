/** The layers that were found in a file, as a list beside the picture of the model. Their names stay in this page. */

import { chainText, CONVOLVING, layerText, MERGES, STEP, UNORDERED } from "../files/model_text.js";
import { hasCell, hasNoPicture, inputOf, isConvolving, isRecurrent, isStack, layer as unknownLayer, outputOf, WITH_BATCH_FIRST } from "../files/layer.js";
import { grouped } from "../page/numbers.js";
import { commaSeparated, joinedSentences, phrase } from "../page/phrase.js";
import { withPrefix } from "../page/prefix.js";
import { fieldOf, textIn, withChanges } from "../page/query.js";

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
 * @property {number} [batch] the size of the batch, if it is fixed
 * @property {number} [steps] how often its cells run, if they are in a loop
 * @property {number} [count] how many files the model has, if some of them are missing
 */

/** What the server says: the cells of frameworks by kind, and those with a setting; the largest size of each field, the length of a
 * model's text.
 * @typedef {{cells: Record<string, Record<string, string>>, variants: {peepholes: string, reset_after: string},
 *   highest: Record<string, number>, longest: number}} Known */

/** @param {import("./file_sets.js").FileSet} set @param {import("./reading_worker.js").ReadFile} read @param {Known} known
 * @returns {ShownFile | null} null for a text */
export function shownFile({ name, size, files, count }, { model, bytesRead }, { longest, highest }) {
  if (!model) return null;
  const isPart = files.length < count;
  const rest = isPart ? [unknownLayer("", "other", model.framework)] : []; // what the other files have
  if (isPart) for (const one of model.layers) leaveOpen(one);
  const layers = [...model.layers, ...rest];
  const start = model.isOrdered ? "" : `${UNORDERED}.`;
  const { text: chain, parts } = chainText({ ...model, layers }, longest - start.length);
  const text = start + chain;
  const first = parts.find((part, n) => part >= 0 && hasCell(model.layers[n] ?? { kind: "" })) ?? 0;
  const batch = (model.batch ?? Infinity) <= (highest.batch_size ?? 0) ? { batch: model.batch } : {};
  const runs = stepsOfCells(model);
  const steps = runs && runs <= (highest.time_step ?? 0) ? { steps: runs } : {};
  return { title: name, size, bytesRead: Math.min(bytesRead, size), model, text, parts, first, ...batch, ...steps, ...(isPart ? { count } : {}) };
}

/** Leave open what other files of the model may have: the bias of a layer, and the layers that are stacked on it. @param {import("../files/layer.js").FoundLayer} one */
function leaveOpen({ kind, framework, config }) {
  if (config.bias === false) config.bias = null;
  if (isStack({ kind }) && framework === "pytorch") config.num_layers = null;
}

/** The fields of the page about the model of a file. @param {ShownFile} file @returns {Record<string, string>} */
export function placeOfFile({ model, text, batch, steps }) {
  const { layout, batch_first } = model.layers.find(isStack)?.config ?? {};
  const isBatchFirst = model.isBatchFirst ?? (batch_first === true || layout === 1);
  /** @type {Record<string, string>} */
  const fields = { framework: model.framework, model: text };
  if (batch) fields.batch_size = String(batch);
  const order = ORDER_OF[model.framework];
  if (isBatchFirst && order) Object.assign(fields, order);
  if (steps) fields.time_step = String(steps);
  return fields;
}

/** How often each cell of a model runs, if it has no other recurrent layers and all run as often. @param {import("../files/layer.js").Model} model */
function stepsOfCells({ layers }) {
  const runs = new Set(layers.filter(isRecurrent).map((one) => (isStack(one) ? 0 : one.runs ?? 0)));
  return runs.size === 1 ? [...runs][0] : 0;
}

/** The sizes that are no part of a model. */
const RUN_SIZES = ["batch_size", "time_step"];

/** The query of the page about a model: unlike others it has all sizes that are known, also usual ones. @param {string} kept @param {Record<string, string | number>} fields */
export function queryOfModel(kept, fields) {
  const query = withChanges(kept, fields);
  const has = new URLSearchParams(query);
  const said = RUN_SIZES.filter((name) => fields[name] !== undefined && !has.has(name)).map((name) => `${name}=${fields[name]}`);
  return said.length ? [query || "?", ...said].join("&").replace("?&", "?") : query;
}

/** The setting of a framework with which the batch is before the time. @type {Record<string, Record<string, string>>} */
const ORDER_OF = { pytorch: { batch_first: "true" }, onnx: { layout: "1" } };

/** What an address says once, and either of two models may say. */
const OF_BOTH = [...RUN_SIZES, "batch_first", "layout", "time_major"];

/** Whether a model has the batch before the time. @param {Record<string, string>} fields */
const isBatchFirst = ({ framework = "", ...fields }) => WITH_BATCH_FIRST.includes(framework) || Object.entries(ORDER_OF[framework] ?? {}).some(([name, value]) => fields[name] === value);

/** The fields of the page that compares two models, each in its own framework. PyTorch's layers have the axes of the other model. A size that
 * only one of them says is that of both, but the batch, which the other one does not fix; one that differs is not known.
 * @param {Record<string, string>} one @param {Record<string, string>} other @returns {Record<string, string>} */
export function placeOfBoth(one, other) {
  const [own, ofOther] = [one, other].map(({ framework }) => framework ?? String(fieldOf("framework").default));
  const said = Object.entries(other).filter(([name]) => OF_BOTH.includes(name));
  /** @type {Record<string, string>} */
  const fields = { ...Object.fromEntries(said), ...one, beside: other.model ?? "" };
  if (own !== ofOther) fields.beside_framework = ofOther ?? "";
  if ([own, ofOther].includes("pytorch") && [one, other].some(isBatchFirst)) Object.assign(fields, ORDER_OF.pytorch);
  for (const size of RUN_SIZES) if ((size === "batch_size" || (one[size] && other[size])) && one[size] !== other[size]) delete fields[size];
  return fields;
}

/** The page about a model: its framework, and the fields of the pages about its layers, by part.
 * @typedef {{framework: string, opened: Map<number, Record<string, unknown>>}} ModelPage */

/** What a page about a model says about its layers. @param {Element} content @param {string} framework
 * @returns {ModelPage | null} null without a table of its layers */
export function modelPage(content, framework) {
  if (!content.querySelector(".layer-table")) return null;
  const rows = /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("[data-opened]"));
  return { framework, opened: new Map([...rows].map(({ dataset }) => [Number(dataset.part), JSON.parse(dataset.opened ?? "")])) };
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

/** How often a cell runs, if it is in a loop and a page can have so many steps; or 0. @param {import("../files/layer.js").FoundLayer} layer @param {Known} known */
const runsOf = ({ kind, runs = 0 }, { highest }) => (isRecurrent({ kind }) && !isStack({ kind }) && runs <= (highest.time_step ?? 0) ? runs : 0);

/** All reasons why no picture shows a layer. @param {Record<string, any>} config @returns {string[]} */
function reasonsOf({ activation, recurrent_activation: gates, input_forget, clip, has_normalized_gates }) {
  return [
    ...(activation ? [phrase("fileActivation", { activation })] : []),
    ...(gates ? [phrase("fileGates", { activation: gates })] : []),
    ...(input_forget ? [phrase("fileCoupled")] : []),
    ...(clip ? [phrase("fileClip", { limit: String(clip.limit), setting: clip.setting })] : []),
    ...(has_normalized_gates ? [phrase("fileNormalizedGates")] : []),
  ];
}

/**
 * The query of the page about a recurrent layer, with the model for the way back; null if there is no such page. What the page about
 * the model says about the layer counts most: the chain has the number of steps, and which of them go on.
 *
 * @param {import("../files/layer.js").FoundLayer} layer @param {ShownFile} file @param {number} part @param {Known} known
 * @param {string} kept the query that all links keep @param {ModelPage | null} page
 * @returns {string | null}
 */
export function queryOf(layer, file, part, known, kept, page) {
  const { kind, framework, config } = layer;
  const opened = page?.opened.get(part);
  const sizes = Object.fromEntries(SIZES.map((name) => [name, config[name]]));
  const areKnown = SIZES.every((name) => Number.isInteger(sizes[name]) && sizes[name] <= (known.highest[name] ?? 0));
  if (hasNoPicture(config) || (page && part >= 0 ? !opened : !areKnown)) return null;
  const own = (SETTINGS[framework] ?? []).filter((name) => VALUES.includes(config[name]));
  const settings = Object.fromEntries(["bidirectional", ...own].map((name) => [name, String(config[name])]));
  const plain = kind.replace("_cell", "");
  const usual = known.cells[framework]?.[plain] ?? plain;
  const variant = config.reset_after ? known.variants.reset_after : usual;
  const cell = config.reset_after === false ? plain : variant;
  const ofFile = { framework, cell, ...sizes, ...settings };
  const place = { ...placeOfFile(file), ...(page ? { framework: page.framework } : {}), part: Math.max(0, part) };
  const isOther = page && page.framework !== framework; // whose settings are other ones
  const peepholes = config.peepholes ? { cell: known.variants.peepholes } : {};
  const steps = runsOf(layer, known);
  return withChanges(kept, { ...place, ...(isOther ? {} : ofFile), .../** @type {Record<string, any>} */ (opened ?? {}), ...peepholes, ...(steps ? { time_step: steps } : {}) });
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

/** @param {import("../files/layer.js").FoundLayer} layer @param {number} part @param {string} address of a recurrent layer
 * @param {boolean} hasPicture whether the address is that of its picture */
function item(layer, part, address, hasPicture) {
  const line = element("li");
  if (part >= 0) line.dataset.parts = String(part);
  const name = (layer.name || layer.kind).slice(0, MOST_CHARACTERS);
  if (isRecurrent(layer) || isConvolving(layer)) {
    const kind = isConvolving(layer) ? CONVOLVING : layer.kind;
    const values = { ...layer.config, name: layer.name.slice(0, MOST_CHARACTERS), kind, framework: layer.framework };
    for (const key of ["name", "kind", "framework", ...SIZES, "bidirectional"]) {
      line.setAttribute(attribute(key), String(/** @type {Record<string, unknown>} */ (values)[key] ?? ""));
    }
    const link = /** @type {HTMLAnchorElement} */ (element("a", name));
    link.href = address;
    line.append(link);
  } else line.append(element("span", name, "layer-name"));
  line.append(" ", element("code", layerText(layer)));
  line.append(...remarks(layer, hasPicture).map((text) => element("small", text)));
  return line;
}

/** What is said about a recurrent layer that somebody has written. @param {string} kind @param {{names: string[], isOfProgram?: boolean}} written */
const ofWritten = (kind, { names, isOfProgram }) =>
  joinedSentences([phrase(isOfProgram ? "fileOfProgram" : "fileWritten", { kind: kind.replace("_cell", "").toUpperCase() }), ...(names.length ? [phrase("fileBeside", { names: listed(names) })] : [])]);

/** By class, what the tensors are of which a layer takes a list. @type {Record<string, string[]>} */
const ROLES = { Attention: ["query", "value", "key"], AdditiveAttention: ["query", "value", "key"] };

/** The names of what a layer reads, with what these are for it. @param {string[]} reads @param {string} [className] */
const withRoles = (reads, className = "") => reads.map((name, n) => (ROLES[className]?.[n] ? `${name} (${ROLES[className]?.[n]})` : name));

/** What a layer reads, with how many runs of it. @param {string} text @param {string} name @param {[string, number][]} often */
function withRuns(text, name, often) {
  const [, runs] = often.find(([other]) => other === name) ?? [];
  return runs ? phrase("fileReadsRuns", { name: text, runs: grouped(runs) }) : text;
}

/** The endings of the names of files, by their formats. @type {Record<string, RegExp>} */
const ENDINGS = { safetensors: /\.safetensors$/i, PyTorch: /\.(?:pt|pth|pt2|ptl|pkl)$/i, "TensorFlow Lite": /\.(?:tflite|lite)$/i, ONNX: /\.onnx$/i, HDF5: /\.(?:h5|hdf5|keras)$/i, ".keras": /\.keras$/i, ".npz": /\.npz$/i };

/** The ending of a name that is one of another format; "" if it is not. @param {string} title @param {string} format */
const otherEnding = (title, format) => (format && !ENDINGS[format]?.test(title) && Object.values(ENDINGS).some((ending) => ending.test(title)) ? /\.\w+$/.exec(title)?.[0] ?? "" : "");

/** What a layer reads that gets states of another one. @param {string[]} reads @param {string} [letter] */
function ofStates(reads, letter) {
  const name = listed(reads);
  const names = letter ? phrase("fileState", { state: letter, name }) : "";
  return letter ? phrase("fileReads", { names }) : phrase("fileReadsStates", { names: name });
}

/** How the kernel of a layer moves, and which of its steps it returns if it is recurrent, in the words of Keras. @param {Record<string, any>} config @param {boolean} convolves */
function windowText({ strides, padding, return_sequences }, convolves) {
  const tuple = strides?.length ? [`strides=${strides.join(" × ")}`] : [];
  const steps = convolves && typeof return_sequences === "boolean" ? [`return_sequences=${return_sequences ? "True" : "False"}`] : [];
  return commaSeparated([...tuple, ...(padding === undefined ? [] : [`padding=${padding}`]), ...steps]);
}

/** In which loop a layer is, and how often that runs. @param {{name: string, times: number | string}} loop */
function ofLoop({ name, times }) {
  const [loop, said] = [name, typeof times === "number" ? grouped(times) : times].map((text) => text.slice(0, MOST_CHARACTERS));
  return said ? phrase("fileInLoop", { loop: loop ?? "", times: said }) : phrase("fileInLoopOfSteps", { loop: loop ?? "" });
}

/** What is said about a layer beside its text. @param {import("../files/layer.js").FoundLayer} layer @param {boolean} [hasPicture] @returns {string[]} */
export function remarks({ kind, framework, config, reads = [], getsStates, letter, begins = [], continues, ownCell, isOfEachStep, joinsDirections, isLooped, runsOfSteps, isMoved, written, isSquare, isBySizes, isScore, isTaken, mayHaveZeros, lengths = 0, readsOften = [], flipped, className, tiedTo, places = 1, uses = [], usesAreRoots, isChosen, weightsOf, branch, loop, cellsTogether, directionsOf, runs = 0 }, hasPicture = true) {
  const names = listed(uses.map((one) => one.join(" + ")));
  const found = [
    reads.length && (getsStates && reads.length === 1 ? ofStates(reads, letter) : phrase("fileReads", { names: listed(withRoles(reads, className).map((name, n) => withRuns(name, reads[n] ?? "", readsOften))) })),
    flipped !== undefined && phrase("fileFlipped", { axis: grouped(flipped) }),
    directionsOf && phrase("fileDirections", { names: listed(directionsOf) }),
    begins.length && phrase(continues ? "fileBeginsAndContinues" : "fileBegins", { names: listed(begins) }),
    continues && !begins.length && phrase("fileContinues"),
    isOfEachStep !== undefined && (isOfEachStep ? phrase("fileEachStep") : phrase("fileAllSteps")),
    ownCell === undefined ? className !== undefined && className : `${ownCell.slice(0, MOST_CHARACTERS)}: ${phrase(className === undefined ? "fileOwnCell" : "fileConvolves")}`,
    ownCell !== undefined && config.bidirectional && phrase("fileBothWays"),
    ...(isRecurrent({ kind }) ? reasonsOf(config) : []),
    config.cell_clip && phrase("fileCellClip", { limit: String(config.cell_clip) }),
    isRecurrent({ kind }) && config.return_state === true && phrase("fileReturnsState"),
    config.merge_mode === "none" && phrase("fileApart"),
    joinsDirections !== undefined && phrase("fileJoinsDirections", { mode: joinsDirections }),
    cellsTogether !== undefined && phrase("fileCellOf", { count: grouped(cellsTogether) }),
    isTaken && phrase("fileTakenForConvolution"),
    config.kernel?.length > 0 && config.channels && phrase("fileKernel", { kernel: config.kernel.map(grouped).join(" × "), channels: grouped(config.channels) }),
    windowText(config, isConvolving({ kind, ownCell, className })),
    config.mask_zero === true && phrase("fileMaskZero"),
    written && ofWritten(kind, written),
    isSquare && phrase("fileSquare"),
    isBySizes && phrase("fileAssumedKind", { kind: kind === "embedding" ? "Embedding" : "Linear" }),
    isScore && phrase("fileScore"),
    tiedTo !== undefined && phrase("fileTied", { name: tiedTo.slice(0, MOST_CHARACTERS) }),
    isLooped && phrase(runsOfSteps ? "fileLoopedSteps" : "fileLooped"),
    isMoved && phrase("fileMoved"),
    runs > 1 && phrase("fileRuns", { times: grouped(runs) }),
    branch && places === 1 && phrase("fileBranch", { branch: branch.name.slice(0, MOST_CHARACTERS), name: branch.of.slice(0, MOST_CHARACTERS) }),
    weightsOf !== undefined && phrase("fileWeightsOf", { name: weightsOf.slice(0, MOST_CHARACTERS) }),
    loop && ofLoop(loop),
    places > 1 && isChosen && phrase("fileChosen", { places: grouped(places) }),
    places > 1 && !isChosen && (uses.length ? phrase(usesAreRoots ? "fileUsesOf" : "fileUses", { places: grouped(places), names }) : phrase("filePlaces", { places: grouped(places) })),
    isRecurrent({ kind }) && config.dropout > 0 && (framework !== "pytorch" || config.num_layers > 1) && phrase("fileDropout", { rate: grouped(config.dropout) }),
    isRecurrent({ kind }) && config.recurrent_dropout > 0 && phrase("fileRecurrentDropout", { rate: grouped(config.recurrent_dropout) }),
    isRecurrent({ kind }) && config.bias === false && !mayHaveZeros && phrase(hasPicture ? "fileNoBias" : "fileWithoutBias"),
    mayHaveZeros && phrase("fileZeros"),
    lengths > 0 && phrase("fileLengthsOfRows", { count: grouped(lengths) }),
    isRecurrent({ kind }) && config.bias === null && phrase("fileBiasElsewhere"),
    isStack({ kind }) && config.num_layers === null && phrase("fileStackElsewhere"),
  ];
  return found.flatMap((text) => text || []);
}

const MOST_NAMES = 20;
const MOST_ITEMS = 500;
const MOST_CHARACTERS = 500; // of a name

/** The first names of a list, as a text. @param {string[]} names */
const listed = (names) =>
  commaSeparated([...names.slice(0, MOST_NAMES).map((name) => name.slice(0, MOST_CHARACTERS)), ...(names.length > MOST_NAMES ? ["…"] : [])]);

/** How a file contradicts itself about layers, once for those in which it does so in the same way. @param {import("../files/layer.js").FoundLayer[]} layers @returns {string[]} */
export const contradictions = (layers) => [
  ...contradictionsIn(layers, "contradicting", (names, size, other) => phrase("fileContradicts", { names, size, other })),
  ...contradictionsIn(layers, "misfitting", (names, size, other) => phrase("fileMisfits", { names, size, other })),
];

/** @param {import("../files/layer.js").FoundLayer[]} layers @param {string} setting that has two sizes @param {(names: string, size: string, other: string) => string} say */
function contradictionsIn(layers, setting, say) {
  const wrong = layers.filter(({ config }) => config[setting]);
  return [...new Set(wrong.map(({ config }) => String(config[setting])))].map((sizes) => {
    const same = wrong.filter(({ config }) => String(config[setting]) === sizes);
    const [size, other] = same[0]?.config[setting] ?? [];
    return say(listed(same.map(({ name }) => name)), grouped(size), grouped(other));
  });
}

/** Whether a file leaves open which steps of a layer go on, so that the text of the model assumes it.
 * @param {import("../files/layer.js").FoundLayer} layer @param {import("../files/layer.js").Model} model */
const isAssumed = (layer, { isOrdered }) => (!isOrdered || layer.isOfBlock) && isStack(layer) && ["keras", "flax"].includes(layer.framework) && layer.config.return_sequences === null;

/** What else weights alone leave open. @param {import("../files/layer.js").Model} model @returns {string[]} */
export function aboutWeights(model) {
  const open = model.layers.filter((layer) => layer.framework === "keras" && !layer.written && isAssumed(layer, model));
  const resetting = open.filter(({ kind, config }) => kind === "gru" && config.reset_after === undefined);
  return [
    ...(open.length ? [phrase("fileNoActivations")] : []),
    ...(resetting.length ? [phrase("fileNoResetAfter", { names: listed(resetting.map(({ name }) => name)) })] : []),
  ];
}

/** Whether a file leaves open which axis is the batch, so that it is assumed. @param {import("../files/layer.js").Model} model */
export const isTimeFirstAssumed = ({ framework, layers, isBatchFirst }) =>
  framework === "pytorch" && textIn(location.search, "batch_first") !== "true" && isBatchFirst === undefined && layers.some(mayBeTimeFirst);

/** Whether the steps may be the first axis of a layer: a class that somebody has written has its own axes. @param {import("../files/layer.js").FoundLayer} one */
const mayBeTimeFirst = (one) => isStack(one) && !one.written && one.config.batch_first === null;

/** Name another setting that is assumed. @param {Element} content @param {string} text */
function assume(content, text) {
  const [last] = [...content.querySelectorAll("[data-assumed]")].slice(-1);
  last?.parentElement?.append(commaSeparated(["", text]));
}

/** Leave out the number of steps of what is assumed. @param {Element} content */
function assumeNoSteps(content) {
  const one = content.querySelector('[data-assumed="time_step"]');
  const last = one?.nextElementSibling ? null : one?.previousElementSibling?.lastChild;
  if (last?.textContent?.endsWith(phrase("comma"))) last.textContent = last.textContent.slice(0, -phrase("comma").length);
  (one?.parentElement?.childElementCount === 1 ? one.parentElement : one)?.remove();
}

/** Let the links to the selected layer lead to where its name leads, and say what no picture shows, and what is assumed.
 * @param {Element} content @param {ShownFile} file @param {number} part @param {Known} known @param {string} kept @param {ModelPage} page */
export function linkSelected(content, file, part, known, kept, page) {
  const layer = file.model.layers[file.parts.indexOf(part)];
  if (!layer) return;
  const say = (/** @type {string} */ text) => content.querySelector(".chain-panel")?.append(element("p", text, "hint"));
  const types = layer.types ?? file.model.types ?? [];
  if ((hasCell(layer) || layer.types) && types.some((type) => /^q?u?int/.test(type))) say(phrase(layer.types ? "fileQuantizedLayer" : "fileQuantized", { types: listed(types) }));
  if (!hasCell(layer)) return;
  if (isConvolving(layer)) return; // the page says it
  if (layer.ownCell !== undefined) return say(phrase("fileOwnCell"));
  if (layer.written) content.querySelector("#layer-states")?.remove(); // those of the framework's layer
  if (layer.written) say(phrase(layer.written.isOfProgram ? "fileOfProgramPicture" : "fileWrittenPicture"));
  if (layer.begins?.length) say(phrase("fileBeginsPicture", { names: listed(layer.begins) }));
  if (layer.config.stateful === true) say(phrase("fileStateful"));
  if (layer.config.cell_clip) say(phrase("fileCellClipPicture", { limit: String(layer.config.cell_clip) }));
  if (layer.config.lengths_of) say(phrase("fileLengths", { name: layer.config.lengths_of }));
  const query = queryOf(layer, file, part, known, kept, page);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (content.querySelectorAll("#open-layer, .crumbs a"))) {
    const own = new URLSearchParams(link.search);
    const view = Object.fromEntries(["view", "unit"].flatMap((name) => (own.has(name) ? [[name, own.get(name) ?? ""]] : [])));
    if (query === null) link.replaceWith(...link.childNodes);
    else link.href = withPrefix(`/${withChanges(query, view)}`);
  }
  if (runsOf(layer, known)) assumeNoSteps(content);
  if (mayBeTimeFirst(layer) && page.framework === "pytorch" && isTimeFirstAssumed(file.model)) assume(content, "batch_first False");
  if (hasNoPicture(layer.config)) {
    content.querySelector("#own-settings")?.remove(); // it says less
    for (const about of content.querySelectorAll(".open-layer, .open-layer ~ .hint")) about.remove();
    reasonsOf(layer.config).forEach(say);
  }
  if (layer.config.activation === null) say(phrase("fileNoActivation"));
  const returned = content.querySelector("#returned");
  const isOnlyLast = layer.onlyLast && layer.config.return_sequences === true;
  const what = returned?.textContent ?? "";
  if (returned && isOnlyLast) returned.textContent = phrase("fileLast", { what });
}

/** A layer of the file, as the page calls it. @typedef {{name: string, part: number}} Called */

/** Call layers with cells of classes of their own by these, also in the picture, and say so if nothing else is unknown; and a layer that returns its two directions
 * apart, which no chain has, by its kind. @param {Element} content @param {ShownFile} file @param {number} selected the part of the selected layer */
export function nameOwnCells(content, { model, parts, text }, selected) {
  const calledBy = (/** @type {(layer: import("../files/layer.js").FoundLayer) => string | undefined} */ nameOf) =>
    model.layers.flatMap((layer, n) => {
      const [name, part] = [nameOf(layer), parts[n] ?? -1];
      return name === undefined || part < 0 ? [] : { name: name.slice(0, MOST_CHARACTERS), part };
    });
  const own = calledBy(({ ownCell, className }) => (className === undefined ? ownCell : undefined));
  const isAll = own.length > 0 && model.layers.every(({ ownCell, className }) => ownCell === undefined || className === undefined) && !/[(,]\?/.test(text) && !text.split(".").some((piece) => /^other(?!.*(?:own|params=0))/.test(piece));
  const below = own.find(({ part }) => part === selected - 1)?.name;
  const about = content.querySelector("[data-from=unknown]");
  if (about && below !== undefined) about.textContent = phrase("fileFromOwnCell", { name: below });
  const proof = content.querySelector(".proof");
  if (isAll && proof) proof.textContent = phrase("fileOwnEquations", { names: listed([...new Set(own.map(({ name }) => name))]) });
  const apart = calledBy((layer) => (isRecurrent(layer) && layer.config.merge_mode === "none" ? `Bidirectional(${{ rnn: "SimpleRNN" }[layer.kind] ?? layer.kind.toUpperCase()})` : undefined));
  for (const some of [own, apart]) nameInPicture(content, some);
  const inTable = calledBy((layer) => (isConvolving(layer) ? undefined : layer.ownCell ?? layer.className));
  for (const { name, part } of [...inTable, ...apart]) {
    const places = [`.layer-table a[data-part="${part}"]`, ...(part === selected ? [".chain-panel h3"] : [])];
    for (const place of content.querySelectorAll(places.join())) place.replaceChildren(name);
  }
}

/** Call layers by their names in the picture, and in the sentence if all have one, as long as nothing else is called as they were. @param {Element} content @param {Called[]} called */
function nameInPicture(content, called) {
  const words = content.querySelector(`.layer-table a[data-part="${called[0]?.part}"]`)?.textContent;
  const names = [...new Set(called.map(({ name }) => name))];
  const rows = [...content.querySelectorAll(".layer-table a[data-part]")].filter(({ textContent }) => textContent === words);
  if (rows.length !== called.length) return;
  for (const bold of names.length === 1 ? content.querySelectorAll("#sentence b") : []) if (bold.textContent === words) bold.textContent = names[0] ?? "";
  for (const picture of content.querySelectorAll(".chain-picture")) {
    const places = [...picture.querySelectorAll("text")].filter(({ textContent }) => textContent === words);
    const upwards = places.sort((one, other) => other.getBoundingClientRect().y - one.getBoundingClientRect().y);
    if (upwards.length === called.length) called.forEach(({ name }, n) => upwards[n]?.replaceChildren(name));
  }
}

/** Write the names of the layers in the file beside those in the table, and of what comes from elsewhere. @param {Element} content @param {ShownFile} file */
export function nameLayers(content, { model, parts, text }) {
  const texts = text.split(".").filter((one) => one !== UNORDERED && !one.startsWith("input("));
  for (const [n, { name, isOfInput, reads = [] }] of model.layers.entries()) {
    const part = parts[n] ?? -1;
    const write = (/** @type {number} */ at, /** @type {string} */ names) =>
      content.querySelector(`.layer-table a[data-part="${at}"]`)?.after(" ", element("small", names.slice(0, MOST_CHARACTERS), "layer-name"));
    if (!isOfInput && name && part >= 0) write(part, name);
    const gap = texts[part - 1] === STEP ? part - 2 : part - 1; // before each step of it
    if (reads.length && texts[gap]?.startsWith("elsewhere")) write(gap, listed(reads));
  }
}

/** Tell the sizes that a file fixes from those that are not in the model, as long as the page has them. @param {Element} content @param {ShownFile} file */
export function tellFixedSizes(content, { batch, steps }) {
  const heading = content.querySelector("#not-in-model");
  const fields = Object.entries({ batch_size: batch, time_step: steps }).flatMap(([name, size]) => {
    const field = /** @type {HTMLInputElement | null} */ (content.querySelector(`.control.${name} input[type=number]`));
    return size !== undefined && field?.value === String(size) ? (field.closest(".control") ?? []) : [];
  });
  if (!heading || !fields.length) return;
  heading.before(element("h2", phrase("fileFixed")), ...fields);
  if (!heading.nextElementSibling?.matches(".control")) heading.remove();
}

/** @param {(number | string | null)[]} axes */
const shapeText = (axes) => axes.map((size) => (typeof size === "number" ? grouped(size) : size === "..." ? "···" : "?")).join(" × ");

/** Add to the sentence about a model its other inputs and outputs, which a chain does not have. @param {Element} content @param {ShownFile} file */
export function nameOtherEnds(content, { model: { inputs = [], outputs = [] } }) {
  /** @param {import("../files/layer.js").NamedAxes[]} ends */
  const shapes = (ends) => listed(ends.map(([name, axes, state, isComputed]) => `${state ? phrase("fileState", { state, name }) : isComputed ? phrase("fileComputedFrom", { name }) : name} ${shapeText(axes)}`.trim()));
  const sentence = content.querySelector("#sentence");
  if (inputs.length) sentence?.append(" ", phrase("fileInputs", { shapes: shapes(inputs) }));
  if (outputs.length) content.querySelector("#other-outputs")?.remove(); // it has their names here
  if (outputs.length) sentence?.append(" ", phrase("fileOutputs", { shapes: shapes(outputs) }));
}

/** The name of a file, in the title of its model. @param {ShownFile} file */
export const fileName = ({ title }) => element("small", title.slice(0, MOST_CHARACTERS), "file-name");

/** Move the notes that two sections about files both have into one of their own. @param {HTMLElement[]} sections
 * @returns {HTMLElement[]} that section, if there are any */
export function sharedNotes([one, other]) {
  const [notes, others] = [one, other].map((section) => [...(section?.querySelectorAll("p.hint") ?? [])]);
  const shared = (notes ?? []).filter(({ textContent }) => {
    const same = others?.find((note) => note.textContent === textContent);
    same?.remove();
    return same;
  });
  if (!shared.length) return [];
  const section = element("section", "", "found-file");
  section.append(element("h2", phrase("fileBoth")), ...shared);
  return [section];
}

/** What is not known about the order of the layers of a file that does not say how they are connected: as much of it as applies to the file.
 * @param {Pick<ShownFile, "model" | "parts">} file */
export function aboutOrder({ model: { layers, hasCode, isFitted, isOfIndex }, parts }) {
  const pairs = layers.slice(1).map((one, n) => ({ one, before: layers[n] ?? one, isApart: (parts[n + 1] ?? 0) - (parts[n] ?? 0) > 1 }));
  const isOfSteps = (/** @type {typeof pairs[number]} */ { one, before }) => isStack(before) && one.kind === "dense";
  const takesAnySteps = (/** @type {typeof pairs[number]} */ { one, before }) => isStack(before) && one.kind === "normalization";
  const fits = (/** @type {typeof pairs[number]} */ { one, before }) => inputOf(one) !== null && inputOf(one) === outputOf(before);
  const apart = pairs.filter(({ isApart }) => isApart);
  return joinedSentences([
    phrase(hasCode ? "fileCode" : "fileNotConnected"),
    ...(hasCode || !pairs.length ? [] : [phrase(isFitted ? "fileOrderFitted" : isOfIndex ? "fileOrderOfIndex" : "fileOrder")]),
    ...(pairs.some(({ one }) => one.follows) ? [phrase("fileJoined")] : []),
    ...(apart.some((pair) => fits(pair) && !isOfSteps(pair)) ? [phrase("fileNotJoined")] : []),
    ...(layers.filter(({ kind }) => kind === "convolution").length > 1 ? [phrase("fileConvolutions")] : []),
    ...(apart.length ? [phrase("fileGaps")] : []),
    ...(apart.some((pair) => isOfSteps(pair) || takesAnySteps(pair)) ? [phrase("fileGapsOfSteps")] : []),
  ]);
}

/** What is not known about the end of a model, and the shape that it returns. @param {Pick<import("../files/layer.js").Model, "isOrdered" | "layers" | "output" | "result">} model */
export function aboutEnd({ isOrdered, layers, output, result }) {
  const hasCells = layers.some((one) => isRecurrent(one) && !isStack(one));
  const isOpen = output?.length === 0 && !(hasCells && result); // the shape says what is made of the steps
  return [
    ...(isOrdered && isOpen ? [phrase(hasCells ? "fileCellSteps" : "fileEnd")] : []),
    ...(result ? [phrase("fileResult", { shape: shapeText(result) })] : []),
    ...(!isOrdered && hasCells ? [phrase("fileCellStepsGuess")] : []),
  ];
}

/** The section about a file. @param {ShownFile} file @param {Known} known @param {string} kept the query that all links keep
 * @param {ModelPage | null} page @param {boolean} [isChanged] whether the model on the page has other sizes */
export function foundLayers(file, known, kept, page, isChanged = false) {
  const section = element("section", "", "found-file");
  const heading = element("h2", phrase("fileTitle"));
  if (isChanged) heading.append(" · ", phrase("fileChanged"));
  section.append(heading, element("h3", file.title));
  const list = element("ul", "", "found-layers");
  const items = file.model.layers.slice(0, MOST_ITEMS).flatMap((layer, n) => {
    if (layer.isOfInput) return [];
    const part = file.parts[n] ?? -1;
    const query = isRecurrent(layer) ? queryOf(layer, file, part, known, kept, page) : null;
    const model = `/model${queryOfModel(kept, { ...placeOfFile(file), part: Math.max(0, part) })}`;
    return item(layer, part, withPrefix(query === null ? model : `/${query}`), query !== null);
  });
  list.append(...items);
  section.append(list);
  /** @param {string} text */
  const note = (text) => section.append(element("p", text, "hint"));
  if (file.count) note(phrase("filePart", { count: grouped(file.count) }));
  if (!file.model.isOrdered) note(aboutOrder(file));
  const { types = [], policies = [] } = file.model;
  if (types.some((type) => type !== "float32")) note(phrase("fileTypes", { types: listed(types) }));
  if (policies.length) note(phrase("filePolicies", { policies: listed(policies) }));
  contradictions(file.model.layers).forEach(note);
  if (file.model.hasNoWeights) note(phrase("fileNoWeights"));
  if (isTimeFirstAssumed(file.model)) note(phrase("fileNoBatchFirst"));
  aboutEnd(file.model).forEach(note);
  const isOfFlax = file.model.framework === "flax";
  if (file.model.layers.some((layer) => isAssumed(layer, file.model))) note(phrase(isOfFlax ? "fileStepsOfFlax" : "fileSteps"));
  aboutWeights(file.model).forEach(note);
  const { unknown, models = [], copies = [], leftOut = [], wrapped = [], computing = [], shared = [], repeated = [], ownClasses = [], unused = [], unusedCount = 0, bare = [], operators = [], lastOperators = [], otherOperators = [], functions = [], statistics, scales, outside, isBatchFirst, isResultTurned } = file.model;
  if (isBatchFirst !== undefined && file.model.layers.some(isStack)) note(phrase(isBatchFirst ? "fileBatchFirst" : "fileTimeFirst"));
  if (isBatchFirst !== undefined && isResultTurned) note(phrase(isBatchFirst ? "fileReturnsTimeFirst" : "fileReturnsBatchFirst"));
  if (models.length) note(phrase("fileModels", { names: listed(models) }));
  if (leftOut.length) note(phrase("fileLeftOut", { names: listed(leftOut) }));
  if (copies.length) note(phrase("fileCopies", { names: listed(copies) }));
  const equal = (/** @type {string[][]} */ groups) => listed(groups.map((names) => names.join(" = ")));
  if (shared.length) note(phrase("fileShared", { names: equal(shared) }));
  if (repeated.length) note(phrase("fileRepeated", { names: equal(repeated) }));
  if (statistics) note(phrase("fileStatistics", { count: grouped(statistics) }));
  if (scales) note(phrase("fileScales", { count: grouped(scales) }));
  if (outside) note(phrase("fileOutside", { count: grouped(outside.count), names: listed(outside.names) }));
  if (wrapped.length) note(phrase("fileWrapped", { names: listed(wrapped) }));
  if (computing.length) note(phrase("fileComputing", { names: listed(computing) }));
  if (ownClasses.length) note(phrase("fileOwnClasses", { names: listed(ownClasses) }));
  const between = /(?:^|\.)other/.test(file.text) ? operators : operators.filter((name) => functions.includes(name)); // others only move numbers then
  if (between.length) note(phrase("fileOperators", { names: listed(between) }));
  if (lastOperators.length) note(phrase("fileLastOperators", { names: listed(lastOperators) }));
  if (otherOperators.length) note(phrase("fileOtherOperators", { names: listed(otherOperators) }));
  const ending = otherEnding(file.title, file.model.format ?? "");
  if (ending) note(phrase("fileNamed", { ending, format: file.model.format ?? "" }));
  if (file.model.isDeduced) note(phrase("fileDeduced"));
  const dissolved = file.model.layers.filter(({ isDissolved }) => isDissolved);
  if (dissolved.length) note(phrase("fileDissolved", { names: listed(dissolved.map(({ name }) => name)) }));
  if (file.model.layers.some(({ written }) => written?.isOfProgram)) note(phrase("fileNoFramework"));
  const hasModules = file.model.framework === "pytorch";
  if (bare.length) note(phrase(hasModules ? "fileBare" : "fileBareLayers", { names: listed(bare) }));
  if (unused.length) note(phrase("fileUnused", { count: grouped(unusedCount), names: listed(unused) }));
  if (unknown.length) note(phrase("fileRest", { names: listed(unknown) }));
  note(phrase("fileStays", { read: grouped(file.bytesRead), size: grouped(file.size) }));
  return section;
}
