"""What a pasted program of PyTorch says about axes of size 1: that which a factor of a product lacks, and that which is
expanded."""

import ast

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import factors_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

MATRIX = 2
"""The axes of a factor that lacks one."""

KEPT = "-1"
"""The size that leaves an axis as it is."""


def factor_with_axis(found: Found, _: Mismatch) -> Corrections:
    """The line of the product of matrices, of which the first factor gets its axis of rows, or the second one that of
    columns."""
    tree, n = found.program.tree, found.number("i")
    calls = tree.calls_of_failure("bmm")
    factors = factors_of(calls[0]) if len(calls) == 1 else None
    if not factors or "products-rank" not in found.template.id or n not in (1, 2):
        return ()
    factor = factors[n - 1]
    if len(tree.axes(factor)) != MATRIX:  # the message does not say whether it has fewer axes or more
        return ()
    return tree.corrected((factor, f"{tree.operand(factor)}.unsqueeze({n})"))


def _expanded(found: Found) -> tuple[ast.expr, ast.expr, int] | None:
    """The sizes of an axis that is expanded although it has values, and of one of size 1 that is not, and the place of
    the latter; None for other sizes."""
    if found.template.id != "pytorch-expand":
        return None
    shape, axis, tree = found.shape("shape"), found.number("i"), found.program.tree
    calls = tree.calls_of_failure("expand")
    if len(calls) != 1 or len(calls[0].args) != len(shape):
        return None
    sizes = calls[0].args
    left = [n for n, size in enumerate(shape) if size == 1 and ast.unparse(sizes[n]) == KEPT]
    return (sizes[axis], sizes[left[0]], left[0]) if left else None


def _of_expanded_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array of which an axis is expanded that has values, and an axis of size 1 is not."""
    if not (expanded := _expanded(found)):
        return mismatch
    sentence = phrase(
        "expand repeats an axis of size 1, but axis {axis} of this array has {got}; axis {other} has 1.",
        axis=found.number("i"),
        got=found.number("got"),
        other=expanded[2],
    )
    return Mismatch(None, None, sentence, causes=(cause("expanded_axis", "pytorch"),))


def exchanged_sizes(found: Found, _: Mismatch) -> Corrections:
    """The line that expands the array, with both sizes exchanged."""
    tree, expanded = found.program.tree, _expanded(found)
    return tree.corrected((expanded[0], KEPT), (expanded[1], tree.text(expanded[0]))) if expanded else ()


RULES = (_of_expanded_axis,)
"""What the program says about axes of size 1."""

CORRECTIONS = {
    **dict.fromkeys(("weights_axis", "attention_axis"), factor_with_axis),
    "expanded_axis": exchanged_sizes,
}
"""Cause -> the lines that it corrects."""
