"""Messages about what gets the output of a recurrent layer: reshapes and normalizations.

Networks without recurrence raise them as well.
"""

import ast
import re
from collections.abc import Iterator
from math import prod

from .....translations.phrases import Phrase, phrase
from ....code.values import ANY, Axes
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX, RANK
from ...causes import cause
from ...code_lines.array_names import RECURRENT, role_of
from ...code_lines.layers_and_operands import makes_x, parts_of, what, width_of
from ...code_lines.program_nodes import name_of
from ...code_lines.reached_networks import reaches_network
from ...mismatch import Cause, Mismatch, NoShapeError, Shape, from_code, wrong_shape, wrong_size
from ...names_of_layers import LAYER_OR_CELL, MAKES_LAYER
from ...pattern_with_word import pattern_with_word
from ...printed_models import PRINTED
from ..message_template import Found, MessageTemplate
from ..operations.indices_and_expands import last_layer

RESHAPED = pattern_with_word(
    r"(\w+)(?:\([^()]{0,20}\))?(?:\.contiguous\(\))?\.(?:view|reshape)\(", ".view(", ".reshape("
)
"""The array that a line of code reshapes; in the folded text."""

LAYER = re.compile(
    rf"(?:\b(?:nn|layers|self)\.|= ?)(?:lstm|gru|(?:simple)?rnn)\w{{0,20}}\((?![^\n]{{0,300}}# {PRINTED}$)",
    re.MULTILINE,
)
"""A recurrent layer that is made or called: a function or a class may only be named like one. A printed model does not
say what is reshaped."""

OF_OUTPUT = re.compile(r"(?:lstm|gru|rnn)_?out\w{0,10}|\b(?:h_?n|(?:last_)?hidden|h_t)\.(?:view|reshape)\(")
"""What a recurrent layer returns, by its name."""

NAMED_OUTPUT = re.compile(r"out|hidden|lstm|gru|rnn|\bh\w?\b")

INPUTS = ("input", "inputs", "data", "sequence", "sequences", "x_train", "x_test")
"""Names of arrays that are inputs, in code."""

NORMALIZATIONS = {
    "pytorch-batch-norm": "BatchNorm1d",
    "pytorch-instance-norm": "InstanceNorm1d",
    "pytorch-layer-norm": "LayerNorm",
}
"""Template -> the class that raises its message."""

OVER_SECOND = ("pytorch-batch-norm", "pytorch-instance-norm")
"""Templates of normalizations over the second axis."""


def reshape(found: Found) -> Mismatch:
    """A new shape whose sizes do not multiply to the number of values. Keras does not count the batch."""
    if known := _of_windows(found) or _of_rows(found) or _of_beams(found):
        return known
    is_of_layer = LAYER.search(found.surroundings.text) or OF_OUTPUT.search(found.code.lower()) or _role(found)
    if found.framework != "keras" and not is_of_layer:
        raise NoShapeError(phrase("a reshape"))
    if _has_only_other_lines(found):
        raise NoShapeError(phrase("a reshape"))
    shape = _new_shape(found)
    size = found.number("size") or prod(axis or 0 for axis in found.shape("input"))
    needed = found.number("count") or prod(axis for axis in shape if axis is not None)
    values = {"size": size, "needed": needed}
    if None in shape or found.template.id.endswith("multiple"):
        sentence = _of_multiple(size, needed)
    else:
        sentence = phrase("The array has {size:,} values, but the new shape needs {needed:,}.", **values)
    tensor = _reshaped(found)
    causes = tuple(_causes_of_reshape(found, size, shape, is_state(found))) if size and needed else ()
    mismatch = Mismatch(tensor, None, sentence, (size,), (needed,), causes, beside=shape)
    return from_code(mismatch) if _role(found) and not found.program.reshape() else mismatch


