"""Messages about the input x."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod

from .....translations.phrases import phrase
from ....code.operations import Operand
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...mismatch import NOT_RECURRENT, Cause, Mismatch, NoShapeError, Shape, of_unknown_arrays, wrong_rank, wrong_size
from ...names_of_layers import is_other, is_recurrent
from ...recurrent_call import Below
from ..message_template import NEAR, Found, MessageTemplate
from ..weights.causes_of_dense_layers import causes_by_program
from . import tflite_inputs
from .features_of_inputs import features
from .masks_in_graphs import is_in_layer, transposed_mask
from .own_layers_of_keras import is_after_recurrent, returns_every_step

MOST_UNITS = 2048
"""Units of a layer: a longer axis is that of something that was flattened."""

MOST_CHANNELS = 4
"""Channels of an image: a larger last axis of an x of a ConvLSTM is that of the columns."""


def rank(found: Found) -> Mismatch:
    """An input of a layer with another number of axes."""
    expected, got = found.number("expected") or 3, found.number("got") if found.text("got") else None
    shape = found.shape("shape")
    if got is None and shape:
        got = len(shape)
    is_least = LEAST.search(found.template.id) is not None
    if is_dense(found.layer) or _is_unnamed_dense(found, is_least and expected == 2):
        causes = [cause("one_unit", "keras")] if (got, shape) == (1, (None,)) else []
        made = MADE_FIRST.search(found.surroundings.text)
        if (expected, got) == (2, 3) and not (made and made[1] == "dense"):  # before Keras 2, it read no steps
            causes = [replace(cause("not_return_sequences", "keras", cell=found.cell), sentence=FOR_OWN_LAYER)]
        return wrong_rank("dense_input", expected, got, causes)
    if repeats_every_step(found):
        likely = cause("repeated_every_step", "keras", cell=found.cell, units=shape[-1] if shape else None)
        facts = [fact("time_step", size, "output") for size in shape[1:2] if size]
        return wrong_rank("output", 2, 3, [likely], facts, (shape[::2], shape))
    every_step = returns_every_step(found)
    if every_step and (expected, got) == (2, 3):
        likely = replace(cause("not_return_sequences", "keras", cell=found.cell), sentence=FOR_OWN_LAYER)
        return wrong_rank("output", 2, 3, [likely], shapes=((), shape))
    if (found.is_of_output or every_step is False) and (expected, got) == (3, 2):
        return wrong_rank("output", 3, 2, [cause("return_sequences", "keras", cell=found.cell)], shapes=((), shape))
    if (expected, got) == (2, 3) and OF_CELL.search(found.text("layer")):
        return wrong_rank("x", 2, 3, [cause("one_step", found.framework)], shapes=((), shape))
    if is_other(found.layer) or expected not in (
        (2, 3) if found.framework == "pytorch" else (3, 5)
    ):  # 2: of a packed sequence, 5: of a ConvLSTM
        raise NoShapeError(NOT_RECURRENT)
    facts = facts_of_shape(shape) if len(shape) == 3 else []
    if BOTH.fullmatch(found.text("layer")):
        facts = [*facts, fact("directions", 2, "layer")]
    return wrong_rank("x", expected, got, _causes_of_rank(found, expected, got, shape), facts, ((), shape))


def without_axes(found: Found) -> Mismatch:
    """An input of a recurrent layer, of which a text says no numbers of axes, but that the layer below must return
    every step."""
    is_whole = found.after.startswith(":")
    if is_whole or not is_recurrent(found.layer) or "return_sequences" not in found.surroundings.text:
        raise NoShapeError()
    return wrong_rank("x", RANK, None, [cause("return_sequences", "keras", cell=found.cell)])


def rank_in_dimshuffle(found: Found) -> Mismatch:
    """An x of a layer of Keras on Theano, which puts the steps first and finds no third axis."""
    if (found.number("i"), found.number("axis"), found.number("got")) != (2, 2, 2):
        raise NoShapeError(NOT_RECURRENT)
    causes = [*_causes_of_rank(found, 3, 2, ())]
    if causes[0].id == "missing_axis" and is_above_others(found):
        causes = [cause("steps_below", "keras")]
    return wrong_rank("x", 3, 2, causes)


def is_above_others(found: Found) -> bool:
    """Whether a model gets other layers before its recurrent ones, so that these read what others return."""
    added = ADDED.findall(found.surroundings.text)
    below = added[: added.index("")] if "" in added else []
    return bool(below) and not {"reshape", "repeatvector"} & {*below}  # which return steps


ADDED = re.compile(
    r"\.add\(\s{0,20}(?:\w{1,20}\.){0,4}(?:(?:lstm|gru|simplernn|bidirectional|inputlayer|embedding|masking)\b|(\w{1,40}))\("
)
"""A layer that is added to a model, "" for one that reads x or its steps, in lower case."""


MADE_FIRST = re.compile(r"\b(dense|lstm|gru|simplernn)\(")
"""The first dense or recurrent layer that lines of code make, in lower case."""


def rank_in_loop(found: Found) -> Mismatch:
    """An x of dynamic_rnn with another number of axes. Before this check it puts time first, unless x has it there: the
    message has the first two axes of x the other way round."""
    mismatch = rank(found)
    expected, got = mismatch.shapes
    if mismatch.expected != 3 or len(got) < 2 or found.surroundings.flag("time_major"):
        return mismatch
    return replace(mismatch, shapes=(expected, (got[1], got[0], *got[2:])))


FOR_OWN_LAYER = phrase("The recurrent layer returns every step, but the next layer reads one vector for each sample.")


def repeats_every_step(found: Found) -> bool:
    """Whether RepeatVector gets every step."""
    is_of_repeat = found.text("layer").startswith("repeat_vector")
    return is_of_repeat and (found.number("expected"), found.number("got")) == (2, 3)


def _is_of_recurrence(found: Found) -> bool:
    """Whether RepeatVector gets every step in a model, whose batch is open: in a decoder after an encoder; or whether a
    layer gets what a recurrent one returns."""
    is_decoder = repeats_every_step(found) and found.shape("shape")[:1] == (None,)
    return is_decoder or is_after_recurrent(found)


SAMPLES_IN_SHAPE = re.compile(r"\binput_shape\s?=\s?(?:np\.shape\(\w{1,40}\)|[a-z_]\w{0,40}\.shape)(?![\[\w.])")
"""The shape of all samples, given to the first layer of a model of Keras."""

OF_CELL = re.compile(r"(?:lstm|gru|rnn)_?cell")
"""The name of a cell, which reads one step."""


def of_one_axis(is_batch_first: bool | None) -> Cause:
    """The cause of an x of PyTorch with one axis, which needs two more."""
    return cause("two_axes", "pytorch", indices="None, :, None" if is_batch_first else ":, None, None")


ADDS_FEATURES = re.compile(
    r"\breshape\(\s?(\w{1,40}),\s?\1\.shape\s?\+\s?\(1,\)|\breshape\(\s?\(?(\w{1,40})\.shape\[0\],\s?\2\.shape\[1\],\s?1\b"
)
"""A line that gives an array a last axis of size 1, in lower case."""


def _causes_of_rank(found: Found, expected: int, got: int | None, shape: Shape) -> Iterator[Cause]:
    framework = found.framework
    if got == expected + 1 and SAMPLES_IN_SHAPE.search(found.surroundings.text):
        yield cause("samples_in_shape", "keras")
    if found.text("expected") and (framework, expected, got) == ("pytorch", RANK, 1):
        yield of_one_axis(found.surroundings.flag("batch_first"))
    elif framework == "keras" and (expected, got) == (RANK, RANK - 1) and ADDS_FEATURES.search(found.surroundings.text):
        yield cause("missing_features_axis", framework)  # another array of the program got it
    elif expected == 3 and got is not None and got < 3:
        is_data = framework == "keras" and OF_DATA.search(found.code) is not None
        ids = ["missing_axis", "missing_features_axis"]
        if is_data and got == 2 and len(shape) == 2 and (shape[-1] or 0) > MOST_COLUMNS:
            ids.reverse()
        is_above, below = _is_above(found), found.surroundings.call and found.surroundings.call.below
        if framework == "keras" and (call := found.program.call_of_recurrent(got)):
            is_above = what(call.operands[0]) == "output"
            below = below or (_last_output_of(call.operands[0], shape) if is_above else Below())
        is_added = REBUILT in found.surroundings.text and not is_data  # whose batch may be fixed
        is_built = shape[:1] in ((), (None,)) or found.surroundings.lists_steps or is_added
        if below and below.cell:
            yield cause("return_sequences", framework, cell=below.cell, units=below.num_units)
            return
        is_rebuilt = REBUILT in found.surroundings.text and shape[:1] == (None,) and not is_data
        is_above = is_above or (below is None and (is_rebuilt or _may_be_above(found, shape)))
        if is_built and not below and (is_above or (framework == "keras" and found.surroundings.makes_several_layers)):
            ids.insert(0 if not CALLED_WITH_INPUT.search(found.code.lower()) else 2, "return_sequences")
        units = shape[-1] if shape else None
        is_removed = found.surroundings.removes_time or WITHOUT_STEPS.search(found.code.lower()) is not None
        if got == 2 and (is_removed or (framework == "keras" and (units or 0) > MOST_UNITS)):
            ids.insert(0, "flattened_steps")
        likely = (cause(id, framework, cell=found.cell, units=units) for id in ids)
        yield from (_in_both_directions(found, one, units) if one.id == "return_sequences" else one for one in likely)
    elif expected == 3:
        ids = ["extra_axis"] if got else ["missing_axis", "missing_features_axis", "extra_axis"]
        is_of_four = got == len(shape) > expected
        if is_of_four and shape[-1] == shape[-2] and "embedding(" in found.surroundings.text:
            yield cause("embedded_data", framework, features=shape[-1])
        is_vocabulary = is_of_four and (shape[-2] or 0) > MOST_UNITS and "embedding(" in found.surroundings.text
        if is_vocabulary or (is_of_four and _may_be_embedded(found, shape)):
            ids.insert(0 if is_vocabulary else 1, "one_hot_embedding")
        if got == RANK + 1 and framework == "pytorch" and _says_no_sizes(found, shape):
            ids.insert(0 if OF_IMAGES.search(found.code.lower()) else len(ids), "axis_of_size_one")
        yield from (cause(id, framework) for id in ids)
    elif expected == 2 and got == 3:
        yield cause("packed", framework)
    elif expected == 2:
        yield cause("missing_features_axis", framework)
    elif got == 4:  # a ConvLSTM, whose x has rows, columns and channels
        ids = ["missing_axis", "missing_channels"]
        channels = shape[-1] if shape else None
        if channels is not None and channels > MOST_CHANNELS:
            ids.reverse()
        if _is_above(found) and shape[:1] in ((), (None,)):
            ids.insert(0, "return_sequences")
        yield from (cause(id, framework) for id in ids)


def _says_no_sizes(found: Found, shape: Shape) -> bool:
    """Whether neither the message nor any line of the text says the sizes of x."""
    around = found.surroundings
    return not (shape or around.made_shapes or around.input_shape or found.program.has_code)


OF_IMAGES = re.compile(r"\((?:im(?:age|g)s?|pictures?|photos?|pixels?|digits?|spectrograms?|mels?)\b")
"""The call of a layer with what is called like images, in lower case."""


def _last_output_of(x: Operand, shape: Shape) -> Below | None:
    """The layer of Keras whose last output a program gives to another one, if it has exactly the axes of the message,
    all of which that says."""
    layers = [one for one in x.layers if one.framework == "keras" and one.setting("return_sequences") is False]
    if len(layers) != 1 or len(x.layers) > 1 or None in shape or x.axes != shape:
        return None
    units = layers[0].size("num_units")
    return Below(layers[0].kind, units) if isinstance(units, int) else None


def _in_both_directions(found: Found, one: Cause, units: int | None) -> Cause:
    """The lines that make the layer below in both directions, if Keras has numbered the layer that failed as another
    one of its Bidirectional layers: each direction returns half of the values."""
    if not BOTH_AGAIN.fullmatch(found.text("layer")) or not units or units % 2:
        return one
    both = "keras.layers.Bidirectional({})"
    wrong, fix = (line.replace(f"({units}", f"({units // 2}") for line in (one.wrong, one.fix))
    return replace(one, wrong=both.format(wrong) if wrong else "", fix=both.format(fix))


BOTH = re.compile(r"bidirectional(?:_\d{1,4})?")
BOTH_AGAIN = re.compile(r"bidirectional_[1-9]\d{0,3}")
"""The default name of a Bidirectional layer of Keras, and of one after the first one."""


def _may_be_embedded(found: Found, shape: Shape) -> bool:
    """Whether an x with an axis too many may be that of an embedding that got one-hot vectors, and not of channels. A
    program says it."""
    has_width = (shape[-1] or 0) > MOST_CHANNELS and (shape[-2] or 0) > 1
    return has_width and not found.program.is_whole


REBUILT = "_maybe_rebuild"
"""A frame in which a Sequential of Keras calls its layers one after another."""

CALLED_WITH_INPUT = re.compile(
    r"(?:lstm|gru|rnn)\w{0,20}(?:\([^()]{0,80}\)\)?)?\((?:\w{1,20}_)?inputs?(?:_\w{1,20})?\)"
)
"""A recurrent layer that gets an input of the network, by its name."""


def _is_above(found: Found) -> bool:
    """Whether the number in a layer's name says that there is one of its kind before it."""
    number = re.search(r"_(\d+)$", found.text("layer"))
    if FIRST_LAYER.search(found.code) or OF_MODEL.match(found.text("layer")):
        return False
    return number is not None and int(number[1]) >= (2 if "keras-1" in found.template.id else 1)


