/** Requests to the server, and what can go wrong with them. */

import { phrase } from "./phrases.js";

/** The server refuses the request: sending it again does not help. */
export class Refusal extends Error {}

/** The server could not do what it was asked for now. */
export class Failure extends Error {
  /** @param {string} message @param {number} [after] ms after which the server may be asked again */
  constructor(message, after = 0) {
    super(message);
    this.after = after;
  }
}

/** ms after which a connection counts as lost, even if nobody closed it. */
const PATIENCE = 60_000;

/** Statuses of a busy server. */
const BUSY = [429, 503];

/** @param {string} path @param {AbortSignal} [signal] @param {string} [method] @returns {Promise<Response>} */
export async function request(path, signal, method = "GET") {
  const response = await fetch(path, { method, signal: either(AbortSignal.timeout(PATIENCE), signal) });
  const after = Number(response.headers.get("Retry-After")) || 0;
  if (after && BUSY.includes(response.status)) throw new Failure(method === "GET" ? phrase("busy") : await reason(response), 1000 * after);
  if (response.status >= 400 && response.status < 500) throw new Refusal(await reason(response));
  if (!response.ok) throw new Failure(phrase("failed", { status: response.status }));
  return response;
}

/** Two signals as one: what AbortSignal.any does, which older browsers on school tablets lack.
 * @param {AbortSignal} one @param {AbortSignal} [other] @returns {AbortSignal} */
function either(one, other) {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal?.aborted) both.abort(signal.reason);
    signal?.addEventListener("abort", () => both.abort(signal.reason), { signal: both.signal });
  }
  return both.signal;
}

/** Why the server refuses a request, in its words.
 * @param {Response} response @returns {Promise<string>} */
async function reason(response) {
  const text = await response.text();
  try {
    return `${JSON.parse(text).error.message}.`;
  } catch {
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.querySelector(".error-message")?.textContent?.trim() || phrase("refused", { status: response.status });
  }
}
