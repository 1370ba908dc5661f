"""The scale of the batch, and the positions of its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import ceil

from ....size_expressions import maximum, minimum, where
from ...array_names import our_naming
from ...drawing import Drawing
from ...layouts import layout_of
from ...scene import Scene
from ...shape_labels import lettering, shape_line
from ...text_lines import count, wrapped
from ...text_metrics import LEADING
from .columns import Columns
from .products import Products, products_of
from .scaled_arrays import Scale, framed_row
from .sizes_by_format import CLOSER, FORMATS, SQUARES, Format
from .titles import Titles


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
    """The scale, the positions of the rows, and the ``columns``."""

    def __init__(self, scene: Scene, format: Format) -> None:
        program, sizes = scene.program, scene.sizes
        self.format, self.order = format, scene.order
        self.type, self.unit = self.format.type, self.format.type.unit
        letters = lettering(scene.labels, scene.notation, self.type.shapes, self.type.words, narrow=True)
        self.d = Drawing(program, sizes, letters, scene.naming or our_naming(program), scene.t)
        self.output = program.cell.output
        self.states = sorted(program.cell.states, key=layout_of(program).rows.__getitem__)  # from the top one down
        sample = framed_row(sizes["batch_size"], scene.sample)
        self.is_hidden = scene.labels == "hidden"
        self.scale, self.products = self._scaled(sample)
        self.columns = Columns(self.d, self.format, self.order, self.scale, [*self.states, self.output])
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

    # the rows

    def _down(self) -> None:
        """Heights do not depend on sizes, so that the picture does not move while these change."""
        unit, type, deep = self.unit, self.type, self.format.state[1]
        across = self._written(["x", self.output], self.columns.beside)
        if self.format.height:
            across = where(self.columns.joined_width <= self.columns.beside, LEADING * type.shapes, across)
        self.output_bottom = 5 * unit + 1.2 * type.symbols + deep
        self.cell_top = self.output_bottom + maximum(24 * unit, across + 9 * unit)
        row = self._written(self.states, self.columns.room) + 6 * unit + deep + 5 * unit
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
