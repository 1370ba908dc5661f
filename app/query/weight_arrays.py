"""The arrays of a model's weights to scale: its names, its gate order, its transposition."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..core.stack import Place, Stack
from ..diagram.block_matrix import Block, Matrix, MatrixSide, blocks_of
from ..diagram.charts.weight_matrix import matrix, scale_of
from ..diagram.shapes import Picture
from ..frameworks import OURS
from ..frameworks.model import Model
from ..frameworks.unit_slices import leading_index
from ..frameworks.weight_layout import VECTORS, Parameter, WeightLayout, widths

UNUSED = Block("view")
"""A block that nothing reads: the second gate of a coupled pair."""

Blocks = dict[tuple[str, str], Block]
"""What each part of each gate is in our own picture."""


def kernels(model: Model, place: Place) -> dict[str, Picture]:
    """Every matrix of one cell, by its full name there, all in one scale. The framework has to support the model."""
    found = matrices(model, place)
    scale = min(map(scale_of, found))
    return {m.name: matrix(m, scale) for m in found}


def matrices(model: Model, place: Place) -> list[Matrix]:
    """Every matrix of one cell, under its full name there."""
    return _drawn(model, place, lambda p: p.is_matrix)


def arrays(model: Model, place: Place) -> list[Matrix]:
    """Every array of one cell: its matrices, and what has a single number for each unit of a gate as a matrix of one
    row, or of one column where the matrices are transposed."""
    return _drawn(model, place, lambda p: True)


def _drawn(model: Model, place: Place, wanted: Callable[[Parameter], bool]) -> list[Matrix]:
    stack, layout = model.stack, model.layout
    blocks, sides = _blocks(stack, place), _sides(stack, place)
    transposed = any(p.transposed for p in layout.parameters)
    found = []
    for parameters in _arrays(layout, wanted):
        first = parameters[0]
        name = _together([model.full_name(p.name, place) for p in parameters])
        axes = first.axes(widths(stack.program(place[0])))
        made = [replace(_matrix(name, parameters, layout, blocks, sides), axes=axes)]
        if first.flat and len(first.parts) > 1:
            made = list(_strips(made[0], leading_index(model, place, first)))
        # A vector has no orientation of its own: it lies as the matrices do.
        found += [m.transposed() for m in made] if first.transposed or (first.flat and transposed) else made
    return found


def _blocks(stack: Stack, place: Place) -> Blocks:
    found: Blocks = {}
    for p in OURS.model(stack).layout.parameters:
        parts = [(part, gate) for part in p.parts for gate in p.gates]
        found |= zip(parts, blocks_of(stack.program(place[0]), p.name), strict=True)
    for (part, gate), block in list(found.items()):
        if part == "b":  # a second bias does the same as the first one, if it is not distinguished from it
            found.setdefault(("b_h", gate), block)
    return found


def _sides(stack: Stack, place: Place) -> dict[str, MatrixSide]:
    """Each part of the cell, and a gate, as a side of a matrix."""
    of_units = {"gate": "owns", "h": "" if stack.num_proj else "reads"}
    sizes = widths(stack.program(place[0])).items()
    matrices = {
        p: MatrixSide(p, axis.size(stack.sizes), axis.names[0], axis, "", of_units.get(p, "")) for p, axis in sizes
    }
    return matrices | {part: MatrixSide(part, 1) for part in VECTORS}


def _arrays(layout: WeightLayout, wanted: Callable[[Parameter], bool]) -> Iterator[list[Parameter]]:
    """Each array by itself; where every gate has one of its own, those of the same part together."""
    arrays = [p for p in layout.parameters if wanted(p)]
    for parts in dict.fromkeys(p.parts for p in arrays):
        alike = [p for p in arrays if p.parts == parts]
        yield from [alike] if all(len(p.gates) == 1 for p in alike) else ([p] for p in alike)


def _strips(m: Matrix, before: tuple[int, ...]) -> Iterator[Matrix]:
    """A vector of several parts, one after the other, as a strip for each of them: ``B[0, :20]`` and ``B[0, 20:]``.

    ``before`` is its place in the framework's array.
    """
    length, last = sum(side.size for side in m.columns), len(m.rows) - 1
    for n, (row, blocks) in enumerate(zip(m.rows, m.blocks, strict=True)):
        ends = f"{n * length or ''}:{(n + 1) * length if n < last else ''}"
        name = f"{m.name}[{', '.join([*map(str, before), ends])}]"
        axes = tuple(axis.divided(len(m.rows)) for axis in m.axes)
        yield replace(m, name=name, rows=(row,), blocks=(blocks,), axes=axes)


def _together(names: list[str]) -> str:
    """One name for several: ``cell/ii/kernel … cell/io/kernel``."""
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _matrix(
    name: str, parameters: list[Parameter], layout: WeightLayout, blocks: Blocks, sides: dict[str, MatrixSide]
) -> Matrix:
    """Parts from top to bottom, gates from left to right."""
    parts, gates = parameters[0].parts, [gate for p in parameters for gate in p.gates]
    # A gate that is 1 minus another one stands where our picture has that other one.
    ours = dict(layout.opposite)
    unused = ours.values()
    if parts == ("w",):  # the projection, of no gate: what h was before, by h
        rows, columns = [replace(sides["gate"], name="m", unit="reads")], [sides["h"]]
    else:
        rows = [sides[part] for part in parts]
        gate_side = replace(sides["gate"], role="ink")
        columns = [
            replace(gate_side, name=layout.letter(gate), tensor="" if gate in unused else ours.get(gate, gate))
            for gate in gates
        ]
    lines = tuple(
        tuple(UNUSED if gate in unused else blocks[part, ours.get(gate, gate)] for gate in gates) for part in parts
    )
    return Matrix(name, tuple(rows), tuple(columns), lines, apart=len(parameters) > 1)
