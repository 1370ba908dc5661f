"""The widths, heights and sizes of type of the picture of the weights in each format."""

from dataclasses import dataclass, replace

from ...type_sizes import WEIGHTS, TypeSizes


@dataclass(frozen=True)
class Room:
    """A format, in pixels: its width and height, its sizes of type, the smallest width of an upright array, and the
    least share of the width and height that the arrays take. ``legend`` is the height of the legend below them: the
    scale, and beside it, or below it, the marks of the unit. Names of sizes may be ``letters``. If it ``is_low``, both
    shapes of an array are in the line of its name. Many arrays may need more width or height."""

    width: float
    height: float
    type: TypeSizes
    narrowest: float
    share: float = 0.7
    legend: float = 64.0
    letters: bool = False
    is_low: bool = False


NARROW = Room(390, 452, WEIGHTS["narrow"], 52, share=0.85, legend=102.0, letters=True)

ROOMS = {
    "narrow": NARROW,
    "page": Room(826, 452, WEIGHTS["page"], 100),
    "wide": Room(960, 540, WEIGHTS["wide"], 120),
    "hall": Room(800, 473, WEIGHTS["hall"], 120, is_low=True, letters=True),
    "half": replace(NARROW, type=WEIGHTS["half"]),
}
