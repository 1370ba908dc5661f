"""A state with other units than the gates of a cell that a program of PyTorch computes itself: the line that makes it
is corrected, and the program says the sizes beside it.

PyTorch 2.13 raised the messages, and ran the corrected programs.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

LSTM = """import torch
from torch import nn

class Memory(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.gates = nn.Linear(width + units, 4 * units)

    def forward(self, x, h, c):
        i, f, o, g = self.gates(torch.cat([x, h], dim=1)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

lstm_step = Memory(4, 9)
x = torch.randn(7, 4)
{lines}

"""
FAILED = "c = f.sigmoid() * c + i.sigmoid() * g.tanh()"
MESSAGE = "RuntimeError: The size of tensor a (9) must match the size of tensor b (11) at non-singleton dimension 1"


@pytest.mark.parametrize(
    ("lines", "fix"),
    [
        (
            "h, c = lstm_step(x, torch.zeros(7, 9), torch.zeros(7, 11))",
            "h, c = lstm_step(x, torch.zeros(7, 9), torch.zeros(7, 9))",
        ),
        (
            "kept = torch.zeros(7, 11)\nh, c = lstm_step(x, torch.zeros(7, 9), kept)",
            "kept = torch.zeros(7, 9)",
        ),
    ],
)
def test_line_that_makes_the_state_gets_the_units_of_the_gates(lines: str, fix: str) -> None:
    text = LSTM.format(lines=lines) + traceback([lines.split("\n")[-1], FAILED], MESSAGE)
    explanation = explain(text)
    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("c_0", "num_units")
    assert [[fixed for _, fixed in one.lines] for one in explanation.mismatch.causes] == [[fix]]
    network = explanation.configuration
    assert network and (network.batch_size, network.features, network.num_units) == (7, 4, 9)


def test_a_state_that_no_line_makes_gets_no_line_of_the_program() -> None:
    text = LSTM.format(lines="h, c = lstm_step(x, first, second)")
    explanation = explain(text + traceback(["h, c = lstm_step(x, first, second)", FAILED], MESSAGE))
    assert explanation.mismatch.tensor == "c_0"
    assert all("lstm_step" not in fixed for one in explanation.mismatch.causes for _, fixed in one.lines)
    assert explanation.configuration and explanation.configuration.features is None
