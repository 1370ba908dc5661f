"""The layer of a program that Bidirectional of Keras runs backward: its line, with the units of the other one."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def units_of_backward_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the backward layer, with the units of the forward one as the program writes them."""
    tree, forward, backward = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    pairs = [
        tuple(tree.assigned(one) if isinstance(one, (ast.Name, ast.Attribute)) else one for one in (ahead, behind))
        for call in tree.calls_of("Bidirectional")
        if (ahead := tree.argument(call, 0, "layer")) is not None
        and (behind := next((one.value for one in call.keywords if one.arg == "backward_layer"), None)) is not None
    ]
    sizes = [
        (of_ahead, of_behind)
        for ahead, behind in pairs
        if isinstance(ahead, ast.Call) and isinstance(behind, ast.Call)
        if (of_ahead := tree.argument_of_size(ahead, forward)) is not None
        and (of_behind := tree.argument_of_size(behind, backward)) is not None
    ]
    if len(sizes) != 1:
        return ()
    ((right, wrong),) = sizes
    return tree.corrected((wrong, tree.text(right)))


CORRECTIONS = {"backward_units": units_of_backward_layer}
"""Cause -> the lines that it corrects."""
