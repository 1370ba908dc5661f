"""How a framework stores the weights of one cell: which arrays, which gates in which order, whether transposed.

Between any two layouts are the *blocks*: for each gate what it multiplies x and h by, and its biases. Packing puts the
blocks together as a framework stores them, unpacking cuts them out; so any framework's weights convert to any other's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..core.axes import NUM_UNITS, Axes, Axis, axis
from ..core.ops import Array
from ..core.program import Program
from ..core.stack import Place, Stack

Blocks = dict[tuple[str, str], Array]
"""(part, gate) -> numbers, with a row for each input and a column for each output.

Parts: ``x`` and ``h``, what a gate multiplies them by (features × num_units, num_units × num_units); ``b``, its bias,
and ``b_h``, a second one that is added to h's product alone; ``p``, its peephole (num_units each); ``w``, the
projection (num_units × num_proj), of no gate.
"""

VECTORS = ("b", "b_h", "p")
"""The parts that have a single row."""


class LayoutError(ValueError):
    """Weights that a layout has no place for, or an array that does not fit its layout."""


@dataclass(frozen=True)
class Parameter:
    """One array: the blocks of ``gates`` from left to right, of ``parts`` from top to bottom.

    If ``transposed``, the gates are below each other. If ``flat``, the rows are joined to one vector.
    """

    name: str
    parts: tuple[str, ...]
    gates: tuple[str, ...]
    transposed: bool = False
    flat: bool = False

    @property
    def is_matrix(self) -> bool:
        """Whether it is a factor of a matrix product, not only added or multiplied unit by unit."""
        return self.parts[0] not in VECTORS

    def axes(self, widths: Mapping[str, Axis]) -> Axes:
        """Its named axes. ``widths`` has the widths of x, h, a gate and the projection."""
        columns = widths["w" if self.parts == ("w",) else "gate"].times(len(self.gates))
        if self.flat:
            return (columns.times(len(self.parts)),)
        matrix = _rows(self.parts, widths), columns
        return matrix[::-1] if self.transposed else matrix

    def pack(self, blocks: Blocks) -> Array:
        """The array, row by row in memory. LayoutError where a block is missing."""
        rows = [np.concatenate([self._block(blocks, part, g) for g in self.gates], axis=1) for part in self.parts]
        matrix = np.concatenate(rows)
        if self.flat:
            return matrix.reshape(-1)
        return np.ascontiguousarray(matrix.T if self.transposed else matrix)

    def _block(self, blocks: Blocks, part: str, gate: str) -> Array:
        if (part, gate) not in blocks:
            raise LayoutError(f"{self.name} holds {part} of gate {gate}; the weights have {_named(blocks)}")
        return np.atleast_2d(blocks[part, gate])

    def unpack(self, array: Array, heights: Mapping[str, int]) -> Blocks:
        """The inverse of ``pack``. ``heights`` has the number of rows of x, h and w."""
        rows = [heights.get(part, 1) for part in self.parts]
        matrix = array.T if self.transposed else array.reshape(sum(rows), -1)
        if matrix.shape[0] != sum(rows) or matrix.shape[1] % len(self.gates):
            raise LayoutError(f"{self.name} is {array.shape}; it has {sum(rows)} rows and {len(self.gates)} gates")
        return {
            (part, gate): block[0] if part in VECTORS else block
            for part, row in zip(self.parts, np.split(matrix, np.cumsum(rows)[:-1]), strict=True)
            for gate, block in zip(self.gates, np.split(row, len(self.gates), axis=1), strict=True)
        }


def _rows(parts: tuple[str, ...], widths: Mapping[str, Axis]) -> Axis:
    """The axis of the rows: x and h have as many as they are wide, each bias is one."""
    if all(part in VECTORS for part in parts):
        return axis("biases")
    heights = {**widths, "w": widths["gate"]}
    return sum((heights[part] for part in parts[1:]), heights[parts[0]])


def _named(blocks: Blocks) -> str:
    return ", ".join(f"{part} of {gate}" if gate else part for part, gate in blocks)


def widths(program: Program) -> dict[str, Axis]:
    """Part -> how wide it is in the weights of a cell: x, h, a gate and the projection ``w``."""
    x, h = (program.by_id[id].axes[-1] for id in ("x", program.cell.output))
    return {"x": x, "h": h, "gate": NUM_UNITS, "w": h}


def heights(stack: Stack, place: Place) -> dict[str, int]:
    """Part -> how many rows x, h and the projection ``w`` have in the weights of a cell."""
    sizes = {part: width.size(stack.sizes) for part, width in widths(stack.program(place[0])).items()}
    return {"x": sizes["x"], "h": sizes["h"], "w": sizes["gate"]}


@dataclass(frozen=True)
class WeightLayout:
    """All arrays of one cell. ``letters`` has the framework's letter for a gate, where it differs from ours.

    ``added`` is what the framework itself adds to a gate's bias, so that it is not stored. ``opposite`` pairs a gate of
    the framework with the gate of ours that it is 1 minus: since σ(−a) = 1 − σ(a), it stores our weights negated, and
    the place of our gate is unused.
    """

    parameters: tuple[Parameter, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    added: tuple[tuple[str, float], ...] = ()
    opposite: tuple[tuple[str, str], ...] = ()

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates in the framework's order, in our letters."""
        return tuple(dict.fromkeys(g for p in self.parameters if "w" not in p.parts for g in p.gates))

    def letter(self, gate: str) -> str:
        return self.letters.get(gate, gate)

    @property
    def blocks(self) -> tuple[tuple[str, str], ...]:
        """The blocks that the arrays hold, in order."""
        return tuple((part, gate) for p in self.parameters for part in p.parts for gate in p.gates)

    def share_blocks(self, parameter: Parameter, other: Parameter) -> bool:
        """Whether a parameter of this layout and one of another have some blocks in common."""
        instead = dict(self.opposite)
        mine = {(part, instead.get(gate, gate)) for part in parameter.parts for gate in parameter.gates}
        theirs = {(part, gate) for part in other.parts for gate in other.gates}
        if ("b_h", other.gates[0]) not in theirs:  # where there is one bias, both go into it
            mine = {("b" if part == "b_h" else part, gate) for part, gate in mine}
        return not mine.isdisjoint(theirs)

    def array(self, parameter: Parameter, blocks: Blocks) -> Array:
        """One of the arrays, packed from our blocks."""
        return parameter.pack(self._with_biases(self._as_stored(blocks)))

    def unpack(self, arrays: Mapping[str, Array], heights: Mapping[str, int]) -> Blocks:
        """The blocks of all arrays; LayoutError where one is missing or has another shape."""
        blocks: Blocks = {}
        for p in self.parameters:
            if p.name not in arrays:
                raise LayoutError(f"{p.name} is missing; there are {', '.join(arrays)}")
            blocks |= p.unpack(arrays[p.name], heights)
        return self._as_ours(blocks)

    def _as_stored(self, blocks: Blocks) -> Blocks:
        """Our blocks as the framework stores them: without what it adds, with opposite gates negated."""
        given = dict(blocks)
        for gate, more in self.added:
            given["b", gate] = blocks["b", gate] - blocks["b", gate].dtype.type(more)
        for theirs, ours in self.opposite:
            for part, gate in blocks:
                if gate == ours:
                    given[part, theirs], given[part, ours] = -blocks[part, ours], np.zeros_like(blocks[part, ours])
        return given

    def _as_ours(self, blocks: Blocks) -> Blocks:
        """The inverse of ``_as_stored``."""
        taken = dict(blocks)
        for gate, more in self.added:
            taken["b", gate] = blocks["b", gate] + blocks["b", gate].dtype.type(more)
        for theirs, ours in self.opposite:
            for part, gate in blocks:
                if gate == theirs:
                    taken[part, ours] = -taken.pop((part, theirs))
        return taken

    def _with_biases(self, blocks: Blocks) -> Blocks:
        """One bias where the layout has one, two where it has two: only their sum counts, unless r multiplies one."""
        fitting = dict(blocks)
        for part, gate in blocks:
            if part == "b_h" and (part, gate) not in self.blocks:
                fitting["b", gate] = blocks["b", gate] + fitting.pop((part, gate))
        for part, gate in self.blocks:
            if part == "b_h" and (part, gate) not in blocks:
                fitting[part, gate] = np.zeros_like(blocks["b", gate])
        return fitting


def permutation(a: WeightLayout, b: WeightLayout) -> tuple[int | None, ...]:
    """For each block of ``b``, from the first on, which block of ``a`` it is.

    PyTorch's i, f, g, o are the blocks (0, 2, 1, 3) of TensorFlow 1's i, j, f, o. None where ``a`` has no such block,
    as for the forget gate of ONNX' coupled LSTM, which is unused.
    """
    blocks = _meanings(a)
    return tuple(blocks.index(gate) if gate in blocks else None for gate in _meanings(b))


def _meanings(layout: WeightLayout) -> list[str]:
    """Our gate for each block; an unused one gets a name of its own."""
    opposite = {**{ours: f"unused {ours}" for _, ours in layout.opposite}, **dict(layout.opposite)}
    return [opposite.get(gate, gate) for gate in layout.gates]
