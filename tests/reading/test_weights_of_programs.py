"""Weights and gradients that a program makes itself: the lines that mend all of them.

TensorFlow 2.20 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import KERAS_WITH_OPS, causes_and_lines, first_cause_and_lines, pasted, said

from app.core.cells import LSTM
from app.frameworks.onnx import OPERATORS
from app.reading.errors.explanation import explain

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


OWN_CELL = f"""{KERAS_WITH_OPS}
class MinimalCell(layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))
        self.recurrent = self.add_weight(shape=(shape[-1], self.units))
    def call(self, inputs, states):
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent))
        return h, [h]

layers.RNN(MinimalCell(17))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                OWN_CELL,
                [
                    "h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent))\n"
                    "                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
                ],
                "ValueError: Exception encountered when calling MinimalCell.call().\n\nDimensions must be equal, but"
                " are 17 and 5 for '{{node sequential_1/rnn_1/minimal_cell_1/MatMul_1}} = MatMul[T=DT_FLOAT]("
                "sequential_1/rnn_1/zeros, sequential_1/rnn_1/minimal_cell_1/Cast_1/ReadVariableOp)' with input shapes:"
                " [32,17], [5,17].",
            ),
            ("recurrent_kernel", "num_units", "recurrent_rows"),
            {
                "self.recurrent = self.add_weight(shape=(shape[-1], self.units))": (
                    "self.recurrent = self.add_weight(shape=(self.units, self.units))"
                )
            },
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


SCANNED = """import jax.numpy as jnp
from jax import lax, random
N_IN, N_HIDDEN = 7, 30

def make(key):
    return {
        "W_x": random.normal(key, (N_HIDDEN, N_IN)) * 0.1,
        "W_h": random.normal(key, (N_HIDDEN, N_HIDDEN)) * 0.1,
    }

def forward(params, xs):
    def step(h, x):
        h = jnp.tanh(x @ params["W_x"] + h @ params["W_h"])
        return h, h
    return lax.scan(step, jnp.zeros((16, N_HIDDEN)), xs)

forward(make(random.key(0)), jnp.zeros((50, 16, N_IN)))
"""


WRITTEN_KEYS = """import jax
import jax.numpy as jnp

def init(key, n_in, n_hid):
    p = {{}}
    for name in "zrn":
        p[{of_x}] = jax.random.normal(key, (n_hid, n_in)) * 0.1
        p[{of_h}] = jax.random.normal(key, (n_hid, n_hid)) * 0.1
    return p

def step(p, h, x):
    z = jax.nn.sigmoid(x @ p["Wz"] + h @ p["Uz"])
    r = jax.nn.sigmoid(x @ p["Wr"] + h @ p["Ur"])
    return (1 - z) * jnp.tanh(x @ p["Wn"] + (r * h) @ p["Un"]) + z * h

params = init(jax.random.PRNGKey(7), 5, 16)
h = jnp.zeros((8, 16))
for x in jnp.ones((30, 8, 5)):
    h = step(params, h, x)
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        *(
            (
                pasted(
                    WRITTEN_KEYS.format(of_x=of_x, of_h=of_h),
                    ["h = step(params, h, x)", 'z = jax.nn.sigmoid(x @ p["Wz"] + h @ p["Uz"])'],
                    "TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and"
                    " (16,).",
                ),
                ("kernel", "order", ["kernel_order"]),
                {
                    f"p[{of_x}] = jax.random.normal(key, (n_hid, n_in)) * 0.1": (
                        f"p[{of_x}] = jax.random.normal(key, (n_in, n_hid)) * 0.1"
                    )
                },
            )
            for of_x, of_h in {'"W" + name': '"U" + name', 'f"W{name}"': 'f"U{name}"'}.items()
        ),
        (
            pasted(
                SCANNED,
                [
                    'h = jnp.tanh(x @ params["W_x"] + h @ params["W_h"])\n                 ~~^~~~~~~~~~~~~~~',
                ],
                "TypeError: dot_general requires contracting dimensions to have the same shape, got (7,) and (30,).",
            ),
            ("kernel", "order", ["kernel_order"]),
            {
                '"W_x": random.normal(key, (N_HIDDEN, N_IN)) * 0.1,': (
                    '"W_x": random.normal(key, (N_IN, N_HIDDEN)) * 0.1,'
                )
            },
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


GATES_IN_DICTIONARY = """import numpy as np
class Cell:
    def __init__(self, input_dim, hidden_dim):
        self.hidden_dim = hidden_dim
        self.W = {g: np.random.normal(0, 0.08, (input_dim, hidden_dim)) for g in "fioc"}

    def step(self, x, h):
        z = np.concatenate([h, x], axis=1)
        return np.tanh(z @ self.W["f"])

    def run(self, xs):
        h = np.zeros((len(xs), self.hidden_dim))
        for t in range(xs.shape[1]):
            h = self.step(xs[:, t], h)
        return h

