"""The arrays of the data of a pasted program, and a layer of PyTorch that takes their batch for time."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from ....code.values import ANY, Axes, Layer
from ....facts_about_sizes import Fact, fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.array_origins import MAKERS, sizes_of_origin
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import FROM_CODE, Mismatch, Size, equal_sizes_needed, wrong_shape
from ...sizes_of_data import batch_of_data

STATES = ("h", "c")
"""The roles of arrays that are no data: their batch is another axis."""

OF_TWO_ARRAYS = ("pytorch-join", "pytorch-broadcast")
"""Messages that say a size of each of two arrays."""

OF_STATES = ("pytorch-h", "pytorch-h0", "pytorch-h1")

REPLACED = ("target_shape", "time_first", "other_batch", "last_batch", "join_steps", "embedding")
"""Causes that say only that the sizes differ."""


class Data(NamedTuple):
    """A call that makes an array of the data, its axes, and the expressions of their sizes; () if these are others."""

    made: ast.Call
    axes: Axes
    written: tuple[ast.expr, ...]


def batches(found: Found, mismatch: Mismatch) -> tuple[int, int] | None:
    """The two sizes of a message that should be the same batch; None for others."""
    expected, got = mismatch.expected, mismatch.got
    if found.template.id == "pytorch-products" and mismatch.tensor == "output":
        return _differing(expected, got)
    if found.template.id in OF_TWO_ARRAYS and mismatch.tensor != "target":
        return found.number("a"), found.number("b")
    is_flat = isinstance(expected, tuple) and len(expected) == 1
    if mismatch.axis != "batch_size" and not (mismatch.tensor == "target" and is_flat and not found.text("i")):
        return None
    return _differing(expected, got)


def _differing(one: Size, other: Size) -> tuple[int, int] | None:
    """The only sizes in which two shapes differ."""
    if not isinstance(one, tuple) or not isinstance(other, tuple) or len(one) != len(other):
        return None
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return (pairs[0][0], pairs[0][1]) if len(pairs) == 1 and pairs[0][0] and pairs[0][1] else None


def _time_first(found: Found, mismatch: Mismatch) -> Layer | None:
    """The only layer that takes the first axis of its x for time, although it is the batch: as the other data of the
    program, its target or its loader say."""
    if found.framework != "pytorch" or not (sizes := batches(found, mismatch)) or sizes[0] == sizes[1]:
        return None
    calls = {one.layer: one.operands[0] for one in found.program.calls if one.layer}
    layers = [one for one in calls if one.setting("batch_first") is False and not one.kind.endswith("_cell")]
    if len(layers) != 1:
        return None
    axes = calls[layers[0]].axes
    if ANY not in axes and None not in axes[:2]:
        beside = batches_beside(found, {*sizes})
        of_target = sizes[1] if mismatch.tensor == "target" else axes[0]
        is_known = mismatch.tensor == "target" or beside == {(0, axes[0])} or len(calls) > 1
        return layers[0] if {*axes[:2]} == {*sizes} and axes[0] == of_target and is_known else None
    return layers[0] if _loader_says(found, sizes, mismatch.tensor == "target") else None


def batches_beside(found: Found, sizes: set[int]) -> set[tuple[int, object]]:
    """Where the arrays of the data that have one of two sizes have it."""
    with_one = [one for one in made_arrays(found.program.tree) if len({*one.axes[:2]} & sizes) == 1]
    return {(n, size) for one in with_one for n, size in enumerate(one.axes[:2]) if size in sizes}


def _loader_says(found: Found, sizes: tuple[int, int], is_of_target: bool) -> bool:
    """Whether a loader makes batches of one of two sizes, that of the target, and nothing puts time first."""
    tree = found.program.tree
    padded = tree.calls_of("pad_sequence", "pad_packed_sequence")
    is_time_first = any(not tree.keywords(one, "batch_first") for one in padded)
    is_time_first = is_time_first or any(map(_transposes_first_axes, tree.nodes))
    batch = batch_of_data(found)
    return batch in (sizes[1:] if is_of_target else sizes) and not is_time_first


def _transposes_first_axes(node: ast.AST) -> bool:
    """Whether a node transposes the first two axes of an array."""
    match node:
        case ast.Attribute(attr="T"):
            return True
        case ast.Call(func=ast.Attribute(attr="t"), args=[]):
            return True
        case ast.Call() if name_of(node) in TRANSPOSING:
            return {ast.unparse(one) for one in node.args[-2:]} == {"0", "1"} or name_of(node) == "permute"
    return False


TRANSPOSING = ("transpose", "swapaxes", "swapdims", "permute", "movedim")


def made_arrays(tree: ProgramTree) -> list[Data]:
    """The arrays that the program makes for its network outside of classes, in the functions that failed."""
    failed = {tree.function_of(node) for line in tree.frames for node in tree.nodes_in(line)} | {None}
    calls = [one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) in failed]
    outside = [one for one in calls if not _is_in_class(tree, one)]
    made = [one for one in outside if not _is_state(tree, one)]
    return [made_array(one, axes, tree.sizes_of(one)) for one in made if (axes := tree.shape_made(one))]


def made_array(made: ast.Call, axes: Axes, written: list[ast.expr]) -> Data:
    """An array with the expressions of its sizes, if there is one for each axis."""
    return Data(made, axes, tuple(written) if len(written) == len(axes) else ())


def array_of(tree: ProgramTree, array: ast.expr) -> Data | None:
    """The only line that makes, or reshapes, an array; None without one."""
    origins = [*tree.origins(array, makers=MAKERS | {"reshape"})]
    if len(origins) != 1:
        return None
    (origin,) = origins
    known = tree.axes(origin.made)
    if not known or None in known:
        known = tuple(map(tree.number, sizes_of_origin(tree, origin)))
    return made_array(origin.made, known, tree.sizes_of(origin.made))


def _is_state(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether an array is called like a state, or made as one in the call of a recurrent layer."""
    above = [made, *tree.above(made)]
    calls = [one for one in above[1:] if isinstance(one, ast.Call) and len(one.args) > 1]
    if any(one.args[1] in above and MAKES_RECURRENT.search(_layer_called(tree, one)) for one in calls):
        return True
    statement = next((one for one in tree.above(made) if isinstance(one, ast.stmt)), None)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return any(role_of(name) in STATES for name in names)


