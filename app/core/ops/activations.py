"""Activation functions: each number of the result is computed from one number."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy import add, divide, exp, negative

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


def relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0, out=out)


def _logsigmoid(z: Array, out: Array | None = None) -> Array:
    """log σ(z), which does not overflow: −log(1 + exp(−z))."""
    result: Array = np.empty_like(z) if out is None else out
    np.logaddexp(0, np.negative(z), result)
    return np.negative(result, result)


def _softplus(z: Array, out: Array | None = None) -> Array:
    """log(1 + exp(z)), without overflow."""
    result: Array = np.logaddexp(0, z, out)
    return result


def _silu(z: Array, out: Array | None = None) -> Array:
    return np.multiply(z, sigmoid(z), out)


def _silu_gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    s = sigmoid(inputs[0])
    return np.asarray(g * (s + out * (1 - s)))


def _elu(z: Array, out: Array | None = None) -> Array:
    """z where it is positive, exp(z) − 1 elsewhere."""
    result: Array = np.add(np.expm1(np.minimum(z, 0)), np.maximum(z, 0), out)
    return result


CUBE, SCALE = 0.044715, 0.7978845608028654
"""The constants of the approximation of GELU; the second one is √(2/π)."""


def _gelu_tanh(z: Array) -> Array:
    return np.tanh(SCALE * (z + CUBE * z * z * z))


def _gelu(z: Array, out: Array | None = None) -> Array:
    """z times the share of a normal distribution below z, approximated with tanh.

    Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2; the default of JAX.
    """
    result: Array = np.multiply(0.5 * z, 1 + _gelu_tanh(z), out)
    return result


def _gelu_gradient(z: Array) -> Array:
    t = _gelu_tanh(z)
    return np.asarray(0.5 * (1 + t) + 0.5 * z * (1 - t * t) * SCALE * (1 + 3 * CUBE * z * z))


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


LOGSIGMOID = replace(
    TANH,
    compute=_logsigmoid,
    gradient=lambda n, g, inputs, out: g * sigmoid(-inputs[0]),
    formula="log σ({a})",
    source="-np.logaddexp(0, -{a})",
    sign="log σ",
    flops=flops_each(2),
)


SOFTPLUS = replace(
    TANH,
    compute=_softplus,
    gradient=lambda n, g, inputs, out: g * sigmoid(inputs[0]),
    formula="softplus({a})",
    source="np.logaddexp(0, {a})",
    sign="softplus",
    flops=flops_each(2),
)


SILU = replace(
    TANH,
    compute=_silu,
    gradient=_silu_gradient,
    formula="silu({a})",
    source="{a} / (1 + np.exp(-{a}))",
    sign="silu",
    flops=flops_each(2),
)


ELU = replace(
    TANH,
    compute=_elu,
    gradient=lambda n, g, inputs, out: g * np.where(inputs[0] > 0, 1, out + 1),
    formula="elu({a})",
    source="np.where({a} > 0, {a}, np.expm1(np.minimum({a}, 0)))",
    sign="elu",
    flops=flops_each(2),
)


GELU = replace(
    TANH,
    compute=_gelu,
    calls=2,
    gradient=lambda n, g, inputs, out: g * _gelu_gradient(inputs[0]),
    formula="gelu({a})",
    source=f"0.5 * {{a}} * (1 + np.tanh({SCALE} * ({{a}} + {CUBE} * {{a}} ** 3)))",
    sign="gelu",
    flops=flops_each(8),
)
