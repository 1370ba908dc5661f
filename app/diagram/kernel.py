"""A kernel to scale: one block, cut into its gates from left to right and into the rows of what it multiplies."""

from itertools import accumulate, pairwise
from math import floor, log2

from app.core.axes import Sizes
from app.core.program import Program, Tensor
from app.diagram.shapes import Box, Picture, Shape, Text

WIDTH, HEIGHT = 236.0, 150.0
LEFT, TOP, TYPE = 24.0, 22.0, 14.0
LARGEST_SCALE = 16.0
THINNEST = 1.5  # a side that would be thinner is drawn as a hair
APART = 14.0  # between the middles of two letters


def kernel(program: Program, sizes: Sizes, id: str = "kernel") -> Picture:
    """A matrix of weights: a row for each column of what it multiplies, by the columns of each gate, in one scale.

    The scale is a power of two, as on a map, and a small square says it: between two scales the block grows with
    num_units in both directions.
    """
    product = program.by_id[program.used_by[id][0]]
    rows, columns = _rows(program, product), _columns(program, product)
    heights, widths = ([t.axes[-1].size(sizes) for t in side] for side in (rows, columns))
    scale = _scale(sum(widths), sum(heights))
    tops = list(accumulate((max(THINNEST, n * scale) for n in heights), initial=TOP))
    begin = max(LEFT, max(_width(_row(part)) for part in rows) + 10)
    lefts = list(accumulate((max(THINNEST, n * scale) for n in widths), initial=begin))

    shapes: list[Shape] = []
    for gate, (left, right) in zip(columns, pairwise(lefts), strict=True):
        for part, (top, bottom) in zip(rows, pairwise(tops), strict=True):
            also = tuple(dict.fromkeys((gate.id, product.id)))
            role = "x" if part.id == "x" else "h"
            shapes.append(Box(role, left, top, right - left, bottom - top, 0, tensor=id, also=also))
        if right - left > 10:
            shapes.append(_name(_column(gate), (left + right) / 2, TOP - 11))
    y = -APART
    for part, (top, bottom) in zip(rows, pairwise(tops), strict=True):
        y = max((top + bottom) / 2, y + APART)  # the letters never touch
        shapes.append(_name(_row(part), begin - 6.8 - _width(_row(part)) / 2, y, part.axes[-1].names[0]))
    end = max(tops[-1], y + 6)
    shapes += _scale_mark(scale, begin, end + 10)
    each = " and ".join(f"{n} for {_row(part)}" for part, n in zip(rows, heights, strict=True))
    title = f"The {id} to scale: {sum(heights)} rows, {each}, by {sum(widths)} columns"
    return Picture(begin + WIDTH + 2, end + 26, tuple(shapes), title)


def _rows(program: Program, product: Tensor) -> list[Tensor]:
    """What lies side by side in the product's source, each with its rows of the kernel."""
    source = program.by_id[product.inputs[0]]
    return [program.by_id[i] for i in source.inputs] if source.op == "concat" else [source]


def _columns(program: Program, product: Tensor) -> list[Tensor]:
    """What the product is split into, in order; itself where it is not."""
    users = (program.by_id[u] for u in program.used_by[product.id])
    return sorted((u for u in users if u.op == "split"), key=lambda u: u.part or (0, 1)) or [product]


def _row(t: Tensor) -> str:
    """``h`` for h_prev."""
    return t.id.removesuffix("_prev")


def _column(t: Tensor) -> str:
    """The gate's letter: ``f`` for a_f."""
    return t.id.rpartition("_")[2]


def _scale(columns: int, rows: int) -> float:
    """Pixels for one number."""
    return 2.0 ** floor(log2(min(WIDTH / columns, HEIGHT / rows, LARGEST_SCALE)))


def _name(letter: str, x: float, y: float, role: str = "ink") -> Text:
    return Text(x, y, letter, TYPE, role, font="serif", italic=True)


def _width(name: str) -> float:
    return 0.6 * TYPE * len(name)


def _scale_mark(scale: float, x: float, y: float) -> tuple[Shape, ...]:
    """A square of 8 pixels or more, and how many numbers it stands for."""
    side = max(1, round(8 / scale))
    words = "one number" if side == 1 else f"{side:,} × {side:,} numbers"
    size = side * scale
    text = Text(x + size + 7, y + size / 2, words, 11.5, "muted", anchor="start")
    return Box("slab", x, y, size, size, 0), text
