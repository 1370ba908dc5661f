"""States of cells with an axis of layers, whose whole shape the program says, also where a loop gives their names the
next state.

PyTorch 2.13 raised the errors of these programs.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

OF_ZEROS = """
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(5, 13)

    def forward(self, x):
        state = torch.zeros(1, len(x), 13)
        for t in range(x.shape[1]):
            state = self.cell(x[:, t], state)
        return state


y = Reader()(torch.randn(7, 10, 5))
"""

OF_PAIR = """
import torch
from torch import nn

units = 15
cell = nn.LSTMCell(6, units)
x = torch.randn(9, 4, 6)
h = torch.zeros(1, 4, units)
c = torch.zeros(1, 4, units)
for x_t in x:
    h, c = cell(x_t, (h, c))
"""

OF_ENCODER = """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.encoder = nn.RNN(width, units, batch_first=True)
        self.cell = nn.RNNCell(width, units)

    def forward(self, x, y):
        _, h = self.encoder(x)
        for t in range(y.size(1)):
            h = self.cell(y[:, t], h)
        return h


y = Decoder(3, 19)(torch.randn(8, 5, 3), torch.randn(8, 4, 3))
"""


@pytest.mark.parametrize(
    ("program", "frames", "error", "shape"),
    [
        (
            OF_ZEROS,
            ["y = Reader()(torch.randn(7, 10, 5))", "state = self.cell(x[:, t], state)"],
            "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead",
            (1, 7, 13),
        ),
        (
            OF_PAIR,
            ["h, c = cell(x_t, (h, c))"],
            "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead",
            (1, 4, 15),
        ),
        (
            OF_ENCODER,
            ["y = Decoder(3, 19)(torch.randn(8, 5, 3), torch.randn(8, 4, 3))", "h = self.cell(y[:, t], h)"],
            "ValueError: RNNCell: Expected hidden to be 1D or 2D, got 3D instead",
            (1, 8, 19),
        ),
    ],
)
def test_a_state_that_a_loop_changes_has_the_shape_of_its_first_round(
    program: str, frames: list[str], error: str, shape: tuple[int, ...]
) -> None:
    mismatch = explain(pasted(program, frames, error)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.shapes[1]) == ("h_0", "rank", shape)
