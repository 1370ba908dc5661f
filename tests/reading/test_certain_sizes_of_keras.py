"""What is said for certain about programs of Keras: the sizes of their own cells, and batches of a later training.

Keras 3.15 on PyTorch raised the messages for these programs.
"""

from pasted_programs import pasted

from app.reading.errors.explanation import explain

LEAKY = """
import keras
import numpy as np
from keras import layers, ops


class LeakyCell(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = self.state_size = size

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.size))
        self.u = self.add_weight(shape=(input_shape[-1], self.size))
        self.rate = self.add_weight(shape=(self.size,))

    def call(self, inputs, states):
        h = states[0]
        fresh = ops.tanh(ops.matmul(inputs, self.w) + ops.matmul(h, self.u))
        h = ops.sigmoid(self.rate) * fresh + h
        return h, [h]


def predictor(length=17, series=6):
    return keras.Sequential([keras.Input((length, series)), layers.RNN(LeakyCell(21)), layers.Dense(1)])


model = predictor()
model.compile("adam", "mse")
model.fit(np.zeros((20, 17, 6)), np.zeros((20, 1)), batch_size=10, verbose=0)
"""

TWICE = """
import keras
import numpy as np
from keras import layers


def network(shape, width=27):
    model = keras.Sequential([keras.Input(shape)])
    model.add(layers.SimpleRNN(width))
    model.add(layers.SimpleRNN(width))
    return model


def run(days=16, columns=4):
    x, y = np.zeros((60, days, columns)), np.zeros((60, 27))
    model = network(x.shape[1:])
    model.compile("sgd", "mse")
    model.fit(x, y, batch_size=15, verbose=0)


run()
"""

PRODUCT = """RuntimeError: Exception encountered when calling LeakyCell.call().

mat1 and mat2 shapes cannot be multiplied (10x21 and 6x21)

Arguments received by LeakyCell.call():
  • inputs=torch.Tensor(shape=torch.Size([10, 6]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([10, 21]), dtype=float32)',)"""

RANK = (
    "ValueError: Input 0 with name 'None' of layer 'simple_rnn_1' is incompatible with the layer: expected ndim=3,"
    " found ndim=2. Full shape received: (None, 27)"
)


def test_an_own_cell_with_one_recurrent_kernel_has_the_sizes_of_its_input() -> None:
    line = "model.fit(np.zeros((20, 17, 6)), np.zeros((20, 1)), batch_size=10, verbose=0)"
    found = explain(pasted(LEAKY, [line], PRODUCT))
    network = found.configuration

    assert found.mismatch.causes[0].lines[0][1] == "self.u = self.add_weight(shape=(self.size, self.size))"
    assert network and (network.cell, network.batch_size, network.time_step) == ("rnn", 10, 17)
    assert (network.features, network.num_units) == (6, 21)


def test_the_training_after_the_failed_line_of_a_function_says_the_batch() -> None:
    frames = ["run()", "model = network(x.shape[1:])", "model.add(layers.SimpleRNN(width))"]
    network = explain(pasted(TWICE, frames, RANK)).configuration

    assert network and (network.batch_size, network.time_step) == (15, 16)
