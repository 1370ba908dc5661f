/** The text of equations as an editor sees it: its lines in pieces with colours, and the names that may follow the caret. */

/**
 * A piece of a line: the name of an axis, a comment, or other text; `isWrong` if it is marked as an error.
 *
 * @typedef {{text: string, kind: "" | "axis" | "comment", isWrong: boolean}} Piece
 */

/**
 * What is wrong, and where: a line, counted from 1, and some characters of it.
 *
 * @typedef {{line: number, start: number, end: number}} Problem
 */

const NAME = /[A-Za-z][A-Za-z0-9_]*/g;

/** The names of the axes that a text declares. @param {string} text */
export function declaredAxes(text) {
  return [...text.matchAll(/^[ \t]*axis[ \t]+([A-Za-z]\w*)/gm)].map((match) => match[1] ?? "");
}

/** A line in pieces.
 * @param {string} line @param {Set<string>} axes @param {Problem | null} problem in this line @returns {Piece[]} */
export function piecesOf(line, axes, problem) {
  const comment = line.includes("#") ? line.indexOf("#") : line.length;
  const cuts = new Set([0, comment, line.length]);
  /** @type {Map<number, number>} */
  const names = new Map();
  for (const match of line.slice(0, comment).matchAll(NAME)) {
    if (!axes.has(match[0])) continue;
    const end = match.index + match[0].length;
    names.set(match.index, end);
    cuts.add(match.index).add(end);
  }
  if (problem) cuts.add(Math.min(problem.start, line.length)).add(Math.min(problem.end, line.length));
  const places = [...cuts].sort((a, b) => a - b);
  const isName = (/** @type {number} */ at) => [...names].some(([start, end]) => start <= at && at < end);
  return places.slice(0, -1).map((at, n) => ({
    text: line.slice(at, places[n + 1]),
    kind: at >= comment ? "comment" : isName(at) ? "axis" : "",
    isWrong: problem !== null && problem.start <= at && at < problem.end,
  }));
}

/** The name that is being written before the caret. @param {string} text @param {number} caret */
export function nameBefore(text, caret) {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  if (line.includes("#")) return "";
  return /[A-Za-z]\w*$/.exec(line)?.[0] ?? "";
}

/** The names that begin as the one before the caret: first those of the text, then those that are known everywhere.
 * @param {string} text @param {number} caret @param {string[]} known names of axes and functions @returns {string[]} */
export function completions(text, caret, known) {
  const begun = nameBefore(text, caret);
  const others = text.slice(0, caret - begun.length) + " " + text.slice(caret);
  const own = others.split("\n").flatMap((line) => line.replace(/#.*/, "").match(NAME) ?? []);
  const states = own.filter((name) => !name.endsWith("_prev")).map((name) => `${name}_prev`);
  const isState = (/** @type {string} */ name) => new RegExp(`^[ \\t]*${name.slice(0, -5)}[ \\t]*:`, "m").test(text);
  const all = [...own, ...states.filter(isState), ...known];
  return [...new Set(all)].filter((name) => name.startsWith(begun) && name !== begun && name !== "axis");
}
