"""The input of a UrlState: that of its kind, or what a trained network is tested with."""

import numpy as np

from ..core.ops import Array
from ..training.tasks import DIGITS
from ..url_state.fitting_sizes import is_of_training
from ..url_state.input_kinds import INPUTS
from ..url_state.url_state import UrlState


def input_of(state: UrlState) -> Array:
    """X, batch_size × time_step × features."""
    if state.data == DIGITS.input and is_of_training(state.values):
        return test_digits(state)
    return INPUTS[state.data].make(state)


def test_digits(state: UrlState) -> Array:
    """The first digits of the test, one in each sequence, as a trained network reads them."""
    digits = DIGITS.data("").test_X
    X = digits[np.arange(state.batch_size) % len(digits)].transpose(1, 2, 0)
    return np.ascontiguousarray(X, np.float32).transpose(2, 0, 1)
