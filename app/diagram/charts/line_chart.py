"""Numbers over time, as lines: on a linear scale with 0 marked, or on a logarithmic one.

It consists of the same shapes as every other picture, so it also follows light and dark. Its size does not grow with
the number of steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10

from ...translations.numbers import grouped
from ...translations.phrases import phrase
from ..elements import Picture, Point, Polyline, Shape, Text
from ..text_metrics import mono_width, word_width
from ..text_spans import TextSpan
from .downsampling import Pieces, downsampled, stretch_of

TIME = TextSpan("time_step", "time_step")

WIDTH, PLOT = 360.0, 138.0  # of the chart, and the height of the plot area
RIGHT, ROW = 14.0, 19.0  # the margin at the right, a row of words
TITLE, TICK = 12.5, 11.5  # sizes of type
APART = 44.0  # the least distance between two numbers under the lines
DOT = 4.5
DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 2), (9, 3, 2, 3), (4, 2), (12, 3, 2, 2, 2, 3))
"""The dashes of lines of the same colour, one after the other."""


@dataclass(frozen=True)
class Series:
    """A number at every step, in the order of time: its name, with a subscript, and the role that colours it."""

    name: str
    values: Sequence[float]
    role: str = "ink"
    sub: str = ""


@dataclass(frozen=True)
class Scale:
    """Maps values to shares of the height: the ends of the axis, and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool

    def share(self, value: float) -> float:
        at = log10(value) if self.log else value
        return (at - self.low) / (self.high - self.low)

    def written(self, tick: float) -> str:
        if self.log:
            return {0: "1", 1: "10"}.get(round(tick), f"10{str(round(tick)).translate(RAISED)}")
        return f"{tick:g}".replace("-", "−")


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def lines(
    series: Sequence[Series],
    title: str,
    *,
    y: TextSpan,
    x: TextSpan = TIME,
    at: int | None = None,
    log: bool = False,
    width: float = WIDTH,
) -> Picture:
    """The series as lines over their steps, all of the same length. ``x`` and ``y`` are the titles of the axes, each
    with its role, and ``at`` is the marked step.

    Lines have gaps where a value is not a number or, on a logarithmic scale, is 0 or less. Of long series only the
    minimum and the maximum of each stretch are drawn, and a stretch without values is a gap. Notes below the lines say
    both.
    """
    steps = len(series[0].values)
    stretch = stretch_of(steps)
    pieces = [downsampled(one.values, stretch, log) for one in series]
    drawn = [value for one in pieces for piece in one for _, value in piece]
    scale = _decades(drawn) if log else linear_scale(drawn)
    legend = _legend(series, width)
    below_legend = max((entry.y for entry in legend if isinstance(entry, Text)), default=ROW / 2) + ROW / 2
    frame = PlotArea(scale, steps, width, top=below_legend + 10)
    shapes = [Text(2, ROW / 2, y.text, TITLE, y.role, anchor="start"), *_grid(frame), *legend]
    shapes += _under(frame, x, at)
    for one, parts, dash in zip(series, pieces, _dashes(series), strict=True):
        shapes += _line(frame, one, parts, dash)
        if at is not None and (inside := downsampled(one.values[at : at + 1], 1, log)):
            shapes.append(_dot(frame, one.role, at, inside[0][0][1]))
    notes = [phrase("minimum and maximum of every {n:,} steps", n=stretch)] if stretch > 1 else []
    if any(_has_gaps(one, steps, stretch) for one in pieces):
        notes.append(phrase("gap: value is 0") if log else phrase("gap: not a number"))
    below = frame.bottom + 2.6 * ROW
    shapes += [Text(2, below + n * ROW, note, TICK, "muted", anchor="start") for n, note in enumerate(notes)]
    return Picture(width, below + (len(notes) - 0.4) * ROW, tuple(shapes), title)


