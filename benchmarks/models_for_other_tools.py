"""An LSTM for the tools of other_tools.py: as the layer of each framework, and as its unrolled equations."""

from typing import Any

import torch
from keras import Input, Model, Sequential, layers, ops
from torch import nn


def keras_layer(batch: int, steps: int, features: int, units: int) -> Any:
    return Sequential([Input((steps, features), batch_size=batch), layers.LSTM(units, return_sequences=True)])


def keras_cell(batch: int, steps: int, features: int, units: int) -> Any:
    X = Input((steps, features), batch_size=batch)
    h0, c0 = (Input((units,), batch_size=batch) for _ in range(2))
    h, c = h0, c0
    kernel = layers.Dense(4 * units)
    for t in range(steps):
        f, i, g, o = ops.split(kernel(ops.concatenate((h, X[:, t]), 1)), 4, 1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
    return Model([X, h0, c0], h)


def torch_layer(features: int, units: int) -> nn.Module:
    return nn.LSTM(features, units, batch_first=True)


class TorchCell(nn.Module):  # type: ignore[misc]  # torch is in the oracles' environment only
    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.kernel, self.sigmoid, self.tanh = nn.Linear(features + units, 4 * units), nn.Sigmoid(), nn.Tanh()

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        h = c = X.new_zeros(X.shape[0], self.units)
        for x in X.unbind(1):
            f, i, g, o = self.kernel(torch.cat((h, x), 1)).chunk(4, 1)
            c = self.sigmoid(f) * c + self.sigmoid(i) * self.tanh(g)
            h = self.sigmoid(o) * self.tanh(c)
        return h
