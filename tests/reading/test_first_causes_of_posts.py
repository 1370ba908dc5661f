"""Posts without the whole program: the first cause and its line fit what the text says."""

from typing import Any

import numpy as np
import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause

SUM = (
    "model.add(GRU(40, batch_input_shape=(96, 9, 5), stateful=True))\n{}\n"
    "InvalidArgumentError: Dimensions must be equal, but are {} and 96 for 'replica_1/gru_2/add' (op: 'Add') with input"
    " shapes: [{},40], [96,40]."
)
EMBEDDED = (
    "h = Embedding(800, {}, input_length=30)(x)\nh = LSTM(64)(h)\nValueError: Input 0 of layer lstm_3 is incompatible"
    " with the layer: expected ndim=3, found ndim=4. Full shape received: (None, 30, 48, {})"
)
CHECKED = (
    "model.add(GRU(20, return_sequences=True))\nmodel.compile(loss='{}')\nError when checking target: expected"
    " activation_2 to have shape (None, 9, 1) but got array with shape (16, 9, 700)"
)
PACKED = (
    '  File "run.py", line 4, in forward\n    packed = pack_padded_sequence(series, lengths{})\n'
    "RuntimeError: dimension out of range (expected to be in range of [-1, 0], but got 1)"
)
LOSS = (
    "model.add(LSTM(30, return_sequences=True))\nmodel.compile(loss='mse')\nmodel.fit(x, y)\n"
    "InvalidArgumentError: Incompatible shapes: [{0},1] vs. [{0}]"
)


def first(text: str) -> Cause:
    return explain(text).mismatch.causes[0]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        (SUM.format("model = multi_gpu_model(model, gpus=3)", 32, 32), "divided_states"),
        (SUM.format("with tf.distribute.MirroredStrategy().scope():", 48, 48), "divided_states"),
        (SUM.format("model.fit(x, y)", 32, 32), "batch_of_call"),  # the default of fit
        (SUM.format("model.fit(x, y)", 31, 31), "last_batch"),
        (SUM.format("model = multi_gpu_model(model, gpus=3)", 31, 31), "last_batch"),
        (EMBEDDED.format(48, 48), "embedded_data"),
        (EMBEDDED.format(16, 16), "extra_axis"),
        (CHECKED.format("sparse_categorical_crossentropy"), "one_hot_target"),
        (CHECKED.format("mse"), "target_shape"),
        ("RuntimeError: input must have 3 dimensions, got 1", "two_axes"),
        ("RuntimeError: input must have 3 dimensions, got 2", "missing_axis"),
    ],
)
def test_text_tells_the_first_cause(text: str, id: str) -> None:
    assert first(text).id == id


@pytest.mark.parametrize(("option", "batch_axis"), [("", 1), (", batch_first=False", 1), (", batch_first=True", 0)])
def test_series_that_is_packed_gets_two_axes(option: str, batch_axis: int) -> None:
    values: dict[str, Any] = {"x": np.zeros(7)}
    exec(first(PACKED.format(option)).fix, values)
    shape = values["x"].shape
    assert len(shape) == 3 and shape[batch_axis] == shape[2] == 1


@pytest.mark.parametrize("shape", [(8, 5), (8,)])
def test_target_gets_its_last_axis_and_keeps_the_others(shape: tuple[int, ...]) -> None:
    values: dict[str, Any] = {"np": np, "target": np.zeros(shape)}
    exec(first(LOSS.format(",".join(map(str, shape)))).fix, values)
    assert values["target"].shape == (*shape, 1)
