"""Weights and gradients that a program makes itself: the lines that mend all of them.

TensorFlow 2.20 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch


def said(text: str) -> Mismatch:
    return explain(text).mismatch


HEAD = """import tensorflow as tf

WIDTH, CLASSES = 26, 5

class Reviews(tf.Module):
    def __init__(self):
        self.embedding = tf.keras.layers.Embedding(300, 18)
        self.read = {}
        self.w = tf.Variable(tf.random.truncated_normal([WIDTH, CLASSES]))

    def __call__(self, words):
        return tf.matmul(self.read(self.embedding(words)), self.w)

Reviews()(tf.zeros((9, 30), tf.int32))
"""
BOTH = "tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(WIDTH))"
PRODUCT = "return tf.matmul(self.read(self.embedding(words)), self.w)"
OF_PRODUCT = (
    "ValueError: Dimensions must be equal, but are {0} and 26 for '{{{{node MatMul}}}} = MatMul[T=DT_FLOAT,"
    " transpose_a=false, transpose_b=false](concat, MatMul/ReadVariableOp)' with input shapes: [9,{0}], [26,5]."
)


def test_own_weights_of_tensorflow_after_both_directions_get_more_rows() -> None:
    causes = said(pasted(HEAD.format(BOTH), [PRODUCT], OF_PRODUCT.format(52))).causes

    assert [one.id for one in causes] == ["output_directions"]
    assert causes[0].fix == "self.w = tf.Variable(tf.random.truncated_normal([2 * WIDTH, CLASSES]))"


def test_own_weights_of_tensorflow_for_another_layer_get_its_units() -> None:
    causes = said(pasted(HEAD.format("tf.keras.layers.GRU(37)"), [PRODUCT], OF_PRODUCT.format(37))).causes

    assert [one.id for one in causes] == ["output_weights"]
    assert causes[0].fix == "self.w = tf.Variable(tf.random.truncated_normal([37, CLASSES]))"


BACKWARD = """import numpy as np

W, R = np.zeros((33, 9)), np.zeros((33, 33))
xs, hs = np.zeros((6, 9, 1)), np.zeros((7, 33, 1))

def forward():
    for t in range(6):
        hs[t] = np.tanh(W @ xs[t] + R @ hs[t - 1])

def backward(dh):
    dW, dR = np.zeros_like(W), np.zeros_like(R)
    for t in reversed(range(6)):
        dz = (1 - hs[t] ** 2) * dh
        dW += dz @ xs[t].T
        dR += dz @ xs[t - 1].T
        dh = R.T @ dz
    return dW, dR

forward()
backward(np.ones((33, 1)))
"""
OF_GRADIENT = "ValueError: operands could not be broadcast together with shapes (33,33) (33,9) (33,33) "


def test_a_gradient_is_a_product_with_the_array_that_its_weights_read() -> None:
    frames = ["backward(np.ones((33, 1)))", "dR += dz @ xs[t - 1].T"]
    mismatch = said(pasted(BACKWARD, frames, OF_GRADIENT))

    assert [one.lines for one in mismatch.causes] == [(("dR += dz @ xs[t - 1].T", "dR += dz @ hs[t - 1].T"),)]
    assert [(one.terms, one.value) for one in mismatch.facts] == [((("num_units",),), 33)]


GATES = """import numpy as np

class GRU:
    def __init__(self, features, units):
        self.W, self.U = np.zeros((features, 3 * units)), np.zeros((units, 3 * units))
        self.b, self.n = np.zeros(3 * units), units

    def step(self, x, h):
        n = self.n
        of_x = x @ self.W
        of_h = h @ self.U
        z = 1 / (1 + np.exp(-(of_x[:, :n] + of_h[:, :n] + self.b)))
        r = 1 / (1 + np.exp(-(of_x[:, n:2 * n] + of_h[:, n:2 * n] + self.b)))
        c = np.tanh(of_x[:, 2 * n:] + r * of_h[:, 2 * n:] + self.b)
        return (1 - z) * c + z * h

    def forward(self, x):
        h = np.zeros((x.shape[0], self.n))
        for t in range(x.shape[1]):
            h = self.step(x[:, t], h)
        return h

GRU(4, 13).forward(np.zeros((5, 8, 4)))
"""
GATE = "z = 1 / (1 + np.exp(-(of_x[:, :n] + of_h[:, :n] + self.b)))"
MARKS = f"{GATE}\n{' ' * (4 + GATE.index('of_x'))}{'~' * 26}^{'~' * 7}"
OF_GATE = "ValueError: operands could not be broadcast together with shapes (5,13) (39,) "


def test_every_gate_takes_its_part_of_a_bias() -> None:
    (cause,) = said(pasted(GATES, ["h = self.step(x[:, t], h)", MARKS], OF_GATE)).causes
    parts = [fix.rpartition(" + self.")[2].rstrip(")") for _, fix in cause.lines]

    assert parts == ["b[:n]", "b[n:2 * n]", "b[2 * n:]"]


CLIPS = """import numpy as np
import keras
from keras import layers

clips = np.random.rand(8, 5, 12, 12).astype("float32")  # grey
inputs = keras.Input(shape=clips.shape[1:])
x = layers.ConvLSTM2D(6, 3)(inputs)
"""
OF_CLIPS = (
    "ValueError: Input 0 with name 'None' of layer 'conv_lstm2d' is incompatible with the layer: expected ndim=5, found"
    " ndim=4. Full shape received: (None, 5, 12, 12)"
)


def test_images_without_channels_get_them_where_the_program_makes_them() -> None:
    causes = said(pasted(CLIPS, ["x = layers.ConvLSTM2D(6, 3)(inputs)"], OF_CLIPS)).causes

    assert causes[0].fix == 'clips = np.random.rand(8, 5, 12, 12).astype("float32")[..., None]'


RESIDUAL = """import numpy as np
import keras
from keras import layers

class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.rnn = layers.LSTM(units, return_sequences=True)

    def call(self, x):
        return x + self.rnn(x)

inputs = keras.Input((None, 13))
model = keras.Model(inputs, Block(48)(inputs))
model.compile("adam", "mse")
model.fit(loads, targets, batch_size=4)
"""
OF_RESIDUAL = (
    "Exception encountered:\n'Exception encountered when calling Block.call().\n\nThe size of tensor a (13) must match"
    " the size of tensor b (48) at non-singleton dimension 2\n\nArguments received by Block.call():\n  •"
    " x=torch.Tensor(shape=torch.Size([4, 72, 13]), dtype=float32)'"
)


def test_the_x_of_a_residual_layer_has_the_sizes_that_keras_lists() -> None:
    explanation = explain(pasted(RESIDUAL, ["model.fit(loads, targets, batch_size=4)"], OF_RESIDUAL))
    network = explanation.configuration

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("output", "num_units")
    assert network and (network.batch_size, network.time_step, network.features) == (4, 72, 13)
