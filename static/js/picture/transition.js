/** A short animation from one view of the network to another, if the browser supports it and reduced motion is not preferred. */

const VIEW = "view";

/** @param {string} search */
const viewOf = (search) => new URLSearchParams(search).get(VIEW);

export class Transition {
  /** @param {string} search the state that the page shows */
  constructor(search) {
    this.shown = viewOf(search);
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Await this right before the page changes to a state. If the state has another view, it resolves when the browser has captured
   * the page. Changes that are made before anything else is awaited are animated.
   * @param {string} search the state
   * @param {AbortSignal} [signal] aborted when the state is out of date
   * @returns {Promise<void>} */
  async to(search, signal) {
    const view = viewOf(search);
    if (view === this.shown) return;
    this.shown = view;
    if (this.reducedMotion.matches || !("startViewTransition" in document)) return;
    await new Promise((captured) => {
      const transition = document.startViewTransition(() => {
        captured(undefined);
        return new Promise((done) => setTimeout(done));
      });
      transition.ready.catch(() => {}); // the browser skips it if the page is not visible
    });
    signal?.throwIfAborted();
  }
}
