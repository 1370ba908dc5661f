"""Messages of Keras that print the values of a whole array, whose brackets are none of the program below them.

Keras 3 raised the messages with PyTorch 2.13 and TensorFlow 2.20 as backends. The program runs with the corrected line.
"""

import pytest
from pasted_programs import causes_and_lines, network, traceback

from app.reading.errors.explanation import explain

PROGRAM = """import keras
import numpy as np

class Pump:
    def __init__(self, history, channels, units=12):
        self.history = history
        self.model = keras.Sequential()
        self.model.add(keras.Input((history, channels)))
        self.model.add(keras.layers.LSTM(units))
        self.model.add(keras.layers.Dense(1))

    def forecast(self, readings):
        recent = readings[-self.history :]
        return self.model.predict(recent)[0]

pump = Pump(40, 3)
print(pump.forecast(np.random.normal(size=(50, 3))))
"""
FRAMES = ["print(pump.forecast(np.random.normal(size=(50, 3))))", "return self.model.predict(recent)[0]"]
ROWS = ["[-0.4187,  0.1102, -1.9274]", "[ 0.7731, -0.6402,  2e-05]"] * 20
PYTORCH = "tensor([" + ",\n        ".join(ROWS) + "])"
TENSORFLOW = "Tensor(\n[" + "\n ".join(ROWS).replace(",", "") + "], shape=(40, 3), dtype=float32)"
ERROR = """ValueError: Exception encountered when calling Sequential.call().

Invalid input shape for input {} with name 'keras_tensor' and path ''. Expected shape (None, 40, 3), but input has\
 incompatible shape {}

Arguments received by Sequential.call():
  • inputs={}(shape=(40, 3), dtype=float32)
  • training=False"""


@pytest.mark.parametrize(
    "error",
    [
        ERROR.format(PYTORCH, "torch.Size([40, 3])", "torch.Tensor"),
        ERROR.format(TENSORFLOW, "(40, 3)", "tf.Tensor"),
    ],
)
def test_the_program_below_a_printed_array_is_read(error: str) -> None:
    text = f"{traceback(FRAMES, error)}\n{PROGRAM}"

    assert causes_and_lines(text) == (
        ("x", "rank", ["missing_batch"]),
        {"return self.model.predict(recent)[0]": "return self.model.predict(recent[None])[0]"},
    )
    assert network(explain(text)) == (None, 40, 3, 12)
