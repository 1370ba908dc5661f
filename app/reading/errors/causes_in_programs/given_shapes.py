"""The shape of an array with another number of axes than the framework expected, where the message says only their
number: from the call in the program."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ...code.operations import Operation
from ...code.values import ANY, Axes
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, Shape
from .states.sizes_of_states import state_in

STATES = ("h_0", "c_0")


def with_given_shape(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mismatch with the shape that the call gives, if the program has only one with as many axes as the message
    says."""
    expected, got = mismatch.shapes
    if mismatch.axis != "rank" or got or not isinstance(mismatch.got, int):
        return mismatch
    shapes = {shape for one in found.program.failed_calls for shape in _given(found, one, mismatch.tensor or "")}
    fitting = [shape for shape in shapes if len(shape) == mismatch.got and any(shape)]
    return replace(mismatch, shapes=(expected, fitting[0])) if len(fitting) == 1 else mismatch


def _given(found: Found, called: Operation, tensor: str) -> Iterator[Shape]:
    """The shapes of x or of a state in a call, None for a size that is not known: as the line has it in the end, in
    this round of a loop, which may give its name another array, and where it is made."""
    tree, call = found.program.tree, called.node
    if not isinstance(call, ast.Call):
        return
    array: ast.expr | None = call.args[0] if call.args and tensor == "x" else None
    if tensor in STATES:
        array = state_in(call)
        if isinstance(array, ast.Tuple | ast.List):
            array = next(iter(array.elts[STATES.index(tensor) :]), None)
        elif tensor != STATES[0]:
            return
    if array is None:
        return
    yield _sizes(tree.axes(array))
    yield from (_sizes(one.axes) for one in called.operands if one.node is array and ANY not in one.axes)
    if tensor in STATES:
        yield _sizes(tree.axes_of_made(array))


def _sizes(axes: Axes) -> Shape:
    return tuple(size if isinstance(size, int) and size > 0 else None for size in axes)
