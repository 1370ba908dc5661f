"""A new axis of x must make such samples as the model declares; otherwise its rows are something else.

Keras 2, with TensorFlow 1 and 2, raised the messages, and ran with the corrected lines.
"""

import pytest
from pasted_programs import network, traceback

from app.reading.errors.explanation import Explanation, explain

PROGRAM = """import numpy as np
from tf_keras import Input, Sequential
from tf_keras.layers import LSTM, Dense

X = np.random.rand({rows}, {columns})
y = np.random.rand({targets}, 1)
model = Sequential()
model.add(LSTM(13, input_shape=({sample})))
model.add(Dense(1))
model.compile(loss="mse")
{line}
"""
LINE = "model.fit(X, y, epochs=2{more})"
TRACEBACK = """Traceback (most recent call last):
  File "/home/me/series.py", line 11, in <module>
    {line}
ValueError: {message}
"""
OF_ALL = "Error when checking input: expected lstm_input to have 3 dimensions, but got array with shape ({}, {})"
OF_BATCH = (
    'Input 0 of layer "sequential" is incompatible with the layer: expected shape=(None, {}), found shape=(None, {})'
)
ROWS_OF_STEPS = "X = np.stack([X[n : n + 4] for n in range(len(X) - 3)]); y = y[3:]  # before: "


def explained(
    sample: str, columns: int, *, rows: int = 90, targets: int = 90, more: str = "", message: str = OF_ALL
) -> Explanation:
    line = LINE.format(more=more)
    program = PROGRAM.format(rows=rows, columns=columns, targets=targets, sample=sample, line=line)
    said = message.format(rows, columns) if message == OF_ALL else message.format(sample, columns)
    return explain(f"{program}\n{TRACEBACK.format(line=line, message=said)}")


@pytest.mark.parametrize("message", [OF_ALL, OF_BATCH])
@pytest.mark.parametrize(
    ("sample", "columns", "targets", "fix"),
    [
        ("4, 5", 5, 90, ROWS_OF_STEPS + LINE.format(more="")),
        ("6, 5", 5, 15, "model.fit(X.reshape(-1, 6, 5), y, epochs=2)"),
        ("4, 5", 20, 90, "model.fit(X.reshape(-1, 4, 5), y, epochs=2)"),
        ("1, 5", 5, 90, "X = np.random.rand(90, 5)[:, None]"),
    ],
)
def test_the_corrected_lines_make_the_declared_samples(
    message: str, sample: str, columns: int, targets: int, fix: str
) -> None:
    if message == OF_BATCH and targets != 90:  # which TensorFlow 2 refuses before
        return
    causes = explained(sample, columns, targets=targets, message=message).mismatch.causes

    if message == OF_BATCH and sample == "1, 5":
        assert causes[0].id == "missing_axis"
    else:
        assert [one.fix for one in causes] == [fix]


def test_a_series_of_single_numbers_gets_its_axis_of_features_alone() -> None:
    assert [one.id for one in explained("7, 1", 7).mismatch.causes] == ["missing_features_axis"]


@pytest.mark.parametrize(
    ("rows", "more", "batch"),
    [(90, "", None), (20, "", 20), (90, ", batch_size=45", 45), (90, ", batch_size=int(config)", None)],
)
def test_a_batch_of_all_samples_is_the_one_that_fit_takes(rows: int, more: str, batch: int | None) -> None:
    assert network(explained("4, 5", 5, rows=rows, targets=rows, more=more))[0] == batch


CALLED = """import numpy as np
import keras
from keras import layers
tide = keras.Input((6, 4), name="tide")
model = keras.Model(tide, layers.LSTM(7)(tide))
hours = np.zeros((5, 24), "float32")
level = model(hours)
"""
FED = """import numpy as np
import tensorflow.compat.v1 as tf
tide = tf.placeholder(tf.float32, [None, 6, 4], name="tide")
outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(7), tide, dtype=tf.float32)
session = tf.Session()
level = session.run(state, {tide: np.zeros((5, 24))})
"""


@pytest.mark.parametrize(
    ("program", "message", "fix"),
    [
        (
            CALLED,
            "Input 0 with name 'tide' of layer 'functional' is incompatible with the layer: expected"
            " shape=(None, 6, 4), found shape=(5, 24)",
            "level = model(hours.reshape(-1, 6, 4))",
        ),
        (
            FED,
            "Cannot feed value of shape (5, 24) for Tensor tide:0, which has shape (?, 6, 4)",
            "x = x.reshape(-1, 6, 4)",
        ),
    ],
)
def test_rows_with_the_values_of_a_sample_are_flat_samples(program: str, message: str, fix: str) -> None:
    explanation = explain(program + "\n" + traceback([program.strip().split("\n")[-1]], f"ValueError: {message}"))

    assert [(one.id, one.fix) for one in explanation.mismatch.causes] == [("flat_samples", fix)]
    sizes = explanation.configuration
    assert sizes
    assert (sizes.batch_size, sizes.time_step, sizes.features) == (5, 6, 4)
