"""What a pasted program says about the columns of a table of which it cuts windows: that of the target is one of them;
and about numbers of columns that make the table as well."""

import ast
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import is_one_by_one
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


RULES = (_of_target_column,)
"""What the program says about the columns of x."""

CORRECTIONS = {"target_column": all_but_target}
"""Cause -> the lines that it corrects."""
