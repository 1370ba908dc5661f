"""The learning curve: how well a cell does, over num_units, and below the axis what each num_units costs.

Gain grows upwards and cost grows downwards. With expressions as sizes, the picture is a template that is valid from one
measured size to the next.
"""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean

from ...expressions import log2, maximum, minimum
from ...translations.numbers import grouped
from ...translations.phrases import phrase, plural
from ..elements import Box, Label, Picture, Point, Polygon, Polyline, Shape, Text
from ..scene import Scene
from ..text_metrics import mono_width, word_width
from ..text_spans import TextSpan
from .formats import TRAINING
from .plot import Plot, dot, line, name, number, number_width, scale_of
from .scene import CurvePoint, TrainingScene
from .size_axis import TICKS, SizeAxis, size_axis

TRAINED_ON = phrase("trained on")
NOT_SEEN = phrase("not seen")

NUMBER = 22.0
"""The size of the number of the present num_units, in units."""

APART = 8.0
"""The least distance between two numbers in a row, in units."""

BAR = 34.0
"""The width of a bar of parameters, in units."""


def curve(scene: Scene, training: TrainingScene) -> Picture:
    """Draw the learning curve, with the num_units of the scene marked."""
    return CurveComposition(scene, training).draw()


class CurveComposition:
    """Computes all positions, and draws. The axis is known before."""

    def __init__(self, scene: Scene, training: TrainingScene) -> None:
        self.scene, self.measure, self.curve = scene, training.measure, training.curve
        self.format = TRAINING[scene.format]
        self.unit = unit = self.format.unit
        self.here: int = scene.sizes["num_units"]
        self.axis: SizeAxis = size_axis(self.format, self.here)
        self.bottom = self.axis.y
        values = [self.measure.factor * v for p in self.curve.points for v in (*p.train, *p.test)]
        scale = scale_of(self.measure, values)
        self.plot = Plot(self.format, scale, self.axis.start, self.format.top, self.axis.end, self.bottom)
        self.sizes_row = self.bottom + 26 * unit
        self.costs_row = self.sizes_row + (52 if self.format.narrow else 30) * unit
        self.base = self.costs_row + 12 * unit
        self.x = self.axis.x(self.here)

    def draw(self) -> Picture:
        shapes = (
            *self._band(),
            *self.plot.grid(),
            Text(2, 10 * self.unit, self.measure.title, self.format.words, "muted", anchor="start"),
            *self._lines(),
            *self._axis(),
            *self._marked(),
            *self._names(),
            *self._sizes(),
            *self._costs(),
        )
        height = self.base + (self.format.bars + 4 * self.unit if self.curve.costs else 4 * self.unit)
        title = phrase("{cell}: {measure} by num_units", cell=self.scene.program.cell.title, measure=self.measure.title)
        return Picture(self.format.width, height, shapes, title, self.unit)

    # what was measured

    def _place(self, num_units: int, value: float) -> Point:
        return self.axis.x(num_units), self.plot.y(self.measure.factor * value)

    def _band(self) -> Iterator[Shape]:
        """From the worst to the best seed."""
        points = self.curve.points
        if self.curve.joined and len(points) > 1:
            upper = [self._place(p.num_units, max(p.test)) for p in points]
            lower = [self._place(p.num_units, min(p.test)) for p in points]
            yield Polygon("spread", (*upper, *reversed(lower)))

    def _lines(self) -> Iterator[Shape]:
        points = self.curve.points
        train = [self._place(p.num_units, fmean(p.train)) for p in points]
        test = [self._place(p.num_units, fmean(p.test)) for p in points]
        if self.curve.joined and len(points) > 1:
            yield line(self.format, train, is_train=True)
            yield line(self.format, test, is_train=False)
        else:
            half = 7 * self.unit
            for point, (x, high) in zip(points, train, strict=True):
                yield line(self.format, ((x - half, high), (x + half, high)), is_train=True)
                ends = max(point.test), min(point.test)
                yield Polyline("ink", tuple(self._place(point.num_units, value) for value in ends), self.unit)
        yield from (dot(self.format, "ring", x, y, 3) for x, y in test)

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
        one, other = self.curve.around(self.here)
        if one and other:
            y = self._height(one, other)
            yield Polyline("num_units", ((self.x, y), (self.x, self.axis.y)), 1.6 * self.unit)
            yield from self._words(one, other, y)
            yield dot(self.format, "marked" if one is other else "thumb", self.x, y, 6 if one is other else 5)
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

    def _words(self, one: CurvePoint, other: CurvePoint, y: float) -> Iterator[Shape]:
        """The measured number, or those of both neighbours, and how far the seeds are apart, or which these are."""
        written = self.measure.written
        if one is other:
            text = written(fmean(one.test))
            low, high = written(min(one.test)), written(max(one.test))
            seeds = plural("{n} seed", "{n} seeds", len(one.test))
            below = [phrase("{low} to {high}", low=low, high=high), seeds] if len(one.test) > 1 else [seeds]
        else:
            low, high = sorted((written(fmean(one.test)), written(fmean(other.test))), key=float)
            text = f"{low}–{high}"
            below = [phrase("measured at {one} and {other}", one=one.num_units, other=other.num_units)]
        size, words = NUMBER * self.unit, self.format.words
        together = phrase("{one}, {other}", one=below[0], other=below[-1])
        if len(below) > 1 and word_width(together, words) < 0.5 * (self.axis.end - self.axis.start):
            below = [together]
        wide = number_width(text, self.measure.unit, size, small=True)
        widest = max(wide, *(word_width(row, words) for row in below))
        left, top = self._free(one, other, widest, (26 + 20 * (len(below) - 1)) * self.unit)
        is_right = left > 0
        x = self.x + left if is_right else self.x + left + widest
        yield from number(text, self.measure.unit, x if is_right else x - wide, y + top, size, small=True)
        for n, row in enumerate(below, 1):
            at, anchor = y + top + 20 * n * self.unit, "start" if is_right else "end"
            yield Text(x, at, row, words, "muted", anchor=anchor)

    def _free(self, one: CurvePoint, other: CurvePoint, wide: float, tall: float) -> Point:
        """Where words are beside the curve, relative to the present value: the first place, for all sizes between both
        points, where they cover no line and fit the plot. The place is the same for all of these."""
        away, unit = 13 * self.unit, self.unit
        ends = [(self.axis.x(p.num_units), self._place(p.num_units, fmean(p.test))[1]) for p in (one, other)]
        heights = [
            28 * unit,
            -tall - 20 * unit,
            *(n * 20 * unit for n in range(2, 16)),
            *(-n * 20 * unit for n in range(3, 16)),
        ]
        places = [(x, y) for y in heights for x in (away, -away - wide)]
        return next(
            (place for place in places if all(self._is_free(x, y, place, wide, tall) for x, y in ends)),
            places[0] if ends[0][0] < (self.plot.left + self.plot.right) / 2 else places[1],
        )

    def _is_free(self, x: float, y: float, place: Point, wide: float, tall: float) -> bool:
        """Whether words at a place beside the point (x, y) are in the plot, but on no line."""
        unit = self.unit
        left, top = x + place[0], y + place[1] - 10 * unit
        right, bottom = left + wide, y + place[1] + tall
        if left < self.plot.left or right > self.format.width - 2:
            return False
        if top < self.plot.top or bottom > self.bottom - 4 * unit:
            return False
        if not self.format.narrow and right > self.axis.last + 14 * unit and top < self._names_below:
            return False
        return not any(_crosses(a, b, left, top, right, bottom) for line in self._drawn() for a, b in pairwise(line))

    def _drawn(self) -> list[list[Point]]:
        """All lines that words should not cover."""
        points = self.curve.points
        values = [(max(p.test), min(p.test), fmean(p.train)) for p in points]
        return [[self._place(p.num_units, of[n]) for p, of in zip(points, values, strict=True)] for n in range(3)]

    def _not_measured(self) -> Iterator[Shape]:
        """That there is no number, at the free side of the line."""
        is_beyond = self.axis.beyond is not None
        words = phrase("not measured") if self.curve.joined and self.curve.points else phrase("not trained yet")
        wide = word_width(words, self.format.words)
        at_left = is_beyond or self.x + 13 * self.unit + wide > self.format.width - 2
        x = self.x - 13 * self.unit if at_left else self.x + 13 * self.unit
        anchor = "end" if at_left else "start"
        y = self.plot.y(sum(self.plot.scale.ticks[1:3]) / 2)  # between two lines of the grid
        yield Text(x, y, words, self.format.words, "num_units", anchor=anchor)

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
        last = self.curve.points[-1]
        train, test = (self._place(last.num_units, fmean(values))[1] for values in (last.train, last.test))
        return train, test

    @property
    def _names_below(self) -> float:
        """The lower edge of the names at the ends of the lines."""
        return max(sum(self._last_heights) / 2, self.plot.top + 6 * self.unit) + 23 * self.unit

    def _sizes(self) -> Iterator[Shape]:
        """The numbers under the axis, the present one in bold type."""
        tick, bold = 13 * self.unit, 15 * self.unit
        written = str(self.scene.notation.name("num_units"))
        here = grouped(self.here)
        yield Label(self.x, self.sizes_row, ((TextSpan(here, "num_units"),),), bold)
        half = mono_width(here, bold) / 2
        for n in TICKS:
            x, text = self.axis.x(n), str(n)
            if not self._is_near(x, half + mono_width(text, tick) / 2):
                yield Text(x, self.sizes_row, text, tick, "num_units", "mono")
        if self.format.narrow:
            yield Text(self.axis.start, self.sizes_row + 22 * self.unit, written, tick, "num_units", "mono", "start")
        else:
            yield Text(self._names_at, self.sizes_row, written, tick, "num_units", "mono", "start")

    @property
    def _names_at(self) -> float:
        """Where the names of rows begin."""
        return self.axis.end + (28 if self.axis.beyond is None else 56) * self.unit

    def _is_near(self, x: float, halves: float) -> bool:
        """Whether something at x would touch what stands at the present num_units."""
        return abs(x - self.x) < halves + APART * self.unit

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
        free = self.axis.end + 40 * unit
        for cost in reversed(self.curve.costs):
            text = grouped(cost.parameters)
            at, side = self.axis.x(cost.num_units), mono_width(text, tick) / 2
            if at + side + APART * unit <= free and abs(at - x) >= half + side + APART * unit:
                yield Text(at, self.costs_row, text, tick, "muted", "mono")
                free = at - side
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
        for cost in self.curve.costs:
            x = self.axis.x(cost.num_units)
            if abs(x - self.x) >= width + 2 * unit:
                yield self._bar(x, width, cost.parameters / longest)
        yield self._bar(self.x, width, here / longest)

    def _bar(self, x: float, width: float, share: float) -> Box:
        return Box("layer", x - width / 2, self.base, width, maximum(0.8 * self.unit, share * self.format.bars), 0)


def _crosses(a: Point, b: Point, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a line from a to b, which goes to the right, enters a rectangle."""
    start, end = max(a[0], left), min(b[0], right)
    if start > end:
        return False
    ys = [a[1] + (b[1] - a[1]) * (x - a[0]) / ((b[0] - a[0]) or 1) for x in (start, end)]
    return not (max(ys) < top or min(ys) > bottom)
