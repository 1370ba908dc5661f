"""The messages on the page about errors that a visitor can try."""

import re
from functools import cache
from typing import NamedTuple

from ....reading.errors.explanation import explain

ERROR_CLASS = re.compile(r"^\w+Error: ")


class Example(NamedTuple):
    """A message, what the page shows of it, and the tensor and the axis that it is about."""

    message: str
    shown: str
    tensor: str
    axis: str


EXAMPLES: dict[str, tuple[str, ...]] = {
    "PyTorch": (
        "RuntimeError: Expected hidden[0] size (4, 3, 20), got [3, 4, 20]",
        "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12",
        "lstm_out, _ = self.lstm(x)\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)",
    ),
    "Keras, TensorFlow": (
        "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected ndim=3, found ndim=2.",
        "keras LSTM\nValueError: A target array with shape (32, 1) was passed for an output of shape (32, 200, 1)"
        " while using as loss",
        "InvalidArgumentError: Invalid input_h shape: [1,32,64] [1,17,64] [Op:CudnnRNN]",
    ),
    "ONNX Runtime": (
        "Input initial_h must have shape {1,1,128}. Actual:{1,2,128}",
        "Input W must have shape {1,80,10}. Actual:{1,10,80}",
    ),
}
"""Messages that the page offers, by their frameworks."""


@cache
def examples() -> dict[str, list[Example]]:
    """The examples, with what they are about."""
    return {title: [_example(text) for text in texts] for title, texts in EXAMPLES.items()}


def _example(text: str) -> Example:
    mismatch = explain(text).mismatch
    shown = ERROR_CLASS.sub("", text.splitlines()[-1])
    return Example(text, shown, mismatch.tensor or "", mismatch.axis or "")
