"""A drawing whose wires are bundles: every vector as its numbers, side by side, some drawn and the rest counted.

The layouts need not know: what they ask is how thick a wire is, and a bundle is as thick as all of its strands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from app.diagram.drawing import SMALL, Drawing, Strand
from app.diagram.layouts.automatic.routes import beside, pieces
from app.diagram.shapes import Box, Ellipse, Mark, Point, Shape, Text
from app.diagram.views.units.shown_numbers import Component, parts_of, read_whole, shown
from app.diagram.wires import ELBOW, Wire

WIDTH = 1.6
"""How thick a strand is."""

REACH = 15.0
"""How far from the middle of a pink operation a wire ends at most that belongs to it."""

LEAST_ROOM = 3.6
"""What a label needs beside a bundle, in sizes of its type: a × and four digits."""


class Bundle(NamedTuple):
    """A vector on its way, or a part of one."""

    tensor: str
    strand: int
    points: tuple[Point, ...]
    head: bool
    radius: float
    also: tuple[str, ...]


class Crossing(NamedTuple):
    """A × or a +, by its middle."""

    tensor: str
    sign: str
    x: float
    y: float


@dataclass(frozen=True)
class StrandDrawing(Drawing):
    """``unit`` is the one that is followed, ``poked`` a vector and the number of it that was changed.

    ``slots`` says how many numbers of a vector of the cell's own and of x are drawn at most, ``pitch`` how far apart.

    Bundles and operations are kept until ``finish``: only then it is known where a strand meets its operation. Which
    numbers of each strand are drawn is remembered in ``known``.
    """

    unit: int | None = None
    poked: tuple[str, int] | None = None
    slots: tuple[int, int] = (6, 4)
    pitch: float = 4.4
    width: float = WIDTH
    is_labelled: bool = True
    bundles: list[Bundle] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    signs: dict[Crossing, tuple[int, int]] = field(default_factory=dict)
    known: dict[tuple[str, int], list[Component]] = field(default_factory=dict)

    @cached_property
    def read(self) -> frozenset[str]:
        return read_whole(self.program)

    @cached_property
    def followed(self) -> int | None:
        """The unit whose numbers are drawn in any case: that one, or the one of which a number was changed."""
        if self.unit is None and self.poked and self.is_of_units(self.poked[0]):
            return self.poked[1]
        return self.unit

    def source(self, tensor: str, strand: int) -> str:
        """The tensor whose numbers a strand carries."""
        parts = parts_of(self.tensor(tensor))
        return parts[strand] if len(parts) == len(self.axes(tensor)[-1].terms) else tensor

    def is_of_units(self, tensor: str, strand: int = 0) -> bool:
        """Whether number k belongs to unit k of this cell: not that of x, nor that of what is projected."""
        terms = self.axes(tensor)[-1].terms
        first = sum(times for times, _ in terms[:strand])
        return terms[strand][0] == 1 and self.program.of_units(self.tensor(tensor))[first]

    def count(self, tensor: str, strand: int = 0) -> int:
        n, name = self.axes(tensor)[-1].terms[strand]
        return n * self.sizes[name]

    def components(self, tensor: str, strand: int = 0) -> list[Component]:
        """Which numbers are drawn."""
        known = self.known.get((tensor, strand))
        if not known:
            source, chosen = self.source(tensor, strand), None
            if self.is_of_units(tensor, strand):
                chosen = self.followed
            elif self.poked and source == self.poked[0]:
                chosen = self.poked[1]
            slots = self.slots[source == "x"]
            known = self.known[tensor, strand] = shown(self.count(tensor, strand), slots, chosen)
        return known

    def offset(self, slot: int, tensor: str, strand: int = 0) -> float:
        """How far right of the bundle's middle a strand lies, as seen by who goes along."""
        return self.pitch * (slot - self.components(tensor, strand)[-1].slot / 2)

    def strands(self, tensor: str) -> list[Strand]:
        known = self.stranded.get(tensor)
        if not known:
            terms = self.axes(tensor)[-1].terms
            slots = [self.components(tensor, k)[-1].slot + 1 for k in range(len(terms))]
            known = [Strand(name, n, self.pitch * one) for (n, name), one in zip(terms, slots, strict=True)]
            self.stranded[tensor] = known
        return known

    def wire(
        self,
        tensor: str,
        *points: Point,
        head: bool = True,
        radius: float = ELBOW,
        strand: int = 0,
        also: tuple[str, ...] = (),
    ) -> None:
        """A bundle of strands."""
        self.tensor(tensor)
        self.bundles.append(Bundle(tensor, strand, points, head, radius, also))

    def label(self, tensor: str, x: float, y: float, side: str, room: float, anchor: str = "middle") -> None:
        """Beside the bundle, where a picture has room for that."""
        thick = self.thickness(tensor)
        room -= 1.3 * thick
        if self.is_labelled and room >= LEAST_ROOM * self.lettering.size:
            nearer = {"above": 0.25 * thick, "below": -0.25 * thick}.get(side, 0.0)  # there is no arrow head
            super().label(tensor, x, y + nearer, side, room, anchor)

    def small_layer(self, tensor: str, x: float, bottom: float) -> float:
        """Where there is no room for a shape, the letter of the vector."""
        if self.is_labelled:
            return super().small_layer(tensor, x, bottom)
        vector = self.tensor(self.tensor(tensor).inputs[1])
        letter, _, sub = vector.symbol.partition("_")
        self.add(Box("layer", x - SMALL / 2, bottom - 24, SMALL, 24, 3, tensor=tensor, also=(vector.id,), t=self.t))
        self.add(Text(x, bottom - 13, letter, min(13.0, self.lettering.small), font="serif", italic=True, sub=sub))
        return bottom - 24

    def pointwise(self, tensor: str, x: float, y: float) -> float:
        """A pink operation: a × or + for each number by itself, anything else over the whole bundle."""
        sign = self.tensor(tensor).operation.sign
        if sign in "×+":
            self.crossings.append(Crossing(tensor, sign, x, y))
            return 12.0
        return super().pointwise(tensor, x, y)

    def is_faint(self, tensor: str, index: int, is_read: bool, strand: int = 0) -> bool:
        """Whether a number is of another unit than the followed one, and is not read by it either."""
        return self.unit not in (None, index) and self.is_of_units(tensor, strand) and not is_read

    def finish(self) -> None:
        """Lay the strands under all that has been drawn since the frame, which is the first shape, and end them where
        their operations are."""
        self.signs.update((c, signs) for c, last in self._meeting().items() if (signs := _signs(last)))
        parts = [part for bundle in self.bundles for part in self._forked(bundle)]
        self.shapes[1:1] = [wire for part in parts for wire in self._laid(part)]
        for crossing in self.crossings:
            for shape in self._operation(crossing):
                self.add(shape)

    # strands

    def _forked(self, bundle: Bundle) -> Iterator[Bundle]:
        """A bundle that leads to where each number is taken by itself, up to the last place where a way to the whole
        of it leaves, and from there on."""
        tensor, _, ((x, y), (end, level), *_), *_ = bundle
        if tensor in self.read and bundle.points[-1] in self.ends and y == level:
            ways = (b.points for b in self.bundles if b.tensor == tensor and b.points[-1] not in self.ends)
            if forks := [points[0][0] for points in ways if points[0][1] == y and x < points[0][0] < end]:
                yield bundle._replace(points=((x, y), (max(forks), y)), head=False)
                bundle = bundle._replace(points=((max(forks), y), *bundle.points[1:]))
        yield bundle

    def _laid(self, bundle: Bundle) -> Iterator[Wire]:
        """Each strand, in pieces with one elbow each."""
        tensor, strand, points, head, radius, also = bundle
        axis = self.axes(tensor)[-1].terms[strand][1]
        first, last = self.ends.get(points[0]), self.ends.get(points[-1])
        of_units, is_read = self.is_of_units(tensor, strand), tensor in self.read and not last
        for index, slot in self.components(tensor, strand):
            offset = self.offset(slot, tensor, strand)
            way = beside(points, offset)
            way[0] = self._met(first, points[1], way[0], offset)
            way[-1] = self._met(last, points[-2], way[-1], offset)
            faint = self.is_faint(tensor, index, is_read, strand)
            for piece, bend, is_last in pieces(way, radius, offset):
                yield Wire(
                    axis,
                    self.width,
                    piece,
                    bend,
                    head and is_last and not last,
                    tensor=tensor,
                    also=also,
                    t=self.t,
                    unit=index if of_units else None,
                    faint=faint,
                )

    def _met(self, crossing: Crossing | None, other: Point, at: Point, offset: float) -> Point:
        """Where a strand, which comes from or goes to ``other``, meets its own operation; without one, ``at``."""
        if not crossing or crossing not in self.signs:
            return at
        across, down = self.signs[crossing]
        x, y, away = crossing.x + across * offset, crossing.y + down * offset, self.radius
        if abs(crossing.x - other[0]) > abs(crossing.y - other[1]):
            return x + (away if other[0] > crossing.x else -away), y
        return x, y + (away if other[1] > crossing.y else -away)

    # operations

    @property
    def radius(self) -> float:
        """Of the circle of one number's operation: on a diagonal, neighbours are farther apart than their strands."""
        return min(6.0, 0.7 * self.pitch)

    @cached_property
    def ends(self) -> dict[Point, Crossing]:
        """The operation at which a bundle ends."""
        points = {end for bundle in self.bundles for end in (bundle.points[0], bundle.points[-1])}
        return {
            (x, y): crossing
            for x, y in points
            for crossing in reversed(self.crossings)
            if max(abs(crossing.x - x), abs(crossing.y - y)) <= REACH
        }

    def _meeting(self) -> dict[Crossing, list[tuple[Point, Point]]]:
        """The first or last piece of each bundle that ends at an operation."""
        found: dict[Crossing, list[tuple[Point, Point]]] = {}
        for points in (bundle.points for bundle in self.bundles):
            for end, piece in ((points[0], points[:2]), (points[-1], points[-2:])):
                if end in self.ends:
                    found.setdefault(self.ends[end], []).append((piece[0], piece[1]))
        return found

    def _operation(self, crossing: Crossing) -> Iterator[Shape]:
        """A small circle for each number; one box for all where strands cannot meet one by one."""
        tensor, sign, x, y = crossing
        if crossing not in self.signs:
            yield Box("pointwise", x - 12, y - 12, 24, 24, 7, tensor=tensor, t=self.t)
            yield Mark(sign, x, y, 5 if sign == "+" else 4)
            return
        across, down = self.signs[crossing]
        of_units, half = self.is_of_units(tensor), 0.6 * self.radius
        for index, slot in self.components(tensor):
            offset = self.offset(slot, tensor)
            faint = self.is_faint(tensor, index, is_read=False)
            at = x + across * offset, y + down * offset
            unit = index if of_units else None
            yield Ellipse("pointwise", *at, self.radius, self.radius, tensor=tensor, t=self.t, unit=unit, faint=faint)
            yield Mark(sign, *at, half if sign == "+" else 0.8 * half, faint=faint)


def _signs(pieces: list[tuple[Point, Point]]) -> tuple[int, int] | None:
    """On which side of an operation's middle the later numbers are, right or left and below or above, as the wires that
    meet there have them; nothing where no two of them meet at a right angle, or where they differ."""
    across: set[int] = set()
    down: set[int] = set()
    for (ax, ay), (bx, by) in pieces:
        if ay == by:
            down.add(1 if bx > ax else -1)
        else:
            across.add(1 if by < ay else -1)
    return (across.pop(), down.pop()) if len(across) == len(down) == 1 else None
