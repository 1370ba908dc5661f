"""Which numbers in the arrays of a model belong to one unit: those that it owns, and those that read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import prod

from ..core.axes import NUM_UNITS, Axis, shape
from ..core.stack import Place
from .stack_in_framework import Model
from .weight_layout import NO_GATE, Parameter, WholeArray, heights, widths

Index = tuple[int | slice, ...]
"""A position in an array: for each axis an index or a slice."""

ALL = slice(None)


@dataclass(frozen=True)
class ArraySlice:
    """Some numbers of one array, by its full name: a column, a row, or a single one.

    ``gate`` is the gate that they compute, by its letter in the framework.
    """

    array: str
    index: Index
    count: int
    gate: str = ""

    @property
    def written(self) -> str:
        """The index as a program writes it: ``[:, 3]``."""
        return f"[{', '.join(map(_written, self.index))}]"


def _written(i: int | slice) -> str:
    """``3``, ``:``, ``10:15``."""
    if isinstance(i, int):
        return str(i)
    return ":".join("" if end is None else str(end) for end in (i.start, i.stop))


def owned(model: Model, place: Place, unit: int) -> list[ArraySlice]:
    """The numbers with which only this unit of a cell computes its gates: its column of the block of every gate, its
    number of every bias and peephole. A block that nothing reads is left out."""
    stack, layout, found = model.stack, model.layout, list[ArraySlice]()
    unused = {our for _, our in layout.opposite}
    for p in layout.parameters:
        if isinstance(p, WholeArray):
            found += _of_unit(model, place, p, -1, unit)
            continue
        before = leading_index(model, place, p)
        rows = 1 if p.flat else sum(heights(stack, place).get(part, 1) for part in p.parts)
        for gate, index in _columns(p, stack.num_units, unit):
            if gate not in unused:
                name, letter = model.full_name(p.name, place), layout.letter(gate)
                found.append(ArraySlice(name, (*before, *index), rows, letter))
    return found


def read_by(model: Model, place: Place, unit: int) -> list[ArraySlice]:
    """The factors of a unit's number of h in its own cell: its row of every kernel for h or, with a projection, which
    computes h, its row of that. A block that nothing reads is left out."""
    return list(_rows(model, place, "w" if model.stack.num_proj else "h", unit))


def read_above(model: Model, place: Place, unit: int) -> list[ArraySlice]:
    """The factors of a unit's number of h in every cell of the layer above: its row of every kernel for x, which has
    the rows of both directions. Empty for the top layer, and with a projection, which mixes all units."""
    stack, (layer, direction) = model.stack, place
    if stack.num_proj or layer == stack.num_layers - 1:
        return []
    row = stack.directions.index(direction) * stack.num_units + unit
    cells = [(layer + 1, above) for above in stack.directions]
    return [array_slice for cell in cells for array_slice in _rows(model, cell, "x", row)]


def _rows(model: Model, place: Place, part: str, row: int) -> Iterator[ArraySlice]:
    """One row of a part of a cell's kernels, without the blocks that nothing reads."""
    stack, layout = model.stack, model.layout
    unused, row_counts = {our for _, our in layout.opposite}, heights(stack, place)
    wide = stack.num_proj if part == "w" else stack.num_units
    for p in layout.parameters:
        if isinstance(p, WholeArray):
            if part == "h" and p.is_matrix:
                yield from _of_unit(model, place, p, 0, row)
            continue
        if part not in p.parts:
            continue
        at = sum(row_counts[other] for other in p.parts[: p.parts.index(part)]) + row
        name, before = model.full_name(p.name, place), leading_index(model, place, p)
        for columns in _read_columns([gate not in unused for gate in p.gates], wide):
            count = len(range(*columns.indices(wide * len(p.gates))))
            yield ArraySlice(name, (*before, *((columns, at) if p.transposed else (at, columns))), count)


def _of_unit(model: Model, place: Place, p: WholeArray, n: int, unit: int) -> Iterator[ArraySlice]:
    """The numbers of a whole array at the index of a unit along its n-th axis, in each block of units there."""
    axes, sizes = p.axes(widths(model.stack.program(place[0]))), model.sizes
    count = prod(shape(axes, sizes)) // axes[n].size(sizes)
    for name, begin, _ in axes[n].parts(sizes):
        if name == str(NUM_UNITS):
            index: list[int | slice] = [ALL] * len(axes)
            index[n] = begin + unit
            yield ArraySlice(model.full_name(p.name, place), tuple(index), count)


def _read_columns(is_read: list[bool], wide: int) -> Iterator[slice]:
    """The columns of the blocks that are read, neighbours in one slice; slices are open at the ends of the array."""
    begin = 0
    for read, blocks in groupby(is_read):
        end = begin + len(list(blocks))
        if read:
            yield slice(begin * wide or None, end * wide if end < len(is_read) else None)
        begin = end


def rows_of_gates(model: Model, place: Place) -> dict[str, list[Axis | None]]:
    """For each gate that is read, the rows of the column that one unit owns: the axes of x and h, and None for each
    bias and peephole, which have one number."""
    layout, found = model.layout, dict[str, list[Axis | None]]()
    wide = widths(model.stack.program(place[0]))
    unused = {our for _, our in layout.opposite}
    for p in layout.parameters:
        for gate in p.gates:
            if "w" not in p.parts and gate not in (*unused, NO_GATE):
                found.setdefault(gate, []).extend(wide.get(part) for part in p.parts)
    return found


def leading_index(model: Model, place: Place, p: Parameter) -> tuple[int, ...]:
    """The index of a cell's array in the stored one, if that contains several: ONNX has both directions in one."""
    stack, name = model.stack, model.full_name(p.name, place)
    own = p.axes(widths(stack.program(place[0])))
    (whole,) = (array.axes for array in model.weights if array.name == name)
    return (stack.directions.index(place[1]),) * (len(whole) - len(own))


def _columns(p: Parameter, num_units: int, unit: int) -> Iterator[tuple[str, Index]]:
    """The index of a unit's numbers in the block of each gate of an array."""
    if "w" in p.parts:
        return
    across = num_units * len(p.gates)
    for strip in range(len(p.parts) if p.flat else 1):
        for n, gate in enumerate(p.gates):
            at = strip * across + n * num_units + unit
            yield gate, (at,) if p.flat else (at, ALL) if p.transposed else (ALL, at)
