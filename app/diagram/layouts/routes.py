"""Routes of tensors in a cell: branches to users, strands side by side, and a gap where one passes under another."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..drawing import Drawing
from ..elements import Point
from ..graph import Port
from ..wires import ELBOW, UNDERPASS, beside


class Route(NamedTuple):
    """The way of a tensor from port to port, in horizontal and vertical pieces."""

    tensor: str
    source: Port
    target: Port
    via: tuple[Point, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        return (self.source.x, self.source.y), *self.via, (self.target.x, self.target.y)


Way = tuple[tuple[Point, ...], Port]
"""The way of a tensor from its column to where it is read: points, and the port at its end."""


def branches(tensor: str, source: Port, corner: tuple[Point, ...], ways: Sequence[Way]) -> Iterator[Route]:
    """The routes of a tensor along its column to all its users. ``corner``: where it turns into its column.

    The route that leaves the column last is drawn first, all the way. Every other one begins on it: at its elbow, or,
    if a route to the same side already leaves there, in their lane.
    """
    x, begin = corner[-1] if corner else (source.x, source.y)
    begun: dict[float, list[bool]] = {}  # the sides to which routes leave, by height

    def away(way: Way) -> tuple[float, float]:
        turn, end = _turn_and_end(way)
        return abs(turn - begin), abs(end - x)

    for via, target in sorted(ways, key=away, reverse=True):
        turn, end = _turn_and_end((via, target))
        sign = 1 if turn > begin else -1
        to_right = end > x
        if not begun:
            start, whole = source, (*corner, *via)
        elif not any(right == to_right for right in begun.get(turn, [])):  # a set would compare hashes
            start, whole = source.on(x, turn - sign * ELBOW), via
        else:
            start, whole = source.on(end - ELBOW if to_right else end + ELBOW, turn), via[1:]
        begun.setdefault(turn, []).append(to_right)
        if len(whole) > 1 and whole[0] == (x, turn) and abs(end - x) < 0.5:
            whole = ()  # straight up
        yield Route(tensor, start, target, whole)


def _turn_and_end(way: Way) -> tuple[float, float]:
    """The height at which a way leaves its column, and how far to the side it leads."""
    via, target = way
    return via[0][1] if via else target.y, via[1][0] if len(via) > 1 else target.x


def draw_routes(d: Drawing, routes: Sequence[Route], together: Collection[frozenset[str]] = frozenset()) -> None:
    """Draw each route as its strands. Vertical pieces pass under the horizontal ones of other tensors, but where they
    leave the side of one with which they run ``together``."""
    half = {tensor: d.breadth(tensor) / 2 + UNDERPASS for tensor in dict.fromkeys(r.tensor for r in routes)}
    across = [
        (min(a[0], b[0]), max(a[0], b[0]), a[1], half[r.tensor], r.tensor)
        for r in routes
        for a, b in pairwise(r.points)
        if a[1] == b[1]
    ]
    for route in routes:
        beside_it = {tensor for pair in together if route.tensor in pair for tensor in pair}
        pieces = list(_pieces(route, across, beside_it))
        for n, piece in enumerate(pieces):
            for strand, offset in enumerate([0.0] if d.is_matrix(route.tensor) else _offsets(d, route.tensor)):
                start, *via, end = beside(piece, offset)
                source = route.source.on(*start) if n else route.source.moved(*start)
                target = route.target.moved(*end) if n == len(pieces) - 1 else route.target.on(*end)
                d.wire(route.tensor, source, target, via, strand=strand)


def _pieces(
    route: Route, gaps: Sequence[tuple[float, float, float, float, str]], beside_it: Collection[str]
) -> Iterator[tuple[Point, ...]]:
    """A way, cut where it passes through a gap of another tensor: (left, right, height, half of it, tensor)."""
    points, own = route.points, route.tensor
    piece = [points[0]]
    for (x, y), (end_x, end_y) in pairwise(points):
        if x == end_x:
            sign = 1 if end_y > y else -1
            low, high = (y, end_y) if sign > 0 else (end_y, y)
            crossed = sorted(
                [
                    (sign * at, half)
                    for left, right, at, half, tensor in gaps
                    if left < x < right
                    and low < at < high
                    and tensor != own
                    and not (tensor in beside_it and min(at - low, high - at) < 2 * half)
                ],
            )
            for at, half in _merged(crossed):
                yield (*piece, (x, sign * (at - half)))
                piece = [(x, sign * (at + half))]
        piece.append((end_x, end_y))
    yield tuple(piece)


def _merged(gaps: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Gaps along a line, by middle and half; two that nearly touch are joined."""
    merged: list[tuple[float, float]] = []
    for middle, half in gaps:
        start, end = middle - half, middle + half
        if merged and start < merged[-1][0] + merged[-1][1] + UNDERPASS:
            last, half = merged.pop()
            start, end = last - half, max(end, last + half)
        merged.append(((start + end) / 2, (end - start) / 2))
    return merged


def _offsets(d: Drawing, tensor: str) -> Iterator[float]:
    """The distance of each strand to the right of the middle of the bundle, seen in the direction of the way."""
    at = -d.breadth(tensor) / 2
    for strand in d.strands(tensor):
        yield at + strand.thickness / 2
        at += strand.thickness


def pieces(way: Sequence[Point], radius: float, offset: float) -> Iterator[tuple[tuple[Point, ...], float, bool]]:
    """The pieces of a way between its elbows, each with a radius such that all strands bend around one centre, and
    whether it is the last piece."""
    start = way[0]
    for n in range(1, len(way) - 1):
        (ax, ay), (x, y), (bx, by) = way[n - 1 : n + 2]
        is_last = n == len(way) - 2
        end = (bx, by) if is_last else ((x + bx) / 2, (y + by) / 2)
        turn = 1 if (x - ax) * (by - y) - (y - ay) * (bx - x) > 0 else -1
        yield (start, (x, y), end), max(1.0, radius - turn * offset), is_last
        start = end
    if len(way) == 2:
        yield tuple(way), radius, True
