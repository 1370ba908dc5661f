"""Programs that make several models or states, of which one line says the size that is wrong.

TensorFlow 2.21, Keras 3 and ONNX Runtime raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted, traceback

from app.reading.errors.explanation import explain

COPIED = """import numpy as np
from tensorflow import keras

COLUMNS, PAST = 6, 14
WIDE, NARROW = 24, 20


def trained():
    return keras.Sequential([
        keras.layers.Input(shape=(PAST, COLUMNS)),
        keras.layers.GRU(WIDE, return_sequences=True, name="mind"),
    ])


def stepping():
    return keras.Sequential([
        keras.layers.Input(batch_shape=(3, 1, COLUMNS)),
        keras.layers.GRU(NARROW, return_sequences=True, stateful=True, name="mind"),
    ])


big, small = trained(), stepping()
small.get_layer("mind").set_weights(big.get_layer("mind").get_weights())
print(small.predict(np.zeros((3, 1, COLUMNS)), verbose=0).shape)
"""
OF_COPIED = ['small.get_layer("mind").set_weights(big.get_layer("mind").get_weights())']

STORED = """import keras


def network(columns, steps=10, width=12):
    x = keras.Input(shape=(steps, columns), name="beats")
    y = keras.layers.LSTM(width, name="mind")(x)
    return keras.Model(x, keras.layers.Dense(2)(y))


def store(path):
    network(columns=3).save_weights(path)


def restore(path):
    model = network(columns=5)
    model.load_weights(path)
    return model


store("beats.weights.h5")
print(restore("beats.weights.h5").count_params())
"""
OF_STORED = ['print(restore("beats.weights.h5").count_params())', "model.load_weights(path)"]

ROWS = """import numpy as np
import keras
from keras import layers


class Page:
    rows, columns, colours = 9, 11, COLOURS


def reader(page):
    model = keras.Sequential()
    model.add(keras.Input(shape=(page.rows, page.columns, page.colours)))
    model.add(layers.Rescaling(0.5))
    model.add(layers.Reshape((page.rows, page.columns, page.colours)))
    model.add(layers.GRU(18))
    return model


page = Page()
print(reader(page).predict(np.zeros((4, page.rows, page.columns, page.colours)), verbose=0).shape)
"""
OF_ROWS = [
    "print(reader(page).predict(np.zeros((4, page.rows, page.columns, page.colours)), verbose=0).shape)",
    "model.add(layers.GRU(18))",
]

SERVED = """import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

COLUMNS, WIDTH, BATCH = 5, 13, 6


