"""A layer of Keras whose input the program specifies itself keeps its other sizes, and its line is the wrong one.

Keras 3.15 raised the message.
"""

from pasted_programs import traceback

from app.reading.errors.explanation import explain

PROGRAM = """import keras
import numpy as np
from keras import layers
reader = layers.LSTM(14)
reader.input_spec = layers.InputSpec(shape=(None, 7, 5))
last = reader(np.zeros((3, 9, 5), "float32"))

"""
MESSAGE = (
    "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected shape=(None, 7, 5),"
    " found shape=(3, 9, 5)"
)


def test_steps_that_a_specification_says_are_those_that_differ() -> None:
    explanation = explain(PROGRAM + traceback(['last = reader(np.zeros((3, 9, 5), "float32"))'], MESSAGE))
    assert explanation.configuration and explanation.configuration.num_units == 14
    assert [one.lines for one in explanation.mismatch.causes] == [
        (
            (
                "reader.input_spec = layers.InputSpec(shape=(None, 7, 5))",
                "reader.input_spec = layers.InputSpec(shape=(None, None, 5))",
            ),
        )
    ]
