"""A program of PyTorch whose dataset is derived from ``TensorDataset``: the batches have the axes of its tensors.

PyTorch 2.13 raised the message for these programs, which run with the corrected line.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = (
    TORCH
    + """from torch.utils.data import DataLoader, TensorDataset

class Strides(TensorDataset):
{dataset}

class Gait(nn.Module):
    def __init__(self, sensors, width=15, depth=2):
        super().__init__()
        self.width, self.depth = width, depth
        self.rnn = nn.GRU(sensors, width, depth, batch_first=True, bidirectional=True)

    def forward(self, walk):
        sizes = (self.depth, walk.size(0), self.width)
        return self.rnn(walk, torch.zeros({sizes}))[0]

net = Gait(8)
for walk, leg in DataLoader({made}, batch_size=12, drop_last=True):
    net(walk)
"""
)
ARRAYS = "torch.randn(48, 33, 8), torch.zeros(48)"
LINES = ["net(walk)", "return self.rnn(walk, torch.zeros({sizes}))[0]"]
MESSAGE = "RuntimeError: Expected hidden size (4, 12, 15), got [2, 12, 15]"
OWN = f"    def __init__(self):\n        super().__init__({ARRAYS})"


@pytest.mark.parametrize(
    ("dataset", "made"),
    [
        (OWN, "Strides()"),
        (OWN.replace("super()", "super(Strides, self)"), "Strides()"),
        ("    pass", f"Strides({ARRAYS})"),
    ],
)
@pytest.mark.parametrize("sizes", ["*sizes", "sizes"])
def test_the_tensors_of_an_own_dataset_say_the_steps(dataset: str, made: str, sizes: str) -> None:
    program = PROGRAM.format(dataset=dataset, made=made, sizes=sizes)
    text = pasted(program, [line.format(sizes=sizes) for line in LINES], MESSAGE)

    assert network(explain(text)) == (12, 33, 8, 15)
    assert causes_and_lines(text)[1] == {
        "sizes = (self.depth, walk.size(0), self.width)": "sizes = (2 * self.depth, walk.size(0), self.width)"
    }
