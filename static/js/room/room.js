/** A room: the teacher's page leads, the students' pages follow; what is asked, answered and revealed. */

import { Line } from "./connection.js";
import { remember, remembered } from "../page/storage.js";
import { phrase } from "../page/phrases.js";
import { fieldOf, withChanges } from "../page/query.js";
import { at } from "../page/prefix.js";
import { ask, Failure, Refusal } from "../page/request.js";

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const SEND_AFTER = 50; // ms between two states: twenty a second

const [SURE_AFTER, SURE_WITHIN] = [500, 5000]; // ms between which a second press ends the lesson: a double click does not
const LEADING = ["room-ask", "room-reveal", "room-close"]; // the buttons of who leads

/** @typedef {{tensor: string, number: number, shape: string}} Asked */
/** @typedef {{number: number, query: string, asked: Asked | null, over: boolean}} Room */
/** @typedef {{right: number, answers: [string, number][], thoughts: [string, number][]}} Counts */
/** @typedef {{state: () => string, go: (state: string) => unknown, tensor: () => string, tell: (words: string) => void}} Page */

/** Offer to open a room, or follow the one that the address names.
 * @param {Page} page @returns {(state: string) => void} tells the room of the page's own state */
export function offerRoom(page) {
  const code = document.getElementById("room")?.dataset.code;
  if (code) return new Visit(page, code, remembered(`room ${code}`) ?? "").moved;
  const open = document.getElementById("open-room");
  if (open) {
    open.hidden = false;
    open.addEventListener("click", () => openRoom(page).catch((error) => page.tell(error instanceof Failure || error instanceof Refusal ? error.message : phrase("silent"))));
  }
  return () => {};
}

/** @param {Page} page */
async function openRoom(page) {
  const room = await (await ask(at(`/rooms?lang=${document.documentElement.lang}`), undefined, "POST")).json();
  if (!remember(`room ${room.code}`, room.secret)) throw new Refusal(phrase("roomNotKept"));
  location.assign(at(`/room/${room.code}${page.state()}`));
}

class Visit {
  /** @param {Page} page @param {string} code @param {string} secret */
  constructor(page, code, secret) {
    this.page = page;
    this.leads = false;
    this.follows = !secret;
    /** @type {Room} */
    this.room = { number: -1, query: "", asked: null, over: false };
    this.here = { members: -1, answered: 0 };
    /** What was answered to which question, until the room has it. */
    this.answer = { answer: "", number: 0 };
    /** Whether the line has just opened, and what was lost with the last one is said again. */
    this.anew = false;
    this.came = false;
    this.sending = 0;
    this.closing = 0;
    /** The newest state of the teacher's page, the last one that was sent, and those of which the room has not told. */
    this.newest = this.sent = page.state();
    /** @type {string[]} */
    this.told = [];
    this.unsent = false;
    byId("room-follow").addEventListener("click", () => this.follow(!this.follows));
    byId("room-ask").addEventListener("click", () => {
      this.send(); // what is asked is about what the page shows
      /** @type {HTMLDetailsElement} */ (byId("room-door")).open = false;
      this.line.say({ ask: page.tensor() });
    });
    byId("room-reveal").addEventListener("click", () => this.line.say({ reveal: true }));
    byId("room-close").addEventListener("click", () => this.close());
    byId("room-predict").addEventListener("submit", (event) => {
      event.preventDefault();
      const { value } = /** @type {HTMLInputElement} */ (byId("room-answer"));
      this.answer = { answer: value, number: this.room.asked?.number ?? 0 };
      this.line.say(this.answer);
    });
    this.line = new Line(code, secret, {
      hear: (message) => this.hear(message),
      opened: () => this.opened(),
      lost: (why) => this.lost(why),
    });
  }

  opened() {
    say("");
    this.anew = true;
    this.away(false);
  }

