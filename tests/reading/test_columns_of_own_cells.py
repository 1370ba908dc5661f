"""What is said about cells that a program of PyTorch computes itself, whose weights make other numbers of columns.

PyTorch 2.13 raised the messages for these programs.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted, traceback

from app.reading.errors.explanation import explain

GRU = """
import torch
from torch import nn


class OwnGRU(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.width = width
        self.from_x = nn.Parameter(torch.randn(inputs, 2 * width) / 9)
        self.from_h = nn.Parameter(torch.randn(width, 3 * width) / 9)

    def step(self, x, h):
        z, r, n = (x @ self.from_x + h @ self.from_h).chunk(3, dim=-1)
        z = torch.sigmoid(z)
        return (1 - z) * torch.tanh(r * n) + z * h

    def forward(self, signal):
        h = signal.new_zeros(len(signal), self.width)
        for n in range(signal.shape[1]):
            h = self.step(signal[:, n], h)
        return h


print(OwnGRU(7, 26)(torch.randn(4, 9, 7)).shape)
"""

LINE = "z, r, n = (x @ self.from_x + h @ self.from_h).chunk(3, dim=-1)"
ERROR = "RuntimeError: The size of tensor a (52) must match the size of tensor b (78) at non-singleton dimension 1"


def test_weights_with_the_gates_of_another_cell_get_as_many_columns_as_those_beside_them() -> None:
    about, lines = first_cause_and_lines(pasted(GRU, [LINE], ERROR))
    network = explain(pasted(GRU, [LINE], ERROR)).configuration

    assert about == ("kernel", "gates*num_units", "gate_weights")
    assert lines == {
        "self.from_x = nn.Parameter(torch.randn(inputs, 2 * width) / 9)": (
            "self.from_x = nn.Parameter(torch.randn(inputs, 3 * width) / 9)"
        )
    }
    assert network and (network.cell, network.num_units) == ("gru", 26)


@pytest.mark.parametrize(("a", "b", "tensor"), [(88, 66, "recurrent_kernel"), (52, 78, None)])
def test_a_traceback_alone_says_only_whole_gates_of_a_cell(a: int, b: int, tensor: str | None) -> None:
    line = "gates = x @ self.w_x + h @ self.w_h"
    error = (
        f"RuntimeError: The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension 1"
    )
    mismatch = explain(traceback(["h, c = self.lstm_cell(x_t, (h, c))", line], error)).mismatch

    assert mismatch.tensor == tensor
    assert [one.fix for one in mismatch.causes] == (
        [f"self.w_h = nn.Parameter(0.1 * torch.randn(rows, {a}))"] if tensor else []
    )
