"""The lines of a pasted program that repeat a vector for each step of what it is joined with: along which axis."""

import ast
from collections.abc import Iterator

from ...code_lines.array_origins import MODULES
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import is_new_axis, last_name
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

AXIS_OF_STEPS = 1


def _repeated(found: Found) -> Iterator[tuple[ast.Call, ast.expr, ast.expr]]:
    """The calls that repeat the parts of the only join in the line that failed: the array, and the axis."""
    tree = found.program.tree
    joins = {id(one.node): one for one in found.program.failed_operations if one.kind == "join" and one.node}
    parts = next(iter(joins.values())).operands if len(joins) == 1 else ()
    for part in (one.node for one in parts if one.node is not None):
        match tree.assigned(part) or part:
            case ast.Call(func=ast.Attribute(value=module, attr="repeat"), args=[array, *_]) as call:
                axis = tree.argument(call, 2, "axis")
                if last_name(module) in MODULES and axis is not None:
                    yield call, array, axis


def axis_of_vector(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that repeats a vector along an axis which it lacks, with this axis."""
    tree = found.program.tree
    vectors = [array for _, array, axis in _repeated(found) if tree.number(axis) == AXIS_OF_STEPS]
    return tree.corrected((vectors[0], f"{tree.operand(vectors[0])}[:, None]")) if len(vectors) == 1 else ()


def along_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that repeats the samples of an array with a new axis of steps, along this one."""
    tree = found.program.tree
    axes = [axis for _, array, axis in _repeated(found) if tree.number(axis) == 0 and _has_new_axis(tree, array)]
    return tree.corrected((axes[0], str(AXIS_OF_STEPS))) if len(axes) == 1 else ()


def _has_new_axis(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether an array gets an axis of size 1 after that of its samples."""
    match tree.assigned(array) or array:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), new, *_])):
            return is_new_axis(new)
        case ast.Call(func=ast.Attribute(attr="expand_dims")) as call:
            axis = tree.argument(call, 1, "axis")
            return axis is not None and tree.number(axis) == AXIS_OF_STEPS
    return False


CORRECTIONS = {
    **dict.fromkeys(("join_axis", "vector_of_sample"), axis_of_vector),
    "join_steps": along_steps,
}
"""Cause -> the lines that it corrects."""