  /** @param {import("./connection.js").Why} why */
  lost(why) {
    say(phrase({ away: "roomLost", none: "roomNone", over: "roomOver", full: "roomFull" }[why]));
    this.away(true);
    if (why === "away") return;
    if (why === "full") return;
    for (const id of [...LEADING, "room-follow", "room-predict", "room-members", "room-answered"]) byId(id).hidden = true;
    byId("room-on").hidden = false;
    /** @type {HTMLDetailsElement} */ (byId("room-door")).open = false;
    /** @type {HTMLAnchorElement} */ (byId("room-alone")).href = at(`/${this.page.state()}`);
  }

  /** Who leads can do nothing that nobody would hear. @param {boolean} away */
  away(away) {
    for (const id of LEADING) /** @type {HTMLButtonElement} */ (byId(id)).disabled = away;
  }

  /** The page shows another state: the teacher's is everybody's, a student's own lets go.
   * @param {string} state */
  moved = (state) => {
    if (this.leads) {
      this.newest = state;
      this.unsent = true;
      this.sending ||= setTimeout(() => this.send(), SEND_AFTER);
    } else if (this.follows && state !== this.wanted()) this.follow(false);
  };

  send() {
    clearTimeout(this.sending);
    this.sending = 0;
    if (!this.line.open) return; // see lead
    this.unsent = false;
    const state = this.shown(this.newest);
    if (state === this.sent) return;
    this.sent = state;
    this.told.push(state);
    this.line.say({ show: state });
  }

  /** The state that is followed, in one's own language and colours; while a shape is asked for, no picture says it. */
  wanted() {
    return withChanges(this.room.query, { ...own(this.page.state()), ...(this.hides() && { labels: "hidden" }) });
  }

  hides() {
    return this.room.asked?.shape === "";
  }

  /** A state without what is the teacher's own, and without what hides the shapes while one is asked for.
   * @param {string} state */
  shown(state) {
    const labels = new URLSearchParams(this.room.query).get("labels") ?? String(fieldOf("labels").default);
    return withChanges(state, { ...own(""), ...(this.hides() && { labels }) });
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    this.offer();
    if (follows) this.goThere();
  }

  goThere() {
    if (this.wanted() !== this.page.state()) this.page.go(this.wanted());
  }

  /** @param {{room?: Room, here?: {members: number, answered: number}, leads?: boolean, counts?: Counts, verdict?: any,
   *   error?: string}} said */
  hear({ room, here, leads, counts, verdict, error }) {
    if (leads !== undefined) this.lead(leads);
    if (here) this.count(here);
    if (room && room.number > this.room.number) this.show(room);
    if (room && this.anew) this.again(room);
    if (verdict && verdict.number === this.room.asked?.number) {
      this.answer = { answer: "", number: 0 };
      say(`${verdict.right ? "✓" : "✗"} ${verdict.said}`);
    }
    if (error) say(error);
    if (counts) this.list(counts);
  }

  /** @param {boolean} leads */
  lead(leads) {
    this.leads = leads;
    for (const id of ["room-ask", "room-close"]) byId(id).hidden = !leads;
    this.offer();
    if (!leads) return;
    if (!this.came && this.room.number <= 1) /** @type {HTMLDetailsElement} */ (byId("room-door")).open = true; // nobody is in yet
    const isNew = !this.came && (location.search || !this.room.query); // the address says more than the code
    const isAhead = this.unsent || this.told.length; // of what the room has heard before the line was lost
    this.came = true;
    this.told = [];
    if (isNew || isAhead) {
      this.newest = this.page.state();
      this.send();
    } else this.goThere();
  }

  /** Say again what was lost with the line: an answer to what is still asked, or the state that the page leads to.
   * @param {Room} room */
  again(room) {
    this.anew = false;
    this.sent = room.query;
    const { answer, number } = this.answer;
    if (answer && room.asked?.number === number && !room.asked.shape) this.line.say(this.answer);
  }

