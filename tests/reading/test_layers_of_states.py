"""What is said about states with both directions of one layer, for a layer of PyTorch with several.

PyTorch 2.13 raised the messages for these programs.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

PROGRAM = """
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, features, width, depth=DEPTH, both=True):
        super().__init__()
        self.width = width
        self.num_dirs = 1 + int(both)
        self.lstm = nn.LSTM(features, width, depth, batch_first=True, bidirectional=both)

    def forward(self, sequence):
        h0 = torch.zeros(self.num_dirs, sequence.size(0), self.width)
        out, _ = self.lstm(sequence, (h0, torch.zeros_like(h0)))
        return out.mean(1)


encoder = Encoder(5, 22)
print(encoder(torch.randn(8, 13, 5)).shape)
"""


@pytest.mark.parametrize("depth", [2, 3])
def test_a_state_of_both_directions_lacks_the_layers(depth: int) -> None:
    program = PROGRAM.replace("DEPTH", str(depth))
    line = "out, _ = self.lstm(sequence, (h0, torch.zeros_like(h0)))"
    error = f"RuntimeError: Expected hidden[0] size ({2 * depth}, 8, 22), got [2, 8, 22]"
    about, lines = first_cause_and_lines(pasted(program, [line], error))

    assert about == ("h_0", "num_layers*directions", "layers")
    assert lines == {
        "h0 = torch.zeros(self.num_dirs, sequence.size(0), self.width)": (
            "h0 = torch.zeros(self.lstm.num_layers * self.num_dirs, sequence.size(0), self.width)"
        )
    }
