"""What a pasted program says about an x without the features of an argument that its function never reads: the layer is
made for both, joined along the features."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ....code.values import Axes
from ...axes_of_arrays import MATRIX, RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, only_size

JOINS = {"pytorch": ("torch.cat", "dim"), "jax": ("jnp.concatenate", "axis"), "flax": ("jnp.concatenate", "axis")}
"""Framework -> what joins arrays, and what it calls the axis; NumPy for others."""


class Unread(NamedTuple):
    """The x that a layer or a product gets, and the argument of its function that nothing reads; with their axes, ()
    where these are not known."""

    x: ast.expr
    axes: Axes
    name: str
    others: Axes
    is_batch_first: bool


def _inputs(found: Found) -> Iterator[tuple[ast.expr, bool]]:
    """What layers and products in the line that failed may read as their x, and whether its first axis is the batch."""
    tree = found.program.tree
    for one in found.program.failed_calls:
        if isinstance(one.node, ast.Call) and one.node.args and one.layer:
            yield one.node.args[0], one.layer.setting("batch_first") is True
    if found.framework == "flax":
        yield from ((one.args[1], True) for one in tree.calls_of_failure() if len(one.args) == MATRIX)
    if found.framework in HANDWRITTEN_CELLS:
        products = [factors for line in tree.frames[-1:] for factors in tree.products_in(line)]
        yield from ((left, True) for left, _ in products)


def _unread(found: Found, mismatch: Mismatch) -> Unread | None:
    """The only argument that is never read and has the features which x lacks; None without one."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or not expected or not got or got >= expected:
        return None
    for x, is_batch_first in _inputs(found):
        axes = tree.axes(x)
        if axes[-1:] not in ((), (got,)):
            continue
        arguments = dict(_unread_arguments(tree, x))
        fitting = [(name, given) for name, given in arguments.items() if given[-1:] == (expected - got,)]
        if len(fitting) == 1:
            name, given = fitting[0]
            return Unread(x, axes, name, given, is_batch_first)
    return None


def _unread_arguments(tree: ProgramTree, x: ast.expr) -> Iterator[tuple[str, Axes]]:
    """The arguments of the function of an expression that it never reads, with the axes of what the traceback gives."""
    function = tree.function_of(x)
    names = (one for one in tree.nodes if isinstance(one, ast.Name) and tree.function_of(one) is function)
    read = {one.id for one in names}
    for name in tree.parameters(function):
        given = tree.given_for(function, ast.Name(name)) if function and name not in read else None
        if given:
            yield name, tree.axes(given[1]) or tree.axes_of_made(given[1])


def _of_unread_argument(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that lacks the features of an argument that is never read."""
    if not _unread(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("unread_argument", found.framework),))


def joined_with_argument(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that failed, with the argument joined to x."""
    tree, unread = found.program.tree, _unread(found, mismatch)
    if not unread:
        return ()
    join, axis = JOINS.get(found.framework, ("np.concatenate", "axis"))
    other = _as_long(tree, unread) if found.framework == "pytorch" else unread.name
    return tree.corrected((unread.x, f"{join}([{tree.text(unread.x)}, {other}], {axis}=-1)")) if other else ()


def _as_long(tree: ProgramTree, unread: Unread) -> str:
    """An argument of PyTorch, repeated for each step of x if it has none of its own; "" if that is not certain."""
    rank, other = len(unread.axes), len(unread.others)
    steps = 1 if unread.is_batch_first else 0
    if not rank or (rank == other and unread.axes[:-1] == unread.others[:-1]):
        return unread.name
    size = f"{tree.operand(unread.x)}.size({steps})"
    is_of_samples = rank == RANK and other == MATRIX and unread.axes[1 - steps] == unread.others[0]
    if is_of_samples:
        steps_of_x = unread.axes[steps]
        one_step = f"{unread.name}.unsqueeze({steps})"
        if steps_of_x == 1:
            return one_step
        return f"{one_step}.expand(-1, {size}, -1)" if steps else f"{unread.name}.expand({size}, -1, -1)"
    if rank == other == RANK and unread.axes[1 - steps] == unread.others[1 - steps] and unread.others[steps] == 1:
        return f"{unread.name}.expand({', '.join(size if n == steps else '-1' for n in range(RANK))})"
    return ""


RULES = (_of_unread_argument,)
"""What the program says about the features of x."""

CORRECTIONS = {"unread_argument": joined_with_argument}
"""Cause -> the lines that it corrects."""
