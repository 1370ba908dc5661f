/**
 * Keras: .keras archives, .h5 files and the metadata of SavedModels, with their layers in JSON, or with weights alone.
 *
 * @typedef {import("../layer.js").FoundLayer} FoundLayer
 * @typedef {import("../layer.js").Model} Model
 */

import { Hdf5 } from "../containers/hdf5.js";
import { jsonOf } from "../containers/json.js";
import { completeOwnCells, modelOfConfig } from "./keras_config.js";
import { arraysIn, countsIn, modelOfWeights } from "./keras_weights.js";
import { noteOwnClasses, withClassesOfKeras } from "./own_classes.js";
import { hasCell, isRecurrent } from "../layer.js";
import { Message } from "../containers/protobuf.js";
import { Refusal, damaged } from "../refusal.js";

/** A .keras archive. @param {Map<string, import("../containers/zip.js").Member>} members */
export async function modelOfKeras(members) {
  const config = members.get("config.json");
  if (!config) throw damaged("Keras");
  const content = await contentOf(config);
  const json = jsonOf(content.bytes(0, content.size));
  const said = modelOfConfig(json);
  const weights = members.get("model.weights.h5");
  if (!weights) return { ...said, hasNoWeights: true };
  if (said.layers.some(hasCell) && !said.layers.some(isUncounted) && !said.layers.some(hasScales)) return said;
  const file = new Hdf5(await contentOf(weights));
  const model = withOwnClasses(json, said, file);
  if (!model.layers.some(hasCell)) return withLayersOf(model, modelOfWeights(file));
  const whole = withBlocks(model, file);
  countUnknown(whole.layers, file);
  return { ...whole, ...scalesOf(whole.layers, file) };
}

/** The bytes of a member of an archive, which is damaged if there are none. @param {import("../containers/zip.js").Member} member */
async function contentOf(member) {
  const content = await member.content();
  if (!content.size) throw new Refusal("fileEmptyMember", { name: member.name });
  return content;
}

/** The same model, in which recurrent layers of classes of its own are the layers that their weights say. @param {any} json @param {Model} model
 * @param {Hdf5} file with the weights @param {boolean} [hasWeights] see modelOfConfig @returns {Model} */
function withOwnClasses(json, model, file, hasWeights = false) {
  if (!model.layers.some(({ kind, config, ownCell }) => kind === "other" && config.parameters === undefined && ownCell === undefined)) return model;
  const found = new Map(modelOfWeights(file).layers.map((one) => [one.name, one]));
  const { json: known, own } = withClassesOfKeras(json, found);
  if (!own.size) return model;
  const all = modelOfConfig(known, hasWeights);
  noteOwnClasses(all.layers, own);
  return all;
}

/** The same model with the layers in those of classes of its own, if some in them are recurrent: a file has their weights, and not how they are connected. What such a
 * layer returns is after them. @param {Model} model @param {Hdf5} file with the weights @returns {Model} */
function withBlocks(model, file) {
  const isBlock = (/** @type {FoundLayer} */ one) => isUncounted(one) && one.kind === "other" && one.ownCell === undefined && one.className === undefined;
  if (!model.layers.some(isBlock)) return model;
  const all = modelOfWeights(file).layers;
  /** @type {Map<FoundLayer, FoundLayer[]>} */
  const blocks = new Map();
  for (const one of model.layers.filter(isBlock)) {
    const inner = all.filter(({ name }) => name.startsWith(`${one.name}/`));
    if (inner.some(isRecurrent)) blocks.set(one, inner.map((each) => ({ ...each, follows: false, isOfBlock: true })));
  }
  const names = new Set([...blocks.keys()].map(({ name }) => name));
  const isOwn = (/** @type {string} */ text) => names.has(text.replace(/ \([^()]*\)$/, ""));
  const layers = model.layers.flatMap((one) => (blocks.has(one) ? [...(blocks.get(one) ?? []), { ...one, follows: false, config: { ...one.config, parameters: 0 } }] : [one]));
  const ownClasses = model.unknown.filter(isOwn);
  return { ...model, layers, unknown: model.unknown.filter((text) => !isOwn(text)), ...(ownClasses.length ? { ownClasses } : {}) };
}

