"""What a pasted program says about the units of the initial states that it makes for a layer of Keras."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


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
    if not mismatch.causes or mismatch.causes[0].id != "encoder_units" or not _units_of_states(found, mismatch):
        return mismatch
    return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "encoder_units"))


def units_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states, with the units of the layer."""
    tree, expected = found.program.tree, mismatch.expected
    units = expected[-1] if isinstance(expected, tuple) and expected else None
    return tree.corrected(*((one, str(units)) for one in _units_of_states(found, mismatch))) if units else ()


RULES = (_of_made_state,)
"""What the program says about the units of its states."""

CORRECTIONS = {"other_units": units_of_layer}
"""Cause -> the lines that it corrects."""
