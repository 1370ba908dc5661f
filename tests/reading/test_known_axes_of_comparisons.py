"""The sizes that a comparison shows beside the axis that differs: of weights by the message, of lengths by the program.

Keras 3.15 on PyTorch 2.13 and PyTorch 2.13 raised the messages.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

CELL = """import keras
from keras import ops

class Leaky(keras.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), name="w")
        self.u = self.add_weight(shape=(shape[-1], self.units), name="u")

    def call(self, inputs, states):
        new = ops.tanh(ops.matmul(inputs, self.w) + ops.matmul(states[0], self.u))
        return new, [new]

keras.layers.RNN(Leaky(14))(keras.random.normal((5, 8, 6)))
"""
OF_CELL = """RuntimeError: Exception encountered when calling Leaky.call().

mat1 and mat2 shapes cannot be multiplied (5x14 and 6x14)

Arguments received by Leaky.call():
  • inputs=torch.Tensor(shape=torch.Size([5, 6]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([5, 14]), dtype=float32)',)"""


def test_both_sizes_of_weights_that_the_message_says_are_shown() -> None:
    line = "new = ops.tanh(ops.matmul(inputs, self.w) + ops.matmul(states[0], self.u))"

    shapes = comparison(explain(pasted(CELL, [line], OF_CELL)))

    assert shapes
    assert (shapes.expected, shapes.got, shapes.differing) == ((14, 14), (6, 14), (0,))


PACKING = (
    TORCH_WITH_PACKING
    + """
class Tracks(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 16, batch_first=True)

    def forward(self, tracks, counts):
        packed = pack_padded_sequence({tracks}, counts, enforce_sorted=False)
        return self.lstm(packed)[1][0]

net = Tracks()
print(net(torch.randn(9, 12, 5), torch.tensor([12, 4, 7, 9, 11, 3, 12, 5, 8])).shape)
"""
)
OF_LAYER = """  File "/site-packages/torch/nn/modules/rnn.py", line 1177, in forward
    result = _VF.lstm(
RuntimeError: start (63) + length (3) exceeds dimension size (63)."""


@pytest.mark.parametrize("tracks", ["tracks", "tracks.float()"])
def test_a_batch_that_is_packed_along_its_steps_has_the_numbers_of_both(tracks: str) -> None:
    lines = ["print(net(torch.randn(9, 12, 5), torch.tensor([12, 4, 7, 9, 11, 3, 12, 5, 8])).shape)"]

    mismatch = explain(pasted(PACKING.format(tracks=tracks), lines, OF_LAYER)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("lengths", "batch_size", "packed_axis")
    assert (mismatch.expected, mismatch.got) == ((12,), (9,))
