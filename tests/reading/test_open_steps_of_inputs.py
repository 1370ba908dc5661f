"""The open steps of an input of Keras, for a layer that is unrolled, are named in the line that declares them.

Keras 3.15 raised the message.
"""

from pasted_programs import traceback

from app.reading.errors.explanation import explain

PROGRAM = """import keras
from keras import layers
words = keras.Input({shape})
last = layers.GRU(17, unroll=True)(words)

"""
MESSAGE = "ValueError: Cannot unroll a RNN if the time dimension is undefined. "


def lines(shape: str) -> list[str]:
    explanation = explain(
        PROGRAM.format(shape=shape) + traceback(["last = layers.GRU(17, unroll=True)(words)"], MESSAGE)
    )
    (fixed,) = (one for one in explanation.mismatch.causes if one.id == "static_steps")
    return [line for _, line in fixed.lines]


def test_open_steps_get_a_name_beside_the_features_of_the_program() -> None:
    assert lines("(None, 6)") == ["words = keras.Input((time_step, 6))"]


def test_sizes_that_are_no_open_steps_stay() -> None:
    assert lines("(length, 6)") == ["keras.Input((time_step, features))"]
