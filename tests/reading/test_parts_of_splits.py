"""Parts of a split along the axis of time, which keep this axis, for a cell that reads one step."""

import pytest

from app.reading.errors.explanation import explain

IN_PYTORCH = """import torch
from torch import nn

class Steps(nn.Module):
    def __init__(self, features=6, units=11):
        super().__init__()
        self.cell = nn.GRUCell(features, units)

    def forward(self, x):
        h = None
        for {loop}:
            h = self.cell(part, h)
        return h

Steps()(torch.zeros(4, 13, 6))
Traceback (most recent call last):
  File "/home/me/steps.py", line 15, in <module>
    Steps()(torch.zeros(4, 13, 6))
  File "/home/me/steps.py", line 12, in forward
    h = self.cell(part, h)
ValueError: GRUCell: Expected input to be 1D or 2D, got 3D instead
"""

SPLITS = {
    "part in x.split(1, dim=1)": 1,
    "part in x.split(1, 1)": 1,
    "part in torch.split(x, 1, dim=1)": 1,
    "part in torch.chunk(x, 13, 1)": 1,
    "t, part in enumerate(x.chunk(x.size(1), dim=1))": 1,
    "part in x.split(1)": 0,
}


@pytest.mark.parametrize("loop", SPLITS)
def test_a_part_of_a_split_loses_the_axis_of_time_before_the_cell(loop: str) -> None:
    mismatch = explain(IN_PYTORCH.format(loop=loop)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "rank", 2, 3)
    assert mismatch.causes[0].fix == f"h = self.cell(part.squeeze({SPLITS[loop]}), h)"


def test_parts_of_several_steps_keep_their_axis() -> None:
    mismatch = explain(IN_PYTORCH.format(loop="part in x.split(5, dim=1)")).mismatch

    assert "squeeze" not in mismatch.causes[0].fix


IN_KERAS = """import tensorflow as tf

cell = tf.keras.layers.GRUCell(11)
x = tf.zeros((4, 13, 6))
h = tf.zeros((4, 11))
for part in tf.split(x, 13, axis=1):
    h, _ = cell(part, [h])
Traceback (most recent call last):
  File "/home/me/steps.py", line 7, in <module>
    h, _ = cell(part, [h])
ValueError: Exception encountered when calling GRUCell.call().

Dimensions do not fit

Arguments received by GRUCell.call():
  • inputs=tf.Tensor(shape=(4, 1, 6), dtype=float32)
  • states=['tf.Tensor(shape=(4, 11), dtype=float32)']
"""


def test_a_part_of_a_split_in_tensorflow_loses_the_axis_too() -> None:
    mismatch = explain(IN_KERAS).mismatch

    assert mismatch.causes[0].fix == "h, _ = cell(tf.squeeze(part, axis=1), [h])"
