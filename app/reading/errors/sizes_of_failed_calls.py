"""What the arguments of a call that failed, and the lines beside it, say about the sizes of a network."""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from ..code.operations import RECURRENT, Operation
from ..code.values import Axes
from ..facts_about_sizes import Fact, fact
from .axes_of_arrays import AXES_OF_X, RANK, STEPS, axes_of_x_in_order
from .causes_in_programs.states.sizes_of_states import given_state
from .code_lines.axes_of_x import axes_of_x
from .code_lines.called_layer import NAMED_LIKE_LAYER
from .code_lines.layers_and_operands import has_two_directions
from .code_lines.made_layers import CELLS_OF_FLAX
from .code_lines.program_nodes import name_of
from .code_lines.program_tree import ProgramTree
from .code_lines.sizes_of_steps import sizes_of_looped_x
from .framework_messages.message_template import Found
from .mismatch import Mismatch

OF_STATES = ("h_0", "c_0")

FEED, KERNEL = "X", "W"
"""The names of the x and the kernel of a recurrent operator of ONNX."""


def sizes_of_failed_call(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """What is known of the array that a layer gets, or that a model of Keras was built with."""
    yield from _directions_of_call(found, mismatch)
    yield from _of_x_beside_wrong_state(found, mismatch)
    if found.framework == "jax":
        yield from _of_scanned_x(found, mismatch)
    if found.framework == "pytorch":
        yield from sizes_of_step(found, mismatch)
        yield from _of_single_step(found)
        yield from _of_x_beside_states(found, mismatch)
        yield from _of_x_of_network(found)
        yield from _of_lengths(found, mismatch)
    elif found.framework == "keras":
        yield from _of_built_layer(found)
        yield from _of_open_axes(found, mismatch)
    elif found.framework == "onnx":
        yield from _of_feed(found) if mismatch.tensor != "x" else _of_fed_kernel(found, mismatch)


def _directions_of_call(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The directions of the layer whose call failed, also beside layers with others: for a message about its state, of
    the only one that gets one."""
    calls = found.program.failed_calls
    with_states = [one for one in calls if mismatch.tensor in OF_STATES and given_state(one)]
    layers = {one.layer for one in with_states or calls}
    layer = layers.pop() if len(layers) == 1 else None
    both = has_two_directions(layer) if layer and layer.kind in RECURRENT else None
    if both is not None:
        yield fact("directions", 1 + both, "program")


def _of_x_beside_wrong_state(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The sizes of the x, or of the steps of x, that the line which fails gives a layer or a cell beside a wrong state;
    not those that the state may have taken from another axis of x. Of an x with wrong features, only its samples and
    steps."""
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features")
    if mismatch.tensor not in OF_STATES and not is_of_features:
        return
    calls = [one for one in found.program.failed_calls if given_state(one)] if not is_of_features else []
    if found.framework == "keras" and len(calls) == 1 and _is_given(found, calls[0]):
        x = calls[0].operands[0]
        yield from (
            fact(name, size, "x") for name, size in zip(AXES_OF_X[1:], x.axes[1:], strict=True) if _is_size(size)
        )
    for call in _calls_of_cells(found):
        n = 1 if found.framework == "flax" else 0
        sizes = sizes_of_looped_x(found.program.tree, call.args[n]) if len(call.args) > n else {}
        if is_of_features:
            sizes = {name: size for name, size in sizes.items() if name in STEPS}
        if mismatch.axis == "batch_size":
            wrong = {size for of in mismatch.shapes for size in of}
            sizes = {name: size for name, size in sizes.items() if name != "batch_size" and size not in wrong}
        yield from (fact(name, size, "x") for name, size in sizes.items())


def _is_given(found: Found, call: Operation) -> bool:
    """Whether the x of a layer of Keras is an array with three axes that the program makes, or an input of its
    model."""
    x, node = call.operands[0], call.node.args[0] if isinstance(call.node, ast.Call) and call.node.args else None
    made = found.program.tree.assigned(node) if isinstance(node, ast.Name) else None
    is_input = isinstance(made, ast.Call) and name_of(made) == "Input"
    return len(x.axes) == RANK and (x.is_made or is_input)


def _of_scanned_x(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The sizes of the x over whose first axis the only ``scan`` of JAX runs in which a state or weights have other
    units or another order than the cell needs."""
    tree = found.program.tree
    scans = [one for one in tree.calls_of("scan") if len(one.args) >= SCANNED]
    is_of_units = mismatch.tensor in OF_CELL and mismatch.axis in ("num_units", "order")
    if not is_of_units or len(scans) != 1 or tree.calls_of("vmap", "pmap"):
        return
    (scan,) = scans
    body = tree.function_called(ast.Call(scan.args[0], [], []))
    axes = axes_of_x(tree, scan.args[SCANNED - 1]) if body in map(tree.function_of, tree.nodes_of_failure) else ()
    if len(axes) == RANK:
        named = zip(axes_of_x_in_order(is_batch_first=False), axes, strict=True)
        yield from (fact(name, size, "x") for name, size in named if _is_size(size))


OF_CELL = (*OF_STATES, "recurrent_kernel")
"""What a step of a cell has beside x."""

SCANNED = 3
"""The arguments of ``scan`` up to the arrays that it takes apart."""


def _calls_of_cells(found: Found) -> Iterator[ast.Call]:
    """The only call of a cell of Flax or PyTorch in the line that failed."""
    tree = found.program.tree
    of_layers = [one.node for one in found.program.failed_calls if one.layer and one.layer.kind.endswith("_cell")]
    if found.framework == "flax" and not tree.calls_of(*TRANSFORMED):
        made = (
            (one, one.func if isinstance(one.func, ast.Call) else tree.assigned(one.func))
            for one in tree.calls_of_failure()
        )
        of_layers = [one for one, of in made if isinstance(of, ast.Call) and name_of(of) in CELLS_OF_FLAX]
    elif found.framework != "pytorch":
        return
    calls = {id(one): one for one in of_layers if isinstance(one, ast.Call)}
    yield from calls.values() if len(calls) == 1 else ()


TRANSFORMED = ("scan", "vmap")
"""Functions of Flax and JAX that give a cell parts of an array without any line that takes them."""


def _is_size(size: object) -> TypeGuard[int]:
    return isinstance(size, int) and size > 0


def sizes_of_step(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The samples of the step that a cell gets beside states with another number of axes or units."""
    call = found.program.failed_call
    is_cell = call is not None and call.layer is not None and call.layer.kind.endswith("_cell")
    if not call or not is_cell or mismatch.tensor not in OF_STATES or mismatch.axis == "batch_size":
        return
    x = call.operands[0]
    if x.is_made and len(x.axes) == len(STEPS) and isinstance(x.axes[0], int):
        yield fact("batch_size", x.axes[0], "x")


def _of_single_step(found: Found) -> Iterator[Fact]:
    """The only step of a cell that a program without loops and functions calls once."""
    tree, calls = found.program.tree, {id(one.node): one for one in found.program.failed_calls}
    called = {one.layer for one in calls.values() if one.layer and one.layer.kind.endswith("_cell")}
    repeats = any(isinstance(one, (*LOOPS, *FUNCTIONS)) for one in tree.nodes)
    if repeats or not len(calls) == len(called) == 1 or not any(map(tree.nodes_in, tree.frames)):
        return
    if [one.layer for one in found.program.operations if one.layer].count(*called) == 1:
        yield fact("time_step", 1, "program")


LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _of_x_beside_states(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The features of the x that a layer, whose line the text lacks, gets beside the states of the message, and its
    steps if its batch is known."""
    tree, got = found.program.tree, mismatch.got
    for call in tree.calls_of_failure()[:1]:
        if found.program.failed_call or mismatch.tensor not in OF_STATES or len(call.args) != 2:
            return
        x, given = tree.axes(call.args[0]), call.args[1]
        states = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
        if len(x) != RANK or got not in [tree.axes(one) for one in states]:
            return
        if isinstance(x[-1], int):
            yield fact("features", x[-1], "x")
        batch = got[1] if isinstance(got, tuple) and len(got) == RANK else None
        steps = [size for size in x[:2] if size != batch]
        if mismatch.axis != "batch_size" and len(steps) == 1 and isinstance(steps[0], int):
            yield fact("time_step", steps[0], "x")


def _of_x_of_network(found: Found) -> Iterator[Fact]:
    """The features of the only array that the traceback gives to a network which gives it to its recurrent layer,
    whose lines the text lacks."""
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure} - {None}
    if found.program.made_layers or len(functions) != 1 or len(tree.frames) < len(STEPS):
        return
    (function,) = functions
    given = [one for one in tree.parameters(function) if one != "self"]
    read = [
        x.id
        for one in tree.calls
        if tree.function_of(one) is function and NAMED_LIKE_LAYER.search(name_of(one))
        for x in one.args[:1]
        if isinstance(x, ast.Name) and not tree.is_assigned_before(x)
    ]
    arrays = [tree.axes(call.args[0]) for call in tree.calls_in(tree.frames[-2]) if len(call.args) == 1]
    features = {axes[-1] for axes in arrays if len(axes) == RANK}
    if len(given) == 1 and read == given and len(features) == 1 and isinstance(size := features.pop(), int):
        yield fact("features", size, "x")


def _of_lengths(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The batch of a packed sequence whose lengths are a list that the program writes."""
    tree = found.program.tree
    packed = tree.calls_of("pack_padded_sequence") if mismatch.tensor == "output" else []
    lengths = tree.argument(packed[0], 1, "lengths") if len(packed) == 1 else None
    made = tree.assigned(lengths) if isinstance(lengths, ast.Name) else lengths
    if isinstance(made, ast.List) and made.elts and all(isinstance(one, ast.Constant) for one in made.elts):
        yield fact("batch_size", len(made.elts), "lengths")


def _of_built_layer(found: Found) -> Iterator[Fact]:
    """The steps and the features with which the program builds its only recurrent layer."""
    tree = found.program.tree
    built = [one for one in tree.calls_of("build") if isinstance(one.func, ast.Attribute) and len(one.args) == 1]
    for call in built if len(built) == 1 else []:
        layer = tree.layer(call.func.value) if isinstance(call.func, ast.Attribute) else None
        shape = call.args[0]
        if layer and layer.kind in RECURRENT and isinstance(shape, (ast.Tuple, ast.List)):
            sizes = map(tree.number, shape.elts if len(shape.elts) == RANK else [])
            named = zip(AXES_OF_X, sizes, strict=False)
            yield from (fact(name, size, "build") for name, size in named if size)


ALL_SAMPLES = "Error when checking"
"""The beginning of messages about all data of a model, before it is cut into batches."""

USUAL_BATCH = 32
"""The samples of a batch of ``fit``, ``predict`` and ``evaluate``, if the program does not say another number."""


def _of_open_axes(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The steps of an x with another batch or other features, of a layer that reads any number of steps; the samples,
    if it reads any number of them; and the features of the last step of a layer below, which should return all."""
    if (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("x", "rank", "return_sequences"):
        yield from (fact("features", size, "x") for size in mismatch.shapes[1][1:] if size)
    expected, got = mismatch.expected, mismatch.got
    is_of_x = mismatch.tensor == "x" and mismatch.axis in ("batch_size", "features")
    if not is_of_x or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return
    if len(expected) == len(got) == RANK and expected[1] is None and got[1]:
        yield fact("time_step", got[1], "x")
    is_of_batch = 0 < (got[0] or 0) <= USUAL_BATCH and not found.template.text.startswith(ALL_SAMPLES)
    if len(expected) == len(got) == RANK and expected[0] is None and is_of_batch and mismatch.axis == "features":
        yield fact("batch_size", got[0] or 0, "x")


def _of_feed(found: Found) -> Iterator[Fact]:
    """The x that the program feeds to a recurrent operator of ONNX, by the name of its input: its features, and if the
    program makes the operator without a layout, which has time first, its other sizes."""
    tree = found.program.tree
    shapes = _fed(tree, FEED)
    if len(shapes) != 1 or len(shape := shapes.pop()) != RANK:
        return
    is_known = "make_node" in found.program.source and "layout" not in found.program.source
    named = [*zip(axes_of_x_in_order(False), shape, strict=True)]
    yield from (fact(name, size, "array") for name, size in named[0 if is_known else -1 :] if isinstance(size, int))


def _of_fed_kernel(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The features of the kernel that a program feeds beside an x with as many values in its last axis."""
    shapes, x = _fed(found.program.tree, KERNEL), mismatch.shapes[1]
    features = {shape[-1] for shape in shapes if len(shape) == RANK and shape[-1:] == x[-1:]}
    if len(shapes) == len(features) == 1 and isinstance(size := features.pop(), int):
        yield fact("features", size, "kernel")


def _fed(tree: ProgramTree, name: str) -> set[Axes]:
    """The shapes that the dictionaries of a program have for an input of a model of ONNX; none if a line gives one of
    them another array."""
    pairs = [pair for one in tree.nodes if isinstance(one, ast.Dict) for pair in zip(one.keys, one.values, strict=True)]
    keys = [one.slice for one in tree.nodes if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store)]
    if any(isinstance(key, ast.Constant) and key.value == name for key in keys):
        return set()
    return {tree.axes(value) for key, value in pairs if isinstance(key, ast.Constant) and key.value == name}
