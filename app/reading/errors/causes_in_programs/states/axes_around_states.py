"""What a pasted program says about a state that fits, whose x, step or samples have other axes: the x of a model of
ONNX, the step of a loop of JAX, and what vmap passes on."""

import ast
from dataclasses import replace

from ....code.source_text import parse
from ....facts_about_sizes import fact
from ...axes_of_arrays import axes_of_x_in_order
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.names_of_sizes import SAMPLES, STEPS
from ...code_lines.onnx_nodes import declared_x, order_of_x
from ...code_lines.program_nodes import array_of_first_axis, is_new_axis, last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_rank, wrong_shape

# -- the x of a model of ONNX ------------------------------------------------------------------------------------------


def _fed(tree: ProgramTree) -> dict[str, ast.expr]:
    """The arrays that the line that failed gives a model of ONNX, by the names of its inputs."""
    feeds = [one for call in tree.calls_of_failure("run") for one in call.args if isinstance(one, ast.Dict)]
    return {
        key.value: value
        for one in feeds
        for key, value in zip(one.keys, one.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _batch_first_x(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The only array with three axes for a model of ONNX that has as many samples first as the state has, and then as
    many steps as the model takes for the batch; None for another one."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or mismatch.axis != "batch_size":
        return None
    arrays = [one for one in _fed(tree).values() if len(tree.axes_of_made(one)) == len(expected)]
    fitting = [one for one in arrays if tree.axes_of_made(one)[:2] == (got[1], expected[1])]
    return fitting[0] if len(fitting) == 1 else None


def _of_batch_first_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """The state of a model of ONNX which has the samples of x: the first two axes of x are exchanged."""
    if not any(one.id == "exchanged_axes" for one in mismatch.causes) or mismatch.tensor not in ("h_0", "c_0"):
        return mismatch
    x = _batch_first_x(found, mismatch)
    axes = found.program.tree.axes_of_made(x) if x is not None else ()
    if len(axes) != 3:
        arrays = (found.program.tree.axes_of_made(one) for one in _fed(found.program.tree).values())
        is_known = any(len(one) == 3 and None not in one and one != mismatch.got for one in arrays)
        others = (one for one in mismatch.causes if one.id != "exchanged_axes" or not is_known)
        return replace(mismatch, causes=tuple(others))
    if _takes_steps_for_samples(found):
        time_first = axes_of_x_in_order(False)
        facts = [fact(name, size, "x") for name, size in zip(time_first, axes, strict=True) if isinstance(size, int)]
        return replace(mismatch, causes=(cause("other_batch", "onnx"),), facts=(*mismatch.facts, *facts))
    batch, steps, features = (one if isinstance(one, int) else None for one in axes)
    known = (("batch_size", batch), ("time_step", steps), ("features", features))
    kept = mismatch.facts_without(*(name for name, _ in known))
    facts = [*kept, *(fact(name, size, "x") for name, size in known if size)]
    likely = [one for one in mismatch.causes if one.id == "exchanged_axes"]
    return wrong_shape("x", "order", (steps, batch, features), (batch, steps, features), likely, facts)


def _takes_steps_for_samples(found: Found) -> bool:
    """Whether a program declares an x of ONNX with names of its axes, of which the second is that of the samples, and
    makes a state with as many as x has steps: ``np.zeros((1, x.shape[0], units))``."""
    tree = found.program.tree
    order, declared = order_of_x(tree, found.cell), declared_x(tree, found.cell)
    names = [_axis_name(one) for one in declared.elts] if declared and len(declared.elts) == len(order) else []
    if not names or order != axes_of_x_in_order(False) or not (SAMPLES.search(names[1]) and STEPS.search(names[0])):
        return False
    return any(array_of_first_axis(one[1]) for one in _made_states(tree) if len(one) == len(order))


def _axis_name(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _made_states(tree: ProgramTree) -> list[list[ast.expr]]:
    """The sizes of the arrays that a program makes for the inputs of a model of ONNX."""
    made = [tree.assigned(one) if isinstance(one, ast.Name) else one for one in _fed(tree).values()]
    return [tree.sizes_of(one) for one in made if isinstance(one, ast.Call) and tree.is_maker(one)]


def time_first_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives a model of ONNX its x, with its first two axes exchanged."""
    tree = found.program.tree
    if mismatch.axis != "order" or not isinstance(mismatch.got, tuple) or found.template.id not in OF_STATES:
        return ()
    arrays = [one for one in _fed(tree).values() if tree.axes_of_made(one)[:2] == mismatch.got[:2]]
    return tree.corrected((arrays[0], f"{tree.operand(arrays[0])}.swapaxes(0, 1)")) if len(arrays) == 1 else ()


def states_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states for a model of ONNX, with as many samples as its x has."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if found.template.id not in OF_STATES or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    if len(expected) != len(got) or [n for n, size in enumerate(got) if size != expected[n]] != [1]:
        return ()
    states = [one for one in _made_states(tree) if tuple(map(tree.number, one)) == got]
    return tree.corrected(*((one[1], str(expected[1])) for one in states)) if states else ()


OF_STATES = ("onnx-h", "onnx-c")
"""The messages of ONNX Runtime about an initial state."""


# -- what a step of a loop of JAX returns ------------------------------------------------------------------------------


def state_without_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line in which the step of a loop of JAX returns its state with a new axis, without it."""
    tree = found.program.tree
    expanded = [one for one in map(_without_axis, _returned_states(tree)) if one]
    return tree.corrected(*((whole, tree.text(state)) for whole, state in expanded)) if len(expanded) == 1 else ()


def _returned_states(tree: ProgramTree) -> list[ast.expr]:
    """What the step of the loop that failed returns as its state."""
    states = list[ast.expr]()
    for call in tree.calls_of_failure("scan"):
        step = call.args[0] if call.args else None
        body: ast.expr | None = step.body if isinstance(step, ast.Lambda) else None
        if isinstance(step, ast.Name) and len(functions := tree.functions_named(step.id)) == 1:
            body = tree.returned_by(functions[0])
        if isinstance(body, ast.Call) and (function := tree.function_called(body)):
            body = tree.returned_by(function)
        states += body.elts[:1] if isinstance(body, ast.Tuple) else []
    return [tree.assigned(one) or one if isinstance(one, ast.Name) else one for one in states]


def _without_axis(state: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """An array with a new axis, and the same without it: ``h[:, None]``; None for another one."""
    match state:
        case ast.Subscript(value=inner, slice=ast.Tuple(elts)) if any(is_new_axis(one) for one in elts):
            others = [one for one in elts if not is_new_axis(one)]
            return (state, inner) if all(isinstance(one, ast.Slice) and not one.upper for one in others) else None
        case ast.Subscript(value=inner, slice=new) if is_new_axis(new):
            return state, inner
        case ast.Call(args=[inner, *_]) if name_of(state) == "expand_dims":
            return state, inner
    return None


# -- what vmap passes on -----------------------------------------------------------------------------------------------


def _bound_states(found: Found) -> list[ast.expr]:
    """The states that a call of vmap in the traceback gives all samples as a whole: it binds them with ``partial``, or
    says that they have no axis of samples."""
    tree, bound = found.program.tree, list[ast.expr]()
    parsed = [node for line in tree.frames for one in parse(line).statements for node in ast.walk(one)]
    for one in (*tree.calls_in_frames, *(node for node in parsed if isinstance(node, ast.Call))):
        match one:
            case ast.Call(args=[ast.Call() as function, *_]) if (name_of(one), name_of(function)) == BOUND:
                bound += function.args[1:]
            case ast.Call(func=ast.Call() as mapped) if name_of(mapped) == "vmap":
                axes = tree.argument(mapped, 1, "in_axes")
                items = axes.elts if isinstance(axes, (ast.Tuple, ast.List)) else []
                pairs = zip(items, one.args, strict=False)
                bound += [value for axis, value in pairs if ast.unparse(axis) == "None"]
    by_name = {ast.unparse(one): one for one in reversed(bound) if role_of(last_name(one)) == "h"}
    return [*by_name.values()]


BOUND = ("vmap", "partial")
"""The functions that call a function for each sample with the same values."""


def _of_vmapped_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state for all samples in a function that vmap calls for each of them."""
    expected, got, tree = only_size(mismatch.expected), only_size(mismatch.got), found.program.tree
    is_of_units = (found.framework, mismatch.tensor, mismatch.axis) == ("jax", "h_0", "num_units")
    if not is_of_units or expected is None or got is None or len(states := _bound_states(found)) != 1:
        return mismatch
    likely, made = cause("vmapped_state", "jax", state=ast.unparse(states[0]), units=expected), tree.made_by(states[0])
    if made is None:
        return mismatch if found.program.is_whole else replace(mismatch, causes=(likely, *mismatch.causes))
    sizes = tree.shape_made(made)
    if len(sizes) != BATCH_AND_UNITS or sizes[1] not in (None, expected) or sizes[0] not in (None, got):
        return mismatch
    facts = [fact("num_units", expected, "recurrent kernel"), fact("batch_size", got, "h")]
    return wrong_rank("h_0", 1, BATCH_AND_UNITS, [likely], facts, ((expected,), (got, expected)))


BATCH_AND_UNITS = 2
"""The axes of a state of all samples."""


def state_of_one_sample(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the state which vmap passes on as a whole, without the axis of the samples."""
    tree, states = found.program.tree, _bound_states(found)
    made = tree.made_by(states[0]) if len(states) == 1 else None
    shape = next((one for one in made.args if isinstance(one, (ast.Tuple, ast.List))), None) if made else None
    if shape is None or len(shape.elts) != BATCH_AND_UNITS:
        return ()
    return tree.corrected((shape, tree.text(shape.elts[1])))


RULES = (_of_batch_first_x, _of_vmapped_state)
"""What the program says about the axes around a state."""

CORRECTIONS = {
    "exchanged_axes": time_first_x,
    "other_batch": states_of_batch,
    "returned_axis": state_without_axis,
    "vmapped_state": state_of_one_sample,
}
"""Cause -> the lines that it corrects."""
