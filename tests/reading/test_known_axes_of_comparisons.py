"""The sizes of weights that a comparison shows beside the axis that differs, by the message.

Keras 3.15 on PyTorch 2.13 raised it.
"""

from pasted_programs import pasted

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
