"""Modules of PyTorch, in a file of their own so that they can be saved whole."""

from typing import Any

import torch
from torch import nn


class Tagger(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 4)
        self.encoder = nn.ModuleDict({"rnn": nn.LSTM(4, 3, 2, bidirectional=True, batch_first=True)})
        self.gru = nn.GRU(6, 2, batch_first=True)
        self.head = nn.Linear(2, 3)

    def forward(self, x: Any) -> Any:
        y, _ = self.encoder["rnn"](self.embedding(x))
        return self.head(self.gru(y)[0][:, -1])


class Projected(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, proj_size=2, bidirectional=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(x)[0]


class Flattened(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True), nn.Linear(20, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(x)[0].flatten(1))


class LastState(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.LSTM(3, 4, 2), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        _, (h, _) = self.rnn(x)
        return self.head(h[-1])


class Cells(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.LSTMCell(3, 4), nn.RNNCell(4, 2, bias=False)
        self.activation = torch.tanh  # saved as a call of getattr


class Directions(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(5, 4), nn.GRU(4, 3, bidirectional=True, batch_first=True)
        self.head = nn.Linear(6, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(self.embedding(x))[0])
