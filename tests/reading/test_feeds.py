"""If a program of TensorFlow 1 feeds an x with its features first, its own line is corrected: the reshape, which would
mix values if its axes were exchanged later.

TensorFlow 2.20 raised the message for this program in its graph mode, and runs it with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

FED = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
columns, hours, samples = 6, 11, 9
table = tf.placeholder(tf.float32, [None, hours, columns])
states, last = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(23), table, dtype=tf.float32)
{lines}
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    print(session.run(last, {{table: rows}}).shape)
"""
ERROR = "ValueError: Cannot feed value of shape (9, 6, 11) for Tensor Placeholder:0, which has shape (None, 11, 6)"


@pytest.mark.parametrize(
    ("lines", "wrong", "fix"),
    [
        (
            "rows = np.random.rand(samples, hours * columns)\nrows = rows.reshape(samples, columns, hours)",
            "rows = rows.reshape(samples, columns, hours)",
            "rows = rows.reshape(samples, hours, columns)",
        ),
        (
            "rows = np.reshape(np.random.rand(samples, hours * columns), (samples, columns, hours))",
            "rows = np.reshape(np.random.rand(samples, hours * columns), (samples, columns, hours))",
            "rows = np.reshape(np.random.rand(samples, hours * columns), (samples, hours, columns))",
        ),
        (
            "rows = np.ones((samples, columns, hours))",
            "print(session.run(last, {table: rows}).shape)",
            "print(session.run(last, {table: rows.swapaxes(1, 2)}).shape)",
        ),
    ],
)
def test_what_is_fed_has_its_steps_before_its_features(lines: str, wrong: str, fix: str) -> None:
    text = pasted(FED.format(lines=lines), ["print(session.run(last, {table: rows}).shape)"], ERROR)

    (likely,) = explain(text).mismatch.causes
    assert (likely.id, likely.lines) == ("features_first", ((wrong, fix),))
