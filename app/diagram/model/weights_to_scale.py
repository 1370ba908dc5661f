"""The weights of a layer of a chain to scale: rows of x and h, columns of the gates, once for each direction."""

from collections.abc import Iterator, Sequence

from ...translations.phrases import phrase
from ..elements import Box, Label, ParallelLines, Picture, Shape, Text
from ..text_metrics import mono_width
from ..text_spans import ShapeSpan
from ..theme import AREAS

WIDTH, LEAST_LEFT, APART = 296.0, 46.0, 19.0
TOP, TITLE = 20.0, 16.0  # above a matrix: its columns, and the direction
HIGHEST, THINNEST = 130.0, 1.5
LETTER, SMALL = 14.0, 12.0


def weights(
    inputs: Sequence[tuple[str, str, int]], gates: Sequence[str], columns: int, directions: Sequence[str], bias: bool
) -> Picture:
    """The matrices of a layer. ``inputs``: of each part of the rows its letter, its axis and its number; ``gates``: the
    letters of the blocks of ``columns`` columns; ``directions``: their names, or one that is empty."""
    count, rows = len(directions), sum(n for *_, n in inputs)
    labels = max(mono_width(str(n), SMALL) for *_, n in inputs)
    left = max(LEAST_LEFT, labels + 7 + (17 if any(letter for letter, *_ in inputs) else 2))
    room = (WIDTH - left - APART * (count - 1) - 4) / count
    wide = len(gates) * columns
    scale = min(room / wide, HIGHEST / rows)
    width = max(THINNEST, wide * scale)
    top = TOP + (TITLE if any(directions) else 0)
    heights = [max(THINNEST, n * scale) for *_, n in inputs]
    bottom = top + sum(heights)
    shapes: list[Shape] = []
    for n, direction in enumerate(directions):
        shapes += _matrix(left + n * (width + APART), top, width, inputs, heights, gates, columns, direction, bias)
    y = top
    least = 0.0
    for (letter, axis, size), height in zip(inputs, heights, strict=True):
        middle = max(y + height / 2, least)
        least = middle + 14
        shapes.append(Text(5, middle, letter, LETTER, font="serif", italic=True))
        shapes.append(Label(left - 7, middle, ((ShapeSpan(str(size), axis or "ink"),),), SMALL, "end"))
        y += height
    end = bottom
    if bias:
        end = max(bottom + 6, least)
        shapes.append(Text(5, end, "b", LETTER, font="serif", italic=True))
    has_letters = len(gates) > 1
    return Picture(WIDTH, end + (28 if has_letters else 12), tuple(shapes), phrase("Weights, to scale"))


def _matrix(
    left: float,
    top: float,
    width: float,
    inputs: Sequence[tuple[str, str, int]],
    heights: Sequence[float],
    gates: Sequence[str],
    columns: int,
    direction: str,
    bias: bool,
) -> Iterator[Shape]:
    """The matrix of one direction, with the bias as a line below."""
    y = top
    for (_, axis, _size), height in zip(inputs, heights, strict=True):
        yield Box(AREAS.get(axis, "view"), left, y, width, height, 0)
        if len(gates) > 1:
            yield ParallelLines(axis or "muted", left, y, left + width, y + height, len(gates), True, 0.8)
        y += height
    if bias:
        yield Box("view", left, y + 4, width, 3, 0)
    if direction:
        yield Text(left, 8, direction, SMALL, "muted", anchor="start")
    axis = "num_units" if len(gates) > 1 or inputs[0][1] == "num_units" else ""
    size = ShapeSpan(str(columns), axis or "ink")
    spans = (ShapeSpan(f"{len(gates)}·", "ink"), size) if len(gates) > 1 else (size,)
    is_wide = width > 60
    yield Label(left + width if is_wide else left, top - 9, (spans,), SMALL, "end" if is_wide else "start")
    for n, gate in enumerate(gates if len(gates) > 1 and width / len(gates) > 9 else ()):
        x = left + (n + 0.5) * width / len(gates)
        yield Text(x, y + 22, gate, LETTER - 1, font="serif", italic=True)
