/** The entries of the browser's history: one for each edit; and going back or forward to one of them. */

import { withChanges } from "./query.js";

/**
 * A click, or all changes by one control while it has the focus. An edit starts from a state and is one entry of the history.
 *
 * @typedef {{control: HTMLElement | null, from: string, isEntered: boolean}} Edit
 */

export class EditHistory {
  /** @param {import("./page_state.js").Store} store @param {string} path of the page */
  constructor(store, path) {
    this.store = store;
    this.path = path;
    /** @type {Edit} */
    this.edit = { control: null, from: store.present, isEntered: false };
    /** The edit that made the present state. */
    this.cause = this.edit;
  }

  /** Begin a new edit. @param {HTMLElement | null} control */
  begin(control) {
    this.edit = { control, from: this.store.present, isEntered: false };
  }

  /** Begin an edit that gets no entry of its own. */
  beginUnrecorded() {
    this.edit = { control: null, from: this.store.present, isEntered: true };
  }

  /** The edit has changed the state: the back button can undo it from now on. */
  changed() {
    this.cause = this.edit;
    if (!this.edit.isEntered) this.enter();
  }

  /** Write the present state into the entry of the edit. */
  enter() {
    if (this.store.present === withChanges(location.search, {})) return;
    if (this.cause.isEntered) this.replace();
    else history.pushState(null, "", this.path + this.store.present);
    this.cause.isEntered = true;
  }

  /** Call a listener when the visitor goes back or forward to an entry with another state, not if only the fragment changes.
   * @param {(state: string) => void} listener gets the state of the entry */
  onTraverse(listener) {
    addEventListener("popstate", () => {
      const state = withChanges(location.search, {});
      if (state !== this.store.present) listener(state);
    });
  }

  /** Set the address of the present entry to that of the present state. */
  replace() {
    history.replaceState(null, "", this.path + this.store.present);
  }
}
