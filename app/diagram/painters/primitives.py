"""Shape -> areas, fills, strokes and words, in roles of a theme: the primitives that every painter draws.

A new kind of shape is one more row of DRAWN_BY; a new painter is a class with the methods of Painter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from ..elements import (
    Border,
    Box,
    Ellipse,
    Funnel,
    Head,
    Heading,
    HitArea,
    HitStrips,
    Label,
    Mark,
    Outline,
    ParallelLines,
    Picture,
    Polygon,
    Polyline,
    Shape,
    Squares,
    Text,
)
from ..theme import EDGES, FRAME, FRAME_DASH, MARK
from ..wires import Ribbon, SharedHead, Wire

Span = tuple[float, float, tuple[str, str]]
"""The position of a piece of text, x and y, and its text and role."""


class Painter(Protocol):
    """Draws primitives in one format. A path is SVG path data (see ``segments``); lengths are in pixels."""

    def begin_faint(self) -> None:
        """Draw the primitives until ``end_faint`` with the opacity ``theme.FAINT``."""

    def end_faint(self) -> None: ...

    def area(self, role: str, path: str, width: float) -> None:
        """A closed path filled with ``theme.fill`` of the role, and a line of ``theme.edge`` around it."""

    def fill(self, role: str, path: str) -> None:
        """A closed path filled with ``theme.ink`` of the role, without an edge: the head of an arrow."""

    def stroke(
        self,
        kind: str,
        role: str,
        path: str,
        width: float,
        name: str,
        dash: tuple[int, ...] = (),
        round_joins: bool = False,
    ) -> None:
        """A line in ``theme.ink`` of the role. ``dash`` alternates strokes and gaps.

        ``kind`` is wire, band, line, frame or mark; strokes of one kind that look the same share a ``name``. Joins are
        pointed up to MITER_LIMIT, or round.
        """

    def words(
        self,
        kind: str,
        spans: Sequence[Span],
        size: float,
        font: str,
        anchor: str,
        drop: float,
        italic: bool = False,
        sub: str = "",
        angle: int = 0,
    ) -> None:
        """Spans of text, each at its own position (x, y) and in ``theme.ink`` of its role.

        ``anchor`` says which point of a span is at x: start, middle or end. y is the middle of its letters, whose base
        line is ``drop`` sizes lower. ``sub`` follows as a subscript. ``angle`` rotates the words about their position,
        in degrees anticlockwise. ``kind`` is ``label`` for shapes of tensors, which are bold, ``heading`` for other
        bold words, and ``text`` for the rest.
        """


LABEL_DROP, TEXT_DROP = 0.36, 0.35
"""The distance of the base line below the middle of the letters, in sizes of the type."""

MITER_LIMIT = 4
"""A join is pointed if its length is at most this many widths of the line. It is the default of SVG."""


def paint_all(picture: Picture, painter: Painter) -> None:
    """Draw the shapes of a picture, from back to front."""
    for shape in picture.shapes:
        paint(shape, painter, picture.thicker)


def paint(shape: Shape, painter: Painter, thicker: float) -> None:
    """Draw a shape. Edges and marks are ``thicker`` than usual."""
    try:
        draw = DRAWN_BY[type(shape)]
    except KeyError:
        raise TypeError(f"{type(shape).__name__} cannot be painted: DRAWN_BY has no row for it") from None
    if shape.faint:
        painter.begin_faint()
        draw(painter, shape, thicker)
        painter.end_faint()
    else:
        draw(painter, shape, thicker)


def _area(painter: Painter, shape: Box | Ellipse | Funnel | Squares, thicker: float) -> None:
    painter.area(shape.role, shape.path, thicker * EDGES[shape.role])


def _wire(painter: Painter, wire: Wire, thicker: float) -> None:
    painter.stroke("wire", wire.axis, wire.path, wire.width, wire.kind, wire.dash)
    if wire.head:
        painter.fill(wire.axis, wire.head_path())


def _ribbon(painter: Painter, ribbon: Ribbon, thicker: float) -> None:
    painter.stroke("band", "band", ribbon.path, ribbon.width - sum(ribbon.edges) / 2, "band")
    roles = ribbon.axis, ribbon.second
    names = ribbon.kind, ribbon.second if ribbon.second_times == 1 else f"{ribbon.second} x{ribbon.second_times}"
    for role, name, path, width in zip(roles, names, ribbon.edge_paths(), ribbon.edges, strict=True):
        painter.stroke("wire", role, path, width, name)
    if ribbon.head:
        for role, path in zip(roles, ribbon.half_heads(), strict=True):
            painter.fill(role, path)


def _polygon(painter: Painter, polygon: Polygon, thicker: float) -> None:
    painter.area(polygon.role, polygon.path, thicker * EDGES[polygon.role])


def _shared_head(painter: Painter, head: SharedHead, thicker: float) -> None:
    painter.fill(head.axis, head.path)


def _polyline(painter: Painter, line: Polyline, thicker: float) -> None:
    painter.stroke("line", line.role, line.path, line.width, line.role, line.dash, round_joins=True)


def _lines(painter: Painter, lines: ParallelLines, thicker: float) -> None:
    painter.stroke("line", lines.role, lines.path, lines.width, lines.role, round_joins=True)


def _border(painter: Painter, border: Border, thicker: float) -> None:
    painter.stroke("frame", "ink", border.path, thicker * FRAME, "ink", FRAME_DASH)


def _outline(painter: Painter, outline: Outline, thicker: float) -> None:
    painter.stroke("line", outline.role, outline.path, thicker * outline.line, outline.role, outline.dash)


def _head(painter: Painter, head: Head, thicker: float) -> None:
    painter.fill(head.role, head.path)


def _mark(painter: Painter, mark: Mark, thicker: float) -> None:
    painter.stroke("mark", "ink", mark.path, thicker * MARK, "ink")


def _label(painter: Painter, label: Label, thicker: float) -> None:
    painter.words("label", label.placed(), label.size, "mono", "middle", LABEL_DROP)


def _text(painter: Painter, text: Text, thicker: float) -> None:
    spans = ((text.x, text.y, (text.text, text.role)),)
    kind = "heading" if isinstance(text, Heading) else "text"
    painter.words(kind, spans, text.size, text.font, text.anchor, TEXT_DROP, text.italic, text.sub, text.angle)


def _nothing(painter: Painter, area: HitArea | HitStrips, thicker: float) -> None:
    """Draw nothing: a hit area is invisible."""


DRAWN_BY: dict[type[Shape], Callable[[Painter, Any, float], None]] = {
    Box: _area,
    Ellipse: _area,
    Funnel: _area,
    Squares: _area,
    Wire: _wire,
    Ribbon: _ribbon,
    Polygon: _polygon,
    SharedHead: _shared_head,
    Polyline: _polyline,
    Border: _border,
    Outline: _outline,
    Head: _head,
    Mark: _mark,
    Label: _label,
    Text: _text,
    Heading: _text,
    HitArea: _nothing,
    HitStrips: _nothing,
    ParallelLines: _lines,
}


def segments(path: str) -> Iterator[tuple[str, list[str]]]:
    """An outline piece by piece, in absolute coordinates: M and L to a point, C to the last of three points, Z.

    SVG's commands H and V become L, and the one control point of Q becomes the two of C. Numbers are not reformatted.
    """
    x = y = "0"
    for command, numbers in _SEGMENT.findall(path):
        at = numbers.split(",")
        match command:
            case "Z":
                yield "Z", []
                continue
            case "H":
                command, at = "L", [at[0], y]
            case "V":
                command, at = "L", [x, at[0]]
            case "Q":
                command, at = "C", [*_cubic(float(x), float(y), *map(float, at[:4])), *at[2:]]
        yield command, at
        x, y = at[-2:]


def _cubic(x: float, y: float, middle_x: float, middle_y: float, end_x: float, end_y: float) -> list[str]:
    """The two control points of the cubic curve that equals a quadratic one."""
    xs, ys = (x, end_x), (y, end_y)
    return [f"{(one + 2 * middle) / 3:.2f}" for k in (0, 1) for one, middle in ((xs[k], middle_x), (ys[k], middle_y))]


_SEGMENT = re.compile(r"([MLHVQCZ])([^MLHVQCZ]*)")
