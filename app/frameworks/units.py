"""Which numbers of a framework's arrays belong to one unit: those that it computes with, and those that read it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.axes import Axis
from app.core.stack import Place, Stack
from app.frameworks.framework import Framework, Settings, heights, widths
from app.frameworks.layout import Parameter

Index = tuple[int | slice, ...]
"""Where in an array: a number for an axis, or all of it."""

ALL = slice(None)


@dataclass(frozen=True)
class Piece:
    """Some numbers of one array, by its full name: a column, a row, or a single one.

    ``gate`` is the one that they make, by the framework's letter.
    """

    array: str
    index: Index
    count: int
    gate: str = ""

    @property
    def written(self) -> str:
        """As a program says it: ``kernel[:, 3]``."""
        return f"[{', '.join(':' if i == ALL else str(i) for i in self.index)}]"


def owned(stack: Stack, place: Place, framework: Framework, settings: Settings, unit: int) -> list[Piece]:
    """What a unit of one cell computes its gates with, and no other unit does: its column of every gate's block, its
    number of every bias and peephole. A block that nothing reads is not counted."""
    layout, found = framework.layout(stack, settings), list[Piece]()
    unused = {ours for _, ours in layout.opposite}
    for p in layout.parameters:
        before = lead(framework, stack, settings, place, p)
        rows = 1 if p.flat else sum(heights(stack, place).get(part, 1) for part in p.parts)
        for gate, index in _columns(p, stack.num_units, unit):
            if gate not in unused:
                name, letter = framework.full_name(p.name, place, stack), layout.letter(gate)
                found.append(Piece(name, (*before, *index), rows, letter))
    return found


def read_by(stack: Stack, place: Place, framework: Framework, settings: Settings, unit: int) -> list[Piece]:
    """What reads a unit of one cell: of every kernel for h the row that its number of h meets; with a projection, which
    is what makes h, its row of that."""
    layout, found = framework.layout(stack, settings), list[Piece]()
    part = "w" if stack.num_proj else "h"
    for p in layout.parameters:
        if part not in p.parts:
            continue
        row = sum(heights(stack, place)[above] for above in p.parts[: p.parts.index(part)]) + unit
        index: Index = (ALL, row) if p.transposed else (row, ALL)
        before = lead(framework, stack, settings, place, p)
        columns = stack.num_proj if part == "w" else stack.num_units * len(p.gates)
        found.append(Piece(framework.full_name(p.name, place, stack), (*before, *index), columns))
    return found


def rows_of_gates(stack: Stack, place: Place, framework: Framework, settings: Settings) -> dict[str, list[Axis | None]]:
    """For each gate that is read what one unit of it owns: as many numbers as x and h have, and one (None) for each
    bias and peephole."""
    layout, found = framework.layout(stack, settings), dict[str, list[Axis | None]]()
    unused = {ours for _, ours in layout.opposite}
    for p in layout.parameters:
        for gate in p.gates:
            if "w" not in p.parts and gate not in unused:
                found.setdefault(gate, []).extend(widths(stack, place).get(part) for part in p.parts)
    return found


def lead(framework: Framework, stack: Stack, settings: Settings, place: Place, p: Parameter) -> tuple[int, ...]:
    """Where a cell's array stands in the framework's, if that holds several: ONNX has both directions in one."""
    name, own = framework.full_name(p.name, place, stack), p.axes(widths(stack, place))
    (whole,) = (array.axes for array in framework.stored(stack, settings) if array.name == name)
    return (stack.directions.index(place[1]),) * (len(whole) - len(own))


def _columns(p: Parameter, num_units: int, unit: int) -> Iterator[tuple[str, Index]]:
    """Where a unit's numbers are in each gate's block of an array."""
    if "w" in p.parts:
        return
    across = num_units * len(p.gates)
    for strip in range(len(p.parts) if p.flat else 1):
        for n, gate in enumerate(p.gates):
            at = strip * across + n * num_units + unit
            yield gate, (at,) if p.flat else (at, ALL) if p.transposed else (ALL, at)
