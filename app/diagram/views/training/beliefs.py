"""What a network believes after each step: of a digit row by row, of a text character by character, of a wave."""

from collections.abc import Iterator
from math import isnan

from ....translations.numbers import grouped
from ....translations.phrases import phrase
from ...charts.line_chart import linear_scale
from ...elements import Box, Label, Outline, Picture, Point, Polyline, Shape, Text
from ...size_notation import OURS, Notation
from ...text_metrics import mono_width, word_width
from ...text_spans import TextSpan
from ...training_scene import Beliefs, DigitBeliefs, ReadCharacter, TextBeliefs, WaveBeliefs
from .shading import cells_of, shaded
from .sizes_by_format import TRAINING, TrainingFormat
from .value_axis_and_grid import Plot, dot, left_of

STEPS = phrase("What it believes after each step")
ROWS = phrase("What it believes after each row")


def beliefs(shown: Beliefs, format: str, notation: Notation = OURS) -> Picture:
    """Draw what the network believes after each step."""
    sizes = TRAINING[format]
    match shown:
        case DigitBeliefs():
            return _digit(shown, sizes, notation)
        case TextBeliefs():
            return _text(shown, sizes, notation)
        case WaveBeliefs():
            return _wave(shown, sizes, notation)


# a digit


TOP = 38.0
"""The height above the first row, in units."""


def rows_of(shown: DigitBeliefs, format: str) -> list[tuple[float, float]]:
    """Where each row is: its upper edge, and its height."""
    sizes = TRAINING[format]
    return [(TOP * sizes.unit + n * sizes.pixel, sizes.pixel) for n in range(len(shown.image))]


def _digit(shown: DigitBeliefs, format: TrainingFormat, notation: Notation) -> Picture:
    """Each row of the digit at the height of what the network believes after it."""
    u, pixel, cell = format.unit, format.pixel, format.cell
    rows, columns = len(shown.image), len(shown.image[0])
    left = (24 if format.narrow else 64) * u
    top, middle = TOP * u, left + columns * pixel
    first = middle + format.between
    right, bottom = first + len(shown.classes) * cell, top + rows * pixel
    shapes: list[Shape] = [*shaded(cells_of(shown.image, left, top, pixel, pixel), pixel, pixel)]
    shapes += _grid(left, top, middle, bottom, rows, 1, u)
    shapes.append(Outline("muted", left, top, middle - left, bottom - top, 0, 1.2))
    shapes += shaded(cells_of(shown.probabilities, first, top, cell, pixel), cell, pixel)
    shapes += _grid(first, top, right, bottom, rows, len(shown.classes), u)
    shapes += _headings(shown, format, notation, left)
    for row, shares in enumerate(shown.probabilities):
        y = top + (row + 0.5) * pixel
        shapes.append(Text(left - 10 * u, y, str(row), format.tick, "time_step", "mono", "end"))
        if not format.narrow:
            shapes += _arrow(middle + 10 * u, first - 10 * u, y, u)
        k = max(range(len(shares)), key=shares.__getitem__)
        shapes += _likeliest(shown.classes[k], shares[k], right + 12 * u, y, format, is_true=k == shown.label)
    frame = first + shown.label * cell
    shapes.append(Outline("ink", frame, top, cell, bottom - top, 0, 1.8))
    return Picture(format.width, bottom + 4 * u, tuple(shapes), ROWS, u)


def _grid(left: float, top: float, right: float, bottom: float, rows: int, columns: int, u: float) -> Iterator[Shape]:
    """Hairlines between rows, and between columns, with those around."""
    for n in range(rows + 1):
        y = top + n * (bottom - top) / rows
        yield Polyline("hairline", ((left, y), (right, y)), u)
    for n in range(columns + 1):
        x = left + n * (right - left) / columns
        yield Polyline("hairline", ((x, top), (x, bottom)), u)


def _headings(shown: DigitBeliefs, format: TrainingFormat, notation: Notation, left: float) -> Iterator[Shape]:
    """What the rows and columns are."""
    u, y, cell, pixel = format.unit, 24 * format.unit, format.cell, format.pixel
    wide, tall = len(shown.image[0]) * pixel, len(shown.image) * pixel
    first = left + wide + format.between
    time_step = notation.name("time_step")
    if format.narrow:
        yield Text(2, y, time_step, format.tick, "time_step", "mono", "start")
    else:
        yield Text(left - 40 * u, 38 * u + tall / 2, time_step, format.tick, "time_step", "mono", angle=90)
        yield Text(left + wide / 2, y, phrase("row by row"), format.words, "muted")
        right = first + len(shown.classes) * cell
        yield Text(right + 12 * u, y, phrase("most likely"), format.words, "muted", anchor="start")
    for n, name in enumerate(shown.classes):
        x = first + (n + 0.5) * cell
        if n == shown.label:
            yield Label(x, y, ((TextSpan(name, "ink"),),), format.words)
        else:
            yield Text(x, y, name, format.words, "muted", "mono")


def _arrow(start: float, end: float, y: float, u: float) -> Iterator[Shape]:
    """From a row to what the network believes after it."""
    yield Polyline("muted", ((start, y), (end, y)), u)
    yield Polyline("muted", ((end - 6 * u, y - 3 * u), (end, y), (end - 6 * u, y + 3 * u)), u)


