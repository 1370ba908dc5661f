"""Sums, products, powers and extrema of tensors, number by number.

The gradient of an input has the axes of the result; app/core/axis_alignment.py sums it over those that the input lacks.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .op import Array, Op, aligned, flops_each, unchanged


def complement(z: Array, out: Array | None = None) -> Array:
    return np.subtract(1, z, out)


def maximum(a: Array, b: Array, out: Array | None = None) -> Array:
    result: Array = np.maximum(a, b, out=out)
    return result


def minimum(a: Array, b: Array, out: Array | None = None) -> Array:
    result: Array = np.minimum(a, b, out=out)
    return result


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
    axes=aligned("add"),
    compute=np.add,
    gradient=lambda n, g, inputs, out: g,
    formula="{a} + {b}",
    source="{a} + {b}",
    sign="+",
    flops=flops_each(1),
)


MUL = Op(
    kind="pointwise",
    axes=aligned("mul"),
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
    axes=aligned("sub"),
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
    axes=aligned("div"),
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
    axes=aligned("power"),
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
    axes=aligned("mod"),
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
    axes=aligned("maximum"),
    compute=maximum,
    gradient=lambda n, g, inputs, out: g * (np.less(*inputs) if n else np.greater_equal(*inputs)),
    formula="max({a}, {b})",
    source="np.maximum({a}, {b})",
    sign="max",
    flops=flops_each(1),
)


MINIMUM = replace(
    MAXIMUM,
    axes=aligned("minimum"),
    compute=minimum,
    gradient=lambda n, g, inputs, out: g * (np.greater(*inputs) if n else np.less_equal(*inputs)),
    formula="min({a}, {b})",
    source="np.minimum({a}, {b})",
    sign="min",
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
