"""The sizes of the picture that every recurrent layer of a program has, whichever the error is about; and those of the
data that loaders and generators give it.

PyTorch 2.14, Keras 3.15 and TensorFlow 2.20 raised the messages for such programs, and their layers have these sizes.
"""

import pytest
from pasted_programs import KERAS_WITH_OPS, TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import Configuration

TWO_BIDIRECTIONAL = """
model = keras.Sequential([
    keras.Input((26, 6)),
    layers.Bidirectional(layers.LSTM(72)),
    layers.Bidirectional(layers.LSTM({})),
])
"""


def network(program: str, frames: list[str], error: str) -> Configuration:
    found = explain(pasted(program, frames, error)).configuration
    assert found
    return found


@pytest.mark.parametrize(("units", "known"), [(72, 72), (40, None)])
def test_what_all_layers_have_is_known_of_the_one_of_the_message(units: int, known: int | None) -> None:
    error = (
        "ValueError: Input 0 with name 'None' of layer 'bidirectional_1' is incompatible with the layer: expected"
        " ndim=3, found ndim=2. Full shape received: (None, 144)"
    )
    found = network(KERAS_WITH_OPS + TWO_BIDIRECTIONAL.format(units), ["model = keras.Sequential(["], error)

    assert (found.cell, found.num_layers, found.bidirectional) == ("lstm", 1, True)
    assert known is None or found.num_units == known


def test_a_layer_of_keras_is_one_however_many_layers_a_network_has() -> None:
    program = f"""{KERAS_WITH_OPS}
num_layers = 2
model = keras.Sequential([keras.Input((4, 12))])
for _ in range(num_layers):
    model.add(layers.LSTM(128))
"""
    error = (
        "ValueError: Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (None, 128)"
    )

    assert network(program, ["model.add(layers.LSTM(128))"], error).num_layers == 1


def test_the_cells_that_tensorflow_runs_both_ways_are_a_layer_of_two_directions() -> None:
    program = """import tensorflow.compat.v1 as tf

x = tf.placeholder(tf.float32, [6, 15, 10])
fw, bw = tf.nn.rnn_cell.GRUCell(27), tf.nn.rnn_cell.GRUCell(27)
outputs, _ = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32)
logits = tf.matmul(tf.concat(outputs, 2)[:, -1], tf.Variable(tf.random_normal([27, 3])))
"""
    error = (
        "ValueError: Dimensions must be equal, but are 54 and 27 for '{{node MatMul}} = MatMul[T=DT_FLOAT,"
        " transpose_a=false, transpose_b=false](strided_slice, Variable/read)' with input shapes: [6,54], [27,3]."
    )
    found = network(program, [program.split("\n")[-2]], error)

    assert found == Configuration("gru", 6, 15, 10, 27, None, 1, True)


MODEL = f"""{TORCH}from torch.utils.data import DataLoader, TensorDataset

class Model(nn.Module):
    def __init__(self, units=80):
        super().__init__()
        self.units = units
        self.lstm = nn.LSTM(3, units, 3, batch_first=True)

    def forward(self, x):
        return self.lstm(x, (self.state(x), self.state(x)))[0]

    def state(self, x):
        return torch.zeros(3, x.size(0), self.units + 1)

def windows(steps=26, batch=18):
    for _ in range(4):
        yield torch.randn(batch, steps, 3), torch.zeros(batch)

data = TensorDataset(torch.randn(100, 26, 3), torch.zeros(100))
"""

GIVEN = {
    "for x, y in DataLoader(data, batch_size=18):\n    Model()(x)": 26,
    "for x, y in windows():\n    Model()(x)": 26,
    "for x, y in windows(steps=9):\n    Model()(x)": 9,
    "for x, y in windows(steps=read()):\n    Model()(x)": None,
}


@pytest.mark.parametrize("loop", GIVEN)
def test_the_steps_are_those_of_what_a_loop_gives_the_model(loop: str) -> None:
    error = "RuntimeError: Expected hidden[0] size (3, 18, 80), got [3, 18, 81]"
    frames = ["Model()(x)", "return self.lstm(x, (self.state(x), self.state(x)))[0]"]

    assert network(f"{MODEL}\n{loop}\n", frames, error) == Configuration("lstm", 18, GIVEN[loop], 3, 80, None, 3, False)


def test_the_rows_of_a_dense_layer_that_gets_last_steps_are_the_samples() -> None:
    program = f"""{TORCH}
class Load(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(6, 44, proj_size=24, batch_first=True)
        self.fc = nn.Linear(44, 3)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1, :])
"""
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (18x24 and 44x3)"

    assert network(program, ["return self.fc(out[:, -1, :])"], error).batch_size == 18


GRAPH = """import numpy as np
import onnxruntime
from onnx import TensorProto, helper

STEPS, BATCH, DIM, UNITS = 45, 28, 19, 90
node = helper.make_node("{}", ["X", "W", "R"], ["Y", "Y_h"], hidden_size=UNITS{})
x = helper.make_tensor_value_info("X", TensorProto.FLOAT, [{}])
graph = helper.make_graph([node], "graph", [x], [])
session = onnxruntime.InferenceSession(helper.make_model(graph).SerializeToString())
session.run(None, {{"X": np.zeros((BATCH, STEPS, DIM), np.float32)}})
"""


@pytest.mark.parametrize(
    ("cell", "arguments", "shape", "directions"),
    [
        ("LSTM", ', direction="bidirectional"', "STEPS, BATCH, DIM", True),
        ("GRU", "", "STEPS, BATCH, DIM", False),
        ("RNN", ', direction="reverse"', "STEPS, BATCH, DIM", False),
        ("GRU", ", direction=direction", "STEPS, BATCH, DIM", None),
        ("GRU", ", layout=1", "BATCH, STEPS, DIM", False),
    ],
)
def test_the_node_of_a_graph_of_onnx_says_the_sizes(
    cell: str, arguments: str, shape: str, directions: bool | None
) -> None:
    first, second = (28, 45) if shape.startswith("STEPS") else (45, 28)
    error = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Got"
        f" invalid dimensions for input: X for the following indices\n index: 0 Got: {first} Expected: {second}\n"
        f" index: 1 Got: {second} Expected: {first}\n Please fix either the inputs/outputs or the model."
    )
    frames = ['session.run(None, {"X": np.zeros((BATCH, STEPS, DIM), np.float32)})']

    found = network(GRAPH.format(cell, arguments, shape), frames, error)
    assert found == Configuration(cell.lower(), 28, 45, 19, 90, None, 1, directions)


FORECAST = f"""{TORCH}from torch.utils.data import DataLoader, TensorDataset

lookback, columns = 7, 4

class Forecast(nn.Module):
    def __init__(self, input_size):
        super().__init__()
        self.lstm = nn.LSTM(input_size, 5, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]

model = Forecast({{}})
for x, y in DataLoader(TensorDataset(torch.rand(40, {{}}), torch.rand(40, 1)), batch_size=16):
    model(x)
"""


@pytest.mark.parametrize(
    ("features", "axes", "axis", "steps"),
    [("lookback", "lookback, columns", "features", 7), ("7", "7, 4", "order", 4)],
)
def test_a_layer_that_is_made_with_the_steps_gets_no_exchanged_axes(
    features: str, axes: str, axis: str, steps: int
) -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 4"
    found = explain(pasted(FORECAST.format(features, axes), ["model(x)", "return self.lstm(x)[0]"], error))

    assert found.mismatch.axis == axis
    assert found.configuration == Configuration("lstm", 16, steps, 7, 5, None, 1, False)
