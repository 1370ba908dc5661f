/** A page in a room: the leader's page sends its state, the others follow it; questions, answers and solutions. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";
import { withPrefix } from "../page/prefix.js";
import { fieldOf, withChanges } from "../page/query.js";
import { Answer, clearCounts, showCounts } from "./answers.js";
import { Connection } from "./connection.js";
import { Leading } from "./leading.js";

const [CONFIRM_AFTER, CONFIRM_WITHIN] = [500, 5000]; // ms: a second press in between ends the lesson, a double click does not
const PERSONAL = ["lang", "theme"]; // fields that every reader sets for themselves

/** @typedef {import("./answers.js").Question} Question */
/** @typedef {{number: number, query: string, asked: Question | null, over: boolean}} Room */
/** @typedef {{members: number, answered: number}} Attendance */

export class Visit {
  /** @param {import("./room.js").Page} page @param {string} code @param {string} secret of the leader, or nothing */
  constructor(page, code, secret) {
    this.page = page;
    this.leads = false;
    this.follows = !secret;
    /** @type {Room} */
    this.room = { number: -1, query: "", asked: null, over: false };
    /** @type {Attendance} */
    this.attendance = { members: -1, answered: 0 };
    this.answer = new Answer();
    this.leading = new Leading(
      page.state(),
      (state) => this.shared(state),
      () => this.connection.isOpen,
      (state) => this.connection.send({ show: state }),
    );
    /** Whether the connection has just opened. Messages that were lost with the last one are then sent again. */
    this.isNew = false;
    /** Whether this page has led the room before. */
    this.hasLed = false;
    /** The time of the first press of the button that ends the lesson, or 0. */
    this.closing = 0;
    this.listen();
    this.connection = new Connection(code, secret, {
      receive: (message) => this.receive(message),
      opened: () => this.opened(),
      lost: (loss) => this.lost(loss),
    });
  }

  /** Listen to the buttons and to the form. */
  listen() {
    byId("room-follow").addEventListener("click", () => this.follow(!this.follows));
    for (const button of leaderButtons()) button.addEventListener("click", () => this.press(button.dataset.sends ?? ""));
    byId("room-predict").addEventListener("submit", (event) => {
      event.preventDefault();
      const { value } = /** @type {HTMLInputElement} */ (byId("room-answer"));
      this.connection.send(this.answer.submit(value, this.room.asked));
    });
  }

  opened() {
    showMessage("");
    this.isNew = true;
    this.enable(true);
  }

  /** A button of the leader is pressed. @param {string} name of the message that it sends */
  press(name) {
    if (name === "ask") return this.ask();
    if (name === "close" && !this.isConfirmed()) return;
    this.connection.send({ [name]: true });
  }

  /** Ask for the shape of the selected tensor. */
  ask() {
    this.leading.flush(); // the question is about the state of this page
    /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = false;
    this.connection.send({ ask: this.page.tensor() });
  }

  /** @param {import("./connection.js").Loss} loss */
  lost({ words, isFinal }) {
    if (isFinal) showMessage(words);
    else showMessage(words ? `${words} ${phrase("roomRetry")}` : phrase("roomLost"));
    this.enable(false);
    if (!isFinal) return;
    for (const button of leaderButtons()) button.hidden = true;
    for (const id of ["room-follow", "room-predict", "room-members", "room-answered"]) byId(id).hidden = true;
    byId("room-exit").hidden = false;
    /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = false;
    /** @type {HTMLAnchorElement} */ (byId("room-leave")).href = withPrefix(`/${this.page.state()}`);
  }

  /** Enable the leader's buttons while there is a connection. @param {boolean} isOn */
  enable(isOn) {
    for (const button of leaderButtons()) button.disabled = !isOn;
  }

  /** The page shows another state. The leader's is sent to the room; a student who leaves the room's state stops following.
   * @param {string} state */
  moved = (state) => {
    if (this.leads) this.leading.moved(state);
    else if (this.follows && state !== this.wanted()) this.follow(false);
  };

  /** The state to follow, in the reader's language and theme, and without shapes while a question is open. */
  wanted() {
    return withChanges(this.room.query, { ...personalFields(this.page.state()), ...(this.hidesShapes() && { labels: "hidden" }) });
  }

  /** Whether a question is open, so that the picture hides the shapes. */
  hidesShapes() {
    return this.room.asked?.shape === "";
  }

  /** A state for the room: without the leader's language and theme, and with the labels that a question hides.
   * @param {string} state */
  shared(state) {
    const labels = new URLSearchParams(this.room.query).get("labels") ?? String(fieldOf("labels").default);
    return withChanges(state, { ...personalFields(""), ...(this.hidesShapes() && { labels }) });
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    this.render();
    if (follows) this.catchUp();
  }

  /** Go to the state of the room. */
  catchUp() {
    if (this.wanted() !== this.page.state()) this.page.go(this.wanted());
  }

