"""One number as the lengths of all samples, in TensorFlow before version 1, and a message without its end."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """cell = rnn_cell.GRUCell(11)
outputs, state = rnn.rnn(cell, steps, initial_state=cell.zero_state({batch}, tf.float32), sequence_length={length})
ValueError: Shapes TensorShape([]) and TensorShape([Dimension(None)]) must have the same rank
"""


@pytest.mark.parametrize(("batch", "length"), [("26", "9"), ("batch", "length")])
def test_each_sample_needs_its_own_length(batch: str, length: str) -> None:
    explanation = explain(PROGRAM.format(batch=batch, length=length))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("lengths", "rank", 1, 0)
    assert mismatch.causes[0].fix == f"sequence_length=tf.fill([{batch}], {length})"
    assert explanation.configuration is not None
    assert explanation.configuration.batch_size == (int(batch) if batch.isdecimal() else None)


def test_the_title_of_a_post_has_only_the_beginning_of_the_message() -> None:
    mismatch = explain(
        "# Input size (depth of inputs) must be accessible via shape inference\n\ncell = tf.nn.rnn_cell.GRUCell(40)\n"
        "outputs, state = tf.nn.dynamic_rnn(cell, words, dtype=tf.float32)\n"
    ).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("x", "features")
