/** The talk of a room: the question, a student's own answer and, after the reveal, the correct shape and the answers. */

import { byId } from "../page/dom.js";
import { grouped } from "../page/numbers.js";
import { phrase } from "../page/phrase.js";

/** Between the axes of a shape. */
const TIMES = " × ";

/** A text in several colours: each piece with its role, which is the name of a size, "sub" or nothing.
 * @typedef {[text: string, role: string][]} Pieces */

/** @typedef {{name: string, shape: Pieces, axes: Pieces}} ShapeOf an array */
/** @typedef {{tensor: string, number: number, shape: string, symbol: Pieces, name: string, step: number | null,
 *   given: Pieces[], arrays: ShapeOf[]}} Question */
/** @typedef {{number: number, text: Pieces, hint: string, right: boolean}} Verdict */
/** @typedef {{answers: {arrays: ShapeOf[], text: Pieces, right: boolean, n: number, students: string, hint: string}[],
 *   others: string}} Counts */
/** @typedef {{members: number, answered: number, right: number | null,
 *   words: {members: string, answered: string, silent: string, right: string}}} Attendance */

/**
 * What the reader sees: `leads`, as the teacher; `isPresenting`, on a page with the picture that the class sees; `hasPicture`, on a
 * page with one of its own; `own`, the verdict on the own answer; `isAway`, another page or other sizes than the teacher's;
 * `isWriting`, whether the field is shown although there is an answer.
 *
 * @typedef {{asked: Question | null, leads: boolean, isPresenting: boolean, hasPicture: boolean, isAway: boolean,
 *   isWriting: boolean, own: Verdict | null, counts: Counts | null, attendance: Attendance | null}} Talk
 */

/** @param {Talk} talk */
export function showTalk({ asked, leads, isPresenting, hasPicture, isAway, isWriting, own, counts, attendance }) {
  const part = byId("talk");
  part.hidden = !asked;
  if (!asked) return;
  const isOpen = !asked.shape;
  const isStudent = !leads;
  const invites = isOpen && leads;
  part.classList.toggle("revealed", !isOpen);
  fill("talk-about", isOpen ? phrase(leads ? "talkQuestion" : isAway && hasPicture ? "talkAway" : "talkAsks") : phrase("talkAnswer"));
  fill("talk-title", ...(isOpen ? questionOf(asked) : answerOf(asked)));
  fill("talk-axes", ...asked.arrays.flatMap(({ axes }, n) => [...(n ? ["; "] : []), ...inColours(axes)]));
  fill("talk-given", ...(isOpen && isStudent ? phraseWith("talkGiven", { given: asked.given.flatMap((one, n) => [...(n ? [phrase("comma")] : []), ...inColours(one)]) }) : []));
  byId("talk-form").hidden = !isStudent || !isOpen || (hasAnswer(own) && !isWriting);
  fill("talk-own", ...(isStudent ? ownAnswer(own, isOpen, isWriting) : []));
  byId("talk-again").hidden = !isStudent || !isOpen || !hasAnswer(own) || own?.right === true || isWriting;
  fill("talk-answered", isOpen ? attendance?.words.answered ?? "" : "");
  fill("talk-right", !isOpen && isStudent ? attendance?.words.right ?? "" : "");
  fill("talk-silent", !isOpen && leads ? attendance?.words.silent ?? "" : "");
  const all = attendance ? Math.max(attendance.members, attendance.answered) : 0;
  byId("talk-bar").hidden = !isOpen || !leads;
  setWidth(/** @type {HTMLElement} */ (byId("talk-bar").firstElementChild), attendance?.answered ?? 0, all);
  byId("talk-answers").hidden = isOpen || !leads || !counts?.answers.length;
  if (!isOpen && counts) showAnswers(counts, all);
  byId("talk-invitation").hidden = !invites;
  part.classList.toggle("invites", invites);
  byId("talk-locked").hidden = !isOpen || !isPresenting;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-when]"))) {
    button.hidden = !leads || button.dataset.when !== (isOpen ? "open" : "revealed") || (button.dataset.sends === "pick" && !isPresenting);
  }
  byId("talk-back").hidden = leads || !isAway;
}

