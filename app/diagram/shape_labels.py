"""How shapes are written: in numbers, names or both, each part in the colour of its axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.axes import Axes, Axis, Sizes
from ..translations.phrases import plural
from .size_notation import Notation
from .text_spans import CLOSED, OPENED, PLUS, TIMES, Line, ShapeSpan, TextSpan
from .theme import axis_role

Write = Callable[[str, Sizes], str]


def steps(n: int) -> str:
    """``1 step``, ``10,000 steps``."""
    return plural("{n:,} step", "{n:,} steps", n)


def samples(n: int) -> str:
    return plural("{n:,} sample", "{n:,} samples", n)


def number(name: str, sizes: Sizes) -> str:
    return str(sizes[name])


LABELS = ("numbers", "names", "both", "hidden")
"""The choices of the field ``labels``."""


@dataclass(frozen=True)
class Lettering:
    """How a picture writes shapes: the lines of each label from top to bottom, beside wires and, smaller, in boxes.
    Labels that may be left out are, if they would be smaller than ``least``. Those beside wires are set smaller rather
    than broken, down to the part ``whole`` of their size."""

    wires: tuple[Write, ...]
    boxes: tuple[Write, ...]
    size: float
    small: float
    notation: Notation
    least: float = 8.5
    whole: float = 1.0


WHOLE = 0.78
"""In a narrow picture, in which no place is wide enough for both: down to this part of its size a label is not broken.
Two digits fit."""


def lettering(
    labels: str, notation: Notation, size: float, small: float, narrow: bool = False, least: float = 8.5
) -> Lettering:
    """The lettering for one of ``LABELS``. Names are letters where there is little room: in boxes and narrow
    pictures."""
    wires, boxes = notation.letter if narrow else notation.name, notation.letter
    whole = WHOLE if narrow else 1.0
    return Lettering(_writers(labels, wires), _writers(labels, boxes), size, small, notation, least, whole)


def _writers(labels: str, names: Write) -> tuple[Write, ...]:
    return {"numbers": (number,), "names": (names,), "both": (number, names), "hidden": (number,)}[labels]


def axis_spans(axis: Axis, sizes: Sizes, write: Write) -> Line:
    """One axis: ``5``, ``4·5``, ``5+2``. Sums and multiples are not computed, because they explain the size."""
    spans: list[TextSpan] = []
    for n, name in axis.terms:
        if spans:
            spans.append(PLUS)
        if n > 1:
            spans.append(ShapeSpan(f"{n}·", "muted"))
        spans.append(ShapeSpan(write(name, sizes), axis_role(name, sizes)))
    return tuple(spans)


def shape_line(axes: Axes, sizes: Sizes, write: Write = number) -> Line:
    """A whole shape in one line: ``3 × (5+2)``; that of a number is ``()``."""
    if not axes:
        return (TextSpan("()", "muted"),)
    line: tuple[TextSpan, ...] = ()
    for axis in axes:
        spans = axis_spans(axis, sizes, write)
        if len(axis.terms) > 1 and len(axes) > 1:
            spans = (OPENED, *spans, CLOSED)
        line += (TIMES, *spans) if line else spans
    return line


BETWEEN = TextSpan("\u00a0\u00a0", "muted")
"""The space between the numbers and the names of a shape in one line."""


def joined(lines: Sequence[Line]) -> Line:
    """Lines side by side."""
    line = lines[0]
    for other in lines[1:]:
        line += (BETWEEN, *other)
    return line
