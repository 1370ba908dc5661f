"""The scale of the batch, and the positions of its columns and rows. Columns are time steps."""

from dataclasses import replace
from math import ceil, floor

from ....expressions import fixed, maximum, minimum
from ...array_names import our_naming
from ...drawing import Drawing
from ...folding import Slot, SmallStep, after, before
from ...layouts import layout_of
from ...scene import Scene
from ...shape_labels import axis_spans, joined, lettering, number, shape_line
from ...text_lines import wrapped
from ...text_metrics import LEADING, line_width
from ...text_spans import Line, ShapeSpan
from .formats import CLOSER, FORMATS, SQUARES, Format
from .products import Products
from .scaled_arrays import Scale, framed_row

EDGE = 4.0
"""The distance of words from the edges of the picture."""

BESIDE = 24
"""The distance between two columns that no label beside a wire takes, in units."""

FEWEST = 3
"""Columns for which there is always room."""


def placement(scene: Scene) -> "Placement":
    """The positions of a scene; on a screen as far apart as its height allows."""
    format = FORMATS[scene.format]
    found = Placement(scene, format)
    for closer, square in CLOSER if format.height else ():
        if found.height <= format.height:
            break
        width, height = format.state
        tighter = replace(
            format, type=replace(format.type, closer=closer), square=square, state=(width, closer * height)
        )
        found = min(found, Placement(scene, tighter), key=lambda p: p.height)
    return found


