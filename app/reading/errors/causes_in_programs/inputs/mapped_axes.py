"""The axes of a call of ``jax.vmap`` in a pasted program that a cause corrects."""

import ast

from ...axes_of_arrays import RANK
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.mapped_axes import Mapped, mapped
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


def shared(found: Found, mismatch: Mismatch) -> Corrections:
    """The axes of vmap with None for the array that all samples share."""
    wrong = [one for one in mapped(found) if len(one.shape) < RANK]
    return _with_axis(found, wrong[0], "None") if len(wrong) == 1 else ()


def other_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The axes of vmap with the second one of x, which are the samples."""
    wrong = [one for one in mapped(found) if len(one.shape) == RANK]
    return _with_axis(found, wrong[0], "1") if len(wrong) == 1 else ()


def _with_axis(found: Found, wrong: Mapped, axis: str) -> Corrections:
    tree = found.program.tree
    for call in tree.calls_of_failure():
        vmap = _vmap_of(tree, call.func)
        place = _place(tree, vmap, call, wrong.name) if vmap else None
        if not vmap or place is None or call.keywords or any(isinstance(one, ast.Starred) for one in call.args):
            continue
        same = {place, *(n for n, one in enumerate(call.args) if tree.axes_of_made(one) == wrong.shape)}
        if not wrong.is_part and len(same) != wrong.occurrences:
            return ()
        axes = next((one.value for one in vmap.keywords if one.arg == "in_axes"), (*vmap.args[1:2], None)[0])
        match axes:
            case ast.Tuple(elts) if max(same) < len(elts):
                return tree.corrected(*((elts[n], axis) for n in sorted(same)))
            case ast.Constant(int(number)):
                return tree.corrected((axes, _written(len(call.args), same, axis, str(number))))
            case None if not vmap.args[1:]:
                written = _written(len(call.args), same, axis, "0")
                return tree.corrected((vmap.args[0], f"{tree.text(vmap.args[0])}, in_axes={written}"))
    return ()


def _written(arguments: int, places: set[int], axis: str, others: str) -> str:
    axes = [axis if n in places else others for n in range(arguments)]
    return f"({', '.join(axes)}{',' if arguments == 1 else ''})"


def _vmap_of(tree: ProgramTree, function: ast.expr) -> ast.Call | None:
    """The call of vmap that makes the function that is called, also inside of ``jit``."""
    made = tree.assigned(function) if isinstance(function, (ast.Name, ast.Attribute)) else function
    while isinstance(made, ast.Call) and name_of(made) == "jit" and made.args:
        made = made.args[0]
    return made if isinstance(made, ast.Call) and name_of(made) == "vmap" and made.args else None


def _place(tree: ProgramTree, vmap: ast.Call, call: ast.Call, name: str) -> int | None:
    """Which argument of a call has a name, in lower case, in the function that is mapped; None if that is not known."""
    function = vmap.args[0]
    if isinstance(function, ast.Name):
        defined = [one for one in tree.nodes if isinstance(one, ast.FunctionDef) and one.name == function.id]
        arguments = defined[0].args if len(defined) == 1 else None
    else:
        arguments = function.args if isinstance(function, ast.Lambda) else None
    if arguments is None:
        return None
    names = [one.arg.lower() for one in (*arguments.posonlyargs, *arguments.args)]
    return names.index(name) if names.count(name) == 1 and names.index(name) < len(call.args) else None


CORRECTIONS = {"shared_by_samples": shared, "mapped_axis": other_axis}
"""Cause -> the lines that it corrects."""
