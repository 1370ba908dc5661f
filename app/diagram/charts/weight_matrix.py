"""A matrix of weights to scale, its gates beside each other."""

from itertools import accumulate, pairwise

from ...size_expressions import log, maximum, minimum
from ...translations.phrases import joined_with_and, phrase, plural
from ..block_matrix import Matrix, MatrixSide, scale_mark
from ..elements import Box, Picture, Shape, Text
from ..text_metrics import word_width

WIDTH, HEIGHT = 236.0, 170.0
LEFT, TOP, TYPE = 24.0, 22.0, 14.0
LEAST, MOST = 0.012, 200.0  # numbers per pixel if a matrix filled its room
THINNEST = 1.5  # thinner sides are drawn this thick
APART = 14.0  # between the middles of two letters
SLIT = 4.0  # between two separate arrays


def scale_of(m: Matrix) -> float:
    """Pixels per number. The smallest matrix takes half of the room and the largest all of it, so that the block of a
    gate grows with num_units in both directions. A small square shows the scale.
    """
    columns, rows = (sum(side.size for side in sides) for sides in (m.columns, m.rows))
    needed = maximum(columns / WIDTH, rows / HEIGHT)
    share = 0.5 + 0.5 * minimum(1.0, maximum(0.0, log(needed / LEAST) / log(MOST / LEAST)))
    return share / needed


def matrix(m: Matrix, scale: float) -> Picture:
    """The blocks of a matrix, at ``scale`` pixels per number."""
    heights, widths = ([side.size for side in sides] for sides in (m.rows, m.columns))
    gap = SLIT if m.apart else 0.0
    tops = list(accumulate((maximum(THINNEST, n * scale) for n in heights), initial=TOP))
    begin = max(LEFT, max(_width(row.name) for row in m.rows) + 10)
    lefts = list(accumulate((maximum(THINNEST, n * scale) + gap for n in widths), initial=begin))

    shapes: list[Shape] = []
    for k, (left, right) in enumerate(pairwise(lefts)):
        for (top, bottom), line in zip(pairwise(tops), m.blocks, strict=True):
            block = line[k]
            box = Box(block.role, left, top, right - gap - left, bottom - top, 0, tensor=block.tensor, also=block.also)
            shapes.append(box)
        column = m.columns[k]
        if len(m.columns) == 1 or right - gap - left > _width(column.name) + 2:
            shapes.append(_name(column, (left + right - gap) / 2, TOP - 11))
    y = -APART
    for row, (top, bottom) in zip(m.rows, pairwise(tops), strict=True):
        y = maximum((top + bottom) / 2, y + APART)  # the letters never touch
        shapes.append(_name(row, begin - 6.8 - _width(row.name) / 2, y))
    end = maximum(tops[-1], y + 6)
    shapes += scale_mark(scale, begin, end + 10)
    each = joined_with_and(phrase("{n} for {name}", n=row.size, name=row.name) for row in m.rows)
    title = phrase(
        "The {name} to scale: {rows}, {each}, by {columns}",
        name=m.name,
        rows=plural("{n} row", "{n} rows", sum(heights)),
        each=each,
        columns=plural("{n} column", "{n} columns", sum(widths)),
    )
    return Picture(begin + WIDTH + 2, end + 12 + maximum(14, scale), tuple(shapes), title)


def _name(side: MatrixSide, x: float, y: float) -> Text:
    return Text(x, y, side.name, TYPE, side.role, font="serif", italic=True)


def _width(name: str) -> float:
    return word_width(name, TYPE)
