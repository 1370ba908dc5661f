"""What a pasted program says about the layers around a recurrent one, and about what trains it: the causes that this
leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from itertools import islice, pairwise
from math import ceil, prod

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation, with_two_operands
from ....code.values import ANY, Layer
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_origins import MODULES, MOST_LINKS
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import width_of
from ...code_lines.program_nodes import Functions, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.inputs.own_layers_of_keras import layer_below
from ...framework_messages.message_template import Found
from ...framework_messages.operations.axes import target_of_indices
from ...framework_messages.outputs.reshapes_and_norms import is_state
from ...mismatch import Mismatch, only_size, written, wrong_rank, wrong_shape, wrong_size
from ..inputs.calls_with_data import FITS, call_of_model
from ..outputs.targets import last_step_of_network
from ..states.initial_states import DIRECTIONS

STRIDED = {"Conv1d": 3, "Conv1D": 2, "MaxPool1d": 0, "AvgPool1d": 0, "MaxPooling1D": 0, "AveragePooling1D": 0}
"""Layers that may shorten a sequence -> the place of the argument that says by which factor."""

STEPS_OF_STRIDE = ("stride", "strides")

SIZES_OF_POOL = ("pool_size", "kernel_size")
"""The arguments that say the steps that are pooled, which is the stride without another one."""


# -- masks -------------------------------------------------------------------------------------------------------------


def _stride(tree: ProgramTree) -> int:
    """The factor by which convolutions and pooling of a program shorten a sequence."""
    strides = []
    for one in tree.nodes:
        if isinstance(one, ast.Call) and name_of(one) in STRIDED:
            given = [key.value for key in one.keywords if key.arg in STEPS_OF_STRIDE]
            place = STRIDED[name_of(one)]
            if "Pool" in name_of(one):
                given += [key.value for key in one.keywords if key.arg in SIZES_OF_POOL and not given]
            given += [value for value in one.args[place : place + 1] if not given]
            strides += [2] if name_of(one).endswith("Pooling1D") and not given else []
            strides += [number for value in given if (number := tree.number(value))]
    return prod(strides)


def _of_strided_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask of the steps before a convolution that shortens the sequence."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("mask", "time_step") or not expected or not got:
        return mismatch
    stride = _stride(found.program.tree)
    if stride < 2 or ceil(got / stride) != expected:
        return mismatch
    return replace(mismatch, causes=(cause("strided_mask", found.framework, stride=stride),))


def strided_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that applies a mask to a shorter sequence, with the steps of the mask that are left."""
    tree = found.program.tree
    masks = [
        operand.node for one in found.program.failed_operations for operand in one.operands if "mask" in operand.roles
    ]
    node = masks[0] if len({ast.unparse(one) for one in masks if one is not None}) == 1 else None
    while isinstance(node, (ast.UnaryOp, ast.Compare)):
        node = node.operand if isinstance(node, ast.UnaryOp) else node.left
    return tree.corrected((node, f"{tree.operand(node)}[:, ::{_stride(tree)}]")) if node is not None else ()


def _of_strided_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with the steps before a convolution or pooling that shortens the sequence."""
    expected, got = mismatch.expected, mismatch.got
    is_of_steps = (mismatch.tensor, mismatch.axis) == ("target", "time_step") and bool(mismatch.causes)
    if not is_of_steps or not isinstance(expected, tuple) or not isinstance(got, tuple) or found.framework != "keras":
        return mismatch
    steps, of_target = (size[min(1, len(size) - 1)] for size in (expected, got))
    stride = _stride(found.program.tree)
    if not steps or not of_target or stride < 2 or ceil(of_target / stride) != steps:
        return mismatch
    return replace(mismatch, causes=(cause("strided_target", found.framework, stride=stride),))


def strided_target(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that trains a model of Keras, with the steps of the target that are left."""
    tree = found.program.tree
    call = call_of_model(tree)
    y = tree.argument(call, 1, "y") if call else None
    return tree.corrected((y, f"{tree.operand(y)}[:, ::{_stride(tree)}]")) if y is not None else ()


