"""The states in a few lines of code, without a traceback: made once for all batches, or with other units than the
weights of h have."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ....facts_about_sizes import GATES, fact
from ...axes_of_arrays import AXES_OF_STATE, AXES_OF_X, MATRIX, RANK, steps_in_order
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import CONCATENATIONS
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Size, only_size
from ...said_shapes import said_shape


def state_of_each_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a state for a number of samples, before a loop over the batches, as a new line in this loop
    with the samples of each batch."""
    tree, first, got = found.program.tree, found.surroundings.flag("batch_first"), mismatch.got
    is_of_batch = mismatch.axis == "batch_size" and isinstance(got, tuple) and len(got) == len(AXES_OF_STATE)
    if tree.frames or found.framework != "pytorch" or not is_of_batch or first is None:
        return ()
    batch = got[AXES_OF_STATE.index("batch_size")] if isinstance(got, tuple) else None
    axis = steps_in_order(bool(first)).index("batch_size")
    lines = [
        ("", f"{state} = {tree.text_with(made, (size, f'{x}.size({axis})'))}  # before: {tree.line(step)}")
        for state, made, size in _made_once(tree, batch)
        for step, x in _steps_with(tree, state)
    ]
    return lines if len(lines) == 1 else ()


def _made_once(tree: ProgramTree, batch: int | None) -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """The states that calls outside of loops make for a number of samples, these calls, and this number in them."""
    for one in tree.nodes:
        match one:
            case ast.Assign(targets=[ast.Name(state)], value=ast.Call(args=[size]) as made) if tree.number(
                size
            ) == batch and not tree.is_in_loop(one):
                yield state, made, size


def _steps_with(tree: ProgramTree, state: str) -> Iterator[tuple[ast.stmt, str]]:
    """The lines in a loop over batches that call a network with x and a state, and the name of x."""
    for loop in (one for one in tree.nodes if isinstance(one, ast.For)):
        given = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
        for statement in loop.body:
            for call in (one for one in ast.walk(statement) if isinstance(one, ast.Call)):
                match call.args:
                    case [ast.Name(x), ast.Name(h)] if x in given and h == state:
                        yield statement, x


def first_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the first states of a cell, with the units of its weights or the samples of x."""
    place = {"num_units": -1, "batch_size": -MATRIX}.get(mismatch.axis or "")
    tree, expected, got = found.program.tree, _size_at(mismatch.expected, place), _size_at(mismatch.got, place)
    if tree.frames or mismatch.tensor != "h_0" or found.framework == "pytorch" or place is None or expected is None:
        return ()
    given = {ast.unparse(one) for one in tree.values_of_keyword("initial_state")}
    made = [
        call for name, call in tree.made_arrays if name in given or role_of(name) in ("h", "c") or STATE.fullmatch(name)
    ]
    sizes = [shape for one in made if len(shape := tree.sizes_of(one)) >= MATRIX]
    return tree.corrected(*((one[place], str(expected)) for one in sizes if tree.number(one[place]) == got))


def _size_at(size: Size, place: int | None) -> int | None:
    """The size of a state in an axis, counted from the last one: of its whole shape, or the only one that is known."""
    if isinstance(size, tuple) and len(size) >= MATRIX and place is not None:
        return size[place]
    return only_size(size)


STATE = re.compile(r"(?:init_|initial_)?(?:state|carry)s?\d?")
"""Other names of the first state of a cell."""


class JoinedColumns(NamedTuple):
    """The names of h and x in the only line that joins both along the first axis: their samples are columns."""

    h: str
    x: str


def _joined_columns(found: Found, mismatch: Mismatch) -> JoinedColumns | None:
    """What a few lines of NumPy or JAX join, if the message is about the number of columns; None for others."""
    tree = found.program.tree
    is_of_batch = (mismatch.tensor, mismatch.axis) == ("h_0", "batch_size") and found.framework in ("numpy", "jax")
    if tree.frames or not is_of_batch or found.number("axis") != 1 or not found.template.id.endswith("-join"):
        return None
    joins = [one for one in tree.calls_of(*CONCATENATIONS) if one.args]
    axes = [tree.argument(one, 1, "axis") for one in joins]
    of_both = [
        {role_of(ast.unparse(part)): ast.unparse(part) for part in getattr(join.args[0], "elts", ())}
        for join, axis in zip(joins, axes, strict=True)
        if axis is not None and tree.number(axis) == 0
    ]
    return (
        JoinedColumns(of_both[0]["h"], of_both[0]["x"]) if len(of_both) == 1 and {*of_both[0]} == {"h", "x"} else None
    )


def columns_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state, with a column for each sample of x; without one in the text, such a line
    with the units that the text says."""
    tree, joined = found.program.tree, _joined_columns(found, mismatch)
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not joined or not expected or not got:
        return ()
    made = [tree.sizes_of(call) for name, call in tree.made_arrays if role_of(name) == "h"]
    if made:
        columns = [sizes[1] for sizes in made if len(sizes) == MATRIX and tree.number(sizes[1]) == got]
        return tree.corrected(*((one, str(expected)) for one in columns))
    said = said_shape(found, joined.h, MATRIX)
    library = "jnp" if found.framework == "jax" else "np"
    return [("", f"{joined.h} = {library}.zeros(({said[0]}, {expected}))")] if said[1:] == (got,) else ()


