/** What a state of the page says about a training. */

import { textIn, withChanges } from "../page/query.js";

/** Whether a state shows a trained network in the view of its training. @param {string} state */
export const isTrained = (state) => textIn(state, "view") === "training" && textIn(state, "trained") === "true";

/** A state with other sizes or numbers of a training is not trained: dragging a size shows the curve.
 * @param {string} state */
export const untrained = (state) => (isTrained(state) ? withChanges(state, { trained: "false" }) : state);

/** What is trained to show a state: the state without what only its page shows.
 * @param {string} state */
export const trainingIn = (state) => withChanges(state, { view: "unrolled", batch_size: 1, t: 0, layer: 0, direction: "forward", tensor: "", stepping: "false", sample: "none", unit: "none", row: 0, column: 0 });
