"""What can be drawn: frozen shapes that name tensors and roles, without a colour and without a painter.

Units are pixels at scale 1, x to the right, y down.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from math import hypot
from typing import NamedTuple

from app.diagram.theme import ADVANCE

Point = tuple[float, float]

ELBOW = 13.0
"""The radius of a wire's elbow: a wire that branches from another begins so far before the place where it turns."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """``tensor`` is what the shape stands for at step ``t``; ``also`` names further tensors that it shows. Where it
    stands for one sequence of the batch, for one unit or for one number of its tensor, it says which. What is ``faint``
    is there, but not meant.
    """

    tensor: str = ""
    also: tuple[str, ...] = ()
    t: int | None = None
    sample: int | None = None
    unit: int | None = None
    number: int | None = None
    faint: bool = False


@dataclass(frozen=True)
class Box(Shape):
    """A rectangle with rounded corners, by its top left corner."""

    role: str
    x: float
    y: float
    width: float
    height: float
    radius: float

    @cached_property
    def path(self) -> str:
        x0, y0, x1, y1, r = self.x, self.y, self.x + self.width, self.y + self.height, self.radius
        return (
            f"M{_xy(x0 + r, y0)}L{_xy(x1 - r, y0)}Q{_xy(x1, y0, x1, y0 + r)}L{_xy(x1, y1 - r)}"
            f"Q{_xy(x1, y1, x1 - r, y1)}L{_xy(x0 + r, y1)}Q{_xy(x0, y1, x0, y1 - r)}L{_xy(x0, y0 + r)}"
            f"Q{_xy(x0, y0, x0 + r, y0)}Z"
        )


@dataclass(frozen=True)
class Sheet(Box):
    """A rectangle behind another one of its size, which stands ``dx`` to the left of it and ``dy`` lower: of what is
    behind, an upper and a right edge are seen. No two of a stack cover each other, so every painter shows it alike."""

    dx: float
    dy: float

    @cached_property
    def path(self) -> str:
        x0, y0, x1, y1 = self.x, self.y, self.x + self.width, self.y + self.height
        inner_x, inner_y = x1 - self.dx, y0 + self.dy
        corners = (x0, y0), (x1, y0), (x1, y1), (inner_x, y1), (inner_x, inner_y), (x0, inner_y)
        return f"M{'L'.join(_xy(*corner) for corner in corners)}Z"


@dataclass(frozen=True)
class Funnel(Shape):
    """A box that is narrower or wider below, by the middle of its upper edge, where it is ``width`` wide."""

    role: str
    x: float
    y: float
    width: float
    height: float
    below: float

    @cached_property
    def path(self) -> str:
        x, y, above, beneath, end = self.x, self.y, self.width / 2, self.below / 2, self.y + self.height
        corners = (x - above, y), (x + above, y), (x + beneath, end), (x - beneath, end)
        return f"M{'L'.join(_xy(*corner) for corner in corners)}Z"


@dataclass(frozen=True)
class Ellipse(Shape):
    """By its centre."""

    role: str
    x: float
    y: float
    rx: float
    ry: float

    @cached_property
    def path(self) -> str:
        x, y, rx, ry = self.x, self.y, self.rx, self.ry
        kx, ky = 0.5523 * rx, 0.5523 * ry  # four Bézier arcs make an ellipse to 0.03 %
        return (
            f"M{_xy(x + rx, y)}C{_xy(x + rx, y + ky, x + kx, y + ry, x, y + ry)}"
            f"C{_xy(x - kx, y + ry, x - rx, y + ky, x - rx, y)}C{_xy(x - rx, y - ky, x - kx, y - ry, x, y - ry)}"
            f"C{_xy(x + kx, y - ry, x + rx, y - ky, x + rx, y)}Z"
        )


@dataclass(frozen=True)
class Wire(Shape):
    """A line through ``points`` with rounded elbows, as thick as the vector that it carries; ``axis`` colours it.

    With a ``head`` it ends in an arrow whose tip is the last point. ``times``: how many of the axis it carries.
    """

    axis: str
    width: float
    points: tuple[Point, ...]
    radius: float = ELBOW
    head: bool = True
    times: int = 1

    @property
    def kind(self) -> str:
        """What all wires of one colour and thickness are called: ``num_units``, ``num_units x2``."""
        return self.axis if self.times == 1 else f"{self.axis} x{self.times}"

    @cached_property
    def _course(self) -> tuple[Point, ...]:
        """The points, without those that repeat the one before: between two such points there is no direction."""
        course = tuple(point for point, _ in groupby(self.points))
        return course if len(course) > 1 else course * 2

    @cached_property
    def path(self) -> str:
        points = self._course
        if self.head:
            points = (*points[:-1], _towards(points[-1], points[-2], self.head_length - 1))
        parts, last = [f"M{_xy(*points[0])}"], len(points) - 1
        for n in range(1, last):
            # An elbow shares a piece with the next one, but has the first and the last piece for itself.
            enters = _towards(points[n], points[n - 1], self.radius, most=1.0 if n == 1 else 0.5)
            leaves = _towards(points[n], points[n + 1], self.radius, most=1.0 if n == last - 1 else 0.5)
            parts.append(f"L{_xy(*enters)}Q{_xy(*points[n], *leaves)}")
        return "".join(parts) + f"L{_xy(*points[-1])}"

    @property
    def head_length(self) -> float:
        return 7.5 + 0.7 * self.width

    def head_path(self) -> str:
        """The arrow head as a closed triangle; of a wire that is a single point, that point."""
        tip, before = self._course[-1], self._course[-2]
        base_x, base_y = _towards(tip, before, self.head_length)
        length = hypot(tip[0] - before[0], tip[1] - before[1]) or 1
        half = 2.2 + 0.75 * self.width
        nx, ny = (tip[1] - before[1]) / length * half, (before[0] - tip[0]) / length * half
        return f"M{_xy(*tip)}L{_xy(base_x + nx, base_y + ny)}L{_xy(base_x - nx, base_y - ny)}Z"


@dataclass(frozen=True)
class Polyline(Shape):
    """A line straight from point to point, in the colour of a role: dashed, where ``dash`` has strokes and gaps."""

    role: str
    points: tuple[Point, ...]
    width: float
    dash: tuple[int, ...] = ()

    @cached_property
    def path(self) -> str:
        return f"M{'L'.join(_xy(*point) for point in self.points)}"


@dataclass(frozen=True)
class Frame(Shape):
    """A dash-dotted border around something that matters."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 8

    @cached_property
    def path(self) -> str:
        return Box("", self.x, self.y, self.width, self.height, self.radius).path


