"""The numbers of equations, (1) or [2.3a], which papers print beside them: they are no part of the equation."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..vocabulary.function_words import function_of

_LABEL = re.compile(
    r"[(\[] ?(?:(?:Eqn?|eqn?|Equation|equation)s?\.? ?)?(?:[A-Z][.-]?)?"
    r"([0-9]{1,3})(?:[.–-][0-9]{1,2}){0,2}[a-z]?'? ?[)\]]"
)
_ENDS = re.compile(r"\n|\\\\")
_GAP = re.compile(r"\\(?:quad|qquad|hfill|eqno|;|,|:)$")
_ITEM = re.compile(r"[0-9]{1,2}[.)](?=\s)")
_LAST_WORD = re.compile(r"[A-Za-z]{2,12}$")
OPEN = "=+-−⊙∘·×*/(,[{^_<>∈&|"
"""Signs after which an equation goes on, so that a number in brackets belongs to it."""


_INDICES = ("_+", "^+", "^-")
"""Signs that are indices, behind which an equation may end."""


def without_numbers(text: str) -> tuple[str, int]:
    """A text with blanks instead of the numbers of its equations, and the first line that had one, or 0."""
    found = [*_places(text)]
    counted = [number for _, _, number, is_apart in found if not is_apart]
    is_counted = len(counted) > 1 and all(b == a + 1 for a, b in pairwise(counted))
    kept = [(start, end) for start, end, _, is_apart in found if is_apart or is_counted]
    for start, end in kept:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text, text.count("\n", 0, kept[0][0]) + 1 if kept else 0


def _places(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Where numbers begin and end, the number, and whether a blank is before it."""
    begin = 0
    for end in (*(match.start() for match in _ENDS.finditer(text)), len(text)):
        line = text[begin:end]
        if place := _at_the_end(line) or _at_the_beginning(line):
            yield begin + place[0], begin + place[1], place[2], place[3]
        begin = end + (text[end : end + 1] == "\n" or 2)


def _at_the_end(line: str) -> tuple[int, int, int, bool] | None:
    bare = line.rstrip(" \t\r$&.,;\u00a0")
    at = max(bare.rfind("("), bare.rfind("["))
    label = _LABEL.fullmatch(bare, at) if at > 0 else None
    if not label:
        return None
    before = bare[:at].rstrip(" \t\u00a0$&.,;")
    while gap := _GAP.search(before[-9:]):
        before = before[: len(before) - len(gap[0])].rstrip(" \t~.,;$")
    is_called = is_function_before(before)
    is_inside = sum(before.count(c) for c in "([{") > sum(before.count(c) for c in ")]}")
    is_closed = before[-2:] in _INDICES or (before.endswith("|") and before.count("|") % 2 == 0)  # [x]_+, |h|
    is_open = before[-1:] in OPEN and not is_closed
    if not before or is_open or is_called or is_inside:
        return None
    return at, len(bare), int(label[1]), len(before) < at


def is_function_before(before: str) -> bool:
    """Whether a text ends with a function that takes the bracket behind it, and no line of its own: σ = tanh."""
    word = _LAST_WORD.search(before[-12:])
    return bool(word and function_of(word[0]) and not before[: -len(word[0])].rstrip().endswith("="))


def _at_the_beginning(line: str) -> tuple[int, int, int, bool] | None:
    at = len(line) - len(line.lstrip(" \t$&"))
    label = _LABEL.match(line, at) or _ITEM.match(line, at)
    if not label or not re.match(r"[ \t$&]*[^\W\d]|[ \t$&]*\\[a-z]", line[label.end() : label.end() + 20]):
        return None
    return at, label.end(), 0, True
