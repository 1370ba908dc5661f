"""A dense layer of Keras gets one axis if a reduction drops that of the units, which the last step of a recurrent layer
has in its second axis: the reduction keeps it, or the layer returns every step.

Keras 3.15 raised the message.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

PROGRAM = """import keras
import numpy as np
from keras import layers
reader = layers.GRU(14{more})
last = reader(np.zeros((6, 9, 5), "float32"))
mixed = keras.ops.mean(last, axis={axis})
scores = layers.Dense(3)(mixed)

"""
MESSAGE = (
    "ValueError: Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected min_ndim=2, found"
    " ndim=1. Full shape received: (6,)"
)


def causes(axis: str, more: str = "") -> list[tuple[str, str]]:
    text = PROGRAM.format(axis=axis, more=more) + traceback(["scores = layers.Dense(3)(mixed)"], MESSAGE)
    return [(one.id, one.lines[0][1]) for one in explain(text).mismatch.causes]


@pytest.mark.parametrize("axis", ["1", "-1"])
def test_a_reduction_of_a_vector_keeps_its_axis(axis: str) -> None:
    kept = ("dropped_axis", f"mixed = keras.ops.mean(last, axis={axis}, keepdims=True)")
    of_steps = [("return_sequences", "reader = layers.GRU(14, return_sequences=True)")] if axis == "1" else []
    assert causes(axis) == [kept, *of_steps]


def test_a_reduction_that_keeps_its_axis_is_not_the_cause() -> None:
    assert causes("1, keepdims=True") == []
