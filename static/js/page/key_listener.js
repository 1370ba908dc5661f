/** Listens for the keys of a page, which act wherever the focus is. */

/** A selector of the elements in which keys write or choose something. */
export const FIELDS = "input:not([type=range]), select, textarea, [contenteditable]";

/** Let keys do what a table says. With Alt, Ctrl or ⌘ their names are `Alt+1` and `Ctrl+Enter`; in a field a key alone writes, but for
 * Escape. An action that returns true has used its key.
 * @param {Record<string, ((event: KeyboardEvent) => unknown) | undefined>} actions */
export function listenForKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const isEscape = event.key === "Escape";
    const other = isEscape ? "" : event.altKey ? "Alt+" : event.ctrlKey || event.metaKey ? "Ctrl+" : "";
    if (event.defaultPrevented || (!other && !isEscape && /** @type {Element} */ (event.target).matches(FIELDS))) return;
    if (actions[other + event.key]?.(event)) event.preventDefault();
  });
}
