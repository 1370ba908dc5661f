"""The shape of an array with another number of axes than the framework expected, where the message says only their
number: from the call in the program."""

import ast
from dataclasses import replace

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
    calls = (one.node for one in found.program.failed_calls)
    given = {_given(found, call, mismatch.tensor or "") for call in calls if isinstance(call, ast.Call)}
    shapes = [shape for shape in given if len(shape) == mismatch.got and any(shape)]
    return replace(mismatch, shapes=(expected, shapes[0])) if len(shapes) == 1 else mismatch


def _given(found: Found, call: ast.Call, tensor: str) -> Shape:
    """The shape of x or of a state in a call, None for a size that is not known; () if nothing says it."""
    array: ast.expr | None = call.args[0] if call.args and tensor == "x" else None
    if tensor in STATES:
        array = state_in(call)
        if isinstance(array, ast.Tuple | ast.List):
            array = next(iter(array.elts[STATES.index(tensor) :]), None)
        elif tensor != STATES[0]:
            return ()
    axes = found.program.tree.axes(array) if array is not None else ()
    return tuple(size if isinstance(size, int) and size > 0 else None for size in axes)
