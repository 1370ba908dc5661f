"""Wires turned round: from a picture of the way there to one of the way back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from math import dist

from app.diagram.shapes import Box, Ellipse, Funnel, Point, Shape
from app.diagram.wires import Wire

Body = Box | Ellipse | Funnel

REACH = 3.0
"""How far from the border of what made a tensor its wire begins, at most."""


def turned(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Each wire of a picture from where it ended to where it began: with a head where that is at what made its tensor,
    and none where it only went on or branched from another wire."""
    shapes = list(shapes)
    bodies = [(s, *_bounds(s)) for s in shapes if isinstance(s, Body)]
    wires = [s for s in shapes if isinstance(s, Wire)]
    for shape in shapes:
        if isinstance(shape, Wire):
            head = _begins_at_its_maker(shape, bodies, wires)
            yield replace(shape, points=shape.points[::-1], head=head)
        else:
            yield shape


def _begins_at_its_maker(
    wire: Wire, bodies: Iterable[tuple[Body, float, float, float, float]], wires: Iterable[Wire]
) -> bool:
    """Whether it begins at an operation, a circle or a slab, or at a cell's border and goes away from it; where other
    vectors end, that go on side by side as this one; or at nothing, where a vector comes into the picture."""
    (x, y), second = start, _ = wire.points[:2]
    if len(wire.points) == 2 and dist(start, second) < wire.head_length + 4:
        return False  # from slab to slab there is no room
    near = [body for body in bodies if _is_at_border(x, y, *body[1:])]
    if any(body.role != "cell" for body, *_ in near):
        return True
    if near:
        _, left, top, right, bottom = near[0]
        return not (left <= second[0] <= right and top <= second[1] <= bottom)
    others = [other for other in wires if other is not wire and other.t == wire.t and other.points[0] != start]
    touching = [other for other in others if _runs_through(other, start)]
    if touching:
        return all(other.tensor != wire.tensor and dist(other.points[-1], start) <= REACH for other in touching)
    return not any(other.tensor == wire.tensor and _goes_on(other.points[-1], start, second) for other in others)


def _bounds(body: Body) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    match body:
        case Ellipse():
            return body.x - body.rx, body.y - body.ry, body.x + body.rx, body.y + body.ry
        case Funnel():
            return body.x - body.width / 2, body.y, body.x + body.width / 2, body.y + body.height
    return body.x, body.y, body.x + body.width, body.y + body.height


def _is_at_border(x: float, y: float, left: float, top: float, right: float, bottom: float) -> bool:
    """From the outside or from the inside."""
    if not (left - REACH <= x <= right + REACH and top - REACH <= y <= bottom + REACH):
        return False
    return min(abs(x - left), abs(x - right), abs(y - top), abs(y - bottom)) <= REACH


def _runs_through(wire: Wire, point: Point) -> bool:
    """Whether a point lies in the stroke of a wire, whose pieces are upright or level."""
    (x, y), half, end = point, wire.width / 2, 0.1
    for (a, b), (c, d) in pairwise(wire.points):
        along, across = (end, half) if b == d else (half, end)
        if min(a, c) - along <= x <= max(a, c) + along and min(b, d) - across <= y <= max(b, d) + across:
            return True
    return False


def _goes_on(end: Point, start: Point, second: Point) -> bool:
    """Whether what begins at ``start`` towards ``second`` is the straight continuation of what ends at ``end``, behind
    a gap."""
    along, across = (0, 1) if start[1] == second[1] else (1, 0)
    forwards = (second[along] > start[along]) == (start[along] > end[along])
    return abs(end[across] - start[across]) < 0.1 and forwards
