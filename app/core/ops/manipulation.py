"""The operations that move numbers along the last axis and compute none."""

from collections.abc import Sequence

import numpy as np

from ...translations.phrases import phrase
from ..axes import Axes, AxisError, written
from .op import Array, Op, flops_each


def concat(*parts: Array, out: Array | None = None) -> Array:
    return np.concatenate(parts, axis=-1, out=out)


def _concat_axes(*parts: Axes) -> Axes:
    first, *others = parts
    last = first[-1]
    for other in others:
        if other[:-1] != first[:-1]:
            raise AxisError(f"concat: {written(first)} and {written(other)} differ before their last axis")
        last = last + other[-1]
    return (*first[:-1], last)


def _concat_gradient(n: int, g: Array, inputs: Sequence[Array], out: Array) -> Array:
    begin = sum(i.shape[-1] for i in inputs[:n])
    return g[..., begin : begin + inputs[n].shape[-1]]


def _split_axes(a: Axes, parts: int) -> Axes:
    """The axes of one part."""
    return (*a[:-1], a[-1].divided(parts))


CONCAT = Op(
    kind="manipulation",
    axes=_concat_axes,
    compute=concat,
    mixes=(-1,),
    gradient=_concat_gradient,
    formula="[{all}]",
    source="np.concatenate([{all}], axis=1)",
    sign="[ , ]",
    flops=flops_each(0),
)

SPLIT = Op(
    kind="manipulation",
    axes=_split_axes,
    mixes=(-1,),
    formula=phrase("block {part} of {parts} of {a}"),
    source="np.split({a}, {parts}, axis=1)",
    sign="split",
    flops=flops_each(0),
)
"""Its results are views of its input. One line of source makes all parts."""
