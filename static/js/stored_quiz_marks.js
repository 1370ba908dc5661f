/** The marks of a quiz, which this browser stores: for each question, whether the first answer was right. */

import { save, saved } from "./page/storage.js";

export class Marks {
  /** @param {string} quiz names it @param {number} total number of questions */
  constructor(quiz, total) {
    this.key = `quiz ${quiz}`;
    this.total = total;
  }

  /** By number of the question. @returns {Record<string, boolean>} */
  get all() {
    return JSON.parse(saved(this.key) ?? "{}");
  }

  get answered() {
    return Object.keys(this.all).length;
  }

  get right() {
    return Object.values(this.all).filter(Boolean).length;
  }

  /** Mark a question, unless an earlier answer has been marked. @param {number} question @param {boolean} right */
  set(question, right) {
    const { all } = this;
    if (!(question in all)) save(this.key, JSON.stringify({ ...all, [question]: right }));
  }

  /** A sign for each question: ✓, ✗, or nothing if it is not answered. */
  get signs() {
    const { all } = this;
    return Array.from({ length: this.total }, (_, n) => ({ true: "✓", false: "✗" })[String(all[n + 1])] ?? "");
  }
}
