"""The input of a View: random numbers, a text, a wave or a digit."""

from collections.abc import Callable

import numpy as np

from ..core.input_data import digit, make_input, one_hot, wave
from ..core.ops import Array
from ..training.tasks import TASKS
from .own_sizes import is_of_training
from .tokenizer import units, vocabulary
from .view import View

MAKERS: dict[str, Callable[[View], Array]] = {
    "random": lambda view: make_input(view.sizes, view.seed),
    "text": lambda view: one_hot(indices(view), view.features),
    "wave": lambda view: wave(view.sizes),
    "digit": lambda view: test_digits(view) if is_of_training(view.values) else digit(view.sizes),
}


def input_of(view: View) -> Array:
    """X, batch_size × time_step × features."""
    return MAKERS[view.data](view)


def test_digits(view: View) -> Array:
    """The first digits of the test, one in each sequence, as a trained network reads them."""
    digits = TASKS["digits"].data("").test_X
    X = digits[np.arange(view.batch_size) % len(digits)].transpose(1, 2, 0)
    return np.ascontiguousarray(X, np.float32).transpose(2, 0, 1)


def indices(view: View) -> list[list[int]]:
    """The index of each character or word in the vocabulary, batch_size × time_step."""
    index = {unit: k for k, unit in enumerate(vocabulary(view.text, view.cut))}
    text = [index[unit] for unit in units(view.text, view.cut)]
    n, steps = len(text), view.time_step
    return [[text[(b * steps + t) % n] for t in range(steps)] for b in range(view.batch_size)]