def _of_beams(found: Found) -> Mismatch | None:
    """The first state of a decoder with attention that has the samples of the encoder and not those of a beam search,
    or the other way round; None for another array."""
    text = found.surroundings.text
    values, needed = sorted((found.number("size"), found.number("count")))
    beams = {int(one) for one in BEAMS.findall(text)}
    if found.template.framework != "tf1" or not STATE_OF_DECODER.search(text) or len(beams) != 1 or not values:
        return None
    (number,) = beams
    if number < 2 or needed != number * values:
        return None
    sentence = phrase(
        "The array has {size:,} values, but the new shape needs {needed:,}.",
        size=found.number("size"),
        needed=found.number("count"),
    )
    return Mismatch("h_0", "batch_size", sentence, causes=(cause("states_of_beams", "tf1"),))


BEAMS = re.compile(r"\b(?:beam_?(?:width|size)|multiplier)\s?=\s?(\d{1,4})\b")
"""The number of beams in a line of code."""

STATE_OF_DECODER = re.compile(r"attentionwrapperzerostate")
"""The scope in which a decoder of TensorFlow 1 with attention makes its first state, in lower case."""


def _has_only_other_lines(found: Found) -> bool:
    """Whether a text has lines of a program of PyTorch that make a recurrent layer, but none that reshapes or calls
    anything else: nothing says that the array which gets a new shape is one of that layer."""
    tree = found.program.tree
    is_of_reshape = re.search(r"\.(?:view|reshape|unflatten)\(", found.code) is not None
    is_without_line = found.framework == "pytorch" and not is_of_reshape and not tree.frames
    calls = tree.calls if is_without_line else []
    return bool(calls) and all(LAYER_OR_CELL.fullmatch(name_of(one)) for one in calls)


def _of_windows(found: Found) -> Mismatch | None:
    """Rows that should become windows of several steps by a reshape, one for each row; None for another reshape."""
    shape, size = _new_shape(found), found.number("size")
    named = OF_OPERATION.search(found.code.lower()) or OF_OPERATION.search(found.surroundings.text)
    is_of_rows = found.template.framework == "numpy" and not (named and NO_ROWS.search(named[1] or named[2]))
    if len(shape) != LAST_AXIS + 1 or None in shape or not is_of_rows:
        return None
    samples, steps, features = (axis or 0 for axis in shape)
    if steps < 2 or size != samples * features or not MADE_LAYER.search(found.surroundings.text):
        return None
    sentence = phrase(
        "The array has {samples:,} rows of {features:,}, but the new shape needs {steps:,} rows for each sample.",
        samples=samples,
        features=features,
        steps=steps,
    )
    likely = cause("windows", found.framework, steps=steps, old=", ".join(map(str, shape)))
    return Mismatch("x", None, sentence, (size,), (size * steps,), (likely,), beside=shape)


OF_OPERATION = re.compile(r"\b(?:np|numpy)\.reshape\(\s?(\w{1,40})\s?,|\b(?!np\b|numpy\b)(\w{1,40})\.reshape\(")
"""The array that a line of code reshapes."""

NO_ROWS = re.compile(r"pred|out|hat|hidden|state|^y(?:_|$)")
"""Names of what a network returns, and of its target."""

MADE_LAYER = re.compile(r"\b(?:lstm|gru|simplernn|rnn)\b")
"""A recurrent layer, in lower case."""


def _of_rows(found: Found) -> Mismatch | None:
    """Rows of data that a reshape makes into whole windows, if some rows are left over; None for another reshape."""
    shape, size = _new_shape(found), found.number("size")
    if len(shape) != LAST_AXIS + 1 or shape[0] is not None or None in shape[1:] or not _is_of_data(found):
        return None
    steps, features = (axis or 0 for axis in shape[1:])
    if steps < 2 or not features or size % features or size % (steps * features) == 0:
        return None
    likely = cause("whole_rows", found.framework, steps=steps, features=features)
    needed = steps * features
    facts = (fact("time_step", steps, "x"), fact("features", features, "x"))
    return Mismatch("x", None, _of_multiple(size, needed), (size,), (needed,), (likely,), facts, beside=shape)


