"""Notebooks that are pasted as the text of their files: the source code of their cells."""

import json
import re
from collections.abc import Iterator

IS_NOTEBOOK = re.compile(r"\s*\{.*?\"(cells|worksheets|nbformat)\"\s*:", re.DOTALL)

OTHER_LANGUAGE = re.compile(
    r"\s*%%(bash|cmd|html|HTML|javascript|js|latex|markdown|perl|r|R|ruby|script|sh|sql|svg|SVG|system|sx)\b"
)
"""The first line of a cell that is not Python."""


def code_of_notebook(text: str) -> str | None:
    """The cells with code of a notebook of version 3 or 4, one after another; None for any other text. Cells in another
    language are empty."""
    if not IS_NOTEBOOK.match(text):
        return None
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = [cell for cell in _cells(notebook) if cell.get("cell_type") == "code"]
    sources = [_text(cell.get("source", cell.get("input"))) for cell in cells]
    return "\n\n".join("" if OTHER_LANGUAGE.match(source) else source for source in sources) if cells else None


def is_part_of_notebook(text: str) -> bool:
    """Whether a text is a part of the file of a notebook."""
    return '"cell_type":' in text and '"source":' in text


def _cells(notebook: object) -> Iterator[dict[str, object]]:
    """The cells of a notebook; those of version 3 are in worksheets."""
    if isinstance(notebook, dict):
        sheets = notebook.get("worksheets")
        for part in (notebook, *(sheets if isinstance(sheets, list) else ())):
            cells = part.get("cells") if isinstance(part, dict) else None
            yield from (cell for cell in (cells if isinstance(cells, list) else ()) if isinstance(cell, dict))


def _text(source: object) -> str:
    """The source of a cell, which is a text or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str)).rstrip("\n")
    return source.rstrip("\n") if isinstance(source, str) else ""
