"""The learning curve: how well a cell does, over num_units, and below the axis what each num_units costs.

Gain grows upwards and cost grows downwards.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from ....size_expressions import chosen, log2, maximum, minimum, where
from ....translations.numbers import grouped
from ....translations.phrases import phrase, plural
from ...elements import Box, Heading, Label, Picture, Point, Polygon, Polyline, Shape, Text
from ...scene import Scene
from ...text_metrics import fitting_size, mono_width, word_width
from ...text_spans import TextSpan
from ...training_scene import CurvePoint, TrainingScene
from .measured_curve_at_num_units import Present
from .size_axis import TICKS, SizeAxis, size_axis
from .sizes_by_format import TRAINING
from .value_axis_and_grid import Plot, crosses, dot, left_of, line, name, number, number_width, scale_of

TRAINED_ON = phrase("trained on")
NOT_SEEN = phrase("not seen")

NUMBER = 22.0
"""The size of the number of the present num_units, in units."""

APART, NEAR_APART = 8.0, 3.0
"""The least distance between two numbers in a row, and in a narrow picture between the present one and others, in
units."""

BAR = 34.0
"""The width of a bar of parameters, in units."""

AWAY = 13.0
"""From the line of the present num_units to the words beside it, in units."""

LONGER = "   "
"""The letters that the translation of words may have more."""

SMALL_NUMBER = 16.0
"""The size of the number of the present num_units above the plot, if there is no room in it, in units."""

ABOVE = 104.0
"""The room above the plot that is kept for that number, in units."""

Place = tuple[float, float, int]
"""Where words are, relative to a point, and in how many rows."""

NOWHERE: Place = 0.0, 0.0, 0
"""The place of words that have no room."""

BLANK = "\u00a0"
"""A number that is left out because another one is in its place: templates have the same shapes for all sizes."""


def accuracy_by_num_units(scene: Scene, training: TrainingScene) -> Picture:
    """Draw the learning curve, with the num_units of the scene marked."""
    return CurveComposition(scene, training).draw()


def axis_of(scene: Scene) -> SizeAxis:
    """Where the axis of num_units is in the curve of a scene."""
    return CurveComposition(scene, scene.training).axis


def plot_of(scene: Scene) -> Plot:
    """Where the lines are in the curve of a scene."""
    return CurveComposition(scene, scene.training).plot


class CurveComposition:
    """Computes all positions, and draws. The axis is known before."""

    def __init__(self, scene: Scene, training: TrainingScene) -> None:
        self.scene, self.measure, self.curve = scene, training.measure, training.curve
        self.format = TRAINING[scene.format]
        self.unit = unit = self.format.unit
        self.here: int = scene.sizes["num_units"]
        values = [self.measure.factor * v for p in self.curve.points for v in (*p.train, *p.test)]
        scale = scale_of(self.measure, values)
        self.axis: SizeAxis = size_axis(self.format, self.here, left_of(self.format, scale))
        self.bottom = self.axis.y
        self.plot = Plot(self.format, scale, self.axis.start, self.format.top, self.axis.end, self.bottom)
        self.sizes_row = self.bottom + 26 * unit
        self.costs_row = self.sizes_row + (52 if self.format.narrow else 30) * unit
        self.base = self.costs_row + 12 * unit
        self.x = self.axis.x(self.here)
        self.present = Present(self.here, self.curve)
        self.is_line = self.curve.joined and len(self.curve.points) > 1
        self.train, self.test = self._line(lambda p: fmean(p.train)), self._line(lambda p: fmean(p.test))
        self.best, self.worst = self._line(lambda p: max(p.test)), self._line(lambda p: min(p.test))
        self._places: dict[tuple[CurvePoint, CurvePoint], Place] = {}

    def draw(self) -> Picture:
        shapes = (
            *self._band(),
            *self.plot.grid(),
            *self._title(),
            *self._lines(),
            *self._axis(),
            *self._marked(),
            *self._names(),
            *self._sizes(),
            *self._costs(),
        )
        height = self.base + (self.format.bars + 4 * self.unit if self.curve.costs else 4 * self.unit)
        title = phrase("{cell}: what each num_units learns and costs", cell=self.scene.program.cell.title)
        return Picture(self.format.width, height, shapes, title, self.unit)

    def _title(self) -> Iterator[Shape]:
        """What the scale is, and how it was measured: in bold type if the reader would train otherwise. A narrow
        picture has room for one of both; the sentence above it says how the reader would train."""
        y, title, size = 10 * self.unit, self.measure.title, self.format.words
        is_otherwise, narrow = self.curve.is_otherwise, self.format.narrow
        x = 2.0
        if not (narrow and is_otherwise):
            yield Text(x, y, title, size, "muted", anchor="start")
            x += word_width(title, size) + 24 * self.unit
        if not self.curve.measured or (narrow and not is_otherwise):
            return
        measured, chosen = self.curve.schedules
        how = phrase("measured with {schedule}", schedule=measured)
        if is_otherwise and not narrow:
            how = phrase("{how}; yours: {schedule}", how=how, schedule=chosen)
        room = self.format.width - x - (0 if narrow else ABOVE * self.unit)
        size *= min(1.0, room / word_width(how + LONGER, size))
        kind, role = (Heading, "ink") if is_otherwise else (Text, "muted")
        yield kind(x, y, how, size, role, anchor="start")

    # what was measured

    def _place(self, num_units: int, value: float) -> Point:
        return self.axis.x(num_units), self.plot.y(self.measure.factor * value)

    def _line(self, value: Callable[[CurvePoint], float]) -> list[Point]:
        return [self._place(point.num_units, value(point)) for point in self.curve.points]

    def _band(self) -> Iterator[Shape]:
        """From the worst to the best seed."""
        if self.is_line:
            yield Polygon("spread", (*self.best, *reversed(self.worst)))

    def _lines(self) -> Iterator[Shape]:
        if self.is_line:
            yield line(self.format, self.train, is_train=True)
            yield line(self.format, self.test, is_train=False)
        else:
            half = 7 * self.unit
            for (x, y), *ends in zip(self.train, self.best, self.worst, strict=True):
                yield line(self.format, ((x - half, y), (x + half, y)), is_train=True)
                yield Polyline("ink", (*ends,), self.unit)
        yield from (dot(self.format, "ring", x, y, 3) for x, y in self.test)

    # the axis and the present num_units

    def _axis(self) -> Iterator[Shape]:
        axis, width = self.axis, 2.5 * self.unit
        end = axis.end if axis.beyond is None else axis.last
        yield Polyline("hairline", ((axis.start, axis.y), (end, axis.y)), width)
        if axis.beyond is not None:
            dash = round(3 * self.unit), round(4 * self.unit)
            yield Polyline("num_units", ((axis.last, axis.y), (axis.beyond, axis.y)), width, dash)
        yield Polyline("num_units", ((axis.start, axis.y), (minimum(self.x, end), axis.y)), width)

    def _marked(self) -> Iterator[Shape]:
        """A line from the place on the axis up to the curve, with what was measured beside it."""
        present = self.present
        if present.is_measured or present.is_between:
            y = present.choose(self._height, where)
            yield Polyline("num_units", ((self.x, y), (self.x, self.axis.y)), 1.6 * self.unit)
            yield from self._words(y)
            yield dot(self.format, "marked" if present.is_measured else "thumb", self.x, y, 6)
        else:
            dash = round(4 * self.unit), round(4 * self.unit)
            yield Polyline("num_units", ((self.x, self.plot.top), (self.x, self.axis.y)), 1.6 * self.unit, dash)
            yield from self._not_measured()
        yield dot(self.format, "thumb", self.x, self.axis.y, 8)

    def _height(self, one: CurvePoint, other: CurvePoint) -> float:
        """The height of the curve at the present num_units."""
        (_, y), (_, end) = (self._place(p.num_units, fmean(p.test)) for p in (one, other))
        if one is other:
            return y
        share = (log2(self.here) - log2(one.num_units)) / (log2(other.num_units) - log2(one.num_units))
        return y + share * (end - y)

    def _words(self, y: float) -> Iterator[Shape]:
        """The measured number, or those of both neighbours, with what is said of them below; only the number, above the
        plot, if there is no room at any size between both."""
        choose, unit = self.present.choose, self.unit
        text, of = choose(self._number, chosen), self.measure.unit
        if choose(lambda *pair: int(self._beside(*pair) is NOWHERE), where) == 1:
            wide = number_width(text, of, SMALL_NUMBER * unit, small=True)
            x = self.format.width - 4 * unit - wide
            yield from number(text, of, x, 10 * unit, SMALL_NUMBER * unit, self._role, small=True)
            return
        is_right = bool(choose(lambda *pair: self._beside(*pair)[0], where) > 0)
        y += choose(lambda *pair: self._beside(*pair)[1], where)
        size = NUMBER * unit
        x = self.x + AWAY * unit if is_right else self.x - AWAY * unit
        left = x if is_right else x - number_width(text, of, size, small=True)
        yield from number(text, of, left, y, size, self._role, small=True)
        low = choose(lambda one, other: self._said(one, other)[0], chosen)
        high = choose(lambda one, other: self._said(one, other)[1], chosen)
        one_row, *more = self._variants(low, high, choose(lambda one, _: len(one.test), where))
        rows = more[0] if more and choose(lambda *pair: self._beside(*pair)[2], where) == 2 else one_row
        for n, row in enumerate(rows, 1):
            anchor = "start" if is_right else "end"
            yield Text(x, y + 20 * n * unit, row, self.format.words, "muted", anchor=anchor)

    @property
    def _role(self) -> str:
        """The colour of the number: muted if the reader would train otherwise."""
        return "muted" if self.curve.is_otherwise else "ink"

    def _number(self, one: CurvePoint, other: CurvePoint) -> str:
        """The mean of the seeds, or the means of both neighbours."""
        if one is other:
            return self.measure.written(fmean(one.test))
        return "–".join(map(self.measure.written, sorted((fmean(one.test), fmean(other.test)))))

    def _said(self, one: CurvePoint, other: CurvePoint) -> tuple[str, str]:
        """The worst and the best seed, or both neighbours."""
        if one is other:
            return self.measure.written(min(one.test)), self.measure.written(max(one.test))
        return str(one.num_units), str(other.num_units)

    def _variants(self, low: str, high: str, seeds: int) -> list[list[str]]:
        """What is below the number, in one row, or also in two."""
        if self.present.is_between:
            if self.format.narrow:
                return [[phrase("at {one} and {other}", one=low, other=high)]]
            return [[phrase("measured at {one} and {other}", one=low, other=high)]]
        spread, of = phrase("{low} to {high}", low=low, high=high), plural("{n} seed", "{n} seeds", seeds)
        one_row: list[str] = [phrase("{one}, {other}", one=spread, other=of)]
        return [one_row, [spread, of]] if self.format.narrow else [one_row]

    def _beside(self, one: CurvePoint, other: CurvePoint) -> Place:
        """Where words are, relative to the present value. It is the same for all sizes between both points."""
        if (one, other) not in self._places:
            self._places[one, other] = self._free(one, other)
        return self._places[one, other]

    def _free(self, one: CurvePoint, other: CurvePoint) -> Place:
        """The first place where words cover no line and fit the plot, in as many rows as possible."""
        unit = self.unit
        number = number_width(self._number(one, other), self.measure.unit, NUMBER * unit, small=True)
        ends = [(self.axis.x(p.num_units), self._place(p.num_units, fmean(p.test))[1]) for p in (one, other)]
        far = [side * n * 20 * unit for side in (1, -1) for n in range(2, 16)]
        for rows in reversed(self._variants(*self._said(one, other), len(one.test))):
            wide = max(number, *(word_width(row + LONGER, self.format.words) for row in rows))
            tall = (6 + 20 * len(rows)) * unit
            for y in (28 * unit, 19 * unit, -tall - 20 * unit, *far):
                for x in (AWAY * unit, -AWAY * unit - wide):
                    if self._is_free(ends, (x, y), wide, tall):
                        return x, y, len(rows)
        return NOWHERE

    def _is_free(self, ends: Sequence[Point], place: Point, wide: float, tall: float) -> bool:
        """Whether words at a place beside any point between two of the curve are in the plot, but on no line."""
        (x, y), (end, lower) = ends
        left, right = x + place[0], end + place[0] + wide
        top, bottom = min(y, lower) + place[1] - 10 * self.unit, max(y, lower) + place[1] + tall
        return self._is_clear(left, top, right, bottom)

    def _is_clear(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a rectangle is in the plot, but on no line and no name of one."""
        unit, clear = self.unit, 5 * self.unit
        if left < self.plot.left or right > self.format.width - 2:
            return False
        if top < self.plot.top or bottom > self.bottom - 4 * unit:
            return False
        is_beside = bool(self.curve.points) and not self.format.narrow and right > self.axis.last + 14 * unit
        if is_beside and top < self._names_below and bottom > self._names_below - 45 * unit:
            return False
        lines = (self.train, self.best, self.worst) if self.is_line else ()
        grown = left - clear, top - clear, right + clear, bottom + clear
        return not any(crosses(a, b, *grown) for line in lines for a, b in pairwise(line))

    def _not_measured(self) -> Iterator[Shape]:
        """That there is no number, at the free side of the line."""
        size, away = self.format.words, AWAY * self.unit
        words = phrase("not measured")
        wide = word_width(words + LONGER, size)
        at_left = self.axis.beyond is not None or bool(self.x + away + wide > self.format.width - 2)
        x, anchor = (self.x - away, "end") if at_left else (self.x + away, "start")
        heights = [(self.plot.y(a) + self.plot.y(b)) / 2 for a, b in pairwise(self.plot.scale.ticks)]
        free = [y for y in heights if not self.is_line or self._is_clear(x - wide, y - size / 2, x, y + size / 2)]
        if free:
            yield Text(x, free[min(1, len(free) - 1)], words, size, "num_units", anchor=anchor)
        else:
            yield Text(self.format.width - 4 * self.unit, 10 * self.unit, words, size, "num_units", anchor="end")

    # words

    def _names(self) -> Iterator[Shape]:
        """The names of both lines: at their ends, or above the plot with a piece of each."""
        points, size, unit = self.curve.points, self.format.words, self.unit
        if not points:
            return
        if not self.format.narrow:
            x, upper, lower = self.axis.last + 18 * unit, self._names_below - 34 * unit, self._names_below - 12 * unit
            train, test = self._last_heights
            yield name(TRAINED_ON, x, upper if train <= test else lower, size, is_train=True)
            yield name(NOT_SEEN, x, lower if train <= test else upper, size, is_train=False)
            return
        right, y = self.format.width - 4 * unit, 32 * unit
        for words, is_train in ((TRAINED_ON, True), (NOT_SEEN, False)):
            wide = word_width(f"{words}  ", size)
            yield name(words, right - wide, y, size, is_train=is_train)
            start = right - wide - 25 * unit
            yield line(self.format, ((start, y), (start + 19 * unit, y)), is_train=is_train)
            right = start - 12 * unit

    @property
    def _last_heights(self) -> tuple[float, float]:
        """Where both lines end."""
        return self.train[-1][1], self.test[-1][1]

    @property
    def _names_below(self) -> float:
        """The lower edge of the names at the ends of the lines."""
        return max(sum(self._last_heights) / 2, self.plot.top + 6 * self.unit) + 23 * self.unit

    def _sizes(self) -> Iterator[Shape]:
        """The numbers under the axis, the present one in bold type."""
        tick, bold = 13 * self.unit, 15 * self.unit
        here = grouped(self.here)
        yield Label(self.x, self.sizes_row, ((TextSpan(here, "num_units"),),), bold)
        half, apart = mono_width(here, bold) / 2, (NEAR_APART if self.format.narrow else APART) * self.unit
        free = self.format.width
        for n in reversed(TICKS):
            x, text = self.axis.x(n), str(n)
            side = mono_width(text, tick) / 2
            if x + side <= free:
                is_near = abs(x - self.x) < half + side + apart
                yield Text(x, self.sizes_row, chosen(is_near, BLANK, text), tick, "num_units", "mono")
                free = x - side - APART * self.unit
        written = self.scene.notation.name("num_units")
        if self.format.narrow:
            yield Text(self.axis.start, self.sizes_row + 22 * self.unit, written, tick, "num_units", "mono", "start")
        else:
            size = fitting_size(written, tick, self.format.width - 2 - self._names_at)
            yield Text(self._names_at, self.sizes_row, written, size, "num_units", "mono", "start")

    @property
    def _names_at(self) -> float:
        """Where the names of rows begin."""
        return self.axis.end + 28 * self.unit

    def _costs(self) -> Iterator[Shape]:
        """The number of parameters of each size, and a bar as long as it is large."""
        if not self.curve.costs:
            return
        unit, tick, bold = self.unit, self.format.tick, 12.5 * self.unit
        here, written = self.curve.parameters, grouped(self.curve.parameters)
        yield from self._bars(here)
        yield Polyline("ink", ((self.axis.start, self.base), (self.axis.end, self.base)), 0.8 * unit)
        half = mono_width(written, bold) / 2
        x = minimum(maximum(self.x, half + 4), self.format.width - 4 - half) if self.format.narrow else self.x
        yield Label(x, self.costs_row, ((TextSpan(written, "ink"),),), bold)
        free = self.format.width
        for cost in reversed(self.curve.costs):
            text = grouped(cost.parameters)
            at, side = self.axis.x(cost.num_units), mono_width(text, tick) / 2
            if at + side <= free:
                near = abs(at - x) < half + side + APART * unit
                yield Text(at, self.costs_row, chosen(near, BLANK, text), tick, "muted", "mono")
                free = at - side - APART * unit
        words = phrase("parameters")
        if self.format.narrow:
            yield Text(self.axis.start, self.base + 30 * unit, words, self.format.words, "muted", anchor="start")
        else:
            yield Text(self._names_at, self.costs_row, words, self.format.words, "muted", anchor="start")

    def _bars(self, here: int) -> Iterator[Shape]:
        unit = self.unit
        pitch = (self.axis.last - self.axis.first) / (len(TICKS) - 1)
        width = min(BAR * unit, 0.72 * pitch)
        longest = maximum(here, *(cost.parameters for cost in self.curve.costs))
        left = self.x - width / 2
        gap = 2 * unit
        for cost in self.curve.costs:  # what the present bar leaves of each
            x = self.axis.x(cost.num_units)
            is_before = x < self.x
            begin = where(is_before, x - width / 2, maximum(x - width / 2, left + width + gap))
            end = where(is_before, minimum(x + width / 2, left - gap), x + width / 2)
            is_seen = begin < end
            share = where(is_seen, cost.parameters / longest, 0.0)
            yield self._bar(where(is_seen, begin, left), where(is_seen, end - begin, 0.0), share)
        yield self._bar(left, width, here / longest)

    def _bar(self, left: float, width: float, share: float) -> Box:
        return Box("layer", left, self.base, width, maximum(0.8 * self.unit, share * self.format.bars), 0)