def _has_gaps(pieces: Pieces, steps: int, stretch: int) -> bool:
    """Whether some stretch has no values."""
    return len({step // stretch for piece in pieces for step, _ in piece}) < ceil(steps / stretch)


@dataclass(frozen=True)
class PlotArea:
    """The rectangle of the lines, and positions in it."""

    scale: Scale
    steps: int
    width: float
    top: float

    @cached_property
    def left(self) -> float:
        return 12 + max(mono_width(self.scale.written(tick), TICK) for tick in self.scale.ticks)

    @property
    def right(self) -> float:
        return self.width - RIGHT

    @property
    def bottom(self) -> float:
        return self.top + PLOT

    def x(self, step: int) -> float:
        """The position of a step; a single step is in the middle."""
        share = step / (self.steps - 1) if self.steps > 1 else 0.5
        return self.left + 6 + share * (self.right - self.left - 6)

    def y(self, share: float) -> float:
        return self.bottom - share * PLOT


def linear_scale(values: Sequence[float]) -> Scale:
    """A scale that includes 0, with at most five intervals of 1, 2 or 5 times a power of ten."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    rough = (high - low) / 5 or 0.2
    unit = 10.0 ** floor(log10(rough))
    step = next(n * unit for n in (1, 2, 5, 10) if n * unit >= rough * (1 - 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9) or (1 if low == 0 else 0)
    ticks = tuple(float(f"{n * step:.12g}") for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, log=False)


def _decades(values: Sequence[float]) -> Scale:
    """A scale of powers of ten: every one, or if there are many every second, third..., with at most five intervals."""
    low, high = (floor(log10(min(values))), ceil(log10(max(values)))) if values else (-1, 0)
    stride = max(1, ceil((high - low) / 5))
    first = high - stride * max(1, ceil((high - low) / stride))
    return Scale(first, high, tuple(range(first, high + 1, stride)), log=True)


def _grid(frame: PlotArea) -> list[Shape]:
    """A hairline for each tick, a stronger one for 0."""
    found: list[Shape] = []
    scale = frame.scale
    for tick in scale.ticks:
        height = frame.y((tick - scale.low) / (scale.high - scale.low))
        is_zero = tick == 0 and not scale.log
        ends = (frame.left, height), (frame.right, height)
        found.append(Polyline("muted" if is_zero else "hairline", ends, 1.2 if is_zero else 1))
        font = "sans" if scale.log else "mono"  # superscript digits are narrow in sans
        found.append(Text(frame.left - 6, height, scale.written(tick), TICK, "muted", font, "end"))
    return found


def _under(frame: PlotArea, title: TextSpan, at: int | None) -> list[Shape]:
    """The step numbers, the marked one in the colour of the axis with a dashed line, above the title of the axis."""
    last, row = frame.steps - 1, frame.bottom + 0.7 * ROW
    fit = max(1, floor((frame.right - frame.left) / APART))
    rough = max(1.0, last / fit)
    unit = 10 ** floor(log10(rough))
    every = next(n * unit for n in (1, 2, 5, 10) if n * unit >= rough)
    marked = [] if at is None else [frame.x(at)]
    found: list[Shape] = [
        Text(_inside(frame, step), row, grouped(step), TICK, "muted", "mono")
        for step in range(0, last + 1, every)
        if all(abs(frame.x(step) - x) >= APART - 6 for x in marked)
    ]
    if at is not None:
        x = frame.x(at)
        found.append(Polyline(title.role, ((x, frame.top - 4), (x, frame.bottom + 3)), 1.4, (3, 3)))
        found.append(Text(_inside(frame, at), row, grouped(at), TICK, title.role, "mono"))
    found.append(Text((frame.left + frame.right) / 2, frame.bottom + 1.6 * ROW, title.text, TITLE, title.role))
    return found


def _inside(frame: PlotArea, step: int) -> float:
    """The position of a step number: at the step, but within the chart."""
    return min(frame.x(step), frame.width - 1 - mono_width(grouped(step), TICK) / 2)


def _dashes(series: Sequence[Series]) -> list[tuple[int, ...]]:
    """The dashes of each line: the first line of a colour is solid, the others have different dashes."""
    before = [[other.role for other in series[:n]].count(one.role) for n, one in enumerate(series)]
    return [DASHES[n % len(DASHES)] for n in before]


def _legend(series: Sequence[Series], width: float) -> list[Shape]:
    """A sample of each line with its name, in as many rows as they need. A single line has none, because the title of
    the axis names it."""
    found: list[Shape] = []
    if len(series) < 2:
        return found
    x, y = 2.0, 1.5 * ROW
    for one, dash in zip(series, _dashes(series), strict=True):
        advance = 46 + word_width(one.name, 14, one.sub)
        if x > 2 and x + advance - 14 > width:
            x, y = 2.0, y + ROW
        found.append(Polyline(one.role, ((x, y), (x + 26, y)), 2, dash))
        found.append(Text(x + 32, y, one.name, 14, one.role, "serif", "start", italic=True, sub=one.sub))
        x += advance
    return found


def _line(frame: PlotArea, one: Series, pieces: Pieces, dash: tuple[int, ...]) -> list[Shape]:
    """A line for each piece; a single value is a dot."""
    found: list[Shape] = []
    for piece in pieces:
        points: tuple[Point, ...] = tuple((frame.x(step), frame.y(frame.scale.share(value))) for step, value in piece)
        alone = len(points) == 1
        found.append(_dot(frame, one.role, *piece[0]) if alone else Polyline(one.role, points, 2, dash))
    return found


def _dot(frame: PlotArea, role: str, step: int, value: float) -> Shape:
    x, y = frame.x(step), frame.y(frame.scale.share(value))
    return Polyline(role, ((x - DOT / 2, y), (x + DOT / 2, y)), DOT)
