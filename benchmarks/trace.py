"""The CPU time of `unrolled.trace` without the replay, compared with the forward pass of the same module. Both
alternate, on one thread, and a ratio is the median of all rounds. A small module, whose ratio has no bar, shows the
fixed costs: restoring the states of random generators takes most of them."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from app.notebook.trace import recorded_calls
from benchmarks.measured_row import Row, milliseconds, ratios

ROUNDS = 15
BAR = 2.0


class Tagger(nn.Module):  # type: ignore[misc]  # torch is in the oracles' environment only
    """A model as in a tutorial."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.dropout = nn.Embedding(10_000, 128), nn.Dropout()
        self.lstm = nn.LSTM(128, 128, 2, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, ids: Any) -> Any:
        return self.head(self.lstm(self.dropout(self.embedding(ids)))[0][:, -1])


class Loop(nn.Module):  # type: ignore[misc]
    """A cell in a loop over time."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(64, 256)

    def forward(self, x: Any) -> Any:
        states = None
        for step in x.unbind(1):
            states = self.cell(step, states)
        return states


def rows() -> Iterator[Row]:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield compared("a tagger", Tagger(), torch.randint(0, 10_000, (32, 50)), BAR)
    yield compared("a cell in a loop", Loop(), torch.randn(32, 50, 64), BAR)
    yield compared("a small GRU", nn.GRU(8, 16), torch.randn(5, 3, 8))


def compared(what: str, module: Any, x: Any, bar: float | None = None) -> Row:
    """The cost of recording the layers of a module, with that of the forward pass in it."""
    module.eval()
    with torch.no_grad():
        pairs = [
            (seconds(lambda: recorded_calls(module, (x,), {})), seconds(lambda: module(x))) for _ in range(ROUNDS + 1)
        ][1:]
    ours, plain = zip(*pairs, strict=True)
    return Row(
        f"unrolled.trace of {what}, replay excluded",
        "its forward pass",
        ratios(ours, plain),
        bar=bar,
        note=f"{milliseconds(ours)}, {milliseconds(plain)}",
    )


def seconds(call: Callable[[], object]) -> float:
    """The CPU time of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start
