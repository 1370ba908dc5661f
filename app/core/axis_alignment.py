"""How an operation gets its arrays: with their axes where its record expects them.

A record computes on arrays whose axes agree and does not know names. So before it computes, axes with the same name are
put in the same place, a tensor gets axes of length 1 where it is to be repeated, the axes that an operation works along
become one axis at the end, and the two tensors of a product become matrices, or stacks of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

from .axes import BATCH_SIZE, Axes, Sizes, shape
from .ops import OPS, Array, Shape
from .ops.products import joined


@dataclass(frozen=True)
class Alignment:
    """The axes of an array in another order, then some of them joined, or others of length 1 added. An array may have
    more axes in front, which stay there."""

    order: tuple[int, ...]
    ordered: Shape
    shape: Shape

    @cached_property
    def inverse(self) -> tuple[int, ...]:
        """Where each axis of the array is after the alignment."""
        return tuple(map(self.order.index, range(len(self.order))))

    def __call__(self, array: Array) -> Array:
        if not (front := array.ndim - len(self.order)):
            return array.transpose(self.order).reshape(self.shape)
        moved = array.transpose(*range(front), *(front + n for n in self.order))
        return moved.reshape(array.shape[:front] + self.shape)

    def back(self, array: Array) -> Array:
        """The inverse, for a result."""
        if not (front := array.ndim - len(self.shape)):
            return array.reshape(self.ordered).transpose(self.inverse)
        whole = array.reshape(array.shape[:front] + self.ordered)
        return whole.transpose(*range(front), *(front + n for n in self.inverse))

    def gradient(self, g: Array) -> Array:
        """The gradient of the array, from that of the aligned one: a sum over the axes along which it was repeated."""
        front = g.ndim - len(self.shape)
        repeated = [n for n, size in enumerate(self.shape) if g.shape[front + n] != size]
        return self.back(g.sum(axis=(*range(front), *(front + n for n in repeated))).reshape(self.shape))


class Aligned(NamedTuple):
    """The alignments of the inputs of an operation, and that of its result; None where nothing is to be done. ``cut``
    are the columns that a slice takes."""

    inputs: tuple[Alignment | None, ...]
    result: Alignment | None = None
    cut: slice | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the operation gets all arrays as they are."""
        return not any(self.inputs) and self.result is None


def aligned(op: str, inputs: Sequence[Axes], over: Axes, result: Axes, sizes: Sizes) -> Aligned:
    """The alignments for an operation, by its id, on tensors with these axes."""
    match OPS[op].kind:
        case "manipulation" if op == "slice":
            begin, end = (axis.size(sizes) for axis in over)
            return Aligned((None,), cut=slice(begin, end))
        case "product" if op == "affine":
            return Aligned((None,) * len(inputs))
        case "product" | "contraction":
            a, b = inputs
            return _matrices(op, a, b, result, sizes)
        case _ if over:
            (a,) = inputs
            rest = tuple(axis for axis in a if axis not in over)
            alignment = _ordered(
                a, tuple(map(a.index, (*rest, *over))), (*shape(rest, sizes), prod(shape(over, sizes))), sizes
            )
            return Aligned((alignment,), alignment if result == a else None)
        case _ if op == "transpose":  # by position, as a square weight has one axis twice
            (a,) = inputs
            kept = range(a[:1] == (BATCH_SIZE,))
            order = (*kept, *reversed(range(len(kept), len(a))))
            return Aligned((_ordered(a, order, shape(result, sizes), sizes),))
        case "pointwise" | "function":
            return Aligned(tuple(_repeated(a, result, sizes) for a in inputs))
        case "manipulation" if not OPS[op].mixes:
            return Aligned(tuple(_repeated(a, result, sizes) for a in inputs))
    return Aligned((None,) * len(inputs))


def _repeated(a: Axes, result: Axes, sizes: Sizes) -> Alignment | None:
    """The axes of a result, those that the tensor lacks with length 1. A tensor with others is left as it is: its
    operation has a rule of its own, and a run compares the shapes."""
    if a == result or not {*a} <= {*result} or len({*result}) < len(result):
        return None
    lengths = tuple(axis.size(sizes) if axis in a else 1 for axis in result)
    return _ordered(a, tuple(a.index(axis) for axis in result if axis in a), lengths, sizes)


def _matrices(op: str, a: Axes, b: Axes, result: Axes, sizes: Sizes) -> Aligned:
    """Two tensors as matrices: the axes that both keep in front, then the others of the first one as rows, those of the
    second one as columns."""
    at = b.index(a[-1]) if op == "dot" else joined(a, b)
    both = [n for n, axis in enumerate(b) if n != at and axis in a[:-1]]
    columns = [n for n in range(len(b)) if n != at and n not in both]
    rows = [n for n, axis in enumerate(a[:-1]) if axis not in [b[k] for k in both]]
    stacked = tuple(b[n] for n in both)
    front, inner = shape(stacked, sizes), a[-1].size(sizes)
    height, width = prod(a[n].size(sizes) for n in rows), prod(b[n].size(sizes) for n in columns)
    left = _ordered(a, (*map(a.index, stacked), *rows, len(a) - 1), (*front, height, inner), sizes)
    right = _ordered(b, (*both, at, *columns), (*front, inner, width), sizes)
    # Names may repeat here only among the columns, as in a square weight, whose result then has one of the two.
    made = (*stacked, *(a[n] for n in rows), *(b[n] for n in columns))
    out = _ordered(result, tuple(map(result.index, made)), (*front, height, width), sizes)
    return Aligned((left, right), out)


def _ordered(a: Axes, order: tuple[int, ...], new: Shape, sizes: Sizes) -> Alignment | None:
    """The axes of a tensor in another order, then with another shape."""
    old = shape(tuple(a[n] for n in order), sizes)
    return None if order == tuple(range(len(a))) and old == new else Alignment(order, old, new)