class Placement:
    """All positions. The ``slots`` are columns in the order in which the cell computes the steps, from the right if it
    computes the last one first. ``k`` counts that order, ``t`` the time, which runs to the right.
    """

    def __init__(self, scene: Scene, format: Format) -> None:
        program, sizes = scene.program, scene.sizes
        self.format, self.order, self.last = format, scene.order, scene.order.last
        self.type, self.unit = self.format.type, self.format.type.unit
        letters = lettering(scene.labels, scene.notation, self.type.shapes, self.type.words, narrow=True)
        self.d = Drawing(program, sizes, letters, scene.naming or our_naming(program), scene.t)
        self.output = program.cell.output
        self.states = sorted(program.cell.states, key=layout_of(program).rows.__getitem__)  # from the top one down
        sample = framed_row(sizes["batch_size"], scene.sample)
        self.is_hidden = scene.labels == "hidden"
        self.scale, self.products = self._scaled(sample)
        self._across()
        self._down()

    def extent(self, tensor: str) -> tuple[float, float]:
        """The width and the height of an array."""
        return self.scale.extent(self.d.axes(tensor))

    # the scale

    def _scaled(self, sample: int) -> tuple[Scale, Products]:
        """The largest scale that fits, and the products in it; or the smallest one."""
        squares = [square for square in SQUARES if square <= self.format.square]
        scales = [Scale(square, self.d, sample, not self.is_hidden) for square in squares]
        height = max(self.format.products, self._products(scales[-1]).height + 0.6 * self.format.kernel[1])
        for scale in scales:
            products = self._products(scale)
            if self._fits(scale) and products.height <= height:
                break
        return scale, products

    def _products(self, scale: Scale) -> Products:
        is_low = self.format.height > 0
        return Products(self.d, scale, self.format.width, self.type, self.order.is_reversed, is_low)

    def _fits(self, scale: Scale) -> bool:
        """Whether no array is too large."""
        (state_width, state_height), (kernel_width, kernel_height) = self.format.state, self.format.kernel
        between = [scale.extent(self.d.axes(id)) for id in self.states]
        weights = [scale.extent(t.axes) for t in self.d.program.weights]
        return (
            maximum(*(width for width, _ in between)) <= state_width
            and maximum(*(height for _, height in between)) <= state_height
            and scale.extent(self.d.axes("x"))[0] <= self.format.input
            and all(width <= kernel_width and height <= kernel_height for width, height in weights)
        )

    # the columns

    def _across(self) -> None:
        f, narrow = self.format, self.format.is_narrow
        self.before, self.behind = (8.0, 8.0) if narrow else (52 * self.unit, 32 * self.unit)
        """The room for the names of the first and of the last states, which are above them in a narrow picture."""
        room = f.width - self.before - self.behind
        most = (room - FEWEST * f.cell) / (FEWEST + 1) - f.arrow
        shapes = [shape_line(self.d.axes(s), self.d.sizes, w) for s in self.states for w in self.d.lettering.wires]
        widest = maximum(*(self.extent(state)[0] for state in self.states))
        needed = max(line_width(line, self.type.shapes) for line in shapes)
        if f.height:
            needed = max(needed, self._joined_width() + BESIDE * self.unit - f.arrow - f.cell)
        self.room = maximum(widest, minimum(most, needed))
        """The room for the shape of a state above its array."""
        self.gap = maximum(self.room + f.arrow, self.extent("x")[0] + 12 * self.unit - f.cell)
        self.pitch = self.gap + f.cell
        self.beside = self.pitch - BESIDE * self.unit
        """The room for the shapes of x and of the output beside their wires."""
        columns = max(FEWEST, fixed(floor((room - self.gap) / self.pitch)))
        while columns > FEWEST and not self._has_room_for_directions(min(columns, self.last + 1)):
            columns -= 1
        self.slots = self._slots(self.order(self.d.t), columns)
        self.left = self._left(len(self.slots))

    def _joined_width(self) -> float:
        """The largest width of the shape of x and of the output in one line."""
        writers = self.d.lettering.wires
        lines = [[shape_line(self.d.axes(id), self.d.sizes, w) for w in writers] for id in ("x", self.output)]
        return max(line_width(joined(some), self.type.shapes) for some in lines)

    def _left(self, columns: int) -> float:
        """The left edge of the first gap."""
        across = self.before + self.gap + columns * self.pitch + self.behind
        return (self.format.width - across) / 2 + self.before

    def _has_room_for_directions(self, columns: int) -> bool:
        """Whether the names of the axes fit beside the first column, in type of four fifths of the usual size."""
        middle = self._left(columns) + self.gap + self.format.cell / 2
        return all(
            0.8 * line_width(self.direction(id, place, sign), self.type.shapes) < middle - self.aside(id) - EDGE
            for id in (self.output, "x")
            for place, sign in ((0, "↓"), (-1, "→"))
        )

    def aside(self, tensor: str) -> float:
        """The distance of words beside an array, or beside the dots of a fold, from the middle of its column."""
        return maximum(self.extent(tensor)[0] / 2, 18 * self.unit) + 10 * self.unit

    def direction(self, tensor: str, place: int, sign: str) -> Line:
        """The name of an axis and its size, with the direction in which it runs."""
        axis, notation = self.d.axes(tensor)[place], self.d.lettering.notation
        name = axis.names[0]
        written = notation.letter(name, self.d.sizes) if self.format.letters else notation.name(name)
        size = axis_spans(axis, self.d.sizes, number)
        return (ShapeSpan(f"{written} ", name), *size, *([ShapeSpan(f" {sign}", name)] if sign else []))

    def _slots(self, k: int, columns: int) -> tuple[Slot, ...]:
        """As many slots as fit around the k-th step."""
        others = columns - 1
        behind = min(self.last - k, others - min(k, others // 2))
        return (*before(k, min(k, others - behind)), SmallStep(k), *after(k, self.last + 1, behind))

    def middle(self, n: int) -> float:
        """The middle of the cell of the n-th slot."""
        n = len(self.slots) - 1 - n if self.order.is_reversed else n
        return self.left + self.gap + n * self.pitch + self.format.cell / 2

    def gap_middle(self, n: int) -> float:
        """The middle of the gap before the n-th slot, or after the last one."""
        n = len(self.slots) - n if self.order.is_reversed else n
        return self.left + n * self.pitch + self.gap / 2

    # the rows

    def _down(self) -> None:
        """Heights do not depend on sizes, so that the picture does not move while these change."""
        unit, type, deep = self.unit, self.type, self.format.state[1]
        across = self._written(["x", self.output], self.beside)
        if self.format.height and self._joined_width() <= self.beside:
            across = LEADING * type.shapes
        self.output_bottom = 5 * unit + 1.2 * type.symbols + deep
        self.cell_top = self.output_bottom + max(24 * unit, across + 9 * unit)
        row = self._written(self.states, self.room) + 6 * unit + deep + 5 * unit
        self.cell_height = max(11.3 * type.words, len(self.states) * row + 10 * unit)
        if self.format.height:
            below = max(26 * unit, across + 10 * unit) + deep + 1.45 * type.symbols + self.products.height + 6 * unit
            free = self.format.height - self.cell_top - below
            self.cell_height = max(len(self.states) * row + 10 * unit, min(self.cell_height, free))
        first = self.cell_top + (self.cell_height - len(self.states) * row) / 2 + row - 5 * unit
        self.rows = {state: first + n * row - deep / 2 for n, state in enumerate(self.states)}
        """The middle of each state."""
        self.cell_bottom = self.cell_top + self.cell_height
        self.input_top = self.cell_bottom + max(26 * unit, across + 10 * unit)
        self.name = self.input_top + deep + 0.75 * type.symbols
        self.line = self.name + 0.7 * type.symbols
        self.height = ceil(self.line + max(self.format.products, self.products.height + 6 * unit))

    def _written(self, tensors: list[str], room: float) -> float:
        """The height of the highest label of tensors, in lines that fit the room."""
        writers, size = self.d.lettering.wires, self.type.shapes
        lines = [
            sum(len(wrapped(shape_line(self.d.axes(id), self.d.sizes, write), size, room)) for write in writers)
            for id in tensors
        ]
        return LEADING * size * max(lines)
