"""Wires: lines with rounded elbows and arrow heads, as thick as the vectors that they carry."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import hypot

from .graph import Node
from .shapes import Point, Shape, xy

UNDERPASS = 6.0
"""From the edge of a wire to the end of another one that passes under it."""

HEAD_LENGTH = 7.5, 0.7
HEAD_HALF = 2.2, 0.75
"""The length of an arrow head and half of its width: at least, and for each pixel of the wire's thickness."""

AXIS_HEAD = 6.0, 3.5
"""The length of the head of an arrow along an axis, and half of its width."""

ELBOW = 13.0
"""The radius of a wire's elbow: a wire that branches from another begins this far before the point where it turns."""


@dataclass(frozen=True)
class Wire(Shape):
    """A line through ``points`` with rounded elbows, as thick as the vector that it carries; ``axis`` colours it.

    With a ``head`` it ends in an arrow whose tip is the last point. ``times``: how many of the axis it carries.

    ``source`` and ``target`` are what it comes from and what it leads to. A wire that ``branches`` does not begin at
    its source, but on another wire from there, or goes on behind a gap in one.
    """

    axis: str
    width: float
    points: tuple[Point, ...]
    radius: float = ELBOW
    head: bool = True
    times: int = 1
    source: Node | None = None
    target: Node | None = None
    branches: bool = False

    @property
    def kind(self) -> str:
        """The name that all wires of one colour and multiple share: ``num_units``, ``num_units x2``."""
        return self.axis if self.times == 1 else f"{self.axis} x{self.times}"

    @cached_property
    def _course(self) -> tuple[Point, ...]:
        """The points, without those that repeat the one before: between two such points there is no direction."""
        points = tuple(point for point, _ in groupby(self.points))
        return points if len(points) > 1 else points * 2

    @cached_property
    def path(self) -> str:
        points = self._course
        if self.head:
            points = (*points[:-1], _towards(points[-1], points[-2], self.head_length - 1))
        parts, last = [f"M{xy(*points[0])}"], len(points) - 1
        for n in range(1, last):
            # An elbow shares a piece with the next one, but has the first and the last piece for itself.
            enters = _towards(points[n], points[n - 1], self.radius, most=1.0 if n == 1 else 0.5)
            leaves = _towards(points[n], points[n + 1], self.radius, most=1.0 if n == last - 1 else 0.5)
            parts.append(f"L{xy(*enters)}Q{xy(*points[n], *leaves)}")
        return "".join(parts) + f"L{xy(*points[-1])}"

    @property
    def head_length(self) -> float:
        least, more = HEAD_LENGTH
        return least + more * self.width

    def head_path(self) -> str:
        """The arrow head as a closed triangle; of a wire that is a single point, that point."""
        tip, before = self._course[-1], self._course[-2]
        least, more = HEAD_HALF
        left, right = barbs(before, tip, self.head_length, least + more * self.width)
        return f"M{xy(*tip)}L{xy(*left)}L{xy(*right)}Z"


def barbs(start: Point, tip: Point, length: float, half: float) -> tuple[Point, Point]:
    """The two corners of an arrow head behind its tip: ``length`` back, at most half of the way to ``start``, and
    ``half`` to each side. Where the two points are the same, there is no direction and both corners are the tip."""
    base_x, base_y = _towards(tip, start, length)
    way = hypot(tip[0] - start[0], tip[1] - start[1]) or 1
    nx, ny = (tip[1] - start[1]) / way * half, (start[0] - tip[0]) / way * half
    return (base_x + nx, base_y + ny), (base_x - nx, base_y - ny)


def _towards(start: Point, end: Point, distance: float, most: float = 0.5) -> Point:
    """The point that lies ``distance`` from start on the way to end, at most a share of that way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = min(most, distance / (hypot(dx, dy) or 1))
    return start[0] + share * dx, start[1] + share * dy
