"""The lines of a pasted program that make the first states of a cell in a loop, with the batch of x or the units of the
cell."""

import ast
from itertools import pairwise

from ...axes_of_arrays import STEPS
from ...code_lines.axes_of_x import arrays_with_second_steps
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import base_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .sizes_of_states import given_state


def _made(found: Found) -> tuple[ast.Call, list[list[ast.expr]]] | None:
    """The call of a cell in the line that failed, and the sizes of the zeros that lines of its function make for its
    states; None for other states."""
    tree, call = found.program.tree, found.program.failed_call
    given = given_state(call) if call else None
    is_cell = call is not None and call.layer is not None and call.layer.kind.endswith("_cell")
    if not call or not is_cell or given is None or not isinstance(call.node, ast.Call):
        return None
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    origins = [[*tree.origins(one)] for one in parts]
    makers = {id(one.made): one.made for each in origins for one in each if not one.calls}
    if not all(len(each) == 1 for each in origins) or not all(map(tree.is_maker, makers.values())):
        return None
    function = tree.function_of(call.node)
    if not makers or any(tree.function_of(one) is not function for one in makers.values()):
        return None
    return call.node, [tree.sizes_of(one) for one in makers.values()]


def batch_of_cell(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a cell for a fixed batch, with that of the array whose steps the cell reads."""
    tree, batch, made = found.program.tree, only_size(mismatch.got), _made(found)
    if found.framework != "pytorch" or mismatch.axis != "batch_size" or not batch or not made:
        return ()
    call, states = made
    firsts = [sizes[0] for sizes in states if len(sizes) == 2 and tree.number(sizes[0]) == batch]
    if not call.args or len(firsts) != len(states):
        return ()
    if of_each := _in_loop_over_batches(tree, call, firsts):
        return of_each
    if not all(isinstance(one, ast.Constant) for one in firsts):
        return ()
    x, size = _array_of_steps(tree, call.args[0]), only_size(mismatch.expected)
    is_known = not tree.function_of(call) and size is not None and tree.axes(call.args[0])[:1] == (size,)
    new = f"{x}.shape[0]" if x else str(size) if is_known else ""
    return tree.corrected(*((one, new) for one in firsts)) if new else ()


def _in_loop_over_batches(tree: ProgramTree, call: ast.Call, sizes: list[ast.expr]) -> Corrections:
    """The lines that make the states of a cell that reads the steps of each batch of a loop, in the loop and with the
    batch's own size: no other one fits all batches. () without such a loop. ``sizes``: the batch in each of the
    lines."""
    x = call.args[0]
    if not _is_step(x):
        return ()
    statements = [one for one in tree.above(call) if isinstance(one, ast.stmt)]
    for inner, loop in pairwise(statements):
        if not isinstance(loop, ast.For) or not _has_name(loop.target, base_of(x)):
            continue
        lines = tree.corrected(*((size, f"{base_of(x)}.size(0)") for size in sizes))
        are_inside = {loop in tree.above(size) for size in sizes}
        if are_inside == {False}:
            return [("", f"{made}  # before: {tree.line(inner)}") for _, made in lines]
        return lines if are_inside == {True} else ()
    return ()


def _has_name(target: ast.expr, name: str) -> bool:
    """Whether the targets of a loop have a name."""
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(target))


def batch_of_zero_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line of TensorFlow 1 that makes the first state of a cell, with the batch that x has in the graph."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    sizes = [one.args[0] for one in tree.calls_of("zero_state") if one.args]
    is_of_batch = found.framework == "tf1" and mismatch.axis == "batch_size" and len(sizes) == 1
    if not is_of_batch or not expected or tree.number(sizes[0]) != got:
        return ()
    x = _unrolled(tree, sizes[0])
    return tree.corrected((sizes[0], f"tf.shape({x})[0]" if x else tree.name_of_size(sizes[0], expected)))


def _unrolled(tree: ProgramTree, size: ast.expr) -> str:
    """The name that the only call which computes all steps in the function of a size gives for an x with the batch
    first, if the graph has no number of samples for it; "" otherwise."""
    calls = [one for one in tree.calls_of("dynamic_rnn") if tree.function_of(one) is tree.function_of(size)]
    x = tree.argument(calls[0], 1, "inputs") if len(calls) == 1 else None
    if not isinstance(x, ast.Name) or tree.keywords(calls[0], "time_major") or not tree.is_known_at(x, size.lineno):
        return ""
    of_graph = [tree.argument(one, 1, "shape") for one in tree.calls_of("placeholder")]
    firsts = [one.elts[0] for one in of_graph if isinstance(one, (ast.List, ast.Tuple)) and one.elts]
    is_open = bool(firsts) and all(isinstance(one, ast.Constant) and one.value is None for one in firsts)
    return x.id if is_open else ""


def batch_of_zeros(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines of TensorFlow 1 that make the first states of the program's own cell as zeros, with the batch of the x
    whose steps the same function takes from its second axis."""
    tree, made_for = found.program.tree, only_size(mismatch.got)
    if found.framework != "tf1" or mismatch.axis != "batch_size" or not made_for:
        return ()
    zeros = [one for one in tree.calls_of("zeros") if tree.is_maker(one)]
    firsts = [sizes[0] for one in zeros if len(sizes := tree.sizes_of(one)) == len(STEPS)]
    firsts = [one for one in firsts if tree.number(one) == made_for]
    functions = {tree.function_of(one) for one in firsts}
    arrays = {one.id: one for one in arrays_with_second_steps(tree) if {tree.function_of(one)} == functions}
    if len(arrays) != 1 or not firsts:
        return ()
    (x,) = arrays.values()
    is_known = all(tree.is_known_at(x, one.lineno) for one in firsts)
    return tree.corrected(*((one, f"tf.shape({x.id})[0]") for one in firsts)) if is_known else ()


def batch_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    return batch_of_cell(found, mismatch) or batch_of_zero_state(found, mismatch) or batch_of_zeros(found, mismatch)


def _array_of_steps(tree: ProgramTree, x: ast.expr) -> str:
    """The parameter of a function, with the batch first, of which a cell reads a step; "" for another array."""
    name = base_of(x) if _is_step(x) or isinstance(x, ast.Name) else ""
    return name if name in tree.parameters(tree.function_of(x)) else ""


def _is_step(x: ast.expr) -> bool:
    """Whether a cell reads a step of an array with the batch first."""
    return isinstance(x, ast.Subscript) and isinstance(x.slice, ast.Tuple) and ast.unparse(x.slice.elts[0]) == ":"


def units_of_cell(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a cell of Keras with other units, with those of the cell."""
    tree, made = found.program.tree, _made(found) or _made_by_method(found)
    units, got = (
        only_size(size[-1:]) if isinstance(size, tuple) else None for size in (mismatch.expected, mismatch.got)
    )
    if found.framework != "keras" or mismatch.axis != "num_units" or not units or not made:
        return ()
    call, states = made
    last = [sizes[-1] for sizes in states if sizes and tree.number(sizes[-1]) == got]
    is_method = any(tree.function_of(one) is not tree.function_of(call) for one in last)
    new = [tree.attribute_of_size(one, units) if is_method else "" for one in last]
    lines = ((one, name or str(units)) for one, name in zip(last, new, strict=True))
    return tree.corrected(*lines) if len(last) == len(states) else ()


def _made_by_method(found: Found) -> tuple[ast.Call, list[list[ast.expr]]] | None:
    """The same for states that another method returns, which only the function that failed calls, once."""
    tree, call = found.program.tree, found.program.failed_call
    given = given_state(call) if call else None
    is_cell = call is not None and call.layer is not None and call.layer.kind.endswith("_cell")
    if not call or not is_cell or given is None or not isinstance(call.node, ast.Call):
        return None
    origins = {id(one.made): one for one in tree.origins(given)}.values()
    function = tree.function_of(call.node)
    are_of_methods = all(
        tree.is_maker(one.made)
        and [*map(tree.function_of, one.calls)] == [function]
        and len(tree.calls_by_function.get(of, ())) == 1
        for one in origins
        if (of := tree.function_of(one.made))
    )
    if not origins or not are_of_methods or any(tree.function_of(one.made) is None for one in origins):
        return None
    return call.node, [tree.sizes_of(one.made) for one in origins]


CORRECTIONS = {"other_batch": batch_of_state, "last_batch": batch_of_state, "other_units": units_of_cell}
"""Cause -> the lines that it corrects."""
