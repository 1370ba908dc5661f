"""The matrices of weights to scale, as the chosen framework has them: its names, its gate order, its way round."""

from collections.abc import Iterator
from dataclasses import replace

from app.core.stack import Place, Stack
from app.diagram.kernel import Block, Matrix, Side, blocks_of, matrix, scale_of
from app.diagram.shapes import Picture
from app.frameworks.framework import Framework, Settings, widths
from app.frameworks.layout import Layout, Parameter
from app.frameworks.weights import OURS

UNUSED = Block("view")
"""A block that nothing reads: the second gate of a coupled pair."""

Blocks = dict[tuple[str, str], Block]
"""What each part of each gate is in our own picture."""


def kernels(stack: Stack, place: Place, framework: Framework, settings: Settings) -> dict[str, Picture]:
    """Every matrix of one cell, by its full name there, all in one scale. The framework has to have the cell."""
    found = matrices(stack, place, framework, settings)
    scale = min(map(scale_of, found))
    return {m.name: matrix(m, scale) for m in found}


def matrices(stack: Stack, place: Place, framework: Framework, settings: Settings) -> list[Matrix]:
    """Every matrix of one cell, under its full name there."""
    layout, blocks, sides = framework.layout(stack, settings), _blocks(stack, place), _sides(stack, place)
    found = []
    for parameters in _arrays(layout):
        name = _together([framework.full_name(p.name, place, stack) for p in parameters])
        found.append(_matrix(name, parameters, layout, blocks, sides))
    return found


def _blocks(stack: Stack, place: Place) -> Blocks:
    found: Blocks = {}
    for p in OURS.layout(stack, {}).parameters:
        if p.is_matrix:
            parts = [(part, gate) for part in p.parts for gate in p.gates]
            found |= zip(parts, blocks_of(stack.program(place[0]), p.name), strict=True)
    return found


def _sides(stack: Stack, place: Place) -> dict[str, Side]:
    """Each part of the cell, and a gate, as a side of a matrix."""
    return {part: Side(part, axis.size(stack.sizes), axis.names[0]) for part, axis in widths(stack, place).items()}


def _arrays(layout: Layout) -> Iterator[list[Parameter]]:
    """Each matrix by itself; where every gate has one of its own, those of the same part together."""
    matrices = [p for p in layout.parameters if p.is_matrix]
    for parts in dict.fromkeys(p.parts for p in matrices):
        alike = [p for p in matrices if p.parts == parts]
        yield from [alike] if all(len(p.gates) == 1 for p in alike) else ([p] for p in alike)


def _together(names: list[str]) -> str:
    """One name for several: ``cell/ii/kernel … cell/io/kernel``."""
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _matrix(name: str, parameters: list[Parameter], layout: Layout, blocks: Blocks, sides: dict[str, Side]) -> Matrix:
    """Parts from top to bottom, gates from left to right, and turned where the framework has it so."""
    parts, gates = parameters[0].parts, [gate for p in parameters for gate in p.gates]
    if parts == ("w",):  # the projection, of no gate: what h was before, by h
        rows, columns = [replace(sides["gate"], name="m")], [sides["h"]]
    else:
        rows = [sides[part] for part in parts]
        columns = [replace(sides["gate"], name=layout.letter(gate), role="ink") for gate in gates]
    # A gate that is 1 minus another one stands where our picture has that other one.
    ours = dict(layout.opposite)
    lines = tuple(
        tuple(UNUSED if gate in ours.values() else blocks[part, ours.get(gate, gate)] for gate in gates)
        for part in parts
    )
    made = Matrix(name, tuple(rows), tuple(columns), lines, apart=len(parameters) > 1)
    return made.transposed() if parameters[0].transposed else made
