"""What a layer reads of tensors that a forward pass of PyTorch writes in place, as ``unrolled.trace`` says it."""

# mypy: allow-subclassing-any
import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import app
from app.notebook.written_numbers import MOST_NUMBERS

STEPS = 5


class InPlace(nn.Module):
    """Two cells and two layers, with which a function computes something of x in place."""

    def __init__(self, compute: Callable[["InPlace", Tensor], Tensor]) -> None:
        super().__init__()
        self.one, self.two = nn.GRUCell(4, 7), nn.GRUCell(7, 7)
        self.rnn, self.dense, self.last = nn.GRU(4, 7, batch_first=True), nn.Linear(7, 7), nn.Linear(7, 3)
        self.compute = compute

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.last(self.compute(self, x))
        return y


def said(compute: Callable[[InPlace, Tensor], Tensor]) -> list[str]:
    """Of each layer what it reads and how it begins."""
    _, *rows = repr(app.trace(InPlace(compute), torch.randn(2, STEPS, 4))).splitlines()
    pattern = r"(?:reads|its initial|in later|each run) [^\n]*?(?=, ran|, replayed|$)"
    return [" ".join(re.findall(pattern, row)) for row in rows]


GOES_ON = "in later runs its initial state comes from itself"


def steps_in_a_buffer(model: InPlace, x: Tensor) -> Tensor:
    outputs, h = torch.zeros(STEPS, len(x), 7), x.new_zeros(len(x), 7)
    for t in range(STEPS):
        h = model.one(x[:, t], h)
        outputs[t] = model.dense(h)
    model.two(h)
    return outputs.transpose(0, 1)


def states_in_a_buffer(model: InPlace, x: Tensor) -> Tensor:
    states = torch.zeros(STEPS + 1, len(x), 7)
    for t in range(STEPS):
        states[t + 1] = model.one(x[:, t], states[t])
    return states[-1]


def states_of_two_cells_in_a_buffer(model: InPlace, x: Tensor) -> Tensor:
    states = torch.zeros(len(x), 7, 2)
    for t in range(STEPS):
        states[..., 0] = model.one(x[:, t], states[..., 0])
        states[..., 1] = model.two(states[..., 0], states[..., 1])
    return states[..., 1]


def states_written_through_views(model: InPlace, x: Tensor) -> Tensor:
    states = torch.zeros(2, len(x), 7)
    one, two = states.unbind(0)
    for t in range(STEPS):
        states[0][:] = model.one(x[:, t], one)
        two.copy_(model.two(one, states[1]))
    return states[1]


def some_numbers(model: InPlace, x: Tensor) -> Tensor:
    y, _ = model.rnn(x)
    y = y.clone()
    y[y > 0] = model.dense(y)[y > 0]
    return y


@pytest.mark.parametrize(
    "compute, words",
    [
        (steps_in_a_buffer, [GOES_ON, "", "reads one", "reads dense"]),
        (states_in_a_buffer, [GOES_ON, ""]),
        (states_of_two_cells_in_a_buffer, [GOES_ON, GOES_ON, ""]),
        (states_written_through_views, [GOES_ON, GOES_ON, ""]),
        (some_numbers, ["", "", "reads rnn, dense"]),
    ],
)
def test_items_of_a_tensor_have_the_sources_of_what_is_assigned(
    compute: Callable[[InPlace, Tensor], Tensor], words: list[str]
) -> None:
    assert said(compute) == words


LARGE = MOST_NUMBERS // 7


def steps_in_a_large_buffer(model: InPlace, x: Tensor) -> Tensor:
    outputs, h = torch.zeros(STEPS, len(x), LARGE, 7), x.new_zeros(len(x), 7)
    for t in range(STEPS):
        h = model.one(x[:, t], h)
        outputs[t] = model.dense(h)[:, None]
    model.two(h)
    return outputs[:, :, 0]


