"""Lines of text in a picture: spans, each in the colour of an axis, and the signs between the sizes of a shape."""

from typing import NamedTuple

from ..core import axes


class TextSpan(NamedTuple):
    """A piece of a line: its text and the axis (or "muted") whose colour it has."""

    text: str
    role: str


class ShapeSpan(TextSpan):
    """A piece of a shape: a number, the name of an axis, or a sign between them. A name before a shape is a
    TextSpan."""

    __slots__ = ()


class IndexSpan(TextSpan):
    """An index, which is set lower than the letter before it."""

    __slots__ = ()


Line = tuple[TextSpan, ...]

TIMES, PLUS, OPENED, CLOSED = (ShapeSpan(sign, "muted") for sign in (axes.TIMES, *"+()"))
"""The signs between sizes and axes: ``3 × (5+2)``."""
