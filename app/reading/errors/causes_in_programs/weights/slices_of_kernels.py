"""What a pasted program says about a kernel that a cell of its own cuts into the rows of x and those of h."""

import ast
from dataclasses import replace
from typing import NamedTuple

from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.products_in_failed_line import inner_sizes
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, from_code, wrong_size

CAUSES = (
    *("kernel_rows", "other_features", "other_units", "joined_weights", "dense_features", "kernel_order"),
    *("exchanged_sizes", "kernel_cut"),
)
"""The causes of messages about the rows of weights."""

OF_STATE = ("h_0", "recurrent_kernel")
"""What is multiplied in the product of h."""


class Cut(NamedTuple):
    """Where a kernel is cut: the bounds of both slices, the array whose rows are cut off, and the row that is right."""

    bounds: tuple[ast.expr, ...]
    array: ast.expr
    row: int
    is_first: bool


def _cut(found: Found, mismatch: Mismatch) -> Cut | None:
    """The slice of rows of a larger kernel, ``kernel[:n]`` or ``kernel[n:]``, in the product that failed, which has
    other rows than the array has values; None for other weights, and if the columns are not those of the units that
    this leaves."""
    tree, (values, rows) = found.program.tree, inner_sizes(found)
    for array, weights in tree.products_in(found.code) if values and rows else ():
        match tree.assigned(weights) if isinstance(weights, ast.Name) else weights:
            case ast.Subscript(value=kernel, slice=ast.Slice(lower=None, upper=ast.expr() as bound, step=None)):
                end, is_first = tree.number(bound), True
            case ast.Subscript(value=kernel, slice=ast.Slice(lower=ast.expr() as bound, upper=None, step=None)):
                end, is_first = tree.number(bound), False
            case _:
                continue
        axes = tree.axes_of_made(kernel)
        total, columns = (size if isinstance(size, int) else 0 for size in (axes if len(axes) == 2 else (0, 0)))
        row = values if is_first else total - values
        units = values if _is_of_state(mismatch, array) else total - values
        if end == (rows if is_first else total - rows) and 0 < row < total and columns and columns % units == 0:
            return Cut(_same_bounds(tree, kernel, bound), array, row, is_first)
    return None


def _has_slices(found: Found) -> bool:
    """Whether a program slices any array."""
    return any(isinstance(one, ast.Slice) for one in found.program.tree.nodes)


def _is_of_state(mismatch: Mismatch, array: ast.expr) -> bool:
    """Whether the product that failed is that of h."""
    is_unknown = mismatch.tensor == "dense_input"
    return mismatch.tensor in OF_STATE or (is_unknown and role_of(ast.unparse(array)) == "h")


def _same_bounds(tree: ProgramTree, kernel: ast.expr, bound: ast.expr) -> tuple[ast.expr, ...]:
    """The bounds of the slices of a kernel in a function that are cut at the same row."""
    function, text = tree.function_of(bound), ast.unparse(bound)
    return tuple(
        one
        for node in tree.nodes
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and tree.function_of(node) is function
        for one in (node.slice.lower, node.slice.upper)
        if one is not None and ast.unparse(one) == text and ast.unparse(node.value) == ast.unparse(kernel)
    )


def _of_cut(found: Found, mismatch: Mismatch) -> Mismatch:
    """A kernel of x and h that is cut in the wrong row."""
    is_of_rows = mismatch.first_cause in CAUSES
    if not is_of_rows or not _has_slices(found) or not (cut := _cut(found, mismatch)):
        return mismatch
    likely = (cause("kernel_cut", found.framework),)
    if mismatch.tensor in (*OF_STATE, "kernel"):
        return replace(mismatch, causes=likely)
    of_part = ("recurrent_kernel", "num_units") if _is_of_state(mismatch, cut.array) else ("kernel", "features")
    return from_code(wrong_size(*of_part, *inner_sizes(found), likely))


def row_of_cut(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that cut the kernel, with the row after those of x."""
    tree, cut = found.program.tree, _cut(found, mismatch)
    if not cut:
        return ()
    function = tree.function_of(cut.bounds[0])
    nodes = (one for one in tree.nodes if tree.function_of(one) is function)
    names = [one for one in nodes if isinstance(one, (ast.Name, ast.Attribute)) and tree.number(one) == cut.row]
    shape = f"{tree.operand(cut.array)}.shape[-1]" if cut.is_first else str(cut.row)
    row = tree.text(names[0]) if names else shape
    return tree.corrected(*((one, row) for one in cut.bounds))


RULES = (_of_cut,)
"""What the program says about the slices of its kernels."""

CORRECTIONS = {"kernel_cut": row_of_cut}
"""Cause -> the lines that it corrects."""
