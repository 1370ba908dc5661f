"""The operations: for each its shape rule, its NumPy kernel, its formula and its cost, side by side, in one table.

A kernel takes arrays and returns a new one; it never sees named axes. A rule takes named axes and never sees arrays.
That the two agree is what a run confirms.

The contract of a kernel: the last axis of its arrays has the units and the one before it the batch, so it counts axes
from the end. There may be axes in front. A kernel that is more than that says so:

- ``pointwise``: each number of the result is made from the numbers at the same place alone. Such a kernel also fills
  ``out``, and gives the same with batch and units exchanged, and for neighbouring tensors in one call.

The compiled loop (``plan``, ``bands``, ``scan``) relies on that, and knows by name what the products, ``concat`` and
``split`` do. A program with any other operation is computed step by step as it stands (``evaluate``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy import add, divide, exp, negative
from numpy.typing import NDArray

from app.core.axes import Axes, AxisError, written
from app.translations.phrases import phrase

Array = NDArray[Any]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Op:
    """One operation.

    ``axes`` maps the inputs' named axes to the output's; ``kernel`` computes it (None where nothing is computed: the
    tensor is given, or is a view of another's memory); ``formula`` has a place for each input's symbol ({a}, {b}, {c};
    {all}: every one of them; {bare}: the first without its step); ``flops`` counts multiplications, additions and
    function values from the inputs' shapes and the output's; ``pointwise`` is a promise of the kernel, see above.
    """

    axes: Callable[..., Axes]
    kernel: Callable[..., Array] | None
    formula: str
    flops: Callable[[tuple[Shape, ...], Shape], int]
    pointwise: bool = False


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + exp(-z)), right to the last digits for every z.

    The form with tanh has no correct digit left in float32 at z = -20; this one has them all. exp may overflow to
    infinity, whose reciprocal is the right 0: run under ``np.errstate(over="ignore")``.
    """
    result: Array = negative(z, out)
    one = _ONE[result.itemsize]
    divide(one, add(exp(result, result), one, result), result)
    return result


# A 0-d array of the right type: a Python number costs NumPy a conversion in each call.
_ONE: dict[int, Any] = {4: np.ones((), np.float32), 8: np.ones((), np.float64)}


def concat(*parts: Array, out: Array | None = None) -> Array:
    return np.concatenate(parts, axis=-1, out=out)


def affine(x: Array, kernel: Array, bias: Array, out: Array | None = None) -> Array:
    out = np.matmul(x, kernel, out)
    return np.add(out, bias, out)


def complement(z: Array, out: Array | None = None) -> Array:
    return np.subtract(1, z, out)


def relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0, out=out)


def _same(name: str) -> Callable[..., Axes]:
    def rule(a: Axes, b: Axes) -> Axes:
        if a != b:
            raise AxisError(f"{name}: {written(a)} and {written(b)} differ; a pointwise operation needs equal axes")
        return a

    return rule


def _by_vector(name: str) -> Callable[..., Axes]:
    """Every row with the same vector."""

    def rule(a: Axes, vector: Axes) -> Axes:
        if a[-1:] != vector:
            raise AxisError(f"{name}: a vector of {written(vector)} does not fit rows of {a[-1]}")
        return a

    return rule


def _unchanged(a: Axes) -> Axes:
    return a


def _matmul(a: Axes, b: Axes) -> Axes:
    if a[-1] != b[0]:
        raise AxisError(f"matmul: {written(a)} by {written(b)}: the inner axes {a[-1]} and {b[0]} differ")
    return a[:-1] + b[1:]


def _affine(a: Axes, kernel: Axes, bias: Axes) -> Axes:
    return _by_vector("affine")(_matmul(a, kernel), bias)


def _concat(*parts: Axes) -> Axes:
    first, *others = parts
    last = first[-1]
    for other in others:
        if other[:-1] != first[:-1]:
            raise AxisError(f"concat: {written(first)} and {written(other)} differ before their last axis")
        last = last + other[-1]
    return (*first[:-1], last)


def _each(count: int = 1) -> Callable[[tuple[Shape, ...], Shape], int]:
    return lambda _, out: count * prod(out)


def _product(inputs: tuple[Shape, ...], out: Shape) -> int:
    return 2 * inputs[0][-1] * prod(out)


OPS: dict[str, Op] = {
    # computed in each step
    "concat": Op(_concat, concat, "[{all}]", _each(0)),
    "matmul": Op(_matmul, np.matmul, "{a} {b}", _product),
    "affine": Op(_affine, affine, "{a} {b} + {c}", lambda inputs, out: _product(inputs, out) + prod(out)),
    "add": Op(_same("add"), np.add, "{a} + {b}", _each(), pointwise=True),
    "add_vector": Op(_by_vector("add"), np.add, "{a} + {b}", _each(), pointwise=True),
    "mul": Op(_same("mul"), np.multiply, "{a} ∗ {b}", _each(), pointwise=True),
    "mul_vector": Op(_by_vector("mul"), np.multiply, "{a} ∗ {b}", _each(), pointwise=True),
    "complement": Op(_unchanged, complement, "1 − {a}", _each(), pointwise=True),
    "sigmoid": Op(_unchanged, sigmoid, "σ({a})", _each(), pointwise=True),
    "tanh": Op(_unchanged, np.tanh, "tanh({a})", _each(), pointwise=True),
    "relu": Op(_unchanged, relu, "relu({a})", _each(), pointwise=True),
    # a view of another tensor's memory, or given from outside
    "split": Op(_unchanged, None, phrase("block {part} of {parts} of {a}"), _each(0)),
    "step": Op(_unchanged, None, phrase("step t of {a}"), _each(0)),
    "carry": Op(_unchanged, None, phrase("{bare} of the step before, zeros at the first"), _each(0)),
    "stack": Op(_unchanged, None, phrase("{bare} of every step"), _each(0)),
    "last": Op(_unchanged, None, phrase("{bare} of the last step"), _each(0)),
    "given": Op(_unchanged, None, phrase("made from the seed"), _each(0)),
    "below": Op(_unchanged, None, phrase("Y of the layer below"), _each(0)),
}

GIVEN = ("given", "below")
"""What a run gets."""

PRODUCTS = ("matmul", "affine")
"""The operations that multiply by a kernel."""

MOVES = ("concat", "split", "step", "carry")
"""The operations of a step that only move numbers."""