MAKES_RECURRENT = re.compile(r"\b(?:LSTM|GRU|RNN)(?:Cell)?\(")
"""The call that makes a recurrent layer or cell of PyTorch."""


def _layer_called(tree: ProgramTree, call: ast.Call) -> str:
    """What makes the layer that a call runs, as the program writes it; "" if that is not known."""
    made = tree.assigned(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else call.func
    return tree.text(made) if isinstance(made, ast.Call) else ""


def _of_time_first(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays of the data that a network, or a loss, gets together, of which a layer takes the batch for time."""
    is_of_state = found.template.id in OF_STATES  # which may have been made for the other axis
    layer = None if says_cause(mismatch) or is_of_state else _time_first(found, mismatch)
    if not layer:
        return mismatch
    id = "exchanged_samples" if _reads_last_step_first(found, layer) else "batch_first"
    likely = (cause(id, "pytorch", cell=found.cell, stack=""),)
    return replace(of_batch(found, replace(mismatch, causes=likely)), facts=_facts(found, mismatch))


def says_cause(mismatch: Mismatch) -> bool:
    """Whether the first cause of a mismatch says more than that two sizes differ."""
    return any(one.id not in REPLACED for one in mismatch.causes[:1])


def _facts(found: Found, mismatch: Mismatch) -> tuple[Fact, ...]:
    """The facts of a mismatch, with the batch and the steps of an x that a layer reads in the other order."""
    size, target = batches(found, mismatch) or (0, 0)
    layer = _time_first(found, mismatch)
    first = [call.operands[0].axes[:1] for call in found.program.calls if call.layer is layer]
    known = (
        {target} if mismatch.tensor == "target" else {batch_of_data(found), *(axis for axes in first for axis in axes)}
    )
    common = {size, target} & known
    if len(common) != 1:
        return mismatch.facts
    (batch,) = common
    sizes = (("batch_size", batch), ("time_step", size + target - batch))
    others = mismatch.facts_without("batch_size", "time_step")
    return (*others, *(fact(name, n, "x") for name, n in sizes))


def of_batch(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mismatch of two arrays along their batch, of which the message says only the sizes."""
    if mismatch.tensor == "target" and mismatch.axis is None:
        expected, got = (size if isinstance(size, tuple) else () for size in (mismatch.expected, mismatch.got))
        of_batch = wrong_shape("target", "batch_size", expected, got, mismatch.causes, mismatch.facts)
        return replace(of_batch, beside=mismatch.beside)
    if mismatch.axis == "batch_size" or found.template.id not in OF_TWO_ARRAYS:
        return mismatch
    sizes = found.number("a"), found.number("b")
    sentence, tensor = equal_sizes_needed(*sizes), mismatch.tensor or "x"
    one, other = ((size,) for size in sizes)
    return Mismatch(tensor, "batch_size", sentence, one, other, mismatch.causes, note=FROM_CODE, is_of_equals=True)


def _reads_last_step_first(found: Found, layer: Layer) -> bool:
    """Whether the program takes the last entry of the first axis of what a layer returns for its last step: the network
    has time first, and its data have not."""
    read = (operand for one in found.program.operations for operand in one.operands if layer in operand.layers)
    return any(
        "output" in one.roles and isinstance(one.node, ast.Subscript) and ast.unparse(one.node.slice) == "-1"
        for one in read
    )


def time_first_data(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that makes the x of a network with time first, with its first two sizes exchanged."""
    tree, layer = found.program.tree, _time_first(found, mismatch)
    axes = {call.operands[0].axes[:2] for call in found.program.calls if call.layer is layer} if layer else set()
    outside = (one for one in tree.calls if tree.is_maker(one) and not _is_in_class(tree, one))
    made = [one for one in outside if len(tree.sizes_of(one)) == 3 and tree.shape_made(one)[:2] in axes]
    if len(made) != 1:
        return ()
    first, second, _ = tree.sizes_of(made[0])
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


def _is_in_class(tree: ProgramTree, node: ast.AST) -> bool:
    return any(isinstance(above, ast.ClassDef) for above in tree.above(node))


def batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer which takes the batch for time."""
    tree, layer = found.program.tree, _time_first(found, mismatch)
    made = tree.made_layer(layer) if layer else None
    return all_of([tree.with_argument(made, "batch_first", "True")]) if made else ()


RULES = WITHOUT_CAUSES = (_of_time_first,)
"""What the program says about the causes in its data."""

CORRECTIONS = {"batch_first": batch_first, "exchanged_samples": time_first_data}
"""Cause -> the lines that it corrects."""
