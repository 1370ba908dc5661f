"""Wires: lines with rounded elbows and arrow heads, as thick as the vectors that they carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

from . import arrowhead_sizes
from .arrowhead_sizes import towards
from .elements import Point, Shape, xy
from .graph import Node, Port

UNDERPASS = 6.0
"""The distance from the edge of a wire to the end of another one that passes under it."""

ELBOW = 13.0
"""The radius of a wire's elbow: a wire that branches from another begins this far before the point where it turns."""


@dataclass(frozen=True)
class Wire(Shape):
    """A line through ``points`` with rounded elbows, as thick as the vector that it carries; ``axis`` colours it.

    With a ``head`` it ends in an arrow whose tip is the last point. ``times`` is the multiple of the axis.

    A wire that ``branches`` does not begin at its ``source``, but on another wire from there, or after a gap in one.
    ``dash`` alternates strokes and gaps.
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
    dash: tuple[int, ...] = ()

    @classmethod
    def between(
        cls,
        source: Port,
        target: Port,
        axis: str,
        width: float,
        via: Sequence[Point] = (),
        *,
        radius: float = ELBOW,
        head: bool | None = None,
        times: int = 1,
        tensor: str = "",
        also: tuple[str, ...] = (),
        t: int | None = None,
        unit: int | None = None,
        faint: bool = False,
    ) -> "Wire":
        """A wire from port to port. Every wire of a picture is created here.

        Unless ``head`` says otherwise, it has an arrow head where it ends at its target, and none where it continues:
        at the border of a step from the inside, beside other vectors, on another wire.
        """
        return cls(
            axis,
            width,
            ((source.x, source.y), *via, (target.x, target.y)),
            radius,
            target.is_end if head is None else head,
            times,
            source.node,
            target.node,
            source.on_wire,
            tensor=tensor,
            also=also,
            t=t,
            unit=unit,
            faint=faint,
        )

    @property
    def kind(self) -> str:
        """The name that all wires of one colour and multiple share: ``num_units``, ``num_units x2``."""
        return self.axis if self.times == 1 else f"{self.axis} x{self.times}"

    @cached_property
    def _course(self) -> tuple[Point, ...]:
        """The points without repetitions: between two equal points there is no direction."""
        points = tuple(point for point, _ in groupby(self.points))
        return points if len(points) > 1 else points * 2

    @cached_property
    def path(self) -> str:
        points = self._course
        if self.head:
            points = (*points[:-1], towards(points[-1], points[-2], self.head_length - 1))
        parts, last = [f"M{xy(*points[0])}"], len(points) - 1
        for n in range(1, last):
            # Two elbows share the piece between them; the first and the last piece belong to one elbow.
            enters = towards(points[n], points[n - 1], self.radius, most=1.0 if n == 1 else 0.5)
            leaves = towards(points[n], points[n + 1], self.radius, most=1.0 if n == last - 1 else 0.5)
            parts.append(f"L{xy(*enters)}Q{xy(*points[n], *leaves)}")
        return "".join(parts) + f"L{xy(*points[-1])}"

    @property
    def head_length(self) -> float:
        return arrowhead_sizes.head_length(self.width)

    def head_path(self) -> str:
        """The arrow head as a closed triangle; for a wire that is a single point, that point."""
        return arrowhead_sizes.head_path(self._course[-2], self._course[-1], self.width)


@dataclass(frozen=True)
class Ribbon(Wire):
    """A wire that carries a matrix: two edges, each in the colour of an axis, and a band between them. Seen in its
    direction, the edge of ``axis`` is at the left, and that of ``second`` at the right. ``edges`` are the thicknesses
    of both, ``width`` is that of the whole."""

    second: str = ""
    second_times: int = 1
    edges: tuple[float, float] = (1.5, 1.5)

    @property
    def head_length(self) -> float:
        return self.width / 2 + MARGIN_OF_HEAD + 2

    @cached_property
    def path(self) -> str:
        """The middle line, for the band."""
        return self._beside(0)

    def edge_paths(self) -> tuple[str, str]:
        """The middle lines of both edges."""
        left, right = self.edges
        return self._beside((left - self.width) / 2), self._beside((self.width - right) / 2)

    def half_heads(self) -> tuple[str, str]:
        """The arrow head as two closed triangles, each beside its edge."""
        tip, base, *corners = self._head_points()
        left, right = (f"M{xy(*tip)}L{xy(*corner)}L{xy(*base)}Z" for corner in corners)
        return left, right

    def head_path(self) -> str:
        tip, _, left, right = self._head_points()
        return f"M{xy(*tip)}L{xy(*left)}L{xy(*right)}Z"

    def _head_points(self) -> tuple[Point, Point, Point, Point]:
        """The tip of the arrow head, the middle of its base, and the left and right corners."""
        tip, before = self._course[-1], self._course[-2]
        base = towards(tip, before, self.head_length, most=1.0)
        half = self.width / 2 + MARGIN_OF_HEAD
        left, right = (beside((base, tip), side)[0] for side in (-half, half))
        return tip, base, left, right

    def _beside(self, offset: float) -> str:
        """A line beside the middle one, whose elbows have the same centres."""
        points = self._course
        if self.head:
            points = (*points[:-1], towards(points[-1], points[-2], self.head_length - 1, most=1.0))
        line = beside(points, offset)
        parts, last = [f"M{xy(*line[0])}"], len(line) - 1
        for n in range(1, last):
            (ax, ay), (x, y), (bx, by) = points[n - 1 : n + 2]
            turn = (x - ax) * (by - y) - (y - ay) * (bx - x)
            radius = max(1.0, RIBBON_ELBOW + (-offset if turn > 0 else offset))
            enters = towards(line[n], line[n - 1], radius, most=1.0 if n == 1 else 0.5)
            leaves = towards(line[n], line[n + 1], radius, most=1.0 if n == last - 1 else 0.5)
            parts.append(f"L{xy(*enters)}Q{xy(*line[n], *leaves)}")
        return "".join(parts) + f"L{xy(*line[-1])}"


BAND = 6.0
"""The width of the band between the edges of a ribbon."""

RIBBON_ELBOW = 15.0
"""The radius of the elbow of a ribbon, at its middle line."""

MARGIN_OF_HEAD = 4.5
"""How much wider the head of a ribbon is on each side."""


def beside(points: Sequence[Point], offset: float) -> list[Point]:
    """A way that runs ``offset`` to the right of another, seen in its direction."""
    return [(x + offset * dx, y + offset * dy) for (x, y), (dx, dy) in zip(points, _sideways((*points,)), strict=True)]


@lru_cache(1024)
def _sideways(points: tuple[Point, ...]) -> list[tuple[int, int]]:
    """The direction to the right at each point of a way; cached, since all strands of a bundle share it."""
    shifts = [((a[1] > b[1]) - (a[1] < b[1]), (a[0] < b[0]) - (a[0] > b[0])) for a, b in pairwise(points)]
    around = pairwise([shifts[0], *shifts, shifts[-1]])
    return [(before[0] or after[0], before[1] or after[1]) for before, after in around]


@dataclass(frozen=True)
class SharedHead(Shape):
    """The arrow head of several strands side by side, which together are ``width`` wide and end before the ``tip``."""

    axis: str
    width: float
    before: Point
    tip: Point

    @cached_property
    def path(self) -> str:
        return arrowhead_sizes.head_path(self.before, self.tip, self.width)
