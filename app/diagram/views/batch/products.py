"""The products of a step to the scale of the picture: the input, its weights, and what is added."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, log2

from ....core.program import Program
from ....translations.phrases import phrase
from ...drawing import Drawing
from ...elements import Box, Label, Shape, Text
from ...shape_labels import joined, shape_line
from ...text_lines import wrapped
from ...text_metrics import LEADING, line_width, word_width
from ...text_spans import Line
from ...transforms.geometry import scaled
from .formats import TypeSizes
from .scaled_arrays import LINED, Scale

EDGE = 2.0
"""The distance of arrays from the edges of the picture."""

SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")

AFTER_PLUS, AFTER_SYMBOL = 3.0, 6.0
"""The space after the + of a bias, and after its symbol, in units of the type."""


@dataclass(frozen=True)
class Product:
    """A product: its input, its weights and its bias, if it has one."""

    source: str
    weights: str
    bias: str = ""


def products_of(program: Program) -> tuple[list[Product], list[str]]:
    """The products of a step, and the vectors of weights that are in none of them."""
    found = [Product(*t.inputs) for t in program.step if t.operation.kind == "product"]
    used = {id for product in found for id in (product.weights, product.bias)}
    return found, [weight.id for weight in program.weights if weight.id not in used]


class Products:
    """The products of a cell in rows of the width of the picture.

    The bias of a single product is at its right, with the words below it, as long as there is room. Several products
    have their biases below their weights, and the words are below all of them.
    """

    def __init__(
        self, d: Drawing, scale: Scale, width: float, sizes: TypeSizes, is_reversed: bool, is_low: bool
    ) -> None:
        self.d, self.scale, self.width, self.sizes, self.is_reversed = d, scale, width, sizes, is_reversed
        self.letters, self.unit, self.is_low = d.lettering, sizes.unit, is_low
        self.products, self.vectors = products_of(d.program)
        written = [id for product in self.products for id in (product.source, product.weights)] + self.vectors
        lines = max((len(self._shape(id)) for id in written), default=1)
        self.title = LEADING * self.letters.size * lines + 12 * self.unit
        self.gap = 30 * self.unit

    @property
    def height(self) -> float:
        """The height of everything."""
        trial = copy(self)
        trial.d = replace(self.d, shapes=[])
        return trial.draw(0)

    # the titles

    def _symbol(self, tensor: str) -> tuple[str, str]:
        """The symbol of a tensor, and its subscript. Steps are subscripts of their own letters."""
        symbol, step = self.d.tensor(tensor).symbol, -1 if self.is_reversed else 1
        symbol = symbol.replace("ₜ₋₁", str(self.d.t - step).translate(SUBSCRIPTS))
        name, _, sub = symbol.replace("ₜ", str(self.d.t).translate(SUBSCRIPTS)).partition("_")
        return name, sub

    def _shape(self, tensor: str) -> tuple[Line, ...]:
        """The shape of an array, in lines of a third of the width at most; if these are to be few, in longer ones, and
        its names beside its numbers."""
        whole = [shape_line(self.d.axes(tensor), self.d.sizes, write) for write in self.letters.wires]
        room = self.width / 3
        if self.is_low:
            whole, room = [joined(whole)], self.width / 2.4
        return tuple(line for one in whole for line in wrapped(one, self.letters.size, room))

    def _title_width(self, tensor: str) -> float:
        shape = max(line_width(line, self.letters.size) for line in self._shape(tensor))
        return self._symbol_width(tensor) + shape

    def _symbol_width(self, tensor: str) -> float:
        """The room of a symbol before a shape. A single letter may be wide: W."""
        name, sub = self._symbol(tensor)
        wide = word_width(name, self.sizes.symbols) + max(0.0, 0.4 * self.sizes.symbols * (2 - len(name)))
        return wide + word_width("", self.sizes.symbols, sub) + 6 * self.unit

    def _title(self, tensor: str, x: float, y: float) -> None:
        """The symbol of an array and its shape, above it."""
        (name, sub), middle = self._symbol(tensor), y - self.title / 2 - 2 * self.unit
        self.d.add(Text(x, middle, name, self.sizes.symbols, font="serif", anchor="start", italic=True, sub=sub))
        x += self._symbol_width(tensor)
        self.d.add(Label(x, middle, self._shape(tensor), self.letters.size, "start", tensor=tensor, t=self.d.t))

    # the arrays

    def _extent(self, tensor: str) -> tuple[float, float]:
        return self.scale.extent(self.d.axes(tensor))

    def _item_width(self, tensor: str) -> float:
        return max(self._extent(tensor)[0], self._title_width(tensor))

    def draw(self, top: float) -> float:
        """Draw everything below ``top``. Returns the bottom."""
        if len(self.products) == 1:
            (product,) = self.products
            parts = [product.source, product.weights, *filter(None, [product.bias])]
            room = self.width - sum(map(self._item_width, parts[:-1])) - self.gap * (len(parts) - 1) - 2 * EDGE
            needed = [self._item_width(parts[-1]), *(width for _, width in self.words)]
            needed.append(sum(self._item_width(id) + self.gap / 2 for id in self.vectors))
            if product.bias and max(needed) <= room:
                return self._beside(product, top)
        return self._below(top)

    def _beside(self, product: Product, top: float) -> float:
        """One product in one row: input · weights + bias."""
        x, y = EDGE, top + self.title
        self._rows(product.source, x, y)
        x += self._item_width(product.source) + self.gap
        self._sign("·", x - self.gap / 2, y, product.source)
        self._weights(product.weights, x, y)
        x += self._item_width(product.weights) + self.gap
        self._sign("+", x - self.gap / 2, y, product.source)
        self._weights(product.bias, x, y)
        below = y + self._extent(product.bias)[1]
        if self.vectors:
            below, left = below + self.title, x
            for id in self.vectors:
                self._weights(id, left, below)
                left += self._item_width(id) + self.gap / 2
            below += max(self._extent(id)[1] for id in self.vectors)
        below += 6 * self.unit
        for line, _ in self.words:
            below += LEADING * 1.2 * self.sizes.words
            for shape in line:
                self.d.add(scaled(shape, 1, x, below - 0.6 * self.sizes.words))
        return max(below, *(y + self._extent(id)[1] for id in (product.source, product.weights)))

    def _below(self, top: float) -> float:
        """Several products, each with its bias below its weights, in as many rows as are needed."""
        x, y, bottom = EDGE, top + self.title, top
        for product in self.products:
            width = self._item_width(product.source) + 1.2 * self.gap + self._weights_width(product)
            if x > EDGE and x + width > self.width:
                x, y = EDGE, bottom + self.title + 4 * self.unit
            self._rows(product.source, x, y)
            left = x + self._item_width(product.source) + 1.2 * self.gap
            if left + self._weights_width(product) > self.width:
                left = EDGE + max(1.2 * self.gap, self._left_of_bias(product.bias) if product.bias else 0)
                y += self._extent(product.source)[1] + self.title
            self._sign("·", left - 0.6 * self.gap, y, product.source)
            self._weights(product.weights, left, y)
            end = y + self._extent(product.weights)[1]
            if product.bias:
                end = self._bias(
                    product.bias, left, max(end, y + self._middle(product.source) + 0.6 * self.sizes.symbols)
                )
            sign = y + self._middle(product.source) + 0.6 * self.sizes.symbols
            bottom = max(bottom, end, sign, y + self._extent(product.source)[1])
            x += width + self.gap
        for id in self.vectors:
            width = self._item_width(id)
            if id == self.vectors[0] or x + width > self.width:
                x, y = EDGE, bottom + self.title
            self._weights(id, x, y)
            bottom = max(bottom, y + self._extent(id)[1])
            x += width + self.gap / 2
        x, bottom = self.width, bottom + 6 * self.unit
        for line, width in self.words:
            if x + width > self.width:
                x, bottom = EDGE, bottom + LEADING * 1.2 * self.sizes.words
            for shape in line:
                self.d.add(scaled(shape, 1, x, bottom - 0.6 * self.sizes.words))
            x += width + 14 * self.unit
        return bottom

    def _weights_width(self, product: Product) -> float:
        width = self._item_width(product.weights)
        if not product.bias:
            return width
        shape = max(line_width(line, self.letters.size) for line in self._shape(product.bias))
        return max(width, self._extent(product.bias)[0] + 8 * self.unit + shape)

    def _left_of_bias(self, tensor: str) -> float:
        """The width of the sign and the symbol at the left of a bias."""
        name, sub = self._symbol(tensor)
        words = word_width(name, self.sizes.symbols, sub) + word_width("+", self.sizes.symbols)
        return (AFTER_SYMBOL + AFTER_PLUS) * self.unit + words

    def _bias(self, tensor: str, x: float, y: float) -> float:
        """A bias below its weights: its sign and symbol at the left, its shape at the right. Returns its bottom."""
        width, height = self._extent(tensor)
        (name, sub), shape = self._symbol(tensor), self._shape(tensor)
        row = max(height, LEADING * self.letters.size * len(shape), self.sizes.symbols)
        middle = y + 4 * self.unit + row / 2
        self._weights(tensor, x, middle - height / 2, titled=False)
        symbol = x - AFTER_SYMBOL * self.unit - word_width(name, self.sizes.symbols, sub)
        self.d.add(Text(symbol, middle, name, self.sizes.symbols, font="serif", anchor="start", italic=True, sub=sub))
        self.d.add(Text(symbol - AFTER_PLUS * self.unit, middle, "+", self.sizes.symbols, anchor="end"))
        place = x + width + 8 * self.unit
        self.d.add(Label(place, middle, shape, self.letters.size, "start", tensor=tensor, t=self.d.t))
        return y + 4 * self.unit + row

    def _rows(self, tensor: str, x: float, y: float) -> None:
        self._title(tensor, x, y)
        self.scale.rows(self.d, tensor, x, y)

    def _weights(self, tensor: str, x: float, y: float, titled: bool = True) -> None:
        if titled:
            self._title(tensor, x, y)
        self.scale.weights(self.d, tensor, x, y)

    def _sign(self, sign: str, x: float, y: float, source: str) -> None:
        """The sign between two arrays, at the height of the middle of the input."""
        self.d.add(Text(x, y + self._middle(source), sign, 1.3 * self.sizes.symbols))

    def _middle(self, source: str) -> float:
        return max(self._extent(source)[1] / 2, 0.5 * self.sizes.symbols)

    # the words

    @cached_property
    def words(self) -> list[tuple[list[Shape], float]]:
        return list(self._words())

    def _words(self) -> Iterator[tuple[list[Shape], float]]:
        """Each sentence with the shapes that belong to it, at (0, 0), and its width."""
        weights = [self.d.tensor(t.id).symbol for t in self.d.program.weights]
        if weights:
            text = phrase("The same weights for every step and row.")
            if len(weights) == 2:
                text = phrase("The same {a} and {b} for every step and row.", a=weights[0], b=weights[1])
            yield self._sentence(text)
        if self.scale.is_lined:
            yield self._sentence(phrase("One square is one number in every array."))
        else:
            side = 2 ** max(0, ceil(log2(LINED / self.scale.pixels)))
            size = side * self.scale.pixels
            square = Box("view", 0, -size / 2, size, size, 0)
            text = phrase("This square is {n:,} × {n:,} numbers in every array.", n=side)
            if side == 1:
                text = phrase("This square is one number in every array.")
            words, width = self._sentence(text, size + 6 * self.unit)
            yield [square, *words], width
        tensors = [t.axes for t in self.d.program.tensors if t.per_step or t.role == "weight"]
        if any(map(self.scale.is_thickened, tensors)):
            yield self._sentence(phrase("Very thin sides are drawn thicker."))

    def _sentence(self, text: str, x: float = 0) -> tuple[list[Shape], float]:
        size = min(self.sizes.words, (self.width - 2 * EDGE - x) / word_width(text, 1))
        return [Text(x, 0, text, size, "muted", anchor="start")], x + word_width(text, size)
