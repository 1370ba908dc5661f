"""Sizes of type, in pixels: how large shapes are written, in each view and format."""

from dataclasses import astuple, dataclass

from .format_names import FORMATS

SUBSCRIPT, SUBSCRIPT_DROP = 0.68, 0.2
"""The size of a subscript, and the distance of its base line below that of its letter, in sizes of the letter."""


@dataclass(frozen=True)
class TypeSizes:
    """Sizes of shapes beside wires and inside boxes, of the names of states, and of words. Shapes that may be left out
    are, if they would be smaller than ``least``."""

    beside: float
    inside: float
    name: float = 16
    words: float = 13
    least: float = 8.5

    def divided(self, by: float) -> "TypeSizes":
        """Sizes for a picture that is drawn smaller, and then enlarged."""
        return TypeSizes(*(size / by for size in astuple(self)))


HALL = TypeSizes(30, 28, 34, 26, 28)
"""In a picture that fills the screen of a lecture hall: nothing with a shape is lower than 28 pixels."""

HALF = TypeSizes(28.5, 28, 30, 24, 28)
"""In a picture beside the map of a stack there."""

HALF_WITH_NAMES = TypeSizes(20.5, 20, 30, 22, 19.5)
"""The same with names and numbers."""

UNROLLED = {
    "narrow": TypeSizes(13.5, 12.6, 15),
    "narrow column": TypeSizes(13.5, 12.6, 15),
    "column": TypeSizes(14, 12.9),
    "editor": TypeSizes(14, 12.9),
    "page": TypeSizes(14, 12.9),
    "wide": TypeSizes(14, 12.9),
    "hall": HALL,
    "half": HALF,
}
"""Also for the views ``rolled`` and ``gradients``."""

UNROLLED_WITH_NAMES = {
    **dict.fromkeys((*FORMATS, "column", "editor", "narrow column"), TypeSizes(13, 12)),
    "hall": HALL,
    "half": HALF_WITH_NAMES,
}

UNITS = {
    "narrow": TypeSizes(13.5, 12.6, words=12),
    "page": TypeSizes(13.5, 12.9, words=12, least=12.2),
    "wide": TypeSizes(13.5, 12.9, words=12, least=12.2),
    "hall": TypeSizes(28.5, 28, words=26, least=28),
    "half": TypeSizes(13.5, 12.6, words=12),
}

WEIGHTS = {
    "narrow": TypeSizes(12.5, 11.5),
    "page": TypeSizes(13.5, 12.5),
    "wide": TypeSizes(13.5, 12.5),
    "hall": TypeSizes(17.3, 16.3),
    "half": TypeSizes(12.5, 11.5),
}
