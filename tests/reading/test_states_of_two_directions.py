"""A layer of Keras that runs another one in both directions, and gets the states of one direction. Keras 3 with PyTorch
raised the errors."""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

PROGRAM = """import keras
import numpy as np
from keras import layers

first, second = keras.Input((14, 9)), keras.Input((14, 9))
_, {states} = layers.{cell}(37, return_state=True)(first)
reader = layers.Bidirectional(layers.{cell}(37))
y = reader(second, initial_state=[{states}])
model = keras.Model([first, second], y)
model.compile("adam", "mse")
model.fit([np.zeros((6, 14, 9)), np.zeros((6, 14, 9))], np.zeros((6, 74)), verbose=0)
"""
ERROR = """RuntimeError: Exception encountered when calling {cell}.call().

list index out of range

Arguments received by {cell}.call():
  • sequences=torch.Tensor(shape=torch.Size([6, 14, 9]), dtype=float32)
  • initial_state={given}
  • mask=None
  • training=False"""


@pytest.mark.parametrize(
    ("cell", "states", "given"),
    [("GRU", "h", "[]"), ("LSTM", "h, c", "['torch.Tensor(shape=torch.Size([6, 37]), dtype=float32)']")],
)
def test_half_of_the_states_are_those_of_a_layer_with_two_directions(cell: str, states: str, given: str) -> None:
    line = "model.fit([np.zeros((6, 14, 9)), np.zeros((6, 14, 9))], np.zeros((6, 74)), verbose=0)"
    program = PROGRAM.format(cell=cell, states=states)
    explanation = explain(pasted(program, [line], ERROR.format(cell=cell, given=given)))

    assert explanation.mismatch.first_cause == "number_of_states"
    assert explanation.configuration and explanation.configuration.bidirectional is True