@dataclass(frozen=True)
class Spot(Shape):
    """A rectangle that can be pointed at, on what is drawn by other shapes."""

    x: float
    y: float
    width: float
    height: float

    @cached_property
    def path(self) -> str:
        x, y, end = self.x, self.y, self.x + self.width
        return f"M{_xy(x, y)}L{_xy(end, y)}V{y + self.height:.1f}H{x:.1f}Z"


@dataclass(frozen=True)
class Mark(Shape):
    """The sign of a pointwise operation, × or +, as two strokes."""

    sign: str
    x: float
    y: float
    half: float

    @cached_property
    def path(self) -> str:
        x, y, d = self.x, self.y, self.half
        if self.sign == "+":
            return f"M{_xy(x - d, y)}L{_xy(x + d, y)}M{_xy(x, y - d)}L{_xy(x, y + d)}"
        return f"M{_xy(x - d, y - d)}L{_xy(x + d, y + d)}M{_xy(x - d, y + d)}L{_xy(x + d, y - d)}"


class Run(NamedTuple):
    """A piece of a label: its text and the axis (or "muted") whose colour it has."""

    text: str
    role: str


Line = tuple[Run, ...]

TIMES = Run("×", "muted")


def line_width(line: Line, size: float) -> float:
    return sum(advance for _, advance in _advances(line, size))


