"""The scale of the batch, and the positions of its columns and rows. Columns are time steps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import ceil, floor

from ....size_expressions import fixed, maximum, minimum, where
from ...array_names import our_naming
from ...drawing import Drawing
from ...folded_steps import Slot, SmallStep, after, before
from ...layouts import layout_of
from ...scene import Scene
from ...shape_labels import axis_spans, joined, lettering, number, shape_line
from ...text_lines import count, wrapped
from ...text_metrics import LEADING, line_width
from ...text_spans import Line, ShapeSpan
from ...theme import axis_role
from .products import Products, products_of
from .scaled_arrays import Scale, framed_row
from .sizes_by_format import CLOSER, FORMATS, SQUARES, Format
from .titles import Titles

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
        products, vectors = products_of(self.d.program)
        arrays = [id for p in products for id in (p.source, p.weights, p.bias) if id]
        is_reversed, is_low, width = self.order.is_reversed, self.format.height > 0, self.format.width
        titles = Titles(self.d, [*arrays, *vectors], self.type, width, is_reversed, is_low)

        def scaled(pixels: float) -> Products:
            return Products(titles, Scale(pixels, self.d, sample, not self.is_hidden), width, products, vectors)

        def fits(pixels: float) -> bool:
            drawn = scaled(pixels)
            return maximum(drawn.height - height, *self._excess(drawn.scale)) <= 0

        squares = [square for square in SQUARES if square <= self.format.square]
        height = maximum(self.format.products, scaled(squares[-1]).height + 0.6 * self.format.kernel[1])
        found = scaled(first_that(fits, squares))
        return found.scale, found

    def _excess(self, scale: Scale) -> Iterator[float]:
        """How much wider and higher arrays are than their room."""
        for id in self.states:
            width, height = scale.extent(self.d.axes(id))
            yield width - self.format.state[0]
            yield height - self.format.state[1]
        yield scale.extent(self.d.axes("x"))[0] - self.format.input
        for weights in self.d.program.weights:
            width, height = scale.extent(weights.axes)
            yield width - self.format.kernel[0]
            yield height - self.format.kernel[1]

    # the columns

    def _across(self) -> None:
        f, narrow = self.format, self.format.is_narrow
        self.before, self.behind = (8.0, 8.0) if narrow else (52 * self.unit, 32 * self.unit)
        """The room for the names of the first and of the last states, which are above them in a narrow picture."""
        room = f.width - self.before - self.behind
        most = (room - FEWEST * f.cell) / (FEWEST + 1) - f.arrow
        shapes = [shape_line(self.d.axes(s), self.d.sizes, w) for s in self.states for w in self.d.lettering.wires]
        widest = maximum(*(self.extent(state)[0] for state in self.states))
        needed = maximum(*(line_width(line, self.type.shapes) for line in shapes))
        if f.height:
            needed = maximum(needed, self._joined_width() + BESIDE * self.unit - f.arrow - f.cell)
        self.room = maximum(widest, minimum(most, needed))
        """The room for the shape of a state above its array."""
        self.gap = maximum(self.room + f.arrow, self.extent("x")[0] + 12 * self.unit - f.cell)
        self.pitch = self.gap + f.cell
        self.beside = self.pitch - BESIDE * self.unit
        """The room for the shapes of x and of the output beside their wires."""
        columns = minimum(floor((room - self.gap) / self.pitch), self._most_beside_directions())
        self.slots = self._slots(self.order(self.d.t), fixed(minimum(maximum(FEWEST, columns), self.last + 1)))
        self.left = self._left(len(self.slots))

    def _joined_width(self) -> float:
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
        return maximum(self.extent(tensor)[0] / 2, 18 * self.unit) + 10 * self.unit

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

    # the rows

    def _down(self) -> None:
        """Heights do not depend on sizes, so that the picture does not move while these change."""
        unit, type, deep = self.unit, self.type, self.format.state[1]
        across = self._written(["x", self.output], self.beside)
        if self.format.height:
            across = where(self._joined_width() <= self.beside, LEADING * type.shapes, across)
        self.output_bottom = 5 * unit + 1.2 * type.symbols + deep
        self.cell_top = self.output_bottom + maximum(24 * unit, across + 9 * unit)
        row = self._written(self.states, self.room) + 6 * unit + deep + 5 * unit
        self.cell_height = maximum(11.3 * type.words, len(self.states) * row + 10 * unit)
        if self.format.height:
            below = (
                maximum(26 * unit, across + 10 * unit) + deep + 1.45 * type.symbols + self.products.height + 6 * unit
            )
            free = self.format.height - self.cell_top - below
            self.cell_height = maximum(len(self.states) * row + 10 * unit, minimum(self.cell_height, free))
        first = self.cell_top + (self.cell_height - len(self.states) * row) / 2 + row - 5 * unit
        self.rows = {state: first + n * row - deep / 2 for n, state in enumerate(self.states)}
        """The middle of each state."""
        self.cell_bottom = self.cell_top + self.cell_height
        self.input_top = self.cell_bottom + maximum(26 * unit, across + 10 * unit)
        self.name = self.input_top + deep + 0.75 * type.symbols
        self.line = self.name + 0.7 * type.symbols
        self.height = ceil(self.line + maximum(self.format.products, self.products.height + 6 * unit))

    def _written(self, tensors: list[str], room: float) -> float:
        """The height of the highest label of tensors, in lines that fit the room."""
        writers, size = self.d.lettering.wires, self.type.shapes
        lines = [
            sum(count(wrapped(shape_line(self.d.axes(id), self.d.sizes, write), size, room)) for write in writers)
            for id in tensors
        ]
        return LEADING * size * maximum(*lines)


def first_that(fits: Callable[[float], bool], numbers: Sequence[float]) -> float:
    """The first of some numbers that fits, if all after it do as well; or the last one."""
    while len(numbers) > 1:
        half = len(numbers) // 2
        is_early = fits(numbers[half - 1])
        pairs = zip_longest(numbers[:half], numbers[half:], fillvalue=numbers[-1])
        numbers = [where(is_early, early, late) for early, late in pairs]
    return numbers[0]
