"""Widths of text, for a server that has no browser to measure it. No other module estimates them.

Constants are in sizes of the type (em), functions return pixels.
"""

from functools import lru_cache
from unicodedata import combining, east_asian_width

from ..size_expressions import Expression, has_slots, length
from .text_spans import TIMES, Line
from .type_sizes import SUBSCRIPT

ADVANCE = 0.602
"""The width of a monospaced character: all faces of the family ``mono`` are 0.60 em wide."""

LETTER = 0.6
"""The largest width of a letter of the sans or the serif family, on average over a word."""

BOLD = 1.15
"""How much wider words are in bold type."""

WIDEST = 1.0
"""The width of a W of these families."""

SYMBOL = 0.7
"""The width of a letter in the symbol of a weight, such as W_f: capitals in italics."""

ITALIC = 0.55
"""The width of a single small letter in italics, such as h; and that of a letter in a line of many words."""

LEADING = 1.2
"""From one line of text to the next."""


LEAST_NAME = 11.0
"""The least size of a name of several letters, in pixels: one for which there is less room is shortened."""

TIMES_SPACE = 0.45, 0.2
"""The white space around a ×, in characters: on both sides, and after one that begins a line."""


def mono_width(text: str, size: float) -> float:
    """The width of a monospaced text, in pixels."""
    return ADVANCE * size * _columns(text)


def _columns(text: str) -> int:
    """The number of characters of a monospaced text, of which accents above a letter have no width."""
    return length(text) if text.isascii() else length(text) - sum(map(bool, map(combining, text)))


def fitting_size(text: str, largest: float, room: float) -> float:
    """The size of a monospaced text such that it fits ``room`` pixels."""
    return min(largest, room / mono_width(text, 1)) if text else largest


def word_width(text: str, size: float, sub: str = "") -> float:
    """The largest width of a text of the sans or the serif family, in pixels; ``sub`` is a subscript after it. Chinese
    characters are as wide as they are high, as is an ellipsis."""
    wide = marks = 0
    if not text.isascii():
        wide = sum(east_asian_width(c) in "WF" or c == "…" for c in text)
        marks = sum(map(bool, map(combining, text)))  # accents above a letter
    return size * (LETTER * (length(text) - wide - marks + SUBSCRIPT * length(sub)) + wide)


def fitted_name(name: str, largest: float, room: float, sub: str = "") -> tuple[str, float]:
    """A name and its size in pixels such that it fits ``room`` pixels with its subscript; its end is left out if it
    would be smaller than ``LEAST_NAME``."""
    size, least = min(largest, room / word_width(name, 1, sub)), min(largest, LEAST_NAME)
    if size >= least or len(name) < 3:
        return name, size
    letters = int((room - word_width("…", least, sub)) / word_width("h", least))
    short = f"{name[: max(1, letters)].rstrip('_')}…"
    return short, min(least, room / word_width(short, 1, sub))


def symbol_size(symbol: str, largest: float, room: float) -> float:
    """The size of the symbol of a weight, its subscript included, such that it fits ``room`` pixels."""
    return min(float(largest), room / (SYMBOL * len(symbol)))


def line_width(line: Line, size: float) -> float:
    """The width of a line of a label, in pixels."""
    return sum([advance for _, advance in span_advances(line, size)])


def span_advances(line: Line, size: float) -> tuple[tuple[float, float], ...]:
    """For each span the white space before it, and its whole advance including white space, in pixels."""
    is_recorded = isinstance(size, Expression) or any([has_slots(span.text) for span in line])
    return _advances(line, size) if is_recorded else _cached_advances(line, size)


def _advances(line: Line, size: float) -> tuple[tuple[float, float], ...]:
    out = []
    around, behind_first = TIMES_SPACE
    for n, span in enumerate(line):
        before, behind = ((around, around) if n else (0, behind_first)) if span == TIMES else (0, 0)
        out.append((before * ADVANCE * size, (before + _columns(span.text) + behind) * ADVANCE * size))
    return tuple(out)


_cached_advances = lru_cache(4096)(_advances)
