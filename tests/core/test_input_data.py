"""Inputs other than random numbers: one-hot rows, windows of a wave, a digit."""

import numpy as np
import pytest

from app.core.input_data import PERIOD, SIDE, digit, make_input, one_hot, wave


@pytest.mark.parametrize(("batch_size", "time_step", "features"), [(1, 1, 1), (3, 4, 2), (2, 13, 11)])
def test_one_hot_has_a_one_at_each_index_and_zeros_elsewhere(batch_size: int, time_step: int, features: int) -> None:
    indices = np.random.default_rng(0).integers(0, features, (batch_size, time_step))
    X = one_hot(indices.tolist(), features)

    np.testing.assert_array_equal(X, np.eye(features)[indices])


def test_each_window_of_the_wave_begins_one_step_later() -> None:
    X = wave({"batch_size": 3, "time_step": 7})

    assert X.shape == (3, 7, 1)
    np.testing.assert_allclose(X[0, :, 0], np.sin(2 * np.pi * np.arange(7) / PERIOD), atol=1e-6)
    np.testing.assert_array_equal(X[1, :-1], X[0, 1:])
    np.testing.assert_array_equal(X[2, :-1], X[1, 1:])


def test_each_digit_is_one_pixel_further_to_the_right() -> None:
    X = digit({"batch_size": 3, "time_step": SIDE, "features": SIDE})

    assert X.shape == (3, SIDE, SIDE)
    assert X.min() == 0 and X.max() == 1 and 0.1 < X[0].mean() < 0.3
    assert not X[0][:3].any() and X[0][22].max() == 1
    np.testing.assert_array_equal(X[1][:, 1:], X[0][:, :-1])


def test_all_inputs_have_the_memory_order_of_random_ones() -> None:
    sizes = {"batch_size": 3, "time_step": SIDE, "features": SIDE}
    random = make_input(sizes, 0)

    for X in (digit(sizes), one_hot([[0] * SIDE] * 3, SIDE)):
        assert (X.dtype, X.strides, X.shape) == (random.dtype, random.strides, random.shape)
