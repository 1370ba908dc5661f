"""A cell of one's own for Keras that declares another size for its state than it computes.

Keras 3.15 on PyTorch 2.13 raised the message for such a program, and ran it with the corrected line.
"""

from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

DECAY = """import keras
from keras import layers, ops
class Decay(layers.Layer):
    def __init__(self, units, out_dim, **kw):
        super().__init__(**kw)
        self.units, self.out_dim = units, out_dim
        self.state_size = SIZE
        self.output_size = out_dim
    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.units))
        self.U = self.add_weight(shape=(self.units, self.units))
        self.P = self.add_weight(shape=(self.units, self.out_dim))
        self.a = self.add_weight(shape=(DECAYS,))
    def call(self, x, states):
        h = self.a * states[0] + ops.tanh(ops.matmul(x, self.W) + ops.matmul(states[0], self.U))
        return ops.matmul(h, self.P), [h]
model = keras.Sequential([keras.Input((25, 7)), layers.RNN(Decay(40, 10)), layers.Dense(1)])
model.fit(x, y)
"""

ERROR = """RuntimeError: Unable to automatically build the model.
Exception encountered:
'Exception encountered when calling Decay.call().

The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1

Arguments received by Decay.call():
  x=torch.Tensor(shape=torch.Size([32, 7]), dtype=float32)
  states=('torch.Tensor(shape=torch.Size([32, 10]), dtype=float32)',)'"""


def said(size: str, decays: str, sizes: tuple[int, int] = (40, 10)) -> Mismatch:
    source = DECAY.replace("SIZE", size).replace("DECAYS", decays)
    return explain(pasted(source, ["model.fit(x, y)"], ERROR.format(*sizes))).mismatch


def test_a_cell_declares_the_size_of_the_state_that_it_computes() -> None:
    mismatch = said("out_dim", "self.units")
    (cause,) = mismatch.causes

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("h_0", "num_units", (40,), (10,))
    assert list(cause.lines) == [("self.state_size = out_dim", "self.state_size = units")]


def test_a_state_with_a_row_of_its_kernel_for_each_value_is_right() -> None:
    assert said("units", "self.out_dim", (10, 40)).causes == ()


OF_TENSORFLOW = """tensorflow.python.framework.errors_impl.InvalidArgumentError: \
Exception encountered when calling Step.call().

{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}} Matrix size-incompatible: \
In[0]: [6,24], In[1]: [15,15] [Op:MatMul] name: 

Arguments received by Step.call():
  • inputs=tf.Tensor(shape=(6, 4), dtype=float32)
  • states=('tf.Tensor(shape=(6, 24), dtype=float32)',)"""
STEP = """import tensorflow as tf
from tensorflow import keras


class Step(keras.layers.Layer):
    def __init__(self, width, memory=24):
        super().__init__()
        self.width = width
        self.state_size = memory

    def build(self, shape):
        self.W = self.add_weight(shape=(shape[-1], self.width))
        self.U = self.add_weight(shape=(self.width, self.width))

    def call(self, x, states):
        h = tf.tanh(tf.matmul(x, self.W) + tf.matmul(states[0], self.U))
        return h, [h]


x = keras.Input(shape=(11, 4))
model = keras.Model(x, keras.layers.RNN(Step(15))(x))
print(model(tf.ones((6, 11, 4))))
"""


def test_a_product_with_the_declared_state_says_the_same() -> None:
    lines = ["print(model(tf.ones((6, 11, 4))))", "h = tf.tanh(tf.matmul(x, self.W) + tf.matmul(states[0], self.U))"]
    explanation = explain(pasted(STEP, lines, OF_TENSORFLOW))
    (cause,) = explanation.mismatch.causes
    assert list(cause.lines) == [("self.state_size = memory", "self.state_size = width")]
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((15,), (24,))
    assert explanation.configuration is not None
    assert (explanation.configuration.time_step, explanation.configuration.num_units) == (11, 15)
