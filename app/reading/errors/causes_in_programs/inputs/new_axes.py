"""What a pasted program says about the axes that it gives x on the way to a layer of PyTorch: one of features at
another place, and one for both steps and samples."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_origins import MODULES, MOST_LINKS, UNCHANGED
from ...code_lines.axes_of_x import array_of_loop
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import is_new_axis, last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_shape

ADDED = ("unsqueeze", "expand_dims")
"""Functions that give an array a new axis."""

RESHAPES = ("reshape", "view")


def _array_of(tree: ProgramTree, call: ast.Call) -> tuple[ast.expr | None, list[ast.expr]]:
    """The array of which a method, a function or a layer makes another one, and its other arguments."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if name_of(call) in (*ADDED, *RESHAPES, *UNCHANGED, "flatten") and owner is not None:
        if last_name(owner) not in MODULES:
            return owner, call.args
        return (call.args[0], call.args[1:]) if call.args else (None, [])
    is_of_layer = len(call.args) == 1 and ast.unparse(call.func).startswith("self.")
    return (call.args[0] if is_of_layer else None), []


def _links(found: Found) -> Iterator[ast.expr]:
    """The expressions from the x of the only call that failed back to its data: what layers, methods and functions get,
    through names, parameters and the batches of a loader."""
    tree = found.program.tree
    calls = {id(one.node): one.node for one in found.program.failed_calls if isinstance(one.node, ast.Call)}
    (call,) = calls.values() if len(calls) == 1 else (None,)
    value: ast.expr | None = call.args[0] if call and call.args else None
    for _ in range(2 * MOST_LINKS):
        if value is None:
            return
        yield value
        match value:
            case ast.Name():
                given = tree.given_to(value)
                value = given[1] if given else array_of_loop(tree, value) or tree.assigned(value)
            case ast.Subscript(value=of):
                value = of
            case ast.Call():
                value, _ = _array_of(tree, value)
            case _:
                return


# -- the axis of features ----------------------------------------------------------------------------------------------


def _place_of_new_axis(found: Found, steps: int) -> tuple[ast.expr, str] | None:
    """What makes an axis of size 1 between the samples and the steps of x, and what makes it after the steps; None
    without one."""
    tree = found.program.tree
    for link in _links(found):
        match link:
            case ast.Call() if name_of(link) in ADDED:
                _, given = _array_of(tree, link)
                places = [*given, *(one.value for one in link.keywords if one.arg in ("dim", "axis"))]
                is_second = len(places) == 1 and ast.unparse(places[0]) in ("1", "-2")
                return (places[0], "-1") if is_second else None
            case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(None, None), new, *rest])) if is_new_axis(new):
                return (link.slice, "..., None") if all(map(_is_whole, rest)) else None
            case ast.Call() if name_of(link) in RESHAPES:
                _, sizes = _array_of(tree, link)
                numbers = [*map(tree.number, sizes)]
                if len(sizes) == 3 and numbers[1] == 1 and (numbers[2] == steps or ast.unparse(sizes[2]) == "-1"):
                    array, _ = _array_of(tree, link)
                    function = tree.text(link.func)
                    first = f"{tree.text(array)}, " if array is not None and array in link.args else ""
                    return link, f"{function}({first}{tree.text(sizes[0])}, {tree.text(sizes[2])}, 1)"
                return None
    return None


def _is_whole(index: ast.expr) -> bool:
    return isinstance(index, ast.Slice) and not (index.lower or index.upper or index.step)


