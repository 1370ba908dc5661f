"""Finds the letter that counts layers, l of h_l and h_{l-1}, where a text says how many there are: its lines are
written for each."""

import re
from collections.abc import Mapping, Sequence

from ...limits import MOST_LAYERS
from ...places_and_errors import EquationsError, Place
from ..lines.line_kinds import equations_of

_LETTERS = {"j": "j", "l": "l", "k": "k", "i": "i", "n": "n", "m": "m", "ell": r"\\ell|ℓ"}
_COUNTS = "LNJDKM"
"""The names of the number of layers."""


class UnknownDepth(EquationsError):
    """A text that does not say how many layers a cell has. ``lines_to_add`` has the line that would; it is read with
    this line, so nobody sees this error."""


def counted_layers(text: str, numbers: Mapping[str, frozenset[int]], step: str) -> tuple[str, str, int]:
    """The letter of the layers of a text, the name of their number and this number; nothing if the text has no such
    letter, or leaves it out. EquationsError if the number is needed and not given."""
    equations = equations_of(text)
    for letter, typed in _LETTERS.items():
        below = re.compile(
            rf"[_^]\{{(?![^{{}}]*\b{step}\b)[^{{}}=]{{0,12}}?(?<![A-Za-z\\,])(?:{typed})[ ]?[-−–][ ]?1(?![0-9])"
        )
        left = re.compile(rf"[^=]{{0,60}}(?:[_^,]|[_^]\{{[^{{}}=]{{0,16}})(?:{typed})(?![A-Za-z])[^=]{{0,40}}=")
        if letter == step or not any(below.search(line) for _, line in equations):
            continue
        if not any(left.match(line) for _, line in equations):
            continue
        name, place = _count(text, equations, typed)
        values = numbers.get(name, frozenset())
        if len(values) == 1 and 0 < max(values) <= MOST_LAYERS:
            return letter, name, max(values)
        above = re.compile(rf"[_^]\{{?[({{]?(?:{typed})[ ]?\+[ ]?1(?![0-9])")  # the layer above needs a last one
        place = place or next((Place(n, *found.span()) for n, line in equations if (found := above.search(line))), None)
        place = place or _beside_first_layer(equations, typed)
        if place:
            line = f"{name} = 2"
            raise UnknownDepth(line, place, lines_to_add=(line,))
    return "", "", 0


def _beside_first_layer(equations: Sequence[tuple[int, str]], typed: str) -> Place | None:
    """Where the line of a layer begins that a text computes beside the first layer, h^{(1)}_t = …; None if it computes
    one layer."""

    def lines_of(layer: str) -> dict[str, Place]:
        left = re.compile(
            rf"[ $&]*(?:\\[a-z]+\{{)?([A-Za-z])\}}?(?:_(?:\w|\{{\w\}}))?"
            rf"\^[{{(\[]{{0,2}}(?:{layer})[)\]}}]{{0,2}}[^=^]{{0,12}}="
        )
        found = ((n, left.match(line)) for n, line in equations)
        return {match[1]: Place(n, *match.span(1)) for n, match in found if match}

    first = lines_of("1")
    return next((place for base, place in lines_of(typed).items() if base in first), None)


def _count(text: str, equations: Sequence[tuple[int, str]], typed: str) -> tuple[str, Place | None]:
    """The name of the number of layers, and where equations need it: as the index of the last layer, s_L, or as the end
    of a sum over all of them, or None."""
    bases = {match[1] for _, line in equations if (match := re.match(r"[ $&]*(?:\\[a-z]+\{)?([A-Za-z])\}?", line))}
    last = re.compile(
        rf"(?<![A-Za-z\\])([A-Za-z])\}}?(?:_(?:\w|\{{[^{{}}]{{1,5}}\}}))?[_^][{{(\[]{{0,2}}([{_COUNTS}])(?![A-Za-z0-9])"
        rf"|(?:\\sum|∑)(?:\\limits)?_\{{[a-z][ ]?=[ ]?1\}}\^\{{?([{_COUNTS}])(?![A-Za-z0-9])"
    )
    for n, line in equations:
        if condition := re.search(
            rf"[1I]\}}?_\{{[\\{{\[ ]{{0,4}}(?:{typed})[ ]?=", line
        ):  # 1_{{l = 1}} needs a number of l
            return "L", Place(n, *condition.span())
    for n, line in equations:
        for found in last.finditer(line):
            if found[3] or found[1] in bases:
                return found[2] or found[3], Place(n, *found.span(3 if found[3] else 2))
    ranged = re.search(rf"(?:{typed})\$?[ ]?(?:=|∈|\\in)[ ]?\\?\{{?[ ]?1[ ]?,[^=\n]{{1,16}}?,[ ]?([{_COUNTS}])\b", text)
    return (ranged[1] if ranged else "L"), None
