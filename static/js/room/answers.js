/** Answers to the question of a room: the student's own, and the counts that the teacher sees. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";

/** @typedef {{tensor: string, number: number, shape: string}} Question */
/** @typedef {{right: number, answers: [string, number][], thoughts: [string, number][]}} Counts */

/** The answer of a student, until the server has checked it. */
export class Answer {
  constructor() {
    this.text = "";
    /** The number of the question. */
    this.number = 0;
  }

  /** @param {string} text @param {Question | null} question @returns {{answer: string, number: number}} the message */
  submit(text, question) {
    this.text = text;
    this.number = question?.number ?? 0;
    return this.message;
  }

  get message() {
    return { answer: this.text, number: this.number };
  }

  clear() {
    this.text = "";
    this.number = 0;
  }

  /** Whether to send it again after a reconnect: it is not checked, and its question is still open.
   * @param {Question | null} question */
  isOpen(question) {
    return this.text !== "" && question?.number === this.number && !question.shape;
  }
}

/** Show the number of each answer and of each mistake.
 * @param {Counts} counts */
export function showCounts({ right, answers, thoughts }) {
  const answered = answers.reduce((sum, [, n]) => sum + n, 0);
  byId("room-score").textContent = phrase("roomRight", { right, answered });
  byId("room-counts").replaceChildren(...[...answers, ...thoughts].map(([what, n]) => countItem(what, n, answered)));
}

export function clearCounts() {
  byId("room-counts").replaceChildren();
}

/** @param {string} what @param {number} n @param {number} all */
function countItem(what, n, all) {
  const item = document.createElement("li");
  const bar = document.createElement("meter");
  bar.max = all;
  bar.value = n;
  item.append(bar, ` ${n} × ${what}`);
  return item;
}
