"""Equations that a PDF breaks over several lines: a fraction, dh(t) over dt, and an index above another one."""

import re

from ..vocabulary.function_words import function_of
from .line_kinds import MINUS

_BREAK = "\x00"
_FRACTION = re.compile(
    r"^([ \t]*(?:[τεm][ ]?)?d[ ]?[^\W\d_](?:\([ ]?t[ ]?\)|t)?)[ \t]*\n[ \t]*(d[ ]?t)[ \t]*(\n?)[ \t]*(?==)",
    re.MULTILINE,
)
"""A derivative at the left, whose bar is not in the text."""
_INDEX = re.compile(rf"(?<=[^\W\d_])[ \t]*\n[ \t]*(\([a-z]\))[ \t]*\n[ \t]*(?=[tnk](?:{MINUS}1)?(?![^\W\d_]))")
"""An index in brackets above the step, each in a line of its own."""
_OF_FEATURE = re.compile(rf"([^\W\d_])\(([ijk])\)([tnk])({MINUS}1)?(?!\w)")
_BEHIND_STEP = re.compile(r"([^\W\d_])([tnk]),([ijk])(?!\w)")
_WORDS = r"\\(?:text|mathrm)\{"
_NAMED_CONDITION = re.compile(
    rf"{_WORDS}if[ ]?\}}([^&\n]{{1,120}}?)(?:\\q?quad)?[ ]{{0,4}}{_WORDS}[ ]?\(([A-Z]{{2,12}})\)[ .,]{{0,3}}\}}"
)
_OF_NAME = re.compile(rf"{_WORDS}if[ ]([A-Z]{{2,12}})\}}|{_WORDS}if[ ]?\}}[ ]?{_WORDS}([A-Z]{{2,12}})\}}")
_LETTERS = re.compile(r"(?<![\w\\{^])[^\W\d_]{2,}")


def with_whole_lines(text: str) -> str:
    """A text with such equations in one line each. Empty lines follow it, so that the others keep their numbers."""
    if _BREAK in text:
        return text
    text = _FRACTION.sub(lambda match: f"{match[1]}/{match[2]} {_removed(match)}", text)
    text = _INDEX.sub(lambda match: f"{match[1]}{_removed(match)}", text)
    lines = (line.replace(_BREAK, "") + "\n" * line.count(_BREAK) for line in text.split("\n"))
    return _with_conditions(_with_features("\n".join(lines) if _BREAK in text else text))


def _with_conditions(text: str) -> str:
    """A text with the condition of a case for its name, \\text{if COPY} beside the case with \\text{(COPY)}."""
    conditions = {match[2]: match[1].strip() for match in _NAMED_CONDITION.finditer(text)}
    return _OF_NAME.sub(
        lambda m: rf"\text{{if }} {conditions[m[1] or m[2]]}" if (m[1] or m[2]) in conditions else m[0], text
    )


def _removed(match: re.Match[str]) -> str:
    """A sign for each line break of a match, which is put behind its line."""
    return _BREAK * match[0].count("\n")


def _with_features(text: str) -> str:
    """A text of a PDF with the index of a feature, u(j)t and xt,j, in which all indices are written, u_t^{(j)} and
    x_{t,j}; the same text if it has other letters beside each other."""
    counted = {match[2] for match in _OF_FEATURE.finditer(text)} & {match[3] for match in _BEHIND_STEP.finditer(text)}
    if len(counted) != 1 or re.search(r"[_\\]", text):
        return text
    (j,) = counted
    written = _OF_FEATURE.sub(lambda m: f" {m[1]}_{{{m[3]}{'-1' if m[4] else ''}}}^{{({m[2]})}}", text)
    written = re.sub(rf"([^\W\d_])[T⊤]{j}(?![^\W\d_])", rf"\1_{j}^T ", written)
    written = re.sub(rf"([α-ωA-Za-z]){j}(?=[ )⊙=,]|[^\W\d_][tnk],{j})", rf"\1_{j} ", written)
    written = _BEHIND_STEP.sub(lambda m: f"{m[1]}_{{{m[2]},{m[3]}}}", written)
    others = [word for word in _LETTERS.findall(written) if not function_of(word)]
    return text if others else written
