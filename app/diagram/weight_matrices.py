"""A matrix of weights to scale, cut into its gates and into the parts of what it multiplies."""

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import ceil, log, log2

from app.core.axes import Axes, Axis
from app.core.program import Program, Tensor
from app.diagram.drawing import FUNCTIONS
from app.diagram.shapes import Box, Picture, Shape, Text
from app.diagram.theme import AREAS
from app.translations.phrases import phrase, plural, together

WIDTH, HEIGHT = 236.0, 170.0
LEFT, TOP, TYPE = 24.0, 22.0, 14.0
LEAST, MOST = 0.012, 200.0  # numbers for a pixel that a matrix would need to fill its place
THINNEST = 1.5  # a side that would be thinner is drawn as a hair
APART = 14.0  # between the middles of two letters
SLIT = 4.0  # between two arrays that stand apart


@dataclass(frozen=True)
class Side:
    """Some rows or columns of a matrix that belong together: what they are called and how many they are.

    ``tensor`` is the gate that they are of. The k-th of them is unit k's: what it ``owns``, or what it is read by
    (``reads``), or neither.
    """

    name: str
    size: int
    role: str = "ink"
    axis: Axis | None = None
    tensor: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Block:
    """What one row of one column stands for: ``role`` colours it, ``also`` names what it makes, up to its gate."""

    role: str
    tensor: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """An array of weights: its sides and, row by row, its blocks. ``apart``: each column is an array of its own, of
    these ``axes``."""

    name: str
    rows: tuple[Side, ...]
    columns: tuple[Side, ...]
    blocks: tuple[tuple[Block, ...], ...]
    apart: bool = False
    axes: Axes = ()

    @property
    def tensors(self) -> set[str]:
        """The weights of the program that it has some of."""
        return {block.tensor for row in self.blocks for block in row}

    def transposed(self) -> "Matrix":
        return replace(self, rows=self.columns, columns=self.rows, blocks=tuple(zip(*self.blocks, strict=True)))


def blocks_of(program: Program, id: str) -> list[Block]:
    """The blocks of weights as the program has them, row by row; what is no matrix has one row."""
    product = program.by_id[program.used_by[id][0]]
    rows = [AREAS.get(row.axes[-1].names[0], "h") for row in _rows(program, product)]
    if len(program.by_id[id].axes) == 1:
        rows = ["view"]
    return [Block(role, id, _made(program, product, piece)) for role in rows for piece in _columns(program, product)]


def scale_of(m: Matrix) -> float:
    """Pixels for one number: from half of the place for the smallest matrix to all of it for the largest, slowly, so
    that a gate's block grows with num_units in both directions, whatever the scale. A small square says the scale.
    """
    columns, rows = (sum(side.size for side in sides) for sides in (m.columns, m.rows))
    needed = max(columns / WIDTH, rows / HEIGHT)
    share = 0.5 + 0.5 * min(1.0, max(0.0, log(needed / LEAST) / log(MOST / LEAST)))
    return share / needed


def matrix(m: Matrix, scale: float) -> Picture:
    """The blocks of a matrix, with so many pixels for one number."""
    heights, widths = ([side.size for side in sides] for sides in (m.rows, m.columns))
    gap = SLIT if m.apart else 0.0
    tops = list(accumulate((max(THINNEST, n * scale) for n in heights), initial=TOP))
    begin = max(LEFT, max(_width(row.name) for row in m.rows) + 10)
    lefts = list(accumulate((max(THINNEST, n * scale) + gap for n in widths), initial=begin))

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
        y = max((top + bottom) / 2, y + APART)  # the letters never touch
        shapes.append(_name(row, begin - 6.8 - _width(row.name) / 2, y))
    end = max(tops[-1], y + 6)
    shapes += scale_mark(scale, begin, end + 10)
    each = together(phrase("{n} for {name}", n=row.size, name=row.name) for row in m.rows)
    title = phrase(
        "The {name} to scale: {rows}, {each}, by {columns}",
        name=m.name,
        rows=plural(sum(heights), "{n} row", "{n} rows"),
        each=each,
        columns=plural(sum(widths), "{n} column", "{n} columns"),
    )
    return Picture(begin + WIDTH + 2, end + 12 + max(14, scale), tuple(shapes), title)


def _rows(program: Program, product: Tensor) -> list[Tensor]:
    """What lies side by side in the product's source, each with its rows of the kernel."""
    source = program.by_id[product.inputs[0]]
    return [program.by_id[i] for i in source.inputs] if source.op == "concat" else [source]


def _columns(program: Program, product: Tensor) -> list[Tensor]:
    """What the product is split into, in order; itself where it is not."""
    users = (program.by_id[u] for u in program.used_by[product.id])
    return sorted((u for u in users if u.op == "split"), key=lambda u: u.part or (0, 1)) or [product]


def _made(program: Program, product: Tensor, piece: Tensor) -> tuple[str, ...]:
    """The piece of the product, the product, and what is made of the piece until a function gives the gate."""
    made, last = [piece.id, product.id], piece
    while last.op not in FUNCTIONS:
        users = [program.by_id[id] for id in program.used_by[last.id]]
        if not users or users[0].op not in (*FUNCTIONS, "add", "mul"):
            break
        last = users[0]
        made.append(last.id)
    return tuple(dict.fromkeys(made))


def _name(side: Side, x: float, y: float) -> Text:
    return Text(x, y, side.name, TYPE, side.role, font="serif", italic=True)


def _width(name: str) -> float:
    return 0.6 * TYPE * len(name)


def scale_mark(scale: float, x: float, y: float) -> tuple[Box, Text]:
    """A square of 6 pixels or more, and how many numbers it stands for."""
    side = 2 ** max(0, ceil(log2(6 / scale)))
    words = plural(side, "one number", "{n:,} × {n:,} numbers")
    size = side * scale
    text = Text(x + size + 7, y + size / 2, words, 11.5, "muted", anchor="start")
    return Box("view", x, y, size, size, 0), text
