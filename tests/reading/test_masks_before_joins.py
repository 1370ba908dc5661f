"""Masks that a program makes before it joins more steps with x, in front of it or behind it.

Keras 3.15 raised the message for this program with TensorFlow, and it runs with the corrected line.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted, said

PROGRAM = """
import keras
import numpy as np
from keras import layers, ops


class Tagger(keras.Model):
    def __init__(self, words, width):
        super().__init__()
        self.embed = layers.Embedding(words, 7)
        self.first = self.add_weight(shape=(1, 1, 7), name="first")
        self.rnn = layers.LSTM(width)

    def call(self, numbers):
        is_word = ops.not_equal(numbers, 0)
        x = self.embed(numbers)
        x = ops.concatenate([ops.repeat(self.first, len(numbers), axis=0), x], axis=1)
        return self.rnn(x, mask=is_word)


print(Tagger(40, 12)(np.tile(np.arange(9), (5, 1))).shape)
"""

ERROR = """tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling LSTM.call().

Arguments received by LSTM.call():
  • sequences=tf.Tensor(shape=(5, 10, 7), dtype=float32)
  • initial_state=None
  • mask=tf.Tensor(shape=(5, 9), dtype=bool)
  • training=False"""

FRAMES = ["print(Tagger(40, 12)(np.tile(np.arange(9), (5, 1))).shape)", "return self.rnn(x, mask=is_word)"]

FIRST = "[ops.repeat(self.first, len(numbers), axis=0), x]"
LAST = "[x, ops.repeat(self.first, len(numbers), axis=0)]"


@pytest.mark.parametrize(("joined", "sizes"), [(FIRST, "[1, 0]"), (LAST, "[0, 1]")])
def test_a_mask_gets_the_steps_that_are_joined_with_x_later(joined: str, sizes: str) -> None:
    text = pasted(PROGRAM.replace(FIRST, joined), FRAMES, ERROR)
    about, lines = first_cause_and_lines(text)

    assert about == ("mask", "time_step", "short_mask")
    assert lines == {
        "is_word = ops.not_equal(numbers, 0)": (
            f"is_word = ops.pad(ops.not_equal(numbers, 0), [[0, 0], {sizes}], constant_values=True)"
        )
    }
    assert "before steps are joined" in said(text).causes[0].sentence


def test_a_mask_of_an_x_that_is_not_joined_ends_with_the_longest_sequence() -> None:
    program = PROGRAM.replace("axis=1)", "axis=0)")

    assert "longest sequence" in said(pasted(program, FRAMES, ERROR)).causes[0].sentence
