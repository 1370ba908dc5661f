"""A stateful model of Keras that is trained with a smaller last batch: the call gets the samples and the targets of
whole batches.

TensorFlow 2.4 raised the message on a GPU.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

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


IN_LOSS = """import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

n, steps = 24, 12
inputs = layers.Input({shape})
h = layers.SimpleRNN(15, stateful=True, return_sequences=True)(inputs)
model = tf.keras.Model(inputs, layers.TimeDistributed(layers.Dense(1))(h))
model.compile("sgd", loss="mae")
data, targets = np.random.rand(100, steps, 6), np.random.rand(100, steps, 1)
model.fit(data, targets, batch_size=n, shuffle=False)
"""
OF_LOSS = (
    "Incompatible shapes: [4,12,1] vs. [24,12,1]\n"
    "\t [[{{node gradient_tape/compile_loss/mae/sub/BroadcastGradientArgs}}]] [Op:__inference_multi_step_on_iterator_8]"
)


def in_loss(shape: str) -> Mismatch:
    program = IN_LOSS.format(shape=shape)
    return explain(program + traceback([program.strip().split("\n")[-1]], OF_LOSS, "keras/m.py")).mismatch


def test_samples_are_as_few_as_targets_for_a_model_whose_input_has_a_fixed_batch() -> None:
    mismatch = in_loss("batch_shape=(n, steps, 6)")

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "batch_size", (24,), (4,))
    assert [fixed for _, fixed in mismatch.causes[0].lines] == [
        "model.fit(data[: len(data) // n * n], targets[: len(targets) // n * n], batch_size=n, shuffle=False)"
    ]


def test_targets_are_what_a_loss_names_if_no_input_has_a_fixed_batch() -> None:
    assert in_loss("(steps, 6), batch_size=None").tensor == "target"