# -- dense layers ------------------------------------------------------------------------------------------------------


def _of_parameter(found: Found, mismatch: Mismatch) -> Mismatch:
    """The output of a dense layer that is added to a parameter of the network for another number of values."""
    if not (both := _output_and_parameter(found)):
        return mismatch
    layer, parameter, size = both
    units = layer.size("num_units")
    if not isinstance(units, int) or units == size:
        return mismatch
    sentence = phrase(
        "The dense layer returns {units} values for each step, and {name} has {size}.",
        units=units,
        name=parameter.text,
        size=size,
    )
    likely = cause("outputs_of_parameter", found.framework, size=size)
    of_units = wrong_size("output", "num_units", size, units, [likely], mismatch.facts)
    return replace(of_units, sentence=sentence, is_of_equals=True)


def _output_and_parameter(found: Found) -> tuple[Layer, Operand, int] | None:
    """The only dense layer that returns one of the sizes of a sum, and the parameter that it is added to, with its last
    size; None for other arrays."""
    sizes = {found.number("a"), found.number("b")}
    for one in found.program.failed_operations:
        parameters = [operand for operand in one.operands if not operand.roles and _is_parameter(found, operand)]
        outputs = [operand for operand in one.operands if "output" in operand.roles]
        if one.kind != "sum" or len(one.operands) != 2 or len(parameters) != 1 or not outputs:
            continue
        size = parameters[0].axes[-1]
        calls = [call.layer for call in found.program.operations if call.layer and call.layer.kind == "dense"]
        layers = [layer for layer in dict.fromkeys(calls) if layer.size("num_units") in sizes - {size}]
        if isinstance(size, int) and len(layers) == 1:
            return layers[0], parameters[0], size
    return None


def _is_parameter(found: Found, operand: Operand) -> bool:
    value = found.program.tree.assigned(operand.node) if isinstance(operand.node, ast.Attribute) else None
    is_known = bool(operand.axes) and ANY not in operand.axes
    return is_known and isinstance(value, ast.Call) and name_of(value) in ("Parameter", "add_weight")


