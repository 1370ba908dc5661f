"""The x of a cell of Keras in a loop of a pasted program, which is what the network has returned for the step before:
the cause that this leaves, and the lines that it corrects."""

import ast
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def lines_of_dense_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the dense layer whose result is x, for as many values as the cell reads; or the line that
    gives the cell its own output instead."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_of_cell = found.framework == "keras" and found.called.endswith("cell")
    if not is_of_cell or (mismatch.tensor, mismatch.axis) != ("x", "features") or not expected or not got:
        return ()
    fed = [one for call in tree.calls if (one := _fed_back(tree, call)) is not None]
    if len(fed) != 1:
        return ()
    ((given, output),) = fed
    if isinstance(given, ast.Call):
        units = tree.argument_of_size(dense, got) if (dense := _dense(tree, given)) else None
        return tree.corrected((units, tree.name_of_size(units, expected))) if units is not None else ()
    calls = [
        one for one in tree.calls if _is_in_same_loop(tree, one, given) and [*map(ast.unparse, one.args)] == [output]
    ]
    sized = [one for one in calls if (dense := _dense(tree, one)) and tree.argument_of_size(dense, expected)]
    return tree.corrected((given, tree.text(sized[0]))) if len(sized) == 1 and ast.unparse(given) == output else ()


def _fed_back(tree: ProgramTree, call: ast.Call) -> tuple[ast.expr, str] | None:
    """What a loop gives the x of the cell that it calls, in a later line, and the name of the output of the cell; None
    for another call."""
    statement = next((one for one in tree.above(call) if isinstance(one, ast.Assign)), None)
    match call, statement:
        case (
            ast.Call(func=ast.Attribute() | ast.Name() as called, args=[ast.Name(x), *_]),
            ast.Assign(targets=[ast.Tuple(elts=[ast.Name(output), *_])]),
        ) if any(name_of(one).endswith("Cell") for one in tree.calls_that_made(called)):
            later = (one for one in tree.nodes if isinstance(one, ast.Assign) and one.lineno > call.lineno)
            again = [one for one in later if [*map(ast.unparse, one.targets)] == [x]]
            given = [one.value for one in again if _is_in_same_loop(tree, one, call)]
            return (given[0], output) if len(given) == 1 else None
    return None


def _is_in_same_loop(tree: ProgramTree, one: ast.AST, other: ast.AST) -> bool:
    """Whether the innermost loops of two nodes are the same."""
    first, second = (
        next((above for above in tree.above(node) if isinstance(above, ast.For)), None) for node in (one, other)
    )
    return first is not None and first is second


def _dense(tree: ProgramTree, call: ast.Call) -> ast.Call | None:
    """The call that made the dense layer which a call calls; None for another call."""
    made = [one for one in tree.calls_that_made(call.func) if name_of(one) == "Dense"]
    return made[0] if len(made) == 1 else None


def _of_feedback(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that the network itself has returned."""
    if not lines_of_dense_layer(found, mismatch):
        return mismatch
    sizes = {"expected": only_size(mismatch.expected), "got": only_size(mismatch.got)}
    return replace(mismatch, causes=(cause("feedback", "keras", **sizes),))


RULES = (_of_feedback,)
"""What the program says about an x that is fed back."""

CORRECTIONS = {"feedback": lines_of_dense_layer}
"""Cause -> the lines that it corrects."""
