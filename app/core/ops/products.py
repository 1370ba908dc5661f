"""The operations that multiply by a weight matrix."""

from collections.abc import Sequence
from math import prod

import numpy as np

from ..axes import Axes, AxisError, written
from .op import Array, Op, Shape, summed_rows
from .pointwise import by_vector


def affine(x: Array, kernel: Array, bias: Array, out: Array | None = None) -> Array:
    out = np.matmul(x, kernel, out)
    return np.add(out, bias, out)


def _matmul_axes(a: Axes, b: Axes) -> Axes:
    if a[-1] != b[0]:
        raise AxisError(f"matmul: {written(a)} by {written(b)}: the inner axes {a[-1]} and {b[0]} differ")
    return a[:-1] + b[1:]


def _affine_axes(a: Axes, kernel: Axes, bias: Axes) -> Axes:
    return by_vector("affine")(_matmul_axes(a, kernel), bias)


def _gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    """The gradient of the multiplied tensor (n = 0), of the weight matrix (1), or of the bias (2)."""
    gradient: Array = g @ inputs[1].T if n == 0 else inputs[0].T @ g if n == 1 else summed_rows(g)
    return gradient


def _matmul_flops(inputs: tuple[Shape, ...], out: Shape) -> int:
    return 2 * inputs[0][-1] * prod(out)


MATMUL = Op(
    kind="product",
    axes=_matmul_axes,
    compute=np.matmul,
    mixes=(-1,),
    gradient=_gradient,
    formula="{a} {b}",
    source="{a} @ {b}",
    flops=_matmul_flops,
    brackets=True,
)

AFFINE = Op(
    kind="product",
    axes=_affine_axes,
    compute=affine,
    mixes=(-1,),
    gradient=_gradient,
    formula="{a} {b} + {c}",
    source="{a} @ {b} + {c}",
    flops=lambda inputs, out: _matmul_flops(inputs, out) + prod(out),
    brackets=True,
)