def _may_be_above(found: Found, shape: Shape) -> bool:
    """Whether the line that failed makes a layer of Keras for what may be the last step of the one below: it has an
    unknown batch and as many values as many layers have units, or a name that is none of the inputs."""
    is_first = FIRST_LAYER.search(found.code) or FIRST_OF_CLASS.fullmatch(found.text("layer"))
    if found.framework != "keras" or len(shape) != 2 or shape[0] is not None or is_first:
        return False
    made = MADE_LAYER.search(found.code)
    return made is not None and (made[1] is not None or (shape[-1] or 0) % USUAL_UNITS == 0)


FIRST_OF_CLASS = re.compile("lstm|gru|simple_rnn")
"""The name that Keras gives the first layer of a class: none of this class is below it."""

MADE_LAYER = re.compile(r"(?:LSTM|GRU|RNN)\(.{0,200}?\)\)?(?:(\([a-z]\w{0,30}\))|\))?$")
"""A line that makes a recurrent layer of Keras, and what it calls it with."""

WITHOUT_STEPS = re.compile(r"\)\((?:\w{0,20}_)?(?:pool\w*|flat\w*)\)$")
"""A layer of Keras that is called with something that is called like what lost its steps, in lower case."""

USUAL_UNITS = 16
"""Most layers have a multiple of so many units."""

