"""The titles of the arrays in products, the same at every scale: their symbols and their shapes."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ....size_expressions import maximum
from ....translations.numbers import subscript
from ...drawing import Drawing
from ...elements import Label, Point, Text
from ...names_as_letters import letters
from ...shape_labels import joined, shape_line
from ...text_lines import Lines, count, stacked, widest, wrapped
from ...text_metrics import LEADING, word_width
from .sizes_by_format import TypeSizes

AFTER_PLUS, AFTER_SYMBOL = 3.0, 6.0
"""The space after the + of a bias, and after its symbol, in units of the type."""

SINGLE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(ₜ₋₁|ₜ|)")
"""The symbol of a tensor with a name of its own, and its step; others are formulas."""

PLUS = 0.84
"""The width of a + of the sans family, in sizes of the type."""


class Title(NamedTuple):
    """The left ends of the symbol and the shape of an array."""

    symbol: Point
    shape: Point


class Titles:
    """The titles of some tensors in a picture of a ``width``. If they are to be low, they have few lines."""

    def __init__(
        self, d: Drawing, tensors: Iterable[str], type: TypeSizes, width: float, is_reversed: bool, is_low: bool
    ) -> None:
        self.d, self.type, self.unit, self.size = d, type, type.unit, d.lettering.size
        self._is_reversed = is_reversed
        self._shapes = {id: self._lines(id, width, is_low) for id in tensors}
        lines = maximum(1, *map(count, self._shapes.values()))
        self.height = LEADING * self.size * lines + 12 * self.unit

    def width(self, tensor: str) -> float:
        return self._symbol_width(tensor) + self.shape_width(tensor)

    def shape_width(self, tensor: str) -> float:
        return widest(self._shapes[tensor], self.size)

    def row_height(self, tensor: str) -> float:
        """The height of the symbol and the shape beside a bias."""
        return maximum(LEADING * self.size * count(self._shapes[tensor]), self.type.symbols)

    def left_of_bias(self, tensor: str) -> float:
        """The width of the sign and the symbol at the left of a bias."""
        name, sub = self._symbol(tensor)
        words = word_width(name, self.type.symbols, sub) + PLUS * self.type.symbols
        return (AFTER_SYMBOL + AFTER_PLUS) * self.unit + words

    def above(self, tensor: str, corner: Point) -> Title:
        """The title of an array above its upper left corner."""
        x, y = corner[0], corner[1] - self.height / 2 - 2 * self.unit
        return Title((x, y), (x + self._symbol_width(tensor), y))

    def beside(self, tensor: str, left: float, right: float, y: float) -> Title:
        """The title of a bias beside it: its symbol at the left, its shape at the right."""
        name, sub = self._symbol(tensor)
        x = left - AFTER_SYMBOL * self.unit - word_width(name, self.type.symbols, sub)
        return Title((x, y), (right + 8 * self.unit, y))

    def before(self, title: Title) -> Point:
        """The middle of the sign before the symbol of a bias."""
        x, y = title.symbol
        return x - AFTER_PLUS * self.unit - PLUS * self.type.symbols / 2, y

    def draw(self, tensor: str, title: Title) -> None:
        (x, y), (name, sub) = title.symbol, self._symbol(tensor)
        self.d.add(Text(x, y, name, self.type.symbols, font="serif", anchor="start", italic=True, sub=sub))
        x, y = title.shape
        self.d.add(Label(x, y, self._shapes[tensor], self.size, "start", tensor=tensor, t=self.d.t))

    def _symbol(self, tensor: str) -> tuple[str, str]:
        """The symbol of a tensor, and its subscript. Steps are subscripts of their own letters."""
        symbol, before = self.d.tensor(tensor).symbol, subscript(self.d.t - (-1 if self._is_reversed else 1))
        if single := SINGLE.fullmatch(symbol):
            name, sub = letters(single[1])
            step = {"": "", "ₜ": subscript(self.d.t), "ₜ₋₁": before}[single[2]]
            return (name, sub + step) if sub else (name + step, "")
        name, _, sub = symbol.replace("ₜ₋₁", before).replace("ₜ", subscript(self.d.t)).partition("_")
        return name, sub

    def _lines(self, tensor: str, width: float, is_low: bool) -> Lines:
        """The shape of an array, in lines of a third of the width at most; if these are to be few, in longer ones, and
        its names beside its numbers."""
        whole = [shape_line(self.d.axes(tensor), self.d.sizes, write) for write in self.d.lettering.wires]
        room = width / 3
        if is_low:
            whole, room = [joined(whole)], width / 2.4
        return stacked(wrapped(one, self.size, room) for one in whole)

    def _symbol_width(self, tensor: str) -> float:
        """The room of a symbol before a shape. A single letter may be wide: W."""
        name, sub = self._symbol(tensor)
        wide = word_width(name, self.type.symbols) + max(0.0, 0.4 * self.type.symbols * (2 - len(name)))
        return wide + word_width("", self.type.symbols, sub) + 6 * self.unit
