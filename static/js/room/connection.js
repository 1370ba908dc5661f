/** The connection to a room: a WebSocket, or requests if a proxy, as in some schools, blocks WebSockets. */

import { phrase } from "../page/phrase.js";
import { withPrefix } from "../page/prefix.js";
import { memberId } from "./member_id.js";

const RETRY_AFTER = 500; // ms, at least, before the first retry
const FULL_RETRY_AFTER = 5000; // ms, at least, before the next attempt if the room is full
const OPEN_TIMEOUT = 4000; // ms after which an attempt that neither succeeds nor fails is aborted
/** ms without a message after which the connection counts as lost, even if nothing has closed it: the room sends one every five
 * seconds. */
const SILENCE_TIMEOUT = 12000;
const TEMPORARY = [409, 429]; // HTTP statuses of rooms that one may enter later

/** Why there is no connection: the text of the server, empty if the network failed; whether retrying is of no use; and
 * whether that is because the lesson is over, which is no error.
 * @typedef {{words: string, isFinal: boolean, isOver: boolean}} Loss */

/** @typedef {{receive: (message: any) => void, opened: () => void, lost: (loss: Loss) => void}} Listener */

export class Connection {
  /** @param {string} code of the room @param {string} secret of the leader, or nothing @param {Listener} listener */
  constructor(code, secret, listener) {
    this.path = withPrefix(`/rooms/${code}`);
    this.query = `?${new URLSearchParams({ member: memberId(), lang: document.documentElement.lang })}`;
    this.secret = secret;
    this.listener = listener;
    this.failures = 0;
    /** Whether requests are used instead of a WebSocket. */
    this.usesRequests = false;
    this.isOpen = false;
    /** Whether a message has been received since it opened. */
    this.hasReceived = false;
    /** Whether the room has said that it is over. */
    this.isOver = false;
    /** The time of the last message. */
    this.lastMessage = 0;
    /** Resolves when the last message is sent: requests go one after another. */
    this.sent = Promise.resolve();
    setInterval(() => this.check(), 1000);
    this.connect();
  }

  /** Drop a connection that has become silent. */
  check() {
    if (this.isOpen && performance.now() - this.lastMessage > SILENCE_TIMEOUT) this.drop();
  }

  /** Drop the present connection. */
  drop() {
    this.stop?.abort();
    const socket = this.socket;
    this.socket = undefined;
    socket?.close(); // it closes only when the server confirms
    this.closed();
  }

  connect() {
    if (this.usesRequests) this.read().catch((error) => error.name !== "AbortError" && this.closed());
    else this.openSocket();
  }

  openSocket() {
    /** @type {WebSocket} */
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.path}${this.query}`);
    const timeout = setTimeout(() => this.drop(), OPEN_TIMEOUT);
    this.socket = socket;
    socket.addEventListener("open", () => {
      clearTimeout(timeout);
      if (this.secret) socket.send(JSON.stringify({ lead: this.secret }));
      this.begin();
    });
    socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(data)));
    socket.addEventListener("close", ({ code, reason }) => {
      clearTimeout(timeout);
      if (socket === this.socket) this.closed(code - 4000, reason); // 4404 stands for the HTTP status 404
    });
  }

  /** Receive messages as the response to a request, which does not end. */
  async read() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const timeout = setTimeout(() => this.drop(), OPEN_TIMEOUT);
    const response = await fetch(`${this.path}/events${this.query}`, { ...this.request(), signal }).finally(() => clearTimeout(timeout));
    if (!response.ok || !response.body) return this.closed(response.status, await reasonOf(response));
    this.begin();
    let rest = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) if (event.startsWith("data: ")) this.receive(JSON.parse(event.slice("data: ".length)));
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
    this.lastMessage = performance.now();
    this.listener.opened();
  }

  /** @param {any} message */
  receive(message) {
    this.lastMessage = performance.now();
    this.hasReceived = true;
    this.failures = 0;
    if (message.room?.over) this.isOver = true;
    this.listener.receive(message);
  }

  /** @param {number} [status] @param {string} [words] of a refusal */
  closed(status = 0, words = "") {
    const { hasReceived, isOver } = this;
    this.isOpen = this.hasReceived = false;
    const isRefused = status >= 400 && status < 500 && words !== ""; // an error of a proxy has no text of ours
    const isFinal = isOver || (isRefused && !TEMPORARY.includes(status));
    this.listener.lost({ words: isOver ? phrase("roomOver") : isRefused ? words : "", isFinal, isOver });
    if (isFinal) return;
    if (!hasReceived && !isRefused) this.usesRequests = !this.usesRequests; // the proxy may let the other kind through
    const least = isRefused ? FULL_RETRY_AFTER : RETRY_AFTER * Math.min(2 ** this.failures, 4);
    setTimeout(() => this.connect(), least * (1 + Math.random())); // the random part keeps a class from reconnecting at the same time
    this.failures += 1;
  }

  /** Send a message, or nothing without a connection. After a reconnect the listener sends lost messages again.
   * @param {{show?: string, [name: string]: unknown}} message */
  send(message) {
    if (!this.isOpen) return;
    if (!this.usesRequests) return this.socket?.send(JSON.stringify(message));
    if ("show" in message) this.newest = message;
    this.sent = this.sent.then(() => this.post(message)).catch(() => this.drop());
  }

  /** @param {{show?: string, [name: string]: unknown}} message */
  async post(message) {
    if ("show" in message && message !== this.newest) return; // a newer one waits
    const response = await fetch(`${this.path}${this.query}`, this.request(message));
    if (!response.ok) throw new Error(`${response.status}`);
    for (const reply of await response.json()) this.receive(reply);
  }
}

/** The text of a refusal; empty if the response is not the server's.
 * @param {Response} response @returns {Promise<string>} */
async function reasonOf(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return "";
  }
}
