"""Messages as people shorten them in their own sentences, without the words before or after what they say. They count
only where a text has no whole message, and have its id."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..causes import cause
from ..mismatch import Mismatch, NoShapeError, size_not_said
from .inputs.inputs import rank
from .inputs.inputs_of_models import checked_rank, shape
from .message_template import Found, MessageTemplate
from .states.states import state

WRITTEN = re.compile(r"\.expected[^\d]")
"""The rest of the message in PyTorch's own code, in which the sizes have no values."""


def features(found: Found) -> Mismatch:
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


TEMPLATES = (
    *(
        MessageTemplate(id, framework, versions, text, read, anywhere=True, is_shortened=True)
        for id, framework, versions, text, read in (
            ("keras-2-rank", "keras", "1-3", "expected ndim={expected:n}, found ndim={got:last}", rank),
            (
                "keras-2-rank-shape",
                "keras",
                "2-3",
                "expected ndim={expected:n}, found ndim={got:n}. Full shape received: {shape:shape}",
                rank,
            ),
            ("keras-2-shape", "keras", "2-3", "expected shape={expected:shape}, found shape={got:shape}", shape),
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
                "keras-1-check-shape",
                "keras",
                "1-2.3",
                "expected {layer:name} to have shape {expected:shape} but got array with shape {got:shape}",
                partial(_checked, shape),
            ),
            ("pytorch-1-rank", "pytorch", "0.4-1", "input must have {expected:n} dimensions", rank),
        )
    ),
    MessageTemplate(
        "pytorch-features",
        "pytorch",
        "0.4-2",
        "input.size(-1) must be equal to input_size",
        features,
        is_shortened=True,
    ),
    *(
        MessageTemplate(
            f"pytorch-{id}",
            "pytorch",
            "0.4-2",
            f"{name} size {{expected:shape}}{comma} got {{got:shape}}",
            read,
            cells=cells,
            is_shortened=True,
        )
        for id, name, cells, read in OF_STATES
        for comma in (",", "")
    ),
)
