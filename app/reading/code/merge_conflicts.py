"""Conflicts that Git has left in a source: one side is read."""

import re
from collections.abc import Iterator

OURS, BASE, OTHER, END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"
CONFLICT = re.compile(rf"^{OURS} [^\n]*\n(?:.*\n)*?{OTHER}\n(?:.*\n)*?{END}(?: |$)", re.MULTILINE)


def without_conflicts(text: str) -> tuple[str, set[int], set[int]]:
    """A text with the first side of each conflict, in as many lines; the numbers of the lines with marks, and of those
    of the other sides, from 1."""
    marks, others = set[int](), set[int]()
    if f"\n{OTHER}\n" not in text or not CONFLICT.search(text):
        return text, marks, others
    return "\n".join(_first_side(text.split("\n"), marks, others)), marks, others


def _first_side(lines: list[str], marks: set[int], others: set[int]) -> Iterator[str]:
    """Each line, empty if it is not of the first side."""
    side = ""
    for n, line in enumerate(lines, 1):
        mark = line[:7]
        if (mark == OURS and not side) or (side and mark in (BASE, END)) or (side and line == OTHER):
            marks.add(n)
            side = "" if mark == END else mark
            yield ""
        elif side in (BASE, OTHER):
            others.add(n)
            yield ""
        else:
            yield line
