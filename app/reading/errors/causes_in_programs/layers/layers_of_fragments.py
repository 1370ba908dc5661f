"""The only layer that a few lines of code make, without a traceback, and the line of it that a cause corrects."""

import ast
import re

from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import CONCATENATIONS
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size


def _made(found: Found) -> ast.Call | None:
    """The line that makes the only recurrent layer of a few lines of PyTorch; None for other texts."""
    tree, layers = found.program.tree, found.program.made_layers
    is_of_fragment = found.framework == "pytorch" and not tree.frames and len(layers) == 1
    return tree.made_layer(layers[0]) if is_of_fragment else None


def units_of_residual(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with as many units as the x has features to which its output is added."""
    made, units, features = _made(found), last_size(mismatch.got), last_size(mismatch.expected)
    size = found.program.tree.argument_of_size(made, units) if made and units and units != features else None
    return found.program.tree.corrected((size, str(features))) if size is not None and features else ()


def other_direction(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with the second direction whose last state the text reads."""
    made = _made(found) if mismatch.tensor == "output" else None
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
    joins = [one for one in tree.calls_of(*CONCATENATIONS) if one.args] if _made(found) else []
    parts = getattr(joins[0].args[0], "elts", []) if len(joins) == 1 and mismatch.tensor == "output" else []
    states = {ast.unparse(one.value) for one in parts if isinstance(one, ast.Subscript)}
    indices = [tree.number(one.slice) for one in parts if isinstance(one, ast.Subscript)]
    if len(states) != 1 or len(indices) != len(parts) or indices != [*range(len(parts))]:
        return ()
    (state,) = states
    return tree.corrected((joins[0], f"{state}[-1]")) if role_of(state) in ("h", "c") else ()


SECOND = re.compile(r"\(:, -1(?:, :)?\)")
"""The last entry of the second axis, as an index."""

CORRECTIONS = {"residual": units_of_residual, "one_direction": other_direction, "layers": last_state}
"""Cause -> the lines that it corrects."""