/** Whether the matrix of a layer is quantized: then its weights have scales beside it. @param {FoundLayer} one */
const hasScales = ({ kind, types = [] }) => (kind === "dense" || kind === "embedding") && types.includes("int8");

/** How many scales the weights of layers have, beside as many numbers as the sizes of these say. @param {FoundLayer[]} layers @param {Hdf5} file @returns {Pick<Model, "scales">} */
function scalesOf(layers, file) {
  const own = layers.filter(hasScales);
  const counts = own.length ? countsIn(file) : new Map();
  const scales = own.reduce((sum, { kind, name, config: { features, num_units, bias } }) => sum + Math.max(0, (counts.get(name) ?? 0) - features * num_units - (kind === "dense" && bias ? num_units : 0)), 0);
  return scales ? { scales } : {};
}

/** Whether nothing is known about the parameters of a layer, or it has others than its sizes say. @param {FoundLayer} one */
const isUncounted = ({ kind, config, isOfEachStep, joinsDirections }) =>
  (kind === "other" || kind === "attention" || config.merge_mode === "none" || config.misfitting) && config.parameters === undefined && isOfEachStep === undefined && !joinsDirections;

/** Count the parameters of layers of which nothing else is known. @param {FoundLayer[]} layers @param {Hdf5} file with their weights */
function countUnknown(layers, file) {
  const counts = countsIn(file);
  if (counts.size) for (const one of layers.filter(isUncounted)) one.config.parameters = counts.get(one.name) ?? (isRecurrent(one) ? undefined : 0);
}

/** The model in JSON, or that in the weights, if only these have recurrent layers: of a class of one's own a file has nothing else.
 * @param {Model | null} model @param {Model} weights */
const withLayersOf = (model, weights) => (weights.layers.some(isRecurrent) ? weights : model ?? weights);

/** keras_metadata.pb of a SavedModel: the JSON of its objects, of which the first is the model.
 * @param {import("../containers/byte_source.js").ByteSource} source */
export function modelOfMetadata(source) {
  const [NODE, METADATA] = [1, 5];
  const [node] = new Message(source).all(NODE);
  const [metadata] = node?.inner().all(METADATA) ?? [];
  const part = metadata?.part();
  if (!part) throw damaged("Keras");
  return modelOfConfig(jsonOf(part.bytes(0, part.size)));
}

/** An .h5 file. @param {import("../containers/byte_source.js").ByteSource} source @returns {Model} */
export function modelOfHdf5(source) {
  const file = new Hdf5(source);
  const [config] = file.root.strings("model_config");
  const json = config ? jsonOf(new TextEncoder().encode(config)) : null;
  const said = json && modelOfConfig(json, true);
  const model = said && withOwnClasses(json, said, file, true);
  if (!model?.layers.some(hasCell)) return withLayersOf(model, modelOfWeights(file));
  if (model.layers.some(isIncomplete)) complete(model.layers, file);
  if (model.layers.some(isUncounted)) countUnknown(model.layers, file);
  completeOwnCells(model.layers);
  return { ...model, ...scalesOf(model.layers, file) };
}

/** Whether the length of what a layer takes is missing, or that of what a cell of a class of one's own returns. @param {FoundLayer} one */
const isIncomplete = (one) => (one.ownCell === undefined ? (isRecurrent(one) || one.kind === "dense") && !one.config.features : !one.config.num_units);

/** Complete lengths from the weights of the same layers. @param {FoundLayer[]} layers @param {Hdf5} file */
function complete(layers, file) {
  const arrays = arraysIn(file).map(({ name, shape }) => ({ path: name.replace(/:0$/, "").split("/"), shape }));
  for (const one of layers.filter(isIncomplete)) {
    const [[outer], inner] = [one.name.split("/"), one.name.split("/").at(-1) ?? ""];
    const matrixOf = (/** @type {string} */ own) => {
      const { shape = [] } = arrays.find(({ path }) => path[0] === outer && path.includes(inner) && path.at(-1) === own) ?? {};
      return shape.length === 2 ? shape : [];
    };
    const [features, columns = 0] = matrixOf("kernel");
    if (one.ownCell !== undefined) [one.config.num_units = null] = matrixOf("recurrent_kernel");
    else if (features && columns % one.config.num_units === 0) one.config.features = features;
  }
}
