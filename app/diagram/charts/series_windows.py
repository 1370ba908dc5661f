"""A series cut into windows: the values that each sequence of the batch reads, and the next value."""

from collections.abc import Sequence

from ...translations.numbers import grouped
from ...translations.phrases import phrase
from ..elements import Box, Picture, Polyline, Shape, Text
from .downsampling import downsampled, stretch_of

WIDTH, LEFT, RIGHT = 480.0, 84.0, 18.0
HEIGHT, TOP, ROW = 96.0, 14.0, 24.0  # of the series, above it, and of each window below it
BAR, DOT, TYPE = 12.0, 6.0, 12.0

MOST = 5
"""The largest number of windows that are drawn."""


def shown(batch_size: int, followed: int | None) -> range:
    """The sequences that are drawn, with the followed one in the middle."""
    first = max(0, min((followed or 0) - MOST // 2, batch_size - MOST))
    return range(first, min(first + MOST, batch_size))


def windows(values: Sequence[float], time_step: int, samples: Sequence[int], followed: int, t: int) -> Picture:
    """Window b has ``time_step`` values of a series, from b on; the next value is the one to predict. ``values`` are
    those of all windows of ``samples``, and the next one. Step ``t`` is marked in each window, and for the followed
    window also in the series."""
    begin, end = samples[0], samples[-1] + time_step
    low, high = min(values), max(values)
    pitch = (WIDTH - LEFT - RIGHT) / (end - begin)

    def at(n: int) -> tuple[float, float]:
        share = (values[n - begin] - low) / ((high - low) or 1)
        return LEFT + (n - begin) * pitch, TOP + HEIGHT * (1 - share)

    stretch = stretch_of(len(values))
    line = [at(begin + n) for piece in downsampled(values, stretch) for n, _ in piece]
    shapes: list[Shape] = [Polyline("features", tuple(line), 1.5)]
    if pitch > 2 * DOT:
        shapes += [_dot("features", *at(n)) for n in range(begin, end + 1)]
    for row, b in enumerate(samples):
        y = TOP + HEIGHT + ROW * (row + 1)
        shapes += _window(b, at(b)[0], at(b + time_step - 1)[0], at(b + time_step)[0], y)
        x, height = at(b + t)
        if b == followed:
            shapes.append(Polyline("time_step", ((x, height), (x, y)), 1.3, (3, 3)))
        shapes.append(_dot("time_step", x, y))
    bottom = TOP + HEIGHT + ROW * (len(samples) + 1)
    for n, anchor in ((begin, "start"), (end, "end")):
        shapes.append(Text(at(n)[0], bottom, grouped(n), TYPE, "muted", "mono", anchor))
    title = phrase("A series in windows of {n:,}, each starting one value after the one before", n=time_step)
    return Picture(WIDTH, bottom + TYPE, tuple(shapes), title)


def _window(b: int, first: float, last: float, after: float, y: float) -> list[Shape]:
    left, right = first - BAR / 2, last + BAR / 2
    return [
        Text(LEFT - BAR, y, phrase("sample {n:,}", n=b), TYPE, "batch_size", anchor="end"),
        Box("x", left, y - BAR / 2, right - left, BAR, 4, sample=b),
        Box("view", after - DOT / 2, y - DOT / 2, DOT, DOT, DOT / 2),
    ]


def _dot(role: str, x: float, y: float) -> Polyline:
    return Polyline(role, ((x - DOT / 2, y), (x + DOT / 2, y)), DOT)
