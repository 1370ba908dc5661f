"""What a cell of Keras that a program calls in a loop says about the picture: its steps are not those of the encoder
beside it. So are the parts of an image no steps, over which a decoder attends.

Keras 3.15 on PyTorch 2.13 and TensorFlow 2.21 raised the messages for these programs.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

CELLS = """import numpy as np
import keras
from keras import layers, ops


class Tracks(keras.Model):
    def __init__(self, units, ahead):
        super().__init__()
        self.reader = layers.LSTM(units, return_state=True)
        self.cell = layers.LSTMCell(units)
        self.place = layers.Dense({outputs})
        self.ahead = ahead

    def call(self, past):
        _, *states = self.reader(past)
        step, places = past[:, -1], []
        for _ in range(self.ahead):
            out, states = self.cell(step, states)
            step = self.place(out)
            places.append(step)
        return ops.stack(places, axis={axis})


model = Tracks(13, 6)
model.compile(loss="mse")
past, future = np.zeros((4, 18, 3), "float32"), np.zeros((4, 6, 3), "float32")
model.train_on_batch(past, future)
"""

STATE = "'torch.Tensor(shape=torch.Size([4, 13]), dtype=float32)'"
OF_CELL = f"""RuntimeError: Unable to automatically build the model. Please build it yourself before calling\
 fit/evaluate/predict. A model is 'built' when its variables have been created and its `self.built` attribute is True.\
 Usually, calling the model on a batch of data is the right way to build it.
Exception encountered:
'Exception encountered when calling LSTMCell.call().

mat1 and mat2 shapes cannot be multiplied (4x13 and 3x52)

Arguments received by LSTMCell.call():
  • inputs=torch.Tensor(shape=torch.Size([4, 13]), dtype=float32)
  • states=[{STATE}, {STATE}]
  • training=False'"""
OF_GRAPH = """ValueError: Exception encountered when calling LSTMCell.call().

Dimensions must be equal, but are 13 and 3 for '{{node tracks_1/lstm_cell_3/MatMul}} = MatMul[T=DT_FLOAT, grad_a=false,\
 grad_b=false, transpose_a=false, transpose_b=false](tracks_1/dense_1/BiasAdd,\
 tracks_1/lstm_cell_3/Cast/ReadVariableOp)' with input shapes: [4,13], [3,52].

Arguments received by LSTMCell.call():
  • inputs=tf.Tensor(shape=(4, 13), dtype=float32)
  • states=['tf.Tensor(shape=(4, 13), dtype=float32)', 'tf.Tensor(shape=(4, 13), dtype=float32)']
  • training=False"""
OF_LOSS = "RuntimeError: The size of tensor a (6) must match the size of tensor b (4) at non-singleton dimension 1"

REGIONS = """import numpy as np
import tensorflow as tf


class Attention(tf.keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.W1 = tf.keras.layers.Dense(units)
        self.W2 = tf.keras.layers.Dense(units)
        self.V = tf.keras.layers.Dense(1)

    def call(self, regions, state):
        scores = self.V(tf.nn.tanh(self.W1(regions) + self.W2(state)))
        return tf.reduce_sum(tf.nn.softmax(scores, axis=1) * regions, axis=1)


class Writer(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.attention = Attention(21)
        self.gru = tf.keras.layers.GRU(21, return_sequences=True, return_state=True)
        self.out = tf.keras.layers.Dense(50)

    def call(self, word, regions, state):
        context = self.attention(regions, state)
        x = tf.concat([context[:, None], word], axis=-1)
        output, state = self.gru(x, initial_state=state)
        return self.out(output), state


writer = Writer()
regions, word = np.zeros((5, 16, 12), "float32"), np.zeros((5, {steps}, 8), "float32")
writer(word, regions, tf.zeros((5, 21)))
"""

OF_REGIONS = """tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling\
 Attention.call().

{{function_node __wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible shapes: [5,16,21]\
 vs. [5,21] [Op:AddV2] name:

Arguments received by Attention.call():
  • regions=tf.Tensor(shape=(5, 16, 12), dtype=float32)
  • state=tf.Tensor(shape=(5, 21), dtype=float32)"""
FRAMES_OF_REGIONS = [
    "writer(word, regions, tf.zeros((5, 21)))",
    "context = self.attention(regions, state)",
    "scores = self.V(tf.nn.tanh(self.W1(regions) + self.W2(state)))",
]


@pytest.mark.parametrize(
    ("outputs", "axis", "error"), [(13, 1, OF_CELL), (3, 0, OF_LOSS)], ids=["x of the cell", "loss of its outputs"]
)
def test_the_steps_of_an_encoder_are_not_those_of_the_cell_beside_it(outputs: int, axis: int, error: str) -> None:
    program = CELLS.format(outputs=outputs, axis=axis)

    configuration = explain(pasted(program, ["model.train_on_batch(past, future)"], error)).configuration

    assert configuration
    assert (configuration.cell, configuration.time_step, configuration.num_units) == ("lstm", None, 13)


ON_TENSORFLOW = CELLS.replace(
    "import keras\nfrom keras import layers, ops",
    "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers",
).replace("ops.stack", "tf.stack")


@pytest.mark.parametrize(
    ("program", "frames", "error"),
    [
        (CELLS, ["model.train_on_batch(past, future)"], OF_CELL),
        (ON_TENSORFLOW, ["model.train_on_batch(past, future)", "out, states = self.cell(step, states)"], OF_GRAPH),
    ],
    ids=["PyTorch", "TensorFlow"],
)
def test_the_dense_layer_returns_what_the_cell_reads_in_the_next_step(
    program: str, frames: list[str], error: str
) -> None:
    (*_, first), lines = first_cause_and_lines(pasted(program.format(outputs=13, axis=1), frames, error))

    assert first == "feedback"
    assert lines == {"self.place = layers.Dense(13)": "self.place = layers.Dense(3)"}


def test_the_cell_reads_what_the_dense_layer_makes_of_its_output() -> None:
    program = CELLS.format(outputs=3, axis=1).replace("step = self.place(out)", "step = out")
    program = program.replace("places.append(step)", "places.append(self.place(out))")

    (*_, first), lines = first_cause_and_lines(pasted(program, ["model.train_on_batch(past, future)"], OF_CELL))

    assert (first, lines) == ("feedback", {"step = out": "step = self.place(out)"})


def test_the_parts_of_an_image_are_no_steps_of_the_decoder() -> None:
    explanation = explain(pasted(REGIONS.format(steps=1), FRAMES_OF_REGIONS, OF_REGIONS))

    assert network(explanation)[:2] == (5, 1)
    assert [one.id for one in explanation.mismatch.causes] == ["attention_axis"]


def test_a_word_without_steps_gets_the_axis_that_the_line_gives_the_context_beside_it() -> None:
    program = REGIONS.replace("self.W2(state)", "self.W2(state[:, None])").replace("(5, {steps}, 8)", "(5, 8)")
    line = "x = tf.concat([context[:, None], word], axis=-1)"
    error = (
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: ConcatOp : Ranks of all input tensors should"
        " match: shape[0] = [5,1,12] vs. shape[1] = [5,8] [Op:ConcatV2] name: concat"
    )

    (tensor, axis, _), lines = first_cause_and_lines(pasted(program, [FRAMES_OF_REGIONS[0], line], error))

    assert (tensor, axis) == ("x", "rank")
    assert lines == {line: "x = tf.concat([context[:, None], word[:, None]], axis=-1)"}
