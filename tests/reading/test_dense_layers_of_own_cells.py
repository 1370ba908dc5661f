"""What is said about cells that a program computes with two dense layers, of which one makes fewer or more gates.

PyTorch 2.13, Keras 3.15 with PyTorch and with TensorFlow, and Flax 0.12 raised the messages for these programs.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted, traceback

from app.reading.errors.explanation import explain

PYTORCH = """
import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self, n_in, width):
        super().__init__()
        self.i2h = nn.Linear(n_in, 2 * width)
        self.h2h = nn.Linear(width, 3 * width)

    def forward(self, x_t, h):
        z, r, n = (self.i2h(x_t) + self.h2h(h)).chunk(3, dim=-1)
        z = torch.sigmoid(z)
        return (1 - z) * torch.tanh(torch.sigmoid(r) * n) + z * h


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = Gated(9, 21)

    def forward(self, signal):
        h = torch.zeros(signal.size(0), 21)
        for k in range(signal.size(1)):
            h = self.cell(signal[:, k], h)
        return h


print(Net()(torch.randn(6, 14, 9)).shape)
"""

FRAMES_OF_PYTORCH = [
    "print(Net()(torch.randn(6, 14, 9)).shape)",
    "h = self.cell(signal[:, k], h)",
    "z, r, n = (self.i2h(x_t) + self.h2h(h)).chunk(3, dim=-1)",
]

SIZES = "RuntimeError: The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension 1"

KERAS = """
import keras
from keras import ops


class OwnCell(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.state_size = [units, units]
        self.from_x = keras.layers.Dense(4 * units)
        self.from_h = keras.layers.Dense(3 * units, use_bias=False)

    def call(self, inputs, states):
        h, c = states
        z = self.from_x(inputs) + self.from_h(h)
        i, f, g, o = ops.split(z, 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


layer = keras.layers.RNN(OwnCell(23))
x = keras.random.normal((5, 11, 8))
print(layer(x).shape)
"""

FRAMES_OF_KERAS = ["print(layer(x).shape)", "z = self.from_x(inputs) + self.from_h(h)"]

ARGUMENTS = """

Arguments received by OwnCell.call():
  • inputs={of}(shape={x}, dtype=float32)
  • states=('{of}(shape={h}, dtype=float32)', '{of}(shape={h}, dtype=float32)')
"""

WITH_PYTORCH = (
    "RuntimeError: Exception encountered when calling OwnCell.call().\n\n\033[1m"
    + SIZES.format(a=92, b=69).removeprefix("RuntimeError: ")
    + ARGUMENTS.format(of="torch.Tensor", x="torch.Size([5, 8])", h="torch.Size([5, 23])")
)

WITH_TENSORFLOW = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling OwnCell.call()."
    "\n\n\033[1m{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible"
    " shapes: [5,92] vs. [5,69] [Op:AddV2] name: \033[0m" + ARGUMENTS.format(of="tf.Tensor", x="(5, 8)", h="(5, 23)")
)

FLAX = """
import jax
import jax.numpy as jnp
import flax.linen as nn


class OwnCell(nn.Module):
    features: int

    @nn.compact
    def __call__(self, carry, x):
        h, c = carry
        z = nn.Dense(4 * self.features)(x) + nn.Dense(3 * self.features, use_bias=False)(h)
        i, f, g, o = jnp.split(z, 4, axis=-1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h


class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        cell = OwnCell(19)
        h = jnp.zeros((x.shape[0], 19))
        carry = (h, h)
        for t in range(x.shape[1]):
            carry, y = cell(carry, x[:, t])
        return y


x = jnp.ones((7, 13, 6))
Net().init(jax.random.key(0), x)
"""

FRAMES_OF_FLAX = [
    "Net().init(jax.random.key(0), x)",
    "carry, y = cell(carry, x[:, t])",
    "z = nn.Dense(4 * self.features)(x) + nn.Dense(3 * self.features, use_bias=False)(h)",
]


def test_a_layer_of_x_gets_the_gates_of_the_layer_of_h_beside_it() -> None:
    text = pasted(PYTORCH, FRAMES_OF_PYTORCH, SIZES.format(a=42, b=63))
    about, lines = first_cause_and_lines(text)
    explanation = explain(text)

    assert about == ("kernel", "gates*num_units", "gate_layer")
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((63,), (42,))
    assert lines == {"self.i2h = nn.Linear(n_in, 2 * width)": "self.i2h = nn.Linear(n_in, 3 * width)"}
    assert network(explanation) == (6, 14, 9, 21)
    assert explanation.configuration and explanation.configuration.cell == "gru"


def test_more_gates_than_the_program_splits_are_wrong_as_well() -> None:
    program = PYTORCH.replace("2 * width", "4 * width").replace("nn.Linear(n_in, 4", "nn.Linear(n_in, width * 4")
    program = program.replace("width * 4 * width", "width * 4")
    _, lines = first_cause_and_lines(pasted(program, FRAMES_OF_PYTORCH, SIZES.format(a=84, b=63)))

    assert lines == {"self.i2h = nn.Linear(n_in, width * 4)": "self.i2h = nn.Linear(n_in, width * 3)"}


@pytest.mark.parametrize("error", [WITH_PYTORCH, WITH_TENSORFLOW])
def test_a_dense_layer_of_keras_gets_the_gates_of_the_one_beside_it(error: str) -> None:
    text = pasted(KERAS, FRAMES_OF_KERAS, error)
    about, lines = first_cause_and_lines(text)

    assert about == ("recurrent_kernel", "gates*num_units", "gate_layer")
    assert lines == {
        "self.from_h = keras.layers.Dense(3 * units, use_bias=False)": (
            "self.from_h = keras.layers.Dense(4 * units, use_bias=False)"
        )
    }
    assert network(explain(text)) == (5, 11, 8, 23)


def test_a_dense_layer_of_flax_gets_the_gates_of_the_one_beside_it() -> None:
    error = "TypeError: add got incompatible shapes for broadcasting: (7, 76), (7, 57)."
    text = pasted(FLAX, FRAMES_OF_FLAX, error)
    about, lines = first_cause_and_lines(text)

    assert about == ("recurrent_kernel", "gates*num_units", "gate_layer")
    assert list(lines.values()) == [FRAMES_OF_FLAX[-1].replace("3 *", "4 *")]
    assert network(explain(text)) == (7, 13, 6, 19)


def test_a_traceback_alone_says_the_layer_and_whole_gates_only() -> None:
    line = "gates = self.i2h(x) + self.h2h(h)"
    frames = ["h, c = self.lstm_cell(x[:, t], (h, c))", line]
    of_gates = explain(traceback(frames, SIZES.format(a=116, b=87))).mismatch
    of_others = explain(traceback(frames, SIZES.format(a=16, b=31))).mismatch

    assert (of_gates.tensor, of_gates.axis) == ("recurrent_kernel", "gates*num_units")
    assert [one.fix for one in of_gates.causes] == ["self.h2h = nn.Linear(rows, 116)"]
    assert "attention_axis" not in [one.id for one in of_others.causes]
    assert of_others.tensor is None
