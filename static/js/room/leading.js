/** The states that a teacher's page sends to the room: the newest, twenty a second at most. */

const SEND_AFTER = 50; // ms between two states

export class Leading {
  /** @param {string} state that the page shows
   * @param {(state: string) => string} prepare makes of a state what the room is to have
   * @param {() => boolean} canSend
   * @param {(state: string) => void} send */
  constructor(state, prepare, canSend, send) {
    this.prepare = prepare;
    this.canSend = canSend;
    this.send = send;
    /** The newest state of the page, and the last one that was sent. */
    this.newest = this.sent = state;
    /** States that were sent and have not come back from the room. @type {string[]} */
    this.unconfirmed = [];
    this.isUnsent = false;
    this.timer = 0;
  }

  /** Whether the page shows what the room has not confirmed. */
  get isAhead() {
    return this.isUnsent || this.unconfirmed.length > 0;
  }

  /** The page shows another state. @param {string} state */
  moved(state) {
    this.newest = state;
    if (!this.isUnsent && this.prepare(state) === this.sent) return; // another window has led here
    this.isUnsent = true;
    this.timer ||= setTimeout(() => this.flush(), SEND_AFTER);
  }

  /** Send the newest state now. Where that is impossible it stays unsent, and the page is ahead. */
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

  /** Send the page's state in a new connection, which has lost what was unconfirmed. @param {string} state */
  resend(state) {
    this.unconfirmed = [];
    this.newest = state;
    this.flush();
  }

  /** The room has a state: whether another window has led there, which is to be followed.
   * @param {string} query */
  isFromElsewhere(query) {
    const mine = this.unconfirmed.indexOf(query);
    this.unconfirmed.splice(0, mine + 1);
    if (mine >= 0 || this.isAhead) return false;
    this.sent = query;
    return true;
  }
}
