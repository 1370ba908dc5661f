"""What is said about programs that take the batch for time: a loop over samples, a layer that reads time first.

PyTorch 2.13 and Flax 0.12 raised the messages for these programs.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

IN_FLAX = """  File "/site-packages/flax/linen/recurrent.py", line 588, in __call__
    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))
                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~^~~~~~~~~~~~~~~~~~~~~~~~
"""

LOOP = """
import torch
from torch import nn
from torch.utils.data import DataLoader


class Tagger(nn.Module):
    def __init__(self, sensors, width=20):
        super().__init__()
        self.width = width
        self.gru = nn.GRUCell(sensors, width)
        self.out = nn.Linear(width, 3)

    def forward(self, readings):
        state = torch.zeros(readings.shape[0], self.width)
        scores = []
        for n, reading in enumerate(readings):
            state = self.gru(reading, state)
            scores.append(self.out(state))
        return torch.stack(scores, dim=1)


model = Tagger(6)
for batch in DataLoader(torch.randn(32, 24, 6), batch_size=16):
    print(model(batch).shape)
"""

TIME_MAJOR = """
import jax
import jax.numpy as jnp
from flax import linen as nn


class Encoder(nn.Module):
    units: int

    def setup(self):
        self.rnn = nn.RNN(nn.GRUCell(self.units), time_major=True, return_carry=True)
        self.start = nn.Dense(self.units)

    def __call__(self, notes, style):
        return self.rnn(notes, initial_carry=self.start(style))


notes, style = jnp.zeros((6, 17, 12)), jnp.zeros((6, 3))
print(Encoder(28).init_with_output(jax.random.key(0), notes, style)[0][0].shape)
"""


@pytest.mark.parametrize(
    ("program", "frames", "error", "line", "fixed", "sizes"),
    [
        (
            LOOP,
            ["print(model(batch).shape)", "state = self.gru(reading, state)"],
            "RuntimeError: Input batch size 24 doesn't match hidden0 batch size 16",
            "for n, reading in enumerate(readings):",
            "for n, reading in enumerate(readings.swapaxes(0, 1)):",
            (16, 24, 6, 20),
        ),
        (
            TIME_MAJOR,
            [
                "print(Encoder(28).init_with_output(jax.random.key(0), notes, style)[0][0].shape)",
                "return self.rnn(notes, initial_carry=self.start(style))",
            ],
            IN_FLAX + "TypeError: add got incompatible shapes for broadcasting: (17, 28), (6, 28).",
            "self.rnn = nn.RNN(nn.GRUCell(self.units), time_major=True, return_carry=True)",
            "self.rnn = nn.RNN(nn.GRUCell(self.units), return_carry=True)",
            (6, 17, 12, 28),
        ),
    ],
)
def test_the_batch_is_no_time(
    program: str, frames: list[str], error: str, line: str, fixed: str, sizes: tuple[int, ...]
) -> None:
    explanation = explain(pasted(program, frames, error))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis) == ("x", "order")
    assert mismatch.causes[0].lines == ((line, fixed),)
    assert network and (network.batch_size, network.time_step, network.features, network.num_units) == sizes
