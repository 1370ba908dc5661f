"""What a pasted program of PyTorch says about a dense layer that was made for another number of steps, which are
flattened together with the units of a recurrent layer: the parameter of the network that says them."""

import ast
from dataclasses import replace
from typing import NamedTuple

from ....facts_about_sizes import fact
from ...code_lines.array_origins import key_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import width_of
from ...code_lines.names_of_sizes import STEPS
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


class FlatSteps(NamedTuple):
    """The expression of the steps for which a dense layer was made, and the steps that it gets."""

    made_for: ast.Name
    steps: int


def _flat_steps(found: Found, mismatch: Mismatch) -> FlatSteps | None:
    """The steps of the only dense layer that was made for units times steps; None for another one."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    layers = [one.layer for one in found.program.calls if one.layer]
    width = width_of(layers[0]) if len(layers) == 1 else None
    is_flat = mismatch.tensor == "dense_input" and any(one.id == "dense_other_steps" for one in mismatch.causes)
    if not is_flat or not width or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return None
    if found.framework != "pytorch" or len(got) != 2 or not expected[-1] or not got[-1]:
        return None
    if expected[-1] % width or got[-1] % width:
        return None
    products = [
        tree.argument(one, 0, "in_features") for one in tree.calls_of("Linear") if tree.function_of(one) is not None
    ]
    sizes = [
        side
        for one in products
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult) and tree.number(one) == expected[-1]
        for side in (one.left, one.right)
        if isinstance(side, ast.Name) and tree.number(side) == expected[-1] // width != width
    ]
    return FlatSteps(sizes[0], got[-1] // width) if len(sizes) == 1 else None


def _of_flat_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that gets other steps than it was made for, with the batch and the steps of its input."""
    if not (flat := _flat_steps(found, mismatch)):
        return mismatch
    rows = mismatch.got[0] if isinstance(mismatch.got, tuple) else None
    known = {"batch_size": rows, "time_step": flat.steps}
    facts = tuple(fact(name, size, "output") for name, size in known.items() if size)
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def steps_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network, with the steps of the data in place of those of a parameter."""
    tree, flat = found.program.tree, _flat_steps(found, mismatch)
    function = tree.function_of(flat.made_for) if flat else None
    if not flat or not function or flat.made_for.id not in tree.parameters(function):
        return ()
    calls = [one for one in tree.calls if tree.constructor(one) is function]
    if len(calls) != 1:
        return ()
    value = _name_of(tree, flat.steps) or str(flat.steps)
    correction = tree.with_parameter(calls[0], function, flat.made_for.id, value)
    return (correction,) if correction else ()


def _name_of(tree: ProgramTree, steps: int) -> str:
    """The only name of a number of steps that lines of the module say; "" without one."""
    assigned = [one for one in tree.nodes if isinstance(one, ast.Assign) and tree.function_of(one) is None]
    names = [
        key_of(one.targets[0])
        for one in assigned
        if isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Constant) and one.value.value == steps
    ]
    named = [one for one in names if STEPS.search(one)]
    return named[0] if len(named) == 1 else ""


RULES = (_of_flat_steps,)
"""What the program says about the steps that are flattened."""

CORRECTIONS = {"dense_other_steps": steps_of_network}
"""Cause -> the lines that it corrects."""
