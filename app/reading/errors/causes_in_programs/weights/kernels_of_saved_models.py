"""The kernel of a saved model of Keras or TensorFlow 1 that was made for other features than those of x, or for other
units than those of its layer."""

import ast

from ....facts_about_sizes import GATES
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import constant_for, with_value
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs.keras_shapes import inputs


def features_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features of x where a kernel in a file was made for others. In TensorFlow 1 the rows of a
    kernel are also those of the state."""
    tree, shapes = found.program.tree, (mismatch.expected, mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("kernel", "features") or found.framework not in ("keras", "tf1"):
        return ()
    rows = [one[0] for one in shapes if isinstance(one, tuple)]
    state = next((one.value for one in mismatch.facts if one.names == {"num_units"}), 0)
    expected, got = ((size or 0) - (state if found.framework == "tf1" else 0) for size in rows)
    if expected < 1 or got < 1:  # a kernel that has no rows of the state beside those of x
        return ()
    placeholders = [tree.argument(one, 1, "shape") for one in tree.calls if name_of(one) == "placeholder"]
    sizes = [one.elts[-1] for one in placeholders if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) > 2]
    sizes += [features for _, features in inputs(tree)]
    if of_call := _in_call_of_model(tree, sizes, expected, got):
        return of_call
    of_layer = [one for one in sizes if tree.number(one) == expected]
    return with_value(tree, of_layer[0], got) if len(of_layer) == 1 else ()


def units_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the units of the layer of Keras which gets the kernel of one with others."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    is_of_units = (mismatch.tensor, mismatch.axis, found.framework) == ("kernel", "gates*num_units", "keras")
    if not is_of_units or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    columns, new = expected[-1] or 0, got[-1] or 0
    made = [(one, tree.made_layer(one)) for one in found.program.made_layers if one.kind in GATES]
    fitting = {
        id(call): (call, GATES[layer.kind])
        for layer, call in made
        if call and (layer.size("num_units") or 0) * GATES[layer.kind] == columns
    }
    if len(fitting) != 1:
        return ()
    ((call, gates),) = fitting.values()
    size = tree.argument(call, 0, "units")
    if size is None or new % gates:
        return ()
    if of_call := _in_call_of_model(tree, [size], columns // gates, new // gates):
        return of_call
    is_said = isinstance(size, ast.Constant) or constant_for(tree, size) is not None
    return with_value(tree, size, new // gates) if is_said else ()


def _in_call_of_model(tree: ProgramTree, sizes: list[ast.expr], size: int, new: int) -> Corrections:
    """The call of the function that makes the model which gets weights in the lines of the traceback, with another size
    for the only one of its parameters that is among some sizes; () unless several calls make such models."""
    owners = [one.func.value for one in tree.calls_in_frames if isinstance(one.func, ast.Attribute) and _gets(one)]
    owner = owners[0] if owners else None
    while isinstance(owner, (ast.Call, ast.Attribute, ast.Subscript)):  # model.get_layer(name), model.layers[0]
        owner = owner.func if isinstance(owner, ast.Call) else owner.value
    made = tree.assigned(owner) if isinstance(owner, ast.Name) else None
    function = tree.function_called(made) if isinstance(made, ast.Call) else None
    if not isinstance(made, ast.Call) or not function:
        return ()
    known = tree.parameters(function)
    names = {
        one.id for one in sizes if isinstance(one, ast.Name) and one.id in known and tree.function_of(one) is function
    }
    given = [one for name in names if (one := tree.argument(made, known.index(name), name)) is not None]
    others = [one for one in tree.calls if tree.function_called(one) is function and one is not made]
    if len(names) != 1 or not others or (given and tree.number(given[0]) != size):
        return ()
    return all_of([tree.with_parameter(made, function, names.pop(), str(new))])


def _gets(call: ast.Call) -> bool:
    return name_of(call) in ("load_weights", "set_weights")


def size_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    return features_of_kernel(found, mismatch) or units_of_kernel(found, mismatch)


CORRECTIONS = {"other_size": size_of_kernel}
"""Cause -> the lines that it corrects."""
