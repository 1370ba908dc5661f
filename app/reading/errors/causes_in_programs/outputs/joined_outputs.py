"""What a pasted program says about the input of a dense layer that joins the output of a recurrent layer with another
array, along their last axis."""

import ast
from typing import NamedTuple

from ...axes_of_arrays import RANK
from ...code_lines.layers_and_operands import width_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


class JoinedOutput(NamedTuple):
    """The width of an output, that of the array which is joined with it, and whether the output comes first."""

    width: int
    other: int
    is_first: bool


def joined_output(found: Found, mismatch: Mismatch) -> JoinedOutput | None:
    """What the input of the dense layer of PyTorch that failed joins, if that is an output of every step and one other
    array; None for another input."""
    expected, got = mismatch.expected, mismatch.got
    if found.framework != "pytorch" or mismatch.tensor != "dense_input":
        return None
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not expected or not got:
        return None
    dense = found.program.call_of_dense(got[-1] or 0, expected[-1] or 0)
    node = dense.operands[0].node if dense else None
    node = found.program.tree.assigned(node) if isinstance(node, ast.Name) else node
    joins = [one for one in found.program.operations if one.kind == "join" and one.node is node and node is not None]
    if len(joins) != 1 or len(joins[0].operands) != 2:
        return None
    parts = joins[0].operands
    outputs = [n for n, one in enumerate(parts) if "output" in one.roles and len(one.layers) == 1]
    if len(outputs) != 1 or any(len(one.axes) != RANK for one in parts):
        return None
    own, other = (parts[n].axes[-1] for n in (outputs[0], 1 - outputs[0]))
    if not isinstance(own, int) or not isinstance(other, int) or own + other != got[-1]:
        return None
    return JoinedOutput(own, other, not outputs[0]) if width_of(parts[outputs[0]].layers[0]) == own else None
