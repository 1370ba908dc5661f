"""The operations that compute each number of the result from the numbers at the same index.

The gradient of an input has the axes of the result; app/core/alignment.py sums it over those that the input lacks.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy import add, divide, exp, negative

from ..axes import Axes, AxisError, union, written
from .op import Array, Op, flops_each, unchanged


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + exp(-z)), accurate to the last digits for every z.

    The form with tanh has no correct digit left in float32 at z = -20; this one has them all. exp may overflow to
    infinity, whose reciprocal is the correct 0: run under ``np.errstate(over="ignore")``.
    """
    result: Array = np.empty_like(z) if out is None else out  # negative would return a scalar for a 0-d array
    negative(z, result)
    one = _ONE[result.itemsize]
    divide(one, add(exp(result, result), one, result), result)
    return result


# A 0-d array of the right type: a Python number costs NumPy a conversion in each call.
_ONE: dict[int, Any] = {4: np.ones((), np.float32), 8: np.ones((), np.float64)}


def complement(z: Array, out: Array | None = None) -> Array:
    return np.subtract(1, z, out)


def relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0, out=out)


def maximum(a: Array, b: Array, out: Array | None = None) -> Array:
    result: Array = np.maximum(a, b, out=out)
    return result


def minimum(a: Array, b: Array, out: Array | None = None) -> Array:
    result: Array = np.minimum(a, b, out=out)
    return result


def _aligned(name: str) -> Callable[..., Axes]:
    """The rule for tensors that are repeated along the axes they lack."""

    def rule(*inputs: Axes) -> Axes:
        axes: Axes = ()
        for other in inputs:
            axes = union(axes, other)
        if not set(inputs) <= {axes}:
            for other in inputs:
                if len({*other}) < len(other):
                    raise AxisError(f"{name}: {written(other)} has an axis twice; give one of them another name")
        return axes

    return rule


def _compared(compare: Callable[..., Array]) -> Callable[..., Array]:
    """A comparison whose result is 1 where it is true and 0 elsewhere, in the type of its inputs."""

    def compute(a: Array, b: Array, out: Array | None = None) -> Array:
        return compare(a, b, out=np.empty(*_shape_and_type(a, b)) if out is None else out)

    return compute


def _shape_and_type(*inputs: Array) -> tuple[tuple[int, ...], Any]:
    return np.broadcast_shapes(*map(np.shape, inputs)), np.result_type(*inputs)


def _where(condition: Array, a: Array, b: Array, out: Array | None = None) -> Array:
    """a where the condition is not 0, b elsewhere."""
    out = np.empty(*_shape_and_type(condition, a, b)) if out is None else out
    np.copyto(out, b)
    np.copyto(out, a, where=np.not_equal(condition, 0))
    return out


def _where_gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    is_a = np.not_equal(inputs[0], 0)
    return g * (0, is_a, ~is_a)[n]


def _power_gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    """That of the exponent is 0 where the base is not positive, as it has no logarithm there; that of the base is 0
    where the exponent is 0, also at a base of 0."""
    a, b = inputs
    if n == 0:
        return np.asarray(g * np.where(np.equal(b, 0), 0, b * np.power(a, np.subtract(b, 1))))
    positive = np.greater(a, 0)
    return np.asarray(g * out * np.log(np.where(positive, a, 1)) * positive)


ADD = Op(
    kind="pointwise",
    axes=_aligned("add"),
    compute=np.add,
    gradient=lambda n, g, inputs, out: g,
    formula="{a} + {b}",
    source="{a} + {b}",
    sign="+",
    flops=flops_each(1),
)

MUL = Op(
    kind="pointwise",
    axes=_aligned("mul"),
    compute=np.multiply,
    gradient=lambda n, g, inputs, out: g * inputs[1 - n],
    formula="{a} ∗ {b}",
    source="{a} * {b}",
    sign="×",
    flops=flops_each(1),
    brackets=True,
)

SUB = Op(
    kind="pointwise",
    axes=_aligned("sub"),
    compute=np.subtract,
    gradient=lambda n, g, inputs, out: -g if n else g,
    formula="{a} − {b}",
    source="{a} - {b}",
    sign="−",
    flops=flops_each(1),
    brackets=True,
)

DIV = Op(
    kind="pointwise",
    axes=_aligned("div"),
    compute=np.divide,
    gradient=lambda n, g, inputs, out: -g * out / inputs[1] if n else g / inputs[1],
    formula="{a} / {b}",
    source="{a} / {b}",
    sign="/",
    flops=flops_each(1),
    brackets=True,
    tight=True,
)

POWER = Op(
    kind="pointwise",
    axes=_aligned("power"),
    compute=np.power,
    gradient=_power_gradient,
    formula="{a} ^ {b}",
    source="{a} ** {b}",
    sign="^",
    flops=flops_each(1),
    brackets=True,
    tight=True,
)

MOD = Op(
    kind="pointwise",
    axes=_aligned("mod"),
    compute=np.mod,
    gradient=lambda n, g, inputs, out: -g * np.floor_divide(*inputs) if n else g,
    formula="{a} mod {b}",
    source="np.mod({a}, {b})",
    sign="mod",
    flops=flops_each(1),
    brackets=True,
    tight=True,
)

MAXIMUM = Op(
    kind="pointwise",
    axes=_aligned("maximum"),
    compute=maximum,
    gradient=lambda n, g, inputs, out: g * (np.less(*inputs) if n else np.greater_equal(*inputs)),
    formula="max({a}, {b})",
    source="np.maximum({a}, {b})",
    sign="max",
    flops=flops_each(1),
)

MINIMUM = replace(
    MAXIMUM,
    axes=_aligned("minimum"),
    compute=minimum,
    gradient=lambda n, g, inputs, out: g * (np.greater(*inputs) if n else np.less_equal(*inputs)),
    formula="min({a}, {b})",
    source="np.minimum({a}, {b})",
    sign="min",
)

WHERE = Op(
    kind="pointwise",
    axes=_aligned("where"),
    compute=_where,
    gradient=_where_gradient,
    formula="where({a}, {b}, {c})",
    source="np.where({a}, {b}, {c})",
    sign="?",
    flops=flops_each(1),
)

GREATER = Op(
    kind="pointwise",
    axes=_aligned("greater"),
    compute=_compared(np.greater),
    gradient=lambda n, g, inputs, out: np.zeros_like(g),
    formula="{a} > {b}",
    source="1.0 * ({a} > {b})",
    sign=">",
    flops=flops_each(1),
    brackets=True,
)

NOT_LESS = replace(
    GREATER,
    axes=_aligned("not_less"),
    compute=_compared(np.greater_equal),
    formula="{a} ≥ {b}",
    source="1.0 * ({a} >= {b})",
    sign="≥",
)

EQUAL = replace(
    GREATER,
    axes=_aligned("equal"),
    compute=_compared(np.equal),
    formula="{a} = {b}",
    source="1.0 * ({a} == {b})",
    sign="=",
)

UNEQUAL = replace(
    GREATER,
    axes=_aligned("unequal"),
    compute=_compared(np.not_equal),
    formula="{a} ≠ {b}",
    source="1.0 * ({a} != {b})",
    sign="≠",
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
