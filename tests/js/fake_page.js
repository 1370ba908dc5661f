/** A page for scripts that touch no element: its data, address and history. Timers run only when a test lets time pass. */

import { readFileSync } from "node:fs";
import { mock } from "node:test";

export const { fields, cases } = JSON.parse(readFileSync(process.env.CASES ?? "", "utf8"));

const PHRASES = {
  comma: ", ",
  sentences: "{sentence} {next}",
  busy: "The server is busy.",
  failed: "The server failed ({status}).",
  roomOver: "The lesson is over.",
  silent: "No answer.",
  stale: "Trying again.",
  working: "Working.",
};

globalThis.scriptData = { fields, phrases: PHRASES };
globalThis.document = { documentElement: { lang: "en" } };

/** The browser's history: a list of addresses, of which the last is the present one. */
export class FakeHistory {
  /** @param {string} address */
  constructor(address) {
    this.entries = [address];
    this.events = new EventTarget();
    globalThis.history = this;
    globalThis.location = this;
    globalThis.addEventListener = this.events.addEventListener.bind(this.events);
    this.pathname = "/";
    this.origin = "http://unrolled.example";
  }

  get search() {
    const [, query] = this.entries.at(-1).split("#")[0].split("?");
    return query ? `?${query}` : "";
  }

  pushState(_state, _title, address) {
    this.entries.push(address);
  }

  replaceState(_state, _title, address) {
    this.entries[this.entries.length - 1] = address;
  }

  /** The visitor goes back to the entry before. */
  back() {
    this.entries.pop();
    this.events.dispatchEvent(new Event("popstate"));
  }
}

/** Stop all timers. */
export function stopTime() {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  mock.method(performance, "now", () => Date.now());
  mock.method(Math, "random", () => 0.5);
}

export function resumeTime() {
  mock.timers.reset();
  mock.restoreAll();
}

/** Run the callbacks of settled promises. */
export const settle = () => new Promise((done) => setImmediate(done));

/** Let time pass. @param {number} ms */
export async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}
