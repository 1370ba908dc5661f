"""What a pasted program of PyTorch says about axes of size 1: that which a factor of a product lacks, that which is
expanded, and that which is removed although it has more values."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.values import Layer
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import factors_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, wrong_size

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


def factor_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The product whose second factor gets a last axis."""
    one = found.program.product_of_ranks(None, 2)
    node = one.operands[1].node if one else None
    tree = found.program.tree
    return tree.corrected((node, f"{tree.operand(node)}.unsqueeze(2)")) if node is not None else ()


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


# -- squeeze -----------------------------------------------------------------------------------------------------------


class Squeezed(NamedTuple):
    """A call that removes the last axis of what a dense layer returns, which has several values, and the layer."""

    call: ast.Call
    layer: Layer
    values: int


def _squeezed(found: Found) -> Squeezed | None:
    """The only call of squeeze in the program that leaves an axis with one of the sizes of the message."""
    if found.framework != "pytorch":
        return None
    tree, sizes = found.program.tree, {int(one) for value in found.values.values() for one in NUMBER.findall(value)}
    dense = [one.layer for one in found.program.operations if one.layer and one.layer.kind == "dense"]
    found_calls = []
    for call in tree.calls_of("squeeze"):
        axes = tree.axes(call.func.value) if isinstance(call.func, ast.Attribute) else ()
        layers = [one for one in dict.fromkeys(dense) if axes[-1:] == (one.size("num_units"),)]
        is_last = len(call.args) == 1 and tree.text(call.args[0]) in ("-1", str(len(axes) - 1))
        if is_last and len(layers) == 1 and isinstance(values := axes[-1], int) and values in sizes - {1}:
            found_calls.append(Squeezed(call, layers[0], values))
    return found_calls[0] if len(found_calls) == 1 else None


REPLACED = ("target_shape", "not_return_sequences")
"""Causes that say only that an output has other axes."""

NUMBER = re.compile(r"\d{1,9}")


def _of_squeezed_values(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that returns several values, although the program removes their axis."""
    is_known = any(one.id not in REPLACED for one in mismatch.causes[:1])
    if is_known or not (squeezed := _squeezed(found)):
        return mismatch
    sentence = phrase(
        "{call} removes an axis of size 1, but the dense layer returns {values} values there.",
        call=ast.unparse(squeezed.call),
        values=squeezed.values,
    )
    one_value = wrong_size("output", "num_units", 1, squeezed.values, [cause("squeezed_values", "pytorch")])
    return replace(one_value, sentence=sentence)


def one_output(found: Found, _: Mismatch) -> Corrections:
    """The line that makes the dense layer, with one output."""
    tree, squeezed = found.program.tree, _squeezed(found)
    made = tree.made_layer(squeezed.layer) if squeezed else None
    size = tree.argument(made, 1, "out_features") if made else None
    return tree.corrected((size, "1")) if size is not None else ()


RULES = (_of_expanded_axis, _of_squeezed_values)
"""What the program says about axes of size 1."""

WITHOUT_CAUSES = (_of_squeezed_values,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    **dict.fromkeys(("weights_axis", "attention_axis"), factor_with_axis),
    "factor_axis": factor_axis,
    "expanded_axis": exchanged_sizes,
    "squeezed_values": one_output,
}
"""Cause -> the lines that it corrects."""
