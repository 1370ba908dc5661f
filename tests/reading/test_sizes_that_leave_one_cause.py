"""What is said about whole programs whose sizes leave only one cause: what fails, and the corrected lines.

PyTorch 2.13, Keras 3.15 and NumPy raised the messages for these programs.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import Explanation, explain

MASK = """
import torch
from torch import nn


class Pooling(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.energy = nn.Linear(width, 1)

    def forward(self, out, mask):
        scores = self.energy(out)
        scores = scores.masked_fill(mask == 0, -1e4)
        return (scores.softmax(1) * out).sum(1)


class Reader(nn.Module):
    def __init__(self, words, hidden):
        super().__init__()
        self.embedding = nn.Embedding(words, 7)
        self.gru = nn.GRU(7, hidden, batch_first=True)
        self.pooling = Pooling(hidden)

    def forward(self, tokens):
        out, _ = self.gru(self.embedding(tokens))
        return self.pooling(out, tokens != 0)


reader = Reader(50, 18)
print(reader(torch.randint(0, 50, (9, 14))).shape)
"""

COPIED = '''
"""Weights of keras.layers.GRU for PyTorch."""
import numpy as np
import torch
from torch import nn

rnn = nn.GRU(9, 14, batch_first=True)
arrays = dict(np.load("weights.npz"))
with torch.no_grad():
    rnn.weight_hh_l0.copy_(torch.from_numpy(arrays["recurrent"]))
'''

STATE = """
import torch
from torch import nn


def build(read):
    settings = read("settings")
    return nn.GRU(settings["features"], 24, settings["depth"], bidirectional=settings["both"], batch_first=True)


gru = build(lambda name: {"features": 6, "depth": 1, "both": True})
h = torch.zeros(1, 5, 24)
y, h = gru(torch.randn(5, 8, 6), h)
"""

CLASSES = """
import numpy as np
import keras
from keras import layers, losses

model = keras.Sequential([keras.Input((12, 3)), layers.GRU(19), layers.Dense(7, activation="softmax")])
model.compile("adam", loss=losses.CategoricalCrossentropy(name="classes"))
x, y = np.zeros((24, 12, 3), "float32"), np.arange(24) % 7
model.fit(x, y, batch_size=8, verbose=0)
"""

RESHAPE = """
import numpy as np
import keras
from keras import layers


def forecaster(ahead=6, sensors=4, units=21):
    model = keras.Sequential([keras.Input((15, sensors))])
    model.add(layers.GRU(units))
    model.add(layers.Dense(ahead))
    model.add(layers.Reshape((ahead, sensors)))
    return model


print(forecaster().output_shape)
"""

DEPTH = """
import keras
from keras import layers


def stacked(blocks=4, width=22):
    model = keras.Sequential([keras.Input((9, 5))])
    for n in range(blocks):
        model.add(layers.GRU(width, return_sequences=n < blocks - 3))
    return model


print(stacked().output_shape)
"""

STEP = """
import keras
import numpy as np
from keras import layers, ops


class Stepper(keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.width, self.cell = width, layers.GRUCell(width)

    def call(self, signal):
        state = ops.zeros((ops.shape(signal)[0], self.width))
        for n in range(signal.shape[1]):
            part = signal[:, n : n + 1]
            y, (state,) = self.cell(part, [state])
        return y


print(Stepper(16)(np.zeros((5, 7, 4), "float32")).shape)
"""

OF_NUMPY = """
import numpy as np


def saved(features=8, units=15):
    rng = np.random.default_rng(1)
    return rng.normal(size=(4 * units, features)), rng.normal(size=(4 * units, units))


class StoredLSTM:
    def __init__(self, weights):
        self.w_x, self.w_h = weights
        self.units = self.w_h.shape[1]

    def step(self, x, h, c):
        gates = x @ self.w_x
        gates = gates + h @ self.w_h.T
        i, f, g, o = np.split(gates, 4, axis=1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        return np.tanh(c) / (1 + np.exp(-o)), c


layer = StoredLSTM(saved())
signal = np.zeros((6, 11, 8))
h = c = np.zeros((6, 15))
for t in range(signal.shape[1]):
    h, c = layer.step(signal[:, t], h, c)
"""


def said(program: str, line: str, error: str) -> Explanation:
    return explain(pasted(program, [line], error))


@pytest.mark.parametrize(
    ("program", "line", "error", "about", "fixed"),
    [
        (
            MASK,
            "scores = scores.masked_fill(mask == 0, -1e4)",
            "RuntimeError: The size of tensor a (9) must match the size of tensor b (14) at non-singleton dimension 1",
            ("pytorch", "mask", "rank"),
            "scores = scores.masked_fill((mask == 0).unsqueeze(-1), -1e4)",
        ),
        (
            COPIED,
            'rnn.weight_hh_l0.copy_(torch.from_numpy(arrays["recurrent"]))',
            "RuntimeError: The size of tensor a (14) must match the size of tensor b (42) at non-singleton dimension 1",
            ("pytorch", "recurrent_kernel", "order"),
            'rnn.weight_hh_l0.copy_(torch.from_numpy(arrays["recurrent"]).t())',
        ),
        (
            CLASSES,
            "model.fit(x, y, batch_size=8, verbose=0)",
            "ValueError: Arguments `target` and `output` must have the same shape. Received: "
            "target.shape=torch.Size([8]), output.shape=torch.Size([8, 7])",
            ("keras", "target", "rank"),
            'model.compile("adam", loss=losses.SparseCategoricalCrossentropy(name="classes"))',
        ),
        (
            RESHAPE,
            "model.add(layers.Reshape((ahead, sensors)))",
            "ValueError: Exception encountered when calling Reshape.call().\n\nThe total size o"
            "f the tensor must be unchanged. Received: input_shape=(6,), target_shape=(6, 4)\n"
            "\nArguments received by Reshape.call():\n  • args=('<KerasTensor shape=(None, 6), "
            "dtype=float32, sparse=False, ragged=False, name=keras_tensor_5>',)\n  • kwargs=<c"
            "lass 'inspect._empty'>",
            ("keras", "output", None),
            "model.add(layers.Dense(ahead * sensors))",
        ),
        (
            DEPTH,
            "model.add(layers.GRU(width, return_sequences=n < blocks - 3))",
            "ValueError: Input 0 with name 'None' of layer 'gru_2' is incompatible with the l"
            "ayer: expected ndim=3, found ndim=2. Full shape received: (None, 22)",
            ("keras", "x", "rank"),
            "model.add(layers.GRU(width, return_sequences=n < blocks - 1))",
        ),
        (
            STEP,
            "y, (state,) = self.cell(part, [state])",
            "RuntimeError: Exception encountered when calling GRUCell.call().\n\nThe size of te"
            "nsor a (16) must match the size of tensor b (48) at non-singleton dimension 2\n\nA"
            "rguments received by GRUCell.call():\n  • inputs=torch.Tensor(shape=torch.Size([5"
            ", 1, 4]), dtype=float32)\n  • states=['torch.Tensor(shape=torch.Size([5, 5, 16]),"
            " dtype=float32)']\n  • training=False",
            ("keras", "x", "rank"),
            "part = signal[:, n]",
        ),
    ],
)
def test_a_whole_program_gets_the_lines_that_its_sizes_leave(
    program: str, line: str, error: str, about: tuple[str, str, str | None], fixed: str
) -> None:
    found = said(program, line, error)
    first, *_ = found.mismatch.causes

    assert (found.framework, found.mismatch.tensor, found.mismatch.axis) == about
    assert first.fix == fixed


STATE_ERROR = "RuntimeError: Expected hidden size (2, 5, 24), got [1, 5, 24]"


def test_a_state_without_its_second_direction_is_that_of_one_layer() -> None:
    of_others = STATE.replace("build(lambda", "load(lambda")  # a function that is not there
    found = said(of_others, "y, h = gru(torch.randn(5, 8, 6), h)", STATE_ERROR)
    network = found.configuration

    assert found.mismatch.first_cause == "directions"
    assert network and (network.num_layers, network.bidirectional) == (1, True)


def test_stored_weights_beside_transposed_ones_are_transposed_too() -> None:
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 60 is different from 8)"
    )
    found = said(OF_NUMPY, "gates = x @ self.w_x", error)

    assert (found.mismatch.tensor, found.mismatch.expected, found.mismatch.got) == ("kernel", (8, 60), (60, 8))
    assert found.mismatch.causes[0].lines == (("gates = x @ self.w_x", "gates = x @ self.w_x.T"),)
    assert found.configuration and found.configuration.features == 8
