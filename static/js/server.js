/** Asking the server. */

/** The server understood and says no: asking again does not help. */
export class Refusal extends Error {}

/** The server answers, but not with what was asked for. */
export class Failure extends Error {}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<Response>} */
export async function ask(path, signal) {
  const answer = await fetch(path, { signal: signal ?? null });
  if (answer.status >= 400 && answer.status < 500) throw new Refusal(`The server refuses this address (${answer.status}).`);
  if (!answer.ok) throw new Failure(`The server failed (${answer.status}).`);
  return answer;
}
