"""The states of an encoder of PyTorch with several layers and two directions, for a decoder with as many layers.

PyTorch 2.13 raised the messages for these programs, and runs them with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted, said

PROGRAM = """
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self, columns, width, depth):
        super().__init__()
        self.both = nn.{cell}(columns, width, depth, bidirectional=True)

    def forward(self, x):
        return self.both(x)


class Writer(nn.Module):
    def __init__(self, columns, width, depth):
        super().__init__()
        self.layers = nn.{cell}(columns, width, depth)

    def forward(self, y, start):
        return self.layers(y, start)[0]


read, write = Reader(7, 11, {depth}), Writer(5, 22, {depth})
_, last = read(torch.randn(16, 4, 7)){between}
print(write(torch.randn(9, 4, 5), last).shape)
"""
CALLS = ["print(write(torch.randn(9, 4, 5), last).shape)", "return self.layers(y, start)[0]"]
MESSAGES = {"LSTM": "Expected hidden[0] size", "GRU": "Expected hidden size"}
CALL = "print(write(torch.randn(9, 4, 5), {}).shape)"
LOOP = "last = tuple({} for state in last)"


def text(cell: str, depth: int, between: str = "") -> str:
    program = PROGRAM.format(cell=cell, depth=depth, between=between)
    return pasted(program, CALLS, f"RuntimeError: {MESSAGES[cell]} ({depth}, 4, 22), got [{2 * depth}, 4, 11]")


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize(
    ("cell", "between", "line", "fixed"),
    [
        ("GRU", "", CALL.format("last"), CALL.format("torch.cat((last[0::2], last[1::2]), dim=-1)")),
        (
            *("LSTM", "", CALL.format("last")),
            CALL.format("tuple(torch.cat((s[0::2], s[1::2]), dim=-1) for s in last)"),
        ),
        (
            *("LSTM", f"\n{LOOP.format('state')}", LOOP.format("state")),
            LOOP.format("torch.cat((state[0::2], state[1::2]), dim=-1)"),
        ),
    ],
)
def test_both_directions_of_each_layer_are_joined_where_the_program_hands_them_over(
    cell: str, between: str, line: str, fixed: str, depth: int
) -> None:
    assert likely(text(cell, depth, between)) == (["encoder_directions"], {line: fixed})


def test_the_general_form_for_several_layers_joins_the_directions_of_each() -> None:
    alone = "Expected hidden size ({}, 4, 22), got [{}, 4, 11]\nself.gru(x, h)"

    (several,), (one,) = (said(alone.format(n, 2 * n)).causes for n in (3, 1))
    assert several.fix == "h_0 = torch.cat((h_n[0::2], h_n[1::2]), dim=-1)"
    assert one.fix == "h_0 = torch.cat((h_n[-2], h_n[-1]), dim=-1).unsqueeze(0)"
