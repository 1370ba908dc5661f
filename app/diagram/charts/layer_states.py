"""A recurrent layer with its initial states: every cell, and the part of the state that it reads, as a sheet of rows.

Layers upward, time to the right. The forward cells read their sheets at the left, the backward ones at the right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from ...translations.numbers import grouped
from ...translations.phrases import phrase, plural
from ..arrowhead_sizes import head_length
from ..elements import Box, Label, Picture, Point, Polyline, Shape, Text
from ..graph import Node, Port
from ..layer_names import layer_name
from ..text_metrics import LEADING, fitting_size, line_width
from ..text_spans import TIMES, Line, ShapeSpan, TextSpan
from ..thickness import thickness
from ..transforms.unknown_sizes import DASH, THICKNESS, UNKNOWN
from ..transforms.wrong_tensor import BAR, ERROR, GAP
from ..wires import SharedHead, Wire
from .wrong_areas import hatched, outline

OUTSIDE = Node("outside")
"""The ends of wires: the boxes are cells, and no nodes of the picture of one."""

DOTS = "⋯"
CELL, ROW, INSET = 25.0, 38.0, 10.0
"""The height of a cell, the distance of two rows, and the distance of the cells from the outline of their layer."""

BETWEEN = 58.0
"""From layer to layer: room for the shape of what one returns."""

ABOVE, BELOW = 52.0, 60.0
"""The room above the top layer and below the lowest one."""

SHEET, HALF_STOP = 20.0, 10.0
"""The height of a sheet, and half of the length of the bar before a cell."""

THIN = 1.2
"""The line around a sheet."""

MOST_ROWS = 12
"""Rows of a sheet that are drawn one by one."""

MOST_LAYERS = 3
TEXT, NAME, SHAPE, SMALLEST = 13.0, 12.0, 12.5, 10.0

LEFT_OVER = 72.0
"""From the lowest layer to the sheets that no cell reads, below the numbers of the steps."""


class StateShape(NamedTuple):
    """The shape of an initial state: a sheet for each layer and direction, with a row for each sample."""

    sheets: int
    rows: int
    units: int


@dataclass(frozen=True)
class Format:
    """Where the parts are, from left to right: the outline of a layer, the columns of cells, the sheets."""

    width: float
    left: float
    right: float
    columns: tuple[float, ...]
    dots: float
    cell: float
    sheet: float

    @property
    def beside(self) -> float:
        """The room beside the outline of a layer."""
        return min(self.left, self.width - self.right) - 4


WIDE = Format(620, 146, 473, (190, 270, 430), 350, 50, 100)
NARROW = Format(358, 84, 274, (112, 246), 179, 44, 66)


@dataclass(frozen=True)
class LayerStates:
    """The picture of a layer of ``num_layers`` and ``directions``, to which a state of another shape is passed.

    ``sizes`` are those of the network, None if unknown. ``name`` is what the state is called. ``is_time_first``:
    whether the time is the first axis of x and of the output.
    """

    num_layers: int
    directions: int
    sizes: Mapping[str, int | None]
    name: str
    expected: StateShape
    got: StateShape
    is_time_first: bool = True
    format: Format = WIDE

    def picture(self) -> Picture:
        shapes = tuple(self._shapes())
        title = plural(
            "{n} cell reads an initial state; {sheets} of {rows} × {units} received",
            "{n} cells read an initial state; {sheets} of {rows} × {units} received",
            self.expected.sheets,
            sheets=self.got.sheets,
            rows=self.got.rows,
            units=self.got.units,
        )
        return Picture(
            self.format.width, self._bottom(0) + (LEFT_OVER + 42 if self._left_over() else BELOW), shapes, title
        )

    @property
    def _first_axes(self) -> tuple[str, str]:
        return ("time_step", "batch_size") if self.is_time_first else ("batch_size", "time_step")

    @property
    def _of_output(self) -> str:
        """The last axis of h, and so of the output: that of the projection if there is one."""
        return "num_proj" if self.sizes.get("num_proj") else "num_units"

    # positions

    @property
    def _layers(self) -> tuple[int, ...]:
        """The layers that are drawn: all, or the first two and the last."""
        if self.num_layers <= MOST_LAYERS:
            return tuple(range(self.num_layers))
        return 0, 1, self.num_layers - 1

    @property
    def _height(self) -> float:
        """The height of the outline of a layer."""
        return 2 * INSET + CELL + ROW * (self.directions - 1)

    def _top(self, layer: int) -> float:
        above = len(self._layers) - 1 - self._layers.index(layer)
        return ABOVE + above * (self._height + BETWEEN + self._hanging)

    def _bottom(self, layer: int) -> float:
        return self._top(layer) + self._height

    @property
    def _hanging(self) -> float:
        """The height of the second lines of shapes below the sheets of backward cells."""
        lines, size = self._sheet_lines()
        return (len(lines) - 1) * LEADING * size if self.directions == 2 else 0.0

    def _row(self, layer: int, direction: int) -> float:
        """The middle of the row of a direction."""
        return self._top(layer) + INSET + CELL / 2 + ROW * direction

    def _steps(self) -> list[tuple[float, str]]:
        """The columns with the number of their step; the last one may be unknown."""
        count, columns = self.sizes["time_step"], self.format.columns
        if count is not None and count <= len(columns):
            first, room = columns[0], columns[-1] - columns[0]
            return [(first + room * t / (count - 1) if count > 1 else first + room / 2, str(t)) for t in range(count)]
        last = phrase("last") if count is None else grouped(count - 1)
        return [*((x, str(t)) for t, x in enumerate(columns[:-1])), (columns[-1], last)]

    @property
    def _is_folded(self) -> bool:
        count = self.sizes["time_step"]
        return count is None or count > len(self.format.columns)

    def _left_over(self) -> range:
        """The sheets for which there is no cell."""
        return range(self.expected.sheets, self.got.sheets)

    # what is drawn

    def _shapes(self) -> Iterator[Shape]:
        steps = self._steps()
        for layer in self._layers:
            f = self.format
            yield Box("view", f.left, self._top(layer), f.right - f.left, self._height, 7)
            for direction in range(self.directions):
                yield from self._cells(steps, layer, direction)
                yield from self._state(layer, direction)
            yield from self._upwards(layer, steps)
            yield from self._label(layer)
        yield from self._inputs(steps)
        yield from self._sheets_left_over()

    def _cells(self, steps: list[tuple[float, str]], layer: int, direction: int) -> Iterator[Shape]:
        y, half = self._row(layer, direction), self.format.cell / 2
        xs = [x for x, _ in steps]
        for x in xs:
            yield Box("slab", x - half, y - CELL / 2, 2 * half, CELL, 5)
        stops = [(x - half, x + half) for x in xs]
        if self._is_folded:
            stops.insert(-1, (self.format.dots - 14, self.format.dots + 14))
            yield Text(self.format.dots, y, DOTS, 16, "muted")
        for (_, end), (begin, _) in pairwise(stops):
            course = (end + 1, y), (begin - 1, y)
            yield self._wire("num_units", *(course[::-1] if direction else course))

    def _wire(self, axis: str, start: Point, end: Point) -> Wire:
        """A wire as thick as its vector; dashed if its length is unknown."""
        size = self.sizes[axis]
        wire = Wire.between(Port(OUTSIDE, *start), Port(OUTSIDE, *end), axis, min(thickness(size or 1), 4.5))
        return wire if size else Wire(axis, THICKNESS, wire.points, dash=DASH)

    def _upwards(self, layer: int, steps: list[tuple[float, str]]) -> Iterator[Shape]:
        """The outputs of a layer: one wire for each direction."""
        top = self._top(layer)
        index = self._layers.index(layer)
        end = self._bottom(self._layers[index + 1]) + 1 if index + 1 < len(self._layers) else top - 42
        for x, _ in steps:
            yield from self._output((x, top - 1), (x, end))
        if self._is_folded:
            yield Text(self.format.dots, (top + end) / 2, DOTS, 16, "muted")
        if index + 1 < len(self._layers) and self._layers[index + 1] > layer + 1:
            more = self._layers[index + 1] - layer - 1
            words = plural("{n} more layer", "{n} more layers", more)
            if self.format is NARROW:
                words = phrase("{n} more", n=more)
            yield Text(self.format.left - 8, (top + end) / 2, words, TEXT, "muted", anchor="end")
        factor = (TextSpan("2·", "muted"),) if self.directions == 2 else ()
        line = (*self._line(*self._first_axes), TIMES, *factor, self._size(self._of_output))
        yield from self._shape_beside((top + end) / 2, line)

    def _output(self, start: Point, end: Point) -> Iterator[Shape]:
        """The output of a step: a strand for each direction, with one head."""
        whole = self._wire(self._of_output, start, end)
        if self.directions == 1:
            yield whole
            return
        apart = (whole.width + 1.5) / 2
        breadth = 2 * whole.width + 1.5
        neck = end[1] + head_length(breadth) - 1
        for side in (-apart, apart):
            yield replace(whole, points=((start[0] + side, start[1]), (end[0] + side, neck)), head=False)
        yield SharedHead(whole.axis, breadth, start, end)

    def _shape_beside(self, y: float, line: Line) -> Iterator[Label]:
        """A shape at the right of the layer; in two lines if there is no room for one."""
        x = self.format.right + (20 if self.format is WIDE else 8)
        lines, size = _fitting(line, 3, self.format.width - x)
        yield Label(x, y, lines, size, "start")

    def _inputs(self, steps: list[tuple[float, str]]) -> Iterator[Shape]:
        bottom = self._bottom(0)
        for x, words in steps:
            yield self._wire("features", (x, bottom + 32), (x, bottom + 2))
            yield Text(x, bottom + 46, words, 12, "muted", "mono" if words.isdecimal() else "sans")
        if self._is_folded:
            yield Text(self.format.dots, bottom + 18, DOTS, 16, "muted")
        yield Text(
            self.format.columns[0] - self.format.cell / 2 - 14, bottom + 30, "x", 16, "ink", "serif", italic=True
        )
        yield from self._shape_beside(
            bottom + 22 + self._hanging, (*self._line(*self._first_axes), TIMES, self._size("features"))
        )

    def _label(self, layer: int) -> Iterator[Text]:
        if self.format is WIDE and self.num_layers > 1:
            y = self._row(layer, self.directions - 1) if self.directions == 2 else self._bottom(layer) + 14
            yield Text(self.format.left - 12, y, layer_name(layer), TEXT, "muted", anchor="end")

    def _line(self, *names: str) -> Line:
        spans: list[TextSpan] = []
        for name in names:
            spans += [*([TIMES] if spans else []), self._size(name)]
        return tuple(spans)

    def _size(self, name: str) -> ShapeSpan:
        size = self.sizes[name]
        return ShapeSpan(UNKNOWN if size is None else str(size), name)

    # sheets

    def _state(self, layer: int, direction: int) -> Iterator[Shape]:
        """The sheet that a cell should read, and the bar before the cell."""
        index = layer * self.directions + direction
        y, f = self._row(layer, direction), self.format
        is_left = direction == 0
        stop = f.left - GAP if is_left else f.right + GAP
        x = THIN if is_left else f.width - f.sheet - THIN
        edge = x + f.sheet if is_left else x
        anchor = "start" if is_left else "end"
        at = 0.0 if is_left else f.width
        words = f"{self.name}[{index}]"
        name = Text(at, y - SHEET / 2 - 9, words, fitting_size(words, NAME, f.beside), "ink", "mono", anchor)
        if index >= self.got.sheets:
            yield name
            yield outline(x, y - SHEET / 2, f.sheet, SHEET)
            yield Polyline(ERROR, ((edge, y), (stop, y)), THICKNESS, DASH)
            yield Label(at, y + SHEET / 2 + 10, ((TextSpan(phrase("missing"), ERROR),),), SHAPE, anchor)
        else:
            yield name
            yield from self._sheet(x, y - SHEET / 2)
            width = min(thickness(self.got.units), 6.0)
            yield Polyline(ERROR, ((edge, y), (stop, y)), width)
            lines, size = self._sheet_lines()
            yield Label(at, y + SHEET / 2 + 10 + (len(lines) - 1) * LEADING * size / 2, lines, size, anchor)
        yield Polyline(ERROR, ((stop, y - HALF_STOP), (stop, y + HALF_STOP)), BAR)

    def _sheet_lines(self) -> tuple[tuple[Line, ...], float]:
        """The shape of a sheet, with what differs in red, and the size of its type."""
        last = self._of_output if self.name.startswith("h") else "num_units"
        pairs = (("batch_size", self.expected.rows, self.got.rows), (last, self.expected.units, self.got.units))
        one, other = (ShapeSpan(str(got), axis if want == got else ERROR) for axis, want, got in pairs)
        return _fitting((one, TIMES, other), 1, self.format.beside)

    def _sheet(self, x: float, y: float) -> Iterator[Shape]:
        """A sheet to scale: its rows are samples. What is too much is hatched, what is missing is an outline."""
        width, expected, got = self.format.sheet, self.expected, self.got
        row, unit = SHEET / max(expected.rows, got.rows), width / max(expected.units, got.units)
        high, wide = row * got.rows, unit * got.units
        fits_high, fits_wide = row * min(expected.rows, got.rows), unit * min(expected.units, got.units)
        yield Box("h", x, y, wide, high, 0)
        if got.rows <= MOST_ROWS:
            for n in range(1, got.rows):
                yield Polyline("num_units", ((x, y + row * n), (x + wide, y + row * n)), 0.7)
        if high > fits_high:
            yield from hatched(x, y + fits_high, wide, high - fits_high)
        if wide > fits_wide:
            yield from hatched(x + fits_wide, y, wide - fits_wide, fits_high)
        if high < SHEET:
            yield outline(x, y + high, wide, SHEET - high)
        if wide < width:
            yield outline(x + wide, y, width - wide, high)
        yield Polyline("batch_size", ((x, y), (x, y + high)), 3)

    def _sheets_left_over(self) -> Iterator[Shape]:
        """Sheets that no cell reads, below the lowest layer."""
        if not (left := self._left_over()):
            return
        y = self._bottom(0) + LEFT_OVER
        names = (
            f"{self.name}[{left[0]}]" if len(left) == 1 else f"{self.name}[{left[0]}] {DOTS} {self.name}[{left[-1]}]"
        )
        size = fitting_size(names, NAME, self.format.width)
        yield Text(0, y - 9, names, size, "ink", "mono", "start")
        yield from hatched(THIN, y, self.format.sheet, SHEET)
        words = plural("{n} sheet without a cell", "{n} sheets without a cell", len(left))
        yield Label(0, y + SHEET + 10, ((TextSpan(words, ERROR),),), SHAPE, "start")


def _fitting(line: Line, first: int, room: float) -> tuple[tuple[Line, ...], float]:
    """A shape in one line or, without room for one, in two, of which the upper one has ``first`` spans; and the size
    of its type."""
    lines: tuple[Line, ...] = (line,) if line_width(line, SMALLEST) <= room else (line[:first], line[first:])
    return lines, min(SHAPE, room / max(line_width(one, 1) for one in lines))
