"""NumPy's own word on the shapes of a program: its kernels make one step of arrays that take no memory."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from app.core.axes import Sizes, written
from app.core.ops import GIVEN, OPS, Array, Shape
from app.core.program import Program, Tensor

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
    if t.op == "step":
        return inputs[0][:, :, 0]
    if t.part:
        k, n = t.part
        width = inputs[0].shape[-1] // n
        return inputs[0][..., k * width : (k + 1) * width]
    kernel = OPS[t.op].kernel
    assert kernel, f"{t.op} makes nothing"
    return kernel(*inputs)


def _ghost_axes(t: Tensor) -> int:
    """Weights have none, so that they meet a kernel as they are: one number in the memory of a whole array."""
    return 0 if t.role == "weight" else 1


def _by(shape: Shape) -> str:
    return " × ".join(map(str, shape))
