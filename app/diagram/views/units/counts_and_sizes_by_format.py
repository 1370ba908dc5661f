"""How the units are laid out in each format of the picture."""

from dataclasses import dataclass, replace
from math import inf

from ...layouts.layout import CellLayout
from .component_places import HEIGHT


@dataclass(frozen=True)
class Format:
    """How the picture is laid out, in pixels. The room ``left``, ``right``, ``above`` and ``below`` the cell is for the
    vectors beside it. ``slots`` are the largest numbers of strands, of a vector of the cell and of x, ``pitch`` is the
    distance between two.

    A ``narrow`` picture has shapes in its layers only, which are wider than usual. No layer is higher than the
    ``tallest``: if it has many lines, they are smaller. A picture that is as wide as the ``screen`` is drawn smaller,
    and then enlarged; all cells are equally large in it.
    """

    cell_width: float
    cell_height: float
    left: float
    right: float
    above: float
    below: float = 51.0
    slots: tuple[int, int] = (6, 4)
    pitch: float = 4.8
    narrow: bool = False
    screen: float = 0.0
    tallest: float = inf

    @property
    def width(self) -> float:
        return self.left + self.cell_width + self.right

    @property
    def height(self) -> float:
        return self.above + self.cell_height + self.below

    @property
    def scale(self) -> float:
        """How many times the drawing is enlarged."""
        return self.screen / self.width if self.screen else 1.0

    def stretched(self, layout: CellLayout, taller: float) -> "Format":
        """The format with room for a layout. ``taller`` is for labels of several lines."""
        if self.screen:
            return self
        wider, higher = layout.stretch
        higher = max(1.0, higher if self.narrow else higher / HIGH)
        width, height = max(1.0, wider / WIDE) * self.cell_width, taller * higher * self.cell_height
        below = self.below + 2 * HEIGHT * (taller - 1)
        return replace(self, cell_width=width, cell_height=height, below=below)


PAGE = Format(cell_width=662, cell_height=345, left=104, right=60, above=56)

NARROW = Format(312, 305, left=68, right=12, above=76, slots=(4, 3), pitch=5.0, narrow=True)

FORMATS = {
    "narrow": NARROW,
    "page": PAGE,
    "wide": PAGE,
    "hall": replace(PAGE, above=55, cell_height=382, screen=1384.0, tallest=90.4),
    "half": NARROW,
}

IN_TWO_LINES = Format(760, 443, left=134, right=60, above=56, below=64, screen=1384.0)
"""On a screen, with labels of names and numbers."""

WIDE, HIGH = 1.2, 1.16
"""How many times wider and higher than that of the LSTM a cell may be, to have room in the page without stretching."""
