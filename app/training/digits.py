"""The digits: 1,797 images of 8 × 8 pixels, and which digit each one is.

Their source and licence are in digits.txt; scripts/write_digits.py made the file.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..core.ops import Array

FILE = Path(__file__).with_name("digits.npz")

TRAINING = 1_400
"""How many digits are to be trained on, the first ones; the others are for the test."""

BRIGHTEST = 16
"""The value of a pixel that is all ink."""

SEED = 0
"""The seed of the order of the file."""


class Digits(NamedTuple):
    """``images`` is 1,797 × 8 × 8, from 0 to 16; ``labels`` are 1,797 numbers from 0 to 9."""

    images: Array
    labels: Array


def shuffled(n: int) -> Array:
    """The order of the file: in that of the package, the last digits are from other writers than the first ones."""
    return np.random.default_rng(SEED).permutation(n)


@cache
def digits() -> Digits:
    with np.load(FILE) as file:
        return Digits(file["images"], file["labels"])
