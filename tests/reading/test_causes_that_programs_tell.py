"""The program says which of two arrays is wrong, and which of its lines makes it so.

PyTorch 2.13, Keras 3.15 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from test_lines_of_whole_programs import TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

KERAS = "import numpy as np\nimport keras\nfrom keras import layers\n"


def said(text: str) -> Mismatch:
    return explain(text).mismatch


def ids(mismatch: Mismatch) -> list[str]:
    return [one.id for one in mismatch.causes]


TAGS = f"""{KERAS}
inputs = keras.Input((25,))
x = layers.Bidirectional(layers.LSTM(32))(layers.Embedding(120, 50)(inputs))
tagger = keras.Model(inputs, layers.Dense(9, activation="softmax")(x))
tagger.compile("adam", "sparse_categorical_crossentropy")
tagger.fit(words, tags, batch_size=16)
"""
OF_TAGS = (
    "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(16, {}),"
    " output.shape=(16, 9)"
)


def test_an_output_without_steps_is_wrong_and_not_its_target_of_each_step() -> None:
    mismatch = said(pasted(TAGS, ["tagger.fit(words, tags, batch_size=16)"], OF_TAGS.format(25)))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 3, 2)
    assert mismatch.shapes == ((16, 25, 9), (16, 9))
    assert mismatch.causes[0].fix == (
        "x = layers.Bidirectional(layers.LSTM(32, return_sequences=True))(layers.Embedding(120, 50)(inputs))"
    )


def test_a_target_with_other_steps_than_x_has_none_for_each_step() -> None:
    mismatch = said(pasted(TAGS, ["tagger.fit(words, tags, batch_size=16)"], OF_TAGS.format(4)))

    assert (mismatch.tensor, ids(mismatch)) == ("target", ["target_shape"])
