"""Messages of Theano about a state that a layer of Keras has kept for another batch than that of x.

Networks without recurrence raise them as well, so a line of code or a sentence must say the size of the batch.
"""

import re

from ....facts_about_sizes import fact
from ...causes import batch_id, cause
from ...mismatch import Mismatch, NoShapeError, of_unknown_arrays, wrong_shape, wrong_size
from ...pasted_text import TRACE
from ..message_template import Found, MessageTemplate


def batch_in_theano(found: Found) -> Mismatch:
    """An x with another batch than the states, in a sum or a product, if the text says the size of the batch."""
    sizes, around = {found.number("a"), found.number("b")}, found.surroundings
    if found.number("c") != found.number("d"):  # of a product whose factors do not fit
        return _one_direction(found) or of_unknown_arrays()
    if adds_product_of_h(found):
        of_h, of_x = found.number("a"), found.number("b")
        likely = cause(batch_id(of_x, made_for=of_h), "keras", batch_size=of_h)
        return wrong_size("h_0", "batch_size", of_x, of_h, [likely], [fact("batch_size", of_x, "x")])
    if found.template.id == "keras-0-batch-of-rows" and not found.number("a") and found.number("b"):
        return _without_samples(found)
    fixed = sizes & (around.said_batches | around.fixed_batches)
    if not fixed and found.template.id in STATES_FIRST:
        fixed = {found.number("a")}
    if not re.search(r"\bstateful\b|\bs(?:gru|lstm)\b", around.text) or len(sizes) != 2 or len(fixed) != 1:
        raise NoShapeError()
    (expected,), (got,) = fixed, sizes - fixed
    likely = cause(batch_id(got, made_for=expected), "keras", batch_size=expected)
    facts = [fact("batch_size", expected, "states")]
    units = found.number("e")
    if found.template.id == "keras-0-batch-of-product" and units and units == found.number("d"):
        facts.append(fact("num_units", units, "recurrent kernel"))  # of one gate
    return wrong_size("x", "batch_size", expected, got, [likely], facts)


def _without_samples(found: Found) -> Mismatch:
    """A state of no samples, the first factor of a product that is added to that of x."""
    samples = found.number("b")
    likely = cause("other_batch", "numpy")
    return wrong_size("h_0", "batch_size", samples, 0, [likely], [fact("batch_size", samples, "x")])


def adds_product_of_h(found: Found) -> bool:
    """Whether the message is about the product of the state with the recurrent kernel of a gate, called U in Keras 0
    and 1, which is added to that of x."""
    return found.template.id == "keras-0-batch-of-rows" and OF_H.search(found.after[:LONGEST_NODE]) is not None


OF_H = re.compile(r"^.{0,40}applynode.{0,20}gemm.{0,300}?(?:lstm|gru|rnn)(?:_\d{1,3})?_u(?:_[a-z]{1,2})?(?:_copy)?[,)]")
LONGEST_NODE = 600
"""The product of the state in a node of Theano, and the characters after a message in which it is looked for."""


def _one_direction(found: Found) -> Mismatch | None:
    """A dense layer for both directions, which gets as many values as one of them has, in a text about a network with
    two; None for another product, and in the steps of a layer. It has one unit, or its rows are the samples of a batch:
    a recurrent layer reads those of all steps at once."""
    samples, units, rows, values = map(found.number, ("a", "c", "d", "e"))
    is_dense = found.template.id == "keras-0-batch-of-product" and (found.number("b"), found.number("f")) == (
        samples,
        values,
    )
    around = found.surroundings
    is_dense = is_dense and (values == 1 or samples in around.said_batches | around.fixed_batches)
    speaks_of_both = around.names_two_directions or TWO_DIRECTIONS.search(around.text)
    if not is_dense or not speaks_of_both or rows != 2 * units or IN_STEP.search(found.before[-TRACE:]):
        return None
    likely = cause("dense_features", "keras", outputs=values, got=units, expected=rows)
    return wrong_shape("dense_input", "features", (samples, rows), (samples, units), [likely])


TWO_DIRECTIONS = re.compile(r"(?<![a-z])b(?:lstm|gru|rnn)(?![a-z])")
"""Other names of a layer with two directions, in lower case."""

IN_STEP = re.compile(r"scan_module[\\/]scan_op|scan_perform\.pyx")
"""A frame in a loop of Theano over the steps, in the folded text."""

STATES_FIRST = ("keras-0-batch-of-product", "keras-0-batch-of-rows")
"""Templates of a product that is added: its first factor is the state, and the sum has the samples of x."""

TEMPLATES = tuple(
    MessageTemplate(id, "keras", "0-2.3", text, read, anywhere=True, is_of_recurrence=adds_product_of_h)
    for id, read, text in (
        (
            "keras-0-batch",
            batch_in_theano,
            "Input dimension mis-match. (input[0].shape[0] = {a:n}, input[1].shape[0] = {b:n}",
        ),
        (
            "keras-0-batch-of-product",
            batch_in_theano,
            "dimension mismatch in args to gemm ({a:n},{c:n})x({d:n},{e:n})->({b:n},{f:n})",
        ),
        ("keras-0-batch-of-rows", batch_in_theano, "Shape mismatch: x has {a:n} rows but z has {b:n} rows"),
        (
            "keras-0-sum",
            lambda found: of_unknown_arrays(),
            "Input dimension mis-match. (input[{i:n}].shape[{n:n}] = {a:n}, input[{j:n}].shape[{m:n}] = {b:n}",
        ),
        (
            "keras-0-product",
            lambda found: of_unknown_arrays(),
            "Shape mismatch: x has {a:n} cols (and {c:n} rows) but y has {b:n} rows",
        ),
    )
)
