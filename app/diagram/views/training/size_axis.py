"""The axis of num_units, which is the slider of the page: where each size is on it."""

from dataclasses import dataclass

from ....size_expressions import log2
from .sizes_by_format import TrainingFormat

LARGEST = 128
"""The largest num_units with a place of its own: all larger ones share one."""

TICKS = tuple(2**k for k in range(8))
"""The sizes that are written below the axis."""

BEFORE, AFTER = 12.0, 12.0
"""The line begins before the first size and ends after the last one, in units."""

BEYOND, NEAR_BEYOND = 112.0, 56.0
"""From the largest size to the place of larger ones, in units: where names are between them, and without these."""


BEFORE_NAMES = 28.0
"""From the place of larger sizes to the end of the line: their numbers of parameters are long."""


@dataclass(frozen=True)
class SizeAxis:
    """The line from ``start`` to ``end`` at the height ``y``, in pixels of the picture: ``first`` is the place of 1 and
    ``last`` that of LARGEST, with equal distances where the size doubles. Larger ones are at ``beyond``, if the picture
    has one."""

    start: float
    end: float
    first: float
    last: float
    y: float
    beyond: float | None = None

    def x(self, num_units: int) -> float:
        """The place of a size."""
        if self.beyond is not None and num_units > LARGEST:
            return self.beyond
        return self.first + log2(num_units) / log2(LARGEST) * (self.last - self.first)


def size_axis(format: TrainingFormat, num_units: int, start: float) -> SizeAxis:
    """The axis in a format. Only if num_units is larger than the largest one, there is a place for it."""
    unit, y, end = format.unit, format.top + format.plot, format.width - format.right
    first = start + BEFORE * unit
    if num_units > LARGEST:
        beyond = end - (AFTER if format.narrow else BEFORE_NAMES) * unit
        last = beyond - (NEAR_BEYOND if format.narrow else BEYOND) * unit
        return SizeAxis(start, end, first, last, y, beyond)
    return SizeAxis(start, end, first, end - AFTER * unit, y)
