"""Functions that never read an argument with the features that x lacks: both are joined.

PyTorch 2.13, Flax 0.12 and NumPy 2 raised these errors for the programs, and ran each with the corrected line.
"""

import pytest
from pasted_programs import first_cause_and_lines, likely, pasted

IN_FLAX = """  File "/site-packages/flax/nnx/nn/recurrent.py", line 721, in __call__
    x_transformed = self.dense_i(inputs)
                    ^^^^^^^^^^^^^^^^^^^^
  File "/site-packages/flax/nnx/nn/linear.py", line 422, in __call__
    y = self.dot_general(
TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (14,)."""

OF_SUMMARY = """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, words=50, width=12, units=20):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.gru = nn.GRU(width + units, units, batch_first=True)

    def forward(self, tokens, summary, state):
        x = self.embed(tokens)
        y, state = self.gru(x, state)
        return y, state


decoder = Decoder()
summary = torch.randn(6, 20)
y, state = decoder(torch.randint(50, (6, 9)), summary, torch.zeros(1, 6, 20))
"""

OF_CONTEXT = """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, words, width, units):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.rnn = nn.RNN(width + units, units)

    def forward(self, token, state, context):
        embedded = self.embed(token).unsqueeze(0)
        y, state = self.rnn(embedded, state)
        return y, state


decoder = Decoder(90, 46, 35)
context = torch.zeros(1, 24, 35)
y, state = decoder(torch.randint(90, (24,)), context, context)
"""

OF_CONTROLS = """
import torch
import torch.nn as nn


class Step(nn.Module):
    def __init__(self, inputs, controls, hidden):
        super().__init__()
        self.cell = nn.LSTMCell(inputs + controls, hidden)

    def forward(self, x, u, state):
        h, c = self.cell(x, state)
        return h, c


model = Step(inputs=7, controls=3, hidden=24)
state = torch.zeros(10, 24), torch.zeros(10, 24)
state = model(torch.randn(10, 7), torch.randn(10, 3), state)
"""

OF_LABEL = """
import numpy as np

rng = np.random.default_rng(1)
W = rng.normal(size=(6 + 4, 18))
U = rng.normal(size=(18, 18))


def step(h, x, label):
    return np.tanh(x @ W + h @ U)


h = step(np.zeros((5, 18)), rng.normal(size=(5, 6)), rng.normal(size=(5, 4)))
"""

OF_FLAX = """
import jax.numpy as jnp
from flax import nnx


class Decoder(nnx.Module):
    def __init__(self, width, context, units, rngs):
        self.cell = nnx.GRUCell(width + context, units, rngs=rngs)

    def __call__(self, carry, x, context):
        carry, y = self.cell(carry, x)
        return carry, y


decoder = Decoder(9, 5, 16, nnx.Rngs(0))
carry, y = decoder(jnp.zeros((4, 16)), jnp.ones((4, 9)), jnp.ones((4, 5)))
"""


@pytest.mark.parametrize(
    ("program", "line", "error", "corrected"),
    [
        (
            OF_SUMMARY,
            "y, state = self.gru(x, state)",
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 32, got 12",
            "y, state = self.gru(torch.cat([x, summary.unsqueeze(1).expand(-1, x.size(1), -1)], dim=-1), state)",
        ),
        (
            OF_CONTEXT,
            "y, state = self.rnn(embedded, state)",
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 81, got 46",
            "y, state = self.rnn(torch.cat([embedded, context], dim=-1), state)",
        ),
        (
            OF_CONTROLS,
            "h, c = self.cell(x, state)",
            "RuntimeError: input has inconsistent input_size: got 7 expected 10",
            "h, c = self.cell(torch.cat([x, u], dim=-1), state)",
        ),
        (
            OF_LABEL,
            "return np.tanh(x @ W + h @ U)",
            "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            " (n?,k),(k,m?)->(n?,m?) (size 10 is different from 6)",
            "return np.tanh(np.concatenate([x, label], axis=-1) @ W + h @ U)",
        ),
        (
            OF_FLAX,
            "carry, y = self.cell(carry, x)",
            IN_FLAX,
            "carry, y = self.cell(carry, jnp.concatenate([x, context], axis=-1))",
        ),
    ],
)
def test_an_argument_that_is_never_read_is_joined_to_the_x_that_lacks_its_features(
    program: str, line: str, error: str, corrected: str
) -> None:
    text = pasted(program, [program.strip().split("\n")[-1], line], error)

    assert first_cause_and_lines(text) == (("x", "features", "unread_argument"), {line: corrected})


def test_an_argument_of_another_size_is_not_what_x_lacks() -> None:
    program = OF_CONTROLS.replace("torch.randn(10, 3)", "torch.randn(10, 2)")
    error = "RuntimeError: input has inconsistent input_size: got 7 expected 10"
    frames = [program.strip().split("\n")[-1], "h, c = self.cell(x, state)"]

    assert likely(pasted(program, frames, error))[0] == ["other_features"]


def test_an_argument_that_the_function_reads_is_not_joined() -> None:
    program = OF_CONTROLS.replace("return h, c", "return h + u.sum(), c")
    error = "RuntimeError: input has inconsistent input_size: got 7 expected 10"
    frames = [program.strip().split("\n")[-1], "h, c = self.cell(x, state)"]

    assert likely(pasted(program, frames, error))[0] == ["other_features"]