def outputs_of_parameter(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the dense layer, with as many outputs as the parameter has values."""
    tree, both = found.program.tree, _output_and_parameter(found)
    if not both:
        return ()
    layer, parameter, size = both
    made = tree.made_layer(layer)
    units = layer.size("num_units")
    place = tree.argument_of_size(made, units if isinstance(units, int) else None) if made else None
    value = tree.assigned(parameter.node) if parameter.node is not None else None
    array = (
        next((one for one in ast.walk(value) if isinstance(one, ast.Call) and tree.is_maker(one)), None)
        if value
        else None
    )
    sizes = tree.sizes_of(array) if array else []
    same = [one for one in sizes[-1:] if tree.number(one) in (size, None)]
    is_known = made is not None and same and tree.function_of(made) is tree.function_of(same[0])
    return tree.corrected((place, tree.text(same[0]) if is_known else str(size))) if place is not None else ()


# -- reshapes ----------------------------------------------------------------------------------------------------------


def _reshaped(found: Found, mismatch: Mismatch) -> tuple[ast.expr, list[ast.expr], int] | None:
    """The array of a reshape into batch, steps and what is left, its sizes, and the last size of the array, if it has
    another number of steps; None for another reshape."""
    one, shape = found.program.reshape(), mismatch.beside
    values = only_size(mismatch.expected)
    if not one or not isinstance(one.node, ast.Call) or len(shape) != 3 or not values or not one.operands:
        return None
    array, width = one.operands[0].node, one.operands[0].axes[-1:]
    sizes = (
        [*one.node.args[0].elts]
        if len(one.node.args) == 1 and isinstance(one.node.args[0], ast.Tuple)
        else one.node.args
    )
    batch, steps, last = shape
    if array is None or len(sizes) != 3 or not batch or not steps or not isinstance(width[0], int):
        return None
    if last not in (None, width[0]) or values % (batch * width[0]) or values // (batch * width[0]) == steps:
        return None
    return array, [size for size in sizes if isinstance(size, ast.expr)], width[0]


def _of_fixed_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A new shape with a fixed number of steps, for sequences with another one."""
    is_known = any(one.id == "outputs_of_shape" for one in mismatch.causes) or is_state(found)
    if is_known or (mismatch.tensor, mismatch.axis) != ("output", None) or not (reshaped := _reshaped(found, mismatch)):
        return mismatch
    batch, steps, _ = mismatch.beside
    width = reshaped[2]
    got = (only_size(mismatch.expected) or 0) // ((batch or 1) * width)
    sentence = phrase(
        "The new shape has {steps} steps for each of {batch} samples, but the array has {got}.",
        steps=steps,
        batch=batch,
        got=got,
    )
    new = f"{batch}, -1, {width}"
    likely = cause("reshape_fixed_steps", found.framework, new=new, old=f"{batch}, {steps}, -1")
    return replace(mismatch, sentence=sentence, causes=(likely,))


def any_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of a reshape, with -1 for the steps and the size of the array for the last axis."""
    tree, reshaped = found.program.tree, _reshaped(found, mismatch)
    if not reshaped:
        return ()
    array, (_, steps, last), _ = reshaped
    size = f"{tree.operand(array)}.shape[-1]"
    return tree.corrected((steps, "-1"), *([(last, size)] if tree.number(last) != reshaped[2] else []))


# -- models of Keras ---------------------------------------------------------------------------------------------------


def flattened_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only recurrent layer of a model of Keras, after a reshape of an x with an axis too
    many; the call of a layer of PyTorch, whose x has its features in two axes."""
    if flat := features_in_two_axes(found, mismatch):
        x = flat.node.args[0] if isinstance(flat.node, ast.Call) and flat.node.args else None
        return found.program.tree.corrected((x, f"{found.program.tree.operand(x)}.flatten(2)")) if x is not None else ()
    tree, got = found.program.tree, mismatch.shapes[1]
    layers = found.program.made_layers
    made = tree.made_layer(layers[0]) if layers else None
    if found.framework != "keras" or len(got) != 4 or not got[1] or not isinstance(made, ast.Call):
        return ()
    name = tree.text(made.func).rpartition(".")[0]
    reshape = f"{name}.Reshape" if name else "Reshape" if "Reshape" in tree.imported else ""
    above = next(iter(tree.above(made)), None)
    if not reshape:
        return ()
    whole: ast.AST = made
    if isinstance(above, ast.Call) and name_of(above) == "Bidirectional":
        whole, above = above, next(iter(tree.above(above)), None)
    if isinstance(above, (ast.List, ast.Tuple)):
        return tree.corrected((whole, f"{reshape}(({got[1]}, -1)), {tree.text(whole)}"))  # type: ignore[arg-type]
    if isinstance(above, ast.Call) and above.func is whole and above.args:
        x = above.args[0]
        return tree.corrected((x, f"{reshape}(({got[1]}, -1))({tree.text(x)})"))
    return ()


def features_in_two_axes(found: Found, mismatch: Mismatch) -> Operation | None:
    """The only call of a layer of PyTorch that failed, if its x has an axis too many and the sizes after the first two
    are, multiplied, the features for which the layer was made."""
    calls = {id(one.node): one for one in found.program.failed_calls if one.layer and one.operands}
    if found.framework != "pytorch" or mismatch.first_cause != "extra_axis" or len(calls) != 1:
        return None
    (call,) = calls.values()
    axes, features = call.operands[0].axes, call.layer.size("features") if call.layer else None
    sizes = [one for one in axes[2:] if isinstance(one, int) and one > 1]  # an axis of size 1 is rather removed
    return call if len(axes) == len(sizes) + 2 == 4 and prod(sizes) == features else None


def _of_directions_of_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """The weights of one direction for a layer of Keras with two."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_number = found.template.id == "keras-number-of-weights" and not mismatch.causes
    if not is_of_number or not expected or expected != DIRECTIONS * (got or 0):
        return mismatch
    if "Bidirectional" not in found.surroundings.original:
        return mismatch
    likely = cause("weights_of_one_direction", "keras")
    return replace(mismatch, tensor="kernel", axis="num_layers*directions", causes=(likely,))


def weights_of_both(found: Found, mismatch: Mismatch) -> Corrections:
    tree = found.program.tree
    calls = [one for one in tree.calls_in_frames if name_of(one) == "set_weights"]
    if len(calls) != 1 or not calls[0].args:
        return ()
    weights = calls[0].args[0]
    return tree.corrected((weights, f"{DIRECTIONS} * {tree.operand(weights)}"))


def _steps_and_vector(found: Found) -> Layer | None:
    """The recurrent layer whose output of every step is joined with a vector of each sample, if the model is trained
    with a target without steps; None for another join."""
    joins = with_two_operands(found.program.failed_operations, "join")
    ranked = [sorted(one.operands, key=lambda operand: len(operand.axes)) for one in joins]
    for vector, steps in ranked:
        is_of_steps = (len(vector.axes), len(steps.axes)) == (2, 3) and "output" in steps.roles and not vector.roles
        layers = [one for one in found.program.calls if one.layer in steps.layers] or found.program.calls[-1:]
        last = layers[-1].layer if layers else None
        if is_of_steps and steps.axes[1] != 1 and last and last.setting("return_sequences") and _has_flat_target(found):
            return last
    return None


def _has_flat_target(found: Found) -> bool:
    """Whether a program trains a model of Keras with a target of one or two axes, which has one value for each
    sample."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of("fit") if len(one.args) > 1]
    axes = [tree.axes(one.args[1]) or tree.axes_of_made(one.args[1]) for one in calls]
    if len(calls) == 1 and not axes[0]:
        return _is_reduced(tree, calls[0].args[1])
    return len(axes) == 1 and (len(axes[0]) == 1 or (len(axes[0]) == 2 and axes[0][1] == 1))


REDUCTIONS = ("mean", "sum", "max", "min", "std", "argmax", "prod", "median")
"""Methods of NumPy that remove the axes that they get."""


def _is_reduced(tree: ProgramTree, target: ast.expr) -> bool:
    """Whether a target is made only of arrays without all axes but the samples: ``x.mean(axis=(1, 2))``."""
    made = [one.made for one in islice(tree.origins(target, makers=REDUCTIONS), MOST_REDUCED)]
    return bool(made) and all(_has_only_samples(tree, one) for one in made)


MOST_REDUCED = 8


def _has_only_samples(tree: ProgramTree, reduction: ast.Call) -> bool:
    function, keywords = reduction.func, {one.arg: one.value for one in reduction.keywords}
    if not isinstance(function, ast.Attribute) or reduction.args or keywords.keys() != {"axis"}:
        return False
    axis, rank = keywords["axis"], len(tree.axes(function.value))
    numbers = [tree.number(one) for one in (axis.elts if isinstance(axis, ast.Tuple) else [axis])]
    return rank > 1 and {n % rank for n in numbers if n is not None} == {*range(1, rank)}


def _of_every_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of every step that is joined with a vector, for a model with one value for each sample."""
    if found.framework != "keras" or not _steps_and_vector(found):
        return mismatch
    likely, facts = [cause("joined_every_step", "keras", cell=found.cell)], mismatch.facts
    join = next(one for one in found.program.failed_operations if one.kind == "join")
    shapes = (tuple(size if isinstance(size, int) else None for size in one.axes) for one in join.operands)
    steps = max(shapes, key=len)
    rank = wrong_rank("output", 2, 3, likely, facts, ((steps[0], steps[-1]), steps))
    return replace(rank, sentence=mismatch.sentence)


def last_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer whose output of every step is joined with a vector."""
    tree, layer = found.program.tree, _steps_and_vector(found)
    made = tree.made_layer(layer) if layer else None
    flags = [key for key in made.keywords if key.arg == "return_sequences"] if made else []
    return tree.corrected((flags[0].value, "False")) if flags else ()


def last_step_of_model(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the last recurrent layer of a model of Keras, which returns every step, and those of the
    layers after it that are applied to each step; or that of a loss of JAX, with the last step of the output."""
    tree = found.program.tree
    calls = tree.calls_of_failure()
    losses = [one for one in calls if OF_INDICES.search(tree.text(one.func)) and len(one.args) > 1]
    if losses:
        return tree.corrected((losses[0].args[0], f"{tree.operand(losses[0].args[0])}[:, -1]"))
    if found.framework in ("jax", "flax"):
        return last_step_of_network(found, mismatch)
    layers = [one.layer for one in found.program.calls if one.layer and one.layer.framework == "keras"]
    below = layer_below(tree, found.layer) if found.framework == "keras" and not layers else None
    if below and (layer := tree.layer(below)):  # the text shows only some lines, and lacks the class of the next layer
        return _without_steps(tree, layer)
    every_step = [one for one in layers if one.setting("return_sequences")]
    if not every_step or every_step[-1] is not layers[-1]:
        return ()
    return _without_steps(tree, layers[-1], is_model=True)


def vector_of_indices(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of a loss of JAX, with the only column of its target."""
    tree, target = found.program.tree, target_of_indices(found)
    return tree.corrected((target, f"{tree.operand(target)}[:, 0]")) if target is not None else ()


OF_INDICES = re.compile(r"^optax\.|\btake_along_axis$")
"""A loss of Optax, or the values at the indices of classes of which a program of JAX makes one."""


def repeated_layer(found: Found, mismatch: Mismatch) -> Layer | None:
    """The recurrent layer whose output RepeatVector gets; None if it is not known."""
    if [one.id for one in mismatch.causes] != ["repeated_every_step"]:
        return None
    failed = [one for one in found.program.failed_operations if one.layer and "RepeatVector" in one.text]
    layers = {layer for one in failed for layer in one.operands[0].layers}
    if len(layers) != 1:  # layers that are added one after another
        width, tree = mismatch.shapes[1][-1] if mismatch.shapes[1] else None, found.program.tree
        lines = (
            [node.lineno for node in tree.nodes_in(tree.frames[-1]) if isinstance(node, ast.Call)]
            if tree.frames
            else []
        )
        before = [one for one in found.program.made_layers if lines and one.line < lines[0]]
        layers = {one for one in before[-1:] if one.setting("return_sequences") and width_of(one) == width}
        layers = layers or _listed_before_repetition(found)
    return layers.pop() if len(layers) == 1 else None


def _listed_before_repetition(found: Found) -> set[Layer]:
    """The layer that returns every step before the only RepeatVector, in the list of layers of a model."""
    tree = found.program.tree
    lists = [one.elts for one in tree.nodes if isinstance(one, (ast.List, ast.Tuple))]
    pairs = [(one, other) for elts in lists for one, other in pairwise(elts) if _is_repetition(other)]
    made = {id(tree.made_layer(one)): one for one in found.program.made_layers}
    layer = made.get(id(pairs[0][0])) if len(pairs) == 1 else None
    return {layer} if layer and layer.setting("return_sequences") else set()


def _is_repetition(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node) == "RepeatVector"


def last_step_repeated(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the recurrent layer whose output RepeatVector gets."""
    layer = repeated_layer(found, mismatch)
    return _without_steps(found.program.tree, layer) if layer else ()


def _without_steps(tree: ProgramTree, layer: Layer, is_model: bool = False) -> Corrections:
    """The line that makes a layer without return_sequences; in a whole model also those of the layers after it."""
    made = tree.made_layer(layer)
    part = tree.without_argument(made, "return_sequences") if made else None
    if not made or not part:
        return ()
    after = [one for one in tree.calls_of("TimeDistributed") if one.args and one.lineno >= made.lineno]
    of_model = [one for one in after if is_model and tree.function_of(one) is tree.function_of(made)]
    return tree.corrected(part, *((one, tree.text(one.args[0])) for one in of_model))


def _sample_weight(found: Found) -> ast.expr | None:
    """The weights of samples in the call that trains a model of Keras."""
    tree = found.program.tree
    calls = [one for one in tree.calls_in_frames if name_of(one) in FITS]
    given = [key.value for call in calls for key in call.keywords if key.arg == "sample_weight"]
    return given[0] if len(given) == 1 else None


def _of_sample_weight(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of each step for an output of each sample, by which Keras multiplies the losses."""
    left, right = found.shape("left"), found.shape("right")
    is_product = found.framework == "keras" and "loss" in found.text("operation") and (len(left), len(right)) == (1, 2)
    if not is_product or _sample_weight(found) is None:
        return mismatch
    sentence = phrase(
        "sample_weight has shape {got}, with a weight for each step, but the output has one value for each sample.",
        got=written(right),
    )
    return Mismatch(None, None, sentence, causes=(cause("sample_weight", "keras"),))


def weight_of_sample(found: Found, mismatch: Mismatch) -> Corrections:
    tree, weights = found.program.tree, _sample_weight(found)
    return tree.corrected((weights, f"{tree.operand(weights)}.mean(axis=1)")) if weights is not None else ()


# -- x -----------------------------------------------------------------------------------------------------------------

NAMED_STEPS = (
    r"(?i:\b(?:(?:self\.)?(?:win(?:dow)?(?:_?(?:size|len\w{{0,3}}))?|look_?back|(?:seq|max)_?len\w{{0,4}}|(?:n_)?lags?"
    r"|(?:n_?|num_?|time_?)steps?|history|timesteps?|length))(?::\s?int)?\s?=\s?{n}\b)"
)
"""A line that says the number of steps."""

TRANSPOSED = re.compile(r"\.T\b|transpose\(|swapaxes\(|permute\(")


def _of_steps_last(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x whose last axis has as many values as the program says that a window has steps, and that it transposes."""
    expected, got, source = only_size(mismatch.expected), only_size(mismatch.got), found.program.source
    ids = [one.id for one in mismatch.causes]
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and "features_first" in ids
    if not is_of_features or ids[0] == "features_first" or not expected or not got:
        return mismatch
    if not re.search(NAMED_STEPS.format(n=got), source) or not TRANSPOSED.search(source):
        return mismatch
    likely = [one for one in mismatch.causes if one.id == "features_first"]
    facts = (*mismatch.facts, fact("time_step", got, "x"))
    return wrong_shape("x", "order", (None, got, expected), (None, expected, got), likely, facts)


def is_exchange(call: ast.Call) -> bool:
    """Whether a call exchanges the last two of three axes."""
    axes = [ast.unparse(one) for one in call.args]
    exchanged = name_of(call) in ("transpose", "swapaxes") and {*axes[-2:]} in ({"1", "2"}, {"-1", "-2"})
    return exchanged or (name_of(call) == "permute" and axes[-3:] in (["0", "2", "1"], ["(0, 2, 1)"], ["[0, 2, 1]"]))


def without_exchange(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that exchanges the last two axes of x without doing so; none if its function reads the result in other
    lines, too."""
    tree = found.program.tree
    nodes = [one.node for one in found.program.failed_calls if one.operands]
    call = nodes[0] if len(nodes) == 1 else None
    x = call.args[0] if isinstance(call, ast.Call) and call.args else None
    reads = [one for one in tree.nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    for _ in range(MOST_LINKS):
        if not isinstance(x, ast.Name):
            break
        value, name = tree.assigned(x), x
        if value and any(
            one.id == name.id and tree.function_of(one) is tree.function_of(name) and value.lineno < one.lineno
            for one in reads
            if one is not name
        ):
            return ()
        x = value or next(iter((tree.given_to(x) or ())[1:]), None)
    if not isinstance(x, ast.Call) or not is_exchange(x) or not isinstance(x.func, ast.Attribute):
        return ()
    is_function = isinstance(x.func.value, ast.Name) and x.func.value.id in MODULES
    kept, line = x.args[0] if is_function else x.func.value, tree.line(x)
    if line.startswith(f"{ast.unparse(kept)} = "):
        return [(line, f"# {line}")]
    return tree.corrected((x, tree.text(kept)))


RULES = (
    _of_strided_mask,
    _of_strided_target,
    _of_fixed_steps,
    _of_every_step,
    _of_sample_weight,
    _of_steps_last,
)
"""What the program says about the causes in the layers around a recurrent one."""

WITHOUT_CAUSES = (_of_parameter, _of_directions_of_weights, _of_sample_weight)
"""The same for messages of which nothing else says a cause."""


def not_unrolled(found: Found, mismatch: Mismatch) -> Corrections:
    """The only layer that is unrolled, without this argument."""
    tree = found.program.tree
    made = [part for one in tree.calls if (part := tree.without_argument(one, "unroll"))]
    return tree.corrected(made[0]) if len(made) == 1 and mismatch.tensor == "x" else ()


def reset_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The GRU that refuses the weights with the other ``reset_after``, or the call that makes its model with it."""
    tree, value = found.program.tree, str(mismatch.got != 1)
    made = [one for one in tree.calls_of("GRU", "GRUCell") if not tree.constructor(one)]
    named = [one for one in made if found.text("layer") in map(_constant, tree.keywords(one, "name"))]
    layers = named or _numbered(found, made) or made
    if mismatch.tensor != "bias" or len(layers) != 1:
        return ()
    given = next(iter(tree.keywords(layers[0], "reset_after")), None)
    function = tree.function_of(layers[0])
    if not isinstance(given, ast.Name) or not function or given.id not in tree.parameters(function):
        return all_of([tree.with_argument(layers[0], "reset_after", value)])
    owners = [node for node in tree.nodes_of_failure if isinstance(node, ast.Name)]
    calls = [call for one in owners if isinstance(call := tree.assigned(one), ast.Call)]
    of_function = [one for one in calls if tree.function_called(one) is function]
    of_function = of_function or _calls_with_other(tree, function, given, value)
    return all_of([tree.with_parameter(one, function, given.id, value) for one in of_function[:1]])


def _calls_with_other(tree: ProgramTree, function: Functions, parameter: ast.Name, value: str) -> list[ast.Call]:
    """The only call that gives a function, maybe by its default, another constant for a parameter."""
    defaults = dict(zip(tree.parameters(function)[::-1], function.args.defaults[::-1], strict=False))
    calls = [one for one in tree.calls if function in (tree.constructor(one), tree.function_called(one))]
    given = [(one, tree.argument_for(one, function, parameter) or defaults.get(parameter.id)) for one in calls]
    others = [call for call, one in given if isinstance(one, ast.Constant) and str(one.value) != value]
    return others if len(others) == 1 else []


def _numbered(found: Found, made: list[ast.Call]) -> list[ast.Call]:
    """The layer that Keras numbers among the GRUs, if the module makes each of them once: ``gru_1``."""
    tree, number = found.program.tree, re.fullmatch(r"gru(?:_(\d{1,3}))?", found.text("layer"))
    is_once = all(tree.function_of(one) is None and not tree.is_in_loop(one) for one in made)
    in_order = sorted((one for one in made if not tree.keywords(one, "name")), key=lambda one: one.lineno)
    return in_order[n : n + 1] if number and is_once and (n := int(number[1] or 0)) < len(in_order) else []


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


CORRECTIONS = {
    "unrolled": not_unrolled,
    "unrolled_step": not_unrolled,
    "features_first": without_exchange,
    "reset_after": reset_of_layer,
    "strided_mask": strided_mask,
    "strided_target": strided_target,
    "outputs_of_parameter": outputs_of_parameter,
    "reshape_fixed_steps": any_steps,
    "extra_axis": flattened_features,
    "weights_of_one_direction": weights_of_both,
    "joined_every_step": last_step,
    "not_return_sequences": last_step_of_model,
    "index_column": vector_of_indices,
    "repeated_every_step": last_step_repeated,
    "sample_weight": weight_of_sample,
}
"""Cause -> the lines that it corrects."""
