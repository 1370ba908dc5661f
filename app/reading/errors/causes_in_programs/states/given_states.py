"""What a pasted program says about the states that it gives a layer or a cell for a step: the cause that this leaves,
and the lines that causes correct."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import parts_of
from ...code_lines.program_tree import ProgramTree, between
from ...code_lines.written_sizes import with_value
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .sizes_of_states import given_state


def _without_first_axis(tree: ProgramTree, state: ast.expr) -> tuple[ast.expr, str] | None:
    """The value of a state that gets a first axis of size 1, and the same without it; None for another value."""
    value = tree.assigned(state) if isinstance(state, ast.Name) else state
    match value:
        case ast.Call(func=ast.Attribute(of, "unsqueeze"), args=[ast.Constant(0)]):
            return value, tree.text(of)
        case ast.Call(func=ast.Attribute(_, "unsqueeze"), args=[of, ast.Constant(0)]):
            return value, tree.text(of)
        case ast.Subscript(of, ast.Constant(None)):
            return value, tree.text(of)
    return None


def _returned_state(tree: ProgramTree, state: ast.expr) -> ast.expr | None:
    """The state of a layer of PyTorch that a function of the program returns, which only makes the state of a cell;
    None for another state."""
    value: ast.expr | None = state
    for _ in range(MOST_NAMES):
        if not isinstance(value, ast.Name):
            break
        given = tree.given_to(value)
        value = given[1] if given else tree.assigned(value)
    function = tree.function_called(value) if isinstance(value, ast.Call) else None
    returned = tree.returned_by(function) if function else None
    if not function or not isinstance(returned, ast.Name) or len(tree.calls_by_function.get(function, ())) != 1:
        return None
    place = tree.place_of(returned)
    match next((one for one in tree.above(place) if isinstance(one, ast.Assign)), None) if place else None:
        case ast.Assign(targets=[ast.Tuple(elts=[_, ast.Name(name)])], value=ast.Call(func=called)) if (
            name == returned.id and (layer := tree.layer(called))
        ):
            is_plain = layer.kind in ("gru", "rnn") and layer.framework == "pytorch" and parts_of(layer) == 1
            return returned if is_plain else None
    return None


MOST_NAMES = 4
"""Names and parameters through which a state is followed."""


def without_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the state of a cell, or say its sizes, without the axis of layers."""
    tree = found.program.tree
    call = next((one for one in found.program.failed_calls if len(one.operands) > 1), None)
    given = given_state(call) if call else None
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given] if given is not None else []
    values = [_without_first_axis(tree, one) for one in parts]
    known = {id(one[0]): one for one in values if one}  # both states may be one array
    if known and None not in values:
        return tree.corrected(*known.values())
    if len(parts) == 1 and (returned := _returned_state(tree, parts[0])) is not None:
        return tree.corrected((returned, f"{tree.operand(returned)}[-1]"))
    nodes = [one.operands[1].node for one in found.program.failed_calls if len(one.operands) > 1]
    made = [one.made for node in nodes[:1] if node is not None for one in tree.origins(node)]
    sizes = [tree.sizes_of(one) for one in made]
    if not sizes or not all(len(one) == 3 and tree.number(one[0]) == 1 for one in sizes):
        return ()
    first = {id(one[0]): between(*one[:2]) for one in sizes}  # two arrays may have one list of sizes
    return tree.corrected(*((one, "") for one in first.values()))


class _SamplesOfStates(NamedTuple):
    """The samples of states, and the rows of an x without one of its axes."""

    samples: int
    rows: int

    @property
    def are_steps(self) -> bool:
        """Whether the rows are the steps of one sample, or else the samples of one step."""
        return self.samples == 1


