/** A page in a room: the teacher's leads, the students' follow; questions, answers and their solution. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrases.js";
import { withPrefix } from "../page/prefix.js";
import { fieldOf, withChanges } from "../page/query.js";
import { Answer, clearCounts, showCounts } from "./answers.js";
import { Connection } from "./connection.js";
import { Leading } from "./leading.js";

const [SURE_AFTER, SURE_WITHIN] = [500, 5000]; // ms between which a second press ends the lesson: a double click does not
const LEADING = ["room-ask", "room-reveal", "room-close"]; // the teacher's buttons
const OWN = ["lang", "theme"]; // fields that each reader chooses

/** @typedef {import("./answers.js").Question} Question */
/** @typedef {{number: number, query: string, asked: Question | null, over: boolean}} Room */
/** @typedef {{members: number, answered: number}} Attendance */

export class Visit {
  /** @param {import("./room.js").Page} page @param {string} code @param {string} secret of who leads it, or nothing */
  constructor(page, code, secret) {
    this.page = page;
    this.leads = false;
    this.follows = !secret;
    /** @type {Room} */
    this.room = { number: -1, query: "", asked: null, over: false };
    /** @type {Attendance} */
    this.here = { members: -1, answered: 0 };
    this.answer = new Answer();
    this.leading = new Leading(
      page.state(),
      (state) => this.shared(state),
      () => this.connection.isOpen,
      (state) => this.connection.send({ show: state }),
    );
    /** Whether the connection has just opened: what was lost with the last one is then sent again. */
    this.isNew = false;
    /** Whether the page has led in this room before. */
    this.hasLed = false;
    /** When the button that ends the lesson was pressed first, or 0. */
    this.closing = 0;
    this.listen();
    this.connection = new Connection(code, secret, {
      hear: (message) => this.hear(message),
      opened: () => this.opened(),
      lost: (why) => this.lost(why),
    });
  }

  /** Listen to the buttons and to the form. */
  listen() {
    byId("room-follow").addEventListener("click", () => this.follow(!this.follows));
    byId("room-ask").addEventListener("click", () => {
      this.leading.flush(); // the question is about what the page shows
      /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = false;
      this.connection.send({ ask: this.page.tensor() });
    });
    byId("room-reveal").addEventListener("click", () => this.connection.send({ reveal: true }));
    byId("room-close").addEventListener("click", () => this.close());
    byId("room-predict").addEventListener("submit", (event) => {
      event.preventDefault();
      const { value } = /** @type {HTMLInputElement} */ (byId("room-answer"));
      this.connection.send(this.answer.give(value, this.room.asked));
    });
  }

  opened() {
    say("");
    this.isNew = true;
    this.enable(true);
  }

  /** @param {import("./connection.js").Why} why */
  lost(why) {
    say(phrase({ away: "roomLost", none: "roomNone", over: "roomOver", full: "roomFull" }[why]));
    this.enable(false);
    if (why === "away" || why === "full") return;
    for (const id of [...LEADING, "room-follow", "room-predict", "room-members", "room-answered"]) byId(id).hidden = true;
    byId("room-exit").hidden = false;
    /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = false;
    /** @type {HTMLAnchorElement} */ (byId("room-leave")).href = withPrefix(`/${this.page.state()}`);
  }

  /** The teacher's buttons work while there is a connection. @param {boolean} isOn */
  enable(isOn) {
    for (const id of LEADING) /** @type {HTMLButtonElement} */ (byId(id)).disabled = !isOn;
  }

  /** The page shows another state: the teacher's goes to everybody, a student's ends following.
   * @param {string} state */
  moved = (state) => {
    if (this.leads) this.leading.moved(state);
    else if (this.follows && state !== this.wanted()) this.follow(false);
  };

  /** The state to follow, in the reader's own language and colours; while a question is open, without the shapes. */
  wanted() {
    return withChanges(this.room.query, { ...own(this.page.state()), ...(this.hides() && { labels: "hidden" }) });
  }

  hides() {
    return this.room.asked?.shape === "";
  }

  /** A state as the room gets it: without the teacher's language and colours, and with the shapes that a question hides.
   * @param {string} state */
  shared(state) {
    const labels = new URLSearchParams(this.room.query).get("labels") ?? String(fieldOf("labels").default);
    return withChanges(state, { ...own(""), ...(this.hides() && { labels }) });
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    this.render();
    if (follows) this.catchUp();
  }

