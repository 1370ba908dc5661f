"""Programs with the tracebacks of their errors, as people paste them."""

from app.reading.errors.explanation import Explanation, explain
from app.reading.errors.mismatch import Mismatch

TORCH = "import torch\nfrom torch import nn\n"
KERAS_WITH_OPS = "import numpy as np\nimport keras\nfrom keras import layers, ops\n"
TORCH_WITH_PACKING = f"{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence\n"

GLOBALLY_POOLED = """
import keras
from keras.layers import GRU, Conv1D, Dense, GlobalAveragePooling1D


def network(samples=120, leads=3, width=26):
    ecg = keras.Input((samples, leads))
    y = Conv1D(34, 7, strides=2, activation="relu")(ecg)
    y = GlobalAveragePooling1D()(y)
    y = GRU(width)(y)
    return keras.Model(ecg, Dense(5)(y))


network().summary()
"""
"""A recurrent layer of Keras that gets a vector in which a global pooling has put all steps."""


def traceback(frames: list[str], error: str, files: str = "m.py") -> str:
    """A traceback with these lines of a program, and its error."""
    lines = "".join(f'  File "{files}", line 7, in forward\n    {line}\n' for line in frames)
    return f"Traceback (most recent call last):\n{lines}{error}\n"


def pasted(program: str, frames: list[str], error: str, files: str = "m.py") -> str:
    """A traceback with these lines of a program, its error, and the program."""
    return f"{traceback(frames, error, files)}\n{program}"


def likely(text: str) -> tuple[list[str], dict[str, str]]:
    """The causes, and the lines that the first one corrects."""
    causes = explain(text).mismatch.causes
    return [one.id for one in causes], dict(causes[0].lines) if causes[0].is_own else {}


def first_cause_and_lines(text: str) -> tuple[tuple[str | None, str | None, str], dict[str, str]]:
    """The tensor, the axis and the first cause, and the lines of the program that it corrects."""
    (tensor, axis, (first, *_)), lines = causes_and_lines(text)
    return (tensor, axis, first), lines


def causes_and_lines(text: str) -> tuple[tuple[str | None, str | None, list[str]], dict[str, str]]:
    """The tensor, the axis and all causes, and the lines of the program that the first one corrects."""
    mismatch = explain(text).mismatch
    first = mismatch.causes[0]
    assert first.is_own, first
    return (mismatch.tensor, mismatch.axis, ids(mismatch)), dict(first.lines)


def said(text: str) -> Mismatch:
    return explain(text).mismatch


def ids(mismatch: Mismatch) -> list[str]:
    """The causes."""
    return [one.id for one in mismatch.causes]


def network(explanation: Explanation) -> tuple[int | None, ...]:
    """The samples, steps, features and units of the network."""
    found = explanation.configuration
    assert found
    return found.batch_size, found.time_step, found.features, found.num_units