OF_DATA = re.compile(r"\.(?:fit|predict|evaluate|train_on_batch)\(")
"""A call of a model of Keras with its data."""

MOST_COLUMNS = 16
"""Columns of a table of samples: a longer second axis is rather that of the steps of a series."""

OF_MODEL = re.compile(r"(?:sequential|model|functional)(?:_\d|$)")
"""The name of a whole model."""

FIRST_LAYER = re.compile(r"\b(?:batch_)?input_(?:shape|dim)\s?=")
"""An argument that only the first layer of a model has."""


def is_dense(layer: str) -> bool:
    """Whether a layer's name is that of a dense layer."""
    return not is_recurrent(layer) and "dense" in layer


def _is_unnamed_dense(found: Found, is_spec_of_dense: bool) -> bool:
    """Whether a layer of Keras without the name or the class of another one raised what only dense layers raise."""
    is_named = is_recurrent(found.layer) or is_other(found.layer)
    return found.framework == "keras" and is_spec_of_dense and not is_named


LEAST = re.compile("-least(?:-shape|-full)?$")
"""The id of a template about the least number of axes, which is two for a dense layer only."""


def rank_of_a_step(found: Found) -> Mismatch:
    """An x of a cell with another number of axes than one or two."""
    facts = [fact("gates", GATES["lstm"], "LSTM")] if found.cell == "lstm" else []
    return wrong_rank("x", 2, found.number("got"), [cause("one_step", "pytorch")], facts)