  /** @param {Room} room */
  show(room) {
    const before = this.room.asked;
    const { asked } = (this.room = room);
    const another = asked?.number !== before?.number;
    const isFromElsewhere = this.isFromElsewhere(room.query);
    this.offer();
    if (!another && asked?.shape === before?.shape) {
      if (this.follows || isFromElsewhere) this.goThere();
      return;
    }
    if (this.leads || this.follows) this.goThere();
    if (another) {
      /** @type {HTMLInputElement} */ (byId("room-answer")).value = "";
      byId("room-counts").replaceChildren();
    }
    byId("room-asked").textContent = asked ? phrase("roomAsks", { tensor: called(asked.tensor) }) : "";
    if (asked?.shape) say(phrase("roomShows", { tensor: asked.tensor, shape: asked.shape }));
    else say(before && !before.shape && !asked ? phrase("roomMoved") : "");
    if (this.hides() && this.follows) byId("room").scrollIntoView({ block: "nearest" });
  }

  /** End the lesson, at the second press within a while. */
  close() {
    const button = byId("room-close");
    const now = performance.now();
    if (this.closing && now - this.closing > SURE_AFTER) return this.line.say({ close: true });
    if (this.closing) return;
    const words = button.textContent;
    button.textContent = phrase("roomReally");
    this.closing = now;
    setTimeout(() => {
      this.closing = 0;
      button.textContent = words;
    }, SURE_WITHIN);
  }

  /** A room may be led from several windows: whether another one has led here.
   * @param {string} query */
  isFromElsewhere(query) {
    const mine = this.told.indexOf(query);
    this.told.splice(0, mine + 1);
    if (!this.leads || mine >= 0 || this.told.length || this.unsent) return false;
    this.sent = query;
    return true;
  }

  /** Show what can be done now. */
  offer() {
    const { asked } = this.room;
    byId("main").classList.toggle("asking", this.hides() && (this.leads || this.follows));
    byId("room-follow").hidden = this.leads;
    byId("room-follow").textContent = phrase(this.follows ? "letGo" : "comeBack");
    byId("room-reveal").hidden = !this.leads || !this.hides();
    byId("room-predict").hidden = !this.hides() || !(this.leads || this.follows); // who is alone sees what is asked for
    byId("room-answer-line").hidden = this.leads;
    byId("room-answers").hidden = !this.leads || !asked;
    this.count(this.here);
  }

  /** @param {{members: number, answered: number}} here */
  count(here) {
    this.here = here;
    if (here.members >= 0) byId("room-members").textContent = phrase("roomMembers", { n: here.members });
    byId("room-answered").textContent = this.room.asked ? phrase("roomAnswered", { n: here.answered }) : "";
  }

  /** @param {Counts} counts */
  list({ right, answers, thoughts }) {
    const answered = answers.reduce((sum, [, n]) => sum + n, 0);
    byId("room-right").textContent = phrase("roomRight", { right, answered });
    byId("room-counts").replaceChildren(...[...answers, ...thoughts].map(([what, n]) => line(what, n, answered)));
  }
}

/** A tensor by its name in programs and in words, as the table has it; without the framework's, which may say the shape.
 * @param {string} tensor */
function called(tensor) {
  const cell = document.querySelector(`#table tr[data-tensor="${CSS.escape(tensor)}"] td`)?.cloneNode(true);
  if (!(cell instanceof HTMLElement)) return tensor;
  cell.querySelector(".theirs")?.remove();
  return `${tensor} (${cell.textContent?.trim()})`;
}

/** What of a state is each reader's own: the language and the colours. @param {string} state */
function own(state) {
  const query = new URLSearchParams(state);
  const names = ["lang", "theme"];
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? String(fieldOf(name).default)]));
}

/** @param {string} words */
function say(words) {
  byId("room-said").textContent = words;
}

/** How many of all gave an answer. @param {string} what @param {number} n @param {number} all */
function line(what, n, all) {
  const item = document.createElement("li");
  const bar = document.createElement("meter");
  bar.max = all;
  bar.value = n;
  item.append(bar, ` ${n} × ${what}`);
  return item;
}
