"""States that a program makes for the axis of x over which its loop runs: for the steps in place of the samples."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import Fact, fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import axis_of_step, index_of_step, steps
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_size
from .carries_of_flax import shape_of_steps

OF_LOOP = ("step_axis", "first_axis_step")
"""Causes that say that a loop runs over the samples of x."""

OF_STATE = ("other_batch", "last_batch", *OF_LOOP)


def _of_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with as many rows as x has steps, in a program that takes these steps from the right axis."""
    if mismatch.first_cause not in OF_STATE or not (sizes := _made_for_steps(found)):
        return mismatch
    if mismatch.first_cause in OF_LOOP and mismatch.tensor == "x":  # the other reading of the same lines
        known = {axis: one.value for one in mismatch.facts for axis in one.terms[0]}
        samples, time = known.get("time_step"), known.get("batch_size")
    elif (mismatch.tensor, mismatch.axis) == ("h_0", "batch_size"):
        samples, time = only_size(mismatch.expected), only_size(mismatch.got)
    else:
        return mismatch
    if not samples or not time:
        return mismatch
    code = ast.unparse(sizes[0][0])
    sentence = (
        phrase("{code} has the steps first, and a state has a row for each sample.", code=code)
        if code.endswith((".shape", ".shape[1:]"))
        else phrase("{code} is the number of steps, and a state has a row for each sample.", code=code)
    )
    likely = replace(cause("other_batch", found.framework), sentence=sentence)
    others = [one for one in mismatch.facts if not _is_of_both(one)]
    facts = [*others, fact("batch_size", samples, "x"), fact("time_step", time, "x")]
    return wrong_size("h_0", "batch_size", samples, time, [likely], dict.fromkeys(facts))


def _is_of_both(one: Fact) -> bool:
    return one.terms in ((("batch_size",),), (("time_step",),))


def _made_for_steps(found: Found) -> list[tuple[ast.expr, str]]:
    """The sizes, or the shapes, of the states that the function of a loop makes for the axis of x that its steps are
    taken from, and what they should be; [] unless the lines of the loop say that this axis is that of time."""
    tree = found.program.tree
    for step in steps(found):
        n, function = axis_of_step(step), tree.function_of(step)
        if not isinstance(step.value, ast.Name) or not _is_axis_of_time(tree, step, n):
            continue
        x = step.value.id
        made = [one for one in tree.calls if tree.function_of(one) is function]
        sizes = [
            *(pair for one in made if n == 1 and (pair := shape_of_steps(tree, x, one))),
            *(
                (of[0], f"{x}.shape[{1 - n}]")
                for one in made
                if tree.is_maker(one) and len(of := tree.sizes_of(one)) == ROWS_AND_UNITS
                if any(tree.is_size_of(of[0], array, axis) for array, axis in _with_axis(x, n))
            ),
        ]
        if sizes:
            return sizes
    return []


ROWS_AND_UNITS = 2
"""The axes of a state of one cell."""


def _with_axis(x: str, axis: int) -> Iterator[tuple[str, int]]:
    """How a program may name an axis of x: also as the first one of an entry of x."""
    yield x, axis
    if axis == 1:
        yield f"{x}[0]", 0
    else:
        yield f"{x}[:, 0]", 0


def _is_axis_of_time(tree: ProgramTree, step: ast.Subscript, axis: int) -> bool:
    """Whether the loop of a step counts up to the size of its axis."""
    index, x = index_of_step(step), ast.unparse(step.value)
    loops = [one for one in tree.above(step) if isinstance(one, ast.For)]
    counts = [
        call.args[0]
        for one in loops
        if isinstance(one.target, ast.Name) and isinstance(index, ast.Name) and one.target.id == index.id
        if isinstance(call := one.iter, ast.Call) and len(call.args) == 1 and ast.unparse(call.func) == "range"
    ]
    return any(tree.is_size_of(one, x, axis) for one in counts)


def batch_of_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make states for the steps of x, with its samples."""
    sizes = _made_for_steps(found) if mismatch.axis == "batch_size" else []
    return found.program.tree.corrected(*sizes)


RULES = (_of_steps,)
"""What the program says about causes."""

CORRECTIONS = {"other_batch": batch_of_x}
"""Cause -> the lines that it corrects."""
