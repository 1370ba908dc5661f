/** The line to a room: a WebSocket, or plain requests where a school's proxy lets no WebSocket through. */

import { remember, remembered } from "../page/storage.js";
import { at } from "../page/prefix.js";

const AGAIN_AFTER = 500; // ms, at least, before the first new try
const PLACE_AFTER = 5000; // ms, at least, after which a full room may have a place again
const OPEN_WITHIN = 4000; // ms after which a WebSocket that neither opens nor fails is given up
const SILENT_AFTER = 12000; // ms without a word, where one comes every five seconds: the line is lost and nobody said so
const OVER = 4410;
/** @type {Record<number, Why>} */
const WHY = { 404: "none", 409: "full", 4404: "none", [OVER]: "over", 4429: "full" }; // by status, or how a socket is closed

/** Why there is no line: there is no room, or no longer, or no place in it, or the network is away.
 * @typedef {"none" | "over" | "full" | "away"} Why */

/** @typedef {{hear: (message: any) => void, opened: () => void, lost: (why: Why) => void}} Listener */

export class Line {
  /** @param {string} code of the room @param {string} secret of who leads it, or nothing @param {Listener} listener */
  constructor(code, secret, listener) {
    this.path = at(`/rooms/${code}`);
    this.query = `?${new URLSearchParams({ member: memberName(), lang: document.documentElement.lang })}`;
    this.secret = secret;
    this.listener = listener;
    this.failures = 0;
    this.plain = false;
    this.open = false;
    this.heard = 0;
    /** What is said by plain requests goes one after the other. */
    this.sent = Promise.resolve();
    setInterval(() => this.listen(), 1000);
    this.connect();
  }

  /** Whether there is still somebody. */
  listen() {
    if (this.open && performance.now() - this.heard > SILENT_AFTER) this.cut();
  }

  /** Give up the present connection. */
  cut() {
    this.stop?.abort();
    const socket = this.socket;
    this.socket = undefined;
    socket?.close(); // which ends only when the other side agrees
    this.closed();
  }

  connect() {
    if (this.plain) this.read().catch((error) => error.name !== "AbortError" && this.closed());
    else this.dial();
  }

  dial() {
    /** @type {WebSocket} */
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.path}${this.query}`);
    const giveUp = setTimeout(() => this.cut(), OPEN_WITHIN);
    this.socket = socket;
    socket.addEventListener("open", () => {
      clearTimeout(giveUp);
      if (this.secret) socket.send(JSON.stringify({ lead: this.secret }));
      this.begin();
    });
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(giveUp);
      if (socket === this.socket) this.closed(code);
    });
  }

  /** Listen by a request whose answer has no end. */
  async read() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const giveUp = setTimeout(() => this.cut(), OPEN_WITHIN);
    const answer = await fetch(`${this.path}/events${this.query}`, { ...this.request(), signal }).finally(() => clearTimeout(giveUp));
    if (!answer.ok || !answer.body) return this.closed(answer.status);
    this.begin();
    let rest = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) if (event.startsWith("data: ")) this.hear(JSON.parse(event.slice("data: ".length)));
    }
    this.closed();
  }

  /** @param {object} [message] @returns {RequestInit} */
  request(message) {
    const headers = this.secret ? { Authorization: `Bearer ${this.secret}` } : undefined;
    return { method: "POST", headers, body: message && JSON.stringify(message) };
  }

  begin() {
    this.open = true;
    this.news = false;
    this.heard = performance.now();
    this.listener.opened();
  }

  /** @param {any} message */
  hear(message) {
    this.heard = performance.now();
    this.news = true;
    this.failures = 0;
    if (message.room?.over) this.over = true;
    this.listener.hear(message);
  }

  /** @param {number} [code] */
  closed(code = 0) {
    const { news } = this;
    this.open = this.news = false;
    const why = WHY[this.over ? OVER : code] ?? "away";
    this.listener.lost(why);
    if (why === "none" || why === "over") return;
    if (!news && why === "away") this.plain = !this.plain; // perhaps the other way is let through
    const least = why === "full" ? PLACE_AFTER : AGAIN_AFTER * Math.min(2 ** this.failures, 4);
    setTimeout(() => this.connect(), least * (1 + Math.random())); // a class must not come back all at once
    this.failures += 1;
  }

  /** Say something, or nothing where there is no line. What is lost with it, whoever listens says again when it has
   * opened. @param {{show?: string, [name: string]: unknown}} message */
  say(message) {
    if (!this.open) return;
    if (!this.plain) return this.socket?.send(JSON.stringify(message));
    if ("show" in message) this.newest = message;
    this.sent = this.sent.then(() => this.post(message)).catch(() => this.cut());
  }

  /** @param {{show?: string, [name: string]: unknown}} message */
  async post(message) {
    if ("show" in message && message !== this.newest) return; // there is a newer one already
    const answer = await fetch(`${this.path}${this.query}`, this.request(message));
    if (!answer.ok) throw new Error(`${answer.status}`);
    for (const said of await answer.json()) this.hear(said);
  }
}

/** A name that this browser gives itself, so that who comes back is not counted twice. */
function memberName() {
  const name = remembered("member") ?? Array.from(crypto.getRandomValues(new Uint8Array(12)), hex).join("");
  remember("member", name);
  return name;
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
