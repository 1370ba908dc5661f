"""The positions of the three rows of the batch: output, the cell over time, input. Columns are time steps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from ...array_names import our_naming
from ...drawing import Drawing
from ...folding import Slot, SmallStep, after, before
from ...layouts import layout_of
from ...scene import Scene
from ...shape_labels import Lettering, lettering, shape_line, wrapped
from ...shapes import Box, Label
from ...text_metrics import LEADING
from ...theme import AREAS
from ...type_sizes import BATCH
from ..io_margin import margin_of
from .sheets import MOST, Depth, drawn_samples


@dataclass(frozen=True)
class Format:
    """How a picture is laid out, in pixels. At most ``steps`` steps have a column; ``cell`` and ``gap`` are the widths
    if all of them are used, and ``width`` does not depend on that. The weights are in the ``gutter`` at the left, or
    below if it is ``narrow``. The arrays of the run are below the picture in ``columns``, or at its right if that is 0.
    ``dx`` and ``dy`` are the distance from one sheet to the next."""

    steps: int
    cell: float
    gap: float
    gutter: float
    edge: float
    columns: int
    dx: float
    dy: float
    narrow: bool = False

    @property
    def width(self) -> float:
        return self.gutter + self.steps * self.cell + (self.steps + 1) * self.gap + self.edge


PAGE = Format(steps=7, cell=44, gap=55, gutter=146, edge=44, columns=4, dx=6, dy=6)

FORMATS = {
    "narrow": Format(steps=5, cell=32, gap=43, gutter=16, edge=6, columns=2, dx=4, dy=5, narrow=True),
    "page": PAGE,
    "wide": replace(PAGE, columns=0),
    "hall": replace(PAGE, columns=0, steps=9),
}

WIDEST = 1.5  # the largest factor by which columns are widened if there are few
TOP = 56.0  # the words above the output
HIGHEST = 64.0  # of a sheet
LOWEST = 224.0  # of a cell, so that its words fit


@dataclass(frozen=True)
class WeightBox:
    """The box of a weight: the label with its shape, at (0, 0), and its height."""

    tensor: str
    label: Label
    height: float


class BatchColumns:
    """All positions. The ``slots`` are columns in the order in which the cell computes the steps, from the right if it
    computes the last one first. ``k`` counts that order, ``t`` the time, which runs to the right.
    """

    def __init__(self, scene: Scene) -> None:
        program, sizes = scene.program, scene.sizes
        self.format, self.order, self.last = FORMATS[scene.format], scene.order, scene.order.last
        letters = lettering(scene.labels, scene.notation, BATCH.beside, BATCH.inside, self.format.narrow)
        self.d = Drawing(program, sizes, letters, scene.naming or our_naming(program), scene.t)
        self.letters: Lettering = lettering(scene.labels, scene.notation, BATCH.beside, BATCH.inside, narrow=True)
        self.depth = Depth(
            self.format.dx, self.format.dy, drawn_samples(sizes["batch_size"], scene.sample), scene.sample
        )
        self.slots = self._slots(self.order(scene.t))
        self.output = program.cell.output
        self.states = sorted(program.cell.states, key=layout_of(program).rows.__getitem__)  # from the top one down
        self.weight_boxes = list(self._weight_boxes())
        self._across()
        self._down(scene.labels)

    def _slots(self, k: int) -> tuple[Slot, ...]:
        """As many slots as fit around the k-th step."""
        others = self.format.steps - 1
        behind = min(self.last - k, others - min(k, others // 2))
        return (*before(k, min(k, others - behind)), SmallStep(k), *after(k, self.last + 1, behind))

    def _weight_boxes(self) -> Iterator[WeightBox]:
        """A box for each weight."""
        for weight in self.d.program.weights:
            whole = [shape_line(weight.axes, self.d.sizes, write) for write in self.d.lettering.boxes]
            lines = tuple(line for one in whole for line in wrapped(one, BATCH.inside, self.weight_box_width - 38))
            label = Label(0, 0, lines, BATCH.inside, "start")
            yield WeightBox(weight.id, label, 9 + LEADING * BATCH.inside * len(lines))

    @property
    def weight_box_width(self) -> float:
        return self.format.width / 2 - 14 if self.format.narrow else self.format.gutter - 14

    def _across(self) -> None:
        f, n = self.format, len(self.slots)
        room = f.width - f.gutter - f.edge
        wider = min(WIDEST, room / (n * f.cell + (n + 1) * f.gap))
        self.cell, self.gap = wider * f.cell, wider * f.gap
        self.pitch = self.cell + self.gap
        self.left = f.gutter + (room - n * self.pitch - self.gap) / 2
        self.block = self.pitch - self.depth.across - 12
        self.front = self.left + self.gap + (self.cell - self.block - self.depth.across) / 2
        """The left edge of the front sheets of the first column."""

    def _down(self, labels: str) -> None:
        """Heights do not depend on sizes, so that the picture does not move while these change."""
        f, states = self.format, len(self.states)
        lines = 2 if labels == "both" else 1
        beside = lines if labels == "numbers" or f.narrow else 2 * lines
        between = 30 + beside * LEADING * BATCH.beside  # from row to row
        deepest = HIGHEST + (MOST - 1) * f.dy
        row = 12 + 2 * lines * LEADING * BATCH.beside + deepest + 20
        self.output_bottom = TOP + deepest
        self.cell_top = self.output_bottom + between
        self.cell_height = max(LOWEST, states * row + 10)
        first = self.cell_top + (self.cell_height - states * row) / 2 + row - 20
        self.rows = {state: first + n * row for n, state in enumerate(self.states)}
        """The bottom of the front sheet of each state."""
        self.cell_bottom = self.cell_top + self.cell_height
        self.bus = self.cell_bottom + 14
        self.input_top = self.bus + between
        self.bottom = self.input_top + deepest + 66
        boxes = self.weight_boxes
        below = sum(max(one.height for one in boxes[n : n + 2]) for n in range(0, len(boxes), 2))
        self.weight_boxes_top = self.bottom + 22
        self.bottom = ceil(self.bottom + (26 + below if f.narrow else 0))  # Plotly needs whole pixels
        middle = {state: y - deepest / 2 for state, y in self.rows.items()}
        ends = {f"{state}_T": y for state, y in middle.items()}
        heights = {"Y": self.output_bottom - 30, **middle, **ends, "X": self.input_top + 40}
        self.margin = margin_of(self.d.naming, f.columns, heights, f.width, self.bottom)
        self.width, self.height = f.width + self.margin.beside, self.bottom + self.margin.beneath

    def cell_left(self, n: int) -> float:
        """The left edge of the cell of the n-th slot."""
        return self.left + self.gap + (len(self.slots) - 1 - n if self.order.is_reversed else n) * self.pitch

    def extent(self, tensor: str) -> float:
        """The height of a sheet: it grows with the logarithm of its numbers."""
        return 9 + 5.5 * self.d.thickness(tensor)

    @property
    def input_bottom(self) -> float:
        return self.input_top + self.depth.up + self.extent("x")

    def stack(self, d: Drawing, tensor: str, x: float, bottom: float, width: float, also: tuple[str, ...]) -> Box:
        """Add the sheets of a tensor, with the middle of the stack at x. Returns the one in front."""
        role, height = AREAS.get(d.strands(tensor)[0].axis, "h"), self.extent(tensor)
        left = x - (width + self.depth.across) / 2
        front = Box(role, left, bottom - height, width, height, 0, tensor=tensor, also=also, t=d.t)
        for sheet in self.depth.stack(front):
            d.add(sheet)
        return front
