"""A matrix of weights to scale, cut into its gates and into the parts of its input."""

from dataclasses import dataclass, replace
from math import ceil

from ..core.axes import Axes, Axis
from ..core.program import Program, Tensor
from ..size_expressions import log2, maximum
from ..translations.phrases import phrase, plural
from .elements import Box, Text
from .theme import AREAS, axis_role

Ends = tuple[float, float]
"""The beginning and the end of something, in one direction."""


@dataclass(frozen=True)
class MatrixSide:
    """Rows or columns of a matrix that belong together: their name and their number.

    ``tensor`` is their gate. ``unit`` is the relation of the k-th of them to unit k: unit k ``owns`` it, it ``reads``
    unit k, or there is none.
    """

    name: str
    size: int
    role: str = "ink"
    axis: Axis | None = None
    tensor: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Block:
    """The weights of one side by another: ``role`` colours them, ``also`` names the tensors computed from them, up to
    the gate."""

    role: str
    tensor: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """An array of weights: its sides and, row by row, its blocks. If ``apart``, each column is an array of its own with
    these ``axes``."""

    name: str
    rows: tuple[MatrixSide, ...]
    columns: tuple[MatrixSide, ...]
    blocks: tuple[tuple[Block, ...], ...]
    apart: bool = False
    axes: Axes = ()

    @property
    def tensors(self) -> set[str]:
        """The weights of the program that are in it, whole or in part."""
        return {block.tensor for row in self.blocks for block in row}

    def transposed(self) -> "Matrix":
        return replace(self, rows=self.columns, columns=self.rows, blocks=tuple(zip(*self.blocks, strict=True)))


def blocks_of(program: Program, id: str) -> list[Block]:
    """The blocks of weights as the program has them, row by row. A vector has one row."""
    product = program.by_id[program.used_by[id][0]]
    names = (row.axes[-1].names[0] if row.axes else "" for row in _rows(program, product))
    rows = [AREAS.get(axis_role(name, program.cell.own_sizes), "h") for name in names]
    if len(program.by_id[id].axes) == 1:
        rows = ["view"]
    return [Block(role, id, _results(program, product, piece)) for role in rows for piece in _columns(program, product)]


def _rows(program: Program, product: Tensor) -> list[Tensor]:
    """The parts of the product's input; each has its own rows of the kernel."""
    source = program.by_id[product.inputs[0]]
    return [program.by_id[i] for i in source.inputs] if source.op == "concat" else [source]


def _columns(program: Program, product: Tensor) -> list[Tensor]:
    """The pieces that the product is split into, in order; or the product itself."""
    return list(program.pieces(product)) or [product]


def _results(program: Program, product: Tensor, piece: Tensor) -> tuple[str, ...]:
    """The piece of the product, the product, and the tensors from the piece to the gate, the result of a function."""
    results, last = [piece.id, product.id], piece
    while last.operation.kind != "function":
        users = [program.by_id[id] for id in program.used_by[last.id]]
        if not users or users[0].operation.kind not in ("function", "pointwise"):
            break
        last = users[0]
        results.append(last.id)
    return tuple(dict.fromkeys(results))


def scale_mark(scale: float, x: float, y: float) -> tuple[Box, Text]:
    """A square of 6 pixels or more, and the number of weights that it stands for."""
    side = 2 ** maximum(0, ceil(log2(6 / scale)))
    words = phrase("1 weight") if side == 1 else plural("{n:,} × {n:,} weight", "{n:,} × {n:,} weights", side)
    size = side * scale
    text = Text(x + size + 7, y + size / 2, words, 11.5, "muted", anchor="start")
    return Box("view", x, y, size, size, 0), text
