"""Messages about states of another batch than x, with which TensorFlow joins them in each step."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import batch_id, cause
from ...mismatch import Mismatch, NoShapeError, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ...surroundings import Surroundings
from ..message_template import Found, MessageTemplate
from ..outputs import joins_in_calls
from .causes_of_states import numbers


def joined_with_x(found: Found) -> Mismatch:
    """x and h of a cell of TensorFlow 1, which are concatenated in each step."""
    x, h = found.shape("x"), found.shape("h")
    text = found.surroundings.text
    is_in_cell = IN_CELL.search(text) or CUT_IN_CELL.match(found.after)
    if len(x) != 2 or len(h) != 2 or x[0] == h[0] or None in (*x, *h) or not is_in_cell:
        return of_unknown_arrays()
    (expected, features), (got, units) = numbers(x), numbers(h)
    if IN_WRAPPER.search(text):  # the attention of the last step is joined, not h
        return wrong_size("h_0", "batch_size", expected, got, [cause(batch_id(expected, got), "tf1")])
    facts = [fact("batch_size", expected, "x"), fact("features", features, "x"), fact("num_units", units, "h")]
    if not IN_CELL.search(text):  # of any layer: another one than the first reads h of the layer below
        facts = [one for one in facts if one.names != {"features"}]
    likely = cause(batch_id(expected, got), "tf1")
    return wrong_size("h_0", "batch_size", expected, got, [likely], facts)


def joined_in_graph(found: Found) -> Mismatch:
    """x and h of a cell of TensorFlow 1, or of a ConvLSTM, which it joins along the last axis while it makes the
    graph."""
    x, h = found.shape("x"), found.shape("h")
    operation = found.text("operation")
    if (len(x), len(h)) == (2, 1) and IN_RECURRENT_MODEL.search(operation) and INITIAL.search(found.surroundings.text):
        return wrong_rank("h_0", 2, 1, [cause("state_without_batch", found.framework)], shapes=(x[:1] + h, h))
    if not IN_OWN_CELL.search(operation) or not x or not h:
        raise NoShapeError()
    if len(x) == len(h) == 2 and None not in (x[0], h[0]):
        return joined_with_x(replace(found, surroundings=Surroundings(operation)))
    if len(x) == len(h) == IMAGE_AXES and x[1:-1] != h[1:-1]:
        return wrong_shape("h_0", None, (*x[:-1], h[-1]), h, [cause("state_of_image", found.framework)])
    return of_unknown_arrays()


IMAGE_AXES = 4
"""The axes of a step of a ConvLSTM: batch, rows, columns and channels."""

IN_OWN_CELL = re.compile(r"_cell/concat|(?:lstm|gru|rnn)cell/(?:conv/)?concat")
"""The name of the operation that joins x and h, also in a cell of one's own, in lower case. A network with such a name
may join other arrays."""

IN_RECURRENT_MODEL = re.compile(rf"{IN_OWN_CELL.pattern}|recurrent\w{{0,20}}/(?:\w{{1,40}}/)?concat")
"""The same, also in a model that wraps a cell."""

INITIAL = re.compile(r"initial_states?\b")

IN_WRAPPER = re.compile(r"attention_wrapper(?:_\d{1,2})?/concat")
CUT_IN_CELL = re.compile(r"\(\((?:\(\()?node:?[\w/]{0,200}(?:_|/|rnn|lstm|gru)cell(?:_\d{1,3})?$")
"""The beginning of the name of an operation in a cell, at the end of a folded text."""

IN_CELL = re.compile(rf"_cell/concat|(?:lstm|gru|rnn)cell/concat|{IN_WRAPPER.pattern}")
"""The name of the operation that joins x and h, in lower case."""


def batch_of_attention(found: Found) -> Mismatch:
    """A state of a decoder with attention for another batch than that of the encoder."""
    sentence = phrase("The state of the decoder was requested for another batch_size than the encoder’s output has.")
    return Mismatch("h_0", "batch_size", sentence, causes=(cause("other_batch", "tf1"),))


TEMPLATES = (
    *(
        MessageTemplate(
            id,
            "tf1",
            versions,
            f"ConcatOp : {text}: shape[0] = {{x:shape}} vs. shape[1] = {{h:shape}}",
            joined_with_x,
            anywhere=True,
        )
        for id, versions, text in (
            ("tf1-concat", "1", "Dimensions of inputs should match"),
            ("tensorflow-concat", "2", "Dimension 0 in both shapes must be equal"),
        )
    ),
    MessageTemplate(
        "tensorflow-concat-of-graph",
        "tf1",
        "1.14-2",
        "Dimension 0 in both shapes must be equal, but are {i:n} and {j:n}. Shapes are {a:shape} and {b:shape}. for"
        " '{{node {operation:operation}}} = ConcatV2{arguments:operands}' with input shapes: {x:shape}, {h:shape}",
        lambda found: joins_in_calls.joined_in_call(found) or joined_with_x(found),
        anywhere=True,
        is_of_recurrence=joins_in_calls.is_of_network,
    ),
    *(
        MessageTemplate(
            id,
            "tf1",
            "1",
            f"{text} for '{{operation:operation}}' (op: 'ConcatV2') with input shapes: {{x:shape}}, {{h:shape}}",
            joined_in_graph,
        )
        for id, text in (
            ("tf1-concat-of-graph", "Dimension {i:n} in both shapes must be equal, but are {a:n} and {b:n}"),
            ("tf1-concat-of-shapes", "must be equal, but are {a:n} and {b:n}. Shapes are {c:shape} and {d:shape}."),
            ("tf1-concat-rank", "Shape must be rank {expected:n} but is rank {got:n}"),
        )
    ),
    MessageTemplate(
        "tf1-attention-batch",
        "tf1",
        "1-2",
        "Non-matching batch sizes between the memory (encoder output) and the requested batch size.",
        batch_of_attention,
    ),
)