def axis(found: Found) -> Mismatch:
    """An axis of a layer's input that has another size, by its index."""
    expected, index = found.number("expected"), int(found.text("axis").replace(" ", "") or -1)
    shape = found.shape("shape")
    is_last = index == -1 or index == len(shape) - 1
    got = shape[index] if shape and -len(shape) <= index < len(shape) else None
    if not is_recurrent(found.layer):
        call = found.program.call_of_dense(got, expected) if got else None
        is_unnamed = _is_unnamed_dense(found, len(shape) == ROW_AXES or call is not None)
        if not is_last or not (is_dense(found.layer) or is_unnamed):
            raise NoShapeError(NOT_RECURRENT)
        if got and call:
            return wrong_size(
                "dense_input", "features", expected, got, causes_by_program(found, got, expected, None, call)
            )
        ids = ["dense_directions"] if got == 2 * expected and found.surroundings.names_two_directions else []
        likely = [cause(id, "keras", got=got, outputs="units") for id in (*ids, "dense_features")]
        if units := re.search(OF_BUILT_LAYER.format(units=got), found.code):
            shared = cause("shared_dense", "keras", cell=found.cell, units=expected)
            fix = f"{found.code[: units.start(1)]}{expected}{found.code[units.end(1) :]}"
            likely = [replace(shared, wrong=found.code, fix=fix), *likely]
        return wrong_size("dense_input", "features", expected, got, likely)
    name = "features" if is_last else AXES_OF_X[index] if 0 <= index < RANK else None
    if name is None:
        raise NoShapeError(NOT_RECURRENT)
    known = [(axis, size) for axis, size in zip(AXES_OF_X, shape, strict=False) if axis != name and len(shape) == 3]
    facts = [fact(name, expected, "kernel"), *(fact(axis, size, "x") for axis, size in known if size)]
    causes = []
    if is_last:
        if len(shape) == 3 and (shape[1] == expected or found.surroundings.transposes(expected, got)):
            causes.append(cause("features_first", "keras"))
        causes.append(cause("other_features", "keras", cell=found.cell, got=got, expected=expected))
    return wrong_size("x", name, expected, got, causes, facts)


