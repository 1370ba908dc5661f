/** The states that the page of a leader sends to the room: the newest one, at most twenty a second. */

const SEND_AFTER = 50; // ms between two states

export class Leading {
  /** @param {string} state of the page
   * @param {(state: string) => string} prepare converts a state to the one for the room
   * @param {() => boolean} canSend
   * @param {(state: string) => void} send */
  constructor(state, prepare, canSend, send) {
    this.prepare = prepare;
    this.canSend = canSend;
    this.send = send;
    /** The newest state of the page, and the last one that was sent. */
    this.newest = this.sent = state;
    /** States that were sent and not yet confirmed by the room. @type {string[]} */
    this.unconfirmed = [];
    this.isUnsent = false;
    this.timer = 0;
  }

  /** Whether the page shows a state that the room has not confirmed. */
  get isAhead() {
    return this.isUnsent || this.unconfirmed.length > 0;
  }

  /** The page shows another state. @param {string} state */
  moved(state) {
    this.newest = state;
    if (!this.isUnsent && this.prepare(state) === this.sent) return; // the state came from another window of the leader
    this.isUnsent = true;
    this.timer ||= setTimeout(() => this.flush(), SEND_AFTER);
  }

  /** Send the newest state now. If that is not possible, it stays unsent and the page stays ahead. */
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.canSend()) return;
    this.isUnsent = false;
    const state = this.prepare(this.newest);
    if (state === this.sent) return;
    this.sent = state;
    this.unconfirmed.push(state);
    this.send(state);
  }

  /** Send the state of the page after a reconnect: unconfirmed states are lost. @param {string} state */
  resend(state) {
    this.unconfirmed = [];
    this.newest = state;
    this.flush();
  }

  /** Whether a state of the room comes from another window of the leader, so that this page should follow it.
   * @param {string} query */
  isFromElsewhere(query) {
    const mine = this.unconfirmed.indexOf(query);
    this.unconfirmed.splice(0, mine + 1);
    if (mine >= 0 || this.isAhead) return false;
    this.sent = query;
    return true;
  }
}
