"""What the names in a line of code say about a new shape: the sizes of an output, and the one that is wrong."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import AXES_OF_OUTPUT, RANK
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from ..inputs.axes_of_reshaped_data import sizes_of_reshape

NAMED_LIKE = {
    "batch_size": re.compile(r"batch|\bb$|\bbs$|samples|\bN$"),
    "time_step": re.compile(r"seq|step|len|time|\bT$"),
    "num_units": re.compile(r"hid|unit"),
}
"""Axis of an output -> what the size of it is called in code."""


def _written_sizes(found: Found, mismatch: Mismatch) -> list[ast.expr]:
    """The sizes in the only call in the line that failed, or without a traceback in the program, that may give an array
    the new shape of the message; [] without one."""
    shape, tree = mismatch.beside or (), found.program.tree
    calls = tree.calls_of_failure("view", "reshape") if tree.frames else tree.calls_of("view", "reshape")
    written = [sizes_of_reshape(one) for one in calls if not _is_of_part_or_state(one)]
    fitting = [
        sizes
        for sizes in written
        if len(sizes) == len(shape) > 1
        and all(tree.number(one) in (None, size) for one, size in zip(sizes, shape, strict=True))
    ]
    return fitting[0] if len(fitting) == 1 else []


def _is_of_part_or_state(call: ast.Call) -> bool:
    """Whether a call gives a part of an array a new shape, or a state: its first axis may be another one."""
    array = call.func.value if isinstance(call.func, ast.Attribute) else None
    while isinstance(array, ast.Call) and isinstance(array.func, ast.Attribute):
        array = array.func.value
    return isinstance(array, ast.Subscript) or (array is not None and role_of(ast.unparse(array)) in ("h", "c"))


def _of_named_sizes(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of another batch, whose new shape a line writes with the names of its sizes."""
    if (mismatch.tensor, mismatch.first_cause) != ("output", "reshape_batch"):
        return mismatch
    sizes = _written_sizes(found, mismatch)
    return replace(mismatch, facts=(*mismatch.facts, *_facts(found, mismatch, sizes))) if sizes else mismatch


def _facts(found: Found, mismatch: Mismatch, sizes: list[ast.expr]) -> Iterator[Fact]:
    names = [one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in sizes]
    if len(sizes) != RANK or not all(NAMED_LIKE[axis].search(name) for axis, name in _named(names)):
        return
    _, *rest = mismatch.beside or ()
    steps, units = (size or 0 for size in rest)
    values = only_size(mismatch.expected) or 0
    batch = values // (steps * units or 1)
    may_be_double = found.program.may_have_directions and batch % 2 == 0  # half as many samples of both directions
    known = (None, steps, None) if may_be_double else (batch, steps, units)
    yield from (fact(axis, size, "code") for axis, size in zip(AXES_OF_OUTPUT, known, strict=True) if size)


def _named(names: list[str]) -> Iterator[tuple[str, str]]:
    return zip(AXES_OF_OUTPUT, names, strict=True)


def rest_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the new shape, with -1 in place of the batch."""
    sizes = _written_sizes(found, mismatch)
    return found.program.tree.corrected((sizes[0], "-1")) if sizes else ()


def steps_of_data(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives x three axes, with as many steps as its values make."""
    sizes = _written_sizes(found, mismatch)
    return found.program.tree.corrected((sizes[1], "-1")) if sizes and mismatch.tensor == "x" else ()


RULES = (_of_named_sizes,)

CORRECTIONS = {"reshape_batch": rest_of_batch, "reshape_steps": steps_of_data}
"""Cause -> the lines that it corrects."""
