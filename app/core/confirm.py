"""NumPy's own word on the shapes of a program: its kernels make one step of arrays that take no memory."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from app.core.axes import Sizes, written
from app.core.evaluate import computed
from app.core.ops import Array, Shape
from app.core.program import Program, Tensor
from app.core.symbols import ProgramError

SizePairs = tuple[tuple[str, int], ...]
"""Sizes as pairs, so that what was found for them can be looked up."""


class ShapeError(ValueError):
    """NumPy made another shape than the program said."""


@lru_cache(maxsize=1024)
def shapes_by_numpy(program: Program, sizes: SizePairs) -> Mapping[str, Shape]:
    """The shapes of X, the weights and the tensors of a step as NumPy makes them; ShapeError if the program differs.

    Every kernel is called as in plain NumPy, without ``out``. The arrays have one axis more, in front, of length 0: so
    NumPy decides each shape as it always does, at any size, and has nothing to compute.
    """
    named, arrays, shapes = dict(sizes), dict[str, Array](), dict[str, Shape]()
    for t in program.tensors:
        if t.per_step or t.operation.kind == "given":
            arrays[t.id] = _made(t, arrays, named)
            shapes[t.id] = arrays[t.id].shape[_ghost_axes(t) :]
            check(t, shapes[t.id], named)
    return MappingProxyType(shapes)


def check(t: Tensor, made: Shape, sizes: Sizes) -> None:
    if made != t.shape(sizes):
        raise ShapeError(f"{t.id} was made {_by(made)}, but {written(t.axes)} is {_by(t.shape(sizes))}")


def _made(t: Tensor, arrays: Mapping[str, Array], sizes: Sizes) -> Array:
    if t.op == "carry" or t.operation.kind == "given":
        shape = (0,) * _ghost_axes(t) + t.shape(sizes)
        return np.broadcast_to(np.float32(0), shape)
    inputs = [arrays[id] for id in t.inputs]
    return inputs[0][:, :, 0] if t.op == "step" else computed(t, inputs)


def _ghost_axes(t: Tensor) -> int:
    """Weights have none, so that they meet a kernel as they are: one number in the memory of a whole array."""
    return 0 if t.role == "weight" else 1


def check_mixes(program: Program) -> None:
    """ProgramError where an operation combines or moves numbers along an axis that its record does not list."""
    for t in program.step:
        op = t.operation
        if op.compute and op.kind in ("pointwise", "function"):
            for axis in _mixed_axes(op.compute, len(t.inputs)) - {*op.mixes}:
                raise ProgramError(
                    f"{t.op} mixes axis {axis} and does not list it: what {t.id} has at one place depends on others"
                )


@lru_cache(maxsize=256)
def _mixed_axes(compute: Callable[..., Array], inputs: int) -> frozenset[int]:
    """The axes along which an operation combines or moves numbers: -1 for the units, -2 for the batch.

    It is tried on a few numbers, small and large: all together, and each slice along an axis by itself.
    """
    given = np.geomspace(0.01, 30, inputs * 12).reshape(inputs, 3, 4) * (-1, 1, 1, -1)
    with np.errstate(all="ignore"):
        together = compute(*given)
        alone = {axis: [compute(*part) for part in np.split(given, given.shape[axis], axis)] for axis in (-1, -2)}
    return frozenset(axis for axis, parts in alone.items() if not _same(np.concatenate(parts, axis), together))


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)


def _by(shape: Shape) -> str:
    return " × ".join(map(str, shape))
