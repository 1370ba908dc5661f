"""What a program says about a cell of its own in Keras: the size of its states, and of its kernels.

Keras 3.15 on PyTorch raised the message for such programs, which run with the corrected line.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

CELL = """import keras
from keras import layers, ops

class Decay(layers.Layer):
    def __init__(self, units, {}):
        super().__init__()
        self.units = units
        self.state_size = {}

    def build(self, input_shape):
        self.wx = self.add_weight(shape=(input_shape[-1], self.units))
        self.wh = self.add_weight(shape=({}, {}))

    def call(self, inputs, states):
        h = ops.tanh(ops.matmul(inputs, self.wx) + ops.matmul(states[0], self.wh))
        return h, [h]

inp = keras.Input((30, 5))
model = keras.Model(inp, layers.Dense(1)(layers.RNN(Decay({}))(inp)))
model.fit(sensor, target)
"""
ERROR = """RuntimeError: Exception encountered when calling Decay.call().

mat1 and mat2 shapes cannot be multiplied (16x24 and {}x{})

Arguments received by Decay.call():
  • inputs=torch.Tensor(shape=torch.Size([16, 5]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([16, 24]), dtype=float32)',)"""


@pytest.mark.parametrize(
    ("parameter", "size", "given"),
    [("**kw", "units // 2", "48"), ("**kw", "24", "48"), ("width", "width", "48, 24")],
)
def test_state_size_is_the_number_of_units(parameter: str, size: str, given: str) -> None:
    program = CELL.format(parameter, size, "self.units", "self.units", given)
    found = explain(pasted(program, ["model.fit(sensor, target)"], ERROR.format(48, 48)))
    said = found.mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == ("h_0", "num_units", (48,), (24,))
    assert [one.id for one in said.causes] == ["state_size"]
    assert said.causes[0].lines == ((f"self.state_size = {size}", "self.state_size = units"),)
    assert found.configuration and found.configuration.num_units == 48


def test_other_rows_of_the_recurrent_kernel_are_not_those_of_the_state() -> None:
    program = CELL.format("**kw", "units", "self.units + 8", "self.units", "24")
    said = explain(pasted(program, ["model.fit(sensor, target)"], ERROR.format(32, 24))).mismatch

    assert (said.tensor, [one.id for one in said.causes]) == ("recurrent_kernel", ["recurrent_rows"])


STATE = """import tensorflow as tf
from tensorflow.keras.layers import GRUCell

class Writer(tf.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.cell = GRUCell(units)

    def start(self, batch):
        return tf.zeros((batch, 48))

    def unroll(self, x):
        h = self.start(x.shape[0])
        for t in range(x.shape[1]):
            out, (h,) = self.cell(x[:, t], [h])
        return out

print(Writer(units=80).unroll(tf.zeros((12, 20, 32))).shape)
"""
OF_STATE = """InvalidArgumentError: Exception encountered when calling GRUCell.call().

Matrix size-incompatible: In[0]: [12,48], In[1]: [80,240] [Op:MatMul] name:

Arguments received by GRUCell.call():
  • inputs=tf.Tensor(shape=(12, 32), dtype=float32)
  • states=['tf.Tensor(shape=(12, 48), dtype=float32)']
  • training=False"""


def test_a_method_makes_the_state_with_the_units_of_its_cell() -> None:
    """TensorFlow 2.21 raised this, and ran the program with the corrected line."""
    frames = ["out, (h,) = self.cell(x[:, t], [h])"]
    made, right = "return tf.zeros((batch, 48))", "return tf.zeros((batch, self.units))"
    of_two = STATE + "other = Writer(units=80).start(2)\n"

    assert explain(pasted(STATE, frames, OF_STATE)).mismatch.causes[0].lines == ((made, right),)
    assert explain(pasted(of_two, frames, OF_STATE)).mismatch.causes[0].lines != ((made, right),)


def test_the_rows_of_a_kernel_are_corrected_by_the_state_that_the_cell_gets() -> None:
    program = CELL.format("**kw", "units", "self.units + 8", "self.units", "24")
    program = program.replace("        h = ops.tanh", "        before = states[0]\n        h = ops.tanh")
    program = program.replace("matmul(states[0], ", "matmul(before, ")
    said = explain(pasted(program, ["model.fit(sensor, target)"], ERROR.format(32, 24))).mismatch

    wrong, right = (
        f"self.wh = self.add_weight(shape=({rows}, self.units))" for rows in ("self.units + 8", "self.units")
    )
    assert said.causes[0].lines == ((wrong, right),)
