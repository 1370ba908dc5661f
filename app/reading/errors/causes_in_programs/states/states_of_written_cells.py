"""What a pasted program says about the states of a cell of PyTorch that it computes itself, of layers that are no
recurrent ones: the sizes beside a state with other units, and the line that makes this state."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import MATRIX
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import Functions
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

TENSORS = {"h_0": "h", "c_0": "c"}
"""State -> the role of its array."""


def _function(found: Found, mismatch: Mismatch) -> Functions | None:
    """The function that computes the cell whose state has other units; None for another message."""
    tree = found.program.tree
    is_of_units = mismatch.tensor in TENSORS and mismatch.axis == "num_units" and found.framework == "pytorch"
    functions = {tree.function_of(one) for one in tree.nodes_of_failure} if is_of_units else set()
    is_own = found.template.id == "pytorch-broadcast" and not found.program.made_layers
    return functions.pop() if is_own and len(functions) == 1 else None


def _of_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with other units than the gates, whose sizes the program says."""
    function = _function(found, mismatch)
    if not function or [one.id for one in mismatch.causes] != ["other_units"] or not _last_size(found, mismatch):
        return mismatch
    return replace(mismatch, facts=tuple(dict.fromkeys((*mismatch.facts, *_facts(found, mismatch, function)))))


def _facts(found: Found, mismatch: Mismatch, function: Functions) -> Iterator[Fact]:
    """The units and the samples of the gates, and the features of what the cell joins with its state."""
    units, got, tree = only_size(mismatch.expected), only_size(mismatch.got), found.program.tree
    if not units:
        return
    yield fact("num_units", units, "gates")
    sums = [one.operands for one in found.program.operations if one.kind == "sum" and len(one.operands) == MATRIX]
    axes = [(left.axes, right.axes) for left, right in sums]
    matrices = [both for both in axes if [*map(len, both)] == [MATRIX, MATRIX]]
    samples = {left[0] for left, right in matrices if {left[1], right[1]} == {units, got}}
    if len(samples) == 1 and isinstance(size := samples.pop(), int):
        yield fact("batch_size", size, "gates")
    joins = [one for one in found.program.operations if one.kind == "join" and len(one.operands) == MATRIX]
    inside = [one for one in joins if one.node is not None and tree.function_of(one.node) is function]
    for one in inside if len(inside) == 1 else []:
        x = [part.axes for part in one.operands if part.node is not None and role_of(ast.unparse(part.node)) == "x"]
        if len(x) == 1 and len(x[0]) == MATRIX and isinstance(x[0][1], int):
            yield fact("features", x[0][1], "x")


def _last_size(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The units in the only line that makes the state of the line that failed; None without one."""
    tree, got = found.program.tree, only_size(mismatch.got)
    role = TENSORS.get(mismatch.tensor or "", "")
    names = [one for one in tree.nodes_of_failure if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    states = {one.id: one for one in names if role_of(one.id) == role}
    made = {id(one.made): one.made for name in states.values() for one in tree.origins(name)}
    sizes = [size for call in made.values() for size in tree.sizes_of(call)[-1:]]
    return sizes[0] if len(states) == len(sizes) == 1 and tree.number(sizes[0]) == got else None


def units_of_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the state, with the units of the gates."""
    units, tree = only_size(mismatch.expected), found.program.tree
    size = _last_size(found, mismatch) if _function(found, mismatch) and units else None
    return tree.corrected((size, tree.name_of_size(size, units))) if size is not None and units else ()


RULES = (_of_state,)
"""What the program says about the states of its own cells."""

CORRECTIONS = {"other_units": units_of_gates}
"""Cause -> the lines that it corrects."""
