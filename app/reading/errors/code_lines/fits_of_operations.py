"""How well the arrays of an operation fit the sizes of a message."""

from collections.abc import Iterator, Sequence

from ...code.operations import Operand, Operation
from ...code.values import ANY, Axes, Axis
from ..mismatch import Shape

Fit = int | None
"""How many sizes of a message an operation has for certain; None if it has others."""


def certain(pairs: Iterator[tuple[Axis, Axis]]) -> Fit:
    """How many pairs of sizes are equal; None if two differ."""
    count = 0
    for known, size in pairs:
        if isinstance(known, int) and isinstance(size, int):
            if known != size:
                return None
            count += 1
    return count


def fit_of_shapes(one: Operation, *shapes: Shape) -> Fit:
    """How well the axes of the operands fit shapes."""
    total = 0
    for operand, shape in zip(one.operands, shapes, strict=False):
        if ANY in operand.axes:
            axes: Axes = operand.axes[1:]
            fit = certain(zip(reversed(axes), reversed(shape), strict=False)) if len(axes) <= len(shape) else None
        else:
            fit = certain(zip(operand.axes, shape, strict=True)) if len(operand.axes) == len(shape) else None
        if fit is None:
            return None
        total += fit
    return total


def size_at(axes: Axes, axis: int, rank: int) -> Axis:
    """The size of an array along an axis of a sum with so many axes: 1 before its first axis."""
    n = axis - (rank - len(axes))
    return None if ANY in axes else axes[n] if 0 <= n < len(axes) else 1


def fit_of_sum(one: Operation, axis: int, a: int, b: int) -> Fit:
    left, right = (operand.axes for operand in in_order_of_message(one)[:2])
    if rank := rank_of_sum(one):
        if axis >= rank:
            return None
        return certain(iter([(size_at(left, axis, rank), a), (size_at(right, axis, rank), b)]))
    return 0


def in_order_of_message(one: Operation) -> Sequence[Operand]:
    """The arrays of a sum in the order in which PyTorch compares them: a mask that is filled comes first."""
    return one.operands[1::-1] if one.name.startswith("masked_fill") else one.operands


def rank_of_sum(one: Operation) -> int:
    """The number of axes of a sum; 0 if it is not known."""
    ranks = [len(operand.axes) for operand in one.operands[:2] if ANY not in operand.axes]
    return max(ranks) if ranks else 0


def fit_of_product(one: Operation, inner: int, outer: int) -> Fit:
    left, right = (operand.axes for operand in one.operands[:2])
    if not left or not right:
        return None
    second = right[-2 if len(right) > 1 and right[0] != ANY else 0] if len(right) < 3 or ANY not in right else None
    return certain(iter([(left[-1], inner), (None if second == ANY else second, outer)]))


def fit_of_join(one: Operation, along: int, a: int, b: int) -> Fit:
    """The first array is as long as ``a`` in an axis in which another one is as long as ``b``."""
    first, *others = (operand.axes for operand in one.operands)
    if ANY in first:
        return 0
    best: Fit = None
    for axes in others:
        for n, size in enumerate(first):
            other = axes[n] if ANY not in axes and n < len(axes) else None
            fit = certain(iter([(size, a), (other, b)])) if n != along else None
            best = fit if best is None or (fit or 0) > best else best
    return best


def fit_of_dense(one: Operation, got: int, expected: int) -> Fit:
    if one.layer is None or one.layer.kind != "dense":
        return None
    made_for, given = one.layer.size("features"), one.operands[0].axes[-1]
    if one.layer.framework == "keras":  # it is made for what it gets first
        return 1 if given in (got, expected) else None if isinstance(given, int) else 0
    return certain(iter([(given, got), (made_for, expected)]))


def differs(axes: Axes, features: Axis) -> bool:
    """Whether the last axis of an array certainly has another size."""
    return isinstance(features, int) and any(isinstance(size, int) and size != features for size in axes[-1:])
