"""Lines that stand for several, one for each letter of a set: g_t = σ(W_g x_t), g ∈ {f, i, o}."""

import re
from dataclasses import dataclass

from ...limits import MAX_CHARACTERS, MAX_LINES
from ..vocabulary.function_words import CAPITALS, WORDS_OF_FUNCTIONS

_ELEMENT = r"(?:\\[a-z]{3,10}|[^\W\d_]|\\(?:hat|tilde|bar)[ ]?\{?[a-z]\}?)"
_SET = re.compile(
    r"(?P<letter>\\[A-Za-z]{2,10}|[^\W\d_]|[*∗⋆□•])\$?[ ]?(?:\\in(?![A-Za-z])|∈|in(?= )|is one of|=)[ ]?\$?"
    rf"(?:\\left)?(?:\\\{{|\{{)[ ]?(?P<elements>{_ELEMENT}(?:[ ]?,[ ]?{_ELEMENT}){{1,7}})[ ]?(?:\\right)?\\?\}}\$?"
)
"""The set of an index: y ∈ {i, f, o}."""
_BEFORE = re.compile(
    r"(?:[ \t,;.(&$]|∀|\\forall|\\q?quad|\\[,;: ]|\\(?:text|mathrm)\{[^{}]{0,20}\}"
    r"|\b(?:for|all|each|every|where|with)\b){1,12}$"
)
"""What stands between a line and its set."""
_STARS = "*∗⋆"
_FUNCTIONS = "|".join(sorted((*WORDS_OF_FUNCTIONS, *CAPITALS), key=len, reverse=True))
_WORD = rf"\\(?:text|mathrm|operatorname)\{{[^{{}}\n]{{0,40}}\}}|\\[A-Za-z]+|(?i:{_FUNCTIONS})(?=[ ]?[(\[{{])"


@dataclass(frozen=True)
class LinesOfSets:
    """A text in which such lines are written for each letter. ``lines``: the number of the line as typed for each of
    its lines; ``written``: the letter and the elements of each set, and the number of its first line."""

    text: str
    lines: tuple[int, ...]
    written: tuple[tuple[int, str, str], ...] = ()


def with_lines_of_sets(text: str) -> LinesOfSets:
    """A text with a line for each letter of a set where a line stands for all of them."""
    rows = [(n, line) for n, line in enumerate(text.split("\n"), 1)]
    written: list[tuple[int, str, str]] = []
    for found in [*_SET.finditer(text)]:
        letter = found["letter"]
        elements = [one.strip() for one in found["elements"].split(",")]
        own = [n for n, line in rows if _has_at_left(line, letter)]
        if not own or letter in elements:
            continue
        if sum(len(line) + 1 for _, line in rows) > MAX_CHARACTERS or len(rows) > MAX_LINES:
            break  # too long to be read, whatever follows
        written.append((own[0], letter, ", ".join(elements)))
        rows = [
            (n, made)
            for n, line in ((n, _without_set(line, found[0])) for n, line in rows)
            for made in (_for_each(line, letter, elements) if _has_at_left(line, letter) else (line,))
        ]
    return LinesOfSets("\n".join(line for _, line in rows), tuple(n for n, _ in rows), tuple(written))


def _without_set(line: str, typed: str) -> str:
    """A line without its set and the words before it."""
    begin, found, end = line.partition(typed)
    if not found:
        return line
    before = begin[-60:]
    if behind := _BEFORE.search(before):
        begin = begin[: len(begin) - len(before) + behind.start()]
    closing = ")" if typed and end.startswith(")") and begin.count("(") < (begin + end).count(")") else ""
    return f"{begin}{end.removeprefix(closing)}"


def _places_of(letter: str) -> re.Pattern[str]:
    """Finds the letter where it is a name or an index, as ``own``, and words. A star is an index where it touches what
    is before it."""
    own = re.escape(letter) + ("(?![A-Za-z])" if letter.startswith("\\") else "")
    if letter in _STARS:
        own = rf"(?<=[_^{{]){own}|(?<=[^\W\d_]){own}(?=\w|[ ]?[(,)+=]|[ ][^\W\d_])"
    return re.compile(rf"(?P<own>{own})|{_WORD}")


def _has_at_left(line: str, letter: str) -> bool:
    left, sign, _ = _SET.sub("", line).partition("=")
    return bool(sign) and len(left) < 60 and any(found["own"] for found in _places_of(letter).finditer(left))


def _for_each(line: str, letter: str, elements: list[str]) -> list[str]:
    """The line for each of the elements."""
    place = _places_of(letter)

    def written(element: str) -> str:
        def one(match: re.Match[str]) -> str:
            if not match["own"]:
                return match[0]
            is_index = line[match.start() - 1 : match.start()] in ("_", "^") and len(element) > 1
            return f"{{{element}}}" if is_index else f"{element} " if element.startswith("\\") else element

        return place.sub(one, line)

    lines = [written(element) for element in elements]
    is_row = "&" in line or line.rstrip().endswith("\\\\")
    return [f"{made} \\\\" if is_row and not made.rstrip().endswith("\\\\") else made for made in lines]
