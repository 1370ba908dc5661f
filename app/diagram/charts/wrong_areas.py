"""Areas of an array that are too much or missing, in red."""

from collections.abc import Iterator

from ..elements import Box, Point, Polyline, Shape
from ..transforms.unknown_sizes import DASH
from ..transforms.wrong_tensor import ERROR

HATCH, THIN = 5.0, 1.2
"""From one parallel to the next, and their thickness."""


def outline(x: float, y: float, width: float, height: float) -> Polyline:
    """The outline of what is missing."""
    right, bottom = x + width, y + height
    return Polyline(ERROR, ((x, y), (right, y), (right, bottom), (x, bottom), (x, y)), 1.5, DASH)


def hatched(x: float, y: float, width: float, height: float) -> Iterator[Shape]:
    """An area of what is too much: parallels, drawn as one line that goes up and down."""
    yield Box("array", x, y, width, height, 0)
    right, bottom = x + width, y + height
    points: list[Point] = []
    start = x - height
    while (start := start + HATCH) < right:  # where a parallel would begin at the lower edge
        ends = [
            (max(start, x), bottom - max(0.0, x - start)),
            (min(start + height, right), y + max(0.0, start + height - right)),
        ]
        points += ends if len(points) % 4 == 0 else ends[::-1]
    if len(points) > 1:
        yield Polyline(ERROR, tuple(points), THIN)
    yield Polyline(ERROR, ((x, y), (right, y), (right, bottom), (x, bottom), (x, y)), THIN)
