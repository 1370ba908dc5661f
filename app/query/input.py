"""The input of a View: that of its kind, or what a trained network is tested with."""

import numpy as np

from ..core.ops import Array
from ..training.tasks import DIGITS
from .fitting_sizes import is_of_training
from .input_kinds import INPUTS
from .view import View


def input_of(view: View) -> Array:
    """X, batch_size × time_step × features."""
    if view.data == DIGITS.input and is_of_training(view.values):
        return test_digits(view)
    return INPUTS[view.data].make(view)


def test_digits(view: View) -> Array:
    """The first digits of the test, one in each sequence, as a trained network reads them."""
    digits = DIGITS.data("").test_X
    X = digits[np.arange(view.batch_size) % len(digits)].transpose(1, 2, 0)
    return np.ascontiguousarray(X, np.float32).transpose(2, 0, 1)