def _of_new_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """A series of single numbers whose axis of features is before its steps."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_series = (mismatch.tensor, mismatch.axis, found.framework, expected) == ("x", "features", "pytorch", 1)
    is_batch_first = all(one.layer and one.layer.setting("batch_first") for one in found.program.failed_calls)
    if not is_of_series or not got or not is_batch_first or not _place_of_new_axis(found, got):
        return mismatch
    batch = found.network.batch_size if found.network else None
    likely = [cause("features_first", "pytorch")]
    facts = [*mismatch.facts, fact("time_step", got, "x")]
    return wrong_shape("x", "order", (batch, got, 1), (batch, 1, got), likely, facts)


def axis_after_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives x its axis of features, after the steps."""
    got = mismatch.got
    if mismatch.axis != "order" or found.framework != "pytorch" or not isinstance(got, tuple) or got[1:2] != (1,):
        return ()
    place = _place_of_new_axis(found, got[-1] or 0)
    return found.program.tree.corrected(place) if place else ()


# -- steps and samples in one axis -------------------------------------------------------------------------------------


def _joined(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """What gives a layer rows of steps and samples as its batch, with one step, and the array before both were put into
    one axis; None for any other x."""
    tree, whole = found.program.tree, None
    for link in _links(found):
        if not isinstance(link, ast.Call):
            continue
        array, given = _array_of(tree, link)
        if name_of(link) == "unsqueeze" and [*map(ast.unparse, given)] == ["0"]:
            whole = link
        elif whole is not None and name_of(link) in RESHAPES:
            is_of_rows = len(given) == 2 and ast.unparse(given[0]) == "-1"
            return (whole, array) if is_of_rows and array is not None else None
        elif whole is not None and name_of(link) == "flatten":
            is_of_rows = [*map(ast.unparse, given)] == ["0", "1"]
            return (whole, array) if is_of_rows and array is not None else None
    return None


def _is_of_steps(tree: ProgramTree, array: ast.expr, steps: int, batch: int) -> bool:
    """Whether an array certainly has its steps first, and then its samples: also one that stacks what a loop lists."""
    axes = tree.axes_of_made(array)
    if len(axes) == 3 and None not in axes:
        return axes[:2] == (steps, batch)
    made = tree.assigned(array) if isinstance(array, ast.Name) else array
    if not isinstance(made, ast.Call) or name_of(made) != "stack":
        return False
    along = tree.argument(made, 1, "dim")
    return along is None or tree.number(along) == 0


def _of_joined_axes(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state with the samples of an x whose steps and samples a reshape has put into one axis."""
    expected, got = mismatch.expected, mismatch.got
    is_of_state = mismatch.tensor in ("h_0", "c_0") and mismatch.axis == "batch_size" and found.framework == "pytorch"
    if not is_of_state or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(got) != 3:
        return mismatch
    rows, batch = expected[1], got[1]
    layers = {one.layer for one in found.program.failed_calls if one.layer}
    (layer,) = layers if len(layers) == 1 else (None,)
    if not rows or not batch or rows <= batch or rows % batch or not layer or layer.setting("batch_first"):
        return mismatch
    joined, steps = _joined(found), rows // batch
    if not joined or not _is_of_steps(found.program.tree, joined[1], steps, batch):
        return mismatch
    features = layer.size("features")
    width = features if isinstance(features, int) else None
    kept = mismatch.facts_without("batch_size", "time_step")
    facts = [*kept, fact("batch_size", batch, "h_0"), fact("time_step", steps, "x")]
    likely = [cause("steps_as_samples", "pytorch", batch=batch)]
    sentence = phrase(
        "x has {rows} samples with one step, and the state has {batch}: they are {batch} samples with {steps} steps.",
        rows=rows,
        batch=batch,
        steps=steps,
    )
    of_x = wrong_shape("x", "batch_size", (steps, batch, width), (1, rows, width), likely, facts)
    return replace(of_x, sentence=sentence, is_of_equals=True)


def both_axes(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that gets the rows, with the array before the reshape."""
    tree, joined = found.program.tree, _joined(found)
    return tree.corrected((joined[0], tree.text(joined[1]))) if joined else ()


RULES = (_of_new_axis, _of_joined_axes)
"""What the program says about the causes in the axes that it gives its x."""

CORRECTIONS = {"features_first": axis_after_steps, "steps_as_samples": both_axes}
"""Cause -> the lines that it corrects."""
