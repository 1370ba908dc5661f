/** From one view of the network to another: a short transition, in a browser that has them, for who does not ask for less
 * motion. */

const VIEW = "view";

/** @param {string} search */
const viewOf = (search) => new URLSearchParams(search).get(VIEW);

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The view that the page shows. */
let shown = viewOf(location.search);

/** To be awaited right before the page is changed to a state: where that is another view, until the browser has kept a
 * picture of how it was. What is changed before anything else is waited for is in the transition.
 * @param {string} search the state
 * @param {AbortSignal} [signal] says that the state is no longer wanted
 * @returns {Promise<void>} */
export async function crossing(search, signal) {
  const view = viewOf(search);
  if (view === shown) return;
  shown = view;
  if (still.matches || !("startViewTransition" in document)) return;
  await new Promise((kept) => {
    const transition = document.startViewTransition(() => {
      kept(undefined);
      return new Promise((changed) => setTimeout(changed));
    });
    transition.ready.catch(() => {}); // it is left out where the page is not seen
  });
  signal?.throwIfAborted();
}
