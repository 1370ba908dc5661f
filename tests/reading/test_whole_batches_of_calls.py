"""A stateful model of Keras that is trained with a smaller last batch: the call gets the samples and the targets of
whole batches.

TensorFlow 2.4 raised the message on a GPU.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import tensorflow as tf
model = tf.keras.Sequential([
    tf.keras.layers.LSTM(30, stateful=True, batch_input_shape=(16, 11, 5)),
    tf.keras.layers.Dense(1),
])
model.compile("adam", "mse")
{call}

"""
MESSAGE = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError:    Invalid input_h shape: [1,16,30] [1,7,30]\n"
    "\t [[{{node CudnnRNN}}]]"
)


def lines(call: str) -> list[str]:
    explanation = explain(PROGRAM.format(call=call) + traceback([call], MESSAGE))
    assert explanation.mismatch.first_cause == "last_batch"
    return [fixed for _, fixed in explanation.mismatch.causes[0].lines]


@pytest.mark.parametrize(
    ("call", "fix"),
    [
        (
            "model.fit(series, prices, batch_size=16, epochs=2)",
            "model.fit(series[: len(series) // 16 * 16], prices[: len(prices) // 16 * 16], batch_size=16, epochs=2)",
        ),
        (
            "loss = model.evaluate(x=series, y=prices, batch_size=16)",
            "loss = model.evaluate(x=series[: len(series) // 16 * 16], y=prices[: len(prices) // 16 * 16],"
            " batch_size=16)",
        ),
    ],
)
def test_samples_and_targets_are_those_of_whole_batches(call: str, fix: str) -> None:
    assert lines(call) == [fix]


def test_an_array_without_a_name_is_not_cut() -> None:
    assert lines("model.fit(load(), prices, batch_size=16)") == ["x = x[: len(x) // 16 * 16]"]
