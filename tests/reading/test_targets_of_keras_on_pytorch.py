"""Targets of models of Keras, whose backend PyTorch compares arrays from the last axis on, and the layer that
returns the classes.

Keras 3 raised the messages with PyTorch 2.13 as its backend; the programs run with the corrected lines.
"""

from pasted_programs import causes_and_lines, pasted, said

PROGRAM = """import keras
import numpy as np
from keras import layers

class Tides:
    def __init__(self, hours, gauges, ahead):
        self.model = keras.Sequential()
        self.model.add(layers.Input((hours, gauges)))
        self.model.add(layers.LSTM(9, return_sequences=True))
        self.model.add(layers.LSTM(7{sequences}))
        self.model.add(layers.Dense(ahead))
        self.model.compile("adam", "mse")

    def learn(self, past, future, samples):
        return self.model.fit(past, future, batch_size=samples, verbose=0)

tides = Tides(24, 3, 5)
tides.learn(np.zeros((40, 24, 3)), np.zeros((40, 5{gauges})), 10)
"""
FRAMES = ["return self.model.fit(past, future, batch_size=samples, verbose=0)"]
ERROR = """  File "/lib/site-packages/keras/src/losses/losses.py", line 1309, in mean_squared_error
    return ops.mean(ops.square(y_true - y_pred), axis=-1)
RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"""


def text(sequences: str, gauges: str, *sizes: int) -> str:
    program = PROGRAM.format(sequences=sequences, gauges=gauges)
    frames = [program.split("\n")[-2], *FRAMES]
    return pasted(program, frames, ERROR.format(*sizes))


def test_samples_that_meet_steps_are_those_of_a_target_without_steps() -> None:
    (tensor, axis, causes), lines = causes_and_lines(text(", return_sequences=True", "", 10, 24, 1))

    assert (tensor, axis, causes[0]) == ("target", "rank", "not_return_sequences")
    assert lines == {
        "self.model.add(layers.LSTM(7, return_sequences=True))": "self.model.add(layers.LSTM(7))",
    }


def test_a_third_axis_is_that_of_the_target() -> None:
    mismatch = said(text("", ", 3", 3, 5, 2))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("target", "rank", 2, 3)
    assert not any(one.is_own for one in mismatch.causes)


CLASSES = """import keras
from keras import layers

class Sizes:
    hidden = 13

def network(sizes):
    x = keras.Input((20, 6))
    h = layers.GRU(11)(x)
    h = layers.Dense(sizes.hidden, activation="relu")(h)
    y = layers.Dense(sizes.hidden, activation="softmax")(h)
    model = keras.Model(x, y)
    model.compile("sgd", "categorical_crossentropy")
    return model

def train(model, signals, kinds):
    model.fit(signals, keras.utils.to_categorical(kinds, 4), batch_size=8)
"""
OF_CLASSES = (
    "ValueError: Arguments `target` and `output` must have the same shape."
    " Received: target.shape=torch.Size([8, 4]), output.shape=torch.Size([8, 13])"
)


def test_the_classes_are_those_of_the_last_of_two_equal_layers() -> None:
    frames = ["model.fit(signals, keras.utils.to_categorical(kinds, 4), batch_size=8)"]
    _, lines = causes_and_lines(pasted(f"{CLASSES}\nmodel = network(Sizes())\n", frames, OF_CLASSES))

    assert lines == {
        'y = layers.Dense(sizes.hidden, activation="softmax")(h)': 'y = layers.Dense(4, activation="softmax")(h)',
    }