def _of_multiple(size: int, needed: int) -> Phrase:
    return phrase(
        "The array has {size:,} values, but the new shape needs a multiple of {needed:,}.", size=size, needed=needed
    )


def _is_of_data(found: Found) -> bool:
    """Whether an array of NumPy gets a new shape in a program with layers of another framework, to which the program
    gives it, and is not called like what these return; or an array of PyTorch that no recurrent layer has returned."""
    if not MAKES_LAYER.search(found.program.source):
        return False
    if found.template.framework == "pytorch":
        one = found.program.reshape()
        return one is not None and one.operands[0].is_made and not one.operands[0].roles
    named = OF_OPERATION.search(found.code.lower())
    is_of_rows = named is not None and not NO_ROWS.search(named[1] or named[2])
    return found.template.id == "numpy-reshape" and is_of_rows and reaches_network(found.program.tree)


def _role(found: Found) -> str:
    """What gets a new shape, by the line that failed: x of a recurrent layer has three axes then."""
    array = next((one.operands[0] for one in found.line.operations if one.kind == "reshape"), None)
    if array is None:
        return ""
    is_of_attention = array.role == "weights" and OF_ATTENTION.search(array.text.lower())
    is_of_layer = array.role == "x" and len(_new_shape(found)) == LAST_AXIS + 1
    return array.role if array.role in ("output", "h") or is_of_attention or is_of_layer else ""


OF_ATTENTION = re.compile(r"att|align|energ")
"""Weights that are those of steps; others may be of anything."""


LAST_AXIS = 2
"""The index of the features of x."""


def _reshaped(found: Found) -> str | None:
    """The array that gets a new shape: x, or what a recurrent layer returned. The program says it, or else its name.
    None if its name does not say it, and it has more axes than these."""
    if _makes_sequence(found):
        return "x"
    if known := found.program.reshape():
        (array,) = known.operands[:1]
        is_output = what(array) in ("output", "state") or (not array.roles and NAMED_OUTPUT.search(array.text.lower()))
        return "output" if is_output else "x"
    named = RESHAPED.findall(found.before)
    if len(_new_shape(found)) > LAST_AXIS + 1 and named and not (_role(found) or NAMED_OUTPUT.search(named[-1])):
        return None  # an array with more axes than an output has is that of another layer, unless its name says more
    return "x" if (named and named[-1] in INPUTS) or _role(found) == "x" else "output"


def _makes_sequence(found: Found) -> bool:
    """Whether the reshape is in a function that makes the sequence for a recurrent layer of a batch."""
    frames = "".join(found.frames)
    return TO_SEQUENCE.search(found.code.lower()) is not None or IN_TO_SEQUENCE.search(frames) is not None


TO_SEQUENCE = re.compile(r"batch_?to_?seq")
"""The name of such a function."""

IN_TO_SEQUENCE = re.compile(rf"(?:,|\.py)in_?{TO_SEQUENCE.pattern}")
"""Its frame, in the folded text."""


def _new_shape(found: Found) -> Shape:
    """The new shape, with None for -1, which is whatever is left. PyTorch 1.0 writes 4 x 20, and NumPy leaves out a -1
    that comes first, and calls another one newaxis."""
    sizes = [size for size in re.split("[,x]", found.text("shape").replace("newaxis", "-1")) if size.strip()]
    shape = tuple(int(size) if size.strip().isdecimal() and len(size) < 10 else None for size in sizes)
    return (None, *shape) if found.template.id == "numpy-reshape" and _begins_with_rest(found, len(shape)) else shape


def _begins_with_rest(found: Found, axes: int) -> bool:
    """Whether the line that failed writes a new shape with a -1 before so many ``axes``."""
    nodes = ast.walk(found.line.statement) if found.line.statement else ()
    for one in nodes:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "reshape":
            lists = [each.elts for each in one.args if isinstance(each, (ast.Tuple, ast.List))]
            sizes = lists[-1] if lists else one.args
            return len(sizes) == axes + 1 and ast.unparse(sizes[0]) == "-1"
    return False