@lru_cache(4096)
def _advances(line: Line, size: float) -> tuple[tuple[float, float], ...]:
    """For each run the white space before it and how far it carries on, in pixels; a × stands apart."""
    out = []
    for n, run in enumerate(line):
        before, behind = ((0.45, 0.45) if n else (0, 0.2)) if run == TIMES else (0, 0)
        out.append((before * ADVANCE * size, (before + len(run.text) + behind) * ADVANCE * size))
    return tuple(out)


@dataclass(frozen=True)
class Label(Shape):
    """A shape, read digit by digit. ``anchor`` says which end of its lines stands at x: their start, middle or end; y
    is the middle of the block of lines."""

    x: float
    y: float
    lines: tuple[Line, ...]
    size: float
    anchor: str = "middle"

    def placed(self) -> list[tuple[float, float, Run]]:
        """Each run with the centre of its place."""
        return self._placed

    @cached_property
    def _placed(self) -> list[tuple[float, float, Run]]:
        out = []
        top = self.y - LEADING * self.size * (len(self.lines) - 1) / 2
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        for n, line in enumerate(self.lines):
            x = self.x - share * line_width(line, self.size)
            for run, (before, advance) in zip(line, _advances(line, self.size), strict=True):
                out.append((x + before + self._half(run), top + n * LEADING * self.size, run))
                x += advance
        return out

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of what is inked."""
        placed = self.placed()
        half = 0.4 * self.size
        return (
            min(x - self._half(run) for x, _, run in placed),
            min(y for _, y, _ in placed) - half,
            max(x + self._half(run) for x, _, run in placed),
            max(y for _, y, _ in placed) + half,
        )

    def through(self) -> str:
        """A stroke along each of its lines, as with a text marker."""
        ends: dict[float, list[float]] = {}
        for x, y, run in self.placed():
            ends.setdefault(y, []).extend((x - self._half(run), x + self._half(run)))
        return "".join(f"M{_xy(min(xs) - 3, y)}L{_xy(max(xs) + 3, y)}" for y, xs in ends.items())

    def _half(self, run: Run) -> float:
        return ADVANCE * self.size * len(run.text) / 2


LEADING = 1.2
"""From one line of a label to the next, in sizes of its type."""


@dataclass(frozen=True)
class Text(Shape):
    """Words or a mathematical sign. ``sub`` is written as a subscript behind it; ``angle`` turns it anticlockwise."""

    x: float
    y: float
    text: str
    size: float
    role: str = "ink"
    font: str = "sans"
    anchor: str = "middle"
    italic: bool = False
    sub: str = ""
    angle: int = 0


def mirrored(shape: Shape, width: float) -> Shape:
    """The shape in a picture of that width whose left is right. Words stay to be read from left to right."""
    match shape:
        case Sheet():
            raise TypeError("a stack of sheets has its depth to the right")
        case Wire() | Polyline():
            return replace(shape, points=tuple((width - x, y) for x, y in shape.points))
        case Box() | Frame():
            return replace(shape, x=width - shape.x - shape.width)
        case Label() | Text():
            anchor = {"start": "end", "middle": "middle", "end": "start"}[shape.anchor]
            return replace(shape, x=width - shape.x, anchor=anchor)
        case Ellipse() | Funnel() | Mark():
            return replace(shape, x=width - shape.x)
    raise TypeError(f"{type(shape).__name__} cannot be mirrored")


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str


def _towards(start: Point, end: Point, distance: float, most: float = 0.5) -> Point:
    """The point that lies ``distance`` from start on the way to end, at most a share of that way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = min(most, distance / (hypot(dx, dy) or 1))
    return start[0] + share * dx, start[1] + share * dy


def _xy(*values: float) -> str:
    return _WRITTEN[len(values)] % values


_WRITTEN = {n: ",".join(["%.1f"] * n) for n in (2, 4, 6)}
"""One to three points of a path, to a tenth of a pixel."""