def view_of_a_large_buffer(model: InPlace, x: Tensor) -> Tensor:
    outputs = torch.zeros(STEPS, len(x), LARGE, 7)
    outputs[0][:] = model.dense(model.one(x[:, 0]))[:, None]
    model.two(x.new_zeros(len(x), 7))
    return outputs[0, :, 0]


def copy_over_a_large_output(model: InPlace, x: Tensor) -> Tensor:
    y, _ = model.rnn(x)
    large = y.repeat(1, 1, LARGE)
    large.copy_(model.dense(y).repeat(1, 1, LARGE))
    return large[..., :7]


@pytest.mark.parametrize(
    "compute, words",
    [
        (steps_in_a_large_buffer, [GOES_ON, "", "reads one", "reads dense"]),
        (view_of_a_large_buffer, ["", "", "", "reads dense"]),
        (copy_over_a_large_output, ["", "", ""]),
    ],
)
def test_a_large_tensor_has_the_sources_of_all_that_is_written(
    compute: Callable[[InPlace, Tensor], Tensor], words: list[str]
) -> None:
    assert said(compute) == words


@pytest.mark.parametrize(
    "write",
    [
        lambda y, z: y.copy_(z),
        lambda y, z: y.zero_().add_(z),
        lambda y, z: y.__setitem__(..., z),
        lambda y, z: y.__setitem__(slice(None), z),
        lambda y, z: torch.tanh(z, out=y),
    ],
    ids=["copy", "zero and add", "ellipsis", "slice", "out"],
)
def test_what_is_written_over_a_whole_tensor_replaces_its_sources(write: Callable[[Tensor, Tensor], object]) -> None:
    def over(model: InPlace, x: Tensor) -> Tensor:
        y, _ = model.rnn(x)
        write(y, model.dense(y.clone()))
        return y

    assert said(over) == ["", "", ""], "each reads the layer before"


def test_what_is_added_in_place_is_a_further_source() -> None:
    def added(model: InPlace, x: Tensor) -> Tensor:
        y, _ = model.rnn(x)
        y += model.dense(y)
        return y

    assert said(added) == ["", "", "reads rnn, dense"]


@pytest.mark.parametrize(
    "zero",
    [Tensor.zero_, lambda h: h.fill_(0), lambda h: h.__setitem__(slice(None), 0), lambda h: h.detach().zero_()],
    ids=["zero", "fill", "slice", "detached"],
)
def test_states_that_are_zeroed_in_place_come_from_no_layer(zero: Callable[[Tensor], object]) -> None:
    def zeroed(model: InPlace, x: Tensor) -> Tensor:
        h = x.new_zeros(len(x), 7)
        for t in range(STEPS):
            h = model.one(x[:, t], h)
            last = h.clone()
            zero(h)
        return last

    assert said(zeroed) == ["each run begins with zeros", ""]


@pytest.mark.parametrize("value, words", [(0.0, "each run begins with zeros"), (0.5, "")])
def test_states_that_are_made_anew_are_zeros_only_if_all_their_numbers_are(value: float, words: str) -> None:
    def anew(model: InPlace, x: Tensor) -> Tensor:
        for t in range(STEPS):
            h = model.one(x[:, t], torch.full((len(x), 7), value if t == 2 else 0.0))
        return h

    assert said(anew) == [words, ""]


def test_a_state_whose_data_are_set_comes_from_what_is_set() -> None:
    def set_data(model: InPlace, x: Tensor) -> Tensor:
        h = torch.zeros(len(x), 7)
        for t in range(STEPS):
            h.data = model.one(x[:, t], h)
        return h

    assert said(set_data) == [GOES_ON, ""]


def test_a_state_whose_data_are_set_to_zeros_comes_from_no_layer() -> None:
    def set_data(model: InPlace, x: Tensor) -> Tensor:
        for t in range(STEPS):
            h = model.dense(x.new_zeros(len(x), 7))
            h.data = torch.zeros(len(x), 7)
            y = model.one(x[:, t], h)
        return y

    assert said(set_data)[1] == "reads x, each run begins with zeros"
