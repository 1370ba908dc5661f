"""What lines of code say about data of Keras that a reshape gives an axis of size 1 too many."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape
from ..outputs.networks_and_losses import OF_SIZE_ONE


class Reshaped(NamedTuple):
    """The sizes that a call of ``reshape`` gets, and the one of an axis of size 1."""

    sizes: list[ast.expr]
    added: ast.expr


def sizes_of_reshape(call: ast.Call) -> list[ast.expr]:
    """The sizes that a call of ``reshape`` gets, of a method or of a function of NumPy or TensorFlow."""
    lists = [one.elts for one in call.args if isinstance(one, (ast.Tuple, ast.List))]
    is_function = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("np", "numpy", "tf")
    return lists[0] if lists else call.args[1:] if is_function else call.args


def _added_axes(found: Found, shape: Shape) -> Iterator[Reshaped]:
    """The calls of ``reshape`` in the program that make an array of a shape, with an axis of size 1 without which the
    rest has the axes that the layer declares, or if it declares none, with one between the samples and the others."""
    tree, declared = found.program.tree, found.program.sizes_of_layer(found.cell)
    wanted = (declared.get("time_step"), declared.get("features"))
    for call in tree.calls_of("reshape"):
        sizes = sizes_of_reshape(call)
        if len(sizes) != len(shape) or any(
            tree.number(one) != size for one, size in zip(sizes[1:], shape[1:], strict=True)
        ):
            continue
        for n in range(1, len(shape)):
            rest = (*shape[1:n], *shape[n + 1 :])
            is_declared = rest == wanted if None not in wanted else n == 1
            if shape[n] == 1 and is_declared:
                yield Reshaped(sizes, sizes[n])
                break


def _of_added_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    shape = mismatch.shapes[1] if len(mismatch.shapes) > 1 else ()
    is_of_rank = (mismatch.tensor, mismatch.first_cause, found.framework) == ("x", "extra_axis", "keras")
    if not is_of_rank or len(shape) != RANK + 1 or not any(_added_axes(found, shape)):
        return mismatch
    axis = next(iter(_added_axes(found, shape)))
    place = axis.sizes.index(axis.added)
    of_one = replace(cause("extra_axis", "keras"), sentence=OF_SIZE_ONE, fix=f"x = np.squeeze(x, axis={place})")
    return replace(mismatch, causes=(of_one,))


def without_added_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make data with an axis of size 1, without it."""
    if [one.sentence for one in mismatch.causes] != [OF_SIZE_ONE] or found.framework != "keras":
        return ()
    tree = found.program.tree
    parts = []
    for axis in _added_axes(found, mismatch.shapes[1]):
        first, last = axis.sizes[0], axis.sizes[-1]
        kept = ", ".join(tree.text(one) for one in axis.sizes if one is not axis.added)
        whole = ast.Tuple(axis.sizes, ast.Load(), lineno=first.lineno, col_offset=first.col_offset)
        whole.end_lineno, whole.end_col_offset = last.end_lineno, last.end_col_offset
        parts.append((whole, kept))
    return tree.corrected(*parts)


RULES = (_of_added_axis,)

CORRECTIONS = {"extra_axis": without_added_axis}
"""Cause -> the lines that it corrects."""
