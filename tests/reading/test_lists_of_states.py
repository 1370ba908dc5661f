"""A list with one state for a cell of Keras that a program itself calls for each step.

Keras 3.15 on PyTorch raised the message for this program, and runs it with the corrected line.
"""

import pytest
from pasted_programs import likely, pasted

STEPPER = """
import keras
import numpy as np
from keras import layers, ops


class Stepper(keras.Model):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.step = layers.LSTMCell(width)

    def call(self, frames):
        {first}
        for t in range(frames.shape[1]):
            y, memory = self.step(frames[:, t], memory)
        return y


print(Stepper(17)(np.zeros((6, 9, 5), "float32")).shape)
"""
CALLS = ['print(Stepper(17)(np.zeros((6, 9, 5), "float32")).shape)', "y, memory = self.step(frames[:, t], memory)"]
ERROR = """IndexError: Exception encountered when calling LSTMCell.call().

list index out of range

Arguments received by LSTMCell.call():
  • inputs=torch.Tensor(shape=torch.Size([6, 5]), dtype=float32)
  • states=['torch.Tensor(shape=torch.Size([6, 17]), dtype=float32)']
  • training=False"""


@pytest.mark.parametrize("zeros", ["ops.zeros((frames.shape[0], self.width))", "ops.zeros((6, 17))"])
def test_the_list_of_states_of_an_lstm_cell_gets_a_second_one_and_no_other_cells_are_spoken_of(zeros: str) -> None:
    first = f"memory = [{zeros}]"

    assert likely(pasted(STEPPER.format(first=first), CALLS, ERROR)) == (
        ["h_for_h_c"],
        {first: f"memory = [{zeros}, {zeros}]"},
    )
