/** Cycles in a graph, which no model has. */

import { LONGEST_NAME_SHOWN } from "../limits.js";
import { Refusal } from "../refusal.js";

/** Refuse a graph in which something is computed from its own result.
 * @param {number[][]} sources the nodes from which each node gets something @param {(node: number) => string} nameOf */
export function refuseCycles(sources, nameOf) {
  const waits = sources.map(({ length }) => length);
  /** @type {number[][]} */
  const readers = sources.map(() => []);
  for (const [node, from] of sources.entries()) for (const one of from) readers[one]?.push(node);
  const ready = [...waits.keys()].filter((node) => !waits[node]);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const reader of readers[node] ?? []) if (!(waits[reader] = (waits[reader] ?? 0) - 1)) ready.push(reader);
  }
  let node = waits.findIndex(Boolean);
  if (node < 0) return;
  const passed = new Set();
  while (!passed.has(node)) { // back to a node that was passed, which is in the cycle
    passed.add(node);
    node = sources[node]?.find((one) => waits[one]) ?? node;
  }
  throw new Refusal("fileCyclic", { name: nameOf(node).slice(0, LONGEST_NAME_SHOWN) });
}
