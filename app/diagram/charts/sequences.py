"""A batch of sequences with their lengths or their mask, of which something is wrong.

Samples downwards, time to the right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from ...translations.numbers import grouped
from ...translations.phrases import phrase
from ..arrowhead_sizes import axis_arrow
from ..elements import Box, Label, Outline, Picture, Shape, Text
from ..folded_steps import DOTS
from ..text_metrics import fitting_size, line_width, mono_width
from ..text_spans import TIMES, Line, ShapeSpan, TextSpan
from ..transforms.unknown_sizes import UNKNOWN
from ..transforms.wrong_tensor import ERROR, shape_spans
from .wrong_areas import hatched, outline

Sizes = tuple[int | None, ...]

Wrong = Literal["batch_size", "order", "time_step", "longer", "rank", "padding"]
"""What is wrong with lengths: their number, their order, one that is not a number of steps or larger than that of x,
their axes. Or the place of the padding in a mask."""

TOP, ROW, HEIGHT = 34.0, 26.0, 18.0
"""Above the first row, from row to row, and the height of one."""

BELOW = 48.0
"""The room for the axis of time below the last row."""

NAME, SHAPE, SMALL = 14.0, 13.0, 12.0

EDGE = 2.0
"""The room at the right end of a label that would just fit."""

SHEET, BETWEEN = 64.0, 34.0
"""The height of the larger one of two sheets, and from one to the other."""


@dataclass(frozen=True)
class Format:
    """The width of the picture; where the arrow along the batch is, where the steps begin and end, and where the
    lengths begin; ``box`` is the width of the box of a length."""

    width: float
    axis: float
    left: float
    right: float
    beside: float
    box: float


WIDE, NARROW = Format(620, 42, 132, 430, 462, 58), Format(358, 8, 74, 236, 252, 46)


class Row(NamedTuple):
    """A sequence: its place in the batch, None for those that are not drawn; which share of the steps is real, from
    start to end; whether it is the wrong one; and its length, None if that is unknown."""

    sample: int | None
    start: float = 0.0
    end: float = 1.0
    is_wrong: bool = False
    length: int | None = None


LAST = -1
"""The index of the last sequence of an unknown number of them."""

MANY = 4
"""Sequences of a batch of which some are not drawn."""

LEAST = "≤ 0"
"""A length that no sequence may have."""

AXES = ("batch_size", "time_step")
MOST_SHARE = 0.95

EXAMPLES: dict[Wrong, tuple[tuple[float, float], ...]] = {
    "order": ((0, 0.6), (0, 0.9), (0, 0.3)),
    "time_step": ((0, 0.9), (0, 0), (0, 0.6)),
    "longer": ((0, 0.9), (0, 1), (0, 0.6)),
    "rank": ((0, 0.9), (0, 0.6), (0, 0.3)),
    "padding": ((0, 0.7), (0.4, 1), (0, 0.5)),
}
"""The real steps of the first two sequences and of the last one, of which a message says nothing. The second one is
wrong."""


@dataclass(frozen=True)
class Lengths:
    """The picture of a batch of sequences with its lengths or, if the place of its padding is ``wrong``, with its mask.
    Sizes are None if they are unknown. ``got``: the number of lengths, or the one that is wrong. ``is_time_first``: the
    shape of x begins with its steps. ``features``: of x. ``lengths``: all of them, if they are known. ``shape``: of
    lengths with several axes, () if it is unknown."""

    batch_size: int | None
    time_step: int | None
    wrong: Wrong
    got: int | None = None
    is_time_first: bool = False
    format: Format = WIDE
    features: int | None = None
    lengths: tuple[int, ...] = ()
    shape: Sizes = ()

    def picture(self) -> Picture:
        rows = [shape for n, row in enumerate(self._rows) for shape in self._row(TOP + ROW * n, row)]
        bottom = TOP + ROW * (len(self._rows) - 1) + HEIGHT
        shapes = (*self._shapes_of_both(), *rows, *_axes(self.format, bottom, self.time_step))
        title = (
            phrase("a batch of sequences and its mask")
            if self._is_mask
            else phrase("a batch of sequences and its lengths")
        )
        return Picture(self.format.width, bottom + BELOW, shapes, title)

    @property
    def _is_mask(self) -> bool:
        return self.wrong == "padding"

    @cached_property
    def wrong_samples(self) -> tuple[int, ...]:
        """The samples whose known lengths are wrong."""
        lengths = self.lengths
        match self.wrong:
            case "order":
                return tuple(n for n, (one, after) in enumerate(pairwise(lengths), 1) if after > one)
            case "time_step":
                return tuple(n for n, one in enumerate(lengths) if not 0 < one <= (self.time_step or one))
            case "longer":
                return tuple(n for n, one in enumerate(lengths) if one > (self.time_step or one))
        return ()

    @property
    def _known_rows(self) -> Iterator[Row]:
        """The first sequence, the first wrong one with the one before it, and the last one, by their known lengths."""
        wrong, lengths = self.wrong_samples, self.lengths
        steps = self.time_step or max(lengths)
        drawn = sorted({0, max(wrong[0] - 1, 0), wrong[0], len(lengths) - 1})
        for before, n in zip((-1, *drawn), drawn, strict=False):
            if n > before + 1:
                yield Row(None)
            yield Row(n, 0, min(1, max(0, lengths[n] / max(1, steps))), n in wrong, lengths[n])

    @cached_property
    def _rows(self) -> list[Row]:
        """The first sequences and the last one, and those beside a missing length or one that is too much."""
        if self.wrong_samples:
            return [*self._known_rows]
        if examples := EXAMPLES.get(self.wrong):
            first, second, last = examples
            is_wrong, count = self.wrong != "rank", self.batch_size or MANY
            if count == 1:
                return [Row(0, *second, is_wrong=is_wrong)]
            between = [Row(None)] if count > len(examples) else []
            rows = [Row(0, *first), Row(1, *second, is_wrong=is_wrong), *between, Row(LAST, *last)]
            return rows[: max(count, 2)]
        sizes = self.batch_size or 0, self.got or 0
        drawn = sorted({n for n in (0, 1, min(sizes) - 1, min(sizes), max(sizes) - 1) if 0 <= n < max(sizes)})
        rows = [Row(index) for index in drawn]
        gaps = [n for n, (one, other) in enumerate(pairwise(drawn), 1) if other > one + 1]
        for n in reversed(gaps):
            rows.insert(n, Row(None))
        return rows

    def _shapes_of_both(self) -> Iterator[Shape]:
        """The names and the shapes of both, above them."""
        f, y = self.format, TOP - 18
        steps = -1 if self.is_time_first else 1
        axes = shape_spans(AXES[::steps], (self.batch_size, self.time_step)[::steps])
        if self._is_mask:
            yield _label(f.left, y, (TextSpan("mask  ", "ink"), *axes), f.right - f.left)
            return
        yield _label(f.left, y, _named("x", axes, "features", self.features), f.right - f.left)
        several = self.shape or (None, None)
        is_rank = self.wrong == "rank"
        lengths = shape_spans((ERROR,) * len(several), several) if is_rank else self._number_of_lengths
        yield _label(f.beside, y, (TextSpan("lengths  ", "ink"), *lengths), f.width - f.beside - EDGE)

    @property
    def _number_of_lengths(self) -> Line:
        if self.wrong == "batch_size":
            return shape_spans((ERROR,), (self.got,))
        return shape_spans(("batch_size",), (self.batch_size or len(self.lengths) or None,))

    def _row(self, y: float, row: Row) -> Iterator[Shape]:
        f, sample, middle = self.format, row.sample, y + HEIGHT / 2
        if sample is None:
            yield Text((f.left + f.right) / 2, middle, DOTS, NAME, "muted")
            return
        is_last = sample == LAST
        is_known = row.length is not None
        is_sequence = is_last or is_known or self.batch_size is None or sample < self.batch_size
        if is_sequence:
            name = phrase("last") if is_last else grouped(sample)
            size = fitting_size(name, SMALL, f.left - f.axis - 18)
            yield Text(f.left - 10, middle, name, size, "batch_size", "sans" if is_last else "mono", "end")
            yield from self._sequence(y, row)
        if not self._is_mask:
            yield from self._length(y, row, is_sequence)

    def _sequence(self, y: float, row: Row) -> Iterator[Shape]:
        """The steps of a sequence: the real ones are filled, and what is wrong is hatched."""
        f, width = self.format, self.format.right - self.format.left
        yield Box("view", f.left, y, width, HEIGHT, 0)
        if row.end > row.start:
            yield Box("x", f.left + width * row.start, y, width * (row.end - row.start), HEIGHT, 0)
        if row.is_wrong:
            before = self._end_before(row)
            start, end = {"order": (before, row.end), "padding": (0, row.start)}.get(self.wrong, (0, 1))
            yield from hatched(f.left + width * start, y, width * (end - start), HEIGHT)

    def _end_before(self, row: Row) -> float:
        """Where the sequence before a wrong one ends."""
        ends = (one.end for one, other in pairwise(self._rows) if other == row)
        return next(ends, 0)

    def _length(self, y: float, row: Row, is_sequence: bool) -> Iterator[Shape]:
        """The length of a sequence; it may be missing, without a sequence, or several numbers."""
        f, middle = self.format, y + HEIGHT / 2
        if self.wrong == "batch_size" and row.sample is not None and row.sample >= (self.got or 0):
            yield outline(f.beside, y, f.box, HEIGHT)
            words = phrase("missing")
            yield Text(f.beside + f.box / 2, middle, words, fitting_size(words, SMALL, f.box - 4), ERROR)
            return
        is_rank, is_column = self.wrong == "rank", self.shape[1:] == (1,)
        count = 2 if is_rank and not is_column else 1
        is_wrong = row.is_wrong or not is_sequence or is_rank
        of_wrong = LEAST if self.got is None else str(self.got)
        texts = {"time_step": of_wrong, "longer": f"> {self.time_step or UNKNOWN}"}
        text = texts.get(self.wrong, UNKNOWN) if row.is_wrong else UNKNOWN
        text = text if row.length is None else str(row.length)
        width = f.box / count
        for n in range(count):
            x = f.beside + n * width
            yield Outline(ERROR if is_wrong else "muted", x, y, width, HEIGHT, 0, 1.5 if is_wrong else 1)
            yield Label(x + width / 2, middle, ((TextSpan(text, ERROR if is_wrong else "time_step"),),), SMALL)


def _named(name: str, axes: Line, last: str, size: int | None, directions: int = 1) -> Line:
    """The name of an array and its shape, whose ``last`` axis has a ``size`` for each direction."""
    both = [ShapeSpan(f"{directions}·", "ink")] if directions > 1 else []
    return TextSpan(f"{name}  ", "ink"), *axes, TIMES, *both, *shape_spans((last,), (size,))


@dataclass(frozen=True)
class Mask:
    """The picture of a mask of another shape than the first two axes of x, both as sheets to one scale; a mask with
    another number of axes is only an outline. ``features``: of x. With ``directions`` x is the output of the recurrent
    layer, which has ``num_units`` in each."""

    x: Sizes
    mask: Sizes
    format: Format = WIDE
    features: int | None = None
    num_units: int | None = None
    directions: int | None = None

    def picture(self) -> Picture:
        f, below = self.format, TOP + SHEET + BETWEEN
        is_sheet = len(self.mask) == len(AXES)
        roles = [AXES[n] if is_sheet and size in (self.x[n], None) else ERROR for n, size in enumerate(self.mask)]
        axes = shape_spans(AXES, self.x)
        if self.directions:
            x = _named("output", axes, "num_units", self.num_units, self.directions)
        else:
            x = _named("x", axes, "features", self.features)
        shapes = (
            _label(f.left, TOP - 18, x, f.width - f.left),
            *self._sheets(is_sheet, TOP, below),
            _label(f.left, below - 18, (TextSpan("mask  ", "ink"), *shape_spans(roles, self.mask)), f.width - f.left),
            *_axes(f, below + SHEET, self.x[1]),
        )
        return Picture(f.width, below + SHEET + BELOW, shapes, self._title)

    @property
    def _title(self) -> str:
        if self.directions:
            return phrase("a mask of another shape than the output")
        return phrase("a mask of another shape than x")

    def _sheets(self, is_sheet: bool, y: float, below: float) -> Iterator[Shape]:
        """x and the mask to one scale: what is too much is hatched, what is missing is an outline."""
        left, width = self.format.left, self.format.right - self.format.left
        if not is_sheet:
            yield Box("x", left, y, width, SHEET, 0)
            yield outline(left, below, width, SHEET)
            return
        (x_high, high), (x_wide, wide) = (_shares(*sizes) for sizes in zip(self.x, self.mask, strict=True))
        x_high, high, x_wide, wide = SHEET * x_high, SHEET * high, width * x_wide, width * wide
        yield Box("x", left, y, x_wide, x_high, 0)
        yield Box("view", left, below, wide, high, 0)
        if wide > x_wide:
            yield from hatched(left + x_wide, below, wide - x_wide, high)
        elif wide < x_wide:
            yield outline(left + wide, below, x_wide - wide, x_high)
        if high > x_high:
            yield from hatched(left, below + x_high, min(wide, x_wide), high - x_high)
        elif high < x_high:
            yield outline(left, below + high, wide, x_high - high)


def _shares(x: int | None, mask: int | None) -> tuple[float, float]:
    """The lengths of two sizes, of which the larger one is 1. A difference is never too small to be seen."""
    if x is None or mask is None or x == mask:
        return 1, 1
    smaller = min(MOST_SHARE, min(x, mask) / max(x, mask))
    return (smaller, 1) if x < mask else (1, smaller)


def _label(x: float, y: float, line: Line, room: float) -> Label:
    """A name with a shape, smaller if there is no room."""
    return Label(x, y, (line,), min(SHAPE, SHAPE * room / line_width(line, SHAPE)), "start")


def _axes(format: Format, bottom: float, time_step: int | None) -> Iterator[Shape]:
    """The arrows along both axes: samples downwards, beside the rows, and steps to the right, below them."""
    f, y = format, bottom + 14
    yield axis_arrow("batch_size", (f.axis, TOP), (f.axis, bottom))
    size = fitting_size("batch_size", SMALL, f.left - 10)
    yield Text(f.left - 10, TOP - 18, "batch_size", size, "batch_size", "mono", "end")
    yield axis_arrow("time_step", (f.left, y), (f.right, y))
    last = phrase("last") if time_step is None else grouped(max(time_step, 1) - 1)
    room = (f.right - f.left - mono_width("time_step", SMALL)) / 2 - 8
    size = fitting_size(last, SMALL, room)
    yield Text(f.left, y + 13, "0", SMALL, "time_step", "mono", "start")
    yield Text((f.left + f.right) / 2, y + 13, "time_step", SMALL, "time_step", "mono")
    yield Text(f.right, y + 13, last, size, "time_step", "sans" if time_step is None else "mono", "end")
