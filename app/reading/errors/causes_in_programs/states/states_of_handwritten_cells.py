"""The lines of a program that computes a cell itself which make its first states, and that a cause corrects."""

import ast
import re

from ...code_lines.array_names import role_of
from ...code_lines.array_origins import MODULES
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.handwritten_recurrence import STATES
from ...code_lines.program_nodes import base_of, factors_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import size_text, width_text
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from ..inputs.steps_of_handwritten_cells import joined_parts
from ..weights.biases_of_handwritten_cells import failed_sums, with_shape_of_bias
from ..weights.kernels_of_handwritten_cells import exchanged_sizes


def exchanged_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of the program's handwritten cell, with their sizes in the other order."""
    tree = found.program.tree
    parts = [part.node for part in joined_parts(found) if part.node]
    for factors in (*tree.products_in(found.code), parts):
        for factor in factors:
            made = [one.made for one in tree.origins(factor)]
            if len(made) == 1 and tree.shape_made(made[0]) == mismatch.got:
                lines = [exchanged_sizes(tree, one) for one in (made[0], *_made_alike(tree, made[0]))]
                return [line for one in lines for line in one] if all(lines) else ()
    return ()


def _made_alike(tree: ProgramTree, made: ast.Call) -> list[ast.Call]:
    """The other states that the same function makes with the same call: those of an LSTM are alike."""
    return [
        one
        for one in tree.calls
        if one is not made and ast.unparse(one) == ast.unparse(made)
        if tree.function_of(one) is tree.function_of(made) and _is_state(tree, one) and one.lineno != made.lineno
    ]


