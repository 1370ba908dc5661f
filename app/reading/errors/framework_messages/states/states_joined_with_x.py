"""Messages about states of another batch than x, with which TensorFlow joins them in each step."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_STATE, MATRIX, RANK
from ...causes import batch_id, cause
from ...mismatch import Mismatch, NoShapeError, Shape, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ...surroundings import Surroundings
from ..message_template import Found, MessageTemplate
from ..outputs import joins_in_calls
from .causes_of_states import numbers
from .cells_of_tensorflow import ASSERTED, pair_of_last_layer


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
    if of_pair := _pair(found, (x, h)):
        return of_pair
    if (len(x), len(h)) == (2, 1) and IN_RECURRENT_MODEL.search(operation) and INITIAL.search(found.surroundings.text):
        return wrong_rank("h_0", 2, 1, [cause("state_without_batch", found.framework)], shapes=(x[:1] + h, h))
    if IN_WRAPPER.search(operation) and len(x) == 1 and len(h) == MATRIX and x[0] == h[0]:
        facts = [fact("batch_size", x[0], "x")] if x[0] else []
        ids = ("missing_embedding", "missing_features_axis")
        return wrong_rank("x", MATRIX, 1, [cause(id, "tf1") for id in ids], facts, ((x[0], None), x))
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


def pair_joined_in_graph(found: Found) -> Mismatch:
    """Several joined arrays, one of which is the pair of states of an LSTM."""
    others = re.findall(r"\(([^()]*)\)", found.text("others"))
    rest = (tuple(int(size) if size.isdecimal() else None for size in one.split(",")) for one in others)
    return _pair(found, (found.shape("x"), found.shape("h"), *rest)) or of_unknown_arrays()


def _pair(found: Found, arrays: tuple[Shape, ...]) -> Mismatch | None:
    """Matrices and one array (2, batch_size, num_units): the pair (c, h) of an LSTM, which TensorFlow stacks if it is
    taken for one array; None for any others."""
    pairs = [one for one in arrays if len(one) == RANK and one[0] == PARTS_OF_STATE]
    is_of_lstm = OF_LSTM.search(found.surroundings.text) and found.cell in ("", "lstm")
    if len(pairs) != 1 or not is_of_lstm or any(len(one) != MATRIX for one in arrays if one not in pairs):
        return None
    (pair,) = pairs
    facts = [fact(axis, size, "h") for axis, size in zip(AXES_OF_STATE[1:], pair[1:], strict=True) if size]
    return wrong_rank("h_0", MATRIX, RANK, [pair_of_last_layer(found)], facts, (pair[1:], pair))


OF_LSTM = re.compile(r"(?<![a-z])lstm(?![a-z])")
"""The name of the cell, in lower case."""

PARTS_OF_STATE = 2
"""The arrays of the state of an LSTM."""


def batch_of_attention(found: Found) -> Mismatch:
    """A state of a decoder with attention for another batch than that of the encoder."""
    sentence = phrase("The state of the decoder was requested for another batch_size than the encoder’s output has.")
    likely = (cause("other_batch", "tf1"),)
    said = ASSERTED.search(found.after)
    if not said or said[1] == said[2]:
        return Mismatch("h_0", "batch_size", sentence, causes=likely)
    got, expected = int(said[1]), int(said[2])
    facts = (fact("batch_size", expected, "x"),)
    return Mismatch("h_0", "batch_size", sentence, (expected,), (got,), likely, facts)


def chosen_state(found: Found) -> Mismatch:
    """The state that a loop of TensorFlow 1 keeps for each sequence that has ended, where it would take the new one of
    the others."""
    condition, old, new = map(found.shape, ("condition", "old", "new"))
    if not IN_LOOP.search(found.text("operation")):
        raise NoShapeError()
    if len(condition) == MATRIX and len(old) == len(new) == RANK and old[:MATRIX] == condition:
        likely = cause("impute_finished", "tf1")
        facts = [fact("num_units", old[-1], "h")] if old[-1] else []
        return wrong_rank("h_0", MATRIX, RANK, [likely], facts, ((old[0], old[-1]), old))
    if len(condition) == 1 and old == new == ():
        is_wrapper = "attentionwrapper" in found.surroundings.text
        likely_causes = [cause("scalar_state", "tf1")] if is_wrapper else []
        samples = [fact("batch_size", condition[0], "lengths")] if condition[0] else []
        return wrong_rank("h_0", 1, 0, likely_causes, samples, (condition, ()))
    if len(old) != len(new) and len(condition) < MATRIX:
        return wrong_rank("h_0", len(new), len(old), [], shapes=(new, old))
    return of_unknown_arrays()


IN_LOOP = re.compile(r"(?:rnn|decoder)(?:_\d{1,2})?/while/select(?:_\d{1,3})?$")
"""The choice between two states in a loop over the steps, in lower case."""


TEMPLATES = (
    MessageTemplate(
        "tf1-choice-of-states",
        "tf1",
        "1",
        "Shapes must be equal rank, but are {a:n} and {b:n} for '{operation:operation}' (op: 'Select') with input"
        " shapes: {condition:shape}, {old:shape}, {new:shape}",
        chosen_state,
        anywhere=True,
    ),
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
        "tf1-concat-rank-of-several",
        "tf1",
        "1",
        "Shape must be rank {expected:n} but is rank {got:n} for '{operation:operation}' (op: 'ConcatV2') with input"
        " shapes: {x:shape}, {h:shape}, {others:operands}, []",
        pair_joined_in_graph,
        anywhere=True,
        is_of_recurrence=lambda found: pair_joined_in_graph(found) != of_unknown_arrays(),
    ),
    MessageTemplate(
        "tf1-attention-batch",
        "tf1",
        "1-2",
        "Non-matching batch sizes between the memory (encoder output) and the requested batch size.",
        batch_of_attention,
    ),
)
