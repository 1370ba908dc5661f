"""A drawing whose wires are bundles: every vector as its numbers, side by side, some drawn and the rest counted.

Layouts do not depend on bundles: they only use the thickness of a wire, which for a bundle is that of all its strands
together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import NamedTuple

from ....size_expressions import minimum
from ...drawing import CROSS, PINK, PLUS, SIGN, Drawing, Strand, Written
from ...elements import Box, Ellipse, Label, Mark, Point, Shape, Text
from ...graph import Node, Operation, Port
from ...layouts.routes import pieces
from ...names_as_letters import letters
from ...text_lines import count
from ...text_metrics import LEADING
from ...wires import ELBOW, Wire, beside
from .drawn_components import Component, parts_of, read_whole, shown

WIDTH = 1.6
"""The thickness of a strand."""

LEAST_ROOM = 3.6
"""The room that a label needs beside a bundle, in sizes of its type: for a × and four digits."""


class Bundle(NamedTuple):
    """The way of a vector, or of a part of one."""

    tensor: str
    strand: int
    source: Port
    target: Port
    via: tuple[Point, ...]
    head: bool
    radius: float
    also: tuple[str, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        return (self.source.x, self.source.y), *self.via, (self.target.x, self.target.y)


@dataclass(eq=False)
class StrandDrawing(Drawing):
    """``unit`` is the followed unit, ``poked`` a vector and the index of its changed number.

    ``slots`` are the largest numbers of strands, of a vector of the cell and of x; ``pitch`` is the distance between
    two strands, ``tallest`` the height that no layer exceeds.

    Bundles and operations are collected, and drawn by ``finish``, because the end of a strand depends on all bundles
    that meet at its operation (``_signs``). ``known`` caches the drawn numbers of each strand.
    """

    unit: int | None = None
    poked: tuple[str, int] | None = None
    slots: tuple[int, int] = (6, 4)
    pitch: float = 4.4
    width: float = WIDTH
    is_labelled: bool = True
    tallest: float = inf
    bundles: list[Bundle] = field(default_factory=list)
    crossings: dict[Node, Operation] = field(default_factory=dict)
    signs: dict[Node, tuple[int, int]] = field(default_factory=dict)
    known: dict[tuple[str, int], list[Component]] = field(default_factory=dict)

    @cached_property
    def read(self) -> frozenset[str]:
        return read_whole(self.program)

    @cached_property
    def followed(self) -> int | None:
        """The unit whose numbers are always drawn: the followed one, or the one of a changed number."""
        if self.unit is None and self.poked and self.is_of_units(self.poked[0]):
            return self.poked[1]
        return self.unit

    def source(self, tensor: str, strand: int) -> str:
        """The tensor whose numbers a part of a wire carries."""
        parts = parts_of(self.tensor(tensor))
        return parts[strand] if len(parts) == len(self.axes(tensor)[-1].terms) else tensor

    def is_of_units(self, tensor: str, strand: int = 0) -> bool:
        """Whether number k belongs to unit k of this cell. That is false for x and for a projected state."""
        terms = self.axes(tensor)[-1].terms
        first = sum(times for times, _ in terms[:strand])
        return terms[strand][0] == 1 and self.program.of_units(self.tensor(tensor))[first]

    def count(self, tensor: str, strand: int = 0) -> int:
        n, name = self.axes(tensor)[-1].terms[strand]
        return n * self.sizes[name]

    def components(self, tensor: str, strand: int = 0) -> list[Component]:
        """The numbers that are drawn."""
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
        """The distance of a strand to the right of the middle of the bundle, seen in its direction."""
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
        source: Port,
        target: Port,
        via: Sequence[Point] = (),
        *,
        head: bool | None = None,
        radius: float = ELBOW,
        strand: int = 0,
        also: tuple[str, ...] = (),
    ) -> None:
        """A bundle of strands."""
        self.tensor(tensor)
        is_headed = target.is_end if head is None else head
        self.bundles.append(Bundle(tensor, strand, source, target, tuple(via), is_headed, radius, also))

    def label(
        self, tensor: str, x: float, y: float, side: str, room: float, anchor: str = "middle", tall: float = inf
    ) -> Label | None:
        """A label beside the bundle, if the picture has room for it."""
        thick = self.thickness(tensor)
        room -= 1.3 * thick
        if not self.is_labelled or room < LEAST_ROOM * self.lettering.size:
            return None
        lettering = self.lettering
        if self._fitted(self.axes(tensor), lettering.wires, lettering.size, room)[1] < lettering.least:
            return None
        nearer = {"above": 0.25 * thick, "below": -0.25 * thick}.get(side, 0.0)  # there is no arrow head
        return super().label(tensor, x, y + nearer, side, room, anchor, tall)

    def _weights(self, tensor: str, width: float) -> Written:
        lines, size = super()._weights(tensor, width)
        return lines, minimum(size, (self.tallest - SIGN[1]) / (LEADING * count(lines)))

    def small_layer(self, tensor: str, x: float, bottom: float) -> Operation:
        """The box of a vector of weights; without labels it has the letter of the vector instead of its shape."""
        if self.is_labelled:
            return super().small_layer(tensor, x, bottom)
        return self.small_layer_of(tensor, x, bottom, 24)

    def drawn_small_layer(self, o: Operation) -> Iterator[Shape]:
        """The box, with the letter of the vector if the picture has no labels."""
        if self.is_labelled:
            yield from super().drawn_small_layer(o)
            return
        tensor = o.node.tensor
        vector = self.tensor(self.tensor(tensor).inputs[1])
        letter, sub = letters(vector.symbol)
        yield Box("layer", o.left, o.top, o.width, o.height, 3, tensor=tensor, also=(vector.id,), t=self.t, node=o.node)
        size = min(13.0, self.lettering.small)
        yield Text(o.x, o.bottom - 13, letter, size, font="serif", italic=True, sub=sub, node=o.node)

    def drawn_pointwise(self, o: Operation) -> Iterator[Shape]:
        """A pink operation: one × or + for each number, any other sign for the whole bundle."""
        if self.tensor(o.node.tensor).operation.is_mark:
            self.crossings[o.node] = o
        else:
            yield from super().drawn_pointwise(o)

    def is_faint(self, tensor: str, index: int, is_read: bool, strand: int = 0) -> bool:
        """Whether a number belongs to another unit than the followed one, which does not read it either."""
        return self.unit not in (None, index) and self.is_of_units(tensor, strand) and not is_read

    def finish(self) -> None:
        """Add the strands, behind all shapes except the green rectangle, which is the first one, and the operations."""
        self.signs.update((node, signs) for node, ends in self._ends_by_node().items() if (signs := _signs(ends)))
        parts = [part for bundle in self.bundles for part in self._forked(bundle)]
        self.shapes[1:1] = [wire for part in parts for wire in self._wires(part)]
        for crossing in self.crossings.values():
            for shape in self._operation(crossing):
                self.add(shape)

    # strands

    def _crossing(self, port: Port) -> Operation | None:
        """The × or + at which a bundle begins or ends."""
        return None if port.on_wire else self.crossings.get(port.node)

    def _forked(self, bundle: Bundle) -> Iterator[Bundle]:
        """A bundle to an operation, cut where the last branch to a layer leaves it.

        Up to there every unit reads the whole vector, so that no strand is faint; after it each unit reads only its own
        number.
        """
        (x, y), (end, level), *_ = bundle.points
        if bundle.tensor in self.read and self._crossing(bundle.target) and y == level:
            others = (b for b in self.bundles if b.tensor == bundle.tensor and not self._crossing(b.target))
            branches = (b.source for b in others if b.source.on_wire)
            if forks := [at.x for at in branches if at.y == y and x < at.x < end]:
                fork = max(forks), y
                yield bundle._replace(target=bundle.target.on(*fork), via=(), head=False)
                bundle = bundle._replace(source=bundle.source.on(*fork))
        yield bundle

    def _wires(self, bundle: Bundle) -> Iterator[Wire]:
        """The strands of a bundle, in pieces with one elbow each."""
        tensor, strand, points = bundle.tensor, bundle.strand, bundle.points
        axis = self.axes(tensor)[-1].terms[strand][1]
        first, last = self._crossing(bundle.source), self._crossing(bundle.target)
        of_units, is_read = self.is_of_units(tensor, strand), tensor in self.read and not last
        for index, slot in self.components(tensor, strand):
            offset = self.offset(slot, tensor, strand)
            way = beside(points, offset)
            way[0] = self._end(first, points[1], way[0], offset)
            way[-1] = self._end(last, points[-2], way[-1], offset)
            faint = self.is_faint(tensor, index, is_read, strand)
            for n, (piece, bend, is_last) in enumerate(pieces(way, bundle.radius, offset)):
                begins_on_wire = bundle.source.on_wire or n > 0
                yield Wire.between(
                    Port(bundle.source.node, *piece[0], begins_on_wire),
                    Port(bundle.target.node, *piece[-1]),
                    axis,
                    self.width,
                    piece[1:-1],
                    radius=bend,
                    head=bundle.head and is_last and not last,
                    tensor=tensor,
                    also=bundle.also,
                    t=self.t,
                    unit=index if of_units else None,
                    faint=faint,
                )

    def _end(self, crossing: Operation | None, other: Point, at: Point, offset: float) -> Point:
        """The point where a strand from or to ``other`` meets the operation of its number; ``at`` if there is none."""
        if not crossing or crossing.node not in self.signs:
            return at
        across, down = self.signs[crossing.node]
        x, y, away = crossing.x + across * offset, crossing.y + down * offset, self.radius
        if abs(crossing.x - other[0]) > abs(crossing.y - other[1]):
            return x + (away if other[0] > crossing.x else -away), y
        return x, y + (away if other[1] > crossing.y else -away)

    # operations

    @cached_property
    def radius(self) -> float:
        """The radius of the operation of one number. On a diagonal, neighbours are farther apart than their strands."""
        return min(6.0, 0.7 * self.pitch)

    def _ends_by_node(self) -> dict[Node, list[tuple[Point, Point]]]:
        """For each operation the first or last pieces of the bundles that begin or end there."""
        found: dict[Node, list[tuple[Point, Point]]] = {}
        for bundle in self.bundles:
            points = bundle.points
            for port, piece in ((bundle.source, points[:2]), (bundle.target, points[-2:])):
                if self._crossing(port):
                    found.setdefault(port.node, []).append((piece[0], piece[1]))
        return found

    def _operation(self, crossing: Operation) -> Iterator[Shape]:
        """A small circle for each number, or one box for all if strands cannot meet one by one."""
        node, tensor, x, y = crossing.node, crossing.node.tensor, crossing.x, crossing.y
        sign = self.tensor(tensor).operation.sign
        if node not in self.signs:
            yield Box("pointwise", crossing.left, crossing.top, PINK, PINK, 7, tensor=tensor, t=self.t, node=node)
            yield Mark(sign, x, y, PLUS if sign == "+" else CROSS, node=node)
            return
        across, down = self.signs[node]
        of_units, radius, half = self.is_of_units(tensor), self.radius, 0.6 * self.radius
        for index, slot in self.components(tensor):
            offset = self.offset(slot, tensor)
            faint = self.is_faint(tensor, index, is_read=False)
            at = x + across * offset, y + down * offset
            unit = index if of_units else None
            yield Ellipse("pointwise", *at, radius, radius, tensor=tensor, t=self.t, unit=unit, faint=faint, node=node)
            yield Mark(sign, *at, half if sign == "+" else 0.8 * half, faint=faint, node=node)


def _signs(pieces: list[tuple[Point, Point]]) -> tuple[int, int] | None:
    """The direction in which the numbers of an operation follow one another: (1 or -1 to the right, 1 or -1 down).

    Each number has a small operation of its own, on a diagonal, so that strands from the side and from above or below
    both reach it in a straight line. A horizontal bundle orders its strands down or up, depending on its direction, a
    vertical one to the right or left. None if only horizontal or only vertical bundles meet, or if two disagree: then
    the operation is drawn as one box for all numbers.
    """
    across: set[int] = set()
    down: set[int] = set()
    for (ax, ay), (bx, by) in pieces:
        if ay == by:
            down.add(1 if bx > ax else -1)
        else:
            across.add(1 if by < ay else -1)
    return (across.pop(), down.pop()) if len(across) == len(down) == 1 else None
