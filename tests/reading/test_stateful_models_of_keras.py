"""A stateful model of Keras declares the shape of x with its batch: the lines that say its sizes, and the samples of a
call.

TensorFlow 2.21 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

steps, features, per_batch = 9, 4, 5
X, Y = np.zeros((20, steps, features), "float32"), np.zeros((20, 1), "float32")


def network(batch):
    model = keras.Sequential()
    model.add(keras.Input(batch_shape=({shape})))
    model.add(layers.GRU(12, stateful=True))
    model.add(layers.Dense(1))
    return model


model = network(per_batch)
model.compile(loss="mse")
model.fit(X, Y, batch_size={batch}, shuffle=False, verbose=0)
single = network(1)
single.set_weights(model.get_weights())
for window in X[:2]:
    print(single.predict({x}, batch_size=1, verbose=0))
"""

IN_CELL = """ValueError: Exception encountered when calling GRUCell.call().

Dimensions must be equal, but are 4 and {rows} for '{{{{node sequential_1/gru_1/gru_cell_1/MatMul}}}} = MatMul[\
T=DT_FLOAT, grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](sequential_1/gru_1/strided_slice_1,\
 sequential_1/gru_1/gru_cell_1/Cast/ReadVariableOp)' with input shapes: [5,4], [{rows},36].

Arguments received by GRUCell.call():
  • inputs=tf.Tensor(shape=(5, 4), dtype=float32)
  • states=('tf.Tensor(shape=(5, 12), dtype=float32)',)
  • training=True"""

OF_STATES = """ValueError: Exception encountered when calling GRU.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 5
- Received batch size: 10

Arguments received by GRU.call():
  • sequences=tf.Tensor(shape=(10, 9, 4), dtype=float32)
  • initial_state=None
  • mask=None
  • training=True"""

OF_INPUT = """ValueError: Exception encountered when calling Sequential.call().

Invalid input shape for input Tensor("data:0", shape=(1, 4), dtype=float32) with name 'keras_tensor_4' and path ''.\
 Expected shape (1, 9, 4), but input has incompatible shape (1, 4)

Arguments received by Sequential.call():
  • inputs=tf.Tensor(shape=(1, 4), dtype=float32)
  • training=False
  • mask=None
  • kwargs=<class 'inspect._empty'>"""

PREDICTED = "print(single.predict({x}, batch_size=1, verbose=0))"
TRAINED = "model.fit(X, Y, batch_size={batch}, shuffle=False, verbose=0)"


def text(frame: str, error: str, shape: str = "batch, steps, features", batch: str = "per_batch", x: str = "") -> str:
    values = {"shape": shape, "batch": batch, "x": x or "window[None]"}
    return pasted(PROGRAM.format(**values), [frame.format(**values)], error)


EXCHANGED = text(TRAINED, IN_CELL.format(rows=9), shape="batch, features, steps")


@pytest.mark.parametrize(
    ("program", "cause", "wrong", "fixed"),
    [
        (
            EXCHANGED,
            "exchanged_shape",
            "model.add(keras.Input(batch_shape=(batch, features, steps)))",
            "model.add(keras.Input(batch_shape=(batch, steps, features)))",
        ),
        (
            text(TRAINED, IN_CELL.format(rows=2), shape="batch, steps, 2"),
            "other_features",
            "model.add(keras.Input(batch_shape=(batch, steps, 2)))",
            "model.add(keras.Input(batch_shape=(batch, steps, 4)))",
        ),
        (
            text(TRAINED, OF_STATES, batch="10"),
            "other_batch",
            "model.fit(X, Y, batch_size=10, shuffle=False, verbose=0)",
            "model.fit(X, Y, batch_size=5, shuffle=False, verbose=0)",
        ),
        (
            text(PREDICTED, OF_INPUT, x="window"),
            "missing_batch",
            "print(single.predict(window, batch_size=1, verbose=0))",
            "print(single.predict(window[None], batch_size=1, verbose=0))",
        ),
    ],
    ids=["order", "features", "batch", "sample of a loop"],
)
def test_the_line_that_says_the_wrong_size_is_corrected(program: str, cause: str, wrong: str, fixed: str) -> None:
    (*_, first), lines = first_cause_and_lines(program)

    assert (first, lines) == (cause, {wrong: fixed})


def test_a_shape_with_its_axes_exchanged_does_not_exchange_those_of_x() -> None:
    assert network(explain(EXCHANGED)) == (5, 9, 4, 12)
