/** The state of the page. A state is a canonical query, such as "?num_units=7". */

import { withChanges } from "./query.js";

export class Store {
  /** @param {string} search the query that the page was opened with */
  constructor(search) {
    /** What the visitor wants to see: every control changes it. */
    this.present = withChanges(search, {});
    /** The last state that the server answered. */
    this.answered = this.present;
    /** The format of the picture for which there is room. */
    this.format = "";
    /** The field whose entry is no valid number (yet): it keeps what was typed, and the page keeps saying what is wrong.
     * @type {HTMLInputElement | null} */
    this.unfinished = null;
    /** @type {((state: string) => void)[]} */
    this.listeners = [];
  }

  /** @param {(state: string) => void} listener is called with every new state */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** @param {string} next */
  change(next) {
    this.present = next;
    for (const listener of this.listeners) listener(next);
  }

  /** The server has answered the present state. */
  accept() {
    this.answered = this.present;
  }

  /** The server refused the present state: the next change begins from the last good one. */
  revert() {
    this.present = this.answered;
  }
}
