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

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(x)[0].flatten(1))


class LastState(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.LSTM(3, 4, 2), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, (h, _) = self.rnn(x)
        return self.head(h[-1])


class BothStates(nn.Module):  # type: ignore[misc]
    """The last states of both directions, and no step."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True, bidirectional=True), nn.Linear(8, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(x)[1].transpose(0, 1).reshape(-1, 8))


class Bridged(nn.Module):  # type: ignore[misc]
    """An encoder whose last states are for one layer, and whose steps are for another one, and a decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.bridge = nn.LSTM(3, 4, batch_first=True, bidirectional=True), nn.Linear(8, 5)
        self.decoder, self.key, self.head = nn.GRU(2, 5, batch_first=True), nn.Linear(8, 5), nn.Linear(10, 6)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        steps, (h, _) = self.encoder(x)
        decoded, _ = self.decoder(y, self.bridge(torch.cat([h[0], h[1]], dim=1)).tanh().unsqueeze(0))
        keys = self.key(steps)
        weights = (decoded @ keys.transpose(1, 2)).softmax(-1)
        return self.head(torch.cat([decoded, weights @ keys], -1))


class Shared(nn.Module):  # type: ignore[misc]
    """One layer and one head for two inputs, whose scores are compared: a number for each pair."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        one, other = self.head(self.rnn(x)[1][-1]), self.head(self.rnn(y)[1][-1])
        return (one - other).abs().sum(1)


class Normalized(nn.Module):  # type: ignore[misc]
    """The last state of the upper one of two layers, and a normalization before dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.norm = nn.GRU(3, 4, 2), nn.LayerNorm(4)
        self.hidden, self.head = nn.Linear(4, 5), nn.Linear(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.hidden(self.norm(self.rnn(x)[1][-1])).relu())


class Packed(nn.Module):  # type: ignore[misc]
    """A batch of sequences of different lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.rnn, self.head = nn.Embedding(5, 3), nn.GRU(3, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(x), lengths, enforce_sorted=False)
        return self.head(self.rnn(packed)[1][-1])


class Looped(nn.Module):  # type: ignore[misc]
    """A cell in a loop of three steps."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.GRUCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        h = x.new_zeros(2, 4)
        for step in x[:3]:
            h = self.cell(step, h)
        return self.head(h)


class Words(nn.Module):  # type: ignore[misc]
    """A cell in a loop over words, which are looked up before it or in it, and of which all outputs or the last one
    go on."""

    def __init__(self, is_in_loop: bool, is_last: bool) -> None:
        super().__init__()
        self.is_in_loop, self.is_last = is_in_loop, is_last
        self.table, self.cell, self.head = nn.Embedding(9, 3), nn.LSTMCell(3, 4), nn.Linear(4, 2)

    def forward(self, ids: Any) -> Any:
        h = c = torch.zeros(ids.shape[0], 4)
        vectors = ids if self.is_in_loop else self.table(ids)
        outputs = []
        for t in range(5):
            step = vectors[:, t]
            h, c = self.cell(self.table(step) if self.is_in_loop else step, (h, c))
            outputs.append(self.head(h))
        return outputs[-1] if self.is_last else torch.stack(outputs, 1)


class Ends(nn.Module):  # type: ignore[misc]
    """A classifier that reads the last states of both directions of the upper one of two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, 2, bidirectional=True, batch_first=True), nn.Linear(8, 2)

    def forward(self, x: Any) -> Any:
        h = self.rnn(x)[1]
        return self.head(torch.cat([h[-2], h[-1]], 1))


class Continued(nn.Module):  # type: ignore[misc]
    """A layer that begins with a given state, and returns its last one."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)

    def forward(self, x: Any, state: Any) -> Any:
        y, last = self.rnn(x, state)
        return self.head(y), last


class EachStep(nn.Module):  # type: ignore[misc]
    """A cell in a loop over all steps."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.GRUCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.zeros([x.size(1), 4])
        for t in range(x.size(0)):
            h = self.cell(x[t], h)
        return self.head(h)


class BothWays(nn.Module):  # type: ignore[misc]
    """Two cells in a loop: the second one gets the steps from the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.there, self.back, self.head = nn.GRUCell(3, 4), nn.GRUCell(3, 4), nn.Linear(8, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, g = torch.zeros([x.size(1), 4]), torch.zeros([x.size(1), 4])
        for t in range(x.size(0)):
            h, g = self.there(x[t], h), self.back(x[x.size(0) - 1 - t], g)
        return self.head(torch.cat([h, g], 1))


class Decoding(nn.Module):  # type: ignore[misc]
    """A cell reads all steps, and another one begins with its states and reads its own predictions."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder, self.head = nn.LSTMCell(3, 4), nn.LSTMCell(1, 4), nn.Linear(4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, c = torch.zeros([x.size(0), 4]), torch.zeros([x.size(0), 4])
        for t in range(x.size(1)):
            h, c = self.encoder(x[:, t], (h, c))
        y, ys = x[:, -1, :1], torch.jit.annotate(list[torch.Tensor], [])
        for _ in range(6):
            h, c = self.decoder(y, (h, c))
            y = self.head(h)
            ys.append(y)
        return torch.cat(ys, 1)


class Tagged(nn.Module):  # type: ignore[misc]
    """Each step of the input through a layer, a cell and a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.below, self.cell, self.head = nn.Linear(3, 5), nn.LSTMCell(5, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, steps, _ = x.shape
        h, c = torch.zeros([batch, 4]), torch.zeros([batch, 4])
        ys = torch.jit.annotate(list[torch.Tensor], [])
        for t in range(steps):
            h, c = self.cell(torch.tanh(self.below(x[:, t])), (h, c))
            ys.append(self.head(h))
        return torch.stack(ys, 1)


class Dropping(nn.Module):  # type: ignore[misc]
    """Dropouts of all steps and of the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)
        self.of_all, self.of_last = nn.Dropout(0.2), nn.Dropout(0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.of_last(self.of_all(self.rnn(x)[0])[:, -1]))


class Unbound(nn.Module):  # type: ignore[misc]
    """A cell in a loop over a list of all steps, and a layer of what it returned in each run."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.GRUCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, states = torch.zeros([x.size(0), 4]), torch.jit.annotate(list[torch.Tensor], [])
        for step in x.unbind(1):
            h = self.cell(step, h)
            states.append(h)
        return self.head(torch.stack(states, 1))


class Attending(nn.Module):  # type: ignore[misc]
    """A cell in a loop that begins with the last state of a layer, whose steps it reads with weights of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.query = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 4)
        self.cell, self.head = nn.GRUCell(6, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        memory, states = self.encoder(x)
        h, ys = states[-1], torch.jit.annotate(list[torch.Tensor], [])
        for _ in range(7):
            weights = (memory @ self.query(h).unsqueeze(-1)).softmax(1)
            h = self.cell(torch.cat([y, (weights * memory).sum(1)], 1), h)
            y = self.head(h)
            ys.append(y)
        return torch.stack(ys, 1)


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


class JoinedGru(nn.Module):  # type: ignore[misc]
    """A step of a GRU that is written as equations, with x and h in one array."""

    def __init__(self) -> None:
        super().__init__()
        self.gates, self.candidate = nn.Linear(3 + 4, 2 * 4), nn.Linear(3 + 4, 4)

    def forward(self, x: Any, h: Any) -> Any:
        r, z = torch.sigmoid(self.gates(torch.cat([x, h], -1))).chunk(2, -1)
        return z * h + (1 - z) * torch.tanh(self.candidate(torch.cat([x, r * h], -1)))


class Steps(nn.Module):  # type: ignore[misc]
    """Cells in a loop, which an export to ONNX dissolves into the operations of every step."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.lstm, self.rnn = JoinedGru(), nn.LSTMCell(4, 2), nn.RNNCell(2, 2)
        self.head = nn.Linear(2, 3)

    def forward(self, x: Any) -> Any:
        g, h, c, last = x.new_zeros(1, 4), x.new_zeros(1, 2), x.new_zeros(1, 2), x.new_zeros(1, 2)
        for step in x:
            g = self.gru(step, g)
            h, c = self.lstm(g, (h, c))
            last = self.rnn(h, last)
        return self.head(last)


class Feedback(nn.Module):  # type: ignore[misc]
    """A cell that reads what a dense layer makes of the step before. An export copies its matrix for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.LSTMCell(5, 4), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        h, c, y = x.new_zeros(2, 4), x.new_zeros(2, 4), x.new_zeros(2, 1, 2)
        steps = []
        for t in range(x.shape[1]):
            h, c = self.cell(torch.cat([x[:, t], y[:, 0]], 1), (h, c))
            y = self.head(h[:, None])
            steps.append(y)
        return torch.cat(steps, 1)


class LastStep(nn.Module):  # type: ignore[misc]
    """Two simple RNNs, which the newer exporter to ONNX dissolves into the operations of every step."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.RNN(3, 4, num_layers=2, batch_first=True), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(x)[0][:, -1])


class OneStep(nn.Module):  # type: ignore[misc]
    """A step of an LSTM, which is given its states."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTMCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: Any, h: Any, c: Any) -> Any:
        h, c = self.lstm(x, (h, c))
        return self.head(h), h, c


class Weighted(nn.Module):  # type: ignore[misc]
    """Weights of the steps, a factor and a learned first state, which are its own parameters; and an unused layer."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head, self.unused = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2), nn.Linear(4, 7)
        self.first, self.weights, self.factor = (nn.Parameter(torch.ones(size)) for size in (4, 4, 1))

    def forward(self, x: Any) -> Any:
        y, _ = self.rnn(x, self.first.expand(1, x.shape[0], 4).contiguous())
        each = torch.softmax(y @ self.weights, 1)
        return self.head((each[..., None] * y).sum(1)) * self.factor


class Forecast(nn.Module):  # type: ignore[misc]
    """A decoder that gets what it made of the step before."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.cell, self.head = nn.LSTM(3, 4, batch_first=True), nn.LSTMCell(2, 4), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        _, (h, c) = self.encoder(x)
        h, c, y = h[-1], c[-1], x[:, -1, :2]
        steps = []
        for _ in range(3):
            h, c = self.cell(y, (h, c))
            y = self.head(h)
            steps.append(y)
        return torch.stack(steps, 1)


class Additive(nn.Module):  # type: ignore[misc]
    """An attention: two products and tanh, as in a simple RNN, but without recurrence."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Any, y: Any) -> Any:
        return torch.tanh(self.query(x) + self.key(y))


class Activated(nn.Module):  # type: ignore[misc]
    """Convolutions with a module and a function between them, before an LSTM."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv1d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2))
        self.second = nn.Conv1d(4, 3, 3, padding=1)
        self.rnn = nn.LSTM(3, 4, batch_first=True)
        self.out = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, _ = self.rnn(nn.functional.gelu(self.second(self.first(x))).transpose(1, 2))
        return self.out(steps)
