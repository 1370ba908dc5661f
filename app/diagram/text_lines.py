"""The lines of a label, and where they are broken.

Usually that is known. While a template is recorded, expressions decide it: the label is then a row of pieces, each of
which may begin a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from ..size_expressions import Expression, maximum, where
from .text_metrics import LEADING, line_width, mono_width, span_advances
from .text_spans import PLUS, TIMES, IndexSpan, Line, TextSpan

Lines = Sequence[Line]
"""Lines from top to bottom."""


class Pieces(tuple[Line, ...]):
    """Pieces of lines. ``begins`` says for each whether it begins a line: True, or an expression."""

    begins: tuple[Any, ...]

    @classmethod
    def of(cls, pieces: Iterable[Line], begins: Iterable[Any]) -> Pieces:
        found = cls(pieces)
        found.begins = (*begins,)
        return found


def begins_of(lines: Lines) -> tuple[Any, ...]:
    """For each line, or piece of a line, whether it begins one. That is True only if it does so in any case: 1 is for a
    line that ``unbroken`` joins to the one before."""
    return lines.begins if isinstance(lines, Pieces) else (True, *(1 for _ in lines[1:]))


def like(lines: Lines, others: Iterable[Line]) -> Lines:
    """Other texts in lines that are broken in the same places."""
    return Pieces.of(others, lines.begins) if isinstance(lines, Pieces) else (*others,)


def unbroken(lines: Lines, whole: Lines) -> Lines:
    """The ``whole`` lines of which others are pieces; as the same pieces, if expressions decide where these are."""
    return Pieces.of(lines, (begins is True for begins in lines.begins)) if isinstance(lines, Pieces) else (*whole,)


def either(condition: bool, one: Lines, other: Lines) -> Lines:
    """One of two texts by a comparison. If one has pieces, the other has the same."""
    if isinstance(one, Pieces):
        return Pieces.of(one, map(partial(where, condition), begins_of(one), begins_of(other)))
    return one if condition else other


def stacked(blocks: Iterable[Lines]) -> Lines:
    """Blocks of lines, one below the other."""
    blocks = [*blocks]
    lines = [line for block in blocks for line in block]
    if not any(isinstance(block, Pieces) for block in blocks):
        return (*lines,)
    return Pieces.of(lines, (begin for block in blocks for begin in begins_of(block)))


def count(lines: Lines) -> int:
    """The number of lines."""
    if not isinstance(lines, Pieces):
        return len(lines)
    return sum(where(begin, 1, 0) for begin in lines.begins)


def widest(lines: Lines, size: float) -> float:
    """The width of the widest line, in pixels."""
    if not isinstance(lines, Pieces):
        return max(line_width(line, size) for line in lines)
    return maximum(*_ends(lines, size))


def wrapped(line: Line, size: float, room: float) -> Lines:
    """The line in as few pieces as fit ``room`` pixels: broken before a × and, if that is not enough, before a +."""
    fits = line_width(line, size) <= room
    if isinstance(fits, Expression):
        return _pieces(line, size, room)
    lines: tuple[Line, ...] = (line,)
    if fits:
        return lines
    for sign in (TIMES, PLUS):
        lines = tuple(piece for line in lines for piece in _broken(line, sign, size, room))
    return lines


def _broken(line: Line, sign: TextSpan, size: float, room: float) -> list[Line]:
    """Pieces of the line, each as long as fits, broken before the sign."""
    pieces: list[Line] = []
    for part in _parts(line, sign):
        if pieces and line_width(pieces[-1] + part, size) <= room:
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces


def _parts(line: Line, sign: TextSpan) -> list[Line]:
    """The line cut before each sign."""
    parts: list[Line] = [()]
    for span in line:
        if span == sign:
            parts.append(())
        parts[-1] += (span,)
    return parts


def _pieces(line: Line, size: float, room: float) -> Pieces:
    """The line cut before each × and +. What follows a × begins a line if it does not fit the present one as a whole;
    what follows a + does so if that is not enough."""
    pieces: list[Line] = []
    begins: list[Any] = []
    end = 0.0
    for part in _parts(line, TIMES):
        alone, together = _end(0.0, part, size, True), _end(end, part, size, False)
        is_new: Any = together > room if pieces else True
        end = where(is_new, alone, together)
        is_long: Any = where(is_new, alone > room, False)
        reached = 0.0
        for n, piece in enumerate(_parts(part, PLUS)):
            longer = _end(reached, piece, size, n == 0)
            is_over: Any = longer > room
            reached = where(is_over, _end(0.0, piece, size, True), longer) if n else longer
            pieces.append(piece)
            begins.append(where(is_long, is_over, False) if n else is_new)
    return Pieces.of(pieces, begins)


def _end(start: float, piece: Line, size: float, begins: bool) -> float:
    """The end of a piece that starts at some distance from the left edge."""
    for _, advance in _advances(piece, size, begins):
        start = start + advance
    return start


def _advances(piece: Line, size: float, begins: bool) -> tuple[tuple[float, float], ...]:
    """As ``span_advances``, also for a piece that may follow another one in its line."""
    first, inside = span_advances(piece, size), span_advances((PLUS, *piece), size)[1:]
    chosen = zip(first, inside, strict=True)
    return tuple((where(begins, a, c), where(begins, b, d)) for (a, b), (c, d) in chosen)


def _ends(lines: Pieces, size: float) -> list[float]:
    """The width of each piece's line."""
    ends, end = [], 0.0
    for piece, begins in zip(lines, lines.begins, strict=True):
        end = _end(where(begins, 0.0, end), piece, size, begins)
        ends.append(end)
    widths = ends[-1:]
    for begins, end in zip(lines.begins[:0:-1], ends[-2::-1], strict=True):
        widths.append(where(begins, end, widths[-1]))
    return widths[::-1]


LOWERED_INDEX = 0.2
"""How much lower an index is set, in sizes of its letter."""


def placed(lines: Lines, size: float, x: float, y: float, share: float) -> Iterator[tuple[float, float, TextSpan]]:
    """Each span with its centre. ``share`` is the part of each line that is left of x; y is the middle of the block."""
    top = y - LEADING * size * (count(lines) - 1) / 2
    widths = _ends(lines, size) if isinstance(lines, Pieces) else [line_width(line, size) for line in lines]
    row, at = -1, 0.0
    for piece, begins, width in zip(lines, begins_of(lines), widths, strict=True):
        row = row + where(begins, 1, 0)
        at, middle = where(begins, x - share * width, at), top + row * LEADING * size
        for span, (before, advance) in zip(piece, _advances(piece, size, begins), strict=True):
            low = LOWERED_INDEX * size if isinstance(span, IndexSpan) else 0.0
            yield at + before + mono_width(span.text, size) / 2, middle + low, span
            at = at + advance