def exported():
    shapes = {"W": (1, 3 * WIDTH, COLUMNS), "R": (1, 3 * WIDTH, WIDTH)}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    node = helper.make_node("GRU", ["x", "W", "R", "", "", "past"], ["y", "now"], hidden_size=WIDTH)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["steps", "batch", COLUMNS])
    past = helper.make_tensor_value_info("past", TensorProto.FLOAT, [1, "n", WIDTH])
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("y", "now")]
    graph = helper.make_graph([node], "g", [x, past], results, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    return model.SerializeToString()


class Server:
    def __init__(self):
        self.session = ort.InferenceSession(exported(), providers=["CPUExecutionProvider"])
        self.kept = np.zeros((1, 1, WIDTH), dtype=np.float32)

    def answer(self, x):
        y, self.kept = self.session.run(None, {"x": x, "past": self.kept})
        return y


print(Server().answer(np.zeros((7, BATCH, COLUMNS), np.float32)).shape)
"""
OF_SERVED = [
    "print(Server().answer(np.zeros((7, BATCH, COLUMNS), np.float32)).shape)",
    'y, self.kept = self.session.run(None, {"x": x, "past": self.kept})',
]


def test_the_units_of_the_model_that_gets_the_weights_are_corrected() -> None:
    error = "ValueError: Layer mind weight shape (6, 60) is not compatible with provided weight shape (6, 72)."
    text = pasted(COPIED, OF_COPIED, error)
    cause, lines = first_cause_and_lines(text)
    network = explain(text).configuration

    assert cause == ("kernel", "gates*num_units", "other_size")
    assert lines == {"WIDE, NARROW = 24, 20": "WIDE, NARROW = 24, 24"}
    assert network is not None
    assert (network.num_units, network.time_step, network.batch_size) == (20, 1, 3)  # and not those of the trained one


def test_the_call_that_makes_the_model_which_gets_weights_is_corrected() -> None:
    error = (
        "ValueError: Shape mismatch in layer #1 (named mind)for weight mind/lstm_cell/kernel. Weight expects shape"
        " (5, 48). Received saved weight with shape (3, 48)"
    )
    cause, lines = first_cause_and_lines(pasted(STORED, OF_STORED, error))

    assert cause == ("kernel", "features", "other_size")
    assert lines == {"model = network(columns=5)": "model = network(columns=3)"}


@pytest.mark.parametrize(
    ("colours", "shape", "features"), [(1, "page.columns", 11), (3, "page.columns * page.colours", 33)]
)
def test_a_reshape_that_keeps_two_axes_after_the_steps_makes_one(colours: int, shape: str, features: int) -> None:
    error = (
        "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found"
        f" ndim=4. Full shape received: (None, 9, 11, {colours})"
    )
    text = pasted(ROWS.replace("COLOURS", str(colours)), OF_ROWS, error)
    cause, lines = first_cause_and_lines(text)
    network = explain(text).configuration

    assert cause == ("x", "rank", "extra_axis")
    assert lines == {
        "model.add(layers.Reshape((page.rows, page.columns, page.colours)))": (
            f"model.add(layers.Reshape((page.rows, {shape})))"
        )
    }
    assert network is not None
    assert (network.time_step, network.features) == (9, features)


def test_the_first_state_of_an_object_of_onnx_runtime_is_made_for_the_batch() -> None:
    error = (
        "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code"
        " returned while running GRU node. Name:'' Status Message: Input initial_h must have shape {1,6,13}."
        " Actual:{1,1,13}"
    )
    cause, lines = first_cause_and_lines(pasted(SERVED, OF_SERVED, error))

    assert cause == ("h_0", "batch_size", "other_batch")
    assert lines == {
        "self.kept = np.zeros((1, 1, WIDTH), dtype=np.float32)": (
            "self.kept = np.zeros((1, BATCH, WIDTH), dtype=np.float32)"
        )
    }


def test_the_path_of_a_variable_says_that_its_layer_has_two_directions() -> None:
    error = (
        "The shape of the target variable and the shape of the target value in `variable.assign(value)` must match."
        " variable.shape=(5, 48), Received: value.shape=(3, 48). Target variable: <Variable"
        " path=mind/backward_lstm/lstm_cell/kernel, shape=(5, 48), dtype=float32, value=[[0.1 0.2]]>"
    )
    network = explain(traceback(["model.load_weights(path)"], f"ValueError: {error}")).configuration

    assert network is not None
    assert (network.bidirectional, network.num_units) == (True, 12)


TAGGED = """import jax
import jax.numpy as jnp
import optax
from flax import linen as nn

WIDTH = 21


class Words(nn.Module):
    @nn.compact
    def __call__(self, x):
        y = nn.Bidirectional(nn.RNN(nn.GRUCell(WIDTH)), nn.RNN(nn.GRUCell(WIDTH)))(x)
        return nn.Dense(4)(y)


x, labels = jnp.zeros((6, 11, 3)), jnp.zeros((6, 4))
weights = Words().init(jax.random.key(0), x)
logits = Words().apply(weights, x)
losses = optax.softmax_cross_entropy(logits, labels)
"""


def test_a_constant_of_the_module_says_the_units_of_cells_of_linen() -> None:
    error = "ValueError: Incompatible shapes for broadcasting: shapes=[(6, 4), (6, 11, 4)]"
    text = pasted(TAGGED, ["losses = optax.softmax_cross_entropy(logits, labels)"], error)
    network = explain(text).configuration

    assert network is not None
    assert (network.num_units, network.bidirectional) == (21, True)


JOINED = """import numpy as np


class Cell:
    def __init__(self, columns, width):
        self.width = width
        self.W = np.zeros((width + columns, width))

    def step(self, x, h):
        return np.tanh(np.concatenate([h, x], axis=1) @ self.W)

    def run(self, xs):
        h = np.zeros((len(xs), self.width))
        for t in range(xs.shape[1]):
            h = self.step(xs[t], h)
        return h


print(Cell(5, 17).run(np.zeros((8, 13, 5))).shape)
"""
OF_JOINED = [
    "print(Cell(5, 17).run(np.zeros((8, 13, 5))).shape)",
    "h = self.step(xs[t], h)",
    "return np.tanh(np.concatenate([h, x], axis=1) @ self.W)",
]


def test_the_state_that_is_joined_with_x_says_the_units() -> None:
    error = (
        "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
        " dimension 0, the array at index 0 has size 8 and the array at index 1 has size 13"
    )
    network = explain(pasted(JOINED, OF_JOINED, error)).configuration

    assert network is not None
    assert (network.batch_size, network.time_step, network.num_units) == (8, 13, 17)