def _likeliest(
    name: str, share: float, x: float, y: float, format: TrainingFormat, *, is_true: bool
) -> Iterator[Shape]:
    """The likeliest class with its probability, in bold type if it is the true one."""
    size = format.words
    behind = x + mono_width(name, size) + 8 * format.unit
    if is_true:
        yield Label(x, y, ((TextSpan(name, "ink"),),), size, "start")
        yield Label(behind, y, ((TextSpan(percent(share), "ink"),),), format.tick, "start")
    else:
        yield Text(x, y, name, size, "ink", "mono", "start")
        yield Text(behind, y, percent(share), format.tick, "muted", "mono", "start")


def percent(share: float) -> str:
    """A probability as a whole percentage; a question mark if it is NaN. Only what is certain is 100 %."""
    if isnan(share):
        return "?"
    whole = round(100 * share)
    return f"{min(whole, 99) if share < 1 else whole}\u00a0%"


# a text


def _text(shown: TextBeliefs, format: TrainingFormat, notation: Notation) -> Picture:
    """Each character that was read beside the likeliest next ones."""
    u, row = format.unit, 26 * format.unit
    steps = max((mono_width(grouped(step.t), format.tick) for step in shown.steps), default=0.0)
    left = max((34 if format.narrow else 64) * u, steps + 14 * u)
    first, column = left + 26 * u + format.between, 74 * u
    top = 38 * u
    last = first + format.likeliest * column
    y = 24 * u
    shapes: list[Shape] = [
        Text(2, y, notation.name("time_step"), format.tick, "time_step", "mono", "start"),
        Text(first + 4 * u, y, phrase("most likely"), format.words, "muted", anchor="start"),
        Text(last + 4 * u, y, phrase("next"), format.words, "muted", anchor="start"),
    ]
    for n, step in enumerate(shown.steps):
        shapes += _read(step, left, top + n * row, first, column, last, format)
    bottom = top + len(shown.steps) * row
    return Picture(format.width, bottom + 4 * u, tuple(shapes), STEPS, u)


def _read(
    step: ReadCharacter, left: float, top: float, first: float, column: float, last: float, format: TrainingFormat
) -> Iterator[Shape]:
    """One row: the step, the character, and what may follow."""
    u, side = format.unit, 26 * format.unit
    y = top + side / 2
    yield Text(left - 10 * u, y, grouped(step.t), format.tick, "time_step", "mono", "end")
    yield Box("x", left + 2 * u, top + 2 * u, side - 4 * u, side - 4 * u, 4 * u)
    yield Label(left + side / 2, y, ((TextSpan(visible(step.character), "ink"),),), format.words)
    if not format.narrow:
        yield from _arrow(left + side + 8 * u, first - 6 * u, y, u)
    entries = [(first + n * column, *one) for n, one in enumerate(step.likeliest[: format.likeliest])]
    if step.following:
        entries.append((last, step.following, step.probability))
    squares = (((x + 4 * u, y - 7 * u), share) for x, _, share in entries)
    yield from shaded(squares, 14 * u, 14 * u)
    for x, character, share in entries:
        yield Outline("muted", x + 4 * u, y - 7 * u, 14 * u, 14 * u, 0, 0.8)
        is_true = character == step.following
        yield from _likeliest(visible(character), share, x + 24 * u, y, format, is_true=is_true)


def visible(character: str) -> str:
    """A character as it is drawn: white space has a sign."""
    return {" ": "·", "\n": "¶", "\t": "→"}.get(character, character)


# a wave


def _wave(shown: WaveBeliefs, format: TrainingFormat, notation: Notation) -> Picture:
    """The series as a line, and what was said about each value as a ring, with the error between them."""
    u, top, count = format.unit, 48 * format.unit, len(shown.values)
    said = [(n, value) for n, value in enumerate(shown.predicted) if value is not None]
    scale = linear_scale([*shown.values, *(value for _, value in said)])
    plot = Plot(format, scale, left_of(format, scale), top, format.width - 20 * u, top + format.course)

    def at(n: int, value: float) -> Point:
        return plot.left + (n + 0.5) / count * (plot.right - plot.left), plot.y(value)

    wave = [at(n, value) for n, value in enumerate(shown.values)]
    shapes: list[Shape] = [*plot.grid(), Polyline("features", tuple(wave), 2 * u)]
    shapes += (Polyline("muted", (at(n, value), wave[n]), u) for n, value in said)
    shapes += (dot(format, "ring", *at(n, value), 3.5) for n, value in said)
    every = max(1, round(count / (10 if format.narrow else 20)))
    for n in range(0, count, every):
        x, y = at(n, 0)[0], plot.bottom + 18 * u
        shapes.append(Text(x, y, grouped(n), format.tick, "time_step", "mono"))
    y = plot.bottom + 40 * u
    shapes.append(Text(plot.right, y, notation.name("time_step"), format.tick, "time_step", "mono", "end"))
    y, x = 18 * u, plot.left
    shapes.append(Polyline("features", ((x, y), (x + 19 * u, y)), 2 * u))
    shapes.append(Text(x + 25 * u, y, phrase("wave"), format.words, "features", anchor="start"))
    x += 25 * u + word_width(f"{phrase('wave')}    ", format.words) + 12 * u
    shapes.append(dot(format, "ring", x, y, 3.5))
    shapes.append(Text(x + 10 * u, y, phrase("predicted"), format.words, "ink", anchor="start"))
    return Picture(format.width, plot.bottom + 50 * u, tuple(shapes), STEPS, u)
