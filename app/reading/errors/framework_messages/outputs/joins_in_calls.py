"""Messages of TensorFlow about a join in the ``call`` of a model of Keras, of which the program says that a recurrent
layer gets what is joined, or has returned a part of it. The name of the operation says only that it is a join."""

import re

from ....code.operations import Operation
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...mismatch import Mismatch, Shape, wrong_rank, wrong_shape
from ..message_template import Found
from .sums_of_outputs import AXES

SHAPES = re.compile(r"withinputshapes:\(?[\(\[]([\d?,]{1,40})[\)\]],[\(\[]([\d?,]{1,40})[\)\]],[\(\[][\)\]]")
"""The shapes of two arrays that are joined, after a message, in the folded text."""

ALONG = re.compile(r"inputtensors:input\(?[\(\[]2[\)\]]\)?=<(-?\d)>")
"""The axis of the join, after a message, in the folded text."""

OF_SEQUENCES = 3
"""The axes of x and of an output."""


def join_of_network(found: Found) -> Operation | None:
    """The only join in the line that failed, if a recurrent layer gets what it makes, or has returned a part of it."""
    joins = {id(one.node): one for one in found.program.failed_operations if one.kind == "join" and one.node}
    one = next(iter(joins.values())) if len(joins) == 1 else None
    if not one or len(one.operands) != len(("left", "right")):
        return None
    return one if "x" in one.makes or any(operand.layers for operand in one.operands) else None


def is_of_network(found: Found) -> bool:
    """Whether the join that failed is a part of a recurrent network."""
    return join_of_network(found) is not None


def _shapes(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both arrays."""
    if found.text("left"):
        return found.shape("left"), found.shape("right")
    said = SHAPES.match(found.after) or SHAPES.search(found.after)
    left, right = (
        (tuple(int(n) if n.isdecimal() else None for n in one.split(",")) for one in said.groups())
        if said
        else ((), ())
    )
    return left, right


def joined_in_call(found: Found) -> Mismatch | None:
    """Arrays with other numbers of axes, of steps or of samples; None without a program, or for other arrays."""
    one, (left, right) = join_of_network(found), _shapes(found)
    if not one or not left or not right:
        return None
    tensor = "output" if any(what(operand) in ("output", "state") for operand in one.operands) else "x"
    if len(left) != len(right):
        return _of_ranks(tensor, left, right)
    differing = [n for n, both in enumerate(zip(left, right, strict=True)) if None not in both and both[0] != both[1]]
    along = int(said[1]) % len(left) if (said := ALONG.search(found.after)) else len(left) - 1
    differing = [n for n in differing if n != along]
    if len(left) != OF_SEQUENCES or len(differing) != 1:
        return None
    if differing == [OF_SEQUENCES - 1]:
        return wrong_shape(
            tensor, "features" if tensor == "x" else "num_units", left, right, [cause("joined_axis", "keras")]
        )
    return wrong_shape(
        tensor, AXES[differing[0]], left, right, [cause("join_steps", "keras")] if differing == [1] else []
    )


def _of_ranks(tensor: str, left: Shape, right: Shape) -> Mismatch | None:
    """An array without steps that is joined with one that has them, or one with an axis more."""
    ranks = sorted((len(left), len(right)))
    if ranks == [OF_SEQUENCES - 1, OF_SEQUENCES]:
        return wrong_rank(tensor, *ranks[::-1], [cause("join_axis", "keras")])
    if ranks == [OF_SEQUENCES, OF_SEQUENCES + 1]:
        return wrong_rank(tensor, *ranks)
    return None
