"""The weight arrays of a model, to be drawn to scale: with the names, gate order and transposition of its framework."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import prod

from ..core.axes import NUM_UNITS, Axis, Sizes, shape
from ..core.stack import Place, Stack
from ..diagram.block_matrix import Block, Matrix, MatrixSide, blocks_of
from ..diagram.charts.weight_matrix import matrix, scale_of
from ..diagram.elements import Picture
from ..diagram.theme import AREAS, axis_role
from ..frameworks import OURS
from ..frameworks.stack_in_framework import Model
from ..frameworks.unit_slices import leading_index
from ..frameworks.weight_layout import VECTORS, Parameter, WeightLayout, widths
from ..size_expressions import minimum

UNUSED = Block("view")
"""A block that no operation reads: the second gate of a coupled pair."""

Blocks = dict[tuple[str, str], Block]
"""By part and gate, the block in the picture of our own layout."""


def kernels(model: Model, place: Place) -> dict[str, Picture]:
    """A picture of each weight matrix of one cell, by its full name in the framework, all to the same scale. The
    framework must support the model."""
    if not (found := matrices(model, place)):
        return {}
    scale = minimum(*map(scale_of, found))
    return {m.name: matrix(m, scale) for m in found}


def matrices(model: Model, place: Place) -> list[Matrix]:
    """Each weight matrix of one cell, with its full name in the framework."""
    return _matrices(model, place, lambda p: p.is_matrix)


def arrays(model: Model, place: Place) -> list[Matrix]:
    """Each weight array of one cell. A vector is a matrix of one row, or of one column if the matrices are
    transposed."""
    return _matrices(model, place, lambda p: True)


def _matrices(model: Model, place: Place, include: Callable[[Parameter], bool]) -> list[Matrix]:
    stack, layout = model.stack, model.layout
    if stack.cell.text:
        return [_whole_matrix(model, place, p) for p in layout.parameters if include(p)]
    blocks, sides = _blocks(stack, place), _sides(stack, place)
    transposed = any(p.transposed for p in layout.parameters)
    result = []
    for parameters in _arrays(layout, include):
        first = parameters[0]
        name = _joined_name([model.full_name(p.name, place) for p in parameters])
        axes = first.axes(widths(stack.program(place[0])))
        parts = [replace(_matrix(name, parameters, layout, blocks, sides), axes=axes)]
        if first.flat and len(first.parts) > 1:
            parts = list(_strips(parts[0], leading_index(model, place, first)))
        # a vector has no orientation, so it gets that of the matrices
        result += [m.transposed() for m in parts] if first.transposed or (first.flat and transposed) else parts
    return result


def _whole_matrix(model: Model, place: Place, p: Parameter) -> Matrix:
    """An array that is one block. Its rows have the name of the tensor that it multiplies, if it is a kernel. One with
    more than two axes is drawn with all but the last as its rows."""
    program = model.stack.program(place[0])
    axes = p.axes(widths(program))
    *above, last = axes
    sizes = model.sizes
    product = program.by_id[program.used_by[p.name][0]]
    multiplied = product.inputs[0].removesuffix("_prev") if product.operation.kind == "product" else ""
    rows = [MatrixSide("", 1)]
    if len(above) == 1:
        names = [multiplied] * (len(above[0].terms) == 1) or [name[:1] for name in above[0].names]
        rows = [_side(name, *part, sizes, "reads") for name, part in zip(names, above[0].terms, strict=True)]
    elif above:
        rows = [MatrixSide(multiplied, prod(shape(tuple(above), sizes)))]
    columns = [_side("", *part, sizes, "owns") for part in last.terms]
    role = axis_role(above[0].names[0], sizes) if above else ""
    block = Block(AREAS.get(role, "view"), p.name, (product.id,))
    blocks = tuple(tuple(block for _ in columns) for _ in rows)
    return Matrix(model.full_name(p.name, place), tuple(rows), tuple(columns), blocks, axes=axes)


def _side(name: str, times: int, size: str, sizes: Sizes, unit: str) -> MatrixSide:
    """The rows or columns of a term of an axis, and how they belong to units, if they do."""
    axis = Axis(((times, size),))
    return MatrixSide(name, axis.size(sizes), axis_role(size, sizes), axis, "", unit if axis == NUM_UNITS else "")


def _blocks(stack: Stack, place: Place) -> Blocks:
    found: Blocks = {}
    for p in OURS.model(stack).layout.parameters:
        parts = [(part, gate) for part in p.parts for gate in p.gates]
        found |= zip(parts, blocks_of(stack.program(place[0]), p.name), strict=True)
    for (part, gate), block in list(found.items()):
        if part == "b":  # unless our layout distinguishes them, the second bias is drawn like the first
            found.setdefault(("b_h", gate), block)
    return found


def _sides(stack: Stack, place: Place) -> dict[str, MatrixSide]:
    """By part of the cell, and for a gate, the side of a matrix."""
    of_units = {"gate": "owns", "h": "" if stack.num_proj else "reads"}
    sizes = widths(stack.program(place[0])).items()
    matrices = {
        p: MatrixSide(p, axis.size(stack.sizes), axis.names[0], axis, "", of_units.get(p, "")) for p, axis in sizes
    }
    return matrices | {part: MatrixSide(part, 1) for part in VECTORS}


def _arrays(layout: WeightLayout, include: Callable[[Parameter], bool]) -> Iterator[list[Parameter]]:
    """Each array on its own; but if each gate has its own array, the arrays of the same part together."""
    arrays = [p for p in layout.parameters if include(p)]
    for parts in dict.fromkeys(p.parts for p in arrays):
        same_parts = [p for p in arrays if p.parts == parts]
        yield from [same_parts] if all(len(p.gates) == 1 for p in same_parts) else ([p] for p in same_parts)


def _strips(m: Matrix, leading: tuple[int, ...]) -> Iterator[Matrix]:
    """Split a vector of several consecutive parts into one strip for each: ``B[0, :20]`` and ``B[0, 20:]``.

    ``leading`` are the indices of the vector in the framework's array.
    """
    length, last = sum(side.size for side in m.columns), len(m.rows) - 1
    for n, (row, blocks) in enumerate(zip(m.rows, m.blocks, strict=True)):
        part = f"{n * length or ''}:{(n + 1) * length if n < last else ''}"
        name = f"{m.name}[{', '.join([*map(str, leading), part])}]"
        axes = tuple(axis.divided(len(m.rows)) for axis in m.axes)
        yield replace(m, name=name, rows=(row,), blocks=(blocks,), axes=axes)


def _joined_name(names: list[str]) -> str:
    """One name for several arrays: ``cell/ii/kernel … cell/io/kernel``."""
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _matrix(
    name: str, parameters: list[Parameter], layout: WeightLayout, blocks: Blocks, sides: dict[str, MatrixSide]
) -> Matrix:
    """The matrix of an array: parts from top to bottom, gates from left to right."""
    parts, gates = parameters[0].parts, [gate for p in parameters for gate in p.gates]
    # a gate that is 1 minus another gate is drawn where our picture has that other gate
    our_gates = dict(layout.opposite)
    unused = our_gates.values()
    if parts == ("w",):  # the projection belongs to no gate: it maps m, of num_units numbers, to h
        rows, columns = [replace(sides["gate"], name="m", unit="reads")], [sides["h"]]
    else:
        rows = [sides[part] for part in parts]
        gate_side = replace(sides["gate"], role="ink")
        columns = [
            replace(gate_side, name=layout.letter(gate), tensor="" if gate in unused else our_gates.get(gate, gate))
            for gate in gates
        ]
    lines = tuple(
        tuple(UNUSED if gate in unused else blocks[part, our_gates.get(gate, gate)] for gate in gates) for part in parts
    )
    return Matrix(name, tuple(rows), tuple(columns), lines, apart=len(parameters) > 1)
