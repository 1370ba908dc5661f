"""Messages of TensorFlow about a join in the ``call`` of a model of Keras, of which the program says that a recurrent
layer gets what is joined, or has returned a part of it. The name of the operation says only that it is a join."""

import re

from ....code.operations import Operation
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...mismatch import Mismatch, Shape, wrong_rank, wrong_shape
from ..message_template import Found

SHAPES = re.compile(r"withinputshapes:\(([\d?,]{1,40})\),\(([\d?,]{1,40})\),\(\)")
"""The shapes of two arrays that are joined, after a message, in the folded text."""

ALONG = re.compile(r"inputtensors:input\(2\)=<(-?\d)>")
"""The axis of the join, after a message, in the folded text."""

NEAR = 400
"""Characters after a message in which the rest of its line is."""


def join_of_network(found: Found) -> Operation | None:
    """The only join in the line that failed, if a recurrent layer gets what it makes, or has returned a part of it."""
    joins = {id(one.node): one for one in found.program.failed_operations if one.kind == "join" and one.node}
    one = next(iter(joins.values())) if len(joins) == 1 else None
    if not one or len(one.operands) != 2:
        return None
    return one if "x" in one.makes or any(operand.layers for operand in one.operands) else None


def is_of_network(found: Found) -> bool:
    """Whether the join that failed is a part of a recurrent network."""
    return join_of_network(found) is not None


def shapes_of_join(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both arrays; () if the message does not say them."""
    for left, right in (("left", "right"), ("x", "h")):
        if found.text(left):
            return found.shape(left), found.shape(right)
    said = SHAPES.search(found.after[:NEAR])
    return (_sizes(said[1]), _sizes(said[2])) if said else ((), ())


def _sizes(text: str) -> Shape:
    return tuple(int(size) if size.isdecimal() else None for size in text.split(","))


def axis_of_join(found: Found, rank: int) -> int:
    """The axis along which two arrays are joined: the last one, if the message does not say it."""
    said = ALONG.search(found.after[:NEAR])
    return int(said[1]) % rank if said else rank - 1


def joined_in_call(found: Found) -> Mismatch | None:
    """Arrays with other numbers of axes, of steps or of samples; None without a program, or for other arrays."""
    one, (left, right) = join_of_network(found), shapes_of_join(found)
    if not one or not left or not right:
        return None
    tensor = "output" if any(what(operand) in ("output", "state") for operand in one.operands) else "x"
    if len(left) != len(right):
        return _of_ranks(tensor, left, right)
    if len(left) != RANK:
        return None
    along = axis_of_join(found, RANK)
    pairs = zip(left, right, strict=True)
    differing = [n for n, both in enumerate(pairs) if n != along and None not in both and both[0] != both[1]]
    match differing:
        case [0]:
            return wrong_shape(tensor, "batch_size", left, right)
        case [1]:
            return wrong_shape(
                tensor, "time_step", left, right, [cause("join_steps", "keras")], _facts(one, left, right)
            )
        case [0, 1] if _are_repeated_samples(left, right) or _are_repeated_samples(right, left):
            return wrong_shape(tensor, None, left, right, [cause("join_steps", "keras")], _facts(one, left, right))
        case [2]:
            axis = "features" if tensor == "x" else "num_units"
            return wrong_shape(tensor, axis, left, right, [cause("joined_axis", "keras")])
    return None


def _are_repeated_samples(one: Shape, other: Shape) -> bool:
    """Whether an array has each sample for every step of the other one, in the axis of the samples."""
    return one[1] == 1 and None not in (one[0], *other[:2]) and one[0] == (other[0] or 0) * (other[1] or 0)


def _facts(one: Operation, left: Shape, right: Shape) -> list[Fact]:
    """The batch and the features of the x that arrays make which are joined along their last axis."""
    first, last = (left[0], right[0]), (left[-1], right[-1])
    facts = [fact("batch_size", first[0], "x")] if first[0] and first[0] == first[1] else []
    is_x = "x" in one.makes and last[0] is not None and last[1] is not None
    return [*facts, fact("features", (last[0] or 0) + (last[1] or 0), "x")] if is_x else facts


def _of_ranks(tensor: str, left: Shape, right: Shape) -> Mismatch | None:
    """An array without steps that is joined with one that has them, or one with an axis more; None for others."""
    ranks = {len(left), len(right)}
    if ranks == {RANK - 1, RANK}:
        return wrong_rank(tensor, RANK, RANK - 1, [cause("join_axis", "keras")])
    more = RANK + 1
    return wrong_rank(tensor, RANK, more) if ranks == {RANK, more} else None
