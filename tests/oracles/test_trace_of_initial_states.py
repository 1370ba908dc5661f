"""Where the initial states of several runs of one layer come from, as ``unrolled.trace`` says it."""

# mypy: allow-subclassing-any
import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import app

STEPS = 6


class Looped(nn.Module):
    """A cell that runs several times, and another one; ``state`` says what a step begins with."""

    def __init__(self, state: Callable[["Looped", int, Tensor, Tensor | None], Tensor | None]) -> None:
        super().__init__()
        self.cell, self.other, self.state = nn.GRUCell(3, 9), nn.GRUCell(3, 9), state

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor | None = None
        for t in range(STEPS):
            h = self.cell(x[:, t], self.state(self, t, x, h))
        assert h is not None
        return h


def words_of_cell(state: Callable[[Looped, int, Tensor, Tensor | None], Tensor | None]) -> str:
    rows = repr(app.trace(Looped(state), torch.randn(2, STEPS, 3))).splitlines()[1:]
    (row,) = [row for row in rows if row.startswith("cell ")]
    found = re.search("GRUCell .*?  ([^ ].*?, )?((?:in |its |each )[a-z, ]*?), ran 6", row)
    return found[2] if found else row


@pytest.mark.parametrize(
    "state, words",
    [
        (lambda model, t, x, h: h, "in later runs its initial state comes from itself"),
        (lambda model, t, x, h: None if t == 3 else h, "in some later runs its initial state comes from itself"),
        (
            lambda model, t, x, h: h if t % 3 else torch.zeros(2, 9),
            "in some later runs its initial state comes from itself",
        ),
        (
            lambda model, t, x, h: model.other(x[:, 0]) if t == 0 else h,
            "its initial state comes from other, and in later runs from itself",
        ),
        (
            lambda model, t, x, h: model.other(x[:, t]) if t % 2 else h,
            "in some runs its initial state comes from other, and in some later ones from itself",
        ),
        (lambda model, t, x, h: model.other(x[:, t]), "its initial state comes from other"),
        (
            lambda model, t, x, h: model.other(x[:, t]) if t == 4 else None,
            "in some runs its initial state comes from other",
        ),
        (
            lambda model, t, x, h: None if t == 0 else model.other(x[:, t]),
            "in later runs its initial state comes from other",
        ),
        (
            lambda model, t, x, h: None if h is None else model.other(x[:, t], h) + h,
            "in later runs its initial state comes from other and itself",
        ),
        (
            lambda model, t, x, h: x[:, 0].repeat(1, 3) if t == 0 else model.other(x[:, t]),
            "its initial state comes from x, and in later runs from other",
        ),
        (
            lambda model, t, x, h: x[:, 0].repeat(1, 3) if h is None else model.other(x[:, t]) + h,
            "its initial state comes from x, and in later runs from other and itself",
        ),
        (
            lambda model, t, x, h: [None, x[:, 0].repeat(1, 3), model.other(x[:, t])][min(t, 2)],
            "in some runs its initial state comes from x, other",
        ),
        (lambda model, t, x, h: None, "each run begins with zeros"),
        (
            lambda model, t, x, h: None if h is None else h * (x[:, t].sum(1, keepdim=True) > 0).float(),
            "in later runs its initial state comes from itself",
        ),
    ],
    ids=[
        "always",
        "reset once",
        "reset to zeros",
        "after another",
        "alternating",
        "another",
        "another once",
        "another later",
        "another and itself later",
        "another after the input",
        "another and itself after the input",
        "the input once, and another later",
        "never",
        "masked",
    ],
)
def test_a_row_says_so_if_only_some_runs_go_on(
    state: Callable[[Looped, int, Tensor, Tensor | None], Tensor | None], words: str
) -> None:
    assert words_of_cell(state) == words


def test_a_layer_at_two_places_goes_on_in_all_runs_of_the_second() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(3, 9, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            _, h = self.gru(x[:, :2])
            for t in range(2, STEPS):
                y, h = self.gru(x[:, t : t + 1], h)
            return y

    *_, row = repr(app.trace(Twice(), torch.randn(2, STEPS, 3))).splitlines()

    assert "the same layer as above" in row and "in later runs its initial state comes from itself" in row
