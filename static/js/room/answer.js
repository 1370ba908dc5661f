/** The answer of a student, until the server has checked it. */

/** The question that an answer is for.
 * @typedef {{number: number, shape: string}} Question */

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
