"""What a pasted program says about two sizes that it exchanges: those of a layer, and those of the state of
a cell."""

import ast
import re
from dataclasses import replace
from typing import TypeGuard

from ....code.values import Layer
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.names_of_sizes import HIDDEN_SIZE, INPUT_SIZE
from ...code_lines.program_nodes import factors_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_shape
from ..inputs.arrays_of_data import made_arrays
from ..states.earlier_calls import transposed_factor
from ..states.sizes_of_states import STATES, given_state
from .kernels_of_handwritten_cells import is_transposed

# -- layers ------------------------------------------------------------------------------------------------------------


def _failed_layer(found: Found, mismatch: Mismatch, expected: int, got: int) -> Layer | None:
    """The layer that gets another number of features than it was made for."""
    if mismatch.tensor == "dense_input":
        dense = found.program.call_of_dense(got, expected)
        return dense.layer if dense else None
    layers = {one.layer for one in found.program.failed_calls if one.layer and one.layer.size("features") == expected}
    return layers.pop() if mismatch.tensor == "x" and len(layers) == 1 else None


def _exchanged(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """Both sizes of a layer of which the second one is that of what the layer gets; None if this may be chance."""
    expected, got = _last(mismatch.expected), _last(mismatch.got)
    if found.framework == "flax" and mismatch.tensor == "x" and expected and got:
        return _of_flax(found, expected, got)
    if found.framework == "numpy" and _is_of_x(mismatch) and expected and got:
        given, others = (_given_to_object(found, size) for size in (expected, got))
        if both := _given_to_weights(found, expected, got):
            return both
        is_of_data = any(one.axes[-1:] == (got,) for one in made_arrays(found.program.tree))
        return (given[0], others[0]) if len(given) == len(others) == 1 and is_of_data else None
    is_of_features = mismatch.axis == "features" and mismatch.tensor in ("x", "dense_input")
    if found.framework != "pytorch" or not is_of_features or not expected or not got:
        return None
    layer, tree = _failed_layer(found, mismatch, expected, got), found.program.tree
    made = tree.made_layer(layer) if layer else None
    if not made or len(made.args) < 2 or any(isinstance(one, ast.Starred) for one in made.args[:2]):
        return None
    first, second = made.args[:2]
    if (tree.number(first), tree.number(second)) != (expected, got) or isinstance(first, ast.BinOp):
        return None
    return (first, second) if _fits_others(found, made, expected, got) else None


def _is_of_x(mismatch: Mismatch) -> bool:
    return (mismatch.tensor, mismatch.axis) == ("x", "features")


def _given_to_object(found: Found, size: int) -> list[ast.expr]:
    """The arguments with a size in the only call that makes an object of the class with the line that failed."""
    tree = found.program.tree
    classes = {above.name for node in tree.nodes_of_failure for above in tree.above(node) if _is_class(above)}
    calls = [one for one in tree.calls_of(*classes) if tree.constructor(one)] if len(classes) == 1 else []
    given = [*calls[0].args, *(one.value for one in calls[0].keywords)] if len(calls) == 1 else []
    return [one for one in given if tree.number(one) == size]


def _given_to_weights(found: Found, units_of_state: int, features: int) -> tuple[ast.expr, ast.expr] | None:
    """The arguments that make an object of a cell for which the weights in the product that failed have the features of
    x as their units, if the program makes a state of one column with the other size; None without one."""
    tree = found.program.tree
    outside = [one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) is None]
    has_state = any(tree.shape_made(one) == (units_of_state, 1) for one in outside)
    products = tree.products_in(found.code)
    weights = tree.made_by(products[0][0]) if len(products) == 1 and has_state else None
    sizes = tree.sizes_of(weights) if weights else []
    if [*map(tree.number, sizes)] != [features, units_of_state]:
        return None
    function = tree.function_of(sizes[0])
    made = [one for one in tree.calls if function and tree.constructor(one) is function]
    given = [tree.argument_for(made[0], function, one) for one in sizes] if function and len(made) == 1 else []
    match given:
        case [ast.expr() as units, ast.expr() as of_x]:
            return of_x, units
    return None


def _is_class(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef)


def _of_flax(found: Found, expected: int, got: int) -> tuple[ast.expr, ast.expr] | None:
    """Both sizes of the only cell or layer of nnx in the line that failed that was made for other features, and returns
    as many as it gets."""
    tree = found.program.tree
    failed = {one for call in tree.calls_of_failure() for one in tree.calls_that_made(call.func)}
    if OF_RECURRENCE.search(found.before):  # the layers beside a recurrent one in the same line did not fail
        failed = {one for one in failed if name_of(one).endswith("Cell")}
    made = [one for one in tree.calls if len(one.args) > 1 and tree.keywords(one, "rngs")]
    fitting = [one for one in made if (tree.number(one.args[0]), tree.number(one.args[1])) == (expected, got)]
    if len(fitting) != 1 or (failed and fitting[0] not in failed):
        return None
    first, second = fitting[0].args[:2]
    return None if any(isinstance(one, ast.Constant) for one in (first, second)) else (first, second)


OF_RECURRENCE = re.compile(r"flax[\\/]nnx[\\/]nn[\\/]recurrent\.py")
"""The file of the cells of nnx."""


