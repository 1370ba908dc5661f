/** A room: the teacher's page leads, the students' pages follow; what is asked, answered and revealed. */

import { phrase } from "./phrases.js";
import { withChanges } from "./query.js";
import { at } from "./root.js";

/** @template {HTMLElement} E @param {string} id @returns {E} */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const TAKEN_AGAIN = 500; // ms, at least, before the first new try when the room is out of reach
const UNKNOWN = 4404;
const SEND_AFTER = 50; // ms: twenty states a second

/** @typedef {{tensor: string, number: number, revealed: boolean}} Asked */
/** @typedef {{number: number, query: string, asked: Asked | null}} Room */
/** @typedef {{state: () => string, go: (state: string) => unknown, tensor: () => string, shape: (tensor: string) => string}} Page */

/** Offer to open a room, or follow the one that the address names.
 * @param {Page} page @returns {(state: string) => void} tells the room of the page's own state */
export function offerRoom(page) {
  const code = location.pathname.startsWith(at("/room/")) ? location.pathname.slice(at("/room/").length) : "";
  if (code) {
    const secret = localStorage.getItem(`room ${code}`) ?? "";
    return new Visit(page, code, secret).moved;
  }
  const open = document.getElementById("open-room");
  if (!open) return () => {};
  open.hidden = false;
  open.addEventListener("click", async () => {
    const room = await (await fetch(at("/rooms"), { method: "POST" })).json();
    localStorage.setItem(`room ${room.code}`, room.secret);
    location.assign(at(`/room/${room.code}${page.state()}`));
  });
  return () => {};
}

class Visit {
  /** @param {Page} page @param {string} code @param {string} secret */
  constructor(page, code, secret) {
    this.page = page;
    this.code = code;
    this.secret = secret;
    this.leads = false;
    this.follows = !secret;
    /** @type {Room} */
    this.room = { number: -1, query: "", asked: null };
    this.failures = 0;
    this.sending = 0;
    byId("room").hidden = false;
    byId("room-code").textContent = phrase("roomCode", { code, address: location.host + at("/join") });
    byId("room-follow").addEventListener("click", () => this.follow(!this.follows));
    byId("room-ask").addEventListener("click", () => this.say({ ask: page.tensor() }));
    byId("room-reveal").addEventListener("click", () => this.say({ reveal: true }));
    byId("room-predict").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say({ answer: /** @type {HTMLInputElement} */ (byId("room-answer")).value });
    });
    this.connect();
  }

  connect() {
    const address = new URL(at(`/rooms/${this.code}`), location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new WebSocket(address);
    this.socket.addEventListener("open", () => {
      this.failures = 0;
      byId("room-said").textContent = "";
      if (this.secret) this.say({ lead: this.secret });
    });
    this.socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(data)));
    this.socket.addEventListener("close", ({ code }) => {
      if (code === UNKNOWN) return void (byId("room-said").textContent = phrase("roomOver"));
      byId("room-said").textContent = phrase("roomLost");
      setTimeout(() => this.connect(), TAKEN_AGAIN * (1 + Math.random()) * Math.min(2 ** this.failures, 8));
      this.failures += 1;
    });
  }

  /** @param {object} message */
  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** The page shows another state: the teacher's is everybody's, a student's own lets go.
   * @param {string} state */
  moved = (state) => {
    if (this.leads) {
      clearTimeout(this.sending);
      this.sending = setTimeout(() => this.say({ show: state }), SEND_AFTER);
    } else if (this.follows && state !== this.wanted()) this.follow(false);
  };

  /** The state that is followed: while a shape is asked for, no picture says it. */
  wanted() {
    const { asked, query } = this.room;
    return asked && !asked.revealed ? withChanges(query, { labels: "hidden" }) : query;
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    byId("room-follow").textContent = phrase(follows ? "letGo" : "comeBack");
    if (follows && this.wanted() !== this.page.state()) this.page.go(this.wanted());
  }

  /** @param {{room?: Room, members?: number, leads?: boolean, counts?: any, verdict?: any, error?: string}} said */
  hear({ room, members, leads, counts, verdict, error }) {
    if (leads !== undefined) this.lead(leads);
    if (members !== undefined) byId("room-members").textContent = phrase("roomMembers", { n: members });
    if (room && room.number >= this.room.number) this.show(room);
    if (verdict) byId("room-said").textContent = `${verdict.right ? "✓" : "✗"} ${verdict.about}`;
    if (error) byId("room-said").textContent = error;
    if (counts) this.count(counts);
  }

  /** @param {boolean} leads */
  lead(leads) {
    this.leads = leads;
    byId("room-ask").hidden = byId("room-reveal").hidden = !leads;
    byId("room-follow").hidden = leads;
    if (leads) this.say({ show: this.page.state() });
  }

  /** @param {Room} room */
  show(room) {
    const asked = room.asked?.number !== this.room.asked?.number;
    this.room = room;
    byId("room-follow").hidden = this.leads;
    if (!this.leads && this.follows) this.follow(true);
    byId("room-predict").hidden = this.leads || !room.asked || room.asked.revealed;
    byId("room-counts").hidden = !room.asked;
    if (!room.asked) return;
    byId("room-asked").textContent = phrase("roomAsks", { tensor: room.asked.tensor });
    if (asked) byId("room-said").textContent = "";
    if (room.asked.revealed) byId("room-said").textContent = phrase("roomShows", { shape: this.page.shape(room.asked.tensor) });
  }

  /** @param {{answered: number, right: number, answers: [string, number][], thoughts: [string, number][]}} counts */
  count({ answered, right, answers, thoughts }) {
    byId("room-said").textContent = phrase("roomCounts", { answered, right });
    byId("room-counts").replaceChildren(
      ...[...answers, ...thoughts].map(([what, n]) => {
        const line = document.createElement("li");
        line.textContent = `${n} × ${what}`;
        return line;
      }),
    );
  }
}
