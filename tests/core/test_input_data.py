"""What can be read instead of random numbers: one-hot rows, windows of a wave, a digit."""

import numpy as np
import pytest

from app.core.input_data import PERIOD, SIDE, digit, make_input, one_hot, wave


@pytest.mark.parametrize(("batch_size", "time_step", "features"), [(1, 1, 1), (3, 4, 2), (2, 13, 11)])
def test_one_hot_has_a_one_where_it_is_told_and_zeros_elsewhere(batch_size: int, time_step: int, features: int) -> None:
    indices = np.random.default_rng(0).integers(0, features, (batch_size, time_step))
    X = one_hot(indices.tolist(), features)

    np.testing.assert_array_equal(X, np.eye(features)[indices])


def test_a_window_of_the_wave_begins_one_step_after_the_one_before() -> None:
    X = wave({"batch_size": 3, "time_step": 7})

    assert X.shape == (3, 7, 1)
    np.testing.assert_allclose(X[0, :, 0], np.sin(2 * np.pi * np.arange(7) / PERIOD), atol=1e-6)
    np.testing.assert_array_equal(X[1, :-1], X[0, 1:])
    np.testing.assert_array_equal(X[2, :-1], X[1, 1:])


def test_a_digit_is_drawn_and_each_next_one_stands_a_pixel_to_the_right() -> None:
    X = digit({"batch_size": 3, "time_step": SIDE, "features": SIDE})

    assert X.shape == (3, SIDE, SIDE)
    assert X.min() == 0 and X.max() == 1 and 0.1 < X[0].mean() < 0.3
    assert not X[0][:3].any() and X[0][22].max() == 1
    np.testing.assert_array_equal(X[1][:, 1:], X[0][:, :-1])


def test_all_lie_in_memory_as_random_ones_do() -> None:
    sizes = {"batch_size": 3, "time_step": SIDE, "features": SIDE}
    random = make_input(sizes, 0)

    for X in (digit(sizes), one_hot([[0] * SIDE] * 3, SIDE)):
        assert (X.dtype, X.strides, X.shape) == (random.dtype, random.strides, random.shape)
