"""The sizes that a program of Keras says beside a state or a target with others.

Keras 3.15 raised the messages, on TensorFlow 2.21 and on PyTorch 2.13.
"""

from pasted_programs import pasted

from app.reading.errors.explanation import explain

DECODER = """import tensorflow as tf
from tensorflow.keras import layers, Model

source = layers.Input((6, 8))
_, a, b = layers.Bidirectional(layers.GRU(12, return_state=True))(source)
words = layers.Input((15, 4))
decoder = layers.GRU(12, return_sequences=True, name="decoder")
model = Model([source, words], decoder(words, initial_state=layers.Concatenate()([a, b])))
model.compile("adam", "mse")
model.fit([tf.ones((30, 6, 8)), tf.ones((30, 15, 4))], tf.ones((30, 15, 12)), batch_size=10)
"""
OF_STATE = """ValueError: Exception encountered when calling GRUCell.call().

Dimensions must be equal, but are 24 and 12 for '{{node functional_1/decoder_1/gru_cell_1/MatMul_1}} = \
MatMul[T=DT_FLOAT, grad_a=false, grad_b=false, transpose_a=false, transpose_b=false](functional_1/concatenate_1/concat,\
 functional_1/decoder_1/gru_cell_1/Cast_1/ReadVariableOp)' with input shapes: [10,24], [12,36].

Arguments received by GRUCell.call():
  • inputs=tf.Tensor(shape=(10, 4), dtype=float32)
  • states=('tf.Tensor(shape=(10, 24), dtype=float32)',)
  • training=True"""


def test_the_input_of_a_decoder_says_its_steps() -> None:
    line = DECODER.strip().splitlines()[-1]
    network = explain(pasted(DECODER, [line], OF_STATE)).configuration
    assert network is not None
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (10, 15, 4, 12)


EVERY_STEP = """import numpy as np
import keras
from keras import layers

model = keras.Sequential([
    keras.Input((9, 4)),
    layers.LSTM(12, return_sequences=True),
    layers.Dense(5, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
x, y = np.ones((60, 9, 4)), np.ones((60, 5))
model.fit(x, y, batch_size=20)
"""
OF_TARGET = (
    '  File "/usr/lib/python3.11/site-packages/keras/src/backend/torch/numpy.py", line 803, in equal\n'
    "    return torch.eq(x1, x2)\n"
    "RuntimeError: The size of tensor a (5) must match the size of tensor b (9) at non-singleton dimension 1"
)


def test_the_training_says_the_samples_of_a_target() -> None:
    line = EVERY_STEP.strip().splitlines()[-1]
    mismatch = explain(pasted(EVERY_STEP, [line], OF_TARGET)).mismatch
    assert mismatch.tensor == "target"
    assert mismatch.shapes == ((20, 9, 5), (20, 5))
