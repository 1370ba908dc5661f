/** A room: the teacher's page leads, the students' pages follow; what is asked, answered and revealed. */

import { Line } from "./line.js";
import { phrase } from "./phrases.js";
import { fieldOf, withChanges } from "./query.js";
import { at } from "./root.js";
import { ask } from "./server.js";

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const SEND_AFTER = 50; // ms: twenty states a second

/** @typedef {{tensor: string, number: number, shape: string}} Asked */
/** @typedef {{number: number, query: string, asked: Asked | null, over: boolean}} Room */
/** @typedef {{right: number, answers: [string, number][], thoughts: [string, number][]}} Counts */
/** @typedef {{state: () => string, go: (state: string) => unknown, tensor: () => string}} Page */

/** Offer to open a room, or follow the one that the address names.
 * @param {Page} page @returns {(state: string) => void} tells the room of the page's own state */
export function offerRoom(page) {
  const code = document.getElementById("room")?.dataset.code;
  if (code) return new Visit(page, code, localStorage.getItem(`room ${code}`) ?? "").moved;
  const open = document.getElementById("open-room");
  if (open) {
    open.hidden = false;
    open.addEventListener("click", async () => {
      const room = await (await ask(at("/rooms"), undefined, "POST")).json();
      localStorage.setItem(`room ${room.code}`, room.secret);
      location.assign(at(`/room/${room.code}${page.state()}`));
    });
  }
  return () => {};
}

class Visit {
  /** @param {Page} page @param {string} code @param {string} secret */
  constructor(page, code, secret) {
    this.page = page;
    this.leads = false;
    this.follows = !secret;
    /** @type {Room} */
    this.room = { number: -1, query: "", asked: null, over: false };
    this.here = { members: 0, answered: 0 };
    /** What was answered, until the room has it. */
    this.answer = "";
    this.sending = 0;
    byId("room-follow").addEventListener("click", () => this.follow(!this.follows));
    byId("room-ask").addEventListener("click", () => this.line.say({ ask: page.tensor() }));
    byId("room-reveal").addEventListener("click", () => this.line.say({ reveal: true }));
    byId("room-close").addEventListener("click", () => this.line.say({ close: true }));
    byId("room-predict").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer = /** @type {HTMLInputElement} */ (byId("room-answer")).value;
      this.line.say({ answer: this.answer });
    });
    this.line = new Line(code, secret, {
      hear: (message) => this.hear(message),
      opened: () => this.opened(),
      lost: (why) => say(phrase({ away: "roomLost", over: "roomOver", full: "roomFull" }[why])),
    });
  }

  opened() {
    say("");
    if (this.answer) this.line.say({ answer: this.answer });
  }

  /** The page shows another state: the teacher's is everybody's, a student's own lets go.
   * @param {string} state */
  moved = (state) => {
    if (state === this.wanted()) return;
    if (this.leads) {
      clearTimeout(this.sending);
      this.sending = setTimeout(() => this.line.say({ show: this.shown(state) }), SEND_AFTER);
    } else if (this.follows) this.follow(false);
  };

  /** The state that is followed: while a shape is asked for, no picture says it. */
  wanted() {
    return this.hides() ? withChanges(this.room.query, { labels: "hidden" }) : this.room.query;
  }

  hides() {
    return this.room.asked?.shape === "";
  }

  /** A state without what hides the shapes while one is asked for. @param {string} state */
  shown(state) {
    const labels = new URLSearchParams(this.room.query).get("labels") ?? String(fieldOf("labels").default);
    return this.hides() ? withChanges(state, { labels }) : state;
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
    if (verdict) {
      this.answer = "";
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
    if (leads && this.page.state() !== this.wanted()) this.line.say({ show: this.shown(this.page.state()) });
  }

  /** @param {Room} room */
  show(room) {
    const before = this.room.asked;
    const { asked } = (this.room = room);
    const another = asked?.number !== before?.number;
    this.offer();
    if (!another && asked?.shape === before?.shape) {
      if (this.follows) this.goThere();
      return;
    }
    if (this.leads || this.follows) this.goThere();
    if (another) {
      this.answer = "";
      /** @type {HTMLInputElement} */ (byId("room-answer")).value = "";
      byId("room-counts").replaceChildren();
    }
    byId("room-asked").textContent = asked ? phrase("roomAsks", { tensor: asked.tensor }) : "";
    say(asked?.shape ? phrase("roomShows", { tensor: asked.tensor, shape: asked.shape }) : "");
  }

  /** Show what can be done now. */
  offer() {
    const { asked } = this.room;
    byId("main").classList.toggle("asked", this.hides() && (this.leads || this.follows));
    byId("room-follow").hidden = this.leads;
    byId("room-follow").textContent = phrase(this.follows ? "letGo" : "comeBack");
    byId("room-reveal").hidden = !this.leads || !this.hides();
    byId("room-predict").hidden = !this.hides();
    byId("room-answer-line").hidden = this.leads;
    byId("room-answers").hidden = !this.leads || !asked;
    this.count(this.here);
  }

  /** @param {{members: number, answered: number}} here */
  count(here) {
    this.here = here;
    if (here.members) byId("room-members").textContent = phrase("roomMembers", { n: here.members });
    byId("room-answered").textContent = this.room.asked ? phrase("roomAnswered", { n: here.answered }) : "";
  }

  /** @param {Counts} counts */
  list({ right, answers, thoughts }) {
    const answered = answers.reduce((sum, [, n]) => sum + n, 0);
    byId("room-right").textContent = phrase("roomRight", { right, answered });
    byId("room-counts").replaceChildren(...[...answers, ...thoughts].map(([what, n]) => line(what, n, answered)));
  }
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
