/** The epochs of a training as they come from the server: see app/web/api/training.py. */

/** @typedef {{epoch: number, loss: number, train: number, test: number}} Epoch */

/** A picture of what the network believes about an example of the test, of those from 0 to the last one: which one in words.
 * @typedef {{example: number, last: number, words: string, svg: string}} Beliefs */

/**
 * What to do with the events.
 *
 * @typedef {object} Listener
 * @property {(before: number) => void} waits so many trainings come first
 * @property {(epochs: Epoch[]) => void} learns all epochs so far
 * @property {(beliefs: Beliefs) => void} believes what the network believes by now
 * @property {() => void} ends the result is known
 * @property {(message: string) => void} fails the training has ended without a result
 * @property {() => void} refused the server rejects it: a request says why
 * @property {() => void} loses the connection is lost; it is opened again
 */

/** Listen to a training, which the server starts unless it runs or its result is known.
 * @param {string} path @param {Listener} listener
 * @param {typeof EventSource} [Source]
 * @returns {() => void} ends listening: without listeners the training ends */
export function listen(path, listener, Source = EventSource) {
  const source = new Source(path);
  /** A connection that is opened again brings all epochs again. @type {Epoch[]} */
  const epochs = [];
  const on = (/** @type {string} */ name, /** @type {(data: any) => void} */ react) =>
    source.addEventListener(name, (event) => react(JSON.parse(/** @type {MessageEvent} */ (event).data)));
  on("wait", ({ before }) => listener.waits(before));
  on("epoch", (epoch) => {
    epochs[epoch.epoch - 1] = epoch;
    listener.learns(epochs);
  });
  on("beliefs", (beliefs) => listener.believes(beliefs));
  on("result", () => {
    source.close();
    listener.ends();
  });
  source.addEventListener("error", (event) => {
    const { data } = /** @type {MessageEvent} */ (event); // the server has sent this error; without data it is one of the connection
    if (data) {
      source.close();
      listener.fails(JSON.parse(data).message);
    } else if (source.readyState === Source.CLOSED) listener.refused();
    else listener.loses();
  });
  return () => source.close();
}
