"""Signs that a text says to be concatenations, x ∘ m or x ⊕ h, which are otherwise products and sums."""

import re
from itertools import accumulate

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError, Place
from .line_kinds import is_equation, matches_in_equations

_SIGNS = (r"\circ", r"\oplus", "∘", "◦", "⊕", r"\frown", "⌢")
_SIGN = "|".join(map(re.escape, _SIGNS))
_CIRCLE = re.compile(r"⊕|\\oplus(?![A-Za-z])")
_SAID = re.compile(
    rf"({_SIGN})(?![A-Za-z])\$?[”’\"']?[ ](?:is|are|denotes?|indicates?|represents?|means?|stands for|refers to)[ ]"
    r"(?:[a-z-]{1,12}[ ]){0,3}?concatenat\w*"
)


def sum_of_circles(text: str) -> int:
    """The first line with ⊕ in a text that does not say what it is, or 0."""
    return next((n for n, _ in matches_in_equations(text, _CIRCLE)), 0)


def with_concatenations(text: str) -> tuple[str, tuple[int, str]]:
    """A text with ; for such a sign in brackets, and the line and words that say so. It is as long, so that all
    characters keep their places. EquationsError for such a sign outside brackets."""
    said = _SAID.search(text)
    if not said:
        return text, (0, "")
    sign = re.compile(re.escape(said[1]) + r"(?![A-Za-z])")
    lines = text.split("\n")
    for n, line in enumerate(lines):
        depths = [0, *accumulate((c in "([") - (c in ")]") for c in line)]
        for found in sign.finditer(line) if is_equation(line) else ():
            if depths[found.start()] < 1:
                problem = phrase("{sign} joins vectors here; write them in brackets, such as {example}", sign=said[1],
                                 example="[x_t; h_{t-1}]")  # fmt: skip
                raise EquationsError(problem, Place(n + 1, *found.span()))
            lines[n] = f"{lines[n][: found.start()]}{';'.ljust(len(found[0]))}{lines[n][found.end() :]}"
    return "\n".join(lines), (text.count("\n", 0, said.start()) + 1, said[0])
