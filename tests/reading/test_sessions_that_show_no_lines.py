"""Errors in sessions of TensorFlow 1, which says where the operation that failed was made by numbers of lines alone.

TensorFlow 2.21 in the mode of version 1 raised the error for this program, and runs the corrected line.
"""

import pytest
from pasted_programs import network

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def step(x, h, width):
    w = tf.get_variable("w", [int(x.shape[-1]) + width, width])
    return tf.tanh(tf.matmul(tf.concat([x, h], 1), w))


def network(days, samples, width):
    h = tf.zeros([samples, width])
    with tf.variable_scope("rnn", reuse=tf.AUTO_REUSE):
        for day in tf.unstack(days, axis=1):
            h = step(day, h, width)
    return h


days = tf.placeholder(tf.float32, [None, 8, 3])
last = network(days, 20, 17)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(last, {days: np.ones((20, 8, 3))})
    session.run(last, {days: np.ones((7, 8, 3))})
"""

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/weather.py", line 25, in <module>
    session.run(last, {days: np.ones((7, 8, 3))})
  File "/lib/python3.11/site-packages/tensorflow/python/client/session.py", line 977, in run
    result = self._run(None, fetches, feed_dict, options_ptr,
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
tensorflow.python.framework.errors_impl.InvalidArgumentError: Graph execution error:

Detected at node 'rnn/concat' defined at (most recent call last):
    File "/home/me/weather.py", line 21, in <module>
    File "/home/me/weather.py", line 16, in network
    File "/home/me/weather.py", line 9, in step
Node: 'rnn/concat'
ConcatOp : Dimension 0 in both shapes must be equal: shape[0] = [7,3] vs. shape[1] = [20,17]
         [[{{node rnn/concat}}]]

Original stack trace for 'rnn/concat':
  File "/home/me/weather.py", line 21, in <module>
  File "/home/me/weather.py", line 16, in network
  File "/home/me/weather.py", line 9, in step
  File "/lib/python3.11/site-packages/tensorflow/python/util/traceback_utils.py", line 164, in error_handler
  File "/lib/python3.11/site-packages/tensorflow/python/ops/array_ops.py", line 1442, in concat
"""


@pytest.mark.parametrize("before", ["", "\n\n", "This fails:\n\n"])
def test_frames_without_lines_name_those_of_the_program_by_their_numbers(before: str) -> None:
    explanation = explain(before + PROGRAM + TRACEBACK)
    mismatch = explanation.mismatch

    assert explanation.found.program.tree.frames[-1] == "return tf.tanh(tf.matmul(tf.concat([x, h], 1), w))"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("h_0", "batch_size", (7,), (20,))
    assert network(explanation) == (7, 8, 3, 17)


@pytest.mark.parametrize(
    "steps",
    ["for day in tf.unstack(days, axis=1):", "for day in tf.unstack(days, 8, 1):", "for t in range(8):"],
)
def test_the_first_state_of_an_own_cell_gets_the_batch_that_the_graph_is_fed(steps: str) -> None:
    day = "days[:, t]" if "range" in steps else "day"
    program = PROGRAM.replace("for day in tf.unstack(days, axis=1):", steps).replace("step(day,", f"step({day},")
    likely = explain(program + TRACEBACK).mismatch.causes[0]

    assert (likely.wrong, likely.fix) == ("h = tf.zeros([samples, width])", "h = tf.zeros([tf.shape(days)[0], width])")


def test_a_graph_that_a_session_ran_is_none_of_keras() -> None:
    assert explain(PROGRAM + TRACEBACK).framework == explain(TRACEBACK).framework == "tf1"


def test_a_line_that_stands_twice_in_the_program_gives_no_place() -> None:
    again = "session.run(last, {days: np.ones((7, 8, 3))})"
    twice = PROGRAM.replace("    session.run(last, {days: np.ones((20, 8, 3))})", f"    {again}")
    tree = explain(twice + TRACEBACK).found.program.tree

    assert "return tf.tanh(tf.matmul(tf.concat([x, h], 1), w))" not in tree.frames