OF_BUILT_LAYER = r"(?<![\w.])(?:self\.)?[a-z_]\w{{0,40}}\((?:\w{{1,20}}\.){{0,3}}(?:LSTM|GRU|SimpleRNN)\(({units})\b"
"""The call of a layer that was made before, with what a recurrent layer of so many units returns."""

ROW_AXES = 2
"""Axes of the rows for a dense layer: convolutions have more, which they count before they look at a size."""


def facts_of_shape(shape: Shape) -> list[Fact]:
    """Facts from the shape of an x with three axes."""
    return [fact(axis, size, "x") for axis, size in zip(AXES_OF_X, shape, strict=True) if size]


def transposed(found: Found) -> Mismatch:
    """An x of dynamic_rnn of TensorFlow 1 with another number of axes, which it puts time first."""
    shape, expected = found.shape("x"), found.number("axes")
    scope = found.text("operation").rpartition("/")[0]
    if is_in_layer(found) and expected == RANK and len(shape) >= RANK:
        return transposed_mask(shape)
    if not scope and "tf.transpose(" in found.surroundings.text:
        raise NoShapeError()  # of the program itself, or of dynamic_rnn
    if expected != RANK or len(shape) == expected or (scope and not IN_RNN.search(scope)):
        raise NoShapeError(NOT_RECURRENT)
    sizes = [size for size in shape[2:] if size]
    flat = prod(sizes) if len(sizes) == len(shape[2:]) else None
    is_batch_first = not found.surroundings.flag("time_major")
    facts = [fact("batch_size", size, "x") for size in shape[:1] if size and is_batch_first]
    causes = [cause(id, "tf1", flat=flat) for id in _ids_of_rank(len(shape))]
    return wrong_rank("x", expected, len(shape), causes, facts, ((), shape))


def transposed_without_shapes(found: Found) -> Mismatch:
    """The same, of which a text has only the numbers of axes: the order of dynamic_rnn has three."""
    got, expected = found.number("got"), found.number("axes")
    if expected != RANK or got == expected or not _is_of_dynamic_rnn(found):
        raise NoShapeError()
    return wrong_rank("x", expected, got, [cause(id, "tf1") for id in _ids_of_rank(got)])


def _is_of_dynamic_rnn(found: Found) -> bool:
    return DYNAMIC_RNN.search(found.surroundings.text) is not None


def _ids_of_rank(got: int) -> tuple[str, ...]:
    """The causes of an x of dynamic_rnn with another number of axes."""
    return ("extra_axis",) if got > RANK else ("missing_axis", "missing_features_axis")


DYNAMIC_RNN = re.compile(r"\b(?:bidirectional_)?dynamic_rnn\b")
"""The loops of TensorFlow 1 that put x time first."""

IN_RNN = re.compile(r"(?:^|/)(?:rnn|bidirectional_rnn/[fb]w/[fb]w)(?:_\d{1,3})?$")
"""The scopes in which dynamic_rnn transposes x, from TensorFlow 1.1 on; before it has none."""


