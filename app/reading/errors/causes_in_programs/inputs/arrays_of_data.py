"""What a pasted program of PyTorch says about the batches of its data: that of one array is another axis, or another
number, or a layer takes it for time."""

import ast
from dataclasses import replace
from typing import NamedTuple

from ....code.values import ANY, Axes, Layer
from ....facts_about_sizes import Fact, fact
from ...causes import cause
from ...code_lines.array_names import role_of
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
    """A call that makes an array of the data, and its axes."""

    made: ast.Call
    axes: Axes


class WrongData(NamedTuple):
    """A cause in the data, and the parts of the line that it corrects."""

    id: str
    parts: tuple[tuple[ast.expr, str], ...]


def _batches(found: Found, mismatch: Mismatch) -> tuple[int, int] | None:
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
    if found.framework != "pytorch" or not (sizes := _batches(found, mismatch)) or sizes[0] == sizes[1]:
        return None
    calls = {one.layer: one.operands[0] for one in found.program.calls if one.layer}
    layers = [one for one in calls if one.setting("batch_first") is False and not one.kind.endswith("_cell")]
    if len(layers) != 1:
        return None
    axes = calls[layers[0]].axes
    if ANY not in axes and None not in axes[:2]:
        batches = _batches_beside(found, {*sizes})
        of_target = sizes[1] if mismatch.tensor == "target" else axes[0]
        is_known = mismatch.tensor == "target" or batches == {(0, axes[0])} or len(calls) > 1
        return layers[0] if {*axes[:2]} == {*sizes} and axes[0] == of_target and is_known else None
    return layers[0] if _loader_says(found, sizes, mismatch.tensor == "target") else None


def _batches_beside(found: Found, sizes: set[int]) -> set[tuple[int, object]]:
    """Where the arrays of the data that have one of two sizes have it."""
    with_one = [one for one in data_of(found.program.tree) if len({*one.axes[:2]} & sizes) == 1]
    return {(n, size) for one in with_one for n, size in enumerate(one.axes[:2]) if size in sizes}


def _loader_says(found: Found, sizes: tuple[int, int], is_of_target: bool) -> bool:
    """Whether a loader makes batches of one of two sizes, that of the target, and nothing puts time first."""
    tree = found.program.tree
    padded = tree.calls_of("pad_sequence", "pad_packed_sequence")
    is_time_first = any(not tree.keywords(one, "batch_first") for one in padded)
    is_time_first = is_time_first or any(map(_exchanges_first_axes, tree.nodes))
    batch = batch_of_data(found)
    return batch in (sizes[1:] if is_of_target else sizes) and not is_time_first


def _exchanges_first_axes(node: ast.AST) -> bool:
    """Whether a node exchanges the first two axes of an array."""
    match node:
        case ast.Attribute(attr="T"):
            return True
        case ast.Call(func=ast.Attribute(attr="t"), args=[]):
            return True
        case ast.Call() if name_of(node) in EXCHANGING:
            return {ast.unparse(one) for one in node.args[-2:]} == {"0", "1"} or name_of(node) == "permute"
    return False


EXCHANGING = ("transpose", "swapaxes", "swapdims", "permute", "movedim")


def data_of(tree: ProgramTree) -> list[Data]:
    """The arrays that the program makes for its network outside of classes, in the functions that failed."""
    failed = {tree.function_of(node) for line in tree.frames for node in tree.nodes_in(line)} | {None}
    calls = [one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) in failed]
    outside = [one for one in calls if not any(isinstance(above, ast.ClassDef) for above in tree.above(one))]
    return [Data(one, axes) for one in outside if (axes := tree.shape_made(one)) and not _is_state(tree, one)]


