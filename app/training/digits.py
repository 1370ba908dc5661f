"""The digits: 1,797 images of 8 × 8 pixels, and which digit each one is."""

from typing import NamedTuple

from ..core.ops import Array

TRAINING = 1_400
"""How many digits are to be trained on, the first ones; the others are for the test."""


class Digits(NamedTuple):
    """``images`` is 1,797 × 8 × 8, from 0 to 16; ``labels`` are 1,797 numbers from 0 to 9."""

    images: Array
    labels: Array


def digits() -> Digits:
    raise NotImplementedError
