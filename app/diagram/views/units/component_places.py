"""A vector beside the cell, component by component: each has a place with its index, and a strand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ....size_expressions import maximum, minimum
from ....translations.numbers import grouped, with_minus
from ...elements import Border, Box, Label, Point, Shape, Text
from ...graph import Node, Port
from ...shape_labels import shape_line
from ...text_lines import stacked, wrapped
from ...text_metrics import ITALIC, mono_width
from ...theme import AREAS
from ...type_sizes import SUBSCRIPT
from ...wires import Wire
from .drawn_components import Component
from .strands_in_cell import StrandDrawing

HEIGHT, SIZE, PITCH = 18.0, 12.0, 21.0
"""The height of the place of a number, the size of its index, and the distance to the next one in a stack."""

NARROWEST, BETWEEN = 20.0, 3.0
"""The smallest width of a place, and the distance between places in a row."""

NAME = 16.0
"""The size of the letter of a vector."""

AROUND = 1.5
"""The distance from the place of a changed number to its border."""

EDGE = 7.0
"""The distance of a row from the edges of the picture."""


class NumberPlace(NamedTuple):
    """The place of one number, by its middle."""

    component: Component
    x: float
    y: float
    width: float

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Numbers:
    """The numbers of a tensor at the step of a drawing."""

    d: StrandDrawing
    tensor: str

    @cached_property
    def components(self) -> list[Component]:
        return self.d.components(self.tensor)

    @cached_property
    def axis(self) -> str:
        return self.d.strands(self.tensor)[0].axis

    @cached_property
    def is_of_units(self) -> bool:
        return self.d.is_of_units(self.tensor)

    @property
    def hidden(self) -> str:
        """The count of the numbers that are not drawn, as text."""
        more = self.d.count(self.tensor) - len(self.components)
        return grouped(more, "+,") if more else ""

    @property
    def height(self) -> float:
        """The height of a stack, from the middle of the first number to that of the last."""
        return PITCH * self.components[-1].slot

    def stack(self, right: float, top: float) -> list[NumberPlace]:
        """Places from the top down, in the order of strands that go to the right."""
        width = self._width()
        return [NumberPlace(c, right - width / 2, top + PITCH * c.slot, width) for c in self.components]

    def row(self, x: float, y: float, room: float) -> list[NumberPlace]:
        """Places from left to right, in the order of strands that go up: around x, in a picture ``room`` wide."""
        width = self._width()
        gap = maximum(width, _width(self.hidden) + 6) + BETWEEN if self.hidden else 0.0
        total = (width + BETWEEN) * len(self.components) - BETWEEN + gap
        left = maximum(EDGE, minimum(x - total / 2, room - total - EDGE)) + width / 2
        return [
            NumberPlace(c, left + n * (width + BETWEEN) + (gap if c.slot > n else 0), y, width)
            for n, c in enumerate(self.components)
        ]

    def drawn(self, places: list[NumberPlace], also: tuple[str, ...] = ()) -> Iterator[Shape]:
        """The places, each with its index, a border around a changed number, and the count of the hidden ones."""
        d, tensor = self.d, self.tensor
        role = AREAS[self.axis]
        for place in places:
            unit, faint = self._look(place.component)
            size = place.width, HEIGHT, HEIGHT / 2
            yield Box(
                role,
                place.left,
                place.y - HEIGHT / 2,
                *size,
                tensor=tensor,
                also=also,
                t=d.t,
                unit=unit,
                number=place.component.number,
                faint=faint,
                node=self.node,
            )
            yield Text(place.x, place.y, str(place.component.number), SIZE, font="mono", faint=faint, node=self.node)
            if d.poked == (tensor, place.component.number):
                left, top = place.left - AROUND, place.y - HEIGHT / 2 - AROUND
                size = place.width + 2 * AROUND, HEIGHT + 2 * AROUND, HEIGHT / 2 + AROUND
                yield Border(left, top, *size, node=self.node)
        if self.hidden:
            before, after = places[-2:]
            x, anchor = (before.right, "end") if before.x == after.x else ((before.x + after.x) / 2, "middle")
            yield Text(x, (before.y + after.y) / 2, self.hidden, SIZE, "muted", anchor=anchor, font="mono")

    @cached_property
    def node(self) -> Node:
        return Node("vector", self.tensor, self.d.t)

    def strand(self, component: Component, source: Node, target: Node, *way: Point, head: bool = False) -> Wire:
        """The strand of one number, outside the cell."""
        d, (unit, faint) = self.d, self._look(component)
        start, *via, end = way
        return Wire.between(
            Port(source, *start),
            Port(target, *end),
            self.axis,
            d.width,
            via,
            radius=8.0,
            head=head,
            tensor=self.tensor,
            t=d.t,
            unit=unit,
            faint=faint,
        )

    def offset(self, component: Component) -> float:
        """The distance of the strand of a number to the right of the middle of the bundle, seen in its direction."""
        return self.d.offset(component.slot, self.tensor)

    def label(self, x: float, y: float, anchor: str, room: float = 120.0) -> Label:
        """The shape of the whole tensor."""
        d = self.d
        size, writers = d.lettering.size, d.lettering.wires
        lines = stacked(wrapped(shape_line(d.axes(self.tensor), d.sizes, write), size, room) for write in writers)
        return Label(x, y, lines, size, anchor, tensor=self.tensor, t=d.t)

    def _look(self, component: Component) -> tuple[int | None, bool]:
        """The unit of a number, if it has one, and whether it is faint."""
        d, tensor, number = self.d, self.tensor, component.number
        return number if self.is_of_units else None, d.is_faint(tensor, number, is_read=tensor in d.read)

    def _width(self) -> float:
        """The width of a place, with room for every index that is drawn."""
        return maximum(NARROWEST, *(_width(str(c.number)) + 9 for c in self.components))


def name(letter: str, t: int, x: float, y: float, anchor: str, node: Node) -> Text:
    """A letter with its step as subscript, anchored at its middle, because painters differ in widths."""
    half = name_width(t) / 2
    middle = x + {"start": half, "middle": 0.0, "end": -half}[anchor]
    return Text(middle, y, letter, NAME, font="serif", italic=True, sub=with_minus(t), node=node)


def name_width(t: int) -> float:
    return NAME * ITALIC + mono_width(str(t), SUBSCRIPT * NAME)


def _width(text: str) -> float:
    return mono_width(text, SIZE)
