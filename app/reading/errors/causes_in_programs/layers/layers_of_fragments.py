"""The only layer that a few lines of code make, without a traceback, and the line of it that a cause corrects."""

import ast
import re

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, MATRIX, RANK
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import CONCATENATIONS
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size, wrong_shape


def _made(found: Found) -> ast.Call | None:
    """The call that makes the only recurrent layer of a few lines of PyTorch or Keras; None for other texts."""
    tree, layers = found.program.tree, found.program.made_layers
    is_of_fragment = found.framework in ("pytorch", "keras") and not tree.frames and len(layers) == 1
    return tree.made_layer(layers[0]) if is_of_fragment else None


def _of_added_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """The output of a layer of Keras that a line adds to the x of this layer."""
    tree, left, right = found.program.tree, found.shape("left"), found.shape("right")
    sums = [one for one in tree.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]
    is_of_units = (mismatch.tensor, mismatch.axis) == ("output", "num_units") and left[:-1] == right[:-1]
    if not is_of_units or found.framework != "keras" or tree.frames or len(sums) != 1 or None in (*left, *right):
        return mismatch
    pairs = (((sums[0].left, left), (sums[0].right, right)), ((sums[0].right, right), (sums[0].left, left)))
    for (output, got), (x, features) in pairs:
        match tree.assigned(output) if isinstance(output, ast.Name) else output:
            case ast.Call(args=[of_layer, *_]) if ast.unparse(of_layer) == ast.unparse(x) and len(got) == RANK:
                sizes = zip(AXES_OF_X, features, strict=True)
                facts = [fact(name, size, "x") for name, size in sizes if size]
                likely = cause("residual", "keras", cell=found.cell, features=features[-1])
                return wrong_shape("output", "num_units", features, got, [likely], facts)
    return mismatch


def units_of_residual(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with as many units as the x has features to which its output is added."""
    made, units, features = _made(found), last_size(mismatch.got), last_size(mismatch.expected)
    size = found.program.tree.argument_of_size(made, units) if made and units and units != features else None
    return found.program.tree.corrected((size, str(features))) if size is not None and features else ()


def other_direction(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with the second direction whose last state the text reads."""
    made = _made(found) if mismatch.tensor == "output" and found.framework == "pytorch" else None
    return all_of([found.program.tree.with_argument(made, "bidirectional", "True")]) if made else ()


def last_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The only join of the states of several layers or directions, of which the layer has one; or the last sample of
    each layer that a new shape gets in place of the last layer."""
    tree = found.program.tree
    samples = [
        one
        for call in tree.calls_of("view", "reshape")
        for one in ast.walk(call.func)
        if isinstance(one, ast.Subscript) and SECOND.fullmatch(ast.unparse(one.slice))
    ]
    if _made(found) and len(samples) == 1 and role_of(tree.text(samples[0].value)) in ("h", "c"):
        return tree.corrected((samples[0], f"{tree.text(samples[0].value)}[-1]"))
    if _made(found) and (reshaped := _reshaped_state(found, mismatch)):
        return tree.corrected(reshaped)
    joins = (
        [one for one in tree.calls_of(*CONCATENATIONS) if one.args]
        if _made(found) and found.framework == "pytorch"
        else []
    )
    parts = getattr(joins[0].args[0], "elts", []) if len(joins) == 1 and mismatch.tensor == "output" else []
    states = {ast.unparse(one.value) for one in parts if isinstance(one, ast.Subscript)}
    indices = [tree.number(one.slice) for one in parts if isinstance(one, ast.Subscript)]
    if len(states) != 1 or len(indices) != len(parts) or indices != [*range(len(parts))]:
        return ()
    (state,) = states
    return tree.corrected((joins[0], f"{state}[-1]")) if role_of(state) in ("h", "c") else ()


def _reshaped_state(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The only call that gives the states of all layers the shape of one, and the state of the last layer, which has
    this shape; None without one."""
    calls = [one for one in found.program.tree.calls_of("view", "reshape") if isinstance(one.func, ast.Attribute)]
    array = calls[0].func.value if len(calls) == 1 and isinstance(calls[0].func, ast.Attribute) else None
    is_of_shape = len(mismatch.beside) == MATRIX and None not in mismatch.beside
    return (calls[0], f"{array.id}[-1]") if is_of_shape and isinstance(array, ast.Name) else None


def units_of_checkpoint(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer of PyTorch, with the units that the recurrent kernel of a checkpoint has."""
    made, expected, got = _made(found), last_size(mismatch.expected), last_size(mismatch.got)
    is_of_units = (mismatch.tensor, mismatch.axis) == ("recurrent_kernel", "gates*num_units")
    if not made or not is_of_units or found.framework != "pytorch" or not expected or not got or expected == got:
        return ()
    units = found.program.tree.argument(made, 1, "hidden_size")
    is_number = isinstance(units, ast.Constant) and units.value == expected
    return found.program.tree.corrected((units, str(got))) if units is not None and is_number else ()


SECOND = re.compile(r"\(:, -1(?:, :)?\)")
"""The last entry of the second axis, as an index."""

RULES = (_of_added_x,)
"""What a few lines say about the output of a layer."""

CORRECTIONS = {
    "residual": units_of_residual,
    "one_direction": other_direction,
    "layers": last_state,
    "other_size": units_of_checkpoint,
}
"""Cause -> the lines that it corrects."""
