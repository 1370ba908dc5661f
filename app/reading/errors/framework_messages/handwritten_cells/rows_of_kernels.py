"""Weights of a handwritten cell that were made for another number of values than x or h has, as the program says."""

import ast
import re
from collections.abc import Collection
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation, with_two_operands
from ....code.values import ANY
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...mismatch import Cause, Mismatch, wrong_size
from ..message_template import Found
from .products_in_failed_line import shapes_of_factors


def of_kernel_rows(found: Found, tensor: str, is_left: bool, expected: int, got: int) -> Mismatch | None:
    """Weights with other rows than x or h has values: all others of the same array fit it, or their columns are its
    units. None if nothing says that it is the weights. ``is_left``: whether the array is the first factor."""
    if found.framework not in ("numpy", "jax", "pytorch"):
        return None
    name, others = _others(found, is_left, expected, got)
    is_of_state = tensor == "h_0" and (
        _has_columns_of_state(found, is_left, expected, got) or _has_units_of_state(found, got)
    )
    if not others and not is_of_state:
        return None
    array, size = ("x", "features") if tensor == "x" else ("h", "num_units")
    kernel = "kernel" if tensor == "x" else "recurrent_kernel"
    causes = [cause_of_kernel(found, is_left, got)]
    mismatch = wrong_size(kernel, size, got, expected, causes, [fact(size, got, array)])
    if not others:
        return mismatch
    mismatch = replace(mismatch, gate=_gate(name) if found.cell in ("lstm", "gru") else None)
    note = phrase("{others} fit the same array, so {name} is the one with another size.", others=others, name=name)
    return replace(mismatch, note=note)


def cause_of_kernel(found: Found, is_left: bool, rows: int) -> Cause:
    """Weights that were made for another number of values than they are multiplied by."""
    columns, name = _columns(found, is_left) or GATES_AND_UNITS, name_of_weights(found, is_left) or "W"
    shape = f"{rows}, {columns}" if is_left else f"{columns}, {rows}"
    return cause("kernel_rows", found.framework, name=name, shape=shape)


def _others(found: Found, is_left: bool, expected: int, got: int) -> tuple[str, str]:
    """The weights that failed, and the other ones that the program multiplies by the array, if all fit it; "" without
    any."""
    products = [_factors(one, is_left) for one in found.program.operations if _is_product(one)]
    failed = [_factors(one, is_left) for one in found.program.failed_operations if _is_product(one)]
    for array, weights in failed:
        if _inner(array, weights, is_left) != (got, expected):
            continue
        others = [both for both in products if both[0].text == array.text and both[1].text != weights.text]
        if {_inner(*both, is_left) for both in others} == {(got, got)}:
            return weights.text, ", ".join(dict.fromkeys(other.text for _, other in others))
    return "", ""


def _is_product(one: Operation) -> bool:
    return one.kind == "product" and len(one.operands) > 1


def _factors(one: Operation, is_left: bool) -> tuple[Operand, Operand]:
    """The array and the weights."""
    first, second = one.operands[:2]
    return (first, second) if is_left else (second, first)


def _inner(array: Operand, weights: Operand, is_left: bool) -> tuple[object, object]:
    """The sizes over which a product of matrices sums."""
    if len(weights.axes) != 2 or not array.axes:
        return None, None
    return (array.axes[-1], weights.axes[0]) if is_left else (array.axes[-2:][0], weights.axes[1])


def _has_units_of_state(found: Found, got: int) -> bool:
    """Whether h has as many units in a product that fits; in PyTorch this may be one of the output."""
    is_column = got == 1
    return (
        not is_column
        and found.framework != "pytorch"
        and found.program.sizes_of_handwritten_cell.get("num_units") == got
        and not _are_open(found)
    )


def _are_open(found: Found) -> bool:
    """Whether the program says no rows of any weights by which it multiplies h: then only h says its own units."""
    weights = [one.operands[1].axes for one in found.program.operations if _is_product(one) and _is_of_h(one)]
    return bool(weights) and all(axes[:1] == (ANY,) for axes in weights)


def _is_of_h(one: Operation) -> bool:
    return one.operands[0].roles == {"h_0"}


def _has_columns_of_state(found: Found, is_left: bool, expected: int, got: int) -> bool:
    """Whether the columns of a recurrent kernel are all gates of the units that h has, and not of as many as its
    rows."""
    columns, gates = _columns(found, is_left), _numbers_of_gates(found)
    return columns in [n * got for n in gates] and columns not in [n * expected for n in gates]


def _numbers_of_gates(found: Found) -> Collection[int]:
    """The number of parts in which the function that failed splits its gates; all possible ones without such a call."""
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure}
    splits = [one for one in tree.calls_of("split", "array_split") if tree.function_of(one) in functions]
    parts = {tree.number(one.args[1]) for one in splits if len(one.args) > 1}
    known = [number for number in parts if number and number in GATES.values()]
    return known if len(known) == len(parts) == 1 else [*GATES.values()]


def _columns(found: Found, is_left: bool) -> int | None:
    """The values that weights make, if the message says them."""
    kernel = shapes_of_factors(found)[1] if is_left else shapes_of_factors(found)[0][::-1]
    return kernel[1] if len(kernel) == 2 else None


def _gate(name: str) -> str | None:
    """The gate of weights that are called after it: ``W_r``."""
    letter = OF_GATE.search(name)
    return letter[1] if letter else None


OF_GATE = re.compile(r"[WUwuh_x]([ifogrz])\W*$")


def gate_of_key(found: Found, weights: ast.expr) -> str | None:
    """The gate that is the key of weights in a dictionary, ``w["r"]``; None for others."""
    match weights:
        case ast.Subscript(slice=ast.Constant(value=str(key))) if found.cell in ("lstm", "gru"):
            return LETTERS.get(key)
    return None


def gate_of_weights(found: Found, weights: ast.expr) -> str | None:
    """The gate after which weights are called, or that is their key; None for others."""
    if found.cell not in ("lstm", "gru"):
        return None
    return gate_of_key(found, weights) or _gate(ast.unparse(weights))


LETTERS = {**{letter: letter for letter in "ifogrz"}, "n": "g"}
"""The letter of a gate in a program -> ours."""


def name_of_weights(found: Found, is_left: bool) -> str:
    """The weights of the only product of a line, as the line writes them; "" for others."""
    products = with_two_operands(found.line.operations, "product")
    node = products[0].operands[1 if is_left else 0].node if len(products) == 1 else None
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) else ""


def name_of_weights_of(tensor: str, found: Found, is_left: bool) -> str:
    """The weights of the only product of x, or of h, in a line with several, as the line writes them; "" for others.
    ``is_left``: whether the array is the first factor."""
    factors = (ROLES[tensor], "kernel")
    products = with_two_operands(found.line.operations, "product")
    fitting = [one for one in products if one.factors == (factors if is_left else factors[::-1])]
    node = fitting[0].operands[1 if is_left else 0].node if len(fitting) == 1 else None
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) else ""


ROLES = {"x": "x", "h_0": "h"}
"""Tensor -> what it is called in a product of a line of code."""

GATES_AND_UNITS = "gates * num_units"
"""The columns of a kernel whose shape no message says."""
