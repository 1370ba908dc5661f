/** What a page kept in the entry of the browser's history. */

/** The state of this entry after Back, Forward or a reload; null where a link to the same page was followed: the browser keeps the entry
 * then, but the visitor wants to start anew. @returns {any} */
export function keptState() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (visit?.type === "navigate") history.replaceState(null, "");
  return history.state;
}