def _fits_others(found: Found, made: ast.Call, expected: int, got: int) -> bool:
    """Whether the layers after a layer read as many features as it would return with its sizes exchanged, or the first
    one is 1, as of the last layer; or both have names, no layer after it reads as many as it returns now, and none
    before it reads as many as it was made for, from which it may have been copied; unless it is the last layer. Not if
    the names are in their order, as those of another layer."""
    tree, before, after = found.program.tree, set[int](), set[int]()
    layers = [one.layer for one in found.program.operations if one.layer]
    own = next((n for n, one in enumerate(layers) if tree.made_layer(one) is made), len(layers))
    for n, one in enumerate(layers):
        size = one.size("features")
        if isinstance(size, int) and one not in layers[: min(n, own)] and tree.made_layer(one) is not made:
            (before if n < own else after).add(size)
    is_last = name_of(made) == "Linear" and not after
    if not is_last and INPUT_SIZE.search(tree.text(made.args[0])) and HIDDEN_SIZE.search(tree.text(made.args[1])):
        return False
    if expected == 1 or after & {expected, 2 * expected}:
        return True
    are_names = not any(isinstance(one, ast.Constant) for one in made.args[:2])
    return are_names and not after & {got, 2 * got} and (is_last or expected not in before)


def _last(size: object) -> int | None:
    return size[-1] if isinstance(size, tuple) and size else None


def _of_exchanged_sizes(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer that gets as many features as it should return."""
    if mismatch.first_cause == "joined_rows" or not _exchanged(found, mismatch):  # sizes of two arrays of a join
        return mismatch
    expected, got = _last(mismatch.expected), _last(mismatch.got)
    others = (one for one in mismatch.causes if one.id not in REPEATING)
    causes = (cause("exchanged_sizes", found.framework), *others)
    is_of_numpy = found.framework == "numpy" and _is_of_x(mismatch)
    if is_of_numpy and expected and got and _given_to_weights(found, expected, got):
        facts = (fact("features", got, "x"), fact("num_units", expected, "h"))
        return replace(mismatch, causes=causes[:1], facts=facts)
    return replace(mismatch, causes=causes)


REPEATING = ("other_features", "embedding", "units_below", "dense_features")
"""Causes that say of the same line that its first size is another one."""


def exchanged_sizes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, its two sizes in the other order."""
    both = _exchanged(found, mismatch)
    return _in_other_order(found.program.tree, both) if both else ()


def _in_other_order(tree: ProgramTree, *pairs: tuple[ast.expr, ast.expr]) -> Corrections:
    """The lines of pairs of sizes, each in the other order."""
    parts = [part for one, other in pairs for part in ((one, tree.text(other)), (other, tree.text(one)))]
    return tree.corrected(*parts)


def features_of_object(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the object of a handwritten cell, with the features of x."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_cell = found.framework in OF_HANDWRITTEN_CELLS and not found.program.failed_calls
    if not is_of_cell or not _is_of_x(mismatch) or not expected or not got:
        return ()
    given = _given_to_object(found, expected)
    return found.program.tree.corrected((given[0], str(got))) if len(given) == 1 else ()


OF_HANDWRITTEN_CELLS = ("numpy", "jax", "tensorflow", "tf1", "pytorch")
"""Frameworks in which programs compute cells themselves."""


# -- states of cells ---------------------------------------------------------------------------------------------------


def _states(found: Found, mismatch: Mismatch) -> list[tuple[ast.expr, ast.expr]]:
    """Both sizes of each state of the cell that failed which has the units of the cell first; [] for other states."""
    if found.framework != "pytorch" or mismatch.axis != "batch_size" or mismatch.tensor not in STATES:
        return []
    call, got, tree = found.program.failed_call, only_size(mismatch.got), found.program.tree
    if not call or not call.layer or not call.layer.kind.endswith("_cell") or call.layer.size("num_units") != got:
        return []
    given = given_state(call)
    if given is None:
        return []
    parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
    made = {id(one.made): one.made for part in parts for one in tree.origins(part)}
    sizes = [size for one in made.values() if len(size := tree.sizes_of(one)) == len(STATES)]
    return [(one, other) for one, other in sizes if tree.number(one) == got != tree.number(other)]


def _of_exchanged_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state of a cell that has as many samples as the cell has units."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not mismatch.tensor or not _states(found, mismatch):
        return mismatch
    likely = (cause("state_axes", "pytorch"),)
    return wrong_shape(mismatch.tensor, "order", (expected, got), (got, expected), likely, mismatch.facts)


def state_of_cell(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of the cell, the batch first."""
    of_batch = replace(mismatch, axis="batch_size", got=mismatch.got[:1] if isinstance(mismatch.got, tuple) else None)
    return _in_other_order(found.program.tree, *_states(found, of_batch))


def _of_transposed_factor(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights that a handwritten cell of NumPy multiplies as they are stored, in a function with other ones that it
    transposes: x is right."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_x = (mismatch.tensor, mismatch.axis, found.template.id) == ("x", "features", "numpy-product-sizes")
    is_said = is_of_x and mismatch.first_cause == "transposed"
    if not is_said or not expected or not got or not transposed_factor(found):
        return mismatch
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure}
    others = [both for one in tree.nodes if tree.function_of(one) in functions and (both := factors_of(one))]
    if not any(is_transposed(one) for both in others for one in both):
        return mismatch
    facts = [fact("features", got, "x")]
    return wrong_shape("kernel", "order", (got, expected), (expected, got), mismatch.causes[:1], facts)


RULES = (_of_exchanged_sizes, _of_exchanged_state, _of_transposed_factor)
"""What the program says about the causes in the order of two sizes."""

CORRECTIONS = {
    "exchanged_sizes": exchanged_sizes,
    "other_features": features_of_object,
    "state_axes": state_of_cell,
}
"""Cause -> the lines that it corrects."""
