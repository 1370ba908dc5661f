"""What a pasted program says about weights of its own after both directions, of layers of Flax or of its own cell, and
about those that a dense layer shares."""

import ast
import re
from dataclasses import replace

from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import width_of
from ...code_lines.pooled_steps import pooled, sizes_of_parameter
from ...code_lines.program_nodes import CONCATENATIONS, Functions, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import of_factors
from ...framework_messages.handwritten_cells.products_in_failed_line import inner_sizes
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, only_size

DIRECTIONS = 2


def _rows(found: Found, units: int | None) -> ast.expr | None:
    """The rows of the weights of a product, in the line that makes them, if they are as many as one direction has
    units; None for other weights."""
    tree = found.program.tree
    sizes = tree.sizes_of_flax_cell
    is_of_layers = (sizes.get("directions"), sizes.get("num_units")) == (DIRECTIONS, units)
    for array, weights in tree.products_in(found.code):
        made = tree.made_by(weights)
        rows = tree.sizes_of(made)[:1] if made else sizes_of_parameter(tree, weights)[:1]
        if (
            rows
            and tree.size_said(rows[0]) == units
            and (is_of_layers or _joins_both(tree, pooled(tree, array) or array))
        ):
            return rows[0]
    return None


def _joins_both(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether the program joins two calls of the same function along their last axis, which is the second one of last
    states: of x, and of x backwards."""
    value = tree.assigned(array) if isinstance(array, ast.Name) else array
    if not isinstance(value, ast.Call) or name_of(value) not in CONCATENATIONS or not value.args:
        return False
    axis = tree.argument(value, 1, "axis")
    parts = value.args[0].elts if isinstance(value.args[0], (ast.Tuple, ast.List)) else []
    functions = [_function_of(tree, one) for one in parts]
    is_last = axis is not None and ast.unparse(axis) in ("-1", "1", "2")
    return is_last and len(functions) == DIRECTIONS and functions[0] is not None and functions[0] is functions[1]


def _function_of(tree: ProgramTree, array: ast.expr) -> Functions | None:
    """The function of the program that computes an array, also one that has a name, or that the program turns round
    after that; None for another array."""
    given = tree.made_with_parts(array) if isinstance(array, ast.Name) else None
    calls = [one for one in ast.walk(given or array) if isinstance(one, ast.Call)]
    return next((function for one in calls if (function := tree.function_called(one))), None)


def _of_directions(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights for one direction, which get the values of both."""
    if found.framework not in HANDWRITTEN_CELLS:
        return mismatch
    got, units = inner_sizes(found)
    if not units or got != DIRECTIONS * units or _rows(found, units) is None:
        return mismatch
    is_of_weights = mismatch.first_cause == "output_weights"
    arrays = [array for array, _ in found.program.tree.products_in(found.code)]
    if mismatch.causes and not is_of_weights and not any(_joins_both(found.program.tree, one) for one in arrays):
        return mismatch
    likely = cause("output_directions", found.framework)
    both = fact("directions", DIRECTIONS, "join")
    facts = (
        (both, fact("num_layers", 1, "join")) if all(_is_of_x(found.program.tree, one) for one in arrays) else (both,)
    )
    if is_of_weights:
        return replace(mismatch, causes=(likely,), facts=(*mismatch.facts, *facts), is_of_equals=False)
    sentence = of_factors(found, got, units)
    return Mismatch("dense_input", "features", sentence, (units,), (got,), (likely,), facts)


def _is_of_x(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether both directions whose outputs a program joins read the same parameter of its function, outside of a loop:
    nothing is below them, and nothing above."""
    value = tree.assigned(array) if isinstance(array, ast.Name) else array
    if not _joins_both(tree, array) or not isinstance(value, ast.Call) or tree.is_in_loop(value):
        return False
    parts = value.args[0].elts if isinstance(value.args[0], (ast.Tuple, ast.List)) else []
    computed = [tree.made_with_parts(one) if isinstance(one, ast.Name) else one for one in parts]
    parameters = {*tree.parameters(tree.function_of(value))}
    return all(one is not None and _names_in(tree, one) & parameters for one in computed)


def _names_in(tree: ProgramTree, node: ast.expr) -> set[str]:
    """The names in an expression that have no other value before it."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return {one.id for one in names if not tree.is_assigned_before(one)}


def rows_of_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with rows for both directions."""
    tree, rows = found.program.tree, _rows(found, only_size(mismatch.expected))
    return tree.corrected((rows, tree.doubled(rows))) if rows is not None else rows_of_own_weights(found, mismatch)


def _of_tied_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that shares the weights of an embedding with another number of features than it gets."""
    expected, got = (
        size[-1] if isinstance(size, tuple) and size else None for size in (mismatch.expected, mismatch.got)
    )
    if mismatch.tensor != "dense_input" or not TIED.search(found.program.source):
        return mismatch
    likely = cause("tied_weights", found.framework, got=got, expected=expected)
    return replace(mismatch, causes=(likely,))


def _shared(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.expr] | None:
    """The line that makes the recurrent layer of Keras whose output a dense layer gets that another recurrent layer has
    called before, and its units; None for any other."""
    expected, got = (
        size[-1] if isinstance(size, tuple) and size else None for size in (mismatch.expected, mismatch.got)
    )
    if mismatch.tensor != "dense_input" or found.framework != "keras" or not expected or not got:
        return None
    tree, call = found.program.tree, found.program.call_of_dense(got, expected)
    if not call or not call.layer or len(call.operands[0].layers) != 1:
        return None
    (above,) = call.operands[0].layers
    before = [one.operands[0] for one in found.program.operations if one.layer is call.layer and one is not call]
    is_shared = any(one.axes[-1:] == (expected,) and one.layers not in ((), (above,)) for one in before)
    made = tree.made_layer(above) if is_shared and width_of(above) == above.size("num_units") == got else None
    units = tree.argument_of_size(made, got) if made else None
    return (made, units) if made and units is not None else None


def _of_shared_layer(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that recurrent layers with different units share."""
    if not _shared(found, mismatch) or not isinstance(mismatch.expected, tuple):
        return mismatch
    likely = cause("shared_dense", "keras", cell=found.cell, units=mismatch.expected[-1])
    return replace(mismatch, causes=(likely,))


def units_of_shared_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the recurrent layer, with as many units as the other one."""
    shared, expected = _shared(found, mismatch), mismatch.expected
    if not shared or not isinstance(expected, tuple) or not expected[-1]:
        return ()
    _, units = shared
    return found.program.tree.corrected((units, found.program.tree.name_of_size(units, expected[-1])))


def _own_rows(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The rows in the shape of the weights of TensorFlow that the program makes itself and that the product that failed
    has; None for a layer."""
    tree = found.program.tree
    expected = mismatch.expected[-1] if isinstance(mismatch.expected, tuple) and mismatch.expected else None
    for _, weights in tree.products_in(found.code) if found.framework in OF_TENSORFLOW else ():
        made = tree.assigned(weights) if isinstance(weights, (ast.Name, ast.Attribute, ast.Subscript)) else None
        inner = made.args[0] if isinstance(made, ast.Call) and name_of(made) == "Variable" and made.args else made
        is_own = isinstance(made, ast.Call) and name_of(made) in MAKES_WEIGHTS
        n = MAKES_WEIGHTS[name_of(made)] if is_own and isinstance(made, ast.Call) else 0
        shape = tree.argument(inner, n, "shape") if is_own and isinstance(inner, ast.Call) else None
        if isinstance(shape, (ast.List, ast.Tuple)) and len(shape.elts) == 2:
            rows = shape.elts[0]
            return rows if tree.number(rows) in (None, expected) else None
    return None


OF_TENSORFLOW = ("keras", "tf1", "tensorflow")
"""The frameworks whose programs make variables of TensorFlow."""

MAKES_WEIGHTS = {"Variable": 0, "add_weight": 0, "get_variable": 1}
"""What makes a variable -> the place of its shape, or of that of its first value."""


def _of_own_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of TensorFlow that the program makes itself after a layer, in place of a dense layer."""
    is_of_dense = mismatch.tensor == "dense_input" and found.framework in OF_TENSORFLOW
    if not is_of_dense or not mismatch.causes or _own_rows(found, mismatch) is None:
        return mismatch
    is_of_directions = mismatch.first_cause == "dense_directions"
    if found.framework != "keras" and not is_of_directions:  # a dense layer of version 1 takes any features
        return mismatch
    id = "output_directions" if is_of_directions else "output_weights"
    return replace(mismatch, causes=(cause(id, found.framework),))


def rows_of_own_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of TensorFlow, with rows for what they get."""
    tree, rows, got = found.program.tree, _own_rows(found, mismatch), mismatch.got
    size = got[-1] if isinstance(got, tuple) and got else None
    if rows is None or not size:
        return ()
    is_double = any(one.id == "output_directions" for one in mismatch.causes)
    return tree.corrected((rows, tree.doubled(rows) if is_double else tree.name_of_size(rows, size)))


TIED = re.compile(r"^[ \t]{0,40}[\w.]{1,60}\.weight ?= ?[\w.]{1,60}\.weight\b", re.MULTILINE)
"""A line that gives a layer the weights of another one."""


RULES = (_of_directions, _of_tied_weights, _of_own_weights, _of_shared_layer)
"""What the program says about the causes in weights after layers."""

WITHOUT_CAUSES = (_of_directions,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "output_directions": rows_of_directions,
    **dict.fromkeys(("output_weights", "dense_features"), rows_of_own_weights),
    "shared_dense": units_of_shared_layer,
}
"""Cause -> the lines that it corrects."""
