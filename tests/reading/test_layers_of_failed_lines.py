"""A traceback without the program: the line that failed makes a recurrent layer, which has its sizes."""

import pytest

from app.reading.errors.explanation import explain

PROJECTION = """Traceback (most recent call last):
  File "/home/me/speech.py", line 21, in __init__
    self.encoder = nn.LSTM(5, 12, num_layers=3, bidirectional=True, proj_size=12)
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 156, in __init__
    raise ValueError("proj_size has to be smaller than hidden_size")
ValueError: proj_size has to be smaller than hidden_size
"""

ADDED = """Traceback (most recent call last):
  File "/home/me/words.py", line 9, in <module>
    net.add({layer})
  File "/home/me/env/lib/python3.7/site-packages/keras/engine/base_layer.py", line 311, in assert_input_compatibility
    str(K.ndim(x)))
ValueError: Input 0 is incompatible with layer {name}_2: expected ndim=3, found ndim=2
"""


def test_the_line_that_makes_an_lstm_of_pytorch_has_its_projection() -> None:
    network = explain(PROJECTION).configuration

    assert network
    assert (network.features, network.num_units, network.num_proj, network.num_layers) == (5, 12, 12, 3)
    assert network.bidirectional


@pytest.mark.parametrize("layer", ["LSTM(21)", "layers.GRU(21, dropout=0.2)", "keras.layers.SimpleRNN(units=21)"])
def test_the_line_that_adds_a_layer_of_keras_has_its_units(layer: str) -> None:
    name = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "simple_rnn"}[layer.partition("(")[0].rpartition(".")[2]]
    network = explain(ADDED.format(layer=layer, name=name)).configuration

    assert network and network.num_units == 21


def test_a_layer_that_is_run_in_both_directions_is_one_layer() -> None:
    network = explain(ADDED.format(layer="Bidirectional(LSTM(21))", name="lstm")).configuration

    assert network and (network.num_units, network.bidirectional) == (21, True)


def test_a_line_that_is_no_line_of_a_traceback_makes_no_layer() -> None:
    printed = "(encoder): GRU(20)\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)"
    network = explain(printed).configuration

    assert network and network.num_units is None
