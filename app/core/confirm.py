"""NumPy's own word on the shapes of a program: its kernels make one step of arrays that take no memory."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from app.core.axes import Sizes, written
from app.core.evaluate import computed
from app.core.ops import GIVEN, OPS, Array, Shape
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
        if t.per_step or t.op in GIVEN:
            arrays[t.id] = _made(t, arrays, named)
            shapes[t.id] = arrays[t.id].shape[_ghost_axes(t) :]
            check(t, shapes[t.id], named)
    return MappingProxyType(shapes)


def check(t: Tensor, made: Shape, sizes: Sizes) -> None:
    if made != t.shape(sizes):
        raise ShapeError(f"{t.id} was made {_by(made)}, but {written(t.axes)} is {_by(t.shape(sizes))}")


def _made(t: Tensor, arrays: Mapping[str, Array], sizes: Sizes) -> Array:
    if t.op in (*GIVEN, "carry"):
        shape = (0,) * _ghost_axes(t) + t.shape(sizes)
        return np.broadcast_to(np.float32(0), shape)
    inputs = [arrays[id] for id in t.inputs]
    return inputs[0][:, :, 0] if t.op == "step" else computed(t, inputs)


def _ghost_axes(t: Tensor) -> int:
    """Weights have none, so that they meet a kernel as they are: one number in the memory of a whole array."""
    return 0 if t.role == "weight" else 1


def check_pointwise(program: Program) -> None:
    """ProgramError where an operation says that it is pointwise, and is not."""
    for t in program.step:
        op = OPS[t.op]
        if op.pointwise and op.kernel and not _is_pointwise(op.kernel, len(t.inputs)):
            raise ProgramError(f"{t.op} is not pointwise: what {t.id} has at one place depends on other places")


@lru_cache(maxsize=256)
def _is_pointwise(kernel: Callable[..., Array], inputs: int) -> bool:
    """Tried on a few numbers, small and large: together, and each by itself."""
    given = np.geomspace(0.01, 30, inputs * 12).reshape(inputs, 3, 4) * (-1, 1, 1, -1)
    with np.errstate(all="ignore"):
        together = kernel(*given)
        alone = [[kernel(*given[:, b : b + 1, k : k + 1])[0, 0] for k in range(4)] for b in range(3)]
    return np.allclose(together, alone, rtol=1e-9, atol=0, equal_nan=True)


def _by(shape: Shape) -> str:
    return " × ".join(map(str, shape))
