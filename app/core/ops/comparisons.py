"""Comparisons of tensors, number by number, and the choice between two tensors."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .op import Array, Op, aligned, flops_each


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


WHERE = Op(
    kind="pointwise",
    axes=aligned("where"),
    compute=_where,
    gradient=_where_gradient,
    formula="where({a}, {b}, {c})",
    source="np.where({a}, {b}, {c})",
    sign="?",
    flops=flops_each(1),
)


GREATER = Op(
    kind="pointwise",
    axes=aligned("greater"),
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
    axes=aligned("not_less"),
    compute=_compared(np.greater_equal),
    formula="{a} ≥ {b}",
    source="1.0 * ({a} >= {b})",
    sign="≥",
)


EQUAL = replace(
    GREATER,
    axes=aligned("equal"),
    compute=_compared(np.equal),
    formula="{a} = {b}",
    source="1.0 * ({a} == {b})",
    sign="=",
)


UNEQUAL = replace(
    GREATER,
    axes=aligned("unequal"),
    compute=_compared(np.not_equal),
    formula="{a} ≠ {b}",
    source="1.0 * ({a} != {b})",
    sign="≠",
)
