"""The elements of a picture, its shapes: frozen, with tensors and roles instead of colours, independent of painters.

Units are pixels at scale 1, x to the right, y down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from ..size_expressions import fixed, maximum, minimum, written
from .graph import Node
from .text_lines import Lines, placed
from .text_metrics import mono_width, word_width
from .text_spans import IndexSpan, TextSpan

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """``tensor`` at step ``t`` is what the shape stands for; ``also`` names further tensors that it shows. ``sample``,
    ``unit`` and ``number`` are the only sequence of the batch, unit or number of the tensor that it stands for, if
    any. A ``faint`` shape is in the background. ``node`` is the node of the graph that the shape is, or whose sign or
    words it is.
    """

    tensor: str = ""
    also: tuple[str, ...] = ()
    t: int | None = None
    sample: int | None = None
    unit: int | None = None
    number: int | None = None
    faint: bool = False
    node: Node | None = None


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
            f"M{xy(x0 + r, y0)}L{xy(x1 - r, y0)}Q{xy(x1, y0, x1, y0 + r)}L{xy(x1, y1 - r)}"
            f"Q{xy(x1, y1, x1 - r, y1)}L{xy(x0 + r, y1)}Q{xy(x0, y1, x0, y1 - r)}L{xy(x0, y0 + r)}"
            f"Q{xy(x0, y0, x0 + r, y0)}Z"
        )


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
        return f"M{'L'.join(xy(*corner) for corner in corners)}Z"


@dataclass(frozen=True)
class Polygon(Shape):
    """A closed outline with straight sides, by its corners."""

    role: str
    points: tuple[Point, ...]

    @cached_property
    def path(self) -> str:
        return f"{_line_through(self.points)}Z"


@dataclass(frozen=True)
class Ellipse(Shape):
    """An ellipse, by its centre."""

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
            f"M{xy(x + rx, y)}C{xy(x + rx, y + ky, x + kx, y + ry, x, y + ry)}"
            f"C{xy(x - kx, y + ry, x - rx, y + ky, x - rx, y)}C{xy(x - rx, y - ky, x - kx, y - ry, x, y - ry)}"
            f"C{xy(x + kx, y - ry, x + rx, y - ky, x + rx, y)}Z"
        )


@dataclass(frozen=True)
class Squares(Shape):
    """Rectangles of one size that look the same, by their top left corners: pixels of an image, cells of a table."""

    role: str
    corners: tuple[Point, ...]
    width: float
    height: float

    @cached_property
    def path(self) -> str:
        w, h = self.width, self.height
        return "".join(f"M{xy(x, y)}L{xy(x + w, y)}L{xy(x + w, y + h)}L{xy(x, y + h)}Z" for x, y in self.corners)


@dataclass(frozen=True)
class Polyline(Shape):
    """Straight lines from point to point, in the colour of a role; ``dash`` alternates strokes and gaps."""

    role: str
    points: tuple[Point, ...]
    width: float
    dash: tuple[int, ...] = ()

    @cached_property
    def path(self) -> str:
        return _line_through(self.points)


@dataclass(frozen=True)
class ParallelLines(Shape):
    """Lines that divide a rectangle into ``count`` equal strips, ``upright`` or level, as one zigzag line that turns on
    its edges."""

    role: str
    x: float
    y: float
    right: float
    bottom: float
    count: int
    upright: bool
    width: float

    @cached_property
    def path(self) -> str:
        spec = "upright lines" if self.upright else "level lines"
        write = upright_lines if self.upright else level_lines
        return written(spec, write, self.x, self.y, self.right, self.bottom, self.count)


def upright_lines(x: float, y: float, right: float, bottom: float, count: int) -> str:
    """The path of upright lines."""
    return _line_through((across, down) for down, across in _zigzag(y, bottom, x, right, count))


def level_lines(x: float, y: float, right: float, bottom: float, count: int) -> str:
    """The path of level lines."""
    return _line_through(_zigzag(x, right, y, bottom, count))


def _zigzag(near: float, far: float, first: float, last: float, count: int) -> Iterator[Point]:
    """The corners of lines between ``near`` and ``far``, one behind the other from ``first`` to ``last``."""
    for k in range(1, count):
        at = first + (last - first) * k / count
        yield from ((near, at), (far, at)) if k % 2 else ((far, at), (near, at))


def _line_through(points: Iterable[Point]) -> str:
    return f"M{'L'.join(xy(*point) for point in points)}"


@dataclass(frozen=True)
class Border(Shape):
    """A dash-dotted border around something important."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 8

    @cached_property
    def path(self) -> str:
        return Box("", self.x, self.y, self.width, self.height, self.radius).path


@dataclass(frozen=True)
class Outline(Shape):
    """A rectangle with rounded corners that is not filled, in the colour of a role; ``dash`` alternates strokes and
    gaps."""

    role: str
    x: float
    y: float
    width: float
    height: float
    radius: float
    line: float
    dash: tuple[int, ...] = ()

    @cached_property
    def path(self) -> str:
        return Box("", self.x, self.y, self.width, self.height, self.radius).path


