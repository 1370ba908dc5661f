"""The operations that compute each number of the result from the numbers at the same index."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy import add, divide, exp, negative

from ..axes import Axes, AxisError, written
from .op import Array, Op, flops_each, summed_rows, unchanged


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + exp(-z)), accurate to the last digits for every z.

    The form with tanh has no correct digit left in float32 at z = -20; this one has them all. exp may overflow to
    infinity, whose reciprocal is the correct 0: run under ``np.errstate(over="ignore")``.
    """
    result: Array = negative(z, out)
    one = _ONE[result.itemsize]
    divide(one, add(exp(result, result), one, result), result)
    return result


# A 0-d array of the right type: a Python number costs NumPy a conversion in each call.
_ONE: dict[int, Any] = {4: np.ones((), np.float32), 8: np.ones((), np.float64)}


def complement(z: Array, out: Array | None = None) -> Array:
    return np.subtract(1, z, out)


def relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0, out=out)


def _equal(name: str) -> Callable[..., Axes]:
    """The rule for two tensors with equal axes."""

    def rule(a: Axes, b: Axes) -> Axes:
        if a != b:
            raise AxisError(f"{name}: {written(a)} and {written(b)} differ; a pointwise operation needs equal axes")
        return a

    return rule


def by_vector(name: str) -> Callable[..., Axes]:
    """The rule for a tensor and a vector that is broadcast to each of its rows."""

    def rule(a: Axes, vector: Axes) -> Axes:
        if a[-1:] != vector:
            raise AxisError(f"{name}: a vector of {written(vector)} does not fit rows of {a[-1]}")
        return a

    return rule


ADD = Op(
    kind="pointwise",
    axes=_equal("add"),
    compute=np.add,
    gradient=lambda n, g, inputs, out: g,
    formula="{a} + {b}",
    source="{a} + {b}",
    sign="+",
    flops=flops_each(1),
)

ADD_VECTOR = replace(
    ADD,
    axes=by_vector("add"),
    gradient=lambda n, g, inputs, out: summed_rows(g) if n else g,
)

MUL = Op(
    kind="pointwise",
    axes=_equal("mul"),
    compute=np.multiply,
    gradient=lambda n, g, inputs, out: g * inputs[1 - n],
    formula="{a} ∗ {b}",
    source="{a} * {b}",
    sign="×",
    flops=flops_each(1),
    brackets=True,
)

MUL_VECTOR = replace(
    MUL,
    axes=by_vector("mul"),
    gradient=lambda n, g, inputs, out: summed_rows(g * inputs[0]) if n else g * inputs[1],
)

COMPLEMENT = Op(
    kind="pointwise",
    axes=unchanged,
    compute=complement,
    gradient=lambda n, g, inputs, out: -g,
    formula="1 − {a}",
    source="1 - {a}",
    sign="1 −",
    flops=flops_each(1),
    brackets=True,
)

SIGMOID = Op(
    kind="function",
    axes=unchanged,
    compute=sigmoid,
    gradient=lambda n, g, inputs, out: g * out * (1 - out),
    formula="σ({a})",
    source="sigmoid({a})",
    defines="def sigmoid(a):\n    return 1 / (1 + np.exp(-a))",
    sign="σ",
    flops=flops_each(1),
)

TANH = Op(
    kind="function",
    axes=unchanged,
    compute=np.tanh,
    gradient=lambda n, g, inputs, out: g * (1 - out * out),
    formula="tanh({a})",
    source="np.tanh({a})",
    sign="tanh",
    flops=flops_each(1),
)

RELU = Op(
    kind="function",
    axes=unchanged,
    compute=relu,
    gradient=lambda n, g, inputs, out: g * (out > 0),
    formula="relu({a})",
    source="np.maximum({a}, 0)",
    sign="relu",
    flops=flops_each(1),
)
