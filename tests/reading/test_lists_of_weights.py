"""A layer of Keras that gets both kernels and no bias: zeros in its place fit. Keras 3.15 raised the message, and ran
with the corrected lines."""

import pytest

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import NotFoundError, explain

ERROR = """Traceback (most recent call last):
  File "C:\\Users\\me\\copy.py", line 8, in <module>
    {line}
ValueError: You called `set_weights(weights)` on layer 'memory' with a weight list of length {got}, but the\
 layer was expecting 3 weights.
"""
LINE = 'model.get_layer("memory").set_weights([{}])'
KERNELS = "kernel, recurrent_kernel"
PROGRAM = """import numpy as np
import keras
from keras import layers
model = keras.Sequential([keras.Input((11, 6)), layers.{layer}(9{arguments}, name="memory")])
{line}
"""


def text(arrays: str = KERNELS, got: int = 2) -> str:
    return ERROR.format(line=LINE.format(arrays), got=got)


def test_a_list_without_the_bias_is_recognized_by_the_recurrent_kernel() -> None:
    explanation = explain(text())

    (cause,) = explanation.mismatch.causes
    assert (explanation.mismatch.tensor, cause.id) == ("bias", "missing_bias")
    assert cause.lines == ((LINE.format(KERNELS), LINE.format(f"{KERNELS}, np.zeros(recurrent_kernel.shape[1])")),)


@pytest.mark.parametrize(
    ("layer", "arguments", "bias"),
    [
        ("LSTM", "", "np.zeros(recurrent_kernel.shape[1])"),
        ("SimpleRNN", "", "np.zeros(recurrent_kernel.shape[1])"),
        ("GRU", "", "np.zeros((2, recurrent_kernel.shape[1]))"),
        ("GRU", ", reset_after=False", "np.zeros(recurrent_kernel.shape[1])"),
    ],
)
def test_zeros_have_the_shape_of_the_bias(layer: str, arguments: str, bias: str) -> None:
    program = PROGRAM.format(layer=layer, arguments=arguments, line=LINE.format(KERNELS))
    explanation = explain(f"{program}\n{text()}")

    (cause,) = explanation.mismatch.causes
    assert cause.fix == LINE.format(f"{KERNELS}, {bias}")
    assert not is_general(explanation.found, cause)


def test_a_bias_of_the_program_is_in_the_corrected_line() -> None:
    made = "bias = np.zeros(36)\n"
    program = made + PROGRAM.format(layer="LSTM", arguments="", line=LINE.format(KERNELS))

    (cause,) = explain(f"{program}\n{text()}").mismatch.causes

    assert cause.fix == LINE.format(f"{KERNELS}, bias")


def test_another_list_is_that_of_any_layer() -> None:
    with pytest.raises(NotFoundError):
        explain(text("kernel, other"))


def test_a_list_of_another_length_says_nothing_about_the_bias() -> None:
    causes = explain(text(f"{KERNELS}, bias, other", got=4)).mismatch.causes

    assert [one.id for one in causes] != ["missing_bias"]
