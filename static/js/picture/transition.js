/** From one view of the network to another: a short transition, in browsers that have them, unless less motion is preferred. */

const VIEW = "view";

/** @param {string} search */
const viewOf = (search) => new URLSearchParams(search).get(VIEW);

export class Transition {
  /** @param {string} search the state that the page shows */
  constructor(search) {
    this.shown = viewOf(search);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** To be awaited right before the page changes to a state: where that is another view, until the browser has kept a
   * picture of the page. What changes before anything else is awaited is in the transition.
   * @param {string} search the state
   * @param {AbortSignal} [signal] aborted when the state is no longer wanted
   * @returns {Promise<void>} */
  async to(search, signal) {
    const view = viewOf(search);
    if (view === this.shown) return;
    this.shown = view;
    if (this.still.matches || !("startViewTransition" in document)) return;
    await new Promise((kept) => {
      const transition = document.startViewTransition(() => {
        kept(undefined);
        return new Promise((changed) => setTimeout(changed));
      });
      transition.ready.catch(() => {}); // it is left out where the page is not seen
    });
    signal?.throwIfAborted();
  }
}
