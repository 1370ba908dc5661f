/** What the browser's history gets: one entry for each edit. */

import { withChanges } from "./query.js";

/**
 * A click, or all that happens to one control while the focus stays in it. It begins from a state, and is one entry of the
 * history however long it takes.
 *
 * @typedef {{control: HTMLElement | null, from: string, isEntered: boolean}} Edit
 */

export class EditHistory {
  /** @param {import("./store.js").Store} store @param {string} path of the page */
  constructor(store, path) {
    this.store = store;
    this.path = path;
    /** @type {Edit} */
    this.edit = { control: null, from: store.present, isEntered: false };
    /** The edit that led to the present state. */
    this.cause = this.edit;
  }

  /** A new edit begins. @param {HTMLElement | null} control */
  begin(control) {
    this.edit = { control, from: this.store.present, isEntered: false };
  }

  /** What follows gets no entry of its own. */
  beginUnrecorded() {
    this.edit = { control: null, from: this.store.present, isEntered: true };
  }

  /** The edit has changed the state: from now on the back button undoes it. */
  changed() {
    this.cause = this.edit;
    if (!this.edit.isEntered) this.enter();
  }

  /** Write the present state into the history: an edit has one entry. */
  enter() {
    if (this.store.present === withChanges(location.search, {})) return;
    if (this.cause.isEntered) this.replace();
    else history.pushState(null, "", this.path + this.store.present);
    this.cause.isEntered = true;
  }

  /** Let the address of the present entry be that of the present state. */
  replace() {
    history.replaceState(null, "", this.path + this.store.present);
  }
}