/** Whether a verdict is on an answer that counts: a text that is no shape does not. @param {Verdict | null} verdict */
export function hasAnswer(verdict) {
  return verdict !== null && verdict.text.length > 0;
}

/** “What is the shape of h₂, the hidden state at step 2?” @param {Question} asked */
function questionOf({ symbol, name, step }) {
  return phraseWith(step === null ? "roomAsks" : "roomAsksAt", { symbol: [symbolOf(symbol)], name: [name], step: [grouped(step)] });
}

/** “h₂ is 3 × 5” @param {Question} asked */
function answerOf({ symbol, arrays }) {
  return phraseWith("roomShows", { symbol: [symbolOf(symbol)], shape: shapesOf(arrays) });
}

/** @param {ShapeOf[]} arrays */
function shapesOf(arrays) {
  return arrays.flatMap(({ name, shape }, n) => [...(n ? ["; "] : []), ...(name ? [element("code", "", name), " "] : []), shapeOf(shape)]);
}

/** The verdict on the own answer, which stays. @param {Verdict | null} own @param {boolean} isOpen @param {boolean} isWriting */
function ownAnswer(own, isOpen, isWriting) {
  if (!own) return isOpen ? [] : [element("p", "hint", phrase("talkSilent"))];
  if (!hasAnswer(own)) return [element("p", "error", own.hint)];
  if (isWriting) return [];
  const line = element("p", "answer-line", judged(own.right), " ", ...phraseWith("talkOwn", { answer: [shapeOf(own.text)] }));
  const hint = own.right ? [] : [element("p", "diagnosis", own.hint)];
  return [element("div", `own ${own.right ? "right" : "wrong"}`, line, ...hint)];
}

/** One block for each answer: sign and word, the answer, how many gave it, a bar, and under it the diagnosis.
 * @param {Counts} counts @param {number} all students */
function showAnswers({ answers, others }, all) {
  const rows = answers.map(({ arrays, text, right, n, students, hint }) => {
    const bar = element("div", "bar", element("span", ""));
    setWidth(/** @type {HTMLElement} */ (bar.firstElementChild), n, all);
    const given = element("span", "given", ...(right ? shapesOf(arrays) : [shapeOf(text)]));
    const line = element("p", "answer-line", judged(right), " ", given, " ", element("span", "students", students));
    return element("li", right ? "right" : "wrong", line, bar, ...(hint && !right ? [element("p", "diagnosis", hint)] : []));
  });
  fill("talk-answers", ...rows, ...(others ? [element("li", "hint", others)] : []));
}

/** “✓ right” or “✗ wrong” @param {boolean} right */
function judged(right) {
  return element("b", "judged", phrase(right ? "talkRight" : "talkWrong"));
}

/** @param {Pieces} pieces */
function symbolOf(pieces) {
  return element("span", "math symbol", ...pieces.map(([text, role]) => (role === "sub" ? element("sub", "", text) : text)));
}

/** @param {Pieces} pieces */
function shapeOf(pieces) {
  return element("span", "shape", ...pieces.map(([text, role]) => (text === TIMES ? text : element("b", role, text))));
}

/** @param {Pieces} pieces */
function inColours(pieces) {
  return pieces.map(([text, role]) => (role ? element("b", role, text) : text));
}

/** A phrase with nodes in place of names in braces. @param {string} name @param {Record<string, (string | Node)[]>} parts */
function phraseWith(name, parts) {
  return phrase(name).split(/\{(\w+)\}/).flatMap((text, n) => (n % 2 ? parts[text] ?? [] : [text]));
}

/** @param {string} tag @param {string} className @param {(string | Node)[]} content */
function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Replace the content of an element, unless it stays the same: screen readers would announce it again.
 * @param {string} id @param {(string | Node)[]} content */
function fill(id, ...content) {
  const now = byId(id);
  const next = element(now.tagName, "", ...content);
  if (next.innerHTML !== now.innerHTML) now.replaceChildren(...next.childNodes);
}

/** @param {HTMLElement} bar @param {number} n @param {number} all */
function setWidth(bar, n, all) {
  bar.style.width = `${all ? (100 * n) / all : 0}%`;
}
