"""What is said about targets of Keras with more classes than the output, which one name of the program counts.

TensorFlow 2.21 raised the message for this program.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

PROGRAM = """
import numpy as np
from tensorflow import keras

KINDS = 4
rng = np.random.default_rng(5)
songs = rng.normal(size=(40, 18, 7)).astype("float32")
kinds = rng.integers(0, KINDS, 40)
target = keras.utils.to_categorical(kinds, KINDS + 2)

model = keras.Sequential([keras.Input((18, 7)), keras.layers.GRU(15)])
model.add(keras.layers.Dense(KINDS, activation="softmax"))
model.compile("adam", "categorical_crossentropy")
model.fit(songs, target, batch_size=20, verbose=0)
"""

LINE = "model.fit(songs, target, batch_size=20, verbose=0)"
ERROR = (
    "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(20, 6),"
    " output.shape=(20, 4)"
)


@pytest.mark.parametrize(
    ("kinds", "line", "fixed"),
    [
        (
            "rng.integers(0, KINDS, 40)",
            "target = keras.utils.to_categorical(kinds, KINDS + 2)",
            "target = keras.utils.to_categorical(kinds, KINDS)",
        ),
        (
            'np.load("kinds.npy")',
            'model.add(keras.layers.Dense(KINDS, activation="softmax"))',
            'model.add(keras.layers.Dense(6, activation="softmax"))',
        ),
    ],
)
def test_a_name_that_counts_the_classes_of_both_stays(kinds: str, line: str, fixed: str) -> None:
    program = PROGRAM.replace("rng.integers(0, KINDS, 40)", kinds)
    _, lines = first_cause_and_lines(pasted(program, [LINE], ERROR))

    assert lines == {line: fixed}
