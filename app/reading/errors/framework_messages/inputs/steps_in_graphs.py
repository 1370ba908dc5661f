"""Messages about one step of a cell of Keras 2 in the graph of TensorFlow, which name only operations of the cell."""

import re

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, wrong_rank
from ..message_template import Found, MessageTemplate

CELL = re.compile(r"(?:^|/)(lstm|gru)(?:_?cell)(?:_\d{1,4})?/")
"""The scope of a cell in the name of an operation, in lower case."""

PARTS = re.compile(r"num_split=(\d{1,2})\b")
OF_CHANNELS_FIRST = re.compile(r"data_format=[ ]?nchw")

OF_ONE_GATE = re.compile(r"split(?:_\d)?\)$")
OF_ALL_GATES = re.compile(r"\badd(?:_\d)?,bias\)$")
"""The bias in the arguments of the operation, in the folded text: a part of it, or the whole bias."""

AXES_OF_CHANNELS = 3
"""The fewest axes of an array to which TensorFlow adds a bias along the second one."""


def _cell(found: Found) -> str:
    """The cell whose operation failed. Raises NoShapeError."""
    scope = CELL.search(found.text("operation"))
    called = next((cell for cell in GATES if cell in found.called), "")
    if not scope and not called:
        raise NoShapeError()
    return scope[1] if scope else called


def split_without_samples(found: Found) -> Mismatch:
    """The sums of all gates, which a cell splits along the second axis, with no axis of samples before it."""
    gates, parts, shape = GATES[_cell(found)], PARTS.search(found.text("arguments")), found.shape("shape")
    if not parts or int(parts[1]) != gates or len(shape) != 1:
        raise NoShapeError()
    facts = [fact("num_units", shape[0] // gates, "gates")] if shape[0] and shape[0] % gates == 0 else []
    return wrong_rank("x", MATRIX, len(shape), [cause("missing_batch", "keras")], facts)


def bias_of_channels(found: Found) -> Mismatch:
    """The bias of a cell, for which the data format of images counts: with channels first, it would be added along the
    second of at least three axes."""
    cell, terms, bias = _cell(found), found.text("arguments"), found.shape("bias")
    if not OF_CHANNELS_FIRST.search(terms):
        raise NoShapeError()
    sentence = phrase(
        "With channels first, TensorFlow adds a bias along the second of at least {expected} axes, and the sums of one"
        " step have {got}.",
        expected=AXES_OF_CHANNELS,
        got=found.number("got"),
    )
    gates = 1 if OF_ONE_GATE.search(terms) else GATES[cell] if OF_ALL_GATES.search(terms) else 0
    units = (bias[0] or 0) // gates if gates and len(bias) == 1 else 0
    facts = (fact("num_units", units, "bias"),) if units else ()
    likely = cause("channels_first", "keras")
    return Mismatch("bias", "rank", sentence, AXES_OF_CHANNELS, found.number("got"), (likely,), facts)


TEMPLATES = (
    MessageTemplate(
        "tensorflow-split-without-samples",
        "keras",
        "2",
        "Dimension size, given by scalar input {i:n} must be in range [-1, 1) for '{{node {operation:operation}}} ="
        " Split{arguments:operands}' with input shapes: [], {shape:shape}",
        split_without_samples,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-bias-of-channels",
        "keras",
        "2",
        "Shape must be at least rank {expected:n} but is rank {got:n} for '{{node {operation:operation}}} ="
        " BiasAdd{arguments:operands}' with input shapes: {x:shape}, {bias:shape}",
        bias_of_channels,
        anywhere=True,
    ),
)
