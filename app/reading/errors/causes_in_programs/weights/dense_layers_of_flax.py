"""The line of a pasted program that makes a dense layer of Flax for another number of values than it gets."""

import ast

from ...axes_of_arrays import RANK
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

REDUCTIONS = ("max", "min", "sum", "mean")


def size_of_dense(found: Found, mismatch: Mismatch) -> Corrections:
    """The only dense layer that the line that failed calls, or that the program makes, with the size that it gets; none
    if an operation in this line may have left the wrong axis, or split the values of a step into two."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if found.framework != "flax" or mismatch.tensor != "dense_input" or not expected or not got:
        return ()
    called = [(one, _made(tree, call)) for call in tree.calls_of_failure() for one in call.args[:1]]
    failed = {made: x for x, made in called if made and tree.number(made.args[0]) in (None, expected)}
    every = [one for one in tree.calls_of("Linear") if one.args]
    made = [*failed] or [one for one in every if tree.number(one.args[0]) in (None, expected)]
    if len(made) != 1 or (not failed and len(every) != 1) or _leaves_other_axis(tree, failed.get(made[0])):
        return ()
    (size,) = made[0].args[:1]
    if got == 2 * expected and tree.multiple(size, got) is None:
        return tree.corrected((size, tree.doubled(size)))
    return tree.corrected(tree.multiple(size, got) or (size, _times(tree, size, expected, got)))


def _made(tree: ProgramTree, call: ast.Call) -> ast.Call | None:
    """The call that made the dense layer which a line calls; None for another layer."""
    made = [one for one in tree.calls_that_made(call.func) if name_of(one) == "Linear" and one.args]
    return made[0] if len(made) == 1 else None


def _times(tree: ProgramTree, size: ast.expr, expected: int, got: int) -> str:
    """A size as the name that the program has for it, as a multiple of one, or as a number."""
    name = tree.name_of_size(size, got)
    is_multiple = name.isdecimal() and not isinstance(size, ast.Constant) and got % expected == 0
    return f"{got // expected} * {tree.operand(size)}" if is_multiple else name


def _leaves_other_axis(tree: ProgramTree, x: ast.expr | None) -> bool:
    """Whether an array is what a reduction leaves along another axis than the steps, or gets more axes by a reshape."""
    if not isinstance(call := (tree.assigned(x) or x) if x is not None else None, ast.Call):
        return False
    if name_of(call) == "reshape":
        return len(call.args) > RANK
    is_function = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("jnp", "np", "jax.numpy")
    axis = tree.argument(call, 1 if is_function else 0, "axis")
    return name_of(call) in REDUCTIONS and (axis is None or tree.number(axis) != 1)


CORRECTIONS = dict.fromkeys(("dense_directions", "dense_features", "dense_all_steps"), size_of_dense)
"""Cause -> the lines that it corrects."""
