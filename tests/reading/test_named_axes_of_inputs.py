"""Data of a model of Keras with the features before the steps, and an input whose sizes are called steps and features.

Keras 3.15 on TensorFlow 2.21 raised the message, and the program runs with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
import tensorflow as tf

{steps} = 16
{features} = 5


def data(n=40):
    x = np.ones((n, {features}, {steps}), "float32")
    return x, np.zeros(n)


model = tf.keras.Sequential([
    tf.keras.layers.Input(({shape})),
    tf.keras.layers.GRU(12),
    tf.keras.layers.Dense(1),
])
model.compile("adam", "mse")
x, y = data()
{lines}
"""
MESSAGE = (
    "ValueError: Exception encountered when calling GRUCell.call().\n\n"
    "Dimensions must be equal, but are 16 and 5 for '{{node sequential_1/gru_1/gru_cell_1/MatMul}} = MatMul[T=DT_FLOAT,"
    " grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](sequential_1/gru_1/strided_slice_2,"
    " sequential_1/gru_1/gru_cell_1/Cast/ReadVariableOp)' with input shapes: [?,16], [5,36].\n\n"
    "Arguments received by GRUCell.call():\n"
    "  • inputs=tf.Tensor(shape=(None, 16), dtype=float32)\n"
    "  • states=('tf.Tensor(shape=(None, 12), dtype=float32)',)\n"
    "  • training=True"
)
FIT = "model.fit(x, y, batch_size=8)"
DATASET = "batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)"


def text(names: tuple[str, str], lines: str, call: str) -> str:
    steps, features = names
    program = PROGRAM.format(steps=steps, features=features, shape=f"{steps}, {features}", lines=lines)
    return pasted(program, [call], MESSAGE)


@pytest.mark.parametrize("names", [("TIMESTEPS", "CHANNELS"), ("WINDOW", "N_FEATURES"), ("seq_len", "sensors")])
@pytest.mark.parametrize(
    ("lines", "call", "fixed"),
    [
        (
            f"{FIT}\nprint(model.evaluate(x, y))",
            FIT,
            {
                FIT: "model.fit(x.swapaxes(1, 2), y, batch_size=8)",
                "print(model.evaluate(x, y))": "print(model.evaluate(x.swapaxes(1, 2), y))",
            },
        ),
        (
            f"{DATASET}\nmodel.fit(batches)",
            "model.fit(batches)",
            {DATASET: DATASET.replace("(x,", "(x.swapaxes(1, 2),")},
        ),
    ],
)
def test_the_names_of_the_sizes_say_that_the_data_are_transposed(
    names: tuple[str, str], lines: str, call: str, fixed: dict[str, str]
) -> None:
    pasted_text = text(names, lines, call)
    assert likely(pasted_text) == (["features_first", "exchanged_shape"], fixed)
    mismatch = explain(pasted_text).mismatch
    assert (mismatch.tensor, mismatch.axis) == ("x", "order")
    assert (mismatch.expected, mismatch.got) == ((8, 16, 5), (8, 5, 16))
    assert mismatch.note is not None
    assert {*names} <= {*mismatch.note.values.values()}
    configuration = explain(pasted_text).configuration
    assert configuration is not None
    assert (configuration.time_step, configuration.features) == (16, 5)


@pytest.mark.parametrize("names", [("A", "B"), ("CHANNELS", "TIMESTEPS")])
def test_other_names_leave_the_shape_of_the_input(names: tuple[str, str]) -> None:
    assert likely(text(names, FIT, FIT))[0] == ["exchanged_shape"]
