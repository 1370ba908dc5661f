"""The map of a stack: layers upward, time to the right, a row for each direction. Below are the inputs of each step,
above the outputs, and at the end of each row, where its cell computes its last step, the name of its last state."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ...core.axes import BATCH_SIZE, FEATURES, Axes
from ...core.stack import Place, Stack, ends, is_reversed
from ...size_expressions import fixed, maximum, minimum
from ...translations.numbers import grouped
from ...translations.phrases import phrase, plural
from ..elements import Box, Ellipse, Label, Picture, Point, Shape, Text
from ..folded_steps import DOTS, Fold, Slot, SmallStep
from ..graph import Node, Port
from ..layer_names import layer_name
from ..shape_labels import Lettering, number, shape_line, steps
from ..text_metrics import line_width, mono_width, word_width
from ..text_spans import TIMES, Line, ShapeSpan, TextSpan
from ..theme import AREAS, axis_role
from ..thickness import thickness
from ..wires import Wire

WIDTH = 324.0
MAX_COLUMNS = 12
"""The steps that are drawn; others are folded."""

PITCH, MIN_ARROW, MAX_ARROW = 38.0, 5.0, 10.0
"""From column to column at most, and the length of the arrows between cells."""

FOLD = 2.5
"""The width of a fold, in columns."""

NAMED = 26.0
"""From this pitch on, circles, halves and the cell in focus have names and numbers in them."""

AROUND = 6.0
"""From the cells of a layer to its outline."""

TEXT, SHAPE, SMALL = 13.0, 14.2, 8.0
"""The sizes of words, of shapes and of dots. In full screen the map is twice as large: shapes have 28 pixels."""

TITLE_Y, HALVES_Y, HALVES_HEIGHT, ABOVE = 9.0, 22.0, 20.0, 34.0
"""The name of the output; the top and the height of its halves; from these to the top layer."""

CIRCLE, DOT, BELOW = 13.0, 6.0, 26.0
"""The radius of an input, with its name and without; from the lowest layer to the inputs."""

EXIT, CLEAR = 16.0, 4.0
"""The length of the arrow of a last state; the space before and after its name."""

SHAPE_AWAY = AROUND + 6
"""From the last cell to the shape of the outputs of a layer."""

LAYER = 64.0
"""The room for the name of a layer."""

MAX_NAME = 10
"""Characters of the name of a last state; of a longer one only the array is written."""

CELL_ARROW, LAYER_ARROW = 2.5, 4.0
"""The thickest arrows, from cell to cell and from layer to layer."""

ARROWS = {"forward": "→", "backward": "←"}
SOLID = {"num_units": "own", "num_proj": "own_proj"}
"""The role of an area that is filled with the colour of an axis."""

OUTSIDE = Node("outside")
"""The ends of arrows: the boxes are cells, and no nodes of the picture of one."""


@dataclass(frozen=True)
class Scale:
    """The height of a row and of its cells, and the distance of two layers."""

    row: float
    cell: float
    gap: float


SCALES = Scale(30, 22, 44), Scale(30, 22, 24), Scale(18, 13, 16), Scale(18, 13, 10)
"""From the largest to the smallest: the first one with which the layers have room is used."""

ROOM, FEW_LAYERS = 256.0, 4
"""The height for all layers. More layers than these have low rows in any case."""


@dataclass(frozen=True)
class Output:
    """What the top layer returns: its name, the axes of one step, and whether it has every step or only the last state
    of each direction."""

    name: str
    axes: Axes
    every_step: bool = True


@dataclass(frozen=True)
class Square:
    """One cell at the steps of a slot."""

    box: Box
    slot: Slot


@dataclass(frozen=True)
class Row:
    """A direction of a layer: its whole area, its cells, and the area of the name of its last state, if it has one."""

    place: Place
    area: Box
    squares: tuple[Square, ...]
    exit: Box | None


@dataclass(frozen=True)
class StackMap:
    picture: Picture
    rows: tuple[Row, ...]


def columns(time_step: int, t: int) -> tuple[Slot, ...]:
    """The steps that are drawn: all, or the first ones, those around step t and the last ones."""
    if time_step <= MAX_COLUMNS:
        return tuple(SmallStep(s) for s in range(fixed(time_step)))
    half, third = MAX_COLUMNS // 2, MAX_COLUMNS // 3
    if minimum(t, time_step - 1 - t) < half:
        drawn = [*range(half), *_last(half, time_step)]
    else:
        around = range(t - third // 2, t + third // 2)
        drawn = [*range(third), *around, *_last(third, time_step)]
    found: list[Slot] = []
    for step in drawn:
        if found and step > found[-1].last + 1:
            found.append(Fold(found[-1].last + 1, step - 1))
        found.append(SmallStep(step))
    return tuple(found)


def _last(n: int, time_step: int) -> list[int]:
    """The last n steps."""
    return [time_step - k for k in range(n, 0, -1)]


class StackMapComposition:
    """Computes all positions and draws. Time runs to the right even where a cell computes the last step first."""

    def __init__(
        self,
        stack: Stack,
        t: int,
        focus: Place,
        lettering: Lettering,
        output: Output,
        names: Mapping[Place, str],
        backwards: bool = False,
    ) -> None:
        self.stack, self.t, self.focus, self.lettering, self.output = stack, t, focus, lettering, output
        self.names, self.backwards = {place: _short(name) for place, name in names.items()}, backwards
        self.columns = columns(stack.time_step, t)
        left, right = self._margin(at_left=True), self._margin(at_left=False)
        room = WIDTH - left - right
        shares = [FOLD if isinstance(slot, Fold) else 1.0 for slot in self.columns]
        self.pitch = minimum(PITCH, room / sum(shares))
        self.cell_width = self.pitch - maximum(MIN_ARROW, minimum(MAX_ARROW, 0.35 * self.pitch))
        self.is_named = self.pitch >= NAMED
        start = left + (room - self.pitch * sum(shares)) / 2
        self.xs = [
            start + (end - share / 2) * self.pitch for share, end in zip(shares, accumulate(shares), strict=True)
        ]
        self.start, self.end = self.xs[0] - self.cell_width / 2, self.xs[-1] + self.cell_width / 2
        self.inset = AROUND - 3 if stack.bidirectional else 0.0
        self.scale = self._scale()
        self.rows = self._rows()
        self.bottom = max(self.rows.values()) + self.scale.row + self.inset
        self.radius = minimum(CIRCLE if self.is_named else DOT, 0.42 * self.pitch)
        self.inputs = self.bottom + BELOW + self.radius
        self.height = self.inputs + self.radius + (2 if self.is_named else 22)
        self.height += 18 if self._folded() else 0

    def draw(self) -> StackMap:
        """The picture and the areas of its rows."""
        rows = tuple(self._row(place) for place in self.rows)
        shapes = (
            *self._outlines(),
            *(square.box for row in rows for square in row.squares),
            *self._marks(),
            *self._states(),
            *self._between_layers(),
            *self._title(),
            *self._outputs(),
            *self._inputs(),
            *self._words(),
        )
        layers = plural("{n} layer", "{n} layers", self.stack.num_layers)
        title = phrase("{layers} by {steps}", layers=layers, steps=steps(self.stack.time_step))
        return StackMap(Picture(WIDTH, self.height, shapes, title), rows)

    # positions

    def _ends_left(self, place: Place) -> bool:
        return is_reversed(place, self.backwards)

    def _margin(self, at_left: bool) -> float:
        """The room at one side: for the names of last states, and of layers."""
        own = [name for place, name in self.names.items() if self._ends_left(place) == at_left]
        name = max((mono_width(name, TEXT) for name in own), default=0.0)
        layer = LAYER if any(self._label_is_left(layer) == at_left for layer in range(self.stack.num_layers)) else 0.0
        shapes = 0.0 if at_left else maximum(*(line_width(line, SHAPE) for line in (self._between(), self._input())))
        return maximum(EXIT + 2 * CLEAR + name, layer, SHAPE_AWAY + shapes)

    def _label_is_left(self, layer: int) -> bool:
        """Whether the name of a layer is at the left: where the first of its rows has no last state."""
        return not self._ends_left((layer, "forward"))

    def _scale(self) -> Scale:
        """The largest scale with which the layers have room."""
        layers, directions = self.stack.num_layers, len(self.stack.directions)
        low = [scale for scale in SCALES if layers <= FEW_LAYERS or scale.row < SCALES[0].row]
        heights = {s: layers * (directions * s.row + 2 * self.inset) + (layers - 1) * s.gap for s in low}
        return next((scale for scale, height in heights.items() if height <= ROOM), low[-1])

    def _rows(self) -> dict[Place, float]:
        """The height of each layer and direction, the top layer first."""
        found, y = {}, HALVES_Y + HALVES_HEIGHT + ABOVE
        for layer in reversed(range(self.stack.num_layers)):
            y += self.inset
            for direction in self.stack.directions:
                found[layer, direction] = y
                y += self.scale.row
            y += self.inset + self.scale.gap
        return found

    def _middle(self, place: Place) -> float:
        return self.rows[place] + self.scale.row / 2

    def _top(self, layer: int) -> float:
        return self.rows[layer, "forward"] - self.inset

    def _bottom(self, layer: int) -> float:
        return self.rows[layer, self.stack.directions[-1]] + self.scale.row + self.inset

    # rows

    def _row(self, place: Place) -> Row:
        """The areas of a row."""
        y, width, height = self._middle(place) - self.scale.cell / 2, self.cell_width, self.scale.cell
        squares = tuple(
            Square(Box(self._role(place, slot), x - width / 2, y, width, height, 4, t=slot.first), slot)
            for slot, x in zip(self.columns, self.xs, strict=True)
            if isinstance(slot, SmallStep)
        )
        area = Box("view", 0, self.rows[place], WIDTH, self.scale.row, 5)
        return Row(place, area, squares, self._exit(place))

    def _role(self, place: Place, slot: Slot) -> str:
        return "focus" if (place, slot.first) == (self.focus, self.t) else "slab"

    def _exit(self, place: Place) -> Box | None:
        """The area of the name of a last state, and of the arrow to it."""
        if place not in self.names:
            return None
        width = EXIT + 2 * CLEAR + mono_width(self.names[place], TEXT)
        x = self.start - width if self._ends_left(place) else self.end
        return Box("view", x, self.rows[place], width, self.scale.row, 5)

    def _outlines(self) -> Iterator[Box]:
        """An outline around both directions of each layer, whose outputs are concatenated."""
        if self.stack.bidirectional:
            width = self.end - self.start + 2 * AROUND
            for layer in range(self.stack.num_layers):
                top, bottom = self._top(layer), self._bottom(layer)
                yield Box("view", self.start - AROUND, top, width, bottom - top, 7)

    def _marks(self) -> Iterator[Shape]:
        """The number of the step in focus, and the dots of folded steps."""
        for place in self.rows:
            for slot, x in zip(self.columns, self.xs, strict=True):
                if isinstance(slot, Fold):
                    yield Text(x, self._middle(place), DOTS, SMALL, "muted")
                elif self.is_named and self.scale.cell > TEXT and (place, slot.t) == (self.focus, self.t):
                    yield Label(x, self._middle(place), ((TextSpan(str(slot.t), "time_step"),),), SHAPE)

    def _states(self) -> Iterator[Shape]:
        """h from step to step, and out of the last step to its name."""
        axis = self.stack.state.names[0]
        for place in self.rows:
            y, half = self._middle(place), self.cell_width / 2
            for (slot, x), (following, after) in pairwise(zip(self.columns, self.xs, strict=True)):
                if isinstance(slot, Fold) or isinstance(following, Fold):
                    continue
                course = (x + half, y), (after - half - 1, y)
                yield self._arrow(axis, *(course[::-1] if self._ends_left(place) else course), CELL_ARROW)
            sign, edge = (-1, self.start) if self._ends_left(place) else (1, self.end)
            tip = edge + sign * EXIT
            yield self._arrow(axis, (edge, y), (tip, y), CELL_ARROW)
            if place in self.names:
                yield self._name(place, tip + sign * CLEAR, y, "end" if self._ends_left(place) else "start")

    def _name(self, place: Place, x: float, y: float, anchor: str) -> Shape:
        """The name of a last state; those of the top layer are stressed, because they are in the output, too."""
        name = self.names[place]
        if place[0] == self.stack.num_layers - 1:
            return Label(x, y, ((TextSpan(name, self.stack.state.names[0]),),), TEXT, anchor)
        return Text(x, y, name, TEXT, anchor=anchor, font="mono")

    # layers, outputs, inputs

    def _between_layers(self) -> Iterator[Shape]:
        """The output of each layer to the one above: at each step, both directions together."""
        for layer in range(1, self.stack.num_layers):
            yield from self._upwards(self._top(layer - 1), self._bottom(layer), self.stack.state.names[0])
            if layer == 1 or self.scale.gap > 20:
                x = self.xs[-1] + 9 if self.scale.gap > 40 else self.end + SHAPE_AWAY
                y = (self._bottom(layer) + self._top(layer - 1)) / 2
                yield Label(x, y, (self._between(),), SHAPE, "start")

    def _upwards(self, start: float, end: float, axis: str) -> Iterator[Wire]:
        for slot, x in zip(self.columns, self.xs, strict=True):
            if isinstance(slot, SmallStep):
                yield self._arrow(axis, (x, start - 1), (x, end + 2), LAYER_ARROW)

    def _outputs(self) -> Iterator[Shape]:
        """What the top layer returns at each step, a half for each direction; those that are last states are filled."""
        stack, top = self.stack, self.stack.num_layers - 1
        axis = axis_role(stack.state.names[0], stack.sizes)
        bottom = HALVES_Y + HALVES_HEIGHT
        yield from self._upwards(self._top(top), bottom + 1, axis)
        width = minimum(32.0, self.pitch - 4) / len(stack.directions)
        for slot, x in zip(self.columns, self.xs, strict=True):
            if isinstance(slot, Fold):
                yield Text(x, HALVES_Y + HALVES_HEIGHT / 2, DOTS, SMALL, "muted")
                continue
            for n, direction in enumerate(stack.directions):
                left = x + (n - len(stack.directions) / 2) * width
                is_last = slot.t == ends((top, direction), stack.time_step, self.backwards)[1]
                role = AREAS[axis] if self.output.every_step else "view"
                role = SOLID.get(axis, axis) if is_last else role
                yield Box(role, left, HALVES_Y, width, HALVES_HEIGHT, 0)
                if self.is_named and stack.bidirectional:
                    yield Text(
                        left + width / 2, HALVES_Y + HALVES_HEIGHT / 2, ARROWS[direction], minimum(TEXT, width), axis
                    )

    def _title(self) -> Iterator[Shape]:
        """The name of the output and its shape at one step."""
        line = self._line(self.output.axes)
        shape, name = line_width(line, SHAPE), mono_width(self.output.name, TEXT)
        left, right = self.xs[0] - self.pitch / 2 + 3, self.xs[-1] + self.pitch / 2 - 3
        if name + shape + 12 > right - left:
            right = minimum(WIDTH, maximum(right, left + name + shape + 12))
            left = minimum(left, right - name - shape - 12)
        yield Text(left, TITLE_Y, self.output.name, TEXT, anchor="start", font="mono")
        yield Label(right, TITLE_Y, (line,), SHAPE, "end")

    def _inputs(self) -> Iterator[Shape]:
        """x of each step, or its number."""
        yield from self._upwards(self.inputs - self.radius, self._bottom(0), "features")
        for slot, x in zip(self.columns, self.xs, strict=True):
            if isinstance(slot, Fold):
                yield Text(x, self.inputs, DOTS, SMALL, "muted")
                continue
            yield Ellipse("x", x, self.inputs, self.radius, self.radius)
            if self.is_named:
                size = minimum(14, 1.05 * self.radius)
                yield Text(x - 1, self.inputs, "x", size, font="serif", italic=True, sub=str(slot.t))
        x = self.xs[-1] + self.radius + 6
        yield Label(x, self.inputs, (self._input(),), SHAPE, "start")

    def _words(self) -> Iterator[Shape]:
        """The names of layers, and of steps that have none in a circle."""
        for layer in range(self.stack.num_layers):
            y, words = self._middle((layer, "forward")), layer_name(layer)
            if self._label_is_left(layer):
                yield Text(0, y, words, TEXT, "muted", anchor="start")
            else:
                yield Text(WIDTH, y, words, TEXT, "muted", anchor="end")
        if not self.is_named:
            yield from self._numbers()
        if folded := self._folded():
            words = phrase("… {n:,} more", n=folded)
            yield Text((self.xs[0] + self.xs[-1]) / 2, self.height - 9, words, TEXT, "muted")

    def _numbers(self) -> Iterator[Shape]:
        """The numbers of the step in focus, and of the first and the last one where these have room."""
        y = self.inputs + self.radius + 12
        taken: list[tuple[float, float]] = []
        for t in (self.t, 0, self.stack.time_step - 1):
            words, at = grouped(t), next(x for slot, x in zip(self.columns, self.xs, strict=True) if slot.first == t)
            half = word_width(words, TEXT) / 2 + 3
            if all(abs(at - x) >= half + other for x, other in taken):
                taken.append((at, half))
                yield Text(at, y, words, TEXT, "time_step" if t == self.t else "muted")

    def _folded(self) -> int:
        return sum(slot.count for slot in self.columns if isinstance(slot, Fold))

    def _between(self) -> Line:
        """The shape of what each layer hands to the one above."""
        return self._line((BATCH_SIZE, self.stack.output))

    def _input(self) -> Line:
        return self._line((BATCH_SIZE, FEATURES))

    def _line(self, axes: Axes) -> Line:
        """A shape in one line; products of numbers are multiplied out, as the framework prints them."""
        write, sizes = self.lettering.boxes[0], {**self.stack.sizes, "directions": len(self.stack.directions)}
        if write is not number:
            return shape_line(axes, sizes, write)
        spans: list[TextSpan] = []
        for axis in axes:
            role = axis_role(axis.names[0], sizes)
            spans += [*([TIMES] if spans else []), ShapeSpan(str(axis.size(sizes)), role)]
        return tuple(spans)

    def _arrow(self, axis: str, start: Point, end: Point, thickest: float) -> Wire:
        width = minimum(thickest, thickness(self.stack.sizes[axis]))
        return Wire.between(Port(OUTSIDE, *start), Port(OUTSIDE, *end), axis, width)


def _short(name: str) -> str:
    """A name, or that of its array if it is long."""
    return name if len(name) <= MAX_NAME else re.split(r"[\[.]", name)[0]