def is_state(found: Found) -> bool:
    """Whether the states of a layer get a new shape, not its output."""
    if known := found.program.reshape():
        return what(known.operands[0]) == "state"
    named = RESHAPED.findall(found.before)
    return bool(named) and STATE.fullmatch(named[-1]) is not None


STATE = re.compile(r"[hc]_?n|h_t|(?:last_)?hidden(?:_state)?s?")
"""Names of the last states of a layer."""


OF_STEPS = re.compile(r"(?:view|reshape)\(.{0,60}?(?:\blen\(|steps?\b|seq)")
"""A new shape with the steps of a sequence."""


def _causes_of_reshape(found: Found, size: int, shape: Shape, is_state: bool) -> Iterator[Cause]:
    old = ", ".join("-1" if axis is None else str(axis) for axis in shape)
    needed, rest = (prod(axis or 1 for axis in part) for part in (shape, shape[1:]))
    framework = found.framework
    if is_state and SAMPLE_OF_STATE.search(found.code):
        yield last_layer("layers")
        return
    if is_state and None not in shape and size == needed * _layers_of_state(found, shape):
        yield last_layer("layers")
        return
    if framework == "keras" and "input" in found.values:
        sizes = sequence_of_values(found, size, shape) or found.shape("input")
        new = ", ".join(map(str, sizes))
        one = "," if len(sizes) == 1 else ""  # a tuple with one size
        yield cause("reshape_values", "keras", old=old, new=f"{new}{one}")
        return
    if _makes_sequence(found):
        yield cause("reshape_batch", framework, old=old or None, new="n_env, n_steps, -1")
    elif shape and None not in shape and size % needed == 0:
        is_double = size == 2 * needed and not is_state and found.program.may_have_directions
        if is_double:
            new = ", ".join(map(str, (*shape[:-1], 2 * (shape[-1] or 0))))
            yield cause("reshape_directions", framework, old=old, new=new)
        if not is_double or not OF_STEPS.search(found.code):
            new = ", ".join(map(str, (*shape[:-1], size // needed, shape[-1])))
            yield cause("reshape_steps", framework, old=old, new=new)
    elif is_state and len(shape) > 2 and None not in shape:  # the batch is before the units
        if size % (needed // (shape[-2] or 1) or 1) == 0:
            new = ", ".join(map(str, (*shape[:-2], -1, shape[-1])))
            yield cause("reshape_batch", framework, old=old, new=new)
    elif len(shape) > 1 and None not in shape and size % rest == 0:
        new = ", ".join(map(str, (-1, *shape[1:])))
        yield cause("reshape_batch", framework, old=old, new=new)
    yield cause("reshape_values", "" if framework == "keras" else framework, old=old or None)


def _layers_of_state(found: Found, shape: Shape) -> int:
    """The number of layers of the only layer of PyTorch, of one direction, whose state gets a new shape with a vector
    for each sample; 0 for another array."""
    one = found.program.reshape()
    layers = one.operands[0].layers if one else ()
    is_of_samples = len(shape) == MATRIX and len(layers) == 1 and layers[0].framework == "pytorch"
    if not is_of_samples or layers[0].setting("bidirectional") is not False or layers[0].size("num_units") != shape[-1]:
        return 0
    return parts_of(layers[0]) or 0


def sequence_of_values(found: Found, size: int, shape: Shape) -> Shape:
    """The steps and the features that a Reshape of Keras should have for a recurrent layer, which reads both axes: one
    of the two sizes that it has is kept, the steps before the features; () if neither fits."""
    sizes = [one for one in shape if one]
    if len(sizes) != len(shape) or len(sizes) != MATRIX or not found.surroundings.names_recurrent_layer:
        return ()
    steps, features = sizes
    return (steps, size // steps) if size % steps == 0 else (size // features, features) if size % features == 0 else ()


SAMPLE_OF_STATE = re.compile(r"\w\[:, ?-1(?:, ?:)?\][\w.()]{0,20}\.(?:view|reshape)\(")
"""The last sample of each layer of a state, as the last step of an output is read, which gets a new shape."""


def second_axis(found: Found) -> Mismatch:
    """A batch normalization for another number of features than its input has in the second axis."""
    expected, got = found.number("expected"), found.number("got")
    causes = _causes_of_normalization(found, expected, got, not _has_units_second(found, got))
    if _makes_x(found, expected):  # which has them in its last axis
        return _of_x(found, expected, expected, got, causes)
    return units_not_second(found, expected, got, causes) or wrong_size("output", "num_units", expected, got, causes)


def _has_units_second(found: Found, got: int) -> bool:
    """Whether the program gives a normalization an output that certainly has its units in the second axis, as one that
    has no other axis after the samples."""
    given = [one.operands[0] for one in found.program.failed_operations if one.layer and one.operands]
    if given and found.template.id == "pytorch-batch-norm" and all(_is_matrix(one.axes) for one in given):
        return True
    of_steps = (one for one in given if len(one.axes) == RANK)
    return any(one.axes[1] == got and got in map(width_of, one.layers) for one in of_steps)


def _is_matrix(axes: Axes) -> bool:
    return len(axes) == MATRIX and ANY not in axes


def units_not_second(found: Found, expected: int, got: int, causes: list[Cause]) -> Mismatch | None:
    """An output with its steps before its units, for a layer that has them in the second axis; None if the program does
    not say that."""
    one = found.program.call_of_layer(expected)
    axes = one.operands[0].axes if one and what(one.operands[0]) == "output" else ()
    if len(axes) != RANK or axes[-1] != expected:
        return None
    likely = [one for one in causes if one.id == "channels_second"]
    is_time_first = one is not None and any(layer.setting("batch_first") is False for layer in one.operands[0].layers)
    wanted = (got, expected, None) if is_time_first else (None, expected, got)
    return wrong_shape("output", "order", wanted, (None, got, expected), likely)


def _makes_x(found: Found, last: int) -> bool:
    """Whether a layer that gets an array with so many values in its last axis computes x. In a text without a program
    a recurrent layer gets what it returns, or it or its array is called like x."""
    if one := found.program.call_of_layer(last):
        return makes_x(one)
    calls = [one for one in found.line.operations if one.kind == "layer" and not RECURRENT.fullmatch(one.name.lower())]
    named = [one for one in calls if NORMALIZATION.search(one.name.lower())] or calls
    if named and found.line.is_returned(named[-1].operands[0].node):  # x, _ = gru(x) before x = bn(x)
        return False
    if not named or named[-1].makes_x or role_of(named[-1].name) == "x":  # self.input_norm
        return bool(named)
    array = named[-1].operands[0]
    return array.role == "x" and array.text not in found.line.targets  # x = bn(x): any layer may have made it before


def _of_x(found: Found, last: int, expected: int, got: int, causes: list[Cause]) -> Mismatch:
    """A normalization of x. ``last``: the size of the last axis of the array."""
    mismatch = wrong_size("x", "features", expected, got, causes)
    return mismatch if found.program.call_of_layer(last) else from_code(mismatch)


NORMALIZATION = re.compile(r"norm|^[bl]n|ln$|bn$")
"""The name of a normalization."""


def last_axis(found: Found) -> Mismatch:
    """A layer normalization for another number of features."""
    sizes, got = found.shape("expected"), found.shape("got")
    if len(sizes) != 1 or not got or not sizes[0] or not got[-1]:
        sentence = phrase("The normalization was made for another shape than the output has.")
        return Mismatch("output", None, sentence)
    expected = (*got[:-1], sizes[0])
    causes = _causes_of_normalization(found, sizes[0], got[-1], False)
    if _makes_x(found, got[-1]):
        return _of_x(found, got[-1], sizes[0], got[-1], causes)
    return wrong_shape("output", "num_units", expected, got, causes)


def _causes_of_normalization(found: Found, expected: int, got: int, is_second: bool) -> list[Cause]:
    is_double = got == 2 * expected and found.surroundings.flag("bidirectional") is not False
    ids = [*(["norm_directions"] if is_double else []), *(["channels_second"] if is_second else [])]
    norm = NORMALIZATIONS[found.template.id]
    values: dict[str, int | str] = {"norm": norm, "called": "norm", "expected": expected, "got": got}
    return [cause(id, "pytorch", **values) for id in (*ids, "norm_features")]


TEMPLATES = (
    MessageTemplate(
        "pytorch-view",
        "pytorch",
        "1.1-2",
        "shape '{shape:shape}' is invalid for input of size {size:last}",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-view",
        "pytorch",
        "0.3-1.0",
        "size '{shape:shape}' is invalid for input with {size:n} elements",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-reshape",
        "numpy",
        "1-2",
        "cannot reshape array of size {size:n} into shape {shape:shape}",
        reshape,
        anywhere=True,
        is_of_recurrence=lambda found: _of_rows(found) is not None,
    ),
    MessageTemplate(
        "keras-3-reshape",
        "keras",
        "3",
        "The total size of the tensor must be unchanged. Received: input_shape={input:shape}, target_shape="
        "{shape:shape}",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-3-reshape-multiple",
        "keras",
        "3",
        "The total size of the tensor must be unchanged, however, the input size cannot by divided by the specified"
        " dimensions in target_shape. Received: input_shape={input:shape}, target_shape={shape:shape}",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-2-reshape",
        "keras",
        "2",
        "total size of new array must be unchanged, input_shape = {input:shape}, output_shape = {shape:shape}",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-reshape",
        "tf1",
        "1-2",
        "Input to reshape is a tensor with {size:n} values, but the requested shape has {count:last}",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-reshape-of-graph",
        "tf1",
        "1-2",
        "Cannot reshape a tensor with {size:n} elements to shape {shape:shape} ({count:n} elements)",
        reshape,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-reshape-multiple",
        "tf1",
        "1-2",
        "Input to reshape is a tensor with {size:n} values, but the requested shape requires a multiple of"
        " {count:last}",
        reshape,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, framework, versions, text, reshape, anywhere=True)
        for id, framework, versions, text in (
            (
                "tensorflow-reshape-of-graph-multiple",
                "tf1",
                "2",
                "Dimension size must be evenly divisible by {count:n} but is {size:n} for '{{node {name:operation}}} ="
                " Reshape",
            ),
            (
                "tf1-reshape-of-graph-multiple",
                "tf1",
                "1",
                "Dimension size must be evenly divisible by {count:n} but is {size:n} for '{name:operation}' (op:"
                " 'Reshape')",
            ),
            (
                "jax-reshape",
                "jax",
                "0.4-0.10",
                "cannot reshape array of shape {given:shape} (size {size:n}) into shape {shape:shape} (size {count:n})",
            ),
            (
                "jax-reshape-multiple",
                "jax",
                "0.4-0.10",
                "cannot reshape array of shape {given:shape} (size {size:n}) into shape {shape:shape} because the"
                " product of specified axis sizes ({count:n})",
            ),
        )
    ),
    MessageTemplate(
        "pytorch-batch-norm",
        "pytorch",
        "0.4-2",
        "running_mean should contain {got:n} elements not {expected:last}",
        second_axis,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-instance-norm",
        "pytorch",
        "2",
        "expected input's size at dim=1 to match num_features ({expected:n}), but got: {got:last}",
        second_axis,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-layer-norm",
        "pytorch",
        "1.1-2",
        "Given normalized_shape={expected:shape}, expected input with shape {with:shape}, but got input of size"
        "{got:shape}",
        last_axis,
        anywhere=True,
    ),
)
