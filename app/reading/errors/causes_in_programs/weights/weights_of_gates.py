"""What a pasted program says about the sizes of weights: those of one gate in place of all, and their order."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, only_size, wrong_shape
from .biases_of_handwritten_cells import terms_of_shape
from .kernels_of_handwritten_cells import is_weights, sizes_of_weights, transposed_as_beside

# -- gates -------------------------------------------------------------------------------------------------------------


def _one_gate(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The size of weights of one gate, and what it should be for all; None for other weights."""
    if mismatch.axis != "gates*num_units":
        return None
    return _of_onnx(found, mismatch) if found.framework == "onnx" else _beside_bias(found, mismatch)


def _of_onnx(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The rows of an array of weights, which are as many as the units of the node."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(got) != 3 or not got[1]:
        return None
    units, gates = got[1], GATES.get(found.cell, 1)
    said = {tree.number(one) for one in tree.values_of_keyword("hidden_size")}
    if gates == 1 or expected[1] != gates * units or said != {units}:
        return None
    made = [one for one in tree.calls if tree.is_maker(one)]
    sizes = [size for one in made if tuple(map(tree.number, size := tree.sizes_of(one))) in (got, got[1:])]
    transposed = [size for one in made if tuple(map(tree.number, size := tree.sizes_of(one))) == got[:0:-1]]
    rows = [one[1] for one in transposed] or [one[-2] for one in sizes]  # without directions they are those of training
    return (rows[0], f"{gates} * {tree.operand(rows[0])}") if len(rows) == 1 else None


def _beside_bias(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The columns of weights, which are as many as the units, beside a bias for all gates: ``np.zeros(4 * units)``."""
    tree, columns, biases = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if mismatch.tensor == "kernel":
        columns, biases = biases, columns
    if not columns or not biases or biases not in [gates * columns for gates in GATES.values() if gates > 1]:
        return None
    made = terms_of_shape(found, (biases,))
    of_bias = [size for one in made if len(size := tree.sizes_of(one)) == 1]
    if len(of_bias) != 1 or not tree.multiple(of_bias[0][0], columns):
        return None
    weights = [tree.made_by(factor) for factors in tree.products_in(found.code) for factor in factors[1:]]
    last = [size[-1] for one in weights if one and len(size := tree.sizes_of(one)) == 2]
    last = [one for one in last if tree.number(one) == columns]
    return (last[0], f"{biases // columns} * {tree.operand(last[0])}") if len(last) == 1 else None


def _of_one_gate(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights with the units of one gate, for a cell that has several."""
    if mismatch.tensor not in ("kernel", "recurrent_kernel", "bias") or not _one_gate(found, mismatch):
        return mismatch
    likely = (cause("gates_of_weights", found.framework),)
    if found.framework == "onnx":
        units = mismatch.got[1] if isinstance(mismatch.got, tuple) else None
        facts = [one for one in mismatch.facts if one.terms != (("num_units",),)]
        facts += [fact("num_units", units, "hidden_size")] if units else []
        return wrong_shape(mismatch.tensor, mismatch.axis, _all(mismatch.expected), _all(mismatch.got), likely, facts)
    columns = only_size(mismatch.expected)
    facts = [fact("num_units", columns, "weights")] if columns else []
    return Mismatch("kernel", mismatch.axis, mismatch.sentence, mismatch.got, mismatch.expected, likely, tuple(facts))


def _all(size: object) -> Shape:
    return size if isinstance(size, tuple) else ()


def all_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with the units of all gates."""
    wrong = _one_gate(found, mismatch)
    return found.program.tree.corrected(wrong) if wrong else ()


# -- order -------------------------------------------------------------------------------------------------------------


class Transposed(NamedTuple):
    """Weights in the line that failed, the call that makes them, and their shape."""

    factor: ast.expr
    made: ast.Call
    shape: tuple[int, int]


def _transposed(found: Found) -> Transposed | None:
    """The only weights of the product that failed that fit with their axes exchanged."""
    known = [*_weights_in_other_order(found)] if found.framework in ("numpy", "jax", "flax") else []
    return known[0] if len(known) == 1 else None


def _weights_in_other_order(found: Found) -> Iterator[Transposed]:
    tree = found.program.tree
    left, right = found.shape("left"), found.shape("right")
    inner = found.number("inner") or (left[-1] if left else 0)
    outer = found.number("outer") or (right[0] if right else 0)
    for factors in tree.products_in(found.code):
        for factor in factors:
            made = tree.made_by(factor) if is_weights(factor) else None
            sizes = tuple(map(tree.number, tree.sizes_of(made))) if made else ()
            if made and inner and outer and inner != outer and sizes == (outer, inner):
                yield Transposed(factor, made, (outer, inner))


def _of_transposed_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of which nothing else is known, whose axes have the other order than the product needs."""
    first = mismatch.first_cause
    is_unknown = first == "joined_weights" or (first == "kernel_rows" and mismatch.tensor is None)
    if not is_unknown or not (one := _transposed(found)):
        return mismatch
    likely = (cause("kernel_order", found.framework, weights=ast.unparse(one.factor)),)
    return wrong_shape("kernel", "order", one.shape[::-1], one.shape, likely)


def in_other_order(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, its sizes exchanged; or that of the product, if other products fit them."""
    tree, one = found.program.tree, _transposed(found)
    if transposed := transposed_as_beside(tree, found.code):
        return transposed
    if not one:
        return ()
    name = ast.unparse(one.factor)
    used = [factor for _, factors in tree.products for factor in factors if ast.unparse(factor) == name]
    if any(factor.lineno != one.factor.lineno for factor in used):
        return tree.corrected((one.factor, f"{tree.operand(one.factor)}.T"))
    sizes, _ = sizes_of_weights(tree, one.factor)
    if len(sizes) != 2:
        return ()
    first, second = sizes
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


RULES = (_of_one_gate, _of_transposed_weights)
"""What the program says about the sizes of its weights."""

CORRECTIONS = {"gates_of_weights": all_gates, "kernel_order": in_other_order}
"""Cause -> the lines that it corrects."""