def rank_in_theano(found: Found) -> Mismatch:
    """An argument of a function of Theano with another number of axes: x is the first one, and often the target the
    second."""
    index = INDEX.search(found.before[-NEAR:])
    if index and index[1] != "0":
        raise NoShapeError()
    return rank(found)


def _every_step_below(found: Found) -> Cause:
    """A recurrent layer of Keras that returns every step to a layer that reads one vector."""
    return replace(cause("not_return_sequences", "keras", cell=found.cell or None), sentence=FOR_OWN_LAYER)


def rank_below(found: Found) -> Mismatch:
    """What a layer of Keras before version 1 gets from the one below."""
    expected, shape = found.number("expected"), found.shape("shape")
    if (expected, len(shape)) == (2, 3) and found.surroundings.flag("return_sequences"):
        return wrong_rank("dense_input", 2, 3, [_every_step_below(found)], shapes=((), shape))
    if (expected, len(shape)) == (3, 2):
        return of_unknown_arrays() if OTHERS_WITH_STEPS.search(found.surroundings.text) else rank(found)
    raise NoShapeError(NOT_RECURRENT)


OTHERS_WITH_STEPS = re.compile(r"convolution1d|conv1d|pooling1d|timedistributed")
"""Layers that are not recurrent and read steps as well, in lower case: the message names none."""

INDEX = re.compile(r"badinputargument.{0,120}atindex(\d)")
"""Which argument it is, in the folded text."""


def list_of_steps(found: Found) -> Mismatch:
    """An x of static_rnn of TensorFlow 1 that is one array."""
    sentence = phrase("The framework expected a list with x of each step, but got one array.")
    return Mismatch("x", None, sentence, causes=(cause("list_of_steps", "tf1"),))


def height(found: Found) -> Mismatch:
    """What the convolutions of a network for texts in images return, if its height is not 1."""
    sentence = phrase("The convolutions must return images with a height of 1, whose width is the axis of time.")
    return Mismatch("x", None, sentence, causes=(cause("image_height", "pytorch"),))


OF_KERAS = (
    ("keras-3", "3", "Input {i:n} with name '{n:any}' of layer '{layer:name}' is incompatible with the layer: "),
    ("keras-2", "2.2-2.15", "Input {i:n} of layer {layer:name} is incompatible with the layer: "),
    ("keras-1", "1-2.3", "Input {i:n} is incompatible with layer {layer:name}: "),
)
"""The beginning of the messages of Keras about the input of a layer, with a part of their ids and the versions."""


