"""Tables as text for a terminal."""

from collections.abc import Sequence
from unicodedata import east_asian_width


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text with aligned columns. A row with a single cell, a sentence, does not widen the first column."""
    full_rows = [row for row in rows if len(row) > 1] or rows
    widths = [max(map(_width, column)) for column in zip(*full_rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    """The columns of a text in a terminal, in which Chinese characters have two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
