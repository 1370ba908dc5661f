"""A Flatten below a recurrent layer of Keras: the layer needs what it flattens, and each step is flattened by itself.

Keras 3.15 raised the messages for these programs, and runs the corrected ones.
"""

import pytest
from pasted_programs import likely, network, pasted, said

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

FUNCTIONAL = """import numpy as np, keras
from keras import layers
inputs = keras.Input((40, 9))
x = layers.MaxPooling1D(2)(layers.Conv1D(16, 5, padding="same")(inputs))
x = layers.Flatten()(x)
outputs = layers.GRU(12)(x)
"""
SEQUENTIAL = """import numpy as np
from keras import Sequential
from keras.layers import LSTM, Conv1D, Dense, Flatten, Input, MaxPooling1D, TimeDistributed
model = Sequential([
    Input((60, 7)),
    Conv1D(18, 5, padding="same"),
    MaxPooling1D(3),
    Flatten(),
    LSTM(25),
    Dense(2),
])
"""
ADDED = """import keras
from keras import layers

def make(width=60, channels=7, units=25):
    model = keras.Sequential()
    model.add(keras.Input((width, channels)))
    model.add(layers.Conv1D(18, 5, padding="same"))
    model.add(layers.MaxPooling1D(3))
    model.add(layers.Flatten())
    model.add(layers.LSTM(units))
    return model

make()
"""
ERROR = (
    "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: (None, {})"
)
OF_FUNCTIONAL = pasted(FUNCTIONAL, ["outputs = layers.GRU(12)(x)"], ERROR.format("gru", 320))
OF_SEQUENTIAL = pasted(SEQUENTIAL, ["model = Sequential(["], ERROR.format("lstm", 360))
OF_ADDED = pasted(ADDED, ["make()", "model.add(layers.LSTM(units))"], ERROR.format("lstm", 360))


@pytest.mark.parametrize(
    ("text", "shape", "units"),
    [(OF_FUNCTIONAL, (20, 16), 12), (OF_SEQUENTIAL, (20, 18), 25), (OF_ADDED, (20, 18), 25)],
    ids=["functional", "sequential", "added"],
)
def test_the_layer_needs_the_steps_and_features_that_were_flattened(
    text: str, shape: tuple[int, int], units: int
) -> None:
    shapes = comparison(explain(text))

    assert shapes and (shapes.expected, shapes.got) == ((None, *shape), (None, shape[0] * shape[1]))
    assert network(explain(text)) == (None, *shape, units)


@pytest.mark.parametrize(
    ("text", "line", "corrected"),
    [
        (OF_FUNCTIONAL, "outputs = layers.GRU(12)(x)", None),
        (OF_SEQUENTIAL, "Flatten(),", "TimeDistributed(Flatten()),"),
        (OF_ADDED, "model.add(layers.Flatten())", "model.add(layers.TimeDistributed(layers.Flatten()))"),
    ],
    ids=["functional", "sequential", "added"],
)
def test_only_the_flatten_is_wrong(text: str, line: str, corrected: str | None) -> None:
    causes, lines = likely(text)

    assert causes == ["flattened_steps"]
    assert corrected is None or lines == {line: corrected}


def test_a_vector_of_another_size_is_not_what_was_flattened() -> None:
    mismatch = said(OF_ADDED.replace("360", "361"))

    assert len(mismatch.causes) > 1
    assert mismatch.facts == ()
