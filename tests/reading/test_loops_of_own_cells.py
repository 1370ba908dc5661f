"""A program that shows the loop of its own cell has one layer with one direction, in every framework.

PyTorch 2.13, Keras 3 with PyTorch, and TensorFlow 2.21 in the mode of version 1 raised the errors.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

CELL_OF_PYTORCH = """import torch
from torch import nn

class GatedStep(nn.Module):
    def __init__(self, width, memory):
        super().__init__()
        self.of_x = nn.Linear(width, 2 * memory)
        self.of_h = nn.Linear(memory, memory)

    def forward(self, x, h):
        z, n = (self.of_x(x) + self.of_h(h)).chunk(2, dim=-1)
        return h + torch.sigmoid(z) * (torch.tanh(n) - h)

class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.step = {step}

    def forward(self, x):
        h = x.new_zeros(len(x), 23)
        for t in {order}:
            h = self.step(x[:, t], h)
        {after}
        return h

Reader()(torch.randn(5, 12, 7))
"""
IN_STEP = [
    "Reader()(torch.randn(5, 12, 7))",
    "h = self.step(x[:, t], h)",
    "z, n = (self.of_x(x) + self.of_h(h)).chunk(2, dim=-1)",
]
SUM = "RuntimeError: The size of tensor a (46) must match the size of tensor b (23) at non-singleton dimension 1"
ONE_STEP, FORWARDS = "GatedStep(7, 23)", "range(x.shape[1])"


@pytest.mark.parametrize(
    ("step", "order", "after", "sizes"),
    [
        (ONE_STEP, FORWARDS, "", (1, False)),
        (ONE_STEP, "reversed(range(x.shape[1]))", "", (None, None)),
        (ONE_STEP, FORWARDS, "back = self.step(x.flip(1)[:, 0], h)", (None, None)),
        (ONE_STEP, FORWARDS, "for t in range(3): h = self.step(x[:, t], h)", (None, None)),
        ("nn.Sequential(*[GatedStep(7, 23) for n in range(2)])", FORWARDS, "", (None, None)),
        (f"{ONE_STEP}\n        self.above = GatedStep(23, 23)", FORWARDS, "", (None, None)),
    ],
)
def test_a_class_of_pytorch_in_a_loop_is_one_layer(
    step: str, order: str, after: str, sizes: tuple[int | None, bool | None]
) -> None:
    network = explain(pasted(CELL_OF_PYTORCH.format(step=step, order=order, after=after), IN_STEP, SUM)).configuration

    assert network and (network.num_layers, network.bidirectional) == sizes


OF_TF1 = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()

def step(x, h, w, u):
    return tf.tanh(tf.matmul(x, w) + tf.matmul(h, u))

def network(x, w, u):
    h = tf.zeros([6, 21])
    for x_t in tf.unstack(x, 14, axis=1):
        h = step(x_t, h, w, u)
    return {result}

x = tf.placeholder(tf.float32, [6, 14, 8])
w, u = tf.get_variable("w", [8, 21]), tf.get_variable("u", [21, 21])
{call}
"""
DENSE = 'tf.matmul(h, tf.get_variable("out", [8, 3]))'
ONE_CALL = "y = network(x, w, u)"
PRODUCT = (
    "ValueError: Dimensions must be equal, but are 21 and 8 for '{{node MatMul_28}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](Tanh_13, out/read)' with input shapes: [6,21], [8,3]."
)


@pytest.mark.parametrize(
    ("call", "count"),
    [
        (ONE_CALL, 1),
        (f"for weights in [(w, u), (u, u)]:\n    {ONE_CALL}", None),
        (f"{ONE_CALL}\nz = network(x, u, u)", None),
    ],
)
def test_a_function_of_tensorflow_1_in_a_loop_is_one_layer(call: str, count: int | None) -> None:
    program = OF_TF1.format(result=DENSE, call=call)
    network = explain(pasted(program, [ONE_CALL, f"return {DENSE}"], PRODUCT)).configuration

    assert network and network.num_layers == count and network.bidirectional == (None if count is None else False)


OF_KERAS = """import keras
import numpy as np

class LeakyCell(keras.Layer):
    def __init__(self, memory):
        super().__init__()
        self.memory = self.state_size = memory

    def build(self, shape):
        self.w = self.add_weight((shape[-1], self.memory), name="w")
        self.u = self.add_weight((shape[-1], self.memory), name="u")

    def call(self, inputs, states):
        h = keras.ops.tanh(inputs @ self.w + states[0] @ self.u)
        return h, [h]

cell = LeakyCell(31)
reader = {reader}
reader(np.zeros((4, 9, 17), "float32"))
"""
IN_CELL = """RuntimeError: Exception encountered when calling LeakyCell.call().

mat1 and mat2 shapes cannot be multiplied (4x31 and 17x31)

Arguments received by LeakyCell.call():
  • inputs=torch.Tensor(shape=torch.Size([4, 17]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([4, 31]), dtype=float32)',)"""


@pytest.mark.parametrize(
    ("reader", "is_bidirectional"),
    [
        ("keras.layers.RNN(cell)", False),
        ("keras.layers.RNN(LeakyCell(31), return_sequences=True)", False),
        ("keras.layers.Bidirectional(keras.layers.RNN(cell))", None),
        ("keras.layers.RNN(cell, go_backwards=True)", None),
    ],
)
def test_a_cell_that_rnn_of_keras_runs_has_one_direction(reader: str, is_bidirectional: bool | None) -> None:
    frames = ['reader(np.zeros((4, 9, 17), "float32"))', "h = keras.ops.tanh(inputs @ self.w + states[0] @ self.u)"]
    network = explain(pasted(OF_KERAS.format(reader=reader), frames, IN_CELL)).configuration

    assert network and (network.num_layers, network.bidirectional) == (1, is_bidirectional)