@dataclass(frozen=True)
class Head(Shape):
    """The head of an arrow that points upwards, in the colour of a role: its tip, its length, and half of its
    width."""

    role: str
    x: float
    y: float
    length: float
    half: float

    @cached_property
    def path(self) -> str:
        x, y, base = self.x, self.y, self.y + self.length
        return f"M{xy(x, y)}L{xy(x - self.half, base)}L{xy(x + self.half, base)}Z"


@dataclass(frozen=True)
class HitArea(Shape):
    """A rectangle that can be clicked, over other shapes."""

    x: float
    y: float
    width: float
    height: float

    @cached_property
    def path(self) -> str:
        x, y, end = self.x, self.y, self.x + self.width
        return f"M{xy(x, y)}L{xy(end, y)}V{y + self.height:.1f}H{x:.1f}Z"


@dataclass(frozen=True)
class HitStrips(Shape):
    """Rectangles that can be clicked, side by side: one for each of ``count`` sequences or units, but at most ``most``.
    One for several selects that in its middle. ``field`` is sample or unit."""

    field: str
    x: float
    y: float
    width: float
    height: float
    count: int
    most: int
    upright: bool

    def areas(self) -> Iterator[HitArea]:
        """The rectangles."""
        most = fixed(self.most)
        count = self.count if self.count > most else fixed(self.count)
        strips = min(count, most)
        start, whole = (self.x, self.width) if self.upright else (self.y, self.height)
        for first, next in pairwise(k * count // strips for k in range(strips + 1)):
            begin, end = (start + whole * n / count for n in (first, next))
            x, width = (begin, end - begin) if self.upright else (self.x, self.width)
            y, height = (self.y, self.height) if self.upright else (begin, end - begin)
            which = {self.field: (first + next) // 2}
            yield HitArea(x, y, width, height, tensor=self.tensor, also=self.also, t=self.t, **which)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Mark(Shape):
    """A sign, × or +, as two strokes."""

    SIGNS: ClassVar = "×+"

    sign: str
    x: float
    y: float
    half: float

    @cached_property
    def path(self) -> str:
        x, y, d = self.x, self.y, self.half
        if self.sign == "+":
            return f"M{xy(x - d, y)}L{xy(x + d, y)}M{xy(x, y - d)}L{xy(x, y + d)}"
        return f"M{xy(x - d, y - d)}L{xy(x + d, y + d)}M{xy(x - d, y + d)}L{xy(x + d, y - d)}"


@dataclass(frozen=True)
class Label(Shape):
    """The shape of a tensor as text. ``anchor`` says which point of its lines is at x: start, middle or end; y is the
    middle of the block of lines."""

    x: float
    y: float
    lines: Lines
    size: float
    anchor: str = "middle"

    def placed(self) -> list[tuple[float, float, TextSpan]]:
        """Each span with its centre."""
        return self._placed

    @cached_property
    def _placed(self) -> list[tuple[float, float, TextSpan]]:
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return [*placed(self.lines, self.size, self.x, self.y, share)]

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the letters."""
        placed = self.placed()
        half = 0.4 * self.size
        return (
            minimum(*(x - self._half(span) for x, _, span in placed)),
            placed[0][1] - half,
            maximum(*(x + self._half(span) for x, _, span in placed)),
            placed[-1][1] + half,
        )

    def through(self) -> str:
        """The path of a stroke along each of its lines, as with a highlighter."""
        ends: list[float] = []
        for x, y, span in self.placed():
            if isinstance(span, IndexSpan):
                continue
            ends += (x - self._half(span), x + self._half(span), y)
        return written("lines through", lines_through, *ends)

    def _half(self, span: TextSpan) -> float:
        return mono_width(span.text, self.size) / 2


def lines_through(*spans: float) -> str:
    """A line through all spans of each height, a little longer. Each span has a left and a right end, and a height."""
    ends: dict[float, list[float]] = {}
    for left, right, y in zip(*[iter(spans)] * 3, strict=True):
        ends.setdefault(y, []).extend((left, right))
    return "".join(f"M{xy(min(xs) - 3, y)}L{xy(max(xs) + 3, y)}" for y, xs in ends.items())


@dataclass(frozen=True)
class Text(Shape):
    """Words or a sign. ``sub`` is a subscript after it; ``angle`` rotates it anticlockwise, in degrees."""

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

    def through(self) -> str:
        """The path of a stroke along it, as with a highlighter."""
        half = word_width(self.text, self.size, self.sub) / 2
        x = self.x + {"start": half, "middle": 0.0, "end": -half}[self.anchor]
        return f"M{xy(x - half, self.y)}L{xy(x + half, self.y)}"


@dataclass(frozen=True)
class Heading(Text):
    """Words in bold type."""


@dataclass(frozen=True)
class Picture:
    """Shapes from back to front; the title is its text alternative. Edges, marks and the areas around wires are
    ``thicker`` than in a page."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    thicker: float = 1.0


def xy(*values: float) -> str:
    """One to three points of a path, to a tenth of a pixel."""
    try:
        return _WRITTEN[len(values)] % values
    except TypeError:  # some of them are expressions
        return ",".join([f"{value:.1f}" for value in values])


_WRITTEN = {n: ",".join(["%.1f"] * n) for n in (2, 4, 6)}
