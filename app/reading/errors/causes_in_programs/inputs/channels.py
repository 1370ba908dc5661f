"""The lines of a pasted program that call a layer of PyTorch with its channels in the second axis, and that make images
without channels."""

import ast
import re

from ....code.operations import Operation
from ....code.values import Layer
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

WITH_CHANNELS = ("convolution", "normalization", "pooling")
"""Layers that have their channels in the second axis."""

OF_CHANNELS = re.compile(r"Conv|BatchNorm|InstanceNorm")
"""The beginnings of the names of their classes."""

WITH_LAST_AXIS = ("lstm", "gru", "rnn", "dense")
"""Layers that read the last axis."""


def transposed_output(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer with the units of an output in the second axis, and back in the last one if that is what
    the next layer reads."""
    size = mismatch.expected if isinstance(mismatch.expected, tuple) else ()
    units = size[1] if len(size) > 1 else size[0] if size else None
    called = found.program.call_of_layer(units) if units else None
    if called and called.layer and not called.node:
        return _transposed_for_chain(found, called, called.layer)
    node = called.node if called else None
    if not called or not called.layer or not isinstance(node, ast.Call) or len(node.args) != 1:
        return ()
    reader = _reader(found, called)
    if reader not in (*WITH_CHANNELS, *WITH_LAST_AXIS) and called.layer.kind != "normalization":
        return ()
    tree, x = found.program.tree, node.args[0]
    there, back = _exchanges(called)
    after = "" if reader in WITH_CHANNELS else f".{back}"
    return tree.corrected((node, f"{tree.text(node.func)}({tree.operand(x)}.{there}){after}"))


def _exchanges(called: Operation) -> tuple[str, str]:
    """The methods that put the units of an output into the second axis, and back."""
    is_time_first = any(one.setting("batch_first") is False for one in called.operands[0].layers)
    return ("permute(1, 2, 0)", "permute(2, 0, 1)") if is_time_first else ("transpose(1, 2)", "transpose(1, 2)")


def _transposed_for_chain(found: Found, called: Operation, layer: Layer) -> Corrections:
    """The call of a chain of layers that begins with the one that failed and pools the steps, with the units of its x
    in the second axis."""
    tree = found.program.tree
    for one in (call for call in tree.calls_of_failure() if len(call.args) == 1):
        made = tree.assigned(one.func)
        parts = made.args if isinstance(made, ast.Call) and name_of(made) == "Sequential" else []
        names = [name_of(part) for part in parts if isinstance(part, ast.Call)]
        is_first = bool(names) and parts[0].lineno == layer.line and OF_CHANNELS.match(names[0])
        if is_first and any("Pool" in name for name in names):
            x = one.args[0]
            return tree.corrected((x, f"{tree.operand(x)}.{_exchanges(called)[0]}"))
    return ()


def _reader(found: Found, called: Operation) -> str:
    """The kind of the layer that gets what a call returns next, by the name that this has; "" if that is not known."""
    above = found.program.tree.above(called.node) if called.node else ()
    statements = [one for one in above if isinstance(one, ast.Assign)]
    names = {target.id for one in statements for target in one.targets if isinstance(target, ast.Name)}
    operations = found.program.operations
    after = operations[operations.index(called) + 1 :]
    for one in after:
        x = one.node.args[0] if one.layer and isinstance(one.node, ast.Call) and one.node.args else None
        read = {name.id for name in ast.walk(x) if isinstance(name, ast.Name)} if x else set()
        if one.layer and names & read:
            return one.layer.kind
    return ""


def axis_of_channels(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the images of which the input of a model of Keras has the shape, with an axis of channels."""
    tree = found.program.tree
    for call in tree.calls_of_failure():
        x = call.args[0] if call.args and isinstance(call.func, ast.Call) else None
        made = tree.assigned(x) if isinstance(x, ast.Name) else None
        shape = tree.argument(made, 0, "shape") if isinstance(made, ast.Call) and name_of(made) == "Input" else None
        match shape:
            case ast.Subscript(value=ast.Attribute(value=ast.Name() as images, attr="shape")):
                value = tree.assigned(images)
                return tree.corrected((value, f"{tree.operand(value)}[..., None]")) if value is not None else ()
    return ()


CORRECTIONS = {"channels_second": transposed_output, "missing_channels": axis_of_channels}
"""Cause -> the lines that it corrects."""
