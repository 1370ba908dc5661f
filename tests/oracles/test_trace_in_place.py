"""What a layer reads of tensors that a forward pass of PyTorch writes in place, as ``unrolled.trace`` says it."""

# mypy: allow-subclassing-any
import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import app
from app.notebook.written_numbers import MOST_IN_ALL, MOST_NUMBERS, WrittenNumbers

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


def states_stacked_in_each_step(model: InPlace, x: Tensor) -> Tensor:
    states = x.new_zeros(2, len(x), 7)
    for t in range(STEPS):
        one = model.one(x[:, t], states[0])
        states = torch.stack([one, model.two(one, states[1])])
    return states[-1]


def states_side_by_side(model: InPlace, x: Tensor) -> Tensor:
    states = x.new_zeros(len(x), 14)
    for t in range(STEPS):
        one, two = states.split(7, -1)
        one = model.one(x[:, t], one)
        states = torch.cat((one, model.two(one, two)), -1)
    return states[:, 7:]


def states_stacked_one_by_one(model: InPlace, x: Tensor) -> Tensor:
    states = x.new_zeros(2, len(x), 7)
    for t in range(STEPS):
        states = torch.stack((model.one(x[:, t], states[0]), states[1]))
        states = torch.stack((states[0], model.two(*states.unbind(0))))
    return states[1]


def states_in_two_stacks(model: InPlace, x: Tensor) -> Tensor:
    one = two = x.new_zeros(len(x), 7)
    for t in range(STEPS):
        one = model.one(x[:, t], one)
        two = model.two(one, two)
        stacked = torch.stack([torch.stack([one, two], 1), torch.zeros(len(x), 2, 7)])
        one, two = stacked[0].transpose(0, 1).contiguous()
    return two


@pytest.mark.parametrize(
    "compute", [states_stacked_in_each_step, states_side_by_side, states_stacked_one_by_one, states_in_two_stacks]
)
def test_the_states_of_two_cells_in_one_tensor_have_each_its_own_sources(
    compute: Callable[[InPlace, Tensor], Tensor],
) -> None:
    assert said(compute) == [GOES_ON, GOES_ON, ""], "last reads two"


@pytest.mark.parametrize(
    "join, part",
    [
        (torch.stack, lambda joined: joined[1]),
        (torch.stack, lambda joined: joined.unbind(0)[1]),
        (torch.stack, lambda joined: [*joined][1]),
        (partial(torch.stack, dim=-1), lambda joined: joined[..., 1]),
        (lambda parts: torch.stack(parts, 1), lambda joined: joined.select(1, 1)),
        (lambda parts: torch.cat(tensors=parts, dim=-1), lambda joined: joined.chunk(2, -1)[1]),
        (lambda parts: torch.cat(parts, axis=1), lambda joined: joined.split([7, 7], 1)[1]),
        (lambda parts: torch.concat(parts, -1), lambda joined: joined.narrow(-1, 7, 7)),
        (partial(torch.cat, dim=1), lambda joined: joined[..., 7:]),
        (partial(torch.cat, dim=1), lambda joined: joined.unflatten(1, (2, 7))[:, 1]),
        (torch.hstack, lambda joined: joined[:, -7:]),
        (torch.vstack, lambda joined: joined[2:]),
        (torch.dstack, lambda joined: joined.permute(2, 0, 1)[1]),
        (torch.column_stack, lambda joined: joined.view(2, 2, 7)[:, 1]),
    ],
)
def test_a_part_of_joined_tensors_has_the_sources_of_that_one(
    join: Callable[[list[Tensor]], Tensor], part: Callable[[Tensor], Tensor]
) -> None:
    """Its values are those of the second, as PyTorch says."""

    def of_second(model: InPlace, x: Tensor) -> Tensor:
        parts = [model.one(x[:, 0]), model.dense(x.new_zeros(len(x), 7))]
        taken = part(join(parts))
        assert torch.equal(taken, parts[1])
        return taken

    assert said(of_second)[-1] == "", "last reads dense, the layer before it"


@pytest.mark.parametrize("part", [lambda joined: joined, lambda joined: joined[:, 6:8]], ids=["all", "between"])
def test_numbers_of_several_parts_have_the_sources_of_these(part: Callable[[Tensor], Tensor]) -> None:
    def of_both(model: InPlace, x: Tensor) -> Tensor:
        joined = torch.cat([model.one(x[:, 0]), x.new_zeros(0), model.dense(x[:, 1, :1].expand(-1, 7))], 1)
        return part(joined).sum(1, keepdim=True).expand(-1, 7)

    assert said(of_both)[-1] == "reads one, dense"


def test_a_part_of_large_joined_tensors_has_the_sources_of_all() -> None:
    def large(model: InPlace, x: Tensor) -> Tensor:
        parts = [model.one(x[:, 0]), model.dense(x.new_zeros(len(x), 7))]
        return torch.stack([one.repeat(LARGE, 1) for one in parts])[1, : len(x)]

    assert said(large)[-1] == "reads one, dense"


def test_no_more_numbers_of_joined_tensors_are_noted_than_are_still_there() -> None:
    noted = WrittenNumbers()
    parts = [torch.zeros(100), torch.ones(100)]
    for _ in range(2 * MOST_IN_ALL // 200):
        joined = torch.cat(parts)
        assert noted.join(joined, parts, [1, 2], np.concatenate)
    assert noted.in_tensor(joined[100:]) == [2]
    kept = [torch.zeros(2, MOST_NUMBERS // 2) for _ in range(MOST_IN_ALL // MOST_NUMBERS + 1)]
    assert [noted.join(one, one.unbind(0), [1, 2], np.stack) for one in kept][-2:] == [False, False]
    assert noted.in_tensor(kept[0][1]) == [2]


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
