"""A whole program says which axes were exchanged, or which one is missing, and what else was given two shapes.

The frameworks raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from test_lines_of_whole_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch


def said(source: str, frames: list[str], message: str) -> Mismatch:
    return explain(pasted(source, frames, message)).mismatch


def ids(mismatch: Mismatch) -> list[str]:
    return [one.id for one in mismatch.causes]


BACKWARD = """import numpy as np
X, Wx, Wh = np.ones((20, 12, 6)), np.ones((6, 18)), np.ones((18, 18))
h = np.zeros((20, 18))
hs = [h]
for t in range(12):
    h = np.tanh(X[:, t] @ Wx + h @ Wh)
    hs.append(h)
dWx, dh = np.zeros_like(Wx), np.ones((20, 18))
for t in reversed(range(12)):
    da = dh * (1 - hs[t + 1] ** 2)
    {line}
    dh = da @ Wh.T
"""
OF_GRADIENT = "ValueError: operands could not be broadcast together with shapes (6,18) (18,6) (6,18)"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("dWx += da.T @ X[:, t]", "dWx += X[:, t].T @ da"),
        ("dWx -= np.dot(da.T, X[:, t])", "dWx -= X[:, t].T @ da"),
    ],
)
def test_a_gradient_with_the_shape_of_transposed_weights_is_their_product_in_the_other_order(
    line: str, fix: str
) -> None:
    mismatch = said(BACKWARD.format(line=line), [line], OF_GRADIENT)

    assert [(one.id, one.lines) for one in mismatch.causes] == [("gradient_order", ((line, fix),))]
    assert mismatch.sentence.values["expected"] == "(6, 18)"


def test_gates_are_split_along_the_batch_only_where_a_program_splits_something() -> None:
    assert ids(said(BACKWARD.format(line="dWx += gate * X"), ["dWx += gate * X"], OF_GRADIENT)) != ["split_axis"]


DIRECTIONS = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
inputs = keras.Input((30, 6))
ahead = layers.GRU(32, return_sequences=True)
behind = layers.GRU({units}, return_sequences=True, go_backwards=True)
both = layers.Bidirectional(ahead, backward_layer=behind, merge_mode="{mode}")
model = keras.Model(inputs, layers.Dense(3)(both(inputs)))
model(np.zeros((16, 30, 6), "float32"))
"""
OF_TENSORFLOW = (
    "ValueError: Exception encountered when calling Bidirectional.call().\n\nDimensions must be equal, but are 32 and"
    " 24 for '{{node functional_1/bidirectional_1/add}} = AddV2[T=DT_FLOAT](functional_1/forward_gru/transpose_2,"
    " functional_1/bidirectional_1/ReverseV2)' with input shapes: [16,30,32], [16,30,24]."
)
OF_PYTORCH = (
    "RuntimeError: Exception encountered when calling Bidirectional.call().\n\nThe size of tensor a (32) must match the"
    " size of tensor b (24) at non-singleton dimension 2"
)


@pytest.mark.parametrize(("message", "mode"), [(OF_TENSORFLOW, "sum"), (OF_PYTORCH, "mul")])
def test_both_directions_that_are_merged_by_value_need_as_many_units(message: str, mode: str) -> None:
    alone = explain(message).mismatch
    mismatch = said(DIRECTIONS.format(units=24, mode=mode), ["model(np.zeros((16, 30, 6), 'float32'))"], message)

    assert alone.sentence == mismatch.sentence
    assert {"forward": 32, "backward": 24}.items() <= mismatch.sentence.values.items()
    assert [one.wrong.replace("24", "32") for one in mismatch.causes] == [one.fix for one in mismatch.causes]
    assert mismatch.causes[0].wrong in DIRECTIONS.format(units=24, mode=mode)
