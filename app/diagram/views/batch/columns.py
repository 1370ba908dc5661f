"""The columns of the batch: how many have room, which steps they are, and where they are. Columns are time steps."""

from collections.abc import Sequence
from functools import cached_property
from math import ceil, floor

from ....size_expressions import fixed, maximum, minimum
from ...drawing import Drawing
from ...folded_steps import Slot, SmallStep, StepOrder, after, before
from ...shape_labels import axis_spans, joined, number, shape_line
from ...text_metrics import line_width
from ...text_spans import Line, ShapeSpan
from ...theme import axis_role
from .scaled_arrays import Scale
from .sizes_by_format import Format

EDGE = 4.0
"""The distance of words from the edges of the picture."""

BESIDE = 24
"""The distance between two columns that no label beside a wire takes, in units."""

FEWEST = 3
"""Columns for which there is always room."""


class Columns:
    """The ``slots`` are columns in the order in which the cell computes the steps, from the right if it computes the
    last one first. ``k`` counts that order, ``t`` the time, which runs to the right. ``drawn`` are the states from the
    top one down, and the output."""

    def __init__(self, d: Drawing, format: Format, order: StepOrder, scale: Scale, drawn: Sequence[str]) -> None:
        self.d, self.format, self.order, self.scale = d, format, order, scale
        *states, self.output = drawn
        self.last, self.type, unit = order.last, format.type, format.type.unit
        f, narrow = format, format.is_narrow
        self.before, self.behind = (8.0, 8.0) if narrow else (52 * unit, 32 * unit)
        """The room for the names of the first and of the last states, which are above them in a narrow picture."""
        room = f.width - self.before - self.behind
        most = (room - FEWEST * f.cell) / (FEWEST + 1) - f.arrow
        shapes = [shape_line(self.d.axes(s), self.d.sizes, w) for s in states for w in self.d.lettering.wires]
        widest = maximum(*(self.scale.extent(self.d.axes(state))[0] for state in states))
        needed = maximum(*(line_width(line, self.type.shapes) for line in shapes))
        if f.height:
            needed = maximum(needed, self.joined_width + BESIDE * unit - f.arrow - f.cell)
        self.room = maximum(widest, minimum(most, needed))
        """The room for the shape of a state above its array."""
        self.gap = maximum(self.room + f.arrow, self.scale.extent(self.d.axes("x"))[0] + 12 * unit - f.cell)
        self.pitch = self.gap + f.cell
        self.beside = self.pitch - BESIDE * unit
        """The room for the shapes of x and of the output beside their wires."""
        columns = minimum(floor((room - self.gap) / self.pitch), self._most_beside_directions())
        self.slots = self._slots(self.order(self.d.t), fixed(minimum(maximum(FEWEST, columns), self.last + 1)))
        self.left = self._left(len(self.slots))

    @cached_property
    def joined_width(self) -> float:
        """The largest width of the shape of x and of the output in one line."""
        writers = self.d.lettering.wires
        lines = [[shape_line(self.d.axes(id), self.d.sizes, w) for w in writers] for id in ("x", self.output)]
        return maximum(*(line_width(joined(some), self.type.shapes) for some in lines))

    def _left(self, columns: int) -> float:
        """The left edge of the first gap."""
        across = self.before + self.gap + columns * self.pitch + self.behind
        return (self.format.width - across) / 2 + self.before

    def _most_beside_directions(self) -> int:
        """The largest number of columns beside whose first one the names of the axes fit, in type of four fifths of the
        usual size."""
        needed = maximum(
            *(
                0.8 * line_width(self.direction(id, place, sign), self.type.shapes) + self.aside(id)
                for id in (self.output, "x")
                for place, sign in ((0, "↓"), (-1, "→"))
            )
        )
        first = self._left(0) + self.gap + self.format.cell / 2  # each column moves the first one by half of a pitch
        return ceil((first - EDGE - needed) / (self.pitch / 2)) - 1

    def aside(self, tensor: str) -> float:
        """The distance of words beside an array, or beside the dots of a fold, from the middle of its column."""
        return maximum(self.scale.extent(self.d.axes(tensor))[0] / 2, 18 * self.type.unit) + 10 * self.type.unit

    def direction(self, tensor: str, place: int, sign: str) -> Line:
        """The name of an axis and its size, with the direction in which it runs."""
        axis, notation = self.d.axes(tensor)[place], self.d.lettering.notation
        name = axis.names[0]
        written = notation.letter(name, self.d.sizes) if self.format.letters else notation.name(name)
        size = axis_spans(axis, self.d.sizes, number)
        role = axis_role(name, self.d.sizes)
        return (ShapeSpan(f"{written} ", role), *size, *([ShapeSpan(f" {sign}", role)] if sign else []))

    def _slots(self, k: int, columns: int) -> tuple[Slot, ...]:
        """As many slots as fit around the k-th step."""
        others = columns - 1
        behind = fixed(minimum(self.last - k, others - minimum(k, others // 2)))
        ahead = before(k, others - behind)
        self.here = len(ahead)
        """The index of the slot of the focused step."""
        return (*ahead, SmallStep(k), *after(k, self.last + 1, behind))

    def middle(self, n: int) -> float:
        """The middle of the cell of the n-th slot."""
        n = len(self.slots) - 1 - n if self.order.is_reversed else n
        return self.left + self.gap + n * self.pitch + self.format.cell / 2

    def gap_middle(self, n: int) -> float:
        """The middle of the gap before the n-th slot, or after the last one."""
        n = len(self.slots) - n if self.order.is_reversed else n
        return self.left + n * self.pitch + self.gap / 2
