"""What a pasted program of PyTorch says about the rows of a loss: output and target of every step in one axis."""

import ast
from typing import NamedTuple

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs.calls_with_data import call_of_loss

RESHAPES = ("reshape", "view")
REST = "-1"
"""The size that a reshape computes."""


class Rows(NamedTuple):
    """A cause in the rows of a loss, and the parts of its line that it corrects."""

    id: str
    parts: tuple[tuple[ast.AST, str], ...]


def _sizes(tree: ProgramTree, node: ast.expr) -> list[str]:
    """The sizes of a reshape; ["-1"] for one that flattens all axes, [] for another array."""
    node = tree.assigned(node) or node if isinstance(node, ast.Name) else node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    if name_of(node) in ("flatten", "ravel"):
        return [REST] if not node.args else [REST, ""]
    return [*map(ast.unparse, node.args)] if name_of(node) in RESHAPES else []


def _has_steps(found: Found, node: ast.expr) -> bool:
    """Whether a target has an axis of steps: the program says it, or slices it."""
    parts = node.slice.elts if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) else []
    is_sliced = len(parts) == 2 and all(isinstance(one, ast.Slice) for one in parts)
    return is_sliced or len(found.program.tree.axes(node)) == 2


def _rows(found: Found) -> Rows | None:
    """Which rows of the loss are wrong: only the output is flat, or only the target, or its sizes are exchanged."""
    if found.template.id != "pytorch-samples" or not (call := call_of_loss(found)) or len(call.args) < 2:
        return None
    expected, got = found.number("expected"), found.number("got")
    if not expected or not got:
        return None
    tree, (output, target) = found.program.tree, call.args[:2]
    of_output, of_target = _sizes(tree, output), _sizes(tree, target)
    if of_output[:1] == [REST] and not of_target and expected % got == 0 and _has_steps(found, target):
        return Rows("one_flat", ((target, f"{tree.operand(target)}.reshape(-1)"),))
    if of_target == [REST] and not of_output and got % expected == 0 and len(tree.axes(output)) == 3:
        return Rows("one_flat", ((output, f"{tree.operand(output)}.flatten(0, 1)"),))
    if len(of_output) == 2 and of_output[1] == REST and isinstance(output, ast.Call) and len(output.args) == 2:
        classes, rest = output.args
        if tree.number(classes) == expected:
            return Rows("exchanged_rows", ((classes, REST), (rest, tree.text(classes))))
    return None


def _of_rows(found: Found, mismatch: Mismatch) -> Mismatch:
    """A loss whose output and target have other rows because of the way in which they are flattened."""
    if not (rows := _rows(found)):
        return mismatch
    sentence = phrase(
        "The loss reads one row of the output for each entry of the target: the output has {expected} rows, and the"
        " target {got}.",
        expected=found.number("expected"),
        got=found.number("got"),
    )
    facts = [one for one in mismatch.facts if one.terms != (("batch_size",),)]
    return Mismatch("output", None, sentence, causes=(cause(rows.id, "pytorch"),), facts=tuple(facts))


def flat_rows(found: Found, _: Mismatch) -> Corrections:
    """The line of the loss, with rows that fit."""
    rows = _rows(found)
    return found.program.tree.corrected(*rows.parts) if rows else ()


RULES = (_of_rows,)
"""What the program says about the rows of a loss."""

CORRECTIONS = {"one_flat": flat_rows, "exchanged_rows": flat_rows}
"""Cause -> the lines that it corrects."""
