"""A layout: a function that draws the inside of a cell, and the positions of its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..drawing import Drawing

Shares = Mapping[str, float]
"""Positions by name, as shares of the green rectangle."""


@dataclass(frozen=True)
class CellBox:
    """The green rectangle of one whole cell, and the positions of its parts in it. The letters of gates are left of
    their layers, or inside."""

    x: float
    y: float
    width: float
    height: float
    columns: Shares
    rows: Shares
    layer_width: float
    letters_inside: bool = False

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
    top, and ``entry``, left of which there is room for a label above the wire of an entering state; ``entry h`` is that
    of a single state. It has a row for
    each state: the height at which it enters at the left and leaves at the right. ``layer`` is the width of a yellow
    layer. ``stretch`` makes the rectangle of a cell with many parts wider and higher; ``further`` does so in single
    formats. ``on_screen`` are the positions on a screen, ``in_two_lines`` those where labels have two lines on it,
    ``on_half`` those on half of it.
    ``beside`` is more room beside the cell than a page has, for the shapes of states with many axes and for long names;
    ``outside`` is more room for these names at the edges of the picture. ``behind`` is how far outlines behind the cell
    reach beyond it, above and at the right.
    A picture that is less enlarged for a screen than ``least_scale`` has the sizes of type of the page.
    """

    inside: Callable[[Drawing, CellBox], None]
    columns: Shares
    rows: Shares
    layer: float = 0.135
    stretch: tuple[float, float] = (1.0, 1.0)
    further: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    letters_inside: bool = False
    least_scale: float = 1.0
    beside: float = 0.0
    outside: float = 0.0
    behind: float = 0.0
    on_screen: "CellLayout | None" = None
    in_two_lines: "CellLayout | None" = None
    on_half: "CellLayout | None" = None

    def box_at(
        self, x: float, y: float, width: float, height: float, entry: float = 0.0, layers: float = 1.0
    ) -> CellBox:
        """The rectangle with its parts, its yellow layers ``layers`` times as wide as usual. Its column ``entry`` is at
        least that far from its left edge: if the layout has less room there, its columns are closer together and the
        letters of gates are inside their layers."""
        columns, before = self.columns, self.columns["entry"]
        is_closer = entry > before * width
        if is_closer:
            last = columns["output"]
            share = (last - entry / width) / (last - before)
            columns = {name: last - share * (last - at) if at >= before else at for name, at in columns.items()}
        inside = is_closer or self.letters_inside
        return CellBox(x, y, width, height, columns, self.rows, layers * self.layer * width, inside)
