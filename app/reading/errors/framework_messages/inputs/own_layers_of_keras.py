"""What a layer of another class, of the program's own, gets from a recurrent layer of Keras that it is called after."""

import ast

from ....code.operations import RECURRENT
from ...names_of_layers import is_other, is_recurrent
from ..message_template import Found


def is_after_recurrent(found: Found) -> bool:
    """Whether the line that failed calls a layer of another class with what a recurrent layer returns."""
    return returns_every_step(found) is not None


def returns_every_step(found: Found) -> bool | None:
    """Whether the recurrent layer, with whose output alone the line that failed calls another layer, returns every
    step; None for any other line."""
    if found.framework != "keras" or is_recurrent(found.layer) or is_other(found.layer) or "dense" in found.layer:
        return None
    tree = found.program.tree
    for call in tree.calls_in(found.code):
        argument = call.args[0] if len(call.args) == 1 else None
        value = tree.assigned(argument) if isinstance(argument, ast.Name) else argument
        layer = tree.layer(value.func) if isinstance(value, ast.Call) and not tree.layer(call.func) else None
        if layer and layer.framework == "keras" and layer.kind in RECURRENT:
            return layer.setting("return_sequences") is True
    called = [one for one in found.line.operations if one.kind == "layer" and len(one.operands) == 1]
    if any(found.line.is_returned(one.operands[0].node) for one in called):  # the text shows only some lines
        return found.surroundings.flag("return_sequences")
    return None
