"""The operations that move numbers and compute none."""

from collections.abc import Sequence

import numpy as np

from ...translations.phrases import phrase
from ..axes import BATCH_SIZE, Axes, AxisError, written
from .op import Array, Op, flops_each, unchanged


def concat(*parts: Array, out: Array | None = None) -> Array:
    return np.concatenate(parts, axis=-1, out=out)


def _concat_axes(*parts: Axes) -> Axes:
    for part in parts:
        if part[-1:] in ((), (BATCH_SIZE,)):
            raise AxisError(f"concat: {written(part) or 'a number'} has no axis beside the batch")
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


def _slice_axes(a: Axes, over: Axes) -> Axes:
    """The axes of what is between two places of the last axis, each an axis as long as what is before it."""
    begin, end = over
    if a[-1:] in ((), (BATCH_SIZE,)):
        raise AxisError(f"slice: {written(a) or 'a number'} has no axis beside the batch")
    return (*a[:-1], end.without(begin))


def _transposed(a: Axes) -> Axes:
    """The axes in reverse order, but for the batch, which is the first one of every tensor that has it."""
    batch = a[:1] if a[:1] == (BATCH_SIZE,) else ()
    return batch + a[len(batch) :][::-1]


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

COPY = Op(
    kind="function",
    axes=unchanged,
    compute=np.positive,
    gradient=lambda n, g, inputs, out: g,
    formula="{a}",
    source="{a}.copy()",
    sign="=",
    flops=flops_each(0),
)
"""A tensor with a second name."""

SLICE = Op(
    kind="manipulation",
    axes=_slice_axes,
    mixes=(-1,),
    formula="{a}[{over}]",
    sign="[ : ]",
    flops=flops_each(0),
)
"""The numbers from one place of the last axis to another. Its result is a view of its input; the places follow from the
sizes, so app/core/axis_alignment.py finds them."""

TRANSPOSE = Op(
    kind="manipulation",
    axes=_transposed,
    compute=np.positive,
    gradient=lambda n, g, inputs, out: g,
    formula="{a}ᵀ",
    brackets=True,
    tight=True,
    sign="ᵀ",
    flops=flops_each(0),
)
"""Its numbers are moved where its axes are: app/core/axis_alignment.py."""