def _is_state(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether a call makes what is called like a state."""
    above = next(tree.above(made), None)
    return isinstance(above, ast.Assign) and any(role_of(base_of(one)) in STATES for one in above.targets)


def batch_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only state of the program's handwritten cell for another batch, with that of x."""
    tree, batch, made_for = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    nodes = (part for one in failed_sums(found) for part in ast.walk(one))
    states = (one for node in nodes for one in factors_of(node) or () if found.line.array(one).role == "h")
    made = {id(one.made): one.made for state in states for one in tree.origins(state)}
    lines = [
        tree.replaced((size, size_text(tree, size, batch)))
        for one in made.values()
        for size in tree.sizes_of(one)
        if made_for and len(tree.axes(one)) == 2 and tree.number(size) == made_for
    ]
    return all_of(lines) if len(lines) == 1 else ()


def first_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a loop of JAX or TensorFlow, with the batch of the arrays over which it
    runs."""
    tree, (expected, got) = found.program.tree, mismatch.shapes
    calls = [*dict.fromkeys(one for one in tree.calls_in_frames if name_of(one) == "scan")]
    before = mismatch.got if isinstance(mismatch.got, tuple) else ()
    is_of_one = mismatch.axis == "batch_size" and before[:1] == (1,)
    if len(calls) != 1 or not (is_of_one or (len(expected), len(got)) == (2, 1)):
        return ()
    is_jax = found.framework != "tensorflow"
    state = tree.argument(calls[0], *((1, "init") if is_jax else (2, "initializer")))
    xs = tree.argument(calls[0], *((2, "xs") if is_jax else (1, "elems")))
    made = {id(one.made): one.made for one in tree.origins(state)} if state is not None else {}
    states = [tree.sizes_of(one) for one in made.values()]
    if xs is None or not states or any(len(sizes) != 1 + is_of_one for sizes in states):
        return ()
    if is_of_one and any(tree.number(sizes[0]) != 1 for sizes in states):
        return ()
    array, axis = _with_batch(tree, xs)
    firsts = [sizes[0] for sizes in states]
    if not isinstance(array, ast.Name) or any(tree.function_of(one) is not tree.function_of(xs) for one in firsts):
        return ()
    if not all(tree.is_known_at(array, one.lineno) for one in firsts):
        return ()
    batch = f"{array.id}.shape[{axis}]" if is_jax else f"tf.shape({array.id})[{axis}]"
    if is_of_one:
        return tree.corrected(*((one, batch) for one in firsts))
    return tree.corrected(*((_shape_around(tree, one), f"({batch}, {tree.text(one)})") for one in firsts))


def _shape_around(tree: ProgramTree, size: ast.expr) -> ast.expr:
    """The shape that has a size alone: ``(units,)``, or the size itself."""
    around = next(tree.above(size))
    return around if isinstance(around, (ast.Tuple, ast.List)) else size


def units_of_kept_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the column from which a loop of NumPy begins that keeps all its states by their steps,
    ``hs[-1]``, with the units of the weights by which it is multiplied."""
    tree, units, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if found.framework not in ("numpy", "jax") or mismatch.axis != "num_units" or not units or not got:
        return ()
    states = [first for _, factor in tree.products_in(found.code) if (first := _first_kept(tree, factor)) is not None]
    made = [*dict.fromkeys(one.made for first in states for one in tree.origins(first))]
    sizes = tree.sizes_of(made[0]) if len(made) == 1 else []
    is_column = bool(sizes) and [*map(tree.number, sizes[1:])] in ([], [1])
    if not is_column or tree.number(sizes[0]) not in (None, got):
        return ()
    return tree.corrected((sizes[0], width_text(tree, sizes[0], units)))


def _first_kept(tree: ProgramTree, state: ast.expr) -> ast.expr | None:
    """What a program keeps as the state before the first step, of which another line reads the state of the step
    before: ``hs[t - 1]``."""
    match state:
        case ast.Subscript(value=ast.Name() as kept, slice=ast.BinOp(ast.Name(), ast.Sub(), ast.Constant(1))):
            return tree.assigned(ast.Subscript(kept, FIRST, ast.Load()))
    return None


FIRST = ast.UnaryOp(ast.USub(), ast.Constant(1))
"""The place of the state before the first step."""


def units_of_first_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a loop of JAX with other units than the weights of h have rows."""
    tree, units, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    calls = [*dict.fromkeys(one for line in tree.frames for one in tree.calls_in(line) if name_of(one) == "scan")]
    if found.framework != "jax" or mismatch.axis != "num_units" or len(calls) != 1 or not units or not got:
        return ()
    state = tree.argument(calls[0], 1, "init")
    made = [*dict.fromkeys(one.made for one in tree.origins(state))] if state is not None else []
    sizes = tree.sizes_of(made[0]) if len(made) == 1 else []
    is_other = bool(sizes) and tree.size_said(sizes[-1]) == got
    return tree.corrected((sizes[-1], width_text(tree, sizes[-1], units))) if is_other else ()


def units_of_made_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a handwritten cell, with the only attribute of the object of its method
    that is the number of units, or the only item of the dictionary with its sizes that is."""
    tree, units, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    products = tree.products_in(found.code) if found.framework == "numpy" and mismatch.axis == "num_units" else []
    made = [one for h, _ in products if role_of(base_of(h)) == "h" and (one := tree.made_by(h)) and tree.is_maker(one)]
    sizes = tree.sizes_of(made[0]) if len(made) == 1 else []
    if not units or len(sizes) != 2 or tree.number(sizes[-1]) != got or got is None:
        return ()
    name = tree.attribute_of_size(sizes[-1], units) or _item_of_size(tree, sizes[-1], units)
    return tree.corrected((sizes[-1], name)) if name else ()


def _item_of_size(tree: ProgramTree, size: ast.expr, units: int) -> str:
    """The only item of the dictionary in which a size is, ``sizes["features"]``, that is another size; "" without
    one."""
    match size:
        case ast.Subscript(value=ast.Name(of), slice=ast.Constant(str())):
            items = (one for one in tree.nodes if isinstance(one, ast.Subscript) and base_of(one) == of)
            names = {tree.text(one) for one in items if tree.number(one) == units}
            return names.pop() if len(names) == 1 else ""
    return ""


def _with_batch(tree: ProgramTree, xs: ast.expr) -> tuple[ast.expr, int]:
    """The array over whose steps a loop runs, or of which it exchanges the first two axes, and its axis of samples."""
    made = tree.assigned(xs) if isinstance(xs, ast.Name) else xs
    if isinstance(made, ast.Call) and name_of(made) in ("swapaxes", "transpose", "moveaxis"):
        is_method = not (isinstance(made.func, ast.Attribute) and tree.text(made.func.value) in MODULES)
        array, *axes = (
            (made.func.value, *made.args) if is_method and isinstance(made.func, ast.Attribute) else made.args
        )
        if re.sub(r"[()\[\] ]", "", ",".join(map(tree.text, axes))) in ("0,1", "1,0", "1,0,2"):
            return (xs, 1) if ast.unparse(array) == ast.unparse(xs) else (array, 0)
    return xs, 1


def column_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a handwritten cell, as a column."""
    tree, units = found.program.tree, mismatch.shapes[1]
    for _, state in tree.products_in(found.code):
        made = tree.made_by(state)
        if made and tree.axes(made) == units and (line := with_shape_of_bias(tree, made, 1)):
            return [line]
    return ()
