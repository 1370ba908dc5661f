/** Requests to the server, and their errors. */

import { phrase } from "./phrases.js";

/** The server rejects the request. Repeating it does not help. */
export class Refusal extends Error {}

/** The server could not respond now. Repeating the request can help. */
export class Failure extends Error {
  /** @param {string} message @param {number} [after] ms to wait before the request is repeated */
  constructor(message, after = 0) {
    super(message);
    this.after = after;
  }
}

/** What to tell the reader about an error of a request: the server's message, or that it does not answer.
 * @param {unknown} error */
export function messageOf(error) {
  return error instanceof Failure || error instanceof Refusal ? error.message : phrase("silent");
}

/** ms after which a request is aborted. */
const TIMEOUT = 60_000;

/** Statuses of a busy server, with Retry-After. */
const BUSY = [429, 503];

/** @param {string} path @param {AbortSignal} [signal] @param {string} [method] @param {URLSearchParams} [body] @returns {Promise<Response>} */
export async function request(path, signal, method = "GET", body) {
  const response = await fetch(path, { method, body, signal: anyOf(AbortSignal.timeout(TIMEOUT), signal) });
  const after = Number(response.headers.get("Retry-After")) || 0;
  if (after && BUSY.includes(response.status)) throw new Failure(method === "GET" ? phrase("busy") : await reason(response), 1000 * after);
  if (response.status >= 400 && response.status < 500) throw new Refusal(await reason(response));
  if (!response.ok) throw new Failure(phrase("failed", { status: response.status }));
  return response;
}

/** A signal that is aborted when one of two is: AbortSignal.any, which older browsers on school tablets lack.
 * @param {AbortSignal} one @param {AbortSignal} [other] @returns {AbortSignal} */
function anyOf(one, other) {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal?.aborted) both.abort(signal.reason);
    signal?.addEventListener("abort", () => both.abort(signal.reason), { signal: both.signal });
  }
  return both.signal;
}

/** The reason that the server gives for an error.
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
