"""Lists whose items a forward pass sets: the states of several cells."""

import pytest
from chains import layers

from app.reading.code.layers_in_order import read

STACK = """
import torch
import torch.nn as nn

class Stack(nn.Module):
    def __init__(self, size=6, units=11, count=2, way=None):
        super().__init__()
        self.cells = nn.ModuleList(nn.LSTMCell(size if n == 0 else units, units) for n in range(count))
        self.other = nn.Linear(units, 4)
        self.head = nn.Linear(units, size)
        self.units, self.count, self.way = units, count, way

    def forward(self, x, way):
        h = [x.new_zeros(x.size(0), self.units) for _ in range(self.count)]
        c = [x.new_zeros(x.size(0), self.units) for _ in range(self.count)]
        for step in range(x.size(1)):
            below = x[:, step]
            for n, cell in enumerate(self.cells):
                h[n], c[n] = cell(below, (h[n], c[n]))
                below = h[n]
        {last}
        return self.head(h[-1])
"""

CALL = "\nStack()(torch.zeros(3, {steps}, 6), chosen)\n"


@pytest.mark.parametrize("steps", ["5", "700"])
def test_each_cell_reads_what_the_one_below_has_set(steps: str) -> None:
    """700 steps are more than are followed one by one."""
    reading = read(STACK.format(last="pass") + CALL.format(steps=steps))

    assert [(one.name, one.input, one.output) for one in reading.layers] == [
        ("cells.0", (3, 6), (3, 11)),
        ("cells.1", (3, 11), (3, 11)),
        ("head", (3, 11), (3, 6)),
    ]
    assert not any(one.follows is False for one in reading.layers)
    assert [one.text for one in reading.unknown] == ["self.other = nn.Linear(units, 4)"]  # which nothing calls


def test_an_item_that_a_branch_sets_may_be_another() -> None:
    source = STACK.format(last="if way:\n            h[1] = self.other(h[1])")

    assert layers(source + CALL.format(steps=5))[-1].startswith("head: dense")
    assert read(source + CALL.format(steps=5)).layers[-1].given != (3, 11)


def test_an_item_at_an_unknown_place_may_be_any() -> None:
    source = STACK.format(last="h[way] = self.other(h[0])")

    assert read(source + CALL.format(steps=5)).layers[-1].given != (3, 11)


@pytest.mark.parametrize("call", ["", "\nStack()(torch.zeros(4, 7, 5))\n", "\nStack()(torch.zeros(4, 700, 5))\n"])
def test_an_item_that_is_none_before_a_loop_is_what_the_loop_sets(call: str) -> None:
    """PyTorch returned 4 × 2, and nothing for no steps, which the linear layer cannot read."""
    source = """import torch
from torch import nn
class Stack(nn.Module):
    def __init__(self, deep=3):
        super().__init__()
        self.deep, self.head = deep, nn.Linear(9, 2)
        self.cells = nn.ModuleList([nn.GRUCell(5 if n == 0 else 9, 9) for n in range(deep)])
    def forward(self, x):
        states = [None] * self.deep
        for t in range(x.size(1)):
            z = x[:, t]
            for n in range(self.deep):
                states[n] = self.cells[n](z, states[n])
                z = states[n]
        return self.head(states[-1])
"""
    batch = 4 if call else None
    reading = read(source + call)

    assert [one.output for one in reading.layers] == [(batch, 9), (batch, 9), (batch, 9), (batch, 2)]
    assert reading.layers[-1].follows and not reading.unknown
    branch = source.replace("states[n] = self", "if t == way:\n                    states[n] = self")
    assert read(branch).layers[-1].given != (None, 9)