  /** @param {{room?: Room, here?: Attendance, leads?: boolean, counts?: import("./answers.js").Counts, verdict?: any,
   *   error?: string}} message */
  receive({ room, here, leads, counts, verdict, error }) {
    if (leads !== undefined) this.lead(leads);
    if (here) this.count(here);
    if (room && room.number > this.room.number) this.show(room);
    if (room && this.isNew) this.resend(room);
    if (verdict && verdict.number === this.room.asked?.number) {
      this.answer.clear();
      showMessage(`${verdict.right ? "✓" : "✗"} ${verdict.said}`);
    }
    if (error) showMessage(error);
    if (counts) showCounts(counts);
  }

  /** @param {boolean} leads */
  lead(leads) {
    this.leads = leads;
    this.render();
    if (!leads) return;
    if (!this.hasLed && this.room.number <= 1) /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = true; // for others to join
    const isFirst = !this.hasLed && (location.search || !this.room.query); // a new room gets the state of the address
    this.hasLed = true;
    if (isFirst || this.leading.isAhead) this.leading.resend(this.page.state());
    else this.catchUp();
  }

  /** Send again the answer to an open question, which may be lost with the last connection.
   * @param {Room} room */
  resend(room) {
    this.isNew = false;
    this.leading.sent = room.query;
    if (this.answer.isOpen(room.asked)) this.connection.send(this.answer.message);
  }

  /** @param {Room} room */
  show(room) {
    const before = this.room.asked;
    const { asked } = (this.room = room);
    const isAnother = asked?.number !== before?.number;
    const isFromElsewhere = this.leads && this.leading.isFromElsewhere(room.query); // a leader can have several windows
    this.render();
    if (!isAnother && asked?.shape === before?.shape) {
      if (this.follows || isFromElsewhere) this.catchUp();
      return;
    }
    if (this.leads || this.follows) this.catchUp();
    if (isAnother) {
      /** @type {HTMLInputElement} */ (byId("room-answer")).value = "";
      clearCounts();
    }
    byId("room-question").textContent = asked ? phrase("roomAsks", { tensor: labelOf(asked.tensor) }) : "";
    if (asked?.shape) showMessage(phrase("roomShows", { tensor: asked.tensor, shape: asked.shape }));
    else showMessage(before && !before.shape && !asked ? phrase("roomMoved") : "");
    if (this.hidesShapes() && this.follows) byId("room").scrollIntoView({ block: "nearest" });
  }

  /** Whether this press ends the lesson: the second one within some seconds does. */
  isConfirmed() {
    const button = byId("room-close");
    const now = performance.now();
    if (this.closing) return now - this.closing > CONFIRM_AFTER;
    const label = button.textContent;
    button.textContent = phrase("roomReally");
    this.closing = now;
    setTimeout(() => {
      this.closing = 0;
      button.textContent = label;
    }, CONFIRM_WITHIN);
    return false;
  }

  /** Show the buttons and fields that are of use now. */
  render() {
    const { asked } = this.room;
    byId("main").classList.toggle("question-open", this.hidesShapes() && (this.leads || this.follows));
    byId("room-follow").hidden = this.leads;
    byId("room-follow").textContent = phrase(this.follows ? "letGo" : "comeBack");
    for (const button of leaderButtons()) button.hidden = !this.leads || ("whileAsked" in button.dataset && !this.hidesShapes());
    byId("room-predict").hidden = !this.hidesShapes() || !(this.leads || this.follows); // a student who does not follow sees the shape
    byId("room-answer-line").hidden = this.leads;
    byId("room-answers").hidden = !this.leads || !asked;
    this.count(this.attendance);
  }

  /** @param {Attendance} attendance */
  count(attendance) {
    this.attendance = attendance;
    const { members, answered } = attendance;
    if (members >= 0) byId("room-members").textContent = phrase("roomMembers", { n: members });
    byId("room-answered").textContent = this.room.asked ? phrase("roomAnswered", { n: answered }) : "";
  }
}

/** The id and the name of a tensor, from the table; without the name in a framework, which may reveal the shape.
 * @param {string} tensor */
function labelOf(tensor) {
  const cell = document.querySelector(`#table tr[data-tensor="${CSS.escape(tensor)}"] [data-cell=name]`)?.cloneNode(true);
  if (!(cell instanceof HTMLElement)) return tensor;
  cell.querySelector(".framework-name")?.remove();
  return `${tensor} (${cell.textContent?.trim()})`;
}

/** The fields of a state that every reader sets for themselves. @param {string} state */
function personalFields(state) {
  const query = new URLSearchParams(state);
  return Object.fromEntries(PERSONAL.map((name) => [name, query.get(name) ?? String(fieldOf(name).default)]));
}

/** The leader's buttons, each with the name of the message that it sends. @returns {NodeListOf<HTMLButtonElement>} */
function leaderButtons() {
  return document.querySelectorAll("#room [data-sends]");
}

/** @param {string} text */
function showMessage(text) {
  byId("room-message").textContent = text;
}
