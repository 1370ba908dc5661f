"""A layer of Keras that returns only its output, which the program takes apart while it makes a model.

Keras 3 and tf_keras 2.20 raised the messages; the programs run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, pasted

from app.reading.errors.explanation import NotFoundError, explain

PROGRAM = """import {keras} as keras
from {keras} import layers

def networks(letters, units):
    source = keras.Input((None, letters))
    encoder = layers.{layer}(units)
    {names} = encoder(source)
    return keras.Model(source, state)

networks(8, 13)
"""
KERAS_3 = "NotImplementedError: Iterating over a symbolic KerasTensor is not supported."
KERAS_2 = "TypeError: Cannot iterate over a Tensor with unknown first dimension."


def text(keras: str, error: str, layer: str, names: str) -> str:
    frames = ["networks(8, 13)", f"{names} = encoder(source)"]
    return pasted(PROGRAM.format(keras=keras, layer=layer, names=names), frames, error)


@pytest.mark.parametrize(("keras", "error"), [("keras", KERAS_3), ("tf_keras", KERAS_2)])
@pytest.mark.parametrize(("layer", "names"), [("GRU", "output, state"), ("LSTM", "_, state, c")])
def test_the_layer_lacks_return_state(keras: str, error: str, layer: str, names: str) -> None:
    assert causes_and_lines(text(keras, error, layer, names)) == (
        ("output", None, ["return_state"]),
        {f"encoder = layers.{layer}(units)": f"encoder = layers.{layer}(units, return_state=True)"},
    )


@pytest.mark.parametrize("error", [KERAS_3, KERAS_2])
def test_another_tensor_that_is_taken_apart_has_no_states(error: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text("keras", error, "Dense", "output, state"))
