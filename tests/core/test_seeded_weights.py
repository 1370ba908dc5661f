"""Weights and input from a seed: bit for bit the same, for ever."""

import numpy as np
import pytest
from other_cells import PROJECTED

from app.core import seeded_weights
from app.core.cells import CELLS
from app.core.input_data import make_input
from app.core.program import capture
from app.core.seeded_weights import make_weights, uniform

LSTM = capture(CELLS["lstm"])
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def bits(values: np.ndarray) -> list[str]:
    return [value.hex() for value in values.ravel().tolist()]


def test_the_bits_of_a_seed_never_change() -> None:
    weights = make_weights(LSTM, SIZES, 0, np.float64)
    assert bits(weights["kernel"][0, :2]) == ["0x1.2f1d1ae03b603p-3", "0x1.4837963223128p-3"]
    assert bits(weights["bias"][-2:]) == ["0x1.2f54d0f119f0dp-2", "0x1.5cee4c044535ap-4"]
    assert bits(make_input(SIZES, 0, np.float64)[0, 0]) == ["-0x1.1242b0b4c1292p-1", "0x1.fea165a67537ep-1"]
    of_a_large_seed = make_weights(LSTM, SIZES, 2**40 + 1)
    assert bits(of_a_large_seed["kernel"][-1, -2:]) == ["0x1.012d4c0000000p-4", "0x1.de9fc40000000p-3"]


def test_float32_is_float64_rounded() -> None:
    exact, rounded = (make_weights(LSTM, SIZES, 7, dtype) for dtype in (np.float64, np.float32))
    for id in ("kernel", "bias"):
        assert rounded[id].dtype == np.float32
        np.testing.assert_array_equal(rounded[id], exact[id].astype(np.float32))
    np.testing.assert_array_equal(make_input(SIZES, 7), make_input(SIZES, 7, np.float64).astype(np.float32))


def test_weights_and_input_have_the_shapes_of_the_program() -> None:
    shapes = LSTM.shapes(SIZES)
    arrays = make_weights(LSTM, SIZES, 0) | {"X": make_input(SIZES, 0)}
    assert {id: array.shape for id, array in arrays.items()} == {id: shapes[id] for id in ("kernel", "bias", "X")}


def test_weights_and_input_have_the_memory_order_of_the_run() -> None:
    assert make_weights(LSTM, SIZES, 0)["kernel"].T.flags.c_contiguous
    assert make_input(SIZES, 0).transpose(1, 2, 0).flags.c_contiguous


def test_another_cell_has_weights_with_its_own_shapes() -> None:
    weights = make_weights(PROJECTED, SIZES | {"num_proj": 3}, 0)
    assert {id: w.shape for id, w in weights.items()} == {"kernel": (5, 10), "bias": (10,), "projection": (5, 3)}


def test_weights_do_not_depend_on_time_step_or_batch_size() -> None:
    before, after = (make_weights(LSTM, SIZES | moved, 1) for moved in ({}, {"time_step": 50, "batch_size": 9}))
    for id, weight in before.items():
        np.testing.assert_array_equal(after[id], weight)


def test_the_rows_of_h_do_not_depend_on_features() -> None:
    before, after = (make_weights(LSTM, SIZES | {"features": n}, 1)["kernel"] for n in (2, 30))
    np.testing.assert_array_equal(after[:5], before[:5])


def test_a_longer_input_begins_with_the_shorter_one() -> None:
    np.testing.assert_array_equal(make_input(SIZES | {"time_step": 9}, 3)[:, :4], make_input(SIZES, 3))


def test_the_numbers_of_a_tensor_are_the_same_whatever_was_computed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = np.random.PCG64(np.random.SeedSequence([5, *b"W"])).random_raw(13)
    expected = [((int(n) >> 11) - 2**52) * 2.0**-52 * 0.3 for n in raw]
    for most_cached in (100, 7):
        monkeypatch.setattr(seeded_weights, "MOST_CACHED", most_cached)
        monkeypatch.setattr(seeded_weights, "CHUNK", 4)
        for count in (3, 13, 7, 1, 8):
            assert uniform("W", 5, (count,), 0.3, np.float64).tolist() == expected[:count]


def test_another_seed_gives_other_numbers() -> None:
    seeds = [0, 1, 2**32, 2**32 + 1, 2**63]
    first = {make_weights(LSTM, SIZES, seed)["kernel"][0, 0] for seed in seeds}
    assert len(first) == len(seeds)


@pytest.mark.parametrize(("num_units", "bound"), [(4, 0.5), (100, 0.1)])
def test_weights_fill_the_range_of_pytorchs_initialization(num_units: int, bound: float) -> None:
    for weight in make_weights(LSTM, SIZES | {"num_units": num_units, "features": 300}, 0).values():
        assert -bound <= weight.min() < -0.7 * bound
        assert 0.7 * bound < weight.max() <= bound
        assert abs(weight.mean()) < bound / 2


def test_inputs_are_between_minus_one_and_one() -> None:
    X = make_input(SIZES | {"time_step": 1000}, 0)
    assert -1 <= X.min() < -0.99
    assert 0.99 < X.max() <= 1
    assert abs(X.mean()) < 0.02
