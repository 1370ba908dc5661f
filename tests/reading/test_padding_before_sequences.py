"""The padding of a mask of Keras comes first: the line that pads the sequences, or that writes them, puts it last.

TensorFlow 2.9 raised the message with cuDNN; with the corrected lines the masks are those that it accepts.
"""

import ast

import pytest
from pasted_programs import likely

PROGRAM = """import numpy as np
import tensorflow as tf
words = {words}
model = tf.keras.Sequential([tf.keras.layers.Embedding(50, 6, mask_zero=True), tf.keras.layers.GRU(11)])
model(words)

Traceback (most recent call last):
  File "a.py", line 5, in <module>
    model(words)
InvalidArgumentError: assertion failed: [You are passing a RNN mask that does not correspond to right-padded \
sequences, while using cuDNN, which is not supported.
"""


def test_sequences_that_a_program_writes_get_their_zeros_last() -> None:
    rows = [[0, 7, 4, 1], [3, 2, 0, 4], [0, 0, 0, 5]]
    _, lines = likely(PROGRAM.format(words=f"np.array({rows})"))
    (corrected,) = lines.values()

    assert ast.literal_eval(corrected.removeprefix("words = np.array(").removesuffix(")")) == [
        sorted(row, key=lambda one: one == 0) if row[0] == 0 else row for row in rows
    ]


@pytest.mark.parametrize("given", ["texts, maxlen=30", "texts, maxlen=30, padding='pre'"])
def test_the_line_that_pads_sequences_pads_them_at_the_end(given: str) -> None:
    _, lines = likely(PROGRAM.format(words=f"tf.keras.utils.pad_sequences({given})"))

    assert [*lines.values()] == ["words = tf.keras.utils.pad_sequences(texts, maxlen=30, padding='post')"]
