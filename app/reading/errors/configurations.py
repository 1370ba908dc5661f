"""The configurations of the network that an error is about: those that fit what the message, the lines of the program
and its data say."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations
from math import prod

from ..code.values import ANY, Axes
from ..facts_about_sizes import GATES, Configuration, Fact, common_sizes, fact, fits
from .axes_of_arrays import AXES_OF_X, RANK, STEPS, steps_in_order
from .causes_in_programs.layers.layers_around import features_in_two_axes, repeated_layer
from .causes_in_programs.layers.stacked_layers import stacked
from .causes_in_programs.outputs.networks_and_losses import sizes_without_axis
from .code_lines.axes_of_x import axes_of_x
from .code_lines.layers_and_operands import width_of
from .code_lines.onnx_nodes import sizes_of_onnx_node
from .code_lines.program_nodes import factors_of, name_of
from .code_lines.program_tree import ProgramTree
from .facts_of_all_layers import OF_ONE_LAYER, facts_of_all_calls, facts_of_all_layers
from .framework_messages.message_template import HANDWRITTEN_CELLS, Found
from .mismatch import Mismatch, Shape, only_size
from .places_of_layers import place_of_layer
from .said_shapes import facts_of_said_x
from .sizes_of_data import (
    axes_of_x_facts,
    batch_of_data,
    batch_of_slices,
    exchanges_steps,
    features_of_named_x,
    samples_of_first_slices,
    scans,
    sizes_of_equation,
    sizes_of_feed,
    sizes_of_given_x,
    sizes_of_scan,
    sizes_of_unstacked,
    takes_samples_for_steps,
    units_of_gate,
    units_of_scanned_state,
)
from .sizes_of_failed_calls import ALL_SAMPLES, USUAL_BATCH, sizes_of_failed_call, sizes_of_step
from .stacks_of_cells import runs_several_cells
from .summary_tables import sizes_in_summary

IN_BATCHES = re.compile(r"dataloader\(|tensordataset\(|\.fit\(|\.batch\(")
"""A program that reads its data in batches, whose arrays have all samples; in lower case."""

OF_STEPS = (("time_step",),)
"""What a fact about the number of steps is about."""

OF_BATCH = (("batch_size",),)
"""What a fact about the number of samples is about."""

OF_FEATURES = (("features",),)
"""What a fact about the number of features is about."""

OF_UNITS = (("num_units",),)
"""What a fact about the number of units is about."""

IN_STEPS = re.compile(r"timedistributed|conv")
"""Layers of Keras that read several axes of each step, in lower case."""

OF_KERAS_0 = re.compile(r"\b(?:dense|lstm|gru|simplernn)\(\s?\w{1,40}\s?,\s?\w{1,40}\s?[,)]")
"""A layer of Keras 0, whose first argument is the size of its input; in lower case."""

OF_GATES = (("gates",),)

OF_ONE_CELL = fact("num_layers", 1, "cell")
"""What a program says about one cell, which is not true of a stack of them."""

OF_ONE_STEP = "-cell-"
"""A part of the ids of templates about cells, which compute one step."""


def configurations_of(found: Found, mismatch: Mismatch) -> tuple[Configuration, ...]:
    """The configurations with the facts of a message and, if they fit, those of the text around it; for each cell that
    raises it, if the text does not name one."""
    raising = {GATES[cell] for cell in found.template.cells}  # of other layers in the text, the message says nothing
    is_of_others = bool(raising) and not found.cell
    of_program = tuple(
        one
        for one in _of_program(found, mismatch)
        if not (is_of_others and one.terms == OF_GATES and one.value not in raising)
    )
    cells = (found.cell,) if found.cell else _with_states(mismatch) or found.template.cells
    if not found.cell and any("gates" in one.names for one in of_program):
        cells = ()
    gates: list[tuple[Fact, ...]] = [(fact("gates", GATES[cell], "class"),) for cell in cells]
    arguments = (*of_program, *_arguments(found, mismatch), *_of_target(found, mismatch))
    of_calls = () if _is_before_layers(mismatch) else facts_of_all_calls(found)
    of_all = (*facts_of_all_layers(found), *_as_packed(of_calls, mismatch))
    if _may_have_steps(found, mismatch):
        arguments, of_all = (tuple(one for one in known if one.terms != OF_FEATURES) for known in (arguments, of_all))
    if found.template.id.startswith("keras-0-") and OF_KERAS_0.search(found.surroundings.text):
        arguments, of_all = (
            tuple(one for one in known if one.terms not in (OF_FEATURES, OF_UNITS)) for known in (arguments, of_all)
        )
    if _is_of_called_cell(found, mismatch):
        arguments, of_all = (tuple(one for one in known if one.terms != OF_STEPS) for known in (arguments, of_all))
    if runs_several_cells(found.surroundings.text):
        arguments, of_all = (tuple(one for one in known if one != OF_ONE_CELL) for known in (arguments, of_all))
    facts = [(*mismatch.facts, *cell, *arguments) for cell in gates or [()]]
    if any(cause.id == "vmap" for cause in mismatch.causes):  # nothing says which axis is the batch
        return tuple(one for known in facts for one in _fitting(known))
    return tuple(one for known in facts for one in _with_arrays(found, mismatch, known, of_all))


def _with_states(mismatch: Mismatch) -> tuple[str, ...]:
    """The cells with as few states as the layer of a message has; () for another message."""
    is_of_number = mismatch.first_cause == "number_of_states" and mismatch.axis is None
    return ("gru", "rnn") if is_of_number and mismatch.expected == (1,) else ()


def _is_of_called_cell(found: Found, mismatch: Mismatch) -> bool:
    """Whether a message of Keras is about a cell that the program calls itself, or about what such cells return: the
    steps of a layer beside it, such as the encoder, are others."""
    is_after = not found.called and mismatch.tensor in ("output", "target")
    calls = [one.layer for one in found.program.operations if one.layer]
    is_called = any(one.framework == "keras" and one.kind.endswith("_cell") for one in calls)
    return found.framework == "keras" and is_called and (is_after or found.called.endswith("cell"))


def _as_packed(facts: Iterable[Fact], mismatch: Mismatch) -> Iterator[Fact]:
    """Facts about a call. If the only cause is that its batch was packed along the wrong axis, the samples are where
    the layer finds the steps."""
    other = dict(zip(STEPS, STEPS[::-1], strict=True)) if [one.id for one in mismatch.causes] == ["packed_axis"] else {}
    for one in facts:
        terms = tuple(tuple(other.get(name, name) for name in term) for term in one.terms)
        yield replace(one, terms=terms)


def _is_before_layers(mismatch: Mismatch) -> bool:
    """Whether a new shape of x failed, so that the layers got none."""
    return mismatch.tensor == "x" and any(cause.id in ("reshape_values", "reshape_batch") for cause in mismatch.causes)


def _with_arrays(
    found: Found, mismatch: Mismatch, facts: tuple[Fact, ...], of_all: tuple[Fact, ...]
) -> tuple[Configuration, ...]:
    """The configurations that fit the facts, and the only array in lines of code that may be x: that of the encoder has
    other steps than a decoder. ``of_all``: what is true of every layer."""
    configurations = _fitting(facts)
    arrays = [*_of_array(found, mismatch, configurations[0])] if len(configurations) == 1 else []
    if [one.id for one in mismatch.causes] == ["encoder_units"]:
        arrays = [one for one in arrays if one.terms != OF_STEPS]
    known = tuple(_of_first_slices(found, (*facts, *arrays, *of_all)))
    said = facts_of_said_x(found, mismatch, common_sizes(_fitting(known)).features)
    return fits((*known, *said)).configurations or _fitting(known)


def _of_first_slices(found: Found, facts: tuple[Fact, ...]) -> Iterator[Fact]:
    """Facts with the batch of the first slices of a loop in place of that of the last one."""
    sizes = samples_of_first_slices(found)
    for one in facts:
        is_of_last = one.terms == OF_BATCH and one.value in sizes
        yield replace(one, value=sizes[one.value]) if is_of_last else one


def _features_of_init(mismatch: Mismatch) -> Shape:
    """The features of the x with which the weights were made, whose batch and steps those of other x are, too."""
    is_of_init = any(one.id == "init_features" for one in mismatch.causes)
    return mismatch.got[:1] if is_of_init and isinstance(mismatch.got, tuple) else ()


def _of_array(found: Found, mismatch: Mismatch, network: Configuration) -> Iterator[Fact]:
    """The batch and the steps of the only array that lines of code make with as many features, and with the batch, if
    that is known."""
    of_x = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in HANDWRITTEN_CELLS
    features = {network.features, *_features_of_init(mismatch), only_size(mismatch.got) if of_x else None} - {None}
    batch, in_batches = network.batch_size, IN_BATCHES.search(found.surroundings.text)
    arrays: set[tuple[int | None, ...]] = {
        shape[:2]
        for shape in _given_in_frames(found) or (*found.surroundings.made_shapes, *_made_in_program(found))
        if shape[-1] in features and (batch is None or batch in shape[:2]) and shape not in _read_by_other_layers(found)
    }
    words = set() if arrays else _numbers_of_words(found, network)
    arrays = arrays or {*words}
    if network.time_step is not None:
        yield from features_of_named_x(found, network)
        return
    if len(arrays) != 1 and [*sizes_of_step(found, mismatch)]:
        return  # the array with three axes is the state
    if len(arrays) != 1:
        yield from sizes_of_given_x(found, mismatch, network)
        return
    (sizes,) = arrays
    if found.framework == "pytorch" and OF_ONE_STEP in found.template.id and not found.program.is_whole:
        return  # a loop gives a cell its steps, in any order of axes
    has_layers = found.framework in ("keras", "flax") or bool(words)
    is_batch_first = has_layers or found.surroundings.flag("batch_first") or exchanges_steps(found)
    is_part = bool(words) and batch not in sizes  # of all words, whose order is that of the layer
    looped = _axis_of_loop(found)
    if looped is not None:
        is_batch_first = looped == 1
    elif batch is not None and not (in_batches and is_batch_first) and not is_part:
        is_batch_first = sizes[0] == batch if sizes[0] != sizes[1] else is_batch_first
    elif not has_layers and found.framework != "pytorch" and not scans(found):
        return
    elif not is_batch_first and found.framework == "pytorch" and not found.program.made_layers:
        return  # no line makes the layer, whose batch may be first
    elif found.framework == "pytorch" and OF_ONE_STEP in found.template.id:
        return  # nothing says which axis the loop takes apart
    order = steps_in_order(is_batch_first)
    named = [*zip(order, sizes, strict=True)]
    if in_batches:  # the first axis has all samples
        named = [one for one in named[1:] if one[0] != "batch_size"]
    if found.program.tree.is_only_read_in_parts(sizes):
        named = [one for one in named if one[0] != "time_step"]
    yield from (fact(name, size, "array") for name, size in named if size)


def _axis_of_loop(found: Found) -> int | None:
    """The axis of x that the loop of PyTorch takes apart whose steps the cell of a message gets, or one below it:
    ``for x_t in x.unbind(1)``; None for another loop."""
    tree = found.program.tree
    for call in tree.calls_of_failure() if found.framework == "pytorch" and OF_ONE_STEP in found.template.id else ():
        for loop in (one for one in tree.above(call) if isinstance(one, ast.For)):
            made = loop.iter
            if isinstance(made, ast.Call) and name_of(made) == "enumerate" and made.args:
                made = made.args[0]
            made = (tree.assigned(made) or made) if isinstance(made, ast.Name) else made
            targets = [one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)]
            called_with = {ast.unparse(one.args[0]) for one in ast.walk(loop) if isinstance(one, ast.Call) and one.args}
            if called_with.isdisjoint(targets):
                continue
            if isinstance(made, ast.Name):
                return 0
            if not isinstance(made, ast.Call):
                continue
            is_function = isinstance(made.func, ast.Attribute) and ast.unparse(made.func.value) == "torch"
            given = made.args[is_function:] or [one.value for one in made.keywords]
            axes = [tree.number(one) for one in given]
            if name_of(made) == "unbind" and (axes or [0]) in ([0], [1]):
                return (axes or [0])[0]
            if axes in EXCHANGED.get(name_of(made), ()):
                return 1
    return None


EXCHANGED = {**dict.fromkeys(("transpose", "swapaxes", "movedim"), ([0, 1], [1, 0])), "permute": ([1, 0, 2],)}
"""Functions of PyTorch that exchange the first two axes -> their arguments."""


def _read_by_other_layers(found: Found) -> set[Axes]:
    """The shapes of what a program gives to whole layers of PyTorch, such as an encoder, beside the cell that a message
    is about."""
    if found.framework != "pytorch" or OF_ONE_STEP not in found.template.id:
        return set()
    return {one.operands[0].axes for one in found.program.calls if one.layer and not one.layer.kind.endswith("_cell")}


def _numbers_of_words(found: Found, network: Configuration) -> set[tuple[int, ...]]:
    """The shapes of what a program of Flax with an embedding passes to its network: a number for each word. A state
    beside them has none."""
    tree = found.program.tree
    if found.framework not in ("flax", "jax") or not tree.calls_of("Embed"):
        return set()
    embeds = [one for one in tree.calls if _makes_embedding(one.func) or _makes_embedding(tree.assigned(one.func))]
    words = [one for call in embeds for one in call.args[:1] if isinstance(one, ast.Name)]
    given = [of[1] for one in words if (of := tree.given_to(one))]
    arguments = given or [one for call in tree.calls_in_frames for one in call.args]
    shapes = {tree.axes_of_made(one) for one in arguments if isinstance(one, ast.Name)}
    shapes |= {axes_of_x(tree, one) for one in given if isinstance(one, ast.Subscript)}
    shapes = {one for one in shapes if not network.num_units or one[-1:] != (network.num_units,)}
    sizes = (tuple(size for size in shape if isinstance(size, int)) for shape in shapes if len(shape) == len(STEPS))
    return {one for one in sizes if len(one) == len(STEPS)}


def _makes_embedding(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and name_of(node) == "Embed"


def _given_in_frames(found: Found) -> list[tuple[int, ...]]:
    """The shapes of the arrays with three axes that the traceback passes to a function or a network of PyTorch."""
    tree = found.program.tree
    calls = tree.calls_in_frames if found.framework == "pytorch" else []
    outer = [one for one in calls if tree.function_of(one) is None]
    shapes = (tree.axes(one) for call in outer for one in call.args[:1])
    known = (tuple(size for size in shape if isinstance(size, int)) for shape in shapes if len(shape) == RANK)
    return [one for one in known if len(one) == RANK]


def _made_in_program(found: Found) -> Iterator[tuple[int, ...]]:
    """The shapes of the arrays with three axes that a program with a handwritten cell makes, and does not add to an
    array with more entries in an axis: ``t + phase`` with one step in ``phase``."""
    tree = found.program.tree
    summands = {*_broadcast(found)}
    for one in tree.nodes if found.framework in ("numpy", "jax", "flax") else ():
        axes = tree.axes(one) if isinstance(one, ast.Call) and tree.is_maker(one) else ()
        sizes = tuple(size for size in axes if isinstance(size, int))
        if len(sizes) == len(axes) == RANK and axes not in summands:
            yield sizes


def _broadcast(found: Found) -> Iterator[Axes]:
    """The axes of the operands of sums that have one entry in an axis in which another operand has, or may have,
    more."""
    for one in found.program.operations:
        for operand in one.operands if one.kind == "sum" else ():
            axes = operand.axes
            for other in (other.axes for other in one.operands if other is not operand):
                if 1 in axes and ANY not in axes and (len(other) != len(axes) or _is_repeated(axes, other)):
                    yield axes


def _is_repeated(axes: Axes, other: Axes) -> bool:
    """Whether an axis with one entry is beside one that has, or may have, more."""
    return any(size == 1 != beside for size, beside in zip(axes, other, strict=True))


def _batch_of_samples(found: Found, samples: Shape) -> Shape:
    """The samples of a batch, of an array that has all of them, or a batch, in its first axis; () if that is open."""
    if not found.template.text.startswith(ALL_SAMPLES):
        return samples
    said = {int(size) for size in SAID_BATCH.findall(found.surroundings.text)}
    if ("batch_size" in found.surroundings.text and len(said) != 1) or None in samples:
        return ()
    if not said:  # one batch has all of a few samples; of more, the last one has others than the usual ones
        return tuple(one for one in samples if one and one <= USUAL_BATCH)
    (batch,) = said
    return tuple(min(one or 0, batch) for one in samples)


SAID_BATCH = re.compile(r"\.(?:fit|predict|evaluate)\([^\n]{0,200}?\bbatch_size\s?=\s?(\d{1,9})\b")
"""The batch in a call of a model of Keras, in lower case."""


def _fitting(facts: tuple[Fact, ...]) -> tuple[Configuration, ...]:
    """The configurations that fit the facts. Of facts that contradict each other the last one is left out: names and
    other lines may lie."""
    while not (found := fits(facts)).configurations:
        facts = tuple(one for one in facts if one != found.contradiction[-1])
    return found.configurations


def _of_target(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The batch and the steps of an output of Keras that a target does not fit; the steps that a mask should have."""
    if (mismatch.tensor, mismatch.axis) == ("mask", "time_step") and not mismatch.is_of_equals:
        yield from (fact("time_step", size, "mask") for size in [only_size(mismatch.expected)] if size)
    output = mismatch.beside or (mismatch.shapes[0] if len(mismatch.shapes[0]) == RANK else ())
    if mismatch.tensor == "target" and found.framework == "keras":
        known = zip(STEPS[: len(output) - 1], output, strict=False)
        yield from (fact(name, size, "output") for name, size in known if size)


