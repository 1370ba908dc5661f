"""Recurrent modules as in well-known papers, small; those that `tests/reading/programs` does not have."""

# mypy: allow-subclassing-any
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class WeightDrop(nn.Module):
    """Drops recurrent weights, as AWD-LSTM does (Merity et al. 2017): the layer gets other ones in each call."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module
        self.raw = nn.Parameter(module.weight_hh_l0.detach().clone())
        del module._parameters["weight_hh_l0"]

    def forward(self, *inputs: Any) -> Any:
        self.module.weight_hh_l0 = F.dropout(self.raw, 0.5, training=True)
        return self.module(*inputs)


class AwdLstm(nn.Module):
    """A language model whose last layer has the size of the embedding, with which it shares its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Embedding(30, 6)
        self.rnns = nn.ModuleList(WeightDrop(nn.LSTM(*sizes)) for sizes in ((6, 10), (10, 10), (10, 6)))
        self.decoder = nn.Linear(6, 30)
        self.decoder.weight = self.encoder.weight

    def forward(self, ids: Tensor) -> Tensor:
        x = self.encoder(ids)
        for rnn in self.rnns:
            x, _ = rnn(x)
            x = x * x.new_ones(1, *x.shape[1:])  # the same mask at every step
        return self.decoder(x)


class Bahdanau(nn.Module):
    """A translation with additive attention (Bahdanau et al. 2015)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(5, 8, bidirectional=True, batch_first=True)
        self.query, self.key, self.score = nn.Linear(8, 7), nn.Linear(16, 7), nn.Linear(7, 1)
        self.decoder, self.out = nn.GRUCell(4 + 16, 8), nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        memory, state = self.encoder(x)
        h, y = state[1], x.new_zeros(len(x), 4)
        for _ in range(3):
            scores = self.score(torch.tanh(self.query(h).unsqueeze(1) + self.key(memory)))
            context = (scores.softmax(1) * memory).sum(1)
            h = self.decoder(torch.cat([y, context], 1), h)
            y = self.out(h)
        return y


class Pointer(nn.Module):
    """A network whose outputs are places of its input (Vinyals et al. 2015)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = nn.LSTM(2, 8, batch_first=True), nn.LSTMCell(2, 8)
        self.w1, self.w2, self.v = nn.Linear(8, 8, bias=False), nn.Linear(8, 8, bias=False), nn.Linear(8, 1, bias=False)

    def forward(self, points: Tensor) -> Tensor:
        memory, (h, c) = self.encoder(points)
        h, c, x, taken = h[0], c[0], points.mean(1), []
        for _ in range(points.shape[1]):
            h, c = self.decoder(x, (h, c))
            scores = self.v(torch.tanh(self.w1(memory) + self.w2(h)[:, None])).squeeze(-1)
            taken.append(scores.argmax(1))
            x = points[torch.arange(len(points)), taken[-1]]
        return torch.stack(taken, 1)


class DeepSpeech(nn.Module):
    """Convolutions, packed layers whose directions are added, and a norm between them (Amodei et al. 2016)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 2, (5, 3), (2, 1), (2, 1)), nn.BatchNorm2d(2), nn.Hardtanh(0, 20))
        self.rnns = nn.ModuleList(nn.GRU(size, 9, bidirectional=True, bias=False) for size in (10, 9))
        self.norm, self.out = nn.BatchNorm1d(9), nn.Linear(9, 6)

    def forward(self, spectrogram: Tensor, lengths: Tensor) -> Tensor:
        x = self.conv(spectrogram).flatten(1, 2).permute(2, 0, 1)
        for rnn in self.rnns:
            x, _ = pad_packed_sequence(rnn(pack_padded_sequence(x, lengths))[0])
            x = x.unflatten(2, (2, -1)).sum(2)
            x = self.norm(x.flatten(0, 1)).view_as(x)
        return self.out(x).log_softmax(-1)


Recorded = list[tuple[str, tuple[int, ...], tuple[int, ...]]]

PUBLISHED: dict[str, tuple[Callable[[], nn.Module], Callable[[], tuple[Tensor, ...]], Recorded]] = {
    "AWD-LSTM": (
        AwdLstm,
        lambda: (torch.randint(0, 30, (7, 2)),),
        [("lstm", (7, 2, 6), (7, 2, 10)), ("lstm", (7, 2, 10), (7, 2, 10)), ("lstm", (7, 2, 10), (7, 2, 6))],
    ),
    "Bahdanau": (
        Bahdanau,
        lambda: (torch.randn(2, 7, 5),),
        [("gru", (2, 7, 5), (2, 7, 16)), ("gru_cell", (2, 20), (2, 8))],
    ),
    "pointer network": (
        Pointer,
        lambda: (torch.randn(3, 5, 2),),
        [("lstm", (3, 5, 2), (3, 5, 8)), ("lstm_cell", (3, 2), (3, 8))],
    ),
    "Deep Speech 2": (
        DeepSpeech,
        lambda: (torch.randn(2, 1, 10, 7), torch.tensor([7, 4])),
        [("gru", (7, 2, 10), (7, 2, 18)), ("gru", (7, 2, 9), (7, 2, 18))],
    ),
}
"""Each module with an input, and its recurrent layers with the shapes that follow from its sizes."""
