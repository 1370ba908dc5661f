"""A target with as many steps as x asks for an output of every step, not for as many values of its last one."""

import pytest

from app.reading.errors.explanation import explain

KERAS = """import numpy as np
import keras

net = keras.Sequential()
net.add(keras.Input((12, 7)))
net.add(keras.layers.GRU(10))
net.add(keras.layers.Dense(1))
net.compile("adam", "binary_crossentropy")
labels = np.zeros((9, {steps}))
net.fit(np.ones((9, 12, 7)), labels)

Traceback (most recent call last):
  File "/home/me/tags.py", line 10, in <module>
    net.fit(np.ones((9, 12, 7)), labels)
ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, {squeezed}),\
 output.shape=(None, 1)
"""

PYTORCH = """import torch
from torch import nn

tagger = nn.LSTM(7, 10, batch_first=True)
head = nn.Linear(10, 2)
x, y = torch.randn(9, 12, 7), torch.randn(9, {steps}, 2)
out, _ = tagger(x)
loss = nn.BCEWithLogitsLoss()(head(out[:, -1]), y)

Traceback (most recent call last):
  File "/home/me/tags.py", line 8, in <module>
    loss = nn.BCEWithLogitsLoss()(head(out[:, -1]), y)
ValueError: Target size (torch.Size([9, {steps}, 2])) must be the same as input size (torch.Size([9, 2]))
"""


def causes(text: str) -> list[str]:
    return [one.id for one in explain(text).mismatch.causes]


@pytest.mark.parametrize("steps", ["12, 1", "12"])
def test_a_target_of_every_step_decides_for_every_step_of_the_layer(steps: str) -> None:
    explanation = explain(KERAS.format(steps=steps, squeezed=12))

    (likely,) = explanation.mismatch.causes
    assert likely.lines == (("net.add(keras.layers.GRU(10))", "net.add(keras.layers.GRU(10, return_sequences=True))"),)


def test_a_target_with_another_number_of_steps_does_not() -> None:
    assert causes(KERAS.format(steps="5, 1", squeezed=5)) == ["target_shape"]
    assert causes(PYTORCH.format(steps=5)) == ["target_shape"]


def test_a_target_of_every_step_keeps_every_step_of_the_output_in_pytorch() -> None:
    (likely,) = explain(PYTORCH.format(steps=12)).mismatch.causes

    assert likely.fix == "loss = nn.BCEWithLogitsLoss()(head(out), y)"