def _may_have_steps(found: Found, mismatch: Mismatch) -> bool:
    """Whether the last axis of an x of Keras with two axes is that of features or of steps: no line declares it."""
    is_of_two = (mismatch.tensor, mismatch.axis) == ("x", "rank") and len(mismatch.shapes[1]) == len(STEPS)
    source = CODE_IN_PROSE.sub("", found.program.source)
    return is_of_two and mismatch.note is not None and not DECLARES_X.search(source)


CODE_IN_PROSE = re.compile(r"`[^`\n]{0,80}`")
"""What a warning of Keras quotes, such as "the `def build(self, input_shape)` method"."""


DECLARES_X = re.compile(r"input_shape|input_dim|\bInput(?:Layer)?\(|\.build\(")
"""The features of a network of Keras, in its own lines."""


def _features_of_both_axes(found: Found, mismatch: Mismatch) -> dict[str, int]:
    """The features of an x of Keras with two axes after its steps, which the corrected ``Reshape`` of the program
    makes one axis; {} if no such line is corrected."""
    sizes = mismatch.shapes[1][len(STEPS) :] if mismatch.shapes else ()
    is_own = [(one.id, "Reshape(" in one.wrong and one.is_own) for one in mismatch.causes] == [("extra_axis", True)]
    if found.framework != "keras" or not is_own or len(sizes) != 2 or None in sizes:
        return {}
    return {"features": prod(one for one in sizes if one)}


