"""A picture in which some sizes are unknown: question marks in the colours of their axes, and wires that claim no
thickness."""

from collections.abc import Collection
from dataclasses import replace

from ..elements import Label, Picture, Shape
from ..text_lines import like
from ..text_spans import ShapeSpan, TextSpan
from ..wires import Wire

UNKNOWN = "?"
"""The sign for an unknown size."""

THICKNESS, DASH = 1.5, (4, 3)
"""The wire of a vector of unknown length."""


def with_unknown_sizes(picture: Picture, unknown: Collection[str]) -> Picture:
    """The same picture with ``?`` for the sizes that are named ``unknown``."""
    return replace(picture, shapes=tuple(_with_unknown(shape, unknown) for shape in picture.shapes))


def _with_unknown(shape: Shape, unknown: Collection[str]) -> Shape:
    match shape:
        case Wire() if shape.axis in unknown:
            return replace(shape, width=THICKNESS, dash=DASH)
        case Label() if any(span.role in unknown for line in shape.lines for span in line):
            lines = (tuple(_span(span, unknown) for span in line) for line in shape.lines)
            return replace(shape, lines=like(shape.lines, lines))
    return shape


def _span(span: TextSpan, unknown: Collection[str]) -> TextSpan:
    is_size = isinstance(span, ShapeSpan) and span.role in unknown
    return span._replace(text=UNKNOWN) if is_size else span
