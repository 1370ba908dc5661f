"""The sizes that a program with a handwritten cell certainly has: those of the x over which its loop runs, and its
units, whichever of its arrays does not fit."""

import pytest

from app.reading.errors.explanation import explain

IN_THREE = """import jax
import jax.numpy as jnp

SIZE, INPUTS = 13, 7
key = jax.random.PRNGKey(3)
wx = jax.random.normal(key, ({of_x}))
wh = jax.random.normal(key, ({of_h}))
b = jnp.zeros(3 * SIZE)


def step(h, x):
    z = x @ wx + b + h @ wh
    r, u, n = jnp.split(z, 3, axis=-1)
    h = (1 - jax.nn.sigmoid(u)) * jnp.tanh(n * r) + jax.nn.sigmoid(u) * h
    return h, h


x = jnp.zeros((9, 5, INPUTS))
last, states = jax.lax.scan(step, jnp.zeros((5, {units})), x)
Traceback (most recent call last):
  File "/home/me/gru.py", line 19, in <module>
    last, states = jax.lax.scan(step, jnp.zeros((5, {units})), x)
  File "/home/me/gru.py", line 12, in step
    z = x @ wx + b + h @ wh
        {marks}
{message}
"""

OF_X, OF_H, UNITS = "INPUTS, 3 * SIZE", "SIZE, 3 * SIZE", "SIZE"
OF_SUM, OF_PRODUCT = "~~~~~~~^~~", "             ~~^~~~"
OF_SCAN = "last, states = jax.lax.scan(step, jnp.zeros((5, SIZE)), x)"
DOT = "TypeError: dot_general requires contracting dimensions to have the same shape, got ({},) and ({},)."
BROADCAST = "ValueError: Incompatible shapes for broadcasting: shapes=[(5, 26), (39,)]"


@pytest.mark.parametrize(
    ("of_x", "of_h", "units", "marks", "message", "said", "fix"),
    [
        (OF_X, OF_H, "3 * SIZE", OF_PRODUCT, DOT.format(39, 13), ("h_0", (13,), (39,)), OF_SCAN),
        (
            *(OF_X, "3 * SIZE, 3 * SIZE", UNITS, OF_PRODUCT, DOT.format(13, 39)),
            ("recurrent_kernel", (13,), (39,)),
            "wh = jax.random.normal(key, (SIZE, 3 * SIZE))",
        ),
        (
            *("INPUTS, 2 * SIZE", OF_H, UNITS, OF_SUM, BROADCAST),
            ("kernel", (39,), (26,)),
            "wx = jax.random.normal(key, (INPUTS, 3 * SIZE))",
        ),
    ],
    ids=["state", "weights of h", "weights of x"],
)
def test_a_step_that_is_split_in_three_has_a_third_of_its_columns_as_units(
    of_x: str, of_h: str, units: str, marks: str, message: str, said: tuple[str, object, object], fix: str
) -> None:
    text = IN_THREE.format(of_x=of_x, of_h=of_h, units=units, marks=marks, message=message)
    explanation = explain(text)
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == said
    assert mismatch.causes[0].fix == fix
    assert network and (network.batch_size, network.time_step) == (5, 9)
    assert (network.features, network.num_units) == (7, 13)


OF_PYTORCH = """import torch
from torch import nn
import torch.nn.functional as F


class OwnGRU(nn.Module):
    def __init__(self, inputs, size):
        super().__init__()
        self.size = size
        self.w_x = nn.Parameter(torch.randn(3 * size, inputs))
        self.w_h = nn.Parameter(torch.randn(size, 3 * size))

    def step(self, x, h):
        of_x = F.linear(x, self.w_x)
        of_h = F.linear(h, self.w_h)
        r, z, n = (of_x + of_h).chunk(3, -1)
        return torch.sigmoid(z) * h + (1 - torch.sigmoid(z)) * torch.tanh(n * r)

    def forward(self, xs):
        h = xs.new_zeros(xs.size(1), self.size)
        for x in xs:
            h = self.step(x, h)
        return h


data = torch.randn(19, 6, 8)
print(OwnGRU(8, 15)(data).shape)
Traceback (most recent call last):
  File "/home/me/own.py", line 28, in <module>
    print(OwnGRU(8, 15)(data).shape)
  File "/home/me/own.py", line 23, in forward
    h = self.step(x, h)
  File "/home/me/own.py", line 15, in step
    of_h = F.linear(h, self.w_h)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x15 and 45x15)
"""

OF_NUMPY = """import numpy as np


class Cell:
    def __init__(self, inputs, size):
        self.size = size
        self.W = np.random.randn(size, inputs)
        self.b = np.zeros((size, 1))

    def step(self, x, h):
        return np.tanh(np.dot(self.W, np.vstack((h, x))) + self.b)

    def run(self, xs):
        h = np.zeros((self.size, xs.shape[2]))
        for x in xs:
            h = self.step(x, h)
        return h


t = np.linspace(0, 1, 21)[:, None, None]
xs = np.cos(t + np.random.rand(1, 12, 4))
print(Cell(xs.shape[1], 5).run(xs).shape)
Traceback (most recent call last):
  File "/home/me/cell.py", line 22, in <module>
    print(Cell(xs.shape[1], 5).run(xs).shape)
  File "/home/me/cell.py", line 16, in run
    h = self.step(x, h)
  File "/home/me/cell.py", line 11, in step
    return np.tanh(np.dot(self.W, np.vstack((h, x))) + self.b)
ValueError: shapes (5,12) and (17,4) not aligned: 12 (dim 1) != 17 (dim 0)
"""


@pytest.mark.parametrize(
    ("text", "batch", "steps", "features", "units"),
    [(OF_PYTORCH, 6, 19, 8, 15), (OF_NUMPY, 4, 21, 12, 5)],
    ids=["rows in PyTorch", "columns in NumPy"],
)
def test_a_loop_over_the_first_axis_of_x_says_its_steps(
    text: str, batch: int, steps: int, features: int, units: int
) -> None:
    network = explain(text).configuration

    assert network and (network.batch_size, network.time_step) == (batch, steps)
    assert (network.features, network.num_units) == (features, units)


OF_CELLS = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.low = nn.GRUCell(10, 18)
        self.high = nn.GRUCell(10, 22)

    def forward(self, batch):
        h, g = batch.new_zeros(len(batch), 18), batch.new_zeros(len(batch), 22)
        for x in batch.unbind(1)[::-1]:
            h = self.low(x, h)
            g = self.high(h, g)
        return g


model = Tagger()
for x, y in DataLoader(TensorDataset(torch.randn(24, 33, 10), torch.zeros(24)), 8):
    print(model(x).shape)
Traceback (most recent call last):
  File "/home/me/tagger.py", line 22, in <module>
    print(model(x).shape)
  File "/home/me/tagger.py", line 16, in forward
    g = self.high(h, g)
RuntimeError: input has inconsistent input_size: got 18 expected 10
"""


def test_the_batches_of_a_network_of_cells_say_its_steps() -> None:
    network = explain(OF_CELLS).configuration

    assert network and (network.batch_size, network.time_step, network.num_units) == (8, 33, 22)
