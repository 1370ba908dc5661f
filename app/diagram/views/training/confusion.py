"""What a trained network takes digits for: how often each for each, and the ones that it gets wrong."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ....translations.numbers import grouped
from ....translations.phrases import phrase, plural
from ...elements import Label, Outline, Picture, Polyline, Shape, Text
from ...text_metrics import fitting_size, word_width
from ...text_spans import TextSpan
from .shading import cells_of, shaded
from .sizes_by_format import TRAINING, TrainingFormat

DARKEST = 0.375
"""The share of ink of the most frequent mistake: on a darker ground a number could not be read."""

SIDE = 43.0
"""The largest width of a cell, in units."""

CAPTION = 20.0
"""The height of the words under a small digit, in units."""

MOST = {"narrow": 15, "page": 28, "wide": 28, "hall": 18, "half": 8}
"""At most so many digits are drawn in each format."""


def confusion(counts: Sequence[Sequence[int]], classes: Sequence[str], format: str) -> Picture:
    """A row for each true class, a column for each that the network took it for. Mistakes are the darker, the more
    frequent they are; right answers are in bold type."""
    sizes = TRAINING[format]
    u, number = sizes.unit, len(classes)
    left, top = 44 * u, 52 * u
    shares = [phrase("{right:,} of {all:,}", right=row[k], all=sum(row)) for k, row in enumerate(counts)]
    widest = max(word_width(share, sizes.tick) for share in shares)
    side = min(SIDE * u, (sizes.width - left - widest - 14 * u) / number)
    tall = 26 * u
    right, bottom = left + number * side, top + number * tall
    most = max((n for k, row in enumerate(counts) for j, n in enumerate(row) if j != k), default=0) or 1
    cells = (
        ((left + j * side, top + k * tall), DARKEST * max(n / most, 0.2))
        for k, row in enumerate(counts)
        for j, n in enumerate(row)
        if j != k and n
    )
    shapes: list[Shape] = [*shaded(cells, side, tall)]
    for n in range(number + 1):
        x, y = left + n * side, top + n * tall
        shapes.append(Polyline("hairline", ((left, y), (right, y)), u))
        shapes.append(Polyline("hairline", ((x, top), (x, bottom)), u))
    shapes.append(Text(2, top - 16 * u, phrase("is ↓"), sizes.words, "muted", anchor="start"))
    shapes.append(Text(left, 12 * u, phrase("taken for →"), sizes.words, "muted", anchor="start"))
    for k, (name, row) in enumerate(zip(classes, counts, strict=True)):
        x, y = left + (k + 0.5) * side, top + (k + 0.5) * tall
        shapes.append(Text(left - 12 * u, y, name, sizes.words, "ink", "mono"))
        shapes.append(Text(x, top - 16 * u, name, sizes.words, "ink", "mono"))
        for j, n in enumerate(row):
            shapes += _count(n, left + (j + 0.5) * side, y, side, sizes, is_right=j == k)
        shapes.append(Outline("muted", x - side / 2, y - tall / 2, side, tall, 0, 1.2))
        shapes.append(Text(right + 10 * u, y, shares[k], sizes.tick, "muted", anchor="start"))
    return Picture(sizes.width, bottom + 4 * u, tuple(shapes), phrase("How often each digit is taken for which"), u)


def _count(n: int, x: float, y: float, side: float, sizes: TrainingFormat, *, is_right: bool) -> Iterator[Shape]:
    """How often; nothing for never."""
    text = grouped(n)
    size = fitting_size(text, sizes.tick, side - 2)
    if n and is_right:
        yield Label(x, y, ((TextSpan(text, "ink"),),), size)
    elif n:
        yield Text(x, y, text, size, "ink", "mono")


class WrongDigit(NamedTuple):
    """A digit that a network gets wrong: its rows of pixels from 0 to 1, what it is, and what it was taken for; which
    ``example`` of the test it is."""

    image: Sequence[Sequence[float]]
    label: str
    predicted: str
    example: int = 0


def shown_digits(digits: Sequence[WrongDigit], format: str) -> Sequence[WrongDigit]:
    """Those that are drawn."""
    return digits[: MOST[format]]


def places_of_digits(number: int, format: str) -> list[tuple[float, float, float, float]]:
    """Where each of the drawn digits is, with its words: x, y, width and height."""
    u, width = TRAINING[format].unit, TRAINING[format].width - 4 * TRAINING[format].unit
    side = 48 * u
    columns = max(1, int((width + 14 * u) // (side + 14 * u)))
    pitch, tall = (width - side) / max(1, columns - 1), side + (CAPTION + 16) * u
    return [(2 * u + n % columns * pitch, 2 * u + n // columns * tall, side, tall) for n in range(number)]


def wrong_digits(digits: Sequence[WrongDigit], format: str) -> Picture:
    """The digits that a network gets wrong, each above what it is and what it was taken for."""
    sizes = TRAINING[format]
    u, shown = sizes.unit, shown_digits(digits, format)
    places = places_of_digits(len(shown), format)
    pixel = places[0][2] / len(shown[0].image)
    pixels = (
        pixel_of
        for (x, y, *_), digit in zip(places, shown, strict=True)
        for pixel_of in cells_of(digit.image, x, y, pixel, pixel)
    )
    shapes: list[Shape] = [*shaded(pixels, pixel, pixel)]
    for (x, y, side, _), digit in zip(places, shown, strict=True):
        shapes.append(Outline("hairline", x, y, side, side, 0, 1))
        line = (TextSpan(digit.label, "ink"), TextSpan("\u00a0→\u00a0", "muted"), TextSpan(digit.predicted, "error"))
        shapes.append(Label(x + side / 2, y + side + 13 * u, (line,), sizes.words))
    _, last, _, tall = places[-1]
    title = plural("{n} digit that it gets wrong", "{n} digits that it gets wrong", len(digits))
    return Picture(sizes.width, last - 2 * u + tall, tuple(shapes), title, u)
