"""A network of Keras without biases, whose weights one with biases loads, or the other way round.

Keras 3.15 raised the message for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

MADE_TWICE = """
import keras
def network(units, biased):
    memory = keras.layers.GRU(units, use_bias=biased, reset_after=False, name="memory")
    return keras.Sequential([keras.Input((7, 4)), memory])
network(11, {saved}).save_weights("m.weights.h5")
model = network(11, {loads})
model.load_weights("m.weights.h5")
"""
MADE = """
import keras
model = keras.Sequential([keras.Input((7, 4)), keras.layers.LSTM(11{bias})])
model.load_weights("m.weights.h5")
"""
MESSAGE = (
    "ValueError: A total of 1 objects could not be loaded. Example error message for object <{cell} name=cell,"
    " built=True>:\n\nLayer 'lstm_cell' expected {expected} variables, but received {got} variables during loading."
    " Expected: [{names}]"
)


def message(*, loads: bool) -> str:
    names = ["'kernel'", "'recurrent_kernel'", *(["'bias'"] if loads else [])]
    return MESSAGE.format(cell="LSTMCell", expected=2 + loads, got=3 - loads, names=", ".join(names))


@pytest.mark.parametrize("loads", [True, False])
def test_a_function_makes_the_network_that_loads_like_the_one_that_was_saved(loads: bool) -> None:
    program = MADE_TWICE.format(saved=not loads, loads=loads)
    _, lines = likely(pasted(program, ['model.load_weights("m.weights.h5")'], message(loads=loads)))

    assert lines == {f"model = network(11, {loads})": f"model = network(11, {not loads})"}


@pytest.mark.parametrize("loads", [True, False])
def test_the_only_layer_of_a_network_gets_the_biases_of_the_weights(loads: bool) -> None:
    bias = "" if loads else ", use_bias=False"
    program = MADE.format(bias=bias)
    _, lines = likely(pasted(program, ['model.load_weights("m.weights.h5")'], message(loads=loads)))
    made = "model = keras.Sequential([keras.Input((7, 4)), keras.layers.LSTM(11{})])"

    assert lines == {made.format(bias): made.format(f", use_bias={not loads}")}


def test_a_function_that_makes_both_networks_alike_is_not_changed() -> None:
    program = MADE_TWICE.replace("biased, reset", "True, reset").format(saved=True, loads=True)
    _, lines = likely(pasted(program, ['model.load_weights("m.weights.h5")'], message(loads=True)))

    assert lines == {}
