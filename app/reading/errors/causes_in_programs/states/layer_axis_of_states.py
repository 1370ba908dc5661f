"""The call of a layer of PyTorch with states that lack the axis of layers."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import parts_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from .sizes_of_states import given_state

AXES_OF_STATE = 3


def with_axis_of_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that calls a layer with one part, whose states get this axis."""
    tree, call = found.program.tree, found.program.failed_call
    given = given_state(call) if call else None
    is_of_axis = (found.framework, mismatch.axis, mismatch.expected) == ("pytorch", "rank", AXES_OF_STATE)
    if not is_of_axis or not call or not call.layer or parts_of(call.layer) != 1 or given is None:
        return ()
    states = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    flat = [one for one in states if len(tree.axes(one)) in (0, AXES_OF_STATE - 1)]
    if not flat or not all(isinstance(one, (ast.Name, ast.Attribute)) for one in flat):
        return ()
    return tree.corrected(*((one, f"{tree.text(one)}.unsqueeze(0)") for one in flat))


CORRECTIONS = {"unsqueeze": with_axis_of_layers}
"""Cause -> the lines that it corrects."""
