"""Cells of a program's own that no name tells: a loop over the steps gives them a state and gets it back.

PyTorch 2.13 raised the messages for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

from app.reading.errors.explanation import NotFoundError, explain

SOURCE = """
import torch
from torch import nn
class Memory(nn.Module):
    def __init__(self, features, size):
        super().__init__()
        self.keep = nn.Linear(features + size, size)
        self.write = nn.Linear(size, size)
    def forward(self, item, memory):
        both = torch.cat([item, memory], dim=1)
        gate = torch.sigmoid(self.keep(both))
        return gate * memory + (1 - gate) * torch.tanh(self.write(both))
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = Memory(6, 11)
        self.out = nn.Linear(11, 3)
    def forward(self, items):
        memory = torch.zeros(items.size(0), 11)
        for t in range(items.size(1)):
            memory = self.cell(items[:, t], memory)
        return self.out(memory)
print(Tagger()(torch.randn(8, 20, 6)).shape)
"""
FRAMES = [
    "print(Tagger()(torch.randn(8, 20, 6)).shape)",
    "memory = self.cell(items[:, t], memory)",
    "return gate * memory + (1 - gate) * torch.tanh(self.write(both))",
]
LINEAR = '/lib/site-packages/torch/nn/modules/linear.py", line 134, in forward'
ERROR = f'  File "{LINEAR}\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (8x17 and 11x11)'

LOOP = "for t in range(items.size(1)):\n            memory = self.cell(items[:, t], memory)"
LOOPS = [
    (LOOP, FRAMES[1]),
    (LOOP.replace("items[:, t]", "items[:, t, :]"), "memory = self.cell(items[:, t, :], memory)"),
    (
        LOOP.replace("t in range(items.size(1))", "item in items.unbind(1)").replace("items[:, t]", "item"),
        ITEM := "memory = self.cell(item, memory)",
    ),
    (
        LOOP.replace("t in range(items.size(1))", "t, item in enumerate(items.transpose(0, 1))").replace(
            "items[:, t]", "item"
        ),
        ITEM,
    ),
]


def text(source: str, call: str) -> str:
    return pasted(source, [FRAMES[0], call, FRAMES[2]], ERROR)


@pytest.mark.parametrize(("loop", "call"), LOOPS)
def test_a_state_that_a_loop_carries_makes_a_network_recurrent(loop: str, call: str) -> None:
    explained = text(SOURCE.replace(LOOP, loop), call)

    assert first_cause_and_lines(explained) == (
        ("dense_input", "features", "dense_features"),
        {"self.write = nn.Linear(size, size)": "self.write = nn.Linear(17, size)"},
    )
    found = explain(explained).configuration
    assert found and (found.num_layers, found.bidirectional) == (1, False)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("torch.zeros(items.size(0), 11)", "torch.randn(items.size(0), 11)"),  # as a sampler of noise begins
        ("self.cell(items[:, t], memory)", "self.cell(items[:, 0], memory)"),  # the same x each time
        ("memory = self.cell(items[:, t], memory)", "other = self.cell(items[:, t], memory)"),  # nothing is carried
        ("torch.cat([item, memory], dim=1)", "torch.cat([item, item, item[:, :5]], dim=1)"),
    ],
)
def test_other_loops_make_no_network_recurrent(part: str, other: str) -> None:
    assert part in SOURCE
    source = SOURCE.replace(part, other)

    with pytest.raises(NotFoundError):
        explain(text(source, FRAMES[1].replace(part, other)))


def test_an_array_that_is_joined_with_a_state_is_no_state() -> None:
    source = SOURCE.replace("Memory", "OwnGRU").replace("memory", "state")

    explained = pasted(source, [one.replace("memory", "state") for one in FRAMES], ERROR)

    assert first_cause_and_lines(explained)[0] == ("dense_input", "features", "dense_features")