def _of_said_columns(found: Found, mismatch: Mismatch) -> Mismatch:
    """The units, the features and the samples that a few lines say of h and x whose samples are columns."""
    joined, samples = _joined_columns(found, mismatch), only_size(mismatch.expected)
    if not joined or mismatch.facts or mismatch.first_cause != "other_batch":
        return mismatch
    h, x = said_shape(found, joined.h, MATRIX), said_shape(found, joined.x, MATRIX)
    if h[1:] != (only_size(mismatch.got),) or x[1:] != (samples,):
        return mismatch
    sizes = (("batch_size", x[1]), ("features", x[0]), ("num_units", h[0]))
    return replace(mismatch, facts=tuple(fact(name, size, "x and h") for name, size in sizes))


def _of_square_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state of a handwritten cell with other units than its weights have rows, of which the columns say the units,
    too."""
    expected, tree = only_size(mismatch.expected), found.program.tree
    is_of_units = (mismatch.tensor, mismatch.axis) == ("h_0", "num_units") and found.framework in ("numpy", "jax")
    if tree.frames or not is_of_units or expected is None or mismatch.facts:
        return mismatch
    shapes = [tree.shape_of_made(factor) for _, both in tree.products for factor in both]
    gates = [n for name, n in GATES.items() if name == found.cell and (expected, n * expected) in shapes]
    facts = (fact("num_units", expected, "recurrent kernel"), fact("gates", gates[0], "weights")) if gates else ()
    return replace(mismatch, facts=facts)


def _of_steps_of_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with other samples than the steps ``x[:, t]`` that a few lines of Keras give a cell: the batch is that of
    x, not that of the state, and x says the steps."""
    batch, tree = only_size(mismatch.expected), found.program.tree
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "batch_size", "keras")
    if tree.frames or not is_of_batch or not batch or mismatch.facts:
        return mismatch
    calls = [one.node for one in found.program.operations if one.layer and one.layer.kind.endswith("_cell")]
    given = [one.args[0] for one in calls if isinstance(one, ast.Call) and one.args]
    arrays = {ast.unparse(one.value): one.value for one in given if isinstance(one, ast.Subscript) and _is_step(one)}
    axes = tree.axes(next(iter(arrays.values()))) if len(arrays) == 1 else ()
    if len(axes) != RANK or axes[0] != batch:
        return mismatch
    sizes = [(name, size) for name, size in zip(AXES_OF_X, axes, strict=True) if isinstance(size, int)]
    return replace(mismatch, facts=tuple(fact(name, size, "x") for name, size in sizes))


def _is_step(part: ast.Subscript) -> bool:
    """Whether a part of an array is that of a step in its second axis: ``x[:, t]``, ``x[:, t, :]``."""
    match part.slice:
        case ast.Tuple(
            [ast.Slice(None, None, None), ast.Name()] | [ast.Slice(None, None, None), ast.Name(), ast.Slice()]
        ):
            return True
    return False


def state_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    if _joined_columns(found, mismatch):
        return columns_of_state(found, mismatch)
    return state_of_each_batch(found, mismatch) or first_state(found, mismatch)


RULES = (_of_square_weights, _of_steps_of_x, _of_said_columns)
"""What a few lines say about the units and the samples of a state."""

CORRECTIONS = {
    "other_units": first_state,
    **dict.fromkeys(("last_batch", "other_batch"), state_of_batch),
}
"""Cause -> the lines that it corrects."""
