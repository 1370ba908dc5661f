"""A layout: a function that draws the inside of a cell, and the positions of its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..drawing import Drawing

Shares = Mapping[str, float]
"""Positions by name, as shares of the green rectangle."""


@dataclass(frozen=True)
class CellBox:
    """The green rectangle of one whole cell, and the positions of its parts in it."""

    x: float
    y: float
    width: float
    height: float
    columns: Shares
    rows: Shares
    layer_width: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def column(self, name: str) -> float:
        return self.x + self.columns[name] * self.width

    def row(self, name: str) -> float:
        return self.y + self.rows[name] * self.height


@dataclass(frozen=True)
class CellLayout:
    """A function that draws the inside of a cell, and the positions of its parts.

    Every layout has the columns ``x`` and ``output``, where the input enters at the bottom and the output leaves at the
    top, and ``entry``, left of which there is room for a label above the wire of an entering state. It has a row for
    each state: the height at which it enters at the left and leaves at the right. ``layer`` is the width of a yellow
    layer. ``stretch`` makes the rectangle of a cell with many parts wider and higher.
    """

    inside: Callable[[Drawing, CellBox], None]
    columns: Shares
    rows: Shares
    layer: float = 0.135
    stretch: tuple[float, float] = (1.0, 1.0)

    def box_at(self, x: float, y: float, width: float, height: float) -> CellBox:
        return CellBox(x, y, width, height, self.columns, self.rows, self.layer * width)
