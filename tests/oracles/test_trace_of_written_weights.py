"""Weights that a forward pass of PyTorch writes: ``unrolled.trace`` restores them, and replays runs as they were."""

# mypy: allow-subclassing-any
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import app


class Written(nn.Module):
    """Runs a layer twice; before each run a function writes weights of it."""

    def __init__(self, write: Callable[[nn.GRU], object]) -> None:
        super().__init__()
        self.gru, self.write = nn.GRU(5, 6, 2, batch_first=True), write

    def forward(self, x: Tensor) -> Tensor:
        h = None
        for part in x.chunk(2, 1):
            self.write(self.gru)
            y, h = self.gru(part, h)
        return y


def clamp_data(gru: nn.GRU) -> None:
    gru.weight_hh_l1.data.clamp_(-0.1, 0.1).mul_(0.5)


def multiply_bias(gru: nn.GRU) -> None:
    gru.bias_ih_l0.mul_(3)


def write_rows(gru: nn.GRU) -> None:
    gru.weight_ih_l0[2:4] += 1


def initialise(gru: nn.GRU) -> None:
    nn.init.uniform_(gru.weight_hh_l0, -1, 1)


def replace_data_and_add(gru: nn.GRU) -> None:
    gru.weight_hh_l0.data = gru.weight_hh_l0.data * 0.5
    gru.weight_hh_l0.data.add_(0.25)


def write_as_output(gru: nn.GRU) -> None:
    torch.add(gru.bias_hh_l0, 1, out=gru.bias_hh_l0)


WRITES = (clamp_data, multiply_bias, write_rows, initialise, replace_data_and_add, write_as_output)


@pytest.mark.parametrize("write", WRITES)
def test_weights_that_a_forward_pass_writes_are_as_before(write: Callable[[nn.GRU], object]) -> None:
    model = Written(write)
    before = {name: (weight.data_ptr(), weight.clone()) for name, weight in model.state_dict().items()}

    app.trace(model, torch.randn(3, 8, 5))

    for name, weight in model.state_dict().items():
        place, value = before[name]
        assert weight.data_ptr() == place and weight.equal(value), name


@pytest.mark.parametrize("write", WRITES)
def test_each_run_is_replayed_with_the_weights_that_it_had(write: Callable[[nn.GRU], object]) -> None:
    (difference,) = app.trace(Written(write), torch.randn(3, 8, 5)).differences

    assert difference is not None and difference < 1e-5


def test_weights_are_as_before_after_an_error() -> None:
    def fail(gru: nn.GRU) -> None:
        clamp_data(gru)
        raise ValueError("after the write")

    model = Written(fail)
    value = model.gru.weight_hh_l1.clone()

    with pytest.raises(ValueError, match="after the write"):
        app.trace(model, torch.randn(3, 8, 5))

    assert model.gru.weight_hh_l1.equal(value)
