"""Kernels of a program's own cell in Keras, which have other rows than x has features: the cell is of its own kind.

Keras 3.15 raised the messages for these programs with TensorFlow 2.21.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import tensorflow as tf
class NAME(tf.keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.state_size = width
    def build(self, input_shape):
        self.of_x = self.add_weight(shape=(self.width, GATES * self.width))
        self.of_h = self.add_weight(shape=(self.width, GATES * self.width))
    def call(self, inputs, states):
        (h,) = states
        x_u, x_n = tf.split(tf.matmul(inputs, self.of_x), GATES, axis=-1)[-2:]
        h_u, h_n = tf.split(tf.matmul(h, self.of_h), GATES, axis=-1)[-2:]
        u = tf.sigmoid(x_u + h_u)
        h = u * h + (1 - u) * tf.tanh(x_n + h_n)
        return h, [h]
def model(steps=21, channels=11):
    x = tf.keras.Input((steps, channels))
    return tf.keras.Model(x, tf.keras.layers.Dense(3)(tf.keras.layers.RNN(NAME(16))(x)))
net = model()
net.compile("adam", "mse")
net.fit(np.zeros((28, 21, 11), "float32"), np.zeros((28, 3), "float32"), batch_size=7)
"""
FIT = PROGRAM.splitlines()[-1]
PRODUCT = "x_u, x_n = tf.split(tf.matmul(inputs, self.of_x), GATES, axis=-1)[-2:]"
MESSAGE = """ValueError: Exception encountered when calling NAME.call().

Dimensions must be equal, but are 11 and 16 for '{{node functional_1/rnn_1/SCOPE_1/MatMul}} = MatMul[T=DT_FLOAT, \
grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](functional_1/rnn_1/strided_slice_1, \
functional_1/rnn_1/SCOPE_1/MatMul/ReadVariableOp)' with input shapes: [7,11], [16,COLUMNS].

Arguments received by NAME.call():
  • inputs=tf.Tensor(shape=(7, 11), dtype=float32)
  • states=('tf.Tensor(shape=(7, 16), dtype=float32)',)"""


def own_cell(name: str, scope: str, gates: int) -> str:
    text = pasted(PROGRAM, [FIT, PRODUCT], MESSAGE)
    for word, value in {"NAME": name, "SCOPE": scope, "GATES": str(gates), "COLUMNS": str(gates * 16)}.items():
        text = text.replace(word, value)
    return text


@pytest.mark.parametrize(
    ("name", "scope"),
    [("SlimGRUCell", "slim_gru_cell"), ("SmallLSTMCell", "small_lstm_cell"), ("UpdateGate", "update_gate")],
)
def test_the_kernel_of_an_own_cell_with_two_gates_is_wrong_and_says_no_cell(name: str, scope: str) -> None:
    text = own_cell(name, scope, 2)
    cause, lines = first_cause_and_lines(text)
    made = "self.of_x = self.add_weight(shape=({}, 2 * self.width))"
    found = explain(text).configuration

    assert cause == ("kernel", "features", "kernel_of_units")
    assert lines == {made.format("self.width"): made.format("input_shape[-1]")}
    assert (explain(text).mismatch.expected, explain(text).mismatch.got) == ((11,), (16,))
    assert network(explain(text)) == (7, 21, 11, 16)
    assert found and found.cell is None


@pytest.mark.parametrize(("gates", "cell"), [(2, None), (3, "gru"), (4, None)])
def test_the_name_of_an_own_cell_says_its_kind_if_its_kernel_has_as_many_gates(gates: int, cell: str | None) -> None:
    found = explain(own_cell("MyGRUCell", "my_gru_cell", gates)).configuration

    assert found and (found.cell, found.num_units) == (cell, 16)


@pytest.mark.parametrize("rows", ["input_shape[-1]", "channels"])
def test_only_the_kernel_of_an_own_cell_with_other_rows_than_x_is_corrected(rows: str) -> None:
    program = PROGRAM.replace("GATES * ", "").replace(
        "        self.of_x = self.add_weight(shape=(self.width, self.width))\n",
        "        channels = input_shape[-1]\n"
        "        self.x_u = self.add_weight(shape=(self.width, self.width))\n"
        f"        self.x_n = self.add_weight(shape=({rows}, self.width))\n",
    )
    program = program.replace(
        f"        {PRODUCT}\n", "        x_u, x_n = tf.matmul(inputs, self.x_u), tf.matmul(inputs, self.x_n)\n"
    )
    text = pasted(program, [FIT, "x_u, x_n = tf.matmul(inputs, self.x_u), tf.matmul(inputs, self.x_n)"], MESSAGE)
    for word, value in {"NAME": "UpdateGate", "SCOPE": "update_gate", "GATES": "2", "COLUMNS": "16"}.items():
        text = text.replace(word, value)
    made = "self.x_u = self.add_weight(shape=({}, self.width))"

    assert first_cause_and_lines(text) == (
        ("kernel", "features", "kernel_of_units"),
        {made.format("self.width"): made.format("input_shape[-1]")},
    )
