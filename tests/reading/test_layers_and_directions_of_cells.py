"""What programs say of the layers and the directions of the network that an error is about.

NumPy 2.4 and Keras 3 raised the errors.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

OWN_CELL = """import numpy as np

units, features = 19, 6
W, U, b = np.zeros((features, units)), np.zeros((units, units)), np.zeros(units)
series = np.random.randn(11, 4, features)
h = np.zeros((4, 17))
{beside}
for x in series{order}:
    h = np.tanh(x @ W + h @ U + b)
"""
PRODUCT = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 19 is different from 17)"
)


@pytest.mark.parametrize(
    ("beside", "order", "sizes"),
    [
        ("", "", (1, False)),
        ("", "[::-1]", (None, None)),
        ("h_bw = np.zeros((4, 19))", "", (None, None)),
        ("cells = [(W, U, b), (W, U, b)]", "", (None, None)),
    ],
)
def test_a_loop_of_an_own_cell_is_one_layer_with_one_direction(
    beside: str, order: str, sizes: tuple[int | None, bool | None]
) -> None:
    program = OWN_CELL.format(beside=beside, order=order)
    network = explain(pasted(program, ["h = np.tanh(x @ W + h @ U + b)"], PRODUCT)).configuration

    assert network and (network.num_layers, network.bidirectional) == sizes


CLASSES = """import numpy as np

class Cell:
    def __init__(self, features, units):
        self.W, self.U = np.zeros((features, units)), np.zeros((units, units))

    def run(self, series, h):
        for x in series:
            h = np.tanh(x @ self.W + h @ self.U)
        return h

{made}
first.run(np.random.randn(11, 4, 6), np.zeros((4, 17)))
"""


@pytest.mark.parametrize(
    ("made", "count"), [("first = Cell(6, 19)", 1), ("first = Cell(6, 19)\nsecond = Cell(19, 19)", None)]
)
def test_two_objects_of_a_cell_may_be_layers(made: str, count: int | None) -> None:
    frames = ["first.run(np.random.randn(11, 4, 6), np.zeros((4, 17)))", "h = np.tanh(x @ self.W + h @ self.U)"]
    network = explain(pasted(CLASSES.format(made=made), frames, PRODUCT)).configuration

    assert network and network.num_layers == count


def test_a_loop_over_epochs_says_nothing_of_a_network_that_the_text_lacks() -> None:
    program = "import torch\nfor epoch in range(3):\n    y, h = model(torch.zeros(7, 4, 9), h)\n"
    message = "RuntimeError: input.size(-1) must be equal to input_size. Expected 8, got 9"
    network = explain(pasted(program, ["y, h = model(torch.zeros(7, 4, 9), h)"], message)).configuration

    assert network and (network.num_layers, network.bidirectional) == (None, None)


DECODER = """import keras
import numpy as np
from keras import layers

src, tgt = keras.Input((13, 9)), keras.Input((8, 5))
_, h, _, c, _ = layers.Bidirectional(layers.LSTM(24, return_state=True))(src)
both = layers.Concatenate()([h, c])
y = layers.LSTM(24, return_sequences=True)(tgt, initial_state=[both, both])
model = keras.Model([src, tgt], y)
model.predict([np.zeros((7, 13, 9)), np.zeros((7, 8, 5))])
"""
IN_DECODER = """RuntimeError: Exception encountered when calling LSTM.call().

mat1 and mat2 shapes cannot be multiplied (7x48 and 24x96)

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([7, 8, 5]), dtype=float32)
  • initial_state=['torch.Tensor(shape=torch.Size([7, 48]), dtype=float32)',\
 'torch.Tensor(shape=torch.Size([7, 48]), dtype=float32)']
  • mask=None
  • training=False"""


def test_a_decoder_with_a_state_has_one_direction_beside_an_encoder_with_two() -> None:
    line = "model.predict([np.zeros((7, 13, 9)), np.zeros((7, 8, 5))])"
    network = explain(pasted(DECODER, [line], IN_DECODER)).configuration

    assert network and (network.bidirectional, network.num_units, network.time_step) == (False, 24, 8)
