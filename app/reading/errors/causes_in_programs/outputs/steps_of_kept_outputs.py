"""What a pasted program says about the array into which a loop writes its steps: the axis of the steps is another one
than the index says."""

import ast
from dataclasses import replace

from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...framework_messages.operations.written_arrays import KEPT, exchanged_index
from ...mismatch import Mismatch


def _exchanged_step(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The index of the array that a line writes into, and the one of its other axis, for which what is written fits;
    None unless the program makes the array so."""
    tree = found.program.tree
    written = [one for one in tree.nodes_of_failure if isinstance(one, ast.Assign)]
    match written:
        case [ast.Assign(targets=[ast.Subscript(value=array, slice=index)])]:
            made, new = tree.made_by(array), exchanged_index(index)
        case _:
            return None
    axes = list(tree.shape_made(made)) if made and new else []
    if not new or len(axes) != RANK:
        return None
    del axes[0 if isinstance(index, ast.Tuple) else 1]
    return (index, new) if tuple(axes) == mismatch.got else None


def _of_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """A step that is written into an array whose axis of steps is another one."""
    if not any(one.id in KEPT for one in mismatch.causes) or not _exchanged_step(found, mismatch):
        return mismatch
    return replace(mismatch, tensor="output", axis="order", causes=(cause("written_step", found.framework),))


def step_along_other_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that writes a step, along the axis of the steps."""
    step = _exchanged_step(found, mismatch)
    return found.program.tree.corrected(step) if step else ()


RULES = (_of_step,)
"""What the program says about the causes in arrays that a loop fills."""

CORRECTIONS = {"written_step": step_along_other_axis}
"""Cause -> the lines that it corrects."""
