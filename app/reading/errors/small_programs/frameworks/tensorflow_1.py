"""The lines of the small programs in TensorFlow 1, which TensorFlow 2 runs as tf.compat.v1."""

from ..listing import Listing

HEAD = """
import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
"""

CELL = """
cell = tf.nn.rnn_cell.{tf1_cell}({units})
"""

RUN = """
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
print(outputs.shape)
"""


def _program(lines: str, printed: str, *of: str, when: str = "") -> Listing:
    """A program that makes a graph with ``lines``."""
    return Listing(HEAD + lines, printed, when, of, "tf1")


OF_DENSE = """
x = tf.placeholder(tf.float32, [{tf1_rows}, {time}, {features}])
cell = tf.nn.rnn_cell.{tf1_cell}({got_at.last})
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
"""

WEIGHTS = """
- W = tf.get_variable("W", [{expected_at.last}, {beside.last}])
+ W = tf.get_variable("W", [{got_at.last}, {beside.last}])
"""

IN_SESSION = """
session = tf.Session()
session.run(tf.global_variables_initializer())
"""

STATE = """
x = tf.zeros(({tf1_batch}, {time}, {features}))
cell = tf.nn.rnn_cell.{tf1_cell}({units})
- state = cell.zero_state({got_1}, tf.float32)
+ state = cell.zero_state(tf.shape(x)[0], tf.float32)
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=state)
"""

KERAS_CELL = """
from tf_keras.layers import {keras_class}Cell
x = tf.zeros(({batch}, {time}, {features}))
"""

TENSORFLOW_1: dict[str, Listing] = {
    "missing_axis": _program(
        """
x = tf.placeholder(tf.float32, [None, {got_shape[1]}])
+ x = tf.expand_dims(x, 1)
"""
        + CELL
        + RUN,
        "(?, 1, {units})",
        "tf1-rank",
    ),
    "static_features": _program(
        """
- x = tf.placeholder(tf.float32, [None, {time}, None])
+ x = tf.placeholder(tf.float32, [None, {time}, {features}])
"""
        + CELL
        + RUN,
        "(?, {time}, {units})",
        *("tf1-depth", "tf1-features", "tf1-known"),
    ),
    "other_features": _program(
        """
- x = tf.placeholder(tf.float32, [None, {time}, {expected_at[2]}])
+ x = tf.placeholder(tf.float32, [None, {time}, {got_at[2]}])
"""
        + CELL
        + "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        + IN_SESSION
        + """
print(session.run(outputs, {{x: [[[0.0] * {got_at[2]}] * {time}] * {got_at[0]}}}).shape)
""",
        "({got_at[0]}, {time}, {units})",
        "tf1-feed",
    ),
    **dict.fromkeys(
        ("dense_features", "dense_directions"),
        _program(
            OF_DENSE
            + WEIGHTS
            + """
logits = tf.matmul(outputs[:, -1], W)
print(logits.shape)
""",
            "({tf1_rows_printed}, {beside.last})",
            *("tensorflow-2-product", "tensorflow-product"),
            when="dense input",
        ),
    ),
    "every_step": _program(
        """
x = tf.zeros(({got_shape[0]}, {got_shape[1]}, {features}))
cell = tf.nn.rnn_cell.{tf1_cell}({got_shape[2]})
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
W = tf.zeros(({got_shape[2]}, 10))
- logits = tf.raw_ops.MatMul(a=outputs, b=W)
+ logits = tf.raw_ops.MatMul(a=outputs[:, -1], b=W)
print(logits.shape)
""",
        "({got_shape[0]}, 10)",
        *("tf1-product-rank", "tf1-product-rank-2", "tf1-matrix"),
        when="dense input",
    ),
    "same_cell": _program(
        """
x = tf.placeholder(tf.float32, [None, {time}, {expected_1}])
- cell = tf.nn.rnn_cell.{tf1_cell}({got_1})
- cells = [cell] * 2
+ cells = [tf.nn.rnn_cell.{tf1_cell}({got_1}) for _ in range(2)]
cell = tf.nn.rnn_cell.MultiRNNCell(cells)
"""
        + RUN,
        "(?, {time}, {got_1})",
        *("tensorflow-2-product", "tensorflow-product"),
        when="x",
    ),
    "list_of_steps": _program(
        """
x = tf.zeros(({batch}, {time}, {features}))
+ x = tf.unstack(x, axis=1)
"""
        + CELL
        + """
outputs, state = tf.nn.static_rnn(cell, x, dtype=tf.float32)
print(outputs[-1].shape)
""",
        "({batch}, {units})",
        *("tf1-list", "tf1-list-1"),
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        _program(
            STATE.replace("tf.zeros(({tf1_batch},", "tf.placeholder(tf.float32, (None,")
            + IN_SESSION
            + "x_of_batch = [[[0.0] * {features}] * {time}] * {expected_1}\n"
            + "print(session.run(outputs, {{x: x_of_batch}}).shape)",
            "({expected_1}, {time}, {units})",
            *("tensorflow-concat", "tf1-concat"),
            when="h_0",
        ),
    ),
    "lengths": _program(
        KERAS_CELL.replace("{batch}", "{expected_1}")
        + """
- lengths = [{time}] * {got_1}
+ lengths = [{time}] * {expected_1}
outputs, state = tf.nn.dynamic_rnn({keras_class}Cell({units}), x, sequence_length=lengths, dtype=tf.float32)
print(outputs.shape)
""",
        "({expected_1}, {time}, {units})",
        "tf1-lengths",
    ),
    "other_units": _program(
        KERAS_CELL
        + """
cell = {keras_class}Cell({expected_1})
- h = tf.zeros(({batch}, {got_1}))
+ h = tf.zeros(({batch}, {expected_1}))
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state={keras_state})
print(outputs.shape)
""",
        "({batch}, {time}, {expected_1})",
        *("tensorflow-2-product", "tensorflow-product"),
        when="h_0",
    ),
    "h_for_h_c": _program(
        """
x, h = tf.zeros(({batch}, {time}, {features})), tf.zeros(({batch}, {units}))
cell = tf.nn.rnn_cell.LSTMCell({units})
- state = h
+ state = tf.nn.rnn_cell.LSTMStateTuple(h, h)
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=state)
print(outputs.shape)
""",
        "({batch}, {time}, {units})",
        *("tf1-2-h-for-h-c", "tf1-h-for-h-c"),
    ),
    "state_of_each_cell": _program(
        """
x = tf.zeros(({batch}, {time}, {features}))
cells = [tf.nn.rnn_cell.{tf1_gru}({units}) for _ in range({expected_1})]
cell = tf.nn.rnn_cell.MultiRNNCell(cells)
- state = tf.zeros(({batch}, {expected_1} * {units}))
+ state = cell.zero_state({batch}, tf.float32)
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=state)
print(outputs.shape)
""",
        "({batch}, {time}, {units})",
        "tf1-state-of-stack",
    ),
    "state_is_tuple": _program(
        """
x = tf.zeros(({batch}, {time}, {features}))
cells = [tf.nn.rnn_cell.LSTMCell({units}) for _ in range(2)]
- cell = tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=False)
+ cell = tf.nn.rnn_cell.MultiRNNCell(cells)
"""
        + RUN,
        "({batch}, {time}, {units})",
        "tf1-state-is-tuple",
    ),
}
"""Cause -> the program in TensorFlow 1."""

