"""What the line that failed says about the x of a cell that is a slice of one step, ``x[:, t : t + 1]``, or a part of
``x.split(1, dim=1)``, and keeps the axis of time."""

import ast
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.python_line import PythonLine, python_line
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

OF_ONE_STEP = ("one_step", "axis_of_one_step")
"""The causes of an x of a cell with an axis of time."""


def _slice_of_one(node: ast.AST) -> tuple[ast.Slice, ast.expr] | None:
    """The slice of one entry in one of the first two places of an index, and the index of the entry; None without
    one."""
    if not isinstance(node, ast.Subscript):
        return None
    parts = node.slice.elts[:2] if isinstance(node.slice, ast.Tuple) else [node.slice]
    for one in parts:
        match one:
            case ast.Slice(lower=ast.Name() as step, upper=ast.BinOp(left, ast.Add(), ast.Constant(1)), step=None):
                if ast.unparse(left) == step.id:
                    return one, step
            case ast.Slice(lower=ast.BinOp(left, ast.Sub(), ast.Constant(1)) as step, upper=ast.Name(end), step=None):
                if ast.unparse(left) == end:
                    return one, step
    return None


def _without_slice(line: PythonLine) -> str:
    """The line whose only slice of one step in a call is the step itself; "" without one, or with several."""
    calls = [one for one in ast.walk(line.statement) if isinstance(one, ast.Call)]
    given = {id(argument): argument for one in calls for argument in one.args[:1]}
    found = [both for one in given.values() if (both := _slice_of_one(one))]
    return line.replaced((found[0][0], line.part(found[0][1]))) if len(found) == 1 else ""


def _made_without_slice(tree: ProgramTree) -> Corrections:
    """The line of the program that makes such a slice for the only call of the line that failed, with the step in its
    place; () without one."""
    calls = [one for one in tree.nodes_of_failure if isinstance(one, ast.Call)]
    names = [one for call in calls for one in call.args[:1] if isinstance(one, ast.Name)]
    values = [value for one in names if (value := tree.assigned(one)) is not None]
    found = [both for one in values if (both := _slice_of_one(one))]
    return tree.corrected((found[0][0], tree.text(found[0][1]))) if len(found) == 1 else ()


SPLITS = ("split", "chunk", "tensor_split", "array_split")
"""Functions and methods whose parts keep all axes of an array."""


def _axis_of_split(tree: ProgramTree, name: str) -> int | None:
    """The axis along which a loop splits an array into parts with a name; None for another loop."""
    loops = [one for one in tree.nodes if isinstance(one, (ast.For, ast.comprehension))]
    pairs = [(one.target, one.iter) for one in loops]
    pairs += [(target.elts[1], of) for target, one in pairs if (of := _numbered(one)) and isinstance(target, ast.Tuple)]
    calls = [one for target, one in pairs if isinstance(target, ast.Name) and target.id == name]
    if len(calls) != 1 or not isinstance(call := calls[0], ast.Call) or name_of(call) not in SPLITS:
        return None
    is_function = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in tree.imported
    sizes = call.args[is_function:]
    if "torch" in tree.imported and name_of(call) == "split" and (not sizes or tree.number(sizes[0]) != 1):
        return None  # each part has several steps
    given = [key.value for key in call.keywords if key.arg in ("dim", "axis")] or sizes[1:]
    return tree.number(given[0]) if given else 0


def _numbered(node: ast.expr) -> ast.expr | None:
    """What ``enumerate`` counts; None for another expression."""
    return node.args[0] if isinstance(node, ast.Call) and name_of(node) == "enumerate" and node.args else None


def _without_split(line: PythonLine, tree: ProgramTree) -> str:
    """The line whose only part of a split in a call has no axis of time any more; "" without one, or with several."""
    calls = [one for one in ast.walk(line.statement) if isinstance(one, ast.Call)]
    names = [one for call in calls for one in call.args[:1] if isinstance(one, ast.Name)]
    found = [(one, axis) for one in names if (axis := _axis_of_split(tree, one.id)) is not None]
    if len(found) != 1:
        return ""
    ((name, axis),) = found
    of_tensorflow = f"tf.squeeze({name.id}, axis={axis})" if "tf" in tree.imported else ""
    return line.replaced((name, of_tensorflow or f"{name.id}.squeeze({axis})"))


def _of_slice(found: Found, mismatch: Mismatch) -> Mismatch:
    """A cell that gets one step with its axis of time."""
    is_of_step = mismatch.first_cause in OF_ONE_STEP
    is_of_rank = is_of_step and (mismatch.tensor, mismatch.axis) == ("x", "rank")
    if is_of_rank and (made := _made_without_slice(found.program.tree)):
        single, (wrong, fix) = cause("axis_of_one_step", found.framework), made[0]
        return replace(mismatch, causes=(replace(single, wrong=wrong, fix=fix, is_own=True),))
    line = python_line((found.program.tree.frames or [found.code])[-1]) if is_of_step else None
    if (
        not line
        or (mismatch.tensor, mismatch.axis) != ("x", "rank")
        or not (fixed := _without_slice(line) or _without_split(line, found.program.tree))
    ):
        return mismatch
    single = cause("axis_of_one_step", found.framework)
    return replace(mismatch, causes=(replace(single, wrong=line.text, fix=fixed, is_own=True),))


RULES = (_of_slice,)
"""What the line that failed says about a slice of one step."""
