"""Sequences that Keras joins along their features, although they have other numbers of steps.

Keras 3.15 raised the message for such programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause

ENCODER = """import numpy as np
import keras
from keras import layers
class Encoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.left = layers.LSTM(32, return_sequences=True)
        self.right = layers.LSTM(32, return_sequences=True, go_backwards=True)
        self.join = layers.Concatenate(axis=-1)
        self.pool = layers.GlobalMaxPooling1D()
        self.out = layers.Dense(3)
    def call(self, inputs):
        a, b = self.left(inputs[0]), self.right(inputs[1])
        BODY
model = Encoder()
print(model([np.zeros((12, 6, 4)), np.zeros((12, 9, 4))]).shape)
"""

ERROR = (
    "ValueError: Exception encountered when calling Encoder.call().\n\nA `Concatenate` layer requires inputs with"
    " matching shapes except for the concatenation axis. Received: input_shape=[(12, 6, 32), (12, 9, 32)]"
)


def first(*body: str) -> Cause:
    source = ENCODER.replace("BODY", "\n        ".join(body))
    frames = ["print(model([np.zeros((12, 6, 4)), np.zeros((12, 9, 4))]).shape)"]
    return explain(pasted(source, [*frames, next(one for one in body if "[a, b]" in one)], ERROR)).mismatch.causes[0]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            ["return self.out(self.pool(self.join([a, b])))"],
            [
                (
                    "return self.out(self.pool(self.join([a, b])))",
                    "return self.out(self.join([self.pool(a), self.pool(b)]))",
                )
            ],
        ),
        (
            ["return self.out(self.join([a, b])[:, -1])"],
            [("return self.out(self.join([a, b])[:, -1])", "return self.out(self.join([a[:, -1], b[:, -1]]))")],
        ),
        (
            ["both = layers.concatenate([a, b])", "return self.out(self.pool(both))"],
            [
                ("both = layers.concatenate([a, b])", "both = layers.concatenate([self.pool(a), self.pool(b)])"),
                ("return self.out(self.pool(both))", "return self.out(both)"),
            ],
        ),
    ],
)
def test_each_sequence_is_reduced_before_the_join(body: list[str], lines: list[tuple[str, str]]) -> None:
    cause = first(*body)

    assert cause.is_own
    assert list(cause.lines) == lines


def test_a_model_without_an_input_gets_no_other_one() -> None:
    cause = first(
        "a, b = self.drop(a), self.drop(b)", "both = self.join([a, b])", "return self.pool(both) + self.out(both)"
    )

    assert (cause.id, cause.is_own) == ("pooled_join", False)


BRANCHES = """
import keras
from keras import layers

trace = keras.Input((40, 6))
slow = layers.GRU(12, return_sequences=True)(trace)
quick = layers.AveragePooling1D(4)(trace)
quick = layers.LSTM(9, return_sequences=True)(quick)
both = layers.Concatenate()([slow, quick])
model = keras.Model(trace, layers.Dense(3)(both))
"""


def test_a_pooled_branch_of_the_same_sequence_is_no_decoder() -> None:
    error = (
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis."
        " Received: input_shape=[(None, 40, 12), (None, 10, 9)]"
    )
    mismatch = explain(pasted(BRANCHES, ["both = layers.Concatenate()([slow, quick])"], error)).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == (
        *("output", "time_step"),
        ["pooled_branch"],
    )


@pytest.mark.parametrize(
    ("pooling", "fixed"),
    [
        ("layers.AveragePooling1D(4)", 'layers.AveragePooling1D(4, strides=1, padding="same")'),
        ("layers.MaxPooling1D(pool_size=4)", 'layers.MaxPooling1D(pool_size=4, strides=1, padding="same")'),
        ("layers.AveragePooling1D(4, strides=4)", ""),
    ],
)
def test_the_layer_that_pools_the_steps_of_one_branch_keeps_them(pooling: str, fixed: str) -> None:
    program = BRANCHES.replace("layers.AveragePooling1D(4)", pooling)
    error = (
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis."
        " Received: input_shape=[(None, 40, 12), (None, 10, 9)]"
    )
    (cause,) = explain(pasted(program, ["both = layers.Concatenate()([slow, quick])"], error)).mismatch.causes

    assert cause.lines[0] == (f"quick = {pooling}(trace)", f"quick = {fixed}(trace)") if fixed else not cause.is_own