def _is_state(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether an array is called like a state."""
    statement = next((one for one in tree.above(made) if isinstance(one, ast.stmt)), None)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return any(role_of(name) in STATES for name in names)


def _wrong_data(found: Found, mismatch: Mismatch) -> WrongData | None:
    """The only array of the data whose first two axes are exchanged, or that has another number of samples."""
    if found.framework != "pytorch" or not (sizes := _batches(found, mismatch)) or sizes[0] == sizes[1]:
        return None
    data, tree = data_of(found.program.tree), found.program.tree
    with_both = [one for one in data if sorted(one.axes[:2], key=str) == sorted(sizes, key=str)]
    with_one = [one for one in data if len({*one.axes[:2]} & {*sizes}) == 1]
    batches = _batches_beside(found, {*sizes})
    if with_both:
        if len(with_both) != 1 or len(batches) != 1:
            return None
        ((n, batch),) = batches
        return _exchanged(tree, with_both[0]) if with_both[0].axes[n] != batch else None
    return _other_number(tree, with_one) if {n for n, _ in batches} == {0} and len(batches) == len(sizes) else None


def _exchanged(tree: ProgramTree, data: Data) -> WrongData | None:
    first, second, *_ = tree.sizes_of(data.made)
    return WrongData("exchanged_data", ((first, tree.text(second)), (second, tree.text(first))))


def _other_number(tree: ProgramTree, data: list[Data]) -> WrongData | None:
    """The array with the number of samples that only one has; of two arrays the one that is made last."""
    by_size = dict[object, list[Data]]()
    for one in sorted(data, key=lambda one: one.made.lineno):
        by_size.setdefault(one.axes[0], []).append(one)
    (_, many), (_, few) = sorted(by_size.items(), key=lambda item: -len(item[1]))
    if len(few) != 1:
        return None
    size = tree.sizes_of(few[0].made)[0]
    new = tree.sizes_of(many[0].made)[0]
    is_known = tree.function_of(new) is tree.function_of(size)
    return WrongData("other_data", ((size, tree.text(new) if is_known else str(many[0].axes[0])),))


def _of_data(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays of the data that a network, or a loss, gets together, although their batches differ."""
    is_known = any(one.id not in REPLACED for one in mismatch.causes[:1])
    is_of_state = found.template.id in OF_STATES  # which may have been made for the other axis
    if is_known:
        return mismatch
    if _time_first(found, mismatch) and not is_of_state:
        likely = (cause("batch_first", "pytorch", cell=found.cell, stack=""),)
        return replace(_of_batch(found, replace(mismatch, causes=likely)), facts=_facts(found, mismatch))
    if wrong := _wrong_data(found, mismatch):
        return _of_batch(found, replace(mismatch, causes=(cause(wrong.id, "pytorch"),)))
    return mismatch


def _facts(found: Found, mismatch: Mismatch) -> tuple[Fact, ...]:
    """The facts of a mismatch, with the batch and the steps of an x that a layer reads in the other order."""
    size, target = _batches(found, mismatch) or (0, 0)
    layer = _time_first(found, mismatch)
    first = [call.operands[0].axes[:1] for call in found.program.calls if call.layer is layer]
    known = (
        {target} if mismatch.tensor == "target" else {batch_of_data(found), *(axis for axes in first for axis in axes)}
    )
    batches = {size, target} & known
    if len(batches) != 1:
        return mismatch.facts
    (batch,) = batches
    sizes = (("batch_size", batch), ("time_step", size + target - batch))
    others = (one for one in mismatch.facts if one.terms not in ((("batch_size",),), (("time_step",),)))
    return (*others, *(fact(name, n, "x") for name, n in sizes))


def _of_batch(found: Found, mismatch: Mismatch) -> Mismatch:
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


def batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer which takes the batch for time."""
    tree, layer = found.program.tree, _time_first(found, mismatch)
    made = tree.made_layer(layer) if layer else None
    return all_of([tree.with_argument(made, "batch_first", "True")]) if made else ()


def fitting_data(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the array of the data which does not fit."""
    wrong = _wrong_data(found, mismatch)
    return found.program.tree.corrected(*wrong.parts) if wrong else ()


RULES = WITHOUT_CAUSES = (_of_data,)
"""What the program says about the causes in its data."""

CORRECTIONS = {**dict.fromkeys(("exchanged_data", "other_data"), fitting_data), "batch_first": batch_first}
"""Cause -> the lines that it corrects."""
