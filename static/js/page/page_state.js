/** The state of the page. A state is a canonical query, such as "?num_units=7". */

import { withChanges } from "./query.js";

export class Store {
  /** @param {string} search the query that the page was opened with */
  constructor(search) {
    /** The state that the reader has chosen. Every control changes it. */
    this.present = withChanges(search, {});
    /** The last state that the server has rendered. */
    this.accepted = this.present;
    /** The format of the picture that fits the width of its frame. */
    this.format = "";
    /** The state that the link of the page leads to while a training runs: that of its result. */
    this.shared = "";
    /** The field whose text is not a valid number (yet). It keeps its text, and the page keeps showing the error.
     * @type {HTMLInputElement | null} */
    this.unfinished = null;
    /** @type {((state: string) => void)[]} */
    this.listeners = [];
  }

  /** @param {(state: string) => void} listener called with every new state */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** @param {string} next */
  change(next) {
    this.present = next;
    for (const listener of this.listeners) listener(next);
  }

  /** The server has rendered the present state. */
  accept() {
    this.accepted = this.present;
  }

  /** The server has rejected the present state: return to the last one that it rendered. */
  revert() {
    this.present = this.accepted;
  }
}
