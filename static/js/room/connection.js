/** The connection to a room: a WebSocket, or plain requests where a school's proxy lets no WebSocket through. */

import { withPrefix } from "../page/prefix.js";
import { save, saved } from "../page/storage.js";

const AGAIN_AFTER = 500; // ms, at least, before the first new try
const PLACE_AFTER = 5000; // ms, at least, before the next try where the room is full
const OPEN_WITHIN = 4000; // ms after which a WebSocket that neither opens nor fails is given up
const SILENT_AFTER = 12000; // ms without a message, where one comes every five seconds: the connection is lost, although nothing has closed it
const OVER = 4410;
/** @type {Record<number, Why>} */
const WHY = { 404: "none", 409: "full", 4404: "none", [OVER]: "over", 4429: "full" }; // by status, or how a socket is closed

/** Why there is no connection: there is no such room, or it is over, or full, or the network is away.
 * @typedef {"none" | "over" | "full" | "away"} Why */

/** @typedef {{hear: (message: any) => void, opened: () => void, lost: (why: Why) => void}} Listener */

export class Connection {
  /** @param {string} code of the room @param {string} secret of who leads it, or nothing @param {Listener} listener */
  constructor(code, secret, listener) {
    this.path = withPrefix(`/rooms/${code}`);
    this.query = `?${new URLSearchParams({ member: memberName(), lang: document.documentElement.lang })}`;
    this.secret = secret;
    this.listener = listener;
    this.failures = 0;
    /** Whether plain requests are used. */
    this.plain = false;
    this.isOpen = false;
    /** Whether a message has come since it opened. */
    this.isFruitful = false;
    /** When the last message came. */
    this.heard = 0;
    /** Plain requests are sent one after another. */
    this.sent = Promise.resolve();
    setInterval(() => this.check(), 1000);
    this.connect();
  }

  /** Give up a connection that has become silent. */
  check() {
    if (this.isOpen && performance.now() - this.heard > SILENT_AFTER) this.cut();
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
    else this.openSocket();
  }

  openSocket() {
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

  /** Listen by a request whose response does not end. */
  async read() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const giveUp = setTimeout(() => this.cut(), OPEN_WITHIN);
    const response = await fetch(`${this.path}/events${this.query}`, { ...this.request(), signal }).finally(() => clearTimeout(giveUp));
    if (!response.ok || !response.body) return this.closed(response.status);
    this.begin();
    let rest = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
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
    this.isOpen = true;
    this.heard = performance.now();
    this.listener.opened();
  }

  /** @param {any} message */
  hear(message) {
    this.heard = performance.now();
    this.isFruitful = true;
    this.failures = 0;
    if (message.room?.over) this.over = true;
    this.listener.hear(message);
  }

  /** @param {number} [code] */
  closed(code = 0) {
    const { isFruitful } = this;
    this.isOpen = this.isFruitful = false;
    const why = WHY[this.over ? OVER : code] ?? "away";
    this.listener.lost(why);
    if (why === "none" || why === "over") return;
    if (!isFruitful && why === "away") this.plain = !this.plain; // perhaps the proxy lets the other kind through
    const least = why === "full" ? PLACE_AFTER : AGAIN_AFTER * Math.min(2 ** this.failures, 4);
    setTimeout(() => this.connect(), least * (1 + Math.random())); // a class must not come back all at once
    this.failures += 1;
  }

  /** Send a message, or nothing where there is no connection. What is lost with the connection, the listener sends again
   * when it has opened. @param {{show?: string, [name: string]: unknown}} message */
  send(message) {
    if (!this.isOpen) return;
    if (!this.plain) return this.socket?.send(JSON.stringify(message));
    if ("show" in message) this.newest = message;
    this.sent = this.sent.then(() => this.post(message)).catch(() => this.cut());
  }

  /** @param {{show?: string, [name: string]: unknown}} message */
  async post(message) {
    if ("show" in message && message !== this.newest) return; // there is a newer one already
    const response = await fetch(`${this.path}${this.query}`, this.request(message));
    if (!response.ok) throw new Error(`${response.status}`);
    for (const reply of await response.json()) this.hear(reply);
  }
}

/** A name that this browser gives itself, so that nobody is counted twice after a reload. */
function memberName() {
  const name = saved("member") ?? Array.from(crypto.getRandomValues(new Uint8Array(12)), hex).join("");
  save("member", name);
  return name;
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
