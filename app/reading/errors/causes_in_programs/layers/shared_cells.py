"""What a pasted program says about one cell of TensorFlow 1 in all layers of a network."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def _repeated(tree: ProgramTree) -> tuple[ast.expr, ast.expr, str] | None:
    """The list of the only network of several layers that has the same cell for each of them, the cell, and their
    number: ``[cell] * n``, ``[cell for _ in range(n)]`` or ``[cell, cell]``; None for another list."""
    networks = tree.calls_of("MultiRNNCell")
    cells = tree.argument(networks[0], 0, "cells") if len(networks) == 1 else None
    if isinstance(cells, ast.Name):
        cells = tree.assigned(cells)
    match cells:
        case ast.BinOp(ast.List([cell]), ast.Mult(), number) | ast.BinOp(number, ast.Mult(), ast.List([cell])):
            return cells, cell, tree.text(number)
        case ast.ListComp(ast.Name() as cell, [ast.comprehension(target, ast.Call(ast.Name("range"), [number]), [])]):
            return (cells, cell, tree.text(number)) if cell.id not in _names(target) else None
        case ast.List([ast.Name() as cell, _, *_]) if len({ast.unparse(one) for one in cells.elts}) == 1:
            return cells, cell, str(len(cells.elts))
    return None


def _names(target: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def _of_same_cell(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer above the first one, with the kernel that the first one has made for the features of x."""
    is_of_features = (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("x", "features", "same_cell")
    if not is_of_features or not _repeated(found.program.tree):
        return mismatch
    sentence = phrase(
        "A layer above the first one gets its {got} units, but shares its kernel, which was made for {expected}"
        " features.",
        got=only_size(mismatch.got),
        expected=only_size(mismatch.expected),
    )
    return replace(mismatch, sentence=sentence, causes=mismatch.causes[:1], is_of_equals=True)


def cell_of_each_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the list of cells, with a new one for each layer."""
    tree = found.program.tree
    if not (repeated := _repeated(tree)):
        return ()
    cells, cell, number = repeated
    made = tree.assigned(cell) if isinstance(cell, ast.Name) else cell
    is_made_here = isinstance(made, ast.Call) and tree.function_of(made) is tree.function_of(cells)
    if not isinstance(made, ast.Call) or not is_made_here or not name_of(made).endswith("Cell"):
        return ()
    if made.lineno != made.end_lineno:
        return ()
    return tree.corrected((cells, f"[{tree.text(made)} for _ in range({number})]"))


RULES = (_of_same_cell,)
"""What the program says about the tensor that does not fit."""

CORRECTIONS = {"same_cell": cell_of_each_layer}
"""Cause -> the lines that it corrects."""