TEMPLATES = (
    MessageTemplate(
        "keras-0-order-of-axes",
        "keras",
        "0-2.3",
        "new_order[{i:n}] is {axis:n}, but the input only has {got:n} axes",
        rank_in_dimshuffle,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-1-rank", "pytorch", "0.4-1", "input must have {expected:n} dimensions, got {got:last}", rank
    ),
    MessageTemplate("pytorch-rank", "pytorch", "2", ": Expected input to be 2D or 3D, got {got:n}D instead", rank),
    MessageTemplate(
        "pytorch-rank-tensor", "pytorch", "2", ": Expected input to be 2D or 3D, got {got:n}D tensor instead", rank
    ),
    MessageTemplate(
        "pytorch-1.11-rank",
        "pytorch",
        "1.11-2.0",
        ": Expected input to be 2-D or 3-D but received {got:n}-D tensor",
        rank,
    ),
    MessageTemplate(
        "pytorch-cell-rank", "pytorch", "2", "Cell: Expected input to be 1D or 2D, got {got:n}D instead", rank_of_a_step
    ),
    MessageTemplate(
        "pytorch-1.11-cell-rank",
        "pytorch",
        "1.11-2.0",
        "Cell: Expected input to be 1-D or 2-D but received {got:n}-D tensor",
        rank_of_a_step,
    ),
    MessageTemplate(
        "pytorch-features",
        "pytorch",
        "0.4-2",
        "input.size(-1) must be equal to input_size. Expected {expected:n}, got {got:last}",
        features,
    ),
    MessageTemplate(
        "pytorch-cell-features",
        "pytorch",
        "0.4-2",
        "input has inconsistent input_size: got {got:n} expected {expected:last}",
        features,
    ),
    MessageTemplate(
        "pytorch-1-cell-features",
        "pytorch",
        "0.4-1",
        "input has inconsistent input_size: got {got:n}, expected {expected:last}",
        features,
    ),
    *(
        MessageTemplate(
            *(f"{id}-{part}", "keras", versions, text + rest, read),
            anywhere=True,
            is_of_recurrence=_is_of_recurrence if read is rank else None,
        )
        for id, versions, text in OF_KERAS
        for part, rest, read in (
            ("rank", "expected ndim={expected:n}, found ndim={got:last}", rank),
            ("rank-shape", "expected ndim={expected:n}, found ndim={got:n}. Full shape received: {shape:shape}", rank),
            ("least", "expected min_ndim={expected:n}, found ndim={got:last}", rank),
            ("most", "expected max_ndim={expected:n}, found ndim={got:last}", rank),
            (
                "least-shape",
                ": expected min_ndim={expected:n}, found ndim={got:n}. Full shape received: {shape:shape}",
                rank,
            ),
            (
                "least-full",
                "expected min_ndim={expected:n}, found ndim={got:n}. Full shape received: {shape:shape}",
                rank,
            ),
            ("axis", "expected axis {axis:axis} of input shape to have value {expected:last}", axis),
            (
                "axis-shape",
                "expected axis {axis:axis} of input shape to have value {expected:n}, but received input with shape"
                " {shape:shape}",
                axis,
            ),
            (
                "axis-shape-2",
                "expected axis {axis:axis} of input shape to have value {expected:n} but received input with shape"
                " {shape:shape}",
                axis,
            ),
        )
    ),
    *(
        MessageTemplate(f"{id}-cut", "keras", versions, text.removesuffix(": "), without_axes, anywhere=True)
        for id, versions, text in OF_KERAS
    ),
    MessageTemplate(
        "keras-0-rank",
        "keras",
        "0",
        "layer expected input with ndim={expected:n} but previous layer has output_shape {shape:shape}",
        rank_below,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-0.3-rank",
        "keras",
        "0",
        "Invalid input shape - Layer expects input ndim={expected:n}, was provided with input shape {shape:shape}",
        rank,
        anywhere=True,
    ),
    MessageTemplate(
        "keras-theano-rank",
        "keras",
        "1",
        "Wrong number of dimensions: expected {expected:n}, got {got:n} with shape {shape:shape}",
        rank_in_theano,
        anywhere=True,
    ),
    MessageTemplate(
        "tflearn-rank",
        "tf1",
        "1",
        "Input dim should be at least 3.",
        lambda found: wrong_rank("x", 3, None, [cause(id, "tf1") for id in ("missing_axis", "missing_features_axis")]),
    ),
    MessageTemplate("pytorch-height", "pytorch", "0.1-2", "the height of conv must be 1", height),
    *tflite_inputs.TEMPLATES,
    MessageTemplate(
        "tf1-rank",
        "tf1",
        "1",
        "Shape {shape:shape} must have rank at least {expected:last}",
        rank_in_loop,
        anywhere=True,
    ),
    MessageTemplate(
        "tf1-transpose",
        "tf1",
        "1",
        "Dimension must be {got:n} but is {axes:n} for '{operation:operation}' (op: 'Transpose') with input shapes:"
        " {x:shape}",
        transposed,
        anywhere=True,
        is_of_recurrence=_is_of_dynamic_rnn,
    ),
    *(
        MessageTemplate(
            f"tf1-transpose-{id}",
            "tf1",
            "1",
            f"Dimension must be {{got:n}} but is {{axes:n}} for '{scope}transpose'",
            transposed_without_shapes,
        )
        for id, scope in (("cut", ""), ("cut-in-rnn", "rnn/"))
    ),
    MessageTemplate("onnx-x", "onnx", "1", "Input X must have 3 dimensions only. Actual:{shape:shape}", rank),
    *(
        MessageTemplate(f"tf1-list{id}", "tf1", versions, f"{name} must be a sequence", list_of_steps, anywhere=True)
        for id, versions, name in (("", "1.14-2", "Argument `inputs`"), ("-1", "1", "Error: inputs"))
    ),
    MessageTemplate("tf1-list-0", "tf1", "0.5-0.9", "Error: inputs must be a list", list_of_steps, anywhere=True),
    MessageTemplate("onnx-rank", "onnx", "1", "First input tensor must have rank 3", rank),
)
