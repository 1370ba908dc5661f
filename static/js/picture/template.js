/**
 * The picture for other sizes, without the server. A template is a figure whose texts and numbers have slots; the server has recorded
 * the formulas of what is written there (app/url_state_to_picture/picture_template.py). It is valid for all sizes for which its conditions hold.
 */

import { grouped } from "../page/numbers.js";

/** @typedef {import("./plot.js").Figure} Figure */

/** An operation and the indices of its operands, or a size or constant. @typedef {[string, ...any[]]} Formula */

/**
 * @typedef {object} TemplateDocument
 * @property {Formula[]} formulas
 * @property {[string, ...(number | string)[]][]} slots the format of each slot, and what is written there: formulas, or texts
 * @property {[number, boolean][]} conditions formulas of comparisons, with their results
 * @property {any} figure a Plotly figure, or the HTML of a part of the page
 * @property {Record<string, number>} sizes and positions along them
 * @property {string[]} sliders the names of the sizes that can be changed
 */

const FIRST_SLOT = 0xf0000;
const SLOTS = /([\u{f0000}-\u{fffff}])/u;

/** The operations of formulas. @type {Record<string, (a: number, b: number, c: number) => number>} */
const OPERATIONS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  div: (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  floor: Math.floor,
  ceil: Math.ceil,
  round: (a) => (Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)), // as Python does: to the even number
  "round 1": (a) => Number(toTenth(a)),
  log: (a) => Number(Math.log(a).toFixed(9)),
  log2: (a) => Number(Math.log2(a).toFixed(9)),
  hypot: (a, b) => Math.hypot(a, b),
  length: (a) => String(a).length,
  "grouped length": (a) => grouped(a).length,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  "==": (a, b) => Number(a === b),
  where: (a, b, c) => (a ? b : c),
};

/** How numbers and texts are written, by Python's name of the format. @type {Record<string, (...operands: any[]) => any>} */
const FORMATS = {
  chosen: (isFirst, one, other) => (isFirst ? one : other),
  "upright lines": (x, y, right, bottom, count) => zigzag(y, bottom, x, right, count, (a, b) => `${toTenth(b)},${toTenth(a)}`),
  "level lines": (x, y, right, bottom, count) => zigzag(x, right, y, bottom, count, (a, b) => `${toTenth(a)},${toTenth(b)}`),
  label,
  subscript: (n) => String(n).replace(/./g, (digit) => SUBSCRIPTS["0123456789-".indexOf(digit)] ?? ""),
  minus: (n) => String(n).replace("-", "−"),
  number: (n) => n,
  "": String,
  ",": grouped,
  "+,": (n) => `${n < 0 ? "" : "+"}${grouped(n)}`,
  ".1f": toTenth,
  g: (n) => String(Number(n.toPrecision(6))),
};

/** Small, low digits, and a minus sign. */
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₋";

/** A number with one decimal. A number halfway between two gets the even one, as in Python.
 * @param {number} n */
function toTenth(n) {
  const isHalfway = Number.isInteger(4 * n) && !Number.isInteger(2 * n);
  return (isHalfway ? (2 * Math.round(5 * n)) / 10 : n).toFixed(1);
}

/** Parallel lines as one zigzag line, as app/diagram/elements.py writes them.
 * @param {number} near @param {number} far @param {number} first @param {number} last @param {number} count
 * @param {(a: number, b: number) => string} point */
function zigzag(near, far, first, last, count, point) {
  const points = [];
  for (let k = 1; k < count; k++) {
    const at = first + ((last - first) * k) / count;
    points.push(...(k % 2 ? [point(near, at), point(far, at)] : [point(far, at), point(near, at)]));
  }
  return `M${points.join("L")}`;
}

const ADVANCE = 0.602; // the width of a monospaced character, in sizes of the type

/** The characters that have a meaning in HTML, as Python's html.escape writes them. @type {Record<string, string>} */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** A text, escaped for HTML. @param {string} text */
const escapedText = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** A label of an SVG, as app/diagram/painters/page_svg.py writes it: each span has a position, a text and a role.
 * @param {number} size @param {number} drop @param {any[]} operands */
function label(size, drop, ...operands) {
  let [spans, line, end] = ["", -Infinity, 0];
  for (let k = 0; k < operands.length; k += 4) {
    const [x, y, text, role] = operands.slice(k, k + 4);
    const half = (ADVANCE * size * text.replace(/\p{M}/gu, "").length) / 2; // accents have no width
    const gap = x - half - end;
    const place = Math.abs(y - line) > 0.05 ? ` x="${toTenth(x - half)}" y="${toTenth(y + drop)}"` : Math.abs(gap) > 0.05 ? ` dx="${toTenth(gap)}"` : "";
    spans += `<tspan${role === "muted" ? "" : ` class="${role}"`}${place}>${escapedText(text)}</tspan>`;
    [line, end] = [y, x + half];
  }
  return `<text class="label" font-size="${FORMATS.g?.(size)}">${spans}</text>`;
}

/** The value that an operand refers to.
 * @param {Float64Array} values @param {Int32Array} operands @param {number} n */
const at = (values, operands, n) => /** @type {number} */ (values[/** @type {number} */ (operands[n])]);

