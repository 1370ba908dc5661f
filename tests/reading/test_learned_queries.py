"""Attention over both directions of a layer of PyTorch whose query is a parameter of the program.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, pasted

from app.reading.errors.explanation import explain

APART = """import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Parameter({query})

    def forward(self, keys):
        q = {expanded}
        weights = torch.bmm(q, keys.transpose(1, 2)).softmax(-1)
        return torch.bmm(weights, keys)[:, 0]


class Net(nn.Module):
    def __init__(self, units=9):
        super().__init__()
        self.rnn = nn.GRU(5, units, bidirectional=True, batch_first=True)
        self.pool = Pool(units)
        self.out = nn.Linear(2 * units, 3)

    def forward(self, x):
        return self.out(self.pool(self.rnn(x)[0]))


Net()(torch.randn(4, 7, 5))
"""
TOGETHER = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.rnn = nn.GRU(5, units, bidirectional=True, batch_first=True)
        self.query = nn.Parameter(torch.zeros(1, 1, units))
        self.out = nn.Linear(2 * units, 3)

    def forward(self, x):
        keys = self.rnn(x)[0]
        q = self.query.expand(len(keys), 1, -1)
        weights = torch.bmm(q, keys.transpose(1, 2)).softmax(-1)
        return self.out(torch.bmm(weights, keys)[:, 0])


Net(9)(torch.randn(4, 7, 5))
"""
PRODUCT = "weights = torch.bmm(q, keys.transpose(1, 2)).softmax(-1)"
ERROR = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [4, 9] but got: [4, 18]."


@pytest.mark.parametrize(
    ("query", "expanded"),
    [
        ("torch.zeros(width)", "self.query.expand(len(keys), 1, -1)"),
        ("0.1 * torch.randn(1, 1, width)", "self.query.repeat(keys.size(0), 1, 1)"),
    ],
)
def test_the_class_of_the_query_gets_both_directions(query: str, expanded: str) -> None:
    program = APART.format(query=query, expanded=expanded)
    frames = ["Net()(torch.randn(4, 7, 5))", "return self.out(self.pool(self.rnn(x)[0]))", PRODUCT]
    text = pasted(program, frames, ERROR)
    assert causes_and_lines(text) == (
        ("output", "num_units", ["attention_directions"]),
        {"self.pool = Pool(units)": "self.pool = Pool(2 * units)"},
    )
    assert "decoder" not in str(explain(text).mismatch.causes[0].sentence)


def test_a_size_that_the_layer_shares_stays_and_the_query_is_doubled() -> None:
    assert causes_and_lines(pasted(TOGETHER, ["Net(9)(torch.randn(4, 7, 5))", PRODUCT], ERROR))[1] == {
        "self.query = nn.Parameter(torch.zeros(1, 1, units))": "self.query = nn.Parameter(torch.zeros(1, 1, 2 * units))"
    }
