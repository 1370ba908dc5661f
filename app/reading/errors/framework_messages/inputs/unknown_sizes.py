"""Messages about sizes that are not known when a layer or a graph is built: of x, or of what a dense layer gets."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...mismatch import NOT_RECURRENT, Mismatch, NoShapeError
from ...names_of_layers import is_recurrent
from ..message_template import Found, MessageTemplate
from .inputs import OF_CELL, OF_KERAS, is_dense


def unknown_features(found: Found) -> Mismatch:
    """An x whose number of features is not known when the graph is built."""
    sentence = phrase("The framework needs a known number of features, and that of x is not known.")
    called = OF_CELL_AND_X.search(found.code)
    x = SHAPE_OF_X.search(found.text("x") or found.after)
    is_of_loop = "dynamic_rnn" in found.surroundings.text  # which takes all steps, and gives the cell each of them
    is_step = x[1].count(",") == 1 and not is_of_loop if x else bool(called)
    name, axes = called[1] if called else None, "None" if is_step else "None, None"
    known = zip(("batch_size",) if is_step else (), (x[1] if x else "").split(","), strict=False)
    facts = tuple(fact(axis, int(size), "x") for axis, size in known if size.isdecimal())
    return Mismatch(
        "x", "features", sentence, causes=(cause("static_features", "tf1", inputs=name, axes=axes),), facts=facts
    )


SHAPE_OF_X = re.compile(r"^(?:,receivedshape:|tensor\([^()]{0,100},shape=)\(([\d,none]{1,40})\)")
"""The shape of x, after the message or in it, in the folded text. With two axes it is one step."""


OF_CELL_AND_X = re.compile(r"cell\w{0,20}\(\s?([a-zA-Z_]\w{0,40})\s?[,)]", re.IGNORECASE)
"""A line that calls a cell, which reads one step, and the name of its x."""


def unknown_steps(found: Found) -> Mismatch:
    """An x whose number of steps is not known, although the layer is unrolled."""
    text = found.surroundings.text.replace(OF_ANY_EMBEDDING, "")
    has_embedding = "embedding" in text
    fixed = cause("static_steps", "keras", axes="time_step," if has_embedding else "time_step, features")
    unrolled = cause("unrolled", "keras", cell=found.cell)
    has_lengths = has_embedding or OF_LENGTHS.search(text)
    causes = (unrolled, fixed) if has_lengths else (fixed, unrolled)
    if not found.after.startswith("orequalto1"):
        sentence = phrase("The framework needs a fixed time_step, and that of x is not known.")
        return Mismatch("x", "time_step", sentence, causes=causes)
    steps = found.program.sizes_of_layer(found.cell).get("time_step") or found.surroundings.steps_of_input
    if steps == 1:
        sentence = phrase(
            "This version of Keras unrolls only layers with a time_step of at least 2, and that of x is 1."
        )
        facts = (fact("time_step", 1, "x"),)
        one_step = cause("unrolled_step", "keras", cell=found.cell)
        return Mismatch("x", "time_step", sentence, causes=(one_step,), facts=facts)
    sentence = phrase(
        "This version of Keras unrolls only layers with a fixed time_step of at least 2, and that of x is not known,"
        " or 1."
    )
    return Mismatch("x", "time_step", sentence, causes=causes)


def unknown_list(found: Found) -> Mismatch:
    """An x whose number of steps is not known, although a list is made of them."""
    shape = found.shape("shape")
    if len(shape) != RANK or None not in shape[: len(STEPS)]:
        raise NoShapeError(phrase("the parts of an array"))
    framework = "keras" if found.framework == "keras" else "tf1"
    sentence = phrase("The framework needs a fixed time_step, and that of x is not known.")
    likely = cause("static_steps", framework, axes="time_step, features")
    return Mismatch("x", "time_step", sentence, causes=(likely,))


OF_ANY_EMBEDDING = "if your first layer is an embedding"
"""A part of the message itself, in lower case."""

OF_LENGTHS = re.compile(r"\b(?:different|variable|varying|various)[ -]lengths?\b")
"""Sequences that have no length in common, in lower case."""


def unknown_rows(found: Found) -> Mismatch:
    """A kernel whose number of rows is not known, in a recurrent layer or in a dense one."""
    path, of_kernel, _ = found.text("layer").partition("/kernel")
    if is_recurrent(path) and of_kernel:
        return replace(unknown_features(found), causes=(cause("static_features", "keras"),))
    if not found.text("layer") or is_dense(path):
        return flattened_unknown(found)
    raise NoShapeError(NOT_RECURRENT)


def flattened_unknown(found: Found) -> Mismatch:
    """All steps of an output in one axis, whose number is not known."""
    sentence = phrase("A dense layer needs a known number of inputs, and that of this one is not known.")
    text = found.surroundings.text
    is_other = READS_DENSE.search(text) and "flatten" not in text  # nor in the traceback
    is_other = is_other or "time_step" in found.program.sizes_of_layer(found.cell)
    causes = () if is_other else (cause("flattened_unknown", "keras"),)
    return Mismatch("dense_input", "features", sentence, causes=causes)


READS_DENSE = re.compile(r"\bdense\(\s?\d[^\n]{0,80}\)\s?\(")
"""The call of a dense layer, in a line of code in lower case."""


def unknown_space(found: Found) -> Mismatch:
    """An x of a ConvLSTM whose rows and columns are not known."""
    sentence = phrase("The framework needs fixed sizes of the rows and columns of x, and they are not known.")
    return Mismatch("x", None, sentence, causes=(cause("static_images", "keras"),))


def unknown_channels(found: Found) -> Mismatch:
    """An x of a ConvLSTM whose channels are not known."""
    if not CONVOLVES.search(found.surroundings.text):
        raise NoShapeError(NOT_RECURRENT)
    sentence = phrase("The framework needs a known number of channels, and that of x is not known.")
    return Mismatch("x", None, sentence)


CONVOLVES = re.compile("conv_?lstm")
"""A recurrent layer that reads images, in lower case."""


def unknown_rank(found: Found) -> Mismatch:
    """An x of which TensorFlow knows no shape."""
    if not is_recurrent(found.layer):
        raise NoShapeError(NOT_RECURRENT)
    axes = "None" if OF_CELL.search(found.text("layer")) else "None, None"
    sentence = phrase("The framework needs a known number of axes, and that of x is not known.")
    return Mismatch("x", "rank", sentence, causes=(cause("static_rank", "keras", axes=axes),))


TEMPLATES = (
    *(
        MessageTemplate(
            f"{id}-unknown-rank",
            "keras",
            versions,
            f"{text}its rank is undefined, but the layer requires a defined rank",
            unknown_rank,
            anywhere=True,
        )
        for id, versions, text in OF_KERAS
    ),
    *(
        MessageTemplate(id, "keras", versions, text, unknown_steps)
        for id, versions, text in (
            ("keras-unroll", "1-3", "Cannot unroll a RNN if the time dimension is undefined"),
            ("keras-theano-unroll", "0-2.3", "When specifying `unroll=True`, an `input_length` must be provided"),
        )
    ),
    MessageTemplate("keras-2-unroll", "keras", "2", "Unrolling requires a fixed number of timesteps.", unknown_steps),
    *(
        MessageTemplate(id, "keras", versions, text, unknown_rows, anywhere=True)
        for id, versions, text in (
            (
                "keras-3-unknown",
                "3",
                "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: shape="
                "{shape:shape} for variable path='{layer:name}'",
            ),
            (
                "keras-unknown",
                "2.13-2.15",
                "The last dimension of the inputs to a Dense layer should be defined. Found",
            ),
            ("keras-2-unknown", "2", "The last dimension of the inputs to `Dense` should be defined. Found"),
            ("keras-1-unknown", "1-2.3", 'The shape of the input to "Flatten" is not fully defined'),
        )
    ),
    *(
        MessageTemplate(id, "keras", versions, text, unknown_channels, anywhere=True)
        for id, versions, text in (
            ("keras-3-channels", "3", "The channel dimension of the inputs (last axis) should be defined. Found"),
            ("keras-2-channels", "2", "The channel dimension of the inputs should be defined. Found"),
        )
    ),
    MessageTemplate(
        "keras-convlstm",
        "keras",
        "3",
        "ConvLSTM layers only support static input shapes for the spatial dimension.",
        unknown_space,
    ),
    MessageTemplate(
        "tf1-features",
        "tf1",
        "1",
        "Input size (dimension {i:n} of inputs) must be accessible via shape inference, but saw value None",
        unknown_features,
    ),
    MessageTemplate(
        "tf1-features-of-step",
        "tf1",
        "1-2",
        "Input size (dimension {i:n} of input {x:any}) must be accessible via shape inference, but saw value None",
        unknown_features,
    ),
    MessageTemplate(
        "tf1-depth",
        "tf1",
        "1.14-2",
        "Input size (depth of inputs) must be accessible via shape inference, but saw value None",
        unknown_features,
    ),
    MessageTemplate(
        "tf1-unstack", "tf1", "0.5-2", "Cannot infer num from shape {shape:shape}", unknown_list, anywhere=True
    ),
    MessageTemplate("tf1-known", "tf1", "1", "Expected inputs.shape[-1] to be known", unknown_features),
)