TENSORFLOW_1_OTHERS: dict[str, Listing] = {
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        _program(
            STATE.replace("{tf1_batch}", "{expected_1}") + "print(outputs.shape)",
            "({expected_1}, {time}, {units})",
            *("tensorflow-concat-of-graph", "tf1-concat-of-graph"),
            when="h_0",
        ),
    ),
    "dense_features": _program(
        OF_DENSE.replace("{tf1_rows}", "None")
        + """
last = tf.placeholder_with_default(outputs[:, -1], [None, None])
"""
        + WEIGHTS
        + IN_SESSION
        + """
x_of_batch = [[[0.0] * {features}] * {time}] * {expected_at[0]}
print(session.run(tf.matmul(last, W), {{x: x_of_batch}}).shape)
""",
        "({expected_at[0]}, {beside.last})",
        *("tensorflow-product-of-node", "tensorflow-0-product-of-node", "tensorflow-2-product-of-node"),
        when="dense input",
    ),
    "lengths": _program(
        KERAS_CELL.replace("{batch}", "{expected_1}")
        + """
lengths = tf.placeholder(tf.int32, [None])
outputs, state = tf.nn.dynamic_rnn({keras_class}Cell({units}), x, sequence_length=lengths, dtype=tf.float32)
"""
        + IN_SESSION
        + """
- print(session.run(outputs, {{lengths: [{time}] * {got_1}}}).shape)
+ print(session.run(outputs, {{lengths: [{time}] * {expected_1}}}).shape)
""",
        "({expected_1}, {time}, {units})",
        "tf1-lengths-of-run",
    ),
    "h_for_h_c": _program(
        """
from tf_keras.layers import LSTMCell
x, h = tf.zeros(({batch}, {time}, {features})), tf.zeros(({batch}, {units}))
- outputs, state = tf.nn.dynamic_rnn(LSTMCell({units}), x, initial_state=h)
+ outputs, state = tf.nn.dynamic_rnn(LSTMCell({units}), x, initial_state=[h, h])
print(outputs.shape)
""",
        "({batch}, {time}, {units})",
        "tf1-product-rank-2",
        when="h_0",
    ),
}
"""The same with other messages."""

TENSORFLOW_1_CELLS: dict[str, Listing] = {
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        _program(
            KERAS_CELL.replace("{batch}", "{expected_1}")
            + """
- h = tf.zeros(({got_1}, {units}))
+ h = tf.zeros(({expected_1}, {units}))
outputs, state = tf.nn.dynamic_rnn({keras_class}Cell({units}), x, initial_state={keras_state})
print(outputs.shape)
""",
            "({expected_1}, {time}, {units})",
            "tensorflow-sum-of-graph",
            when="h_0",
        ),
    ),
}
"""The same with the cells of Keras."""
