"""The words by which sentences say something about names, shared by what reads them."""

import re
from collections.abc import Iterator

from ...limits import MOST_NAMES

Span = tuple[int, int]
"""Where a part of a sentence begins and ends."""
NAME = r"(?<!\S)\$?(?!(?:where|with|for|here|and|the|that|which|constant|scalar|we)\b)([^\s$,]{1,40})\$?"
BLANK = r"[ \t]{1,4}"
OF_SIZE = r"\$?[\w{}]{1,12}[ ]{0,2}(?:×|\\times(?![A-Za-z])|(?<=[ ])(?:x|by)(?=[ ]))[ ]{0,2}[\w{}]{1,12}\$?"
"""The size of a matrix before what it is: an M×M diagonal matrix."""
BERNOULLI = re.compile(
    r"[ ]{0,4}(?:\\[a-z]{4,12}[ ]?\{)?[ ]?(?:Bernoulli|Bern|Ber)\}?[ ]{0,2}(?:\\left)?"
    r"\(([^()]{1,40}|[^()]{1,20}\([^()]{1,20}\)[^()]{0,20})\)",
    re.IGNORECASE,
)
"""What stands behind the sign of a tensor that is drawn at random and is 1 or 0, and how often it is 1."""
IS_DENIED = re.compile(
    r"(?:\b(?:not|never|without|neither|nor|cannot|unlike|others?|avoid|rather than|instead of)|n['’]t)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)
"""What stands before a claim that a text does not make about its own matrices: we do not constrain U to be diagonal."""
_NAMED_BEFORE = re.compile(
    r"(?:^|(?<=[\s(]))\$?(\\Delta[ ]t(?:_\{?[a-z]\}?)?(?=[$ ])"
    r"|(?:[^\s$,(){}]|\{[^$(){}]{1,20}\}|\{(?![^$(){}]{1,20}\})|\}|\([^\s$,()]{1,8}\)){1,40})\$?"
    r"(?:,|,?[ \t]{1,4}and|)\s{0,4}$"
)
_NAMED_AFTER = re.compile(
    r"[ \t]{1,4}\$?((?:[^\s$,(){}.;:]|\.(?=\w)|\{(?:[^$(){}]|\{[^$(){}]{1,20}\}){1,30}\}){1,40})\$?"
)
_NEXT_NAMED = re.compile(r"(?:,?[ \t]{1,4}and|,(?![ \t]and))(?=[ \t])(?![ \t]{1,4}[a-z]{3,})")


def names_before(sentence: str, pattern: re.Pattern[str]) -> Iterator[tuple[list[Span], Span]]:
    """The names in a row before what a pattern finds, A, B and C, and all of it."""
    for match in pattern.finditer(sentence):
        names: list[Span] = []
        end = match.start()
        while len(names) < MOST_NAMES and (found := _NAMED_BEFORE.search(sentence, max(0, end - 60), end)):
            if names and not re.search(r",|\band\b", sentence[found.end(1) : end]):
                break
            names.append(found.span(1))
            end = found.start()
        if names:
            yield names[::-1], (names[-1][0], match.end())


def names_after(sentence: str, pattern: re.Pattern[str]) -> Iterator[tuple[list[Span], Span]]:
    """The names behind what a pattern finds, of which its groups tell that they are several, and all of it."""
    for match in pattern.finditer(sentence):
        if IS_DENIED.search(sentence, max(0, match.start() - 80), match.start()):
            continue
        names: list[Span] = []
        found = _NAMED_AFTER.match(sentence, match.end())
        while found and len(names) < (MOST_NAMES if any(match.groups()) else 1):
            names.append(found.span(1))
            following = _NEXT_NAMED.match(sentence, found.end())
            found = _NAMED_AFTER.match(sentence, following.end()) if following else None
        if names:
            yield names, (match.start(), names[-1][1])
