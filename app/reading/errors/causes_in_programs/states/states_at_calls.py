"""The states in the call of a layer of PyTorch that failed: the axis of layers that they lack, and the lines that make
them for a layer whose own line the text lacks."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import parts_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from .sizes_of_states import given_state, state_in

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


def sizes_of_made_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make all states with the shape of the message, with the expected number of layers and directions,
    or other sizes in which they differ."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    calls = [one for one in tree.calls_of_failure() if state_in(one) is not None]
    given = state_in(calls[0]) if len(calls) == 1 and not found.program.failed_call else None
    if found.framework != "pytorch" or not isinstance(expected, tuple) or not isinstance(got, tuple) or given is None:
        return ()
    states = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    made = [call for one in states if (call := tree.made_by(one)) and tree.shape_made(call) == got]
    sizes = [tree.sizes_of(call) for call in made]
    if len(made) != len(states) or len(expected) != len(got) or any(len(one) != len(got) for one in sizes):
        return ()
    differing = [n for n, (one, other) in enumerate(zip(expected, got, strict=True)) if one != other]
    parts = [(one[n], str(expected[n])) for one in sizes for n in differing]
    return tree.corrected(*parts) if all(isinstance(node, ast.Constant) for node, _ in parts) else ()


def without_smaller_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """A new line before the call of a layer of PyTorch in a loop that carries its state, which leaves out a batch of
    another size; () if the text shows what makes the batches."""
    tree, call = found.program.tree, found.program.failed_call
    node, given = call.node if call else None, given_state(call) if call else None
    if not call or not call.layer or not isinstance(node, ast.Call) or given is None or tree.calls_of(*BATCHES):
        return ()
    first = call.layer.setting("batch_first") if found.framework == "pytorch" else None
    statement = next((one for one in tree.above(node) if isinstance(one, ast.stmt)), None)
    loop = next((one for one in tree.above(node) if isinstance(one, ast.For)), None)
    state = next((one.id for one in ast.walk(given) if isinstance(one, ast.Name)), "")  # h of a pair comes first
    match node.args[0] if node.args else None:
        case ast.Name(x) if loop and isinstance(statement, ast.Assign) and first is not None:
            kept = {one.id for one in ast.walk(statement.targets[0]) if isinstance(one, ast.Name)}
            from_loop = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
            if state in kept and x in from_loop:
                h = state if call.layer.kind != "lstm" or isinstance(given, ast.Tuple) else f"{state}[0]"
                is_other = f"{x}.size({0 if first else 1}) != {h}.size(1)"
                return [("", f"if {is_other}: continue  # before: {tree.line(statement)}")]
    return ()


BATCHES = ("DataLoader", "batch", "split", "chunk", "range")
"""What makes batches."""

CORRECTIONS = {
    "last_batch": without_smaller_batch,
    "unsqueeze": with_axis_of_layers,
    **dict.fromkeys(("directions", "layers"), sizes_of_made_states),
}
"""Cause -> the lines that it corrects."""
