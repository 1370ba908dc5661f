"""Two shapes under one another, with the names of their axes: what is equal, what differs, what is exchanged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ...core.axes import SIZES, TIMES
from ...core.axis_names import axis_name
from ...translations.phrases import phrase
from ..elements import Label, Picture, Polyline, Shape, Text
from ..text_metrics import fitting_size, mono_width
from ..text_spans import TextSpan
from ..transforms.unknown_sizes import UNKNOWN
from ..transforms.wrong_tensor import ERROR

EXPECTED, YOURS, BETWEEN = 38.0, 94.0, 66.0
"""The heights of both shapes, and of the signs between them."""

AROUND_TIMES = 24.0
"""The room for the sign between two sizes."""

HEIGHT = 114.0
NAMES_Y, NAME = 8.0, 12.0


@dataclass(frozen=True)
class Width:
    """The width of the picture and of the column of words, and the size of the numbers."""

    whole: float
    words: float
    numbers: float


WIDE, NARROW = Width(620, 130, 26), Width(358, 74, 22)


def two_shapes(
    axes: Sequence[str | None],
    expected: Sequence[int | None],
    got: Sequence[int | None],
    verdict: str,
    differing: Sequence[int],
    shift: int | None,
    width: Width = WIDE,
    got_axes: Sequence[str | None] = (),
) -> Picture:
    """The expected shape above the given one. ``axes`` are the names of the expected axes, None if unknown;
    ``differing`` are the indices of those that differ. The given shape begins at the axis ``shift``; None if its axes
    cannot be identified, except as ``got_axes`` names them. ``verdict``: what is wrong, in words."""
    count = len(expected)
    room = width.whole - width.words
    size = min(fitting_size(_size(n), width.numbers, room / len(s) - AROUND_TIMES) for s in (expected, got) for n in s)
    width = replace(width, numbers=size)
    columns = [width.words + room * (n + 0.5) / count for n in range(count)]
    shapes: list[Shape] = [
        Text(0, EXPECTED, phrase("expected"), 13, "muted", anchor="start"),
        Text(0, YOURS, phrase("yours"), 13, "muted", anchor="start"),
        Text(0, BETWEEN, verdict, 13, ERROR, anchor="start"),
        *_names(axes, columns, room / count),
        *_row(axes, expected, columns, EXPECTED, width),
    ]
    if shift is None:
        theirs = [width.words + room * (n + 0.5) / len(got) for n in range(len(got))]
        wrong = axes_too_many(expected, got) or range(len(got))
        named = iter(axes if len(wrong) < len(got) else ())
        roles = [ERROR if n in wrong else next(named, None) for n in range(len(got))]
        shapes += [*_row(roles, got, theirs, YOURS, width), *_underlines(theirs, wrong, width)]
        names = [axis if n in wrong else None for n, axis in enumerate(got_axes)]
        shapes += _names(names, theirs, room / len(got), YOURS - width.numbers / 2 - NAMES_Y) if names else ()
    else:
        present = range(shift, shift + len(got))
        shapes += _row(axes_of_got(axes, expected, got, differing), got, [columns[n] for n in present], YOURS, width)
        if _is_transposed(expected, got, differing):
            shapes += _crossing(columns, differing, width)
        shapes += _signs(columns, expected, got, differing, shift, width)
        shapes += _underlines(columns, [n for n in differing if n >= shift], width)
    title = phrase("expected {expected}, yours {got}", expected=_written(expected), got=_written(got))
    return Picture(width.whole, HEIGHT, tuple(shapes), title)


def axes_too_many(expected: Sequence[int | None], got: Sequence[int | None]) -> tuple[int, ...]:
    """The axes without which a shape with more axes is the expected one; () if these may be several, or none."""
    if None in (*expected, *got):
        return ()
    others = [
        tuple(n for n in range(len(got)) if n not in kept) for kept in combinations(range(len(got)), len(expected))
    ]
    fitting = [wrong for wrong in others if [size for n, size in enumerate(got) if n not in wrong] == [*expected]]
    return fitting[0] if len(fitting) == 1 else ()


def role(axis: str | None) -> str:
    """The role of a size, by its axis: that of the axis, or of its last factor, or ink."""
    if axis == ERROR:
        return ERROR
    last = (axis or "").rpartition("*")[2]
    return last if last in SIZES else "ink"


def axes_of_got(
    axes: Sequence[str | None], expected: Sequence[int | None], got: Sequence[int | None], differing: Sequence[int]
) -> tuple[str | None, ...]:
    """The names of the given axes, which are the last ones of the expected ``axes``; two sizes that are exchanged keep
    their names."""
    theirs = [*axes[len(axes) - len(got) :]]
    if _is_transposed(expected, got, differing):
        one, other = differing
        theirs[one], theirs[other] = axes[other], axes[one]
    return tuple(theirs)


def _written(shape: Sequence[int | None]) -> str:
    return f" {TIMES} ".join(map(_size, shape))


def _size(size: int | None) -> str:
    return UNKNOWN if size is None else str(size)


def _names(axes: Sequence[str | None], columns: Sequence[float], room: float, y: float = NAMES_Y) -> Iterator[Text]:
    names = [axis_name(axis or "", mono_width(axis_name(axis or ""), NAME) > room - 8) for axis in axes]
    size = min(fitting_size(name, NAME, room - 8) for name in names)
    for axis, name, x in zip(axes, names, columns, strict=True):
        if axis:
            yield Text(x, y, name, size, role(axis), "mono")


def _row(
    axes: Sequence[str | None], sizes: Sequence[int | None], columns: Sequence[float], y: float, width: Width
) -> Iterator[Shape]:
    for n, (axis, size, x) in enumerate(zip(axes, sizes, columns, strict=True)):
        yield Label(x, y, ((TextSpan(_size(size), role(axis)),),), width.numbers)
        if n:
            yield Text((columns[n - 1] + x) / 2, y, TIMES, 16, "muted", "mono")


def _is_transposed(expected: Sequence[int | None], got: Sequence[int | None], differing: Sequence[int]) -> bool:
    if len(differing) != 2 or len(expected) != len(got):
        return False
    one, other = differing
    return expected[one] == got[other] and expected[other] == got[one]


def _crossing(columns: Sequence[float], differing: Sequence[int], width: Width) -> Iterator[Polyline]:
    """Two lines between the sizes that are exchanged."""
    left, right = (columns[n] for n in differing)
    left, right = left + 12, right - 12
    top, bottom = EXPECTED + width.numbers / 2 + 3, YOURS - width.numbers / 2 - 3
    yield Polyline(ERROR, ((left, top), (right, bottom)), 2)
    yield Polyline(ERROR, ((right, top), (left, bottom)), 2)


def _signs(
    columns: Sequence[float],
    expected: Sequence[int | None],
    got: Sequence[int | None],
    differing: Sequence[int],
    shift: int,
    width: Width,
) -> Iterator[Shape]:
    """Between two sizes: two lines if they are equal, ≠ if not."""
    is_transposed = _is_transposed(expected, got, differing)
    for n, x in enumerate(columns):
        if n in differing:
            if n < shift:
                yield Text(x, YOURS, phrase("missing"), 13, ERROR)
            elif not is_transposed:
                yield Text(x, BETWEEN, "≠", 22, ERROR)
        elif expected[n] is None or got[n - shift] is None:
            yield Text(x, BETWEEN, phrase("not said"), 13, "muted")
        else:
            for side in (-3, 3):
                yield Polyline("muted", ((x + side, BETWEEN - 11), (x + side, BETWEEN + 11)), 1.3)


def _underlines(columns: Sequence[float], differing: Sequence[int], width: Width) -> Iterator[Polyline]:
    y = YOURS + width.numbers / 2 + 4
    for n in differing:
        yield Polyline(ERROR, ((columns[n] - 14, y), (columns[n] + 14, y)), 2.5)
