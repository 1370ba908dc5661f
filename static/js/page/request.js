/** Requests to the server, and their errors. */

import { phrase } from "./phrase.js";

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

/** The end of a text that takes at most so many bytes as a field of a form.
 * @param {string} text @param {number} most @returns {string} */
export function endThatFits(text, most) {
  const isShort = (/** @type {number} */ start) => encoded(text.slice(start)).length <= most;
  let start = Math.max(0, text.length - most); // no character takes less than a byte
  let end = text.length;
  if (isShort(start)) return text.slice(start);
  while (start < end) {
    const middle = Math.floor((start + end) / 2);
    if (isShort(middle)) end = middle;
    else start = middle + 1;
  }
  return text.slice(start);
}

/** @param {string} text */
const encoded = (text) => new URLSearchParams([["", text]]).toString().slice(1);

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
