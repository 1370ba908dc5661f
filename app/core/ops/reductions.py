"""The operations that work along the axes that an equation names, which are one axis at the end of their input here."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..axes import Axes, AxisError, written
from .op import Array, Gradient, Op, flops_of_input

SMALLEST_VARIANCE = 1e-5
"""Added to a variance before its root is taken, as in PyTorch's layer norm."""


def _has(name: str, a: Axes, over: Axes) -> None:
    if missing := [axis for axis in over if a.count(axis) != 1]:
        raise AxisError(f"{name}: {written(a)} has no axis {missing[0]}")


def _removed(name: str) -> Callable[..., Axes]:
    def rule(a: Axes, over: Axes) -> Axes:
        _has(name, a, over)
        return tuple(axis for axis in a if axis not in over)

    return rule


def _unchanged(name: str) -> Callable[..., Axes]:
    def rule(a: Axes, over: Axes) -> Axes:
        _has(name, a, over)
        return a

    return rule


def _each(g: Array) -> Array:
    """A number for all that were reduced."""
    return g[..., None]


def _softmax(a: Array) -> Array:
    """The largest number is subtracted first, so that exp does not overflow."""
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _one_gradient(found: Callable[[Array], Array]) -> Gradient:
    """All of it for the first of the largest, or smallest, numbers, whose place is found."""

    def gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
        (a,) = inputs
        result = np.zeros_like(a)
        np.put_along_axis(result, _each(found(a)), _each(g), axis=-1)
        return result

    return gradient


def _mean(a: Array) -> Array:
    """Along the last axis, which stays. ``a.mean`` takes three times as long for a few numbers."""
    return np.asarray(np.add.reduce(a, axis=-1, keepdims=True) / a.dtype.type(a.shape[-1]))


def _deviation(centred: Array) -> Array:
    return np.asarray(np.sqrt(_mean(centred * centred) + centred.dtype.type(SMALLEST_VARIANCE)))


def _layer_norm(a: Array) -> Array:
    """Ba, Kiros and Hinton, "Layer Normalization", 2016, without a gain and a bias."""
    centred = a - _mean(a)
    return np.asarray(centred / _deviation(centred))


def _layer_norm_gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    (a,) = inputs
    return np.asarray((g - _mean(g) - out * _mean(g * out)) / _deviation(a - _mean(a)))


def _norm(a: Array) -> Array:
    return np.asarray(np.sqrt(np.square(a).sum(axis=-1)))


SUM = Op(
    kind="reduction",
    axes=_removed("sum"),
    compute=lambda a: a.sum(axis=-1),
    mixes=(-1,),
    gradient=lambda n, g, inputs, out: np.broadcast_to(_each(g), inputs[0].shape),
    formula="Σ_{over} {a}",
    sign="Σ",
    flops=flops_of_input(1),
    brackets=True,
    tight=True,
)

MEAN = replace(
    SUM,
    axes=_removed("mean"),
    compute=lambda a: a.mean(axis=-1),
    gradient=lambda n, g, inputs, out: np.broadcast_to(_each(g / inputs[0].shape[-1]), inputs[0].shape),
    formula="mean_{over}({a})",
    sign="mean",
    brackets=False,
    tight=False,
)

MAX = replace(
    MEAN,
    axes=_removed("max"),
    compute=lambda a: a.max(axis=-1),
    gradient=_one_gradient(lambda a: a.argmax(axis=-1)),
    formula="max_{over}({a})",
    sign="max",
)

MIN = replace(
    MAX,
    axes=_removed("min"),
    compute=lambda a: a.min(axis=-1),
    gradient=_one_gradient(lambda a: a.argmin(axis=-1)),
    formula="min_{over}({a})",
    sign="min",
)

NORM = replace(
    MEAN,
    axes=_removed("norm"),
    compute=_norm,
    gradient=lambda n, g, inputs, out: _each(g / np.where(out > 0, out, 1)) * inputs[0],
    formula="‖{a}‖_{over}",
    sign="norm",
    flops=flops_of_input(2),
)
"""The square root of the sum of squares."""

SOFTMAX = Op(
    kind="function",
    axes=_unchanged("softmax"),
    compute=_softmax,
    calls=2,
    mixes=(-1,),
    gradient=lambda n, g, inputs, out: out * (g - (g * out).sum(axis=-1, keepdims=True)),
    formula="softmax_{over}({a})",
    sign="softmax",
    flops=flops_of_input(4),
)

CUMSUM = replace(
    SOFTMAX,
    axes=_unchanged("cumsum"),
    compute=lambda a: np.cumsum(a, axis=-1),
    calls=1,
    gradient=lambda n, g, inputs, out: np.cumsum(g[..., ::-1], axis=-1)[..., ::-1],
    formula="cumsum_{over}({a})",
    sign="cumsum",
    flops=flops_of_input(1),
)
"""The sum of each number and all before it. A number is in its own sum and those after it, so its gradient is a sum
from the end."""

LAYER_NORM = replace(
    SOFTMAX,
    axes=_unchanged("layer_norm"),
    compute=_layer_norm,
    calls=3,
    gradient=_layer_norm_gradient,
    formula="layer_norm_{over}({a})",
    sign="norm",
    flops=flops_of_input(6),
)
