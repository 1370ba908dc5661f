"""The effect of an operation on shapes, as small rectangles in a row: the inner axes of a product are summed over.

The length of a side is the logarithm of its size, so that any size fits; a sum of sizes is a side in pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...core.axes import Axes, Axis, Sizes
from ...size_expressions import fixed, log2, maximum, minimum
from ...translations.phrases import phrase, plural
from ..elements import Box, Label, Picture, Point, Polyline, Shape, Text
from ..shape_labels import axis_spans, number, shape_line
from ..text_metrics import line_width, mono_width
from ..text_spans import TIMES
from ..theme import AREAS, axis_role

WIDTH = 236.0
TYPE = 11.5
TOP, BOTTOM = 18.0, 5.0  # the room above the tallest rectangle, and below it
SIGN = 16.0  # the room of a sign between two rectangles
SLIVER = 4.5  # the width of a block beside the one that is used
LARGEST = 2.2  # the largest scale, for small sizes
SIDE, STRIKE, DASH = 2.2, 1.5, (2, 2)  # widths of a side and of what strikes it out; the dash between inner sides


@dataclass(frozen=True)
class Rectangle:
    """A shape of rows and columns. A vector has one row: ``rows`` is None, and it is ``repeated`` along that axis.

    ``highlighted`` is one of several equal pieces as (index, number), and ``among`` the same for the rectangle itself
    among the blocks beside it. ``inner`` is the side that is summed over: its columns or its rows.
    """

    rows: Axis | None
    columns: Axis
    inner: str = ""
    highlighted: tuple[int, int] | None = None
    among: tuple[int, int] = (0, 1)
    repeated: Axis | None = None


Item = Rectangle | str
"""A rectangle, or the sign between two of them."""


def product(before: Axes, operand: Axes, after: Axes, sizes: Sizes, part: tuple[int, int] = (0, 1)) -> Picture:
    """``before`` · ``operand``: the columns of the first and the rows of the second are the same axis, which is summed
    over.

    The operand may be one ``part`` of a kernel's blocks of columns.
    """
    left, right = replace(_rectangle(before), inner="columns"), replace(_rectangle(operand), inner="rows", among=part)
    a, b, made = (_in_words(axes, sizes) for axes in (before, operand, after))
    alt_text = phrase("{a} times {b} gives {made}: {axis} is summed over", a=a, b=b, made=made, axis=str(before[-1]))
    return _row([left, "·", right, "=", _rectangle(after)], sizes, alt_text)


def beside(before: Axes, operand: Axes, after: Axes, sizes: Sizes) -> Picture:
    """A concatenation: the columns of the two add up."""
    a, b, made = (_in_words(axes, sizes) for axes in (before, operand, after))
    alt_text = phrase("{a} concatenated with {b} gives {made}", a=a, b=b, made=made)
    return _row([_rectangle(before), ",", _rectangle(operand), "=", _rectangle(after)], sizes, alt_text)


def cut(before: Axes, after: Axes, part: tuple[int, int], sizes: Sizes) -> Picture:
    """One of several equal blocks of columns."""
    a, made, (k, n) = _in_words(before, sizes), _in_words(after, sizes), part
    alt_text = plural(
        "{a} split into {n} block of {made}: block {k}",
        "{a} split into {n} blocks of {made}: block {k}",
        n,
        a=a,
        made=made,
        k=k + 1,
    )
    return _row([replace(_rectangle(before), highlighted=part), "→", _rectangle(after)], sizes, alt_text)


def repeated(before: Axes, operand: Axes, sign: str, sizes: Sizes) -> Picture:
    """A vector is broadcast to every row."""
    vector = Rectangle(None, operand[-1], repeated=before[0])
    alt_text = phrase("{a} broadcast over the rows of {b}", a=_in_words(operand, sizes), b=_in_words(before, sizes))
    return _row([_rectangle(before), sign, vector, "=", _rectangle(before)], sizes, alt_text)


def equal(before: Axes, sign: str, sizes: Sizes) -> Picture:
    """A pointwise operation of two tensors of one shape."""
    alt_text = phrase("{a} and {a}, element by element", a=_in_words(before, sizes))
    return _row([_rectangle(before), sign, _rectangle(before), "=", _rectangle(before)], sizes, alt_text)


def _rectangle(axes: Axes) -> Rectangle:
    rows, columns = axes
    return Rectangle(rows, columns)


def _in_words(axes: Axes, sizes: Sizes) -> str:
    return "".join(f" {span.text} " if span == TIMES else span.text for span in shape_line(axes, sizes))


def _row(items: list[Item], sizes: Sizes, title: str) -> Picture:
    """All items in a row, at the largest scale that fits."""
    composition = Composition(items, sizes)
    composition.draw()
    return Picture(WIDTH, composition.height, tuple(composition.shapes), title)


class Composition:
    """Rectangles and signs in one row."""

    def __init__(self, items: list[Item], sizes: Sizes) -> None:
        self.items, self.sizes = items, sizes
        rectangles = [item for item in items if isinstance(item, Rectangle)]
        lengths = sum(self._length(item.columns, item.highlighted is not None) for item in rectangles)
        signs = SIGN * (len(items) - len(rectangles)) + sum(map(_slivers, rectangles))
        self.labelled = rectangles
        if WIDTH - 6 - signs - sum(map(self._label, rectangles)) < lengths:
            self.labelled = rectangles[:1]  # the others have the same rows
        self.scale = minimum(LARGEST, (WIDTH - 6 - signs - sum(map(self._label, rectangles))) / lengths)
        self.tallest = maximum(*map(self._height, rectangles))
        self.height = TOP + self.tallest + BOTTOM
        self.shapes: list[Shape] = []

    def draw(self) -> None:
        x, middle = 1.0, TOP + self.tallest / 2
        corner: tuple[float, float] | None = None
        for item in self.items:
            if isinstance(item, str):
                self.shapes.append(Text(x + SIGN / 2, middle, item, 15, "muted"))
                x += SIGN
                continue
            x += self._label(item)
            width = self.scale * self._length(item.columns, item.highlighted is not None)
            height = self._height(item)
            top = middle - height / 2
            width += _slivers(item)
            self._rectangle(item, x, top, height)
            if item.inner == "columns":
                corner = x + width, top
            elif item.inner == "rows" and corner:
                self.shapes.append(Polyline("muted", (corner, (x, top)), 1.2, DASH))
            x += width

    def _rectangle(self, item: Rectangle, x: float, y: float, height: float) -> None:
        """The pieces of a rectangle, and its sides in the colours of their axes, with their sizes."""
        which, blocks = item.among
        across = list(self._pieces(item.columns, x + SLIVER * which, item.highlighted is not None))
        if not item.rows:
            self._vector(item, across, y, height)
            return
        down = list(self._pieces(item.rows, y))
        by_row = item.inner == "rows"  # the rows of a kernel have the colours of the parts that they multiply
        for row in down:
            for column in across:
                role = self._area(row if by_row else column)
                self._piece(role, column, (row.begin, row.end), item.highlighted)
            self._other_blocks(row, x, SLIVER * which)
            self._other_blocks(row, across[-1].end, SLIVER * (blocks - 1 - which))
        for column in across:
            self._side(column, (column.begin, y), (column.end, y), item.inner == "columns")
        for row in down:
            self._side(row, (x, row.begin), (x, row.end), by_row, self._label(item) > 2)

    def _other_blocks(self, row: "Segment", x: float, width: float) -> None:
        """The blocks beside the one that is used, as slivers."""
        for k in range(round(width / SLIVER)):
            height = row.end - row.begin
            self.shapes.append(Box(self._area(row), x + k * SLIVER, row.begin, SLIVER, height, 0, faint=True))

    def _area(self, side: "Segment") -> str:
        """The role of an area along a side."""
        return AREAS.get(axis_role(side.axis, self.sizes), "h")

    def _piece(
        self, role: str, column: "Segment", rows: tuple[float, float], highlighted: tuple[int, int] | None
    ) -> None:
        """The equal blocks of a multiple of an axis, of which one may be highlighted."""
        width = (column.end - column.begin) / column.times
        for k in range(column.times):
            faint = highlighted is not None and k != highlighted[0]
            left = column.begin + k * width
            self.shapes.append(Box(role, left, rows[0], width, rows[1] - rows[0], 0, faint=faint))

    def _vector(self, item: Rectangle, across: list["Segment"], y: float, height: float) -> None:
        """One row, and faint copies for the rows that it is broadcast to, up to four in all."""
        count = fixed(minimum(4, item.repeated.size(self.sizes))) if item.repeated else 1
        for n in range(count):
            for column in across:
                rows = (y + n * height / count, y + (n + 1) * height / count)
                self._piece("view", column, rows, None if n == 0 else (-1, 1))
        for column in across:
            self._side(column, (column.begin, y), (column.end, y), False)

    def _side(self, of: "Segment", begin: Point, end: Point, inner: bool, labelled: bool = True) -> None:
        """A side and its size. Inner sides are struck out; the second one has no room for a label."""
        self.shapes.append(Polyline(axis_role(of.axis, self.sizes), (begin, end), SIDE))
        x, y = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
        flat = begin[1] == end[1]
        line = axis_spans(Axis(((of.times, of.axis),)), self.sizes, number)
        if flat:
            self.shapes.append(Label(x, y - 10, (line,), TYPE))
        elif labelled:
            self.shapes.append(Label(x - 5, y, (line,), TYPE, "end"))
        if inner:
            self.shapes.append(Polyline("ink", ((x - 3.5, y + 3.5), (x + 3.5, y - 3.5)), STRIKE))

    def _pieces(self, axis: Axis, begin: float, cut: bool = False) -> Iterator["Segment"]:
        """Each term of an axis, with its beginning and its end."""
        for times, name in axis.terms:
            end = begin + self.scale * self._length(Axis(((times, name),)), cut)
            yield Segment(name, times, begin, end)
            begin = end

    def _length(self, axis: Axis, cut: bool = False) -> float:
        """The length of an axis at scale 1. If it is cut, there is room for the size of each block."""
        terms = ((times, self.sizes[name]) for times, name in axis.terms)
        return sum(times * _long(1, size) if cut else _long(times, size) for times, size in terms)

    def _height(self, item: Rectangle) -> float:
        rows = item.rows or item.repeated
        return self.scale * (self._length(rows) if rows else _long(1, 1))

    def _label(self, item: Rectangle) -> float:
        """The room at the left of a rectangle, for the size of its rows."""
        if not item.rows or item.inner == "rows" or not any(item is one for one in self.labelled):
            return 2
        return 7 + line_width(axis_spans(item.rows, self.sizes, number), TYPE)


@dataclass(frozen=True)
class Segment:
    """A term of an axis, ``times`` a size, and its beginning and end along its side."""

    axis: str
    times: int
    begin: float
    end: float


def _slivers(item: Item) -> float:
    return SLIVER * (item.among[1] - 1) if isinstance(item, Rectangle) else 0


def _long(times: int, size: int) -> float:
    """The length of a side at scale 1, at least that of its digits."""
    digits = f"{times}·{size}" if times > 1 else str(size)
    return maximum(8 + 2.15 * log2(times * size), mono_width(digits, TYPE) + 2)
