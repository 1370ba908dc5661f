"""A corrected line of code below the wrong one, with what has changed marked."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple


class Piece(NamedTuple):
    """A piece of a line, and whether it has changed."""

    text: str
    is_changed: bool


Line = tuple[Piece, ...]

TOKEN = re.compile(r"\w+|\W")
APPENDED = re.compile(r"((\w+) = \2)(\W.*)")
"""A line that changes a variable, such as ``h_0 = h_0.unsqueeze(0)``."""


LITTLE = 3
"""Characters between two changes that are shown as one."""

COMMENT = re.compile(r"(.*?)(\s+#.*)?")


def line_diff(wrong: str, fix: str) -> tuple[Line, Line]:
    """Both in pieces. Without a wrong line, what is appended to the variable has changed. A fix may begin with lines
    that are added."""
    *added, fix = fix.split("\n")
    if added:
        removed, corrected = line_diff(wrong, fix)
        return removed, (Piece("\n".join((*added, "")), False), *corrected)
    code, comment = COMMENT.fullmatch(fix).groups("")  # type: ignore[union-attr]
    end = (Piece(comment, False),) if comment else ()
    if not wrong:
        if appended := APPENDED.fullmatch(code):
            return (), (Piece(appended[1], False), Piece(appended[3], True), *end)
        return (), (Piece(fix, False),)
    one, other = TOKEN.findall(wrong), TOKEN.findall(code)
    before: list[Piece] = []
    after: list[Piece] = []
    for change, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for line, text in ((before, "".join(one[a:b])), (after, "".join(other[c:d]))):
            if text:
                line.append(Piece(text, change != "equal"))
    return _merged(before), (*_merged(after), *end)


def _merged(pieces: list[Piece]) -> Line:
    """Changes with little between them as one."""
    found: list[Piece] = []
    for n, piece in enumerate(pieces):
        between = 0 < n < len(pieces) - 1 and not piece.is_changed and len(piece.text) <= LITTLE
        changed = piece.is_changed or between
        if found and found[-1].is_changed == changed:
            found[-1] = Piece(found[-1].text + piece.text, changed)
        else:
            found.append(Piece(piece.text, changed))
    return tuple(found)
