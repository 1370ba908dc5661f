"""The rectangle of a plot with its grid, and what is drawn in all plots of a training: lines, their names, numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....training.accuracy_or_error import Measure
from ...charts.line_chart import Scale, linear_scale
from ...elements import Ellipse, Heading, Label, Point, Polyline, Shape, Text
from ...text_metrics import mono_width
from ...text_spans import TextSpan
from .sizes_by_format import TrainingFormat

PERCENT = Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), log=False)

SMALL_UNIT, UNIT_GAP = 0.64, 0.32
"""The unit behind a number: its size, and the gap before it, in sizes of the number."""


def scale_of(measure: Measure, values: Sequence[float]) -> Scale:
    """The scale of a measure: the whole of a share, or from 0 to the largest error."""
    return linear_scale(values) if measure.is_error else PERCENT


def left_of(format: TrainingFormat, scale: Scale) -> float:
    """Where a plot begins: behind the numbers of its scale."""
    widest = max(mono_width(scale.written(tick), format.tick) for tick in scale.ticks)
    return max(format.left, widest + 10 * format.unit)


@dataclass(frozen=True)
class Plot:
    """The rectangle, and the scale of its heights."""

    format: TrainingFormat
    scale: Scale
    left: float
    top: float
    right: float
    bottom: float

    def y(self, value: float) -> float:
        """The height of a value of the scale."""
        return self.bottom - self.scale.share(value) * (self.bottom - self.top)

    def grid(self) -> Iterator[Shape]:
        """A hairline and a number for each tick."""
        unit, tick = self.format.unit, self.format.tick
        for value in self.scale.ticks:
            y = self.y(value)
            yield Polyline("hairline", ((self.left, y), (self.right, y)), unit)
            yield Text(self.left - 8 * unit, y, self.scale.written(value), tick, "muted", "mono", "end")


def line(format: TrainingFormat, points: Sequence[Point], *, is_train: bool) -> Polyline:
    """The line of what the network was trained on, or of what it has not seen."""
    unit = format.unit
    if is_train:
        return Polyline("muted", (*points,), 1.5 * unit, (round(5 * unit), round(4 * unit)))
    return Polyline("ink", (*points,), 2.2 * unit)


def name(words: str, x: float, y: float, size: float, anchor: str = "start", *, is_train: bool) -> Text:
    """The name of one of the two lines."""
    if is_train:
        return Text(x, y, words, size, "muted", anchor=anchor)
    return Heading(x, y, words, size, anchor=anchor)


def dot(format: TrainingFormat, role: str, x: float, y: float, radius: float) -> Ellipse:
    """The mark of a value: a ring, or a filled dot."""
    return Ellipse(role, x, y, radius * format.unit, radius * format.unit)


def number(text: str, unit: str, x: float, y: float, size: float, role: str = "ink", *, small: bool) -> Iterator[Shape]:
    """A number in bold type that begins at x, with its unit behind it, which may be smaller."""
    wide = mono_width(text, size)
    yield Label(x + wide / 2, y, ((TextSpan(text, role),),), size)
    if unit:
        of_unit = SMALL_UNIT * size if small else size
        left = x + wide + UNIT_GAP * size
        lower = 0.36 * (size - of_unit)  # the same base line
        yield Label(left + mono_width(unit, of_unit) / 2, y + lower, ((TextSpan(unit, role),),), of_unit)


def number_width(text: str, unit: str, size: float, *, small: bool) -> float:
    """The width of a number with its unit."""
    of_unit = SMALL_UNIT * size if small else size
    return mono_width(text, size) + (UNIT_GAP * size + mono_width(unit, of_unit) if unit else 0.0)


def crosses(a: Point, b: Point, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a line from a to b, which goes to the right, enters a rectangle."""
    start, end = max(a[0], left), min(b[0], right)
    if start > end:
        return False
    ys = [a[1] + (b[1] - a[1]) * (x - a[0]) / ((b[0] - a[0]) or 1) for x in (start, end)]
    return not (max(ys) < top or min(ys) > bottom)
