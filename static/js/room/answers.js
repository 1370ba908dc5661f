/** Answers to the teacher's question: a student's own, and the counts that the teacher sees. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";

/** @typedef {{tensor: string, number: number, shape: string}} Question */
/** @typedef {{right: number, answers: [string, number][], thoughts: [string, number][]}} Counts */

/** The answer that a student gave, until the room has judged it. */
export class Answer {
  constructor() {
    this.text = "";
    /** The number of the question. */
    this.number = 0;
  }

  /** @param {string} text @param {Question | null} question @returns {{answer: string, number: number}} the message */
  give(text, question) {
    this.text = text;
    this.number = question?.number ?? 0;
    return this.message;
  }

  get message() {
    return { answer: this.text, number: this.number };
  }

  judged() {
    this.text = "";
    this.number = 0;
  }

  /** Whether it is to be sent again in a new connection: it is not judged, and its question is still open.
   * @param {Question | null} question */
  isOpen(question) {
    return this.text !== "" && question?.number === this.number && !question.shape;
  }
}

/** Show how often each answer was given, and what was wrong with it.
 * @param {Counts} counts */
export function showCounts({ right, answers, thoughts }) {
  const answered = answers.reduce((sum, [, n]) => sum + n, 0);
  byId("room-score").textContent = phrase("roomRight", { right, answered });
  byId("room-counts").replaceChildren(...[...answers, ...thoughts].map(([what, n]) => line(what, n, answered)));
}

export function clearCounts() {
  byId("room-counts").replaceChildren();
}

/** @param {string} what @param {number} n @param {number} all */
function line(what, n, all) {
  const item = document.createElement("li");
  const bar = document.createElement("meter");
  bar.max = all;
  bar.value = n;
  item.append(bar, ` ${n} × ${what}`);
  return item;
}
