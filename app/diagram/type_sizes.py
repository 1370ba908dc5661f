"""Sizes of type, in pixels: how large shapes are written, in each view and format."""

from dataclasses import dataclass

from .scene import FORMATS


@dataclass(frozen=True)
class TypeSizes:
    """Sizes of shapes beside wires and inside boxes."""

    beside: float
    inside: float


UNROLLED = dict.fromkeys(FORMATS, TypeSizes(14, 12))
"""Also for the views ``rolled`` and ``gradients``."""

UNROLLED_WITH_NAMES = dict.fromkeys(FORMATS, TypeSizes(13, 12))

UNITS = {**dict.fromkeys(FORMATS, TypeSizes(13, 12)), "narrow": TypeSizes(12, 11)}

WEIGHTS = {
    "narrow": TypeSizes(12, 11),
    "page": TypeSizes(13, 12),
    "wide": TypeSizes(13, 12),
    "hall": TypeSizes(15, 14),
}
