"""What is executed and what is only answered with shapes."""

import pytest

from app.core.budget import Budget
from app.core.cells import CELLS
from app.core.program import capture

LSTM = capture(CELLS["lstm"])


def refusal(batch_size: int, time_step: int, features: int, num_units: int, budget: Budget | None = None) -> str | None:
    sizes = {"batch_size": batch_size, "time_step": time_step, "features": features, "num_units": num_units}
    return (budget or Budget()).refusal(LSTM, sizes)


@pytest.mark.parametrize(
    "sizes",
    [(3, 4, 2, 5), (128, 28, 28, 128), (3, 50, 27, 128), (3, 10_000, 2, 5), (32, 100, 64, 256), (1, 1000, 64, 256)],
    ids=str,
)
def test_the_teaching_sizes_mnist_and_the_longest_sequence_are_executed(sizes: tuple[int, int, int, int]) -> None:
    assert refusal(*sizes) is None


def test_awd_lstm_is_not_and_the_answer_has_both_numbers() -> None:
    assert refusal(80, 70, 400, 1150) == "needs 79.9 GFLOP, the limit is 4"


def test_memory_has_a_limit_of_its_own() -> None:
    assert refusal(1024, 1000, 1, 1) == "records 65.5 MB, the limit is 64"


def test_the_limits_are_the_operators_choice() -> None:
    assert refusal(4, 4, 2, 5, Budget(flops=100)) == "needs 5.52e-06 GFLOP, the limit is 1e-07"
    assert refusal(80, 70, 400, 1150, Budget(flops=10**12, bytes=10**12)) is None


@pytest.mark.parametrize("more", [1, 1e2, 1e5])
def test_what_needs_a_little_more_than_the_limit_never_seems_to_need_the_limit(more: float) -> None:
    sizes = {"batch_size": 1024, "time_step": 8, "features": 2, "num_units": 1024}
    said = Budget(flops=LSTM.flops(sizes) - int(more), bytes=10**12).refusal(LSTM, sizes)
    assert said
    needs, limit = (said.replace("needs ", "").replace("the limit is ", "").replace(" GFLOP", "")).split(", ")
    assert needs != limit


def test_what_needs_exactly_the_limit_is_executed() -> None:
    sizes = {"batch_size": 7, "time_step": 4, "features": 2, "num_units": 5}
    exactly = Budget(LSTM.flops(sizes), LSTM.bytes(sizes))
    assert exactly.refusal(LSTM, sizes) is None
    assert Budget(exactly.flops - 1, exactly.bytes).refusal(LSTM, sizes)
    assert Budget(exactly.flops, exactly.bytes - 1).refusal(LSTM, sizes)


def test_fewer_rows_than_four_count_as_four_because_the_kernel_must_be_read_all_the_same() -> None:
    assert refusal(4, 400, 1, 1024) == "needs 13.5 GFLOP, the limit is 4"
    assert refusal(1, 400, 1, 1024) == "costs as much time as 13.5 GFLOP, the limit is 4"
