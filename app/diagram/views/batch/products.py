"""The products of a step to the scale of the picture: the input, its weights, and what is added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import NamedTuple

from ....core.program import Program
from ....size_expressions import log2, maximum, minimum, where
from ....translations.phrases import phrase
from ...elements import Box, Point, Text
from ...text_metrics import LEADING, word_width
from .scaled_arrays import LINED, Scale
from .titles import Title, Titles

EDGE = 2.0
"""The distance of arrays from the edges of the picture."""

AFTER_SQUARE = 6.0
"""The space after the square at the beginning of a sentence, in units of the type."""


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


class Sentence(NamedTuple):
    """A sentence below the products: the size of its type, and the side of the ``square`` before it, if any."""

    text: str
    size: float
    width: float
    square: float | None
    is_shown: bool


class Arrangement(NamedTuple):
    """Positions below the upper edge: the corners of the input, the weights and the bias of each product, and of each
    vector in no product; the left end of each sentence; and the lower edge of all."""

    products: Sequence[Sequence[Point]]
    vectors: Sequence[Point]
    sentences: Sequence[Point]
    bottom: float

    def moved(self, down: float) -> "Arrangement":
        """The same positions further down."""

        def each(points: Sequence[Point]) -> list[Point]:
            return [(x, down + y) for x, y in points]

        products = [each(corners) for corners in self.products]
        return Arrangement(products, each(self.vectors), each(self.sentences), down + self.bottom)


class Products:
    """The products of a cell in rows of the width of the picture.

    The bias of a single product is at its right, with the words below it, as long as there is room. Several products
    have their biases below their weights, and the words are below all of them.
    """

    def __init__(self, titles: Titles, scale: Scale, width: float, products: list[Product], vectors: list[str]) -> None:
        self.titles, self.scale, self.width, self.products, self.vectors = titles, scale, width, products, vectors
        self.d, self.type, self.unit = titles.d, titles.type, titles.unit
        self.gap, self.leading = 30 * self.unit, LEADING * 1.2 * self.type.words
        self.sentences = [*self._sentences()]

    @property
    def height(self) -> float:
        """The height of everything."""
        return self._places.bottom

    def draw(self, top: float) -> None:
        """Draw everything below ``top``."""
        places = self._places.moved(top)
        for product, (source, weights, *bias) in zip(self.products, places.products, strict=True):
            self._array(product.source, source)
            x = weights[0] - where(self._is_in_one_row, 0.5, 0.6) * self.gap
            y = weights[1] + self._middle(product.source)
            self.d.add(Text(x, y, "·", 1.3 * self.type.symbols))
            self._array(product.weights, weights)
            for corner in bias:
                self._bias(product.bias, corner, y)
        for vector, corner in zip(self.vectors, places.vectors, strict=True):
            self._array(vector, corner)
        for sentence, (x, y) in zip(self.sentences, places.sentences, strict=True):
            if sentence.is_shown:
                self._sentence(sentence, x, y)

    # where everything is

    @cached_property
    def _places(self) -> Arrangement:
        if self._is_in_one_row is False:
            return self._in_rows
        one, other = self._in_one_row, self._in_rows
        return Arrangement(
            [self._either(*corners) for corners in zip(one.products, other.products, strict=True)],
            self._either(one.vectors, other.vectors),
            self._either(one.sentences, other.sentences),
            where(self._is_in_one_row, one.bottom, other.bottom),
        )

    def _either(self, one: Sequence[Point], other: Sequence[Point]) -> list[Point]:
        """Points in one row, or else others."""
        return [
            (where(self._is_in_one_row, x, u), where(self._is_in_one_row, y, v))
            for (x, y), (u, v) in zip(one, other, strict=True)
        ]

    @cached_property
    def _is_in_one_row(self) -> bool:
        """Whether there is one product, and room for its bias at its right."""
        if len(self.products) != 1 or not self.products[0].bias:
            return False
        (product,) = self.products
        room = self.width - (self._width(product.source) + self._width(product.weights)) - 2 * self.gap - 2 * EDGE
        words = (where(sentence.is_shown, sentence.width, 0.0) for sentence in self.sentences)
        vectors = sum(self._width(id) + self.gap / 2 for id in self.vectors)
        return maximum(self._width(product.bias), vectors, *words) <= room

    @cached_property
    def _in_one_row(self) -> Arrangement:
        """One product: input · weights + bias."""
        (product,), y = self.products, self.titles.height
        source = EDGE, y
        weights = source[0] + self._width(product.source) + self.gap, y
        bias = weights[0] + self._width(product.weights) + self.gap, y
        x, below = bias[0], y + self._height(product.bias)
        vectors = list[Point]()
        if self.vectors:
            below += self.titles.height
            for id in self.vectors:
                vectors.append((x, below))
                x += self._width(id) + self.gap / 2
            below += maximum(*map(self._height, self.vectors))
        below += 6 * self.unit
        sentences = list[Point]()
        for sentence in self.sentences:
            sentences.append((bias[0], below + self.leading - 0.6 * self.type.words))
            below += where(sentence.is_shown, self.leading, 0.0)
        bottom = maximum(below, y + self._height(product.source), y + self._height(product.weights))
        return Arrangement([(source, weights, bias)], vectors, sentences, bottom)

    @cached_property
    def _in_rows(self) -> Arrangement:
        """Several products, each with its bias below its weights, in as many rows as are needed."""
        x, y, bottom = EDGE, self.titles.height, 0.0
        products, vectors, sentences = list[list[Point]](), list[Point](), list[Point]()
        for n, product in enumerate(self.products):
            weights_width = self._weights_width(product)
            width = self._width(product.source) + 1.2 * self.gap + weights_width
            is_over = n > 0 and x + width > self.width
            x, y = where(is_over, EDGE, x), where(is_over, bottom + self.titles.height + 4 * self.unit, y)
            left = x + self._width(product.source) + 1.2 * self.gap
            is_long = left + weights_width > self.width
            aside = max(1.2 * self.gap, self.titles.left_of_bias(product.bias) if product.bias else 0)
            below = y + self._height(product.source) + self.titles.height
            products.append([(x, y), (where(is_long, EDGE + aside, left), where(is_long, below, y))])
            left, y = products[-1][1]
            sign = y + self._middle(product.source) + 0.6 * self.type.symbols
            end = y + self._height(product.weights)
            if product.bias:
                height, row = self._height(product.bias), self._bias_row(product.bias)
                end = maximum(end, sign) + 4 * self.unit + row
                products[-1].append((left, end - row / 2 - height / 2))
            bottom = maximum(bottom, end, sign, y + self._height(product.source))
            x += width + self.gap
        for n, id in enumerate(self.vectors):
            width = self._width(id)
            is_over = n == 0 or x + width > self.width
            x, y = where(is_over, EDGE, x), where(is_over, bottom + self.titles.height, y)
            vectors.append((x, y))
            bottom = maximum(bottom, y + self._height(id))
            x += width + self.gap / 2
        x, bottom = self.width, bottom + 6 * self.unit
        for sentence in self.sentences:
            is_over = x + sentence.width > self.width
            left, row = where(is_over, EDGE, x), where(is_over, bottom + self.leading, bottom)
            sentences.append((left, row - 0.6 * self.type.words))
            x = where(sentence.is_shown, left + sentence.width + 14 * self.unit, x)
            bottom = where(sentence.is_shown, row, bottom)
        return Arrangement(products, vectors, sentences, bottom)

    def _extent(self, tensor: str) -> tuple[float, float]:
        return self.scale.extent(self.d.axes(tensor))

    def _height(self, tensor: str) -> float:
        return self._extent(tensor)[1]

    def _width(self, tensor: str) -> float:
        """The width of an array or of its title above it."""
        return maximum(self._extent(tensor)[0], self.titles.width(tensor))

    def _weights_width(self, product: Product) -> float:
        """The width of weights with their bias below them, whose shape is beside it."""
        width = self._width(product.weights)
        if not product.bias:
            return width
        return maximum(width, self._extent(product.bias)[0] + 8 * self.unit + self.titles.shape_width(product.bias))

    def _bias_row(self, tensor: str) -> float:
        """The height of a bias, or of its symbol and shape beside it."""
        return maximum(self._height(tensor), self.titles.row_height(tensor))

    def _middle(self, source: str) -> float:
        """The height of the sign beside an input."""
        return maximum(self._height(source) / 2, 0.5 * self.type.symbols)

    # what is drawn

    def _array(self, tensor: str, corner: Point) -> None:
        """An array below its title."""
        self.titles.draw(tensor, self.titles.above(tensor, corner))
        draw = self.scale.weights if self.d.tensor(tensor).role == "weight" else self.scale.rows
        draw(self.d, tensor, *corner)

    def _bias(self, tensor: str, corner: Point, middle: float) -> None:
        """A bias with its sign, which in one row is at the height of the other one."""
        (x, y), (width, height) = corner, self._extent(tensor)
        beside = self.titles.beside(tensor, x, x + width, y + height / 2)
        title = Title(*self._either(self.titles.above(tensor, corner), beside))
        (sign,) = self._either([(x - self.gap / 2, middle)], [self.titles.before(beside)])
        self.d.add(Text(*sign, "+", where(self._is_in_one_row, 1.3, 1.0) * self.type.symbols))
        self.titles.draw(tensor, title)
        self.scale.weights(self.d, tensor, x, y)

    def _sentence(self, sentence: Sentence, x: float, y: float) -> None:
        if (side := sentence.square) is not None:
            self.d.add(Box("view", x, y - side / 2, side, side, 0))
            x += side + AFTER_SQUARE * self.unit
        self.d.add(Text(x, y, sentence.text, sentence.size, "muted", anchor="start"))

    def _sentences(self) -> Iterator[Sentence]:
        """All sentences, also those that are not shown at this scale."""
        scale = self.scale
        weights = [self.d.tensor(t.id).symbol for t in self.d.program.weights]
        if weights:
            text = phrase("The same weights for every step and row.")
            if len(weights) == 2:
                text = phrase("The same {a} and {b} for every step and row.", a=weights[0], b=weights[1])
            yield self._measured(text)
        is_large, is_small = scale.pixels >= LINED, scale.pixels < LINED
        if scale.has_lines:
            yield self._measured(phrase("One square is one number in every array."), is_shown=is_large)
        else:
            text = phrase("This square is one number in every array.")
            yield self._measured(text, scale.pixels, is_large)
        side = 2 ** maximum(0, ceil(log2(LINED / scale.pixels)))
        text = phrase("This square is {n:,} × {n:,} numbers in every array.", n=side)
        yield self._measured(text, side * scale.pixels, is_small)
        arrays = [t.axes for t in self.d.program.tensors if t.per_step or t.role == "weight"]
        yield self._measured(phrase("Very thin sides are drawn thicker."), is_shown=scale.is_any_thickened(arrays))

    def _measured(self, text: str, square: float | None = None, is_shown: bool = True) -> Sentence:
        """A sentence in type that is as large as fits the width."""
        begin = 0.0 if square is None else square + AFTER_SQUARE * self.unit
        size = minimum(self.type.words, (self.width - 2 * EDGE - begin) / word_width(text, 1))
        return Sentence(text, size, begin + word_width(text, size), square, is_shown)
