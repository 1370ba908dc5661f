"""What a pasted program says about rows of data that a reshape makes into windows: those that are left over."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


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
    count = _named(tree, rows, sizes[1], call.lineno) or f"len({tree.text(rows)}) // {steps} * {steps}"
    return tree.corrected((rows, f"{tree.text(rows)}[:{count}]"))


def _named(tree: ProgramTree, rows: ast.expr, steps: ast.expr, line: int) -> str:
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


CORRECTIONS = {"whole_rows": whole_rows}
"""Cause -> the lines that it corrects."""
