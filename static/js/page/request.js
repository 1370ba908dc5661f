/** Asking the server. */

import { phrase } from "./phrases.js";

/** The server understood and says no: asking again does not help. */
export class Refusal extends Error {}

/** The server answers, but not with what was asked for. */
export class Failure extends Error {
  /** @param {string} message @param {number} [after] ms after which the server wants to be asked again */
  constructor(message, after = 0) {
    super(message);
    this.after = after;
  }
}

/** ms after which a connection is taken for lost, even where nobody ended it. */
const PATIENCE = 60_000;

/** Statuses of a server that has other things to do just now. */
const BUSY = [429, 503];

/** @param {string} path @param {AbortSignal} [signal] @param {string} [method] @returns {Promise<Response>} */
export async function ask(path, signal, method = "GET") {
  const answer = await fetch(path, { method, signal: either(AbortSignal.timeout(PATIENCE), signal) });
  const after = Number(answer.headers.get("Retry-After")) || 0;
  if (after && BUSY.includes(answer.status)) throw new Failure(method === "GET" ? phrase("busy") : await reason(answer), 1000 * after);
  if (answer.status >= 400 && answer.status < 500) throw new Refusal(await reason(answer));
  if (!answer.ok) throw new Failure(phrase("failed", { status: answer.status }));
  return answer;
}

/** Two signals as one: what AbortSignal.any does, which the browsers of many a school's tablets do not have.
 * @param {AbortSignal} one @param {AbortSignal} [other] @returns {AbortSignal} */
function either(one, other) {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal?.aborted) both.abort(signal.reason);
    signal?.addEventListener("abort", () => both.abort(signal.reason), { signal: both.signal });
  }
  return both.signal;
}

/** What the server says of an address that it refuses.
 * @param {Response} answer @returns {Promise<string>} */
async function reason(answer) {
  const text = await answer.text();
  try {
    return `${JSON.parse(text).error.message}.`;
  } catch {
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.querySelector(".refused")?.textContent?.trim() || phrase("refused", { status: answer.status });
  }
}
