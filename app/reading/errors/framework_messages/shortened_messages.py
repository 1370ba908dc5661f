"""Messages as people shorten them in their own sentences, without the words before or after what they say. They count
only where a text has no whole message, and have its id."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..causes import cause
from ..mismatch import Mismatch, NoShapeError, of_unknown_arrays, size_not_said
from .inputs import masks_in_graphs
from .inputs.features_of_inputs import features
from .inputs.inputs import rank
from .inputs.inputs_of_models import checked_rank, shape
from .inputs.unknown_sizes import unknown_features
from .message_template import Found, MessageTemplate
from .states.states import state

WRITTEN = re.compile(r"\.expected[^\d]")
"""The rest of the message in PyTorch's own code, in which the sizes have no values."""


def _features(found: Found) -> Mismatch:
    """An x with another number of features, of which the text says none; not the line of PyTorch that writes them."""
    if WRITTEN.match(found.after):
        raise NoShapeError()
    return size_not_said("x", "features", [cause("other_features", "pytorch", cell=found.cell, got="x.size(-1)")])


def _checked(read: Callable[[Found], Mismatch], found: Found) -> Mismatch:
    """An input or a target of a model: what has the name of no input of a layer is an output, for which a target is."""
    which = "input" if "input" in found.text("layer") else "target"
    if which == "target" and not found.shape("shape") and not found.shape("got"):
        raise NoShapeError()
    return read(replace(found, values={**found.values, "which": which}))


OF_STATES = (
    ("h", "hidden", ("gru", "rnn"), partial(state, tensor="h_0")),
    ("h0", "hidden[0]", (), partial(state, tensor="h_0", is_lstm=True)),
    ("h1", "hidden[1]", (), partial(state, tensor="c_0", is_lstm=True)),
)
"""What PyTorch calls a state, with the end of the ids, and the cells that raise the message."""

BETWEEN = ("", ",", " but", ", but")
"""What people write between both sizes."""

OF_ANY_LAYER: tuple[tuple[str, str, str, str, Callable[[Found], Mismatch]], ...] = (
    *(
        (f"keras-2-{part}", "keras", "1-3", f"expected {name}={{expected:n}}{but} found ndim={{got:last}}", rank)
        for part, name in (("rank", "ndim"), ("least", "min_ndim"))
        for but in BETWEEN
    ),
    *(
        (
            "keras-2-rank-shape",
            "keras",
            "2-3",
            f"expected ndim={{expected:n}}{but} found ndim={{got:n}}. Full shape received: {{shape:shape}}",
            rank,
        )
        for but in BETWEEN
    ),
    *(
        (
            "keras-2-shape",
            "keras",
            "2-3",
            f"expected shape{equals}{{expected:shape}}{but} found shape{equals}{{got:shape}}",
            shape,
        )
        for but in BETWEEN
        for equals in ("=", "")
    ),
    (
        "keras-1-check-rank",
        "keras",
        "1-2.3",
        "expected {layer:name} to have {expected:n} dimensions",
        partial(_checked, checked_rank),
    ),
    (
        "keras-1-check-rank",
        "keras",
        "1-2.3",
        "expected {layer:name} to have {expected:n} dimensions, but got array with shape {shape:shape}",
        partial(_checked, checked_rank),
    ),
    (
        "keras-1-check-rank",
        "keras",
        "1-2.3",
        "expected {layer:name} to have {expected:n} dimensions, but got array with shape ({shape:sizes}",
        partial(_checked, checked_rank),
    ),
    (
        "keras-1-check-shape",
        "keras",
        "1-2.3",
        "expected {layer:name} to have shape {expected:shape} but got array with shape {got:shape}",
        partial(_checked, shape),
    ),
    ("pytorch-1-rank", "pytorch", "0.4-1", "input must have {expected:n} dimensions", rank),
    *(
        ("pytorch-1-rank", "pytorch", "0.4-1", f"input must have {{expected:n}} dimensions{but} got {{got:last}}", rank)
        for but in BETWEEN
        if but != ","
    ),
    ("pytorch-rank", "pytorch", "2", "expected input to be 2D or 3D, got {got:n}D", rank),
    ("pytorch-1.11-rank", "pytorch", "1.11-2.0", "expected input to be 2-D or 3-D but received {got:n}-D", rank),
)
"""Messages that layers without recurrence raise as well, or that say as little: their ids, frameworks, versions, texts,
and how they are read."""


def _choice(found: Found) -> Mismatch:
    """A choice by a mask between the output of a step and the one before, of which the text says no shapes."""
    if found.text("type") != "select" or not masks_in_graphs.is_in_layer(found):
        raise NoShapeError()
    return of_unknown_arrays()


TEMPLATES = (
    MessageTemplate(
        "tf1-operation",
        "tf1",
        "1-2",
        "Inputs to operation {operation:operation} of type {type:word} must have the same size and shape",
        _choice,
        anywhere=True,
        is_shortened=True,
    ),
    MessageTemplate(
        "tf1-depth",
        "tf1",
        "1.14-2",
        "Input size (depth of inputs) must be accessible via shape inference",
        unknown_features,
        is_shortened=True,
    ),
    *(
        MessageTemplate(id, framework, versions, text, read, anywhere=True, is_shortened=True)
        for id, framework, versions, text, read in OF_ANY_LAYER
    ),
    MessageTemplate(
        "pytorch-features",
        "pytorch",
        "0.4-2",
        "input.size(-1) must be equal to input_size",
        _features,
        is_shortened=True,
    ),
    *(
        MessageTemplate(
            "pytorch-features",
            "pytorch",
            "0.4-2",
            f"equal to input_size{end} Expected {{expected:n}}{but} got {{got:last}}",
            features,
            is_shortened=True,
        )
        for end in (".", ",", ":")
        for but in BETWEEN
    ),
    *(
        MessageTemplate(
            f"pytorch-{id}",
            "pytorch",
            "0.4-2",
            f"{name} size{to_be} {{expected:shape}}{but} got {{got:shape}}",
            read,
            cells=cells,
            is_shortened=True,
        )
        for id, name, cells, read in OF_STATES
        for to_be in ("", " to be")
        for but in BETWEEN
    ),
)
