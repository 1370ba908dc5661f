"""More functions of one tensor, number by number. Those of the cells that ship are in pointwise.py."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .op import Array, Op, flops_each, unchanged
from .pointwise import sigmoid


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


EXP = Op(
    kind="function",
    axes=unchanged,
    compute=np.exp,
    gradient=lambda n, g, inputs, out: g * out,
    formula="exp({a})",
    source="np.exp({a})",
    sign="exp",
    flops=flops_each(1),
)

LOG = replace(
    EXP,
    compute=np.log,
    gradient=lambda n, g, inputs, out: g / inputs[0],
    formula="log({a})",
    source="np.log({a})",
    sign="log",
)

SQRT = replace(
    EXP,
    compute=np.sqrt,
    gradient=lambda n, g, inputs, out: g / (2 * out),
    formula="√({a})",
    source="np.sqrt({a})",
    sign="√",
)

ABS = replace(
    EXP,
    compute=np.abs,
    gradient=lambda n, g, inputs, out: g * np.sign(inputs[0]),
    formula="|{a}|",
    source="np.abs({a})",
    sign="| |",
)

SIN = replace(
    EXP,
    compute=np.sin,
    gradient=lambda n, g, inputs, out: g * np.cos(inputs[0]),
    formula="sin({a})",
    source="np.sin({a})",
    sign="sin",
)

COS = replace(
    EXP,
    compute=np.cos,
    gradient=lambda n, g, inputs, out: -g * np.sin(inputs[0]),
    formula="cos({a})",
    source="np.cos({a})",
    sign="cos",
)

NEGATIVE = replace(
    EXP,
    compute=np.negative,
    gradient=lambda n, g, inputs, out: -g,
    formula="−{a}",
    source="-{a}",
    sign="−",
    brackets=True,
    tight=True,
)

LOGSIGMOID = replace(
    EXP,
    compute=_logsigmoid,
    gradient=lambda n, g, inputs, out: g * sigmoid(-inputs[0]),
    formula="log σ({a})",
    source="-np.logaddexp(0, -{a})",
    sign="log σ",
    flops=flops_each(2),
)

SOFTPLUS = replace(
    EXP,
    compute=_softplus,
    gradient=lambda n, g, inputs, out: g * sigmoid(inputs[0]),
    formula="softplus({a})",
    source="np.logaddexp(0, {a})",
    sign="softplus",
    flops=flops_each(2),
)

SILU = replace(
    EXP,
    compute=_silu,
    gradient=_silu_gradient,
    formula="silu({a})",
    source="{a} / (1 + np.exp(-{a}))",
    sign="silu",
    flops=flops_each(2),
)

ELU = replace(
    EXP,
    compute=_elu,
    gradient=lambda n, g, inputs, out: g * np.where(inputs[0] > 0, 1, out + 1),
    formula="elu({a})",
    source="np.where({a} > 0, {a}, np.expm1(np.minimum({a}, 0)))",
    sign="elu",
    flops=flops_each(2),
)

GELU = replace(
    EXP,
    compute=_gelu,
    calls=2,
    gradient=lambda n, g, inputs, out: g * _gelu_gradient(inputs[0]),
    formula="gelu({a})",
    source=f"0.5 * {{a}} * (1 + np.tanh({SCALE} * ({{a}} + {CUBE} * {{a}} ** 3)))",
    sign="gelu",
    flops=flops_each(8),
)
