"""What a pasted program says about the arrays that it makes: x of a handwritten cell with its features in another axis,
and a state of Keras with other units than the layer."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, only_size

AXES_OF_X = 3


# -- features ----------------------------------------------------------------------------------------------------------


def _exchanged(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The last size of the only array with three axes that has as many features there as the failed x, and the only
    other size that the weights need; None for any other array."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in HANDWRITTEN_CELLS
    if not is_of_features or None in (expected, got) or expected == got:
        return None
    tree, pairs = found.program.tree, []
    for one in (call for call in tree.calls if tree.is_maker(call)):
        written, known = tree.sizes_of(one), tree.axes(one)
        if len(written) == len(known) == AXES_OF_X and known[-1] == got:
            others = [size for size, n in zip(written[:-1], known, strict=False) if n == expected]
            pairs.append((written[-1], others[0]) if len(others) == 1 else None)
    return pairs[0] if len(pairs) == 1 else None


def _of_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x of which another axis has as many entries as the weights have rows."""
    is_general = bool(mismatch.causes) and mismatch.causes[0].id == "other_features"
    if not is_general or not _exchanged(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("features_elsewhere", found.framework), *mismatch.causes))


def features_last(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes x, with its features in the last axis."""
    tree, both = found.program.tree, _exchanged(found, mismatch)
    return tree.corrected((both[0], tree.text(both[1])), (both[1], tree.text(both[0]))) if both else ()


# -- states of Keras ---------------------------------------------------------------------------------------------------


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


RULES = (_of_features, _of_made_state)
"""What the program says about the arrays that it makes."""

CORRECTIONS = {"features_elsewhere": features_last, "other_units": units_of_layer}
"""Cause -> the lines that it corrects."""