Cell(11, 26).run(np.random.rand(9, 30, 11))
"""


def test_weights_of_each_letter_of_a_text_are_those_of_one_line() -> None:
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 11 is different from 37)"
    )
    frames = ["h = self.step(xs[:, t], h)", 'return np.tanh(z @ self.W["f"])\n                   ~~^~~~~~~~~~~~~']
    mismatch = explain(pasted(GATES_IN_DICTIONARY, frames, error)).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("kernel", (37, 26), (11, 26))
    assert [one.fix for one in mismatch.causes] == [
        'self.W = {g: np.random.normal(0, 0.08, (input_dim + hidden_dim, hidden_dim)) for g in "fioc"}'
    ]


TAGGER = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Tagger(nn.Module):
    hidden: int

    def setup(self):
        self.embed = nn.Embed(70, 20)
        self.fwd = nn.RNN(nn.LSTMCell(self.hidden))
        self.bwd = nn.RNN(nn.LSTMCell(self.hidden){})
        self.w_out = self.param("w_out", nn.initializers.lecun_normal(), (self.hidden, 6))

    def __call__(self, tokens):
        e = self.embed(tokens)
        both = jnp.concatenate([self.fwd(e), self.bwd(e)], axis=-1)
        return both @ self.w_out

model = Tagger(hidden=36)
variables = model.init(jax.random.PRNGKey(0), jnp.zeros((8, 13), int))
"""


OF_FACTORS = "TypeError: dot_general requires contracting dimensions to have the same shape, got (72,) and (36,)."


def test_weights_of_linen_after_both_directions_have_twice_the_units() -> None:
    frames = ["variables = model.init(jax.random.PRNGKey(0), jnp.zeros((8, 13), int))", "return both @ self.w_out"]
    found = explain(pasted(TAGGER.format(", reverse=True, keep_order=True"), frames, OF_FACTORS))
    forward = explain(pasted(TAGGER.format(""), frames, OF_FACTORS))
    line = 'self.w_out = self.param("w_out", nn.initializers.lecun_normal(), (self.hidden, 6))'

    assert [one.id for one in found.mismatch.causes] == ["output_directions"]
    assert found.mismatch.causes[0].lines == ((line, line.replace("(self.hidden", "(2 * self.hidden")),)
    assert found.configuration and (found.configuration.num_units, found.configuration.bidirectional) == (36, True)
    assert forward.configuration and not forward.configuration.bidirectional


ONNX = "Non-zero status code returned while running {} node. Status Message: Input {} must have shape {}. Actual:{}"


@pytest.mark.parametrize(("name", "features"), [("W", 5), ("R", 13)])
def test_weights_of_keras_need_the_gates_of_onnx_too(name: str, features: int) -> None:
    shapes = f"{{1,52,{features}}}", f"{{1,{features},52}}"
    of_lstm = explain(ONNX.format("LSTM", name, *shapes)).mismatch
    gates = ", ".join(OPERATORS[LSTM].gates).replace("g", "c")

    assert f"{gates} in ONNX" in str(of_lstm.note)
    assert [one.fix for one in of_lstm.causes] == [f"{name} = {name}.swapaxes(1, 2)"]


def test_a_gru_has_its_gates_in_the_same_order_in_keras_and_onnx() -> None:
    assert explain(ONNX.format("GRU", "W", "{1,39,5}", "{1,5,39}")).mismatch.note is None


GRAPH = """import tensorflow.compat.v1 as tf

class Words:
    def __init__(self, config):
        words = tf.placeholder(tf.float32, [7, 12, config.letters])
        outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(config.width), words, dtype=tf.float32)
        flat = tf.reshape(outputs, [-1, config.width])
        kernel = tf.get_variable("kernel", [config.letters, config.tags])
        self.scores = tf.matmul(flat, kernel)

class Config:
    letters, width, tags = 9, 21, 4

model = Words(Config())
"""
OF_GRAPH = (
    "ValueError: Dimensions must be equal, but are 21 and 9 for '{{node MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,"
    " grad_b=false, transpose_a=false, transpose_b=false](Reshape, kernel/read)' with input shapes: [84,21], [9,4]."
)


def test_own_weights_of_a_graph_get_the_units_of_its_layer() -> None:
    text = pasted(GRAPH, ["model = Words(Config())", "self.scores = tf.matmul(flat, kernel)"], OF_GRAPH)
    (first, *_) = said(text).causes

    assert first.lines == (
        (
            'kernel = tf.get_variable("kernel", [config.letters, config.tags])',
            'kernel = tf.get_variable("kernel", [config.width, config.tags])',
        ),
    )
