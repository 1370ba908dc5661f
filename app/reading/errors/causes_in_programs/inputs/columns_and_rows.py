"""What a pasted program says about the columns and the rows of a table of which it makes windows: the column of the
target is one of them, and some rows fill no whole window."""

import ast
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import is_one_by_one
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

LAST_COLUMN = "-1"


def _windows_with_target(tree: ProgramTree, columns: int | None) -> list[ast.Subscript]:
    """The windows of the rows of tables, with all ``columns``, whose last one a line of the same function takes as the
    target."""
    parts = [one for one in tree.nodes if isinstance(one, ast.Subscript)]
    targets = {(tree.function_of(one), ast.unparse(one.value)) for one in parts if _is_last_column(one, columns)}
    rows = [one for one in parts if isinstance(one.slice, ast.Slice) and one.slice.step is None]
    return [one for one in rows if (tree.function_of(one), ast.unparse(one.value)) in targets and _is_window(tree, one)]


def _is_last_column(part: ast.Subscript, columns: int | None) -> bool:
    """Whether a part of an array is its last column, in some rows or in one."""
    match part.slice:
        case ast.Tuple(elts=[_, column]):
            return ast.unparse(column) in (LAST_COLUMN, str((columns or 0) - 1))
    return False


def _is_window(tree: ProgramTree, rows: ast.Subscript) -> bool:
    """Whether rows of a table are those of one sample of many."""
    function = tree.function_of(rows)
    return any(map(is_one_by_one, tree.above(rows))) or (function is not None and function.name == "__getitem__")


def _of_target_column(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with one column more than a layer was made for: that of the target."""
    expected, got = mismatch.expected, mismatch.got
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features")
    if not is_of_features or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return mismatch
    last = [shape[-1] for shape in (expected, got) if shape and shape[-1]]
    if len(last) != 2 or last[1] != last[0] + 1 or not _windows_with_target(found.program.tree, last[1]):
        return mismatch
    likely = cause("target_column", found.framework)
    return replace(mismatch, causes=(likely, *mismatch.causes))


def all_but_target(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that cut the windows, without the column of the target."""
    tree, got = found.program.tree, mismatch.got
    windows = _windows_with_target(tree, got[-1] if isinstance(got, tuple) and got else None)
    return tree.corrected(*((one.slice, f"{tree.text(one.slice)}, :-1") for one in windows))


# -- rows --------------------------------------------------------------------------------------------------------------


def whole_rows(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the reshape, with the rows of whole windows: as many as a name of the program says, if one does."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure("reshape", "view") if isinstance(one.func, ast.Attribute)]
    if len(calls) != 1 or not isinstance(calls[0].func, ast.Attribute):
        return ()
    (call,), owner = calls, calls[0].func.value
    is_of_module = ast.unparse(owner) in ("np", "numpy", "torch")
    rows, *sizes = call.args if is_of_module and call.args else (owner, *call.args)
    sizes = [*sizes[0].elts] if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)) else sizes
    if len(sizes) != 3 or not isinstance(rows, (ast.Name, ast.Attribute, ast.Subscript)):
        return ()
    steps = tree.text(sizes[1])
    count = _name_of_count(tree, rows, sizes[1], call.lineno) or f"len({tree.text(rows)}) // {steps} * {steps}"
    return tree.corrected((rows, f"{tree.text(rows)}[:{count}]"))


def _name_of_count(tree: ProgramTree, rows: ast.expr, steps: ast.expr, line: int) -> str:
    """The name that lines before give to the number of rows in whole windows; "" without one."""
    for one in tree.nodes:
        match one:
            case ast.Assign(
                targets=[ast.Name(name)],
                value=ast.BinOp(ast.BinOp(length, ast.FloorDiv(), by), ast.Mult(), times),
            ) if one.lineno < line and _is_length(length, rows):
                if ast.unparse(by) == ast.unparse(times) == ast.unparse(steps):
                    return name
    return ""


def _is_length(length: ast.expr, rows: ast.expr) -> bool:
    """Whether an expression is the number of rows of an array."""
    if isinstance(length, ast.Call) and name_of(length) == "len" and length.args:
        return ast.unparse(length.args[0]) == ast.unparse(rows)
    return ast.unparse(length) == f"{ast.unparse(rows)}.shape[0]"


RULES = (_of_target_column,)
"""What the program says about the columns of x."""

CORRECTIONS = {"target_column": all_but_target, "whole_rows": whole_rows}
"""Cause -> the lines that it corrects."""