  /** Go where the room is. */
  catchUp() {
    if (this.wanted() !== this.page.state()) this.page.go(this.wanted());
  }

  /** @param {{room?: Room, here?: Attendance, leads?: boolean, counts?: import("./answers.js").Counts, verdict?: any,
   *   error?: string}} message */
  hear({ room, here, leads, counts, verdict, error }) {
    if (leads !== undefined) this.lead(leads);
    if (here) this.count(here);
    if (room && room.number > this.room.number) this.show(room);
    if (room && this.isNew) this.repeat(room);
    if (verdict && verdict.number === this.room.asked?.number) {
      this.answer.judged();
      say(`${verdict.right ? "✓" : "✗"} ${verdict.said}`);
    }
    if (error) say(error);
    if (counts) showCounts(counts);
  }

  /** @param {boolean} leads */
  lead(leads) {
    this.leads = leads;
    for (const id of ["room-ask", "room-close"]) byId(id).hidden = !leads;
    this.render();
    if (!leads) return;
    if (!this.hasLed && this.room.number <= 1) /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = true; // nobody is in yet
    const isFirst = !this.hasLed && (location.search || !this.room.query); // the address says more than the code
    this.hasLed = true;
    if (isFirst || this.leading.isAhead) this.leading.resend(this.page.state());
    else this.catchUp();
  }

  /** Send again what was lost with the last connection: an answer to a question that is still open.
   * @param {Room} room */
  repeat(room) {
    this.isNew = false;
    this.leading.sent = room.query;
    if (this.answer.isOpen(room.asked)) this.connection.send(this.answer.message);
  }

  /** @param {Room} room */
  show(room) {
    const before = this.room.asked;
    const { asked } = (this.room = room);
    const isAnother = asked?.number !== before?.number;
    const isFromElsewhere = this.leads && this.leading.isFromElsewhere(room.query); // a room may be led from several windows
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
    byId("room-question").textContent = asked ? phrase("roomAsks", { tensor: called(asked.tensor) }) : "";
    if (asked?.shape) say(phrase("roomShows", { tensor: asked.tensor, shape: asked.shape }));
    else say(before && !before.shape && !asked ? phrase("roomMoved") : "");
    if (this.hides() && this.follows) byId("room").scrollIntoView({ block: "nearest" });
  }

  /** End the lesson, at the second press within a while. */
  close() {
    const button = byId("room-close");
    const now = performance.now();
    if (this.closing && now - this.closing > SURE_AFTER) return this.connection.send({ close: true });
    if (this.closing) return;
    const words = button.textContent;
    button.textContent = phrase("roomReally");
    this.closing = now;
    setTimeout(() => {
      this.closing = 0;
      button.textContent = words;
    }, SURE_WITHIN);
  }

  /** Show what can be done now. */
  render() {
    const { asked } = this.room;
    byId("main").classList.toggle("question-open", this.hides() && (this.leads || this.follows));
    byId("room-follow").hidden = this.leads;
    byId("room-follow").textContent = phrase(this.follows ? "letGo" : "comeBack");
    byId("room-reveal").hidden = !this.leads || !this.hides();
    byId("room-predict").hidden = !this.hides() || !(this.leads || this.follows); // whoever looks around alone sees the shape
    byId("room-answer-line").hidden = this.leads;
    byId("room-answers").hidden = !this.leads || !asked;
    this.count(this.here);
  }

  /** @param {Attendance} here */
  count(here) {
    this.here = here;
    if (here.members >= 0) byId("room-members").textContent = phrase("roomMembers", { n: here.members });
    byId("room-answered").textContent = this.room.asked ? phrase("roomAnswered", { n: here.answered }) : "";
  }
}

/** A tensor by its name in programs and in words, as the table has it; without the framework's, which may say the shape.
 * @param {string} tensor */
function called(tensor) {
  const cell = document.querySelector(`#table tr[data-tensor="${CSS.escape(tensor)}"] [data-cell=name]`)?.cloneNode(true);
  if (!(cell instanceof HTMLElement)) return tensor;
  cell.querySelector(".framework-name")?.remove();
  return `${tensor} (${cell.textContent?.trim()})`;
}

/** The part of a state that each reader chooses. @param {string} state */
function own(state) {
  const query = new URLSearchParams(state);
  return Object.fromEntries(OWN.map((name) => [name, query.get(name) ?? String(fieldOf(name).default)]));
}

/** @param {string} words */
function say(words) {
  byId("room-message").textContent = words;
}
