/**
 * The source code of a notebook: its file without what running it has shown, which is nearly all of most files and is not read.
 */

/** @typedef {{cell_type?: unknown, source?: unknown, input?: unknown}} Cell */

/** The file of a notebook with the sources of its cells alone, or any other text as it is. @param {string} text */
export function withoutOutputs(text) {
  if (!/^\s*\{/.test(text) || !/"cells"\s*:/.test(text)) return text;
  const notebook = parsed(text);
  const sheets = Array.isArray(notebook?.worksheets) ? notebook.worksheets : []; // of version 3
  const cells = [notebook, ...sheets].flatMap((part) => (Array.isArray(part?.cells) ? part.cells : []));
  if (!cells.length) return text;
  const sources = cells.map((/** @type {Cell} */ cell) => ({ cell_type: cell?.cell_type, source: cell?.source ?? cell?.input }));
  return JSON.stringify({ cells: sources.filter(({ cell_type }) => cell_type === "code"), nbformat: 4 });
}

/** A value in JSON; null for any other text. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
