"""What a pasted program says about a cell of its own whose gates are the parts of a sum of dense layers: all of them
have fewer gates than the sum is split into, so that each gate is smaller than the state."""

import ast

from ....facts_about_sizes import GATES, fact
from ...axes_of_arrays import STEPS
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, from_code, wrong_size
from .gates_of_sums import Columns

GATES_OF_SPLIT = frozenset({*GATES.values()} - {1})


def _layers(found: Found) -> tuple[list[Columns], int] | None:
    """The numbers of units of the dense layers that the function calls which failed, and into how many gates it splits
    an array; None for another function."""
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure if isinstance(one, ast.expr)}
    function = functions.pop() if len(functions) == 1 else None
    calls = [one for one in tree.calls_of("chunk") if function and tree.function_of(one) is function]
    parts = [n for one in calls for given in one.args if (n := tree.number(given)) in GATES_OF_SPLIT]
    if len(calls) != 1 or len(parts) != 1 or not function:
        return None
    called = [one.func for one in ast.walk(function) if isinstance(one, ast.Call)]
    made = [one for func in called if isinstance(func, ast.Attribute) and (one := tree.assigned(func))]
    linear = [one for one in made if isinstance(one, ast.Call) and name_of(one) == "Linear"]
    sizes = (tree.argument(one, 1, "out_features") for one in linear)
    return [Columns(size, tree.number(size) or 0, "kernel") for size in sizes if size is not None], parts[0]


def _gates(found: Found) -> tuple[list[Columns], int, int] | None:
    """The layers with fewer gates than the function splits their sum into, the number of gates that it needs, and the
    units of the state, by the sizes of the message; None for others."""
    known = _layers(found) if found.template.id == "pytorch-broadcast" else None
    if not known or not known[0]:
        return None
    (layers, gates), sizes = known, {found.number("a"), found.number("b")}
    written = {one.factors for one in layers}
    if len(written) != 1 or len(sizes) != 2:
        return None
    times, _ = written.pop()
    part, units = sorted(sizes)
    return (layers, gates, units) if 1 < times < gates and times * units == gates * part else None


def _of_fewer_gates(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that fits, beside a gate that is a part of too small a sum."""
    if not (known := _gates(found)):
        return mismatch
    layers, gates, units = known
    likely = cause("fewer_gates", "cell", units=units, gates=gates)
    of_x = (one for one in mismatch.facts if one.names <= {*STEPS, "features"})
    facts = [fact("num_units", units, "state"), fact("gates", gates, "split"), *of_x]
    times, _ = layers[0].factors
    return from_code(wrong_size("kernel", "gates*num_units", gates * units, times * units, [likely], facts))


RULES = (_of_fewer_gates,)
"""What the program says about the gates of its layers."""


def gates_of_layers(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the layers, with all gates."""
    if not (known := _gates(found)):
        return ()
    layers, gates, _ = known
    return found.program.tree.corrected(*(one.with_gates(found.program.tree, gates) for one in layers))


CORRECTIONS = {"fewer_gates": gates_of_layers}
"""Cause -> the lines that it corrects."""
