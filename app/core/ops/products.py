"""The operations that multiply and sum: by a weight matrix, or two tensors of a step."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from ..axes import BATCH_SIZE, Axes, AxisError, written
from .op import Array, Op, Shape, summed_rows


def affine(x: Array, kernel: Array, bias: Array, out: Array | None = None) -> Array:
    out = np.matmul(x, kernel, out)
    return np.add(out, bias, out)


def joined(a: Axes, b: Axes) -> int:
    """The position of the axis of b that ``a @ b`` joins with the last one of a: the first one after those at its
    beginning that a has, too, which both keep."""
    k = 0
    while k < len(b) - 1 and b[k] in a[:-1] and b[k] != a[-1]:
        k += 1
    return k


def _matmul_axes(a: Axes, b: Axes) -> Axes:
    if not a or not b:
        raise AxisError(f"matmul: {written(a or b)} by a number; a product joins two axes")
    k = joined(a, b)
    if a[-1] == BATCH_SIZE:
        raise AxisError(f"matmul: {written(a)} has no axis beside the batch")
    if a[-1] != b[k]:
        raise AxisError(f"matmul: {written(a)} by {written(b)}: the inner axes {a[-1]} and {b[k]} differ")
    result = a[:-1] + b[k + 1 :]
    if len({*result}) < len(result):
        raise AxisError(f"matmul: {written(a)} by {written(b)} has an axis twice; give one of them another name")
    return result


def _affine_axes(a: Axes, kernel: Axes, bias: Axes) -> Axes:
    product = _matmul_axes(a, kernel)
    if product[-1:] != bias:
        raise AxisError(f"affine: a vector of {written(bias)} does not fit rows of {product[-1]}")
    return product


def _dot_axes(a: Axes, b: Axes) -> Axes:
    if not a or b.count(a[-1]) != 1:
        raise AxisError(f"dot: {written(b)} has no axis {written(a[-1:])}, the last one of {written(a)}")
    if a[-1] == BATCH_SIZE:
        raise AxisError(f"dot: {written(a)} has no axis beside the batch")
    result = a[:-1] + tuple(axis for axis in b if axis not in a)
    return tuple(sorted(result, key=lambda axis: axis != BATCH_SIZE))


def _gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    """The gradient of the multiplied tensor (n = 0), of the weight matrix (1), or of the bias (2)."""
    a, b = (np.swapaxes(array, -1, -2) for array in inputs[:2])
    gradient: Array = g @ b if n == 0 else a @ g if n == 1 else summed_rows(g)
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

CONTRACTION = replace(MATMUL, kind="contraction", sign="·")
"""A product of two tensors, neither of which is a weight."""

DOT = replace(CONTRACTION, axes=_dot_axes, formula="{a} · {b}")
"""A product that is summed over the last axis of the first tensor, wherever the second one has it."""