/** A figure for all sizes for which its conditions hold. */
export class Template {
  /** @param {TemplateDocument} document */
  constructor({ formulas, slots, conditions, figure, sizes, sliders }) {
    this.formulas = formulas;
    this.slots = slots;
    this.conditions = conditions;
    this.sizes = sizes;
    this.sliders = sliders;
    this.values = new Float64Array(formulas.length);
    /** The operation of each formula, and its operands, three each; a size has no operation. */
    this.operations = formulas.map(([name]) => OPERATIONS[name]);
    this.operands = new Int32Array(3 * formulas.length);
    formulas.forEach(([name, ...rest], k) => {
      if (name === "constant") this.values[k] = rest[0];
      else if (name !== "size") this.operands.set(rest, 3 * k);
    });
    /** How often some of them were computed. */
    this.time = 0;
    /** The slots by their characters: most are in several places, so each is written once a time. @type {Map<string, ReturnType<Template["slot"]>>} */
    this.known = new Map();
    this.compared = this.needed(conditions.map(([k]) => k));
    /** @type {number[]} */
    const used = [];
    this.fill = filling(figure, this, used) ?? (() => figure);
    this.used = this.needed(used);
  }

  /** The figure for other sizes, or null if the template is not valid for them.
   * @param {Record<string, number>} sizes of sliders
   * @returns {Figure | null} */
  figure(sizes) {
    return this.isValid(sizes) ? this.filled(sizes) : null;
  }

  /** The figure for sizes for which the template is valid.
   * @param {Record<string, number>} sizes
   * @returns {Figure} */
  filled(sizes) {
    this.compute(this.used, sizes);
    return this.fill();
  }

  /** @param {Record<string, number>} sizes */
  isValid(sizes) {
    this.compute(this.compared, sizes);
    return this.conditions.every(([k, result]) => this.values[k] === Number(result));
  }

  /** Compute some formulas, in their order. This is most of the work of a frame.
   * @param {number[]} indices @param {Record<string, number>} sizes */
  compute(indices, sizes) {
    this.time++;
    const { formulas, operations, operands, values } = this;
    for (const k of indices) {
      const operation = operations[k];
      if (operation) values[k] = operation(at(values, operands, 3 * k), at(values, operands, 3 * k + 1), at(values, operands, 3 * k + 2));
      else {
        const [, name] = /** @type {Formula} */ (formulas[k]);
        values[k] = sizes[name] ?? this.sizes[name] ?? NaN;
      }
    }
  }

  /** What is written in a slot, by its character.
   * @param {string} character
   * @returns {{formulas: number[], format: string, written: () => any}} */
  slot(character) {
    const known = this.known.get(character);
    if (known) return known;
    const [format, ...operands] = /** @type {TemplateDocument["slots"][number]} */ (this.slots[/** @type {number} */ (character.codePointAt(0)) - FIRST_SLOT]);
    /** @type {number[]} */
    const formulas = [];
    const read = operands.map((operand) => {
      if (typeof operand === "string") return filling(operand, this, formulas) ?? (() => operand);
      formulas.push(operand);
      return () => this.values[operand];
    });
    const write = /** @type {(...operands: any[]) => any} */ (FORMATS[format]);
    /** @type {any} */
    let text;
    let time = 0;
    const written = () => {
      if (time !== this.time) [text, time] = [write(...read.map((operand) => operand())), this.time];
      return text;
    };
    const slot = { formulas, format, written };
    this.known.set(character, slot);
    return slot;
  }

  /** The formulas from which others are computed, and these, in the order of computation, without constants.
   * @param {number[]} indices */
  needed(indices) {
    const found = new Set();
    const left = [...indices];
    for (let k = left.pop(); k !== undefined; k = left.pop()) {
      if (found.has(k)) continue;
      found.add(k);
      const [name, ...operands] = /** @type {Formula} */ (this.formulas[k]);
      if (name !== "constant" && name !== "size") left.push(...operands);
    }
    return [...found].filter((k) => this.formulas[k]?.[0] !== "constant").sort((a, b) => a - b);
  }
}

/** A function that copies a value with its slots filled; null if it has no slots.
 * @param {any} value @param {Template} template @param {number[]} used the formulas of the slots, to which they are added
 * @returns {(() => any) | null} */
export function filling(value, template, used) {
  if (typeof value === "string") return fillingText(value.split(SLOTS), template, used);
  if (value === null || typeof value !== "object") return null;
  /** @type {[string, () => any][]} */
  const changing = [];
  for (const [key, item] of Object.entries(value)) {
    const fill = filling(item, template, used);
    if (fill) changing.push([key, fill]);
  }
  if (!changing.length) return null;
  return () => {
    const copy = Array.isArray(value) ? [...value] : { ...value };
    for (const [key, fill] of changing) /** @type {any} */ (copy)[key] = fill();
    return copy;
  };
}

/** The same for a text, in pieces: every other one is a slot.
 * @param {string[]} pieces @param {Template} template @param {number[]} used */
function fillingText(pieces, template, used) {
  if (pieces.length === 1) return null;
  const slots = pieces.map((piece, k) => (k % 2 ? template.slot(piece) : null));
  for (const slot of slots) if (slot) used.push(...slot.formulas);
  if (slots[1]?.format === "number") return slots[1].written;
  return () => {
    let text = "";
    for (let k = 0; k < pieces.length; k++) text += slots[k]?.written() ?? pieces[k];
    return text;
  };
}
