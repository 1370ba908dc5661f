"""Arrow heads: filled ones at the ends of wires, and open ones for the arrows along an axis."""

from ..size_expressions import hypot, minimum
from .elements import Point, Polyline, xy

LENGTH = 7.5, 0.7
HALF_WIDTH = 2.2, 0.75
"""The length of the head of a wire and half of its width: the least, and the increase per pixel of thickness."""

AXIS_HEAD = 6.0, 3.5
"""The length of the head of an arrow along an axis, and half of its width."""

AXIS_LINE = 1.5
"""The thickness of an arrow along an axis."""


def head_length(thickness: float) -> float:
    """The length of the head of a wire."""
    least, more = LENGTH
    return least + more * thickness


def half_of_head(thickness: float) -> float:
    """Half of the width of the head of a wire."""
    least, more = HALF_WIDTH
    return least + more * thickness


def head_path(before: Point, tip: Point, thickness: float) -> str:
    """The head of a wire as a closed triangle, as SVG path data. ``before`` is the point before the tip; if both are
    equal, the triangle is that point."""
    left, right = _corners(before, tip, head_length(thickness), half_of_head(thickness))
    return f"M{xy(*tip)}L{xy(*left)}L{xy(*right)}Z"


def axis_arrow(axis: str, start: Point, tip: Point) -> Polyline:
    """An arrow along an axis, in the colour of that axis."""
    left, right = _corners(start, tip, *AXIS_HEAD)
    return Polyline(axis, (start, tip, left, tip, right), AXIS_LINE)


def _corners(start: Point, tip: Point, length: float, half: float) -> tuple[Point, Point]:
    """The two corners of an arrow head behind its tip: ``length`` back, at most half of the way to ``start``, and
    ``half`` to each side. If the two points are equal, there is no direction and both corners are the tip."""
    base_x, base_y = towards(tip, start, length)
    way = hypot(tip[0] - start[0], tip[1] - start[1]) or 1
    nx, ny = (tip[1] - start[1]) / way * half, (start[0] - tip[0]) / way * half
    return (base_x + nx, base_y + ny), (base_x - nx, base_y - ny)


def towards(start: Point, end: Point, distance: float, most: float = 0.5) -> Point:
    """The point at a ``distance`` from start on the way to end, at most the share ``most`` of that way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = minimum(most, distance / (hypot(dx, dy) or 1))
    return start[0] + share * dx, start[1] + share * dy
