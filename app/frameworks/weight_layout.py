"""How a framework stores the weights of one cell: which arrays, which gates in which order, whether transposed.

Any two layouts convert by way of the *blocks*: for each gate its weights for x and for h, and its biases. Packing
arranges the blocks as a framework stores them, and unpacking is the inverse, so the weights of any framework convert to
those of any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..core.axes import FEATURES, NUM_UNITS, Axes, Axis, axis
from ..core.ops import Array
from ..core.program import Program, Tensor
from ..core.stack import Place, Stack

Blocks = dict[tuple[str, str], Array]
"""(part, gate) -> numbers, with a row for each input and a column for each output.

Parts: ``x`` and ``h``, the weights of a gate for them (features × num_units, num_units × num_units); ``b``, its bias,
and ``b_h``, a second one that is added only to the product with h; ``p``, its peephole (num_units each); ``w``, the
projection (num_units × num_proj), which belongs to no gate.
"""

VECTORS = ("b", "b_h", "p")
"""The parts that have a single row."""


class LayoutError(ValueError):
    """Weights that a layout cannot store, or an array that does not fit its layout."""


@dataclass(frozen=True)
class Parameter:
    """One array: the blocks of ``gates`` from left to right, of ``parts`` from top to bottom.

    If ``transposed``, the gates are below each other. If ``flat``, the rows are joined into one vector.
    """

    name: str
    parts: tuple[str, ...]
    gates: tuple[str, ...]
    transposed: bool = False
    flat: bool = False

    @property
    def is_matrix(self) -> bool:
        """Whether it is a factor of a matrix product; others are added or multiplied unit by unit."""
        return self.parts[0] not in VECTORS

    def axes(self, widths: Mapping[str, Axis]) -> Axes:
        """Its named axes. ``widths`` has the widths of x, h, a gate and the projection."""
        columns = widths["w" if self.parts == ("w",) else "gate"].times(len(self.gates))
        if self.flat:
            return (columns.times(len(self.parts)),)
        matrix = _rows(self.parts, widths), columns
        return matrix[::-1] if self.transposed else matrix

    def pack(self, blocks: Blocks) -> Array:
        """The array, in row-major order. LayoutError if a block is missing."""
        rows = [[self._block(blocks, part, gate) for gate in self.gates] for part in self.parts]
        if self.flat:
            return np.block(rows).reshape(-1)
        if self.transposed:  # each block first: to transpose the whole matrix would copy it once more
            rows = [[block.T for block in column] for column in zip(*rows, strict=True)]
        return np.ascontiguousarray(np.block(rows))

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


@dataclass(frozen=True)
class WholeArray(Parameter):
    """An array that is one block, with axes of its own: a weight of a cell that somebody typed. It belongs to no
    gate."""

    own_axes: Axes = ()

    @property
    def is_matrix(self) -> bool:
        return len(self.own_axes) > 1

    def axes(self, widths: Mapping[str, Axis]) -> Axes:
        return tuple(axis.replaced(str(FEATURES), widths["x"]).collected for axis in self.own_axes)

    def pack(self, blocks: Blocks) -> Array:
        return np.ascontiguousarray(blocks[self.parts[0], NO_GATE])

    def unpack(self, array: Array, heights: Mapping[str, int]) -> Blocks:
        return {(self.parts[0], NO_GATE): array}


def whole_array(weight: Tensor) -> WholeArray:
    """A weight as one block. The name of its part is none of those of blocks of gates."""
    return WholeArray(weight.id, (f"all of {weight.id}",), (NO_GATE,), own_axes=weight.axes)


NO_GATE = ""
"""The gate of a block that belongs to none."""


def _rows(parts: tuple[str, ...], widths: Mapping[str, Axis]) -> Axis:
    """The axis of the rows: as many as the widths of x and h, and one for each bias."""
    if all(part in VECTORS for part in parts):
        return axis("biases")
    heights = {**widths, "w": widths["gate"]}
    return sum((heights[part] for part in parts[1:]), heights[parts[0]])


def _named(blocks: Blocks) -> str:
    return ", ".join(f"{part} of {gate}" if gate else part for part, gate in blocks)


def widths(program: Program) -> dict[str, Axis]:
    """Part -> its width in the weights of a cell: x, h, a gate and the projection ``w``."""
    x, h = (program.by_id[id].axes[-1] for id in ("x", program.cell.output))
    return {"x": x, "h": h, "gate": NUM_UNITS, "w": h}


def heights(stack: Stack, place: Place) -> dict[str, int]:
    """Part -> its number of rows in the weights of a cell: x, h and the projection ``w``."""
    sizes = {part: width.size(stack.sizes) for part, width in widths(stack.program(place[0])).items()}
    return {"x": sizes["x"], "h": sizes["h"], "w": sizes["gate"]}


@dataclass(frozen=True)
class WeightLayout:
    """All arrays of one cell. ``letters`` has the framework's letter for a gate, if it differs from ours.

    ``added`` is a value that the framework itself adds to the bias of a gate, so that it is not stored. ``opposite``
    has pairs of a gate of the framework and our gate of which it is 1 minus: since σ(−a) = 1 − σ(a), the framework
    stores our weights negated, and the place of our gate is unused.
    """

    parameters: tuple[Parameter, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    added: tuple[tuple[str, float], ...] = ()
    opposite: tuple[tuple[str, str], ...] = ()

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates in the framework's order, in our letters."""
        gates = (g for p in self.parameters if "w" not in p.parts for g in p.gates if g != NO_GATE)
        return tuple(dict.fromkeys(gates))

    def letter(self, gate: str) -> str:
        return self.letters.get(gate, gate)

    @property
    def blocks(self) -> tuple[tuple[str, str], ...]:
        """The blocks of the arrays, in order."""
        return tuple((part, gate) for p in self.parameters for part in p.parts for gate in p.gates)

    def share_blocks(self, parameter: Parameter, other: Parameter) -> bool:
        """Whether a parameter of this layout and one of another have some blocks in common."""
        opposite = dict(self.opposite)
        blocks = {(part, opposite.get(gate, gate)) for part in parameter.parts for gate in parameter.gates}
        other_blocks = {(part, gate) for part in other.parts for gate in other.gates}
        if ("b_h", other.gates[0]) not in other_blocks:  # a single bias contains both
            blocks = {("b" if part == "b_h" else part, gate) for part, gate in blocks}
        return not blocks.isdisjoint(other_blocks)

    def array(self, parameter: Parameter, blocks: Blocks) -> Array:
        """One of the arrays, packed from our blocks."""
        return parameter.pack(self._with_biases(self._as_stored(blocks)))

    def unpack(self, arrays: Mapping[str, Array], heights: Mapping[str, int]) -> Blocks:
        """The blocks of all arrays. LayoutError if one is missing or has another shape."""
        blocks: Blocks = {}
        for p in self.parameters:
            if p.name not in arrays:
                raise LayoutError(f"{p.name} is missing; there are {', '.join(arrays)}")
            blocks |= p.unpack(arrays[p.name], heights)
        return self._as_ours(blocks)

    def _as_stored(self, blocks: Blocks) -> Blocks:
        """Our blocks as the framework stores them: without added values, with opposite gates negated."""
        stored = dict(blocks)
        for gate, more in self.added:
            stored["b", gate] = blocks["b", gate] - blocks["b", gate].dtype.type(more)
        for other, our in self.opposite:
            for part, gate in blocks:
                if gate == our:
                    stored[part, other], stored[part, our] = -blocks[part, our], np.zeros_like(blocks[part, our])
        return stored

    def _as_ours(self, blocks: Blocks) -> Blocks:
        """The inverse of ``_as_stored``."""
        ours = dict(blocks)
        for gate, more in self.added:
            ours["b", gate] = blocks["b", gate] + blocks["b", gate].dtype.type(more)
        for other, our in self.opposite:
            for part, gate in blocks:
                if gate == other:
                    ours[part, our] = -ours.pop((part, other))
        return ours

    def _with_biases(self, blocks: Blocks) -> Blocks:
        """The blocks with as many biases as the layout has: two are summed into one, or the second one is zero. Only
        their sum matters, unless r multiplies one of them."""
        fitting = dict(blocks)
        for part, gate in blocks:
            if part == "b_h" and (part, gate) not in self.blocks:
                fitting["b", gate] = blocks["b", gate] + fitting.pop((part, gate))
        for part, gate in self.blocks:
            if part == "b_h" and (part, gate) not in blocks:
                fitting[part, gate] = np.zeros_like(blocks["b", gate])
        return fitting


def permutation(a: WeightLayout, b: WeightLayout) -> tuple[int | None, ...]:
    """For each block of ``b``, in order, the index of the same block of ``a``.

    PyTorch's i, f, g, o are the blocks (0, 2, 1, 3) of TensorFlow 1's i, j, f, o. None if ``a`` has no such block,
    such as the unused forget gate of ONNX's coupled LSTM.
    """
    blocks = _meanings(a)
    return tuple(blocks.index(gate) if gate in blocks else None for gate in _meanings(b))


def _meanings(layout: WeightLayout) -> list[str]:
    """Our gate for each block, with a special name for an unused one."""
    opposite = {**{our: f"unused {our}" for _, our in layout.opposite}, **dict(layout.opposite)}
    return [opposite.get(gate, gate) for gate in layout.gates]
