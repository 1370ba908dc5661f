"""Letters that count from one number to another: those of sums, and of lines that stand for several."""

import re
from collections.abc import Mapping

from ...limits import MAX_SUMMANDS

_RANGE = re.compile(
    r"(?:\\sum|∑)(?:\\limits)?[ ]?_\{[ ]?([a-z])[ ]?=[ ]?([0-9]{1,2})[ ]?\}[ ]?"
    r"\^[ ]?\{?[ ]?([0-9]{1,2}|[A-Za-z])[ ]?(?:\}|(?!\w))"
)
"""A sum over a range: \\sum_{i=1}^{n}."""
_AT_MOST = r"[ ]?(?:≤|⩽|\\leq?(?:slant)?(?![A-Za-z]))[ ]?"
_FOR_EACH = r"(?:\\forall|∀|\bfor(?:[ ](?:all|each|every))?\b\}?)[ $\\,;{]{0,6}"
_LAST = r"([A-Za-z]|[0-9]{1,2})(?!\w)"
EACH = re.compile(
    rf"{_FOR_EACH}([0-9]){_AT_MOST}([a-z]){_AT_MOST}{_LAST}"
    rf"|{_FOR_EACH}([a-z])[ ]?(?:=|∈|\\in(?![A-Za-z]))[ ]?(?:\\?[{{\[])?[ ]?([0-9])[ ]?,[ ]?"
    rf"(?:(?:2[ ]?,)?[ ]?(?:\\[lc]?dots|…|\.\.\.)[ ]{0, 4},)?[ ]?{_LAST}"
)
"""For which numbers of an index a line stands: ∀ 1 ≤ i ≤ k."""


def ranges_of(text: str, numbers: Mapping[str, frozenset[int]]) -> dict[str, tuple[int, int]]:
    """From where to where sums and lines count, by their letters, if both are numbers or have one in the text."""
    sums = [(m[1], m[2], m[3]) for m in _RANGE.finditer(text)] if "sum" in text or "∑" in text else []
    found: dict[str, tuple[int, int]] = {}
    for letter, first, last in (*sums, *(each[:3] for each in each_of(text))):
        values = numbers.get(last, frozenset()) if last.isalpha() else frozenset({int(last)})
        if len(values) == 1 and 0 <= max(values) - int(first) < MAX_SUMMANDS:
            found[letter] = int(first), max(values)
    return found


def each_of(text: str) -> list[tuple[str, str, str, re.Match[str]]]:
    """The letters of lines that stand for several tensors one of which another line uses, u_1 beside u_i, and from
    where to where they count."""
    found: list[tuple[str, str, str, re.Match[str]]] = []
    for match in EACH.finditer(text):
        letter, first, last = (match[2], match[1], match[3]) if match[2] else (match[4], match[5], match[6])
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        left = re.match(rf"[ \t$&]*(.{{1,30}}?)_(?:\{{[ ]?)?{letter}(?![A-Za-z])[^=\n]{{0,24}}=", line)
        if left and re.search(rf"{re.escape(left[1])}_(?:\{{[ ]?)?{first}(?![0-9])", text):
            found.append((letter, first, last, match))
    return found
