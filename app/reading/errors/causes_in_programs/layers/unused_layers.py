"""What a pasted program says about a layer that it never calls, and that fits what another one gets in its place."""

import ast
from dataclasses import replace
from typing import NamedTuple

from ....code.values import Layer
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size
from ..states.sizes_of_states import STATES, given_state

OF_FEATURES = (("x", "features"), ("dense_input", "features"))
"""The mismatches of what a layer gets."""


class Unused(NamedTuple):
    """The layer that is ``called``, as the program writes it, and the name of the one that it never calls."""

    called: ast.Attribute
    name: str


def _unused(found: Found, mismatch: Mismatch) -> Unused | None:
    """The only layer of the same kind with the features that the one which failed gets, and as many units, that the
    program makes in the same object and never reads; None without one."""
    tree, expected, got = found.program.tree, last_size(mismatch.expected), last_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) not in OF_FEATURES or not expected or not got:
        return None
    calls = [one for one in found.program.failed_operations if one.layer and one.layer.size("features") == expected]
    nodes = {id(one.node): one.node for one in calls}
    node = next(iter(nodes.values())) if len(nodes) == 1 else None
    called = _called(tree, node) if isinstance(node, ast.Call) else None
    layer = calls[0].layer if calls else None
    if not called or not layer:
        return None
    names = [name for name, one in _made_beside(tree, called) if _fits(one, layer, got)]
    return Unused(called, names[0]) if len(names) == 1 else None


def _called(tree: ProgramTree, call: ast.Call) -> ast.Attribute | None:
    """The attribute that is the layer of a call, or which the traceback gives the function of the call for it."""
    called = call.func
    given = tree.given_to(called) if isinstance(called, ast.Name) else None
    called = given[1] if given else called
    return called if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else None


def _made_beside(tree: ProgramTree, called: ast.Attribute) -> list[tuple[str, Layer]]:
    """The layers of the same class as an attribute that no line reads, with their names."""
    read = {one.attr for one in tree.nodes if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load)}
    of_class = [one for one in tree.above(called) if isinstance(one, ast.ClassDef)]
    made = []
    for one in tree.nodes:
        match one:
            case ast.Assign(targets=[ast.Attribute(ast.Name("self"), name)], value=value):
                layer = tree.layer(value)
                if layer and name not in read and of_class and of_class[0] in tree.above(one):
                    made.append((name, layer))
    return made


def _fits(one: Layer, other: Layer, features: int) -> bool:
    """Whether a layer may stand in the place of another one that gets so many features."""
    is_alike = one.kind == other.kind and one.size("num_units") == other.size("num_units")
    return is_alike and one.size("features") == features


def _of_unused_layer(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer that is called in the place of another one, which the program never calls."""
    if not (unused := _unused(found, mismatch)):
        return mismatch
    likely = cause("unused_layer", found.framework, called=ast.unparse(unused.called), unused=_text(unused))
    return replace(mismatch, causes=(likely, *mismatch.causes))


def _text(unused: Unused) -> str:
    return f"{ast.unparse(unused.called.value)}.{unused.name}"


def call_of_unused(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that names the layer, with the other one."""
    unused = _unused(found, mismatch)
    return found.program.tree.corrected((unused.called, _text(unused))) if unused else ()


def state_through_unused(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives a state of a layer of PyTorch its value, or one after it, with the only dense layer of the
    same object that the program never calls: it is made for the units of the state, and has those of the layer."""
    call, tree, units, made = found.program.failed_call, found.program.tree, *_units_of(mismatch)
    given = given_state(call) if call else None
    if found.framework != "pytorch" or not call or given is None or not isinstance(call.node, ast.Call):
        return ()
    if isinstance(given, (ast.Tuple, ast.List)) and len(given.elts) == len(STATES):
        given = given.elts[STATES.index(mismatch.tensor or STATES[0])]
    elif call.layer is not None and call.layer.kind.startswith("lstm"):
        return ()  # a pair of states, of which one line makes both
    owner = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    if not isinstance(given, ast.Name) or not isinstance(owner, ast.Name) or not units or not made:
        return ()
    beside = _made_beside(tree, call.node.func) if isinstance(call.node.func, ast.Attribute) else []
    sizes = [(name, one.size("features"), one.size("num_units")) for name, one in beside if one.kind == "dense"]
    fitting = [name for name, *of in sizes if of == [made, units]]
    if len(fitting) > 1:  # init_h and init_c, of which the name of the state says one
        fitting = [name for name in fitting if given.id in name.split("_")]
    place = tree.place_of(given)
    line = next((one for one in tree.above(place) if isinstance(one, ast.stmt)), None) if place else None
    if len(fitting) != 1 or not place or not isinstance(line, ast.Assign):
        return ()
    layer = f"{owner.id}.{fitting[0]}"
    if line.targets == [place]:
        return tree.corrected((line.value, f"{layer}({tree.text(line.value)})"))
    after = tree.line_after(line)
    return [("", f"{given.id} = {layer}({given.id})  # before: {after}")] if after else ()


def _units_of(mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The units of a layer and those of its state, if these are all that differ."""
    expected, got = mismatch.expected, mismatch.got
    is_of_state = mismatch.tensor in STATES and mismatch.axis == "num_units"
    if not is_of_state or not isinstance(expected, tuple) or not isinstance(got, tuple) or expected[:-1] != got[:-1]:
        return None, None
    return expected[-1], got[-1]


RULES = (_of_unused_layer,)
"""What the program says about layers that it never calls."""

CORRECTIONS = {"unused_layer": call_of_unused, "other_units": state_through_unused}
"""Cause -> the lines that it corrects."""
