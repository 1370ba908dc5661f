"""What a pasted program says about a cell of its own for Keras, which declares another size for its state than it
computes."""

import ast
from typing import NamedTuple

from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_size
from ..weights.kernels_of_keras_cells import of_only_input


class Declared(NamedTuple):
    """The declared size of a state, the name of the computed one, and both as numbers."""

    size: ast.expr
    name: str
    units: int
    got: int


def _declared(found: Found, mismatch: Mismatch) -> Declared | None:
    """The only ``state_size`` that the program gives a cell, if it is one of the two sizes of the message, and the only
    parameter beside it that is the other one and the size of a recurrent kernel; None unless the call of this cell
    failed."""
    tree = found.program.tree
    values = [
        one.value
        for one in tree.nodes
        if isinstance(one, ast.Assign) and any(ast.unparse(target) == "self.state_size" for target in one.targets)
    ]
    sizes = _sizes(found, mismatch)
    got = tree.number(values[0]) if len(values) == 1 else None
    if got is None or sizes.count(got) != 1:
        return None
    (value,), units = values, sizes[1 - sizes.index(got)]
    function = tree.function_of(value)
    owner = next((one.name for one in tree.above(value) if isinstance(one, ast.ClassDef)), "")
    if not function or f"{owner}.call()".lower() not in found.surroundings.text.lower():
        return None
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and tree.function_of(one) is function and one.id in tree.parameters(function)
        if tree.number(one) == units
    }
    if not units or len(names) != 1 or _squares(tree) != {units}:
        return None
    return Declared(value, names.pop(), units, got)


def _sizes(found: Found, mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The two sizes of a message about a sum, or about a product with a state."""
    if found.template.id == OF_SUM:
        return found.number("a"), found.number("b")
    return only_size(mismatch.expected), only_size(mismatch.got)


def _squares(tree: ProgramTree) -> set[int | None]:
    """The sizes of the square weights that cells make: those of recurrent kernels, which have a row for each unit."""
    shapes = [tree.argument(one, 0, "shape") for one in tree.calls_of("add_weight")]
    pairs = [one.elts for one in shapes if isinstance(one, ast.Tuple) and len(one.elts) == 2]
    rows = [one for one, other in pairs if ast.unparse(one) == ast.unparse(other)]
    return {tree.number(tree.assigned(one) or one) for one in rows}


def _of_declared_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A sum or a product in the cell with a state of the declared size."""
    is_of_sum = mismatch.tensor in (None, "target") and found.template.id == OF_SUM
    is_of_state = (mismatch.tensor, mismatch.first_cause, found.framework) == ("h_0", "other_units", "keras")
    if not (is_of_sum or is_of_state) or not (declared := _declared(found, mismatch)):
        return mismatch
    facts = [*mismatch.facts, fact("num_units", declared.units, "kernel"), *of_only_input(found)]
    likely = [cause("declared_state", "keras", units=declared.name)]
    return wrong_size("h_0", "num_units", declared.units, declared.got, likely, facts)


OF_SUM = "pytorch-broadcast"


def computed_size(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that declares the size of the state, with that of what the cell computes."""
    declared = _declared(found, mismatch)
    return found.program.tree.corrected((declared.size, declared.name)) if declared else ()


RULES = WITHOUT_CAUSES = (_of_declared_state,)
"""What the program says about a state of which the message does not speak."""

CORRECTIONS = {"declared_state": computed_size}
"""Cause -> the lines that it corrects."""