def _without_axis(found: Found) -> _SamplesOfStates | None:
    """What the states say about an x with two axes that a layer gets beside them; None if they do not say it."""
    call, tree = found.program.failed_call, found.program.tree
    given = given_state(call) if call else None
    if call is None or given is None or found.framework not in BATCH_OF_STATES:
        return None
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    place = BATCH_OF_STATES[found.framework]
    shapes = {tree.axes(one) or call.operands[1].axes for one in parts}
    batches = {axes[place] for axes in shapes if len(axes) == place + 2}
    batch, x = batches.pop() if len(batches) == 1 else None, call.operands[0].axes
    rows = x[0] if len(x) == 2 else None
    if not isinstance(batch, int) or not isinstance(rows, int) or (batch == 1) == (batch == rows):
        return None
    return _SamplesOfStates(batch, rows)


BATCH_OF_STATES = {"pytorch": 1, "keras": 0}
"""Framework -> the axis of the samples in the states of a layer."""


def _of_samples_of_states(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with two axes beside states whose samples say which one it lacks."""
    if mismatch.tensor != "x" or mismatch.axis != "rank" or "missing_axis" not in {one.id for one in mismatch.causes}:
        return mismatch
    if not (both := _without_axis(found)):
        return mismatch
    steps = both.rows if both.are_steps else 1
    facts = (*mismatch.facts, fact("batch_size", both.samples, "h_0"), fact("time_step", steps, "x"))
    likely = cause("missing_batch" if both.are_steps else "missing_axis", found.framework)
    return replace(mismatch, facts=facts, causes=(likely,))


def step_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer for one step, whose x gets an axis of time."""
    if found.framework == "pytorch":
        return _with_axis_of_x(found, {False: ".unsqueeze(0)", True: ".unsqueeze(1)"})
    return _with_axis_of_x(found, {True: "[:, None]"}) if _without_axis(found) else ()


def sample_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer for one sample, whose x gets an axis of samples."""
    if not _without_axis(found):
        return ()
    if found.framework == "pytorch":
        return _with_axis_of_x(found, {False: ".unsqueeze(1)", True: ".unsqueeze(0)"})
    return _with_axis_of_x(found, {True: "[None]"})


def _with_axis_of_x(found: Found, added: Mapping[bool, str]) -> Corrections:
    """The call of a layer whose x gets an axis. ``added``: what adds it, by whether the layer takes the batch first."""
    call, tree = found.program.failed_call, found.program.tree
    first = call.layer.setting("batch_first") if call and call.layer and found.framework == "pytorch" else True
    if not call or not isinstance(first, bool) or not isinstance(call.node, ast.Call) or not call.node.args:
        return ()
    x = tree.value_without_axis(call.node.args[0]) or call.node.args[0]
    return tree.corrected((x, f"{tree.operand(x)}{added[first]}"))


def _of_given_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that is an argument of the network, and not called like a state: its width is given."""
    call, tree = found.program.failed_call, found.program.tree
    units, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "pytorch")
    if not is_of_units or not units or not got or not call or not isinstance(call.node, ast.Call):
        return mismatch
    state = call.operands[1].node
    part = state.elts[0] if isinstance(state, (ast.Tuple, ast.List)) and state.elts else state
    value = tree.assigned(part) if isinstance(part, ast.Name) else None
    function = tree.function_of(call.node)
    if not isinstance(value, ast.Name) or value.id not in tree.parameters(function) or role_of(value.id) in ("h", "c"):
        return mismatch
    framework = "cell" if "cell" in found.template.id else "pytorch"
    likely = cause("given_state", framework, cell=found.cell, units=units, units_got=got)
    return replace(mismatch, causes=(likely,))


def units_of_given_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the units of the layer that failed, as those of the state that it gets."""
    call, tree, got = found.program.failed_call, found.program.tree, only_size(mismatch.got)
    made = tree.made_layer(call.layer) if call and call.layer else None
    size = tree.argument_of_size(made, only_size(mismatch.expected)) if made else None
    return with_value(tree, size, got) if size is not None and got else ()


RULES = (_of_given_state, _of_samples_of_states)
"""What the program says about the states that it gives."""

CORRECTIONS = {
    "squeeze": without_layers,
    "given_state": units_of_given_state,
    "missing_axis": step_of_layer,
    "missing_batch": sample_of_layer,
}
"""Cause -> the lines that it corrects."""
