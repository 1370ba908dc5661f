"""A training, epoch by epoch: loss and accuracy side by side, or the gap between what it knows and what it can do.

The axes are those of all epochs from the start, so that nothing moves while epochs are added.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import floor, log10

from ....training.accuracy_or_error import Measure
from ....training.tasks import DIGITS
from ....translations.numbers import grouped
from ....translations.phrases import phrase
from ...charts.line_chart import linear_scale
from ...elements import Heading, Label, Picture, Point, Polygon, Polyline, Shape, Text
from ...text_metrics import mono_width, word_width
from ...text_spans import TextSpan
from ...training_scene import Course
from .accuracy_by_num_units import NOT_SEEN, TRAINED_ON
from .sizes_by_format import TRAINING, TrainingFormat
from .value_axis_and_grid import Plot, crosses, dot, left_of, line, name, number_width, scale_of

LOSS = phrase("loss")

VALUES, LINE_ENDS = 70.0, 160.0
"""The margins at the right of plots: for values, and for values with names behind them."""

HEAD, ROW, FOOT = 30.0, 20.0, 34.0
"""Above a plot; from row to row of words; below a plot."""

SAMPLE = 15.0
"""The length of the piece of a line beside its name, in units."""

FREE = 4.0
"""From the middle of the last values to the lower edge of a plot."""

APART = 60.0
"""The least distance between two numbers under the lines."""


def loss_by_epoch(training: Course, measure: Measure, format: str) -> Picture:
    """Draw the epochs so far. What is believed about a text, below it, leaves no room for a tall gap."""
    composition = CourseComposition(training, measure, TRAINING[format])
    return composition.gap() if training.memorised and measure is DIGITS.measure else composition.both()


def plots_of(training: Course, measure: Measure, format: str) -> tuple[Plot, Plot]:
    """Where the loss and the measure are, of a training that has not memorised."""
    return CourseComposition(training, measure, TRAINING[format]).plots()


class CourseComposition:
    """Computes positions, and draws. Lengths are in units of the format."""

    def __init__(self, training: Course, measure: Measure, format: TrainingFormat) -> None:
        self.epochs, self.total, self.measure, self.format = training.epochs, training.total, measure, format
        self.losses = [epoch.loss for epoch in self.epochs]
        self.expected = training.expected
        self.unit, self.size = format.unit, format.words
        self.train = [measure.factor * epoch.train for epoch in self.epochs]
        self.test = [measure.factor * epoch.test for epoch in self.epochs]

    def both(self) -> Picture:
        """The loss and the measure: side by side, or one below the other."""
        loss, measured = self.plots()
        u, format = self.unit, self.format
        bottom = measured.bottom + (FOOT + (ROW if format.narrow else 0)) * u
        shapes = (*self._loss(loss), *self._measured(measured))
        return Picture(format.width, bottom, shapes, self._title(), u)

    def plots(self) -> tuple[Plot, Plot]:
        """Where both are."""
        u, format = self.unit, self.format
        losses, values = self.losses or [self.expected], [*self.train, *self.test] or [self.expected]
        scales = linear_scale(losses), scale_of(self.measure, values)
        lefts = [left_of(format, scale) for scale in scales]
        if format.narrow:
            right, top = format.width - 16 * u, HEAD * u
            loss = Plot(format, scales[0], lefts[0], top, right, top + format.course)
            top = loss.bottom + (FOOT + 2 * ROW + HEAD) * u
            return loss, Plot(format, scales[1], lefts[1], top, right, top + format.course)
        wide = (format.width - sum(lefts) - 2 * VALUES * u) / 2
        top = (HEAD + ROW * (self._rows(wide + lefts[1]) - 1)) * u
        bottom = top + format.course
        loss = Plot(format, scales[0], lefts[0], top, lefts[0] + wide, bottom)
        right = format.width - VALUES * u
        return loss, Plot(format, scales[1], right - wide, top, right, bottom)

    def gap(self) -> Picture:
        """The measure alone, with the area between both lines filled and measured at the end."""
        u, format = self.unit, self.format
        top = (HEAD + (ROW if format.narrow else 0)) * u
        right = format.width - (16 if format.narrow else LINE_ENDS) * u
        bottom = top + max(format.plot, format.course)
        plot = Plot(format, scale_of(self.measure, []), format.left, top, right, bottom)
        shapes: list[Shape] = [*self._frame(plot, self.measure.title, "muted", 2 if format.narrow else 1)]
        if self.epochs:
            train, test = self._points(plot, self.train), self._points(plot, self.test)
            shapes.insert(0, Polygon("spread", (*train, *reversed(test))))
            shapes += line(format, train, is_train=True), line(format, test, is_train=False)
            shapes += self._names_above(plot) if format.narrow else self._names_at_ends(plot, train[-1], test[-1])
            shapes += self._bracket(plot, train, test)
        bottom = plot.bottom + (FOOT + (ROW if format.narrow else 0)) * u
        return Picture(format.width, bottom, tuple(shapes), self._title(), u)

    def _title(self) -> str:
        """The text alternative."""
        n, total = len(self.epochs), self.total
        return phrase("Loss, and what was learned, after {n:,} of {total:,} epochs", n=n, total=total)

    # plots

    def _loss(self, plot: Plot) -> Iterator[Shape]:
        losses = self.losses
        yield from self._frame(plot, LOSS, "ink")
        if not losses:
            return
        yield from self._now(plot)
        points, text = self._points(plot, losses), f"{losses[-1]:.3f}"
        yield line(self.format, points, is_train=False)
        yield dot(self.format, "point", *points[-1], 4)
        if self.format.narrow:
            yield self._value(text, "", plot.right - mono_width(text, self.size), plot.top - ROW * self.unit, "ink")
        else:
            yield self._value(text, "", points[-1][0] + 10 * self.unit, points[-1][1] - 8 * self.unit, "ink")

    def _measured(self, plot: Plot) -> Iterator[Shape]:
        rows = 2 if self.format.narrow else self._rows(plot.right - plot.left + self._left(plot))
        yield from self._frame(plot, self.measure.title, "muted", rows)
        yield from self._names_above(plot)
        if not self.epochs:
            return
        yield from self._now(plot)
        train, test = self._points(plot, self.train), self._points(plot, self.test)
        yield line(self.format, train, is_train=True)
        yield line(self.format, test, is_train=False)
        yield dot(self.format, "point", *test[-1], 4)
        if not self.format.narrow:
            yield from self._values_beside(plot, train[-1], test[-1])

    def _frame(self, plot: Plot, title: str, role: str, rows: int = 1) -> Iterator[Shape]:
        """The grid, the title of its axis so many rows above it, and the epochs under it."""
        u, kind = self.unit, Heading if role == "ink" else Text
        yield from plot.grid()
        x = plot.left - self._left(plot) + 2
        yield kind(x, plot.top - rows * ROW * u, title, self.size, role, anchor="start")
        y, tick = plot.bottom + 18 * u, self.format.tick
        for epoch in self._ticks(plot):
            yield Text(self._x(plot, epoch), y, grouped(epoch), tick, "muted", "mono")
        if self.format.narrow:
            yield Text(plot.right, y + ROW * u, phrase("epoch"), self.size, "muted", anchor="end")
        else:
            half = mono_width(grouped(self.total), tick) / 2
            yield Text(plot.right + half + 8 * u, y, phrase("epoch"), self.size, "muted", anchor="start")

    def _left(self, plot: Plot) -> float:
        """The width of what is at the left of a plot."""
        return left_of(self.format, plot.scale)

    def _rows(self, room: float) -> int:
        """The number of rows above a plot: one if the title of its axis and the names of the lines fit it."""
        words = (self.measure.title, TRAINED_ON, NOT_SEEN)
        wide = sum(word_width(one, self.size) for one in words) + 2 * (SAMPLE + 23) * self.unit
        return 1 if wide <= room else 2

    def _ticks(self, plot: Plot) -> list[int]:
        """The epochs that are written: the first, the last, and round numbers between them that have room."""
        most = max(1, floor((plot.right - plot.left) / (APART * self.unit)))
        rough = max(1.0, self.total / most)
        power = 10 ** floor(log10(rough))
        every = next(n * power for n in (1, 2, 5, 10) if n * power >= rough)
        near = 0.7 * APART * self.unit
        between = range(every, self.total, every)
        ends = {1, self.total}
        free = [n for n in between if all(abs(self._x(plot, n) - self._x(plot, end)) >= near for end in ends)]
        return sorted({*ends, *free})

    def _x(self, plot: Plot, epoch: int) -> float:
        return plot.left + epoch / self.total * (plot.right - plot.left)

    def _points(self, plot: Plot, values: Sequence[float]) -> list[Point]:
        return [(self._x(plot, n), plot.y(value)) for n, value in enumerate(values, 1)]

    def _now(self, plot: Plot) -> Iterator[Shape]:
        """A line at the last epoch, while others are to come."""
        if len(self.epochs) < self.total:
            x = self._x(plot, len(self.epochs))
            dash = round(2 * self.unit), round(3 * self.unit)
            yield Polyline("ink", ((x, plot.top), (x, plot.bottom)), self.unit, dash)

    # names and values

    def _value(self, text: str, unit: str, x: float, y: float, role: str) -> Label:
        """A value with its unit, in bold type, from x on."""
        return Label(x, y, ((TextSpan(f"{text}\u00a0{unit}" if unit else text, role),),), self.size, "start")

    def _entries(self) -> list[tuple[str, str, str, bool]]:
        """Each line with its name, its last value and the colour of that."""
        last = self.epochs[-1] if self.epochs else None
        train, test = (self.measure.written(value) for value in (last.train, last.test)) if last else ("", "")
        return [(TRAINED_ON, train, "muted", True), (NOT_SEEN, test, "ink", False)]

    def _values_beside(self, plot: Plot, train: Point, test: Point) -> Iterator[Shape]:
        """The last values at the right of the last points, one above the other."""
        u = self.unit
        apart = max(0.0, ROW * u - abs(train[1] - test[1])) / 2 * (1 if train[1] <= test[1] else -1)
        highest, lowest = (edge(train[1], test[1]) for edge in (min, max))
        lower = max(0.0, plot.top - (highest - abs(apart)))  # not above the plot
        higher = max(0.0, lowest + abs(apart) - (plot.bottom - FREE * u))  # not at the name of its axis
        for (_, value, role, _), (x, y), shift in zip(self._entries(), (train, test), (-apart, apart), strict=True):
            yield self._value(value, self.measure.unit, x + 10 * u, y + shift + lower - higher, role)

    def _names_above(self, plot: Plot) -> Iterator[Shape]:
        """In a row above a plot, each with a piece of its line; with its value, if there is no room beside the plot."""
        u, y, narrow = self.unit, plot.top - ROW * self.unit, self.format.narrow
        right = self.format.width - 4 * u if narrow else plot.right
        for words, value, role, is_train in reversed(self._entries()):
            if value and narrow:
                right -= number_width(value, self.measure.unit, self.size, small=False) + 2 * u
                yield self._value(value, self.measure.unit, right, y, role)
            right -= word_width(words, self.size) + 8 * u
            yield name(words, right, y, self.size, is_train=is_train)
            right -= (SAMPLE + 5) * u
            yield line(self.format, ((right, y), (right + SAMPLE * u, y)), is_train=is_train)
            right -= 10 * u

    def _names_at_ends(self, plot: Plot, train: Point, test: Point) -> Iterator[Shape]:
        """Each at the end of its line, after its value."""
        u = self.unit
        for (words, value, role, is_train), (x, y) in zip(self._entries(), (train, test), strict=True):
            left = x + 10 * u
            yield self._value(value, self.measure.unit, left, y, role)
            left += number_width(value, self.measure.unit, self.size, small=False) + 10 * u
            yield name(words, left, y, self.size, is_train=is_train)

    def _bracket(self, plot: Plot, train: Sequence[Point], test: Sequence[Point]) -> Iterator[Shape]:
        """The height of the gap at the end, with how many points it is: in words where there is room for them
        between both lines, or below these."""
        u = self.unit
        x, half = train[-1][0] - 14 * u, 4 * u
        upper, lower = train[-1][1] + 5 * u, test[-1][1] - 5 * u
        yield Polyline("ink", ((x, upper), (x, lower)), 1.4 * u)
        for y in (upper, lower):
            yield Polyline("ink", ((x - half, y), (x + half, y)), 1.4 * u)
        words = phrase("{n:.0f} points", n=self.train[-1] - self.test[-1])
        right, tall = x - 10 * u, 0.6 * self.size
        left = right - word_width(words, self.size)
        over = [(high, low) for (at, high), (_, low) in zip(train, test, strict=True) if at >= left]
        inside = (max(high for high, _ in over) + min(low for _, low in over)) / 2
        for y in (inside, max(low for _, low in over) + 24 * u):
            rectangle = left - 4 * u, y - tall, right, y + tall
            on_a_line = any(crosses(a, b, *rectangle) for line in (train, test) for a, b in pairwise(line))
            if left > plot.left and y + tall < plot.bottom and not on_a_line:
                yield Heading(right, y, words, self.size, anchor="end")
                return
