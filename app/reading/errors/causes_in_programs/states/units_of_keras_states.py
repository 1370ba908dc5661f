"""What a pasted program says about the units of states in Keras: of those that it makes for a layer, and of those that
a cell of its own says it has."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ....code.values import Layer
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size, only_size, wrong_size
from .corrections_of_states import with_size


def _states(tree: ProgramTree) -> Iterator[ast.Call]:
    """The calls that make the initial states of layers of Keras."""
    for given in tree.values_of_keyword("initial_state"):
        for one in given.elts if isinstance(given, (ast.List, ast.Tuple)) else [given]:
            yield from (origin.made for origin in tree.origins(one))


def _units_of_states(found: Found, mismatch: Mismatch) -> list[ast.expr]:
    """The units in the lines that make states with others than the layer has."""
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "keras")
    got = mismatch.got[-1] if is_of_units and isinstance(mismatch.got, tuple) and mismatch.got else None
    made = {id(one): one for one in _states(found.program.tree)} if got else {}
    sizes = [found.program.tree.sizes_of(one) for one in made.values() if name_of(one).startswith(("zero", "one"))]
    return [one[-1] for one in sizes if one and found.program.tree.number(one[-1]) == got]


def _of_made_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that the program makes itself, and no encoder."""
    if mismatch.first_cause != "encoder_units" or not _units_of_states(found, mismatch):
        return mismatch
    return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "encoder_units"))


def units_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states, with the units of the layer."""
    tree, expected = found.program.tree, mismatch.expected
    units = expected[-1] if isinstance(expected, tuple) and expected else None
    return tree.corrected(*((one, str(units)) for one in _units_of_states(found, mismatch))) if units else ()


def _state_size(found: Found, units: int | None, got: int | None) -> tuple[ast.expr, str] | None:
    """The value of the only ``state_size`` in the program, if it is ``got``, and the name of the units in the same
    function; None for another one."""
    tree = found.program.tree
    said = [
        one.value
        for one in tree.nodes
        if isinstance(one, ast.Assign) and any(ast.unparse(target) == "self.state_size" for target in one.targets)
    ]
    if len(said) != 1 or not units or not got or tree.number(said[0]) != got:
        return None
    function = tree.function_of(said[0])
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and tree.function_of(one) is function and tree.number(one) == units
    }
    return (said[0], names.pop()) if len(names) == 1 else None


def _of_state_size(found: Found, mismatch: Mismatch) -> Mismatch:
    """A recurrent kernel with other rows than the states of a cell, which says that it has other units than its
    kernels."""
    got, units = only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis, found.framework) != ("recurrent_kernel", "num_units", "keras"):
        return mismatch
    columns = (found.shape("right") or (found.number("c"), found.number("d")))[-1]
    if not units or not columns or columns % units or not _state_size(found, units, got):
        return mismatch
    facts = [one for one in mismatch.facts if one.terms != (("num_units",),)]
    likely = cause("state_size", "keras", units=units)
    return wrong_size("h_0", "num_units", units, got or 0, [likely], [*facts, fact("num_units", units, "kernel")])


def state_size_of_units(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the units of the states of a cell, with those of its kernels."""
    said = _state_size(found, only_size(mismatch.expected), only_size(mismatch.got))
    return found.program.tree.corrected(said) if said else ()


def _encoder(found: Found, mismatch: Mismatch) -> Layer | None:
    """The only recurrent layer of Keras whose last state starts a layer, or a cell, with other units; None without
    it."""
    expected, got = mismatch.expected, mismatch.got
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "keras")
    if not is_of_units or not isinstance(expected, tuple) or not isinstance(got, tuple) or not expected or not got:
        return None
    calls = [one for one in found.program.operations if one.layer and len(one.operands) > 1]
    started = [one for one in calls if one.layer and one.layer.size("num_units") == expected[-1]]
    encoders = {layer for one in started for layer in one.operands[1].layers if layer is not one.layer}
    fitting = [one for one in encoders if one.size("num_units") == got[-1] and not one.kind.endswith("_cell")]
    return fitting[0] if len(encoders) == len(fitting) == 1 and len({one.layer for one in started}) == 1 else None


def _of_encoder(found: Found, mismatch: Mismatch) -> Mismatch:
    """The last state of a layer, which the program gives a cell with other units."""
    if mismatch.first_cause != "other_units" or not _encoder(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("encoder_units", "keras", cell=found.cell), *mismatch.causes[1:]))


def units_of_encoder(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the encoder, with the units of the cell that it starts, or of the decoder, if the program
    declares inputs for states with as many."""
    layer, tree = _encoder(found, mismatch), found.program.tree
    expected, got = last_size(mismatch.expected), last_size(mismatch.got)
    if not layer:
        return ()
    shapes = [tree.argument(one, 0, "shape") for one in tree.calls_of("Input")]
    states = {tree.number(one.elts[0]) for one in shapes if isinstance(one, ast.Tuple) and len(one.elts) == 1}
    starts_cell = any(one.layer and one.layer.kind.endswith("_cell") for one in found.program.operations)
    is_of_encoder = starts_cell or (expected in states and got not in states)
    return with_size(found, layer, got, expected) if is_of_encoder else ()


RULES = (_of_made_state, _of_state_size, _of_encoder)
"""What the program says about the units of its states."""

CORRECTIONS = {
    "encoder_units": units_of_encoder,
    "other_units": units_of_layer,
    "state_size": state_size_of_units,
}
"""Cause -> the lines that it corrects."""