def _of_program(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """What the program in the text says about its only recurrent layer, or about that whose output does not fit; or
    about one that gets the last step of another one."""
    got = mismatch.got if mismatch.tensor == "output" and isinstance(mismatch.got, tuple) else ()
    width = got[-1] if got else None
    width = width_of(layer) if (layer := repeated_layer(found, mismatch)) else width
    if found.framework in ("numpy", "jax", "flax"):
        sizes = {
            **sizes_of_scan(found),
            **units_of_scanned_state(found, mismatch),
            **(_units_of_line(found) or _units_of_state(found, mismatch) or units_of_gate(found)),
            **(sizes_of_equation(found.program.tree) if found.framework == "numpy" else {}),
            **found.program.sizes_of_handwritten_cell,
            **found.program.tree.sizes_of_flax_cell,
        }
    else:
        place = place_of_layer(found, mismatch)
        sizes = found.program.sizes_of_layer(found.cell, width, found.text("layer"), place)
        sizes |= _features_of_both_axes(found, mismatch)
        is_of_batches = (mismatch.tensor, mismatch.axis) == ("h_0", "batch_size")  # the steps may be of another axis
        of_steps = sizes_of_unstacked(found)
        if is_of_batches and STEPS[0] in of_steps:
            of_steps = {name: size for name, size in of_steps.items() if name not in STEPS}
        sizes = {**of_steps, **sizes}
    if found.framework == "keras" and not found.program.calls:
        sizes = {**_said_in_lines(found), **sizes}
    sizes = {**sizes_in_summary(found), **sizes}
    if found.framework == "onnx":
        sizes = {**sizes_of_onnx_node(found.program.tree, found.cell), **sizes}
    yield from _as_packed((fact(name, size, "program") for name, size in sizes.items()), mismatch)
    both = stacked(found) if mismatch.tensor == "x" and mismatch.axis == "rank" else None
    if both and len(both.input) == RANK:
        of_above = (*both.input[:-1], width_of(both.below), both.above.size("num_units"))
        names = zip((*AXES_OF_X, "num_units"), of_above, strict=True)
        yield from (fact(name, size, "program") for name, size in names if isinstance(size, int))
    has_more_axes = found.framework == "keras" and [one.id for one in mismatch.causes] == ["extra_axis"]
    if has_more_axes and len(x := mismatch.shapes[1]) == len(STEPS) + 2:
        is_of_one = x[1] == 1 and not IN_STEPS.search(found.surroundings.text)  # the batch, which stands in the shape
        known = zip(STEPS[:1] if is_of_one else STEPS, x, strict=False)
        yield from (fact(name, size, "x") for name, size in known if size)
    flat = features_in_two_axes(found, mismatch)
    first = flat.layer.setting("batch_first") if flat and flat.layer else None
    if flat and isinstance(first, bool):
        named = zip(steps_in_order(first), flat.operands[0].axes, strict=False)
        yield from (fact(name, size, "x") for name, size in named if isinstance(size, int))
    yield from sizes_without_axis(found, mismatch) if found.framework == "pytorch" else ()
    if batch := _batch_of_last_steps(found, mismatch):
        yield fact("batch_size", batch, "output")
    of_one = _sizes_of_one_sample(found, mismatch)
    yield from (fact(name, size, "h") for name, size in of_one.items())
    is_of_state = mismatch.is_of_equals and {one.id for one in mismatch.causes} == {"other_batch"}
    if is_of_state and found.framework == "flax" and (batch := only_size(mismatch.expected)):
        yield fact("batch_size", batch, "x")
    of_slices = batch_of_slices(found.program.tree) if OF_ONE_STEP in found.template.id else None
    is_batch = not takes_samples_for_steps(found) or any(one.id == "batch_first" for one in mismatch.causes)
    if is_batch and (batch := batch_of_data(found) or of_slices):
        yield fact("batch_size", batch, "data")
    if mismatch.tensor != "x":
        yield from sizes_of_feed(found)
    if found.framework in ("pytorch", "keras") and (steps := found.program.tree.steps_of_windows):
        yield fact("time_step", steps, "window")
    if found.framework == "pytorch" and OF_ONE_STEP not in found.template.id:
        yield from _as_packed(axes_of_x_facts(found), mismatch)
    yield from sizes_of_failed_call(found, mismatch)


def _said_in_lines(found: Found) -> dict[str, int]:
    """The units of the only recurrent layer of Keras in lines that are no program, such as one without its line breaks,
    and the features, if its arguments say them."""
    text = CODE_IN_PROSE.sub("", found.surroundings.text)
    layers = MADE_LAYER.findall(text)
    if len(layers) != 1 or len(NUMBER_OF_LAYERS.findall(text)) != 1:
        return {}
    ((units, arguments),) = layers
    features = FEATURES_IN_ARGUMENTS.search(arguments)
    known = {"num_units": int(units), "features": int(features[1] or features[2]) if features else None}
    return {name: size for name, size in known.items() if size}


MADE_LAYER = re.compile(
    r"(?<![\w.])(?:[\w.]{1,40}\.)?(?:lstm|gru|simplernn)\(\s?(?:units\s?=\s?)?(\d{1,6})(?!\s?[*/+\w.-])((?:[^()]|\([^()]{0,80}\)){0,300})\)"
)
"""A recurrent layer of Keras with its units and its other arguments, in lower case."""

NUMBER_OF_LAYERS = re.compile(r"(?<![\w.])(?:[\w.]{1,40}\.)?(?:lstm|gru|simplernn|rnn|cudnnlstm|cudnngru)\(")
"""Any recurrent layer that lines make."""

FEATURES_IN_ARGUMENTS = re.compile(
    r"input_dim\s?=\s?(\d{1,6})\b(?!\s?[*/+-])|input_shape\s?=\s?[(\[]\s?(?:\d{1,6}|none)\s?,\s?(\d{1,6})\s?[)\]]"
)
"""The features of x in the arguments of a layer."""


def _sizes_of_one_sample(found: Found, mismatch: Mismatch) -> dict[str, int]:
    """The batch of the states of a program of PyTorch whose x lacks an axis only because it is one sample, and the
    steps of this x; empty for another error."""
    batches = {axes[1] for axes in found.program.given_states if len(axes) == RANK}
    if mismatch.first_cause != "unbatched" or batches != {1}:
        return {}
    read = {one.operands[0].axes[0] for one in found.program.calls if one.operands and len(one.operands[0].axes) == 2}
    sizes = {"batch_size": 1, "time_step": read.pop() if len(read) == 1 else None}
    return {name: size for name, size in sizes.items() if isinstance(size, int)}


def _batch_of_last_steps(found: Found, mismatch: Mismatch) -> int | None:
    """The samples of the input of a dense layer that gets the last step of each, or entries of the last state, whose
    axes the program leaves as they are; None for another one."""
    nodes = [one.node for one in found.program.calls if isinstance(one.node, ast.Call)]
    given = mismatch.got if mismatch.tensor == "dense_input" and isinstance(mismatch.got, tuple) else ()
    of_dense = [one for one in found.program.failed_operations if one.layer and one.layer.kind == "dense"]
    read = [one.operands[0] for one in of_dense if one.operands]
    is_output = bool(read) and all("output" in one.roles and len(one.axes) == len(STEPS) for one in read)
    is_last = bool(nodes) and all(map(found.program.tree.reads_last_step, nodes))
    is_state = bool(read) and all(one.roles == {"h_0"} and len(one.axes) == len(STEPS) for one in read)
    reshaped = (one.operands[0].roles for one in found.program.operations if one.kind == "reshape" and one.operands)
    is_of_batch = (is_output and is_last) or (is_state and not any("h_0" in roles for roles in reshaped))
    return given[0] if is_of_batch and len(given) == len(STEPS) else None


def _units_of_line(found: Found) -> dict[str, int]:
    """The number of units, which is the first size of the weights by which the line that failed multiplies h: the other
    one is that of all gates. Weights that are transposed have them the other way round; those of an output may have
    fewer columns than units."""
    tree = found.program.tree
    sizes = set[int]()
    for node in tree.nodes_in(tree.frames[-1]) if tree.frames else ():
        for n, (state, kernel) in enumerate(permutations(factors_of(node) or (), len(STEPS))):
            shape = tree.shape_of_made(kernel) if found.line.array(state).role == "h" else ()
            known = [one for one in shape if isinstance(one, int) and one > 0]
            if len(known) != len(STEPS):
                continue
            units, columns = known[::-1] if n else known  # of h @ W, or of W @ h
            if columns % units == 0:
                sizes.add(units)
            elif units == GATES.get(found.cell, 0) * columns:
                sizes.add(columns)
    return {"num_units": sizes.pop()} if len(sizes) == 1 else {}


def _units_of_state(found: Found, mismatch: Mismatch) -> dict[str, int]:
    """The number of units of the state in the products of the line that failed: its last axis before a kernel, or where
    it is joined with x along the last axis, and its first one after it. Empty if the state itself is wrong, which may
    have others."""
    tree = found.program.tree
    if mismatch.tensor not in ("x", "kernel") or not tree.frames:
        return {}
    both = [factors for one in tree.nodes_in(tree.frames[-1]) if (factors := factors_of(one))]
    states = [(tree.axes(one), -1 - n) for factors in both for n, one in enumerate(factors) if _is_state(found, one)]
    joins = [one for one in tree.nodes_in(tree.frames[-1]) if isinstance(one, ast.Call) and _joins_last_axes(tree, one)]
    states += [(tree.axes_of_made(one), -1) for call in joins for one in _items(call.args[0]) if _is_state(found, one)]
    sizes = {axes[place] for axes, place in states if len(axes) == len(STEPS)}
    units = sizes.pop() if len(sizes) == 1 else None
    return {"num_units": units} if isinstance(units, int) else {}


def _joins_last_axes(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call of NumPy or JAX joins rows side by side."""
    axis = tree.argument(call, 1, "axis")
    along = axis is not None and ast.unparse(axis) in ("1", "-1")
    return bool(call.args) and (name_of(call) == "hstack" or (name_of(call) == "concatenate" and along))


def _items(arrays: ast.expr) -> list[ast.expr]:
    return arrays.elts if isinstance(arrays, (ast.List, ast.Tuple)) else []


def _is_state(found: Found, node: ast.expr) -> bool:
    return found.line.array(node).role == "h"


OF_DIRECTION = re.compile(r"\bbidirectional(?:_\d{1,4})?/(?:forward|backward)_")
"""The scopes of a direction in the name of an operation of Keras, in the folded text."""

OF_WRAPPED = re.compile(r"path=[\w/]{0,80}\w/(?:forward|backward)_(?:lstm|gru|simple_rnn)(?:_\d{1,4})?/\w{0,20}cell")
"""The scopes of a direction in the path of a variable of Keras, in the folded text."""

WEIGHTS = ("kernel", "recurrent_kernel", "bias")

ARGUMENTS = {
    "num_layers": "num_layers",
    "hidden_size": "num_units",
    "input_size": "features",
}
"""Arguments in lines of code, and the sizes that they are."""


WORDS_OF_ENCODER = re.compile(r"\b\w{0,30}(?:encoder|decoder)\w{0,20}\([^()\n]{0,80}?\binput_size ?= ?(\d{1,9})\b")
"""The input of an encoder or a decoder of the program's own, in lower case: mostly the number of words that it
embeds."""


def _inputs_of_coders(text: str) -> set[str]:
    """The inputs of all encoders and decoders that a text says."""
    return {*WORDS_OF_ENCODER.findall(text)} if "coder" in text else set()


def _arguments(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """What lines of code around the message say, or the call in which it arose, or the arguments of the recurrent layer
    of Keras that was called."""
    surroundings = found.surroundings
    for argument, size in ARGUMENTS.items():
        if size == "num_layers" and found.framework in OF_ONE_LAYER:  # it counts the layers of the network
            continue
        others = {one.size(size) for one in found.program.made_layers} - {value := surroundings.number(argument)}
        if size == "features" and str(value) in _inputs_of_coders(surroundings.text):
            continue
        is_certain = argument in surroundings.arguments  # else of which layer of the program it is, is open
        if value and (is_certain or not any(isinstance(one, int) for one in others)):
            yield fact(size, value, argument)
    is_of_jax = found.framework in ("jax", "flax")  # in which nn.RNN has no such argument
    bidirectional = surroundings.flag("bidirectional")
    both = {one.setting("bidirectional") for one in found.program.made_layers} - {None}
    if not is_of_jax and bidirectional is not None and both <= {bidirectional}:
        yield fact("directions", 1 + bidirectional, "bidirectional")
    elif found.framework == "keras" and OF_DIRECTION.search(found.text("operation")):
        yield fact("directions", 2, "operation")
    elif found.framework == "keras" and mismatch.tensor in WEIGHTS and OF_WRAPPED.search(surroundings.text):
        yield fact("directions", 2, "path")
    sizes = surroundings.call.sizes if surroundings.call else {}
    yield from (fact(name, size, "input") for name, size in sizes.items())
    below = surroundings.call and surroundings.call.below
    if below and below.time_step and mismatch.first_cause == "return_sequences":
        yield fact("time_step", below.time_step, "input")
    x = surroundings.input_shape if found.called else ()
    axes = AXES_OF_X if len(x) == RANK else ("batch_size", "features") if len(x) == 2 else ()
    if len(x) != 2 or "cell" in found.called:
        wrong = mismatch.axis if mismatch.tensor == "x" else None
        named = [(name, size) for name, size in zip(axes, x, strict=False) if size and name != wrong]
        yield from (fact(name, size, "arguments") for name, size in named)
    is_of_samples = (mismatch.tensor, mismatch.axis) == ("x", "rank") and mismatch.shapes[1] != mismatch.shapes[0][1:]
    of_data = mismatch.shapes[1][:1] if is_of_samples else ()
    if found.framework == "keras" and surroundings.fits_model:  # all data of a model begin with the batch
        yield from (fact("batch_size", size, "x") for size in _batch_of_samples(found, of_data) if size)
