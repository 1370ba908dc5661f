"""Which runs are executed, and which get only shapes."""

import pytest

from app.core.cells import CELLS
from app.core.stack import Stack
from app.core.work_limits import Budget


def refusal(batch_size: int, time_step: int, features: int, num_units: int, budget: Budget | None = None) -> str | None:
    return (budget or Budget()).refusal(Stack(CELLS["lstm"], batch_size, time_step, features, num_units))


@pytest.mark.parametrize(
    "sizes",
    [(3, 4, 2, 5), (128, 28, 28, 128), (3, 50, 27, 128), (3, 10_000, 2, 5), (32, 100, 64, 256), (1, 1000, 64, 256)],
    ids=str,
)
def test_the_default_sizes_mnist_and_the_longest_sequence_are_executed(sizes: tuple[int, int, int, int]) -> None:
    assert refusal(*sizes) is None


def test_awd_lstm_is_refused_with_its_need_and_the_limit() -> None:
    assert refusal(80, 70, 400, 1150) == "needs 79.9 GFLOP (limit: 4)"


def test_memory_has_a_limit_of_its_own() -> None:
    assert refusal(1024, 1000, 1, 1) == "would record 65.5 MB (limit: 64)"


def test_the_limits_can_be_set() -> None:
    assert refusal(4, 4, 2, 5, Budget(flops=100)) == "needs 5.52e-06 GFLOP (limit: 1e-07)"
    assert refusal(80, 70, 400, 1150, Budget(flops=10**12, bytes=10**12)) is None


@pytest.mark.parametrize("more", [1, 1e2, 1e5])
def test_a_need_just_above_the_limit_is_written_differently_from_the_limit(more: float) -> None:
    stack = Stack(CELLS["lstm"], 1024, 8, 2, 1024)
    reason = Budget(flops=stack.flops() - int(more), bytes=10**12).refusal(stack)
    assert reason
    needs, limit = reason.removeprefix("needs ").removesuffix(")").split(" GFLOP (limit: ")
    assert needs != limit


def test_a_run_at_exactly_the_limit_is_executed() -> None:
    stack = Stack(CELLS["lstm"], 7, 4, 2, 5)
    exactly = Budget(stack.flops(), stack.bytes())
    assert exactly.refusal(stack) is None
    assert Budget(exactly.flops - 1, exactly.bytes).refusal(stack)
    assert Budget(exactly.flops, exactly.bytes - 1).refusal(stack)


def test_the_cost_includes_every_layer_and_direction() -> None:
    stack = Stack(CELLS["lstm"], 7, 4, 2, 5, num_layers=2, bidirectional=True)
    one, two = (stack.program(layer) for layer in (0, 1))
    assert stack.flops() == 2 * (one.flops(stack.sizes) + two.flops(stack.sizes))
    assert Budget(stack.flops() - 1, stack.bytes()).refusal(stack)


def test_fewer_than_four_rows_cost_as_much_as_four() -> None:
    assert refusal(4, 400, 1, 1024) == "needs 13.5 GFLOP (limit: 4)"
    assert refusal(1, 400, 1, 1024) == "takes as long as 13.5 GFLOP (limit: 4)"
