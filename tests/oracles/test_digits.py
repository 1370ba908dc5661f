"""The digits that the app ships are those of scikit-learn."""

import numpy as np
from sklearn.datasets import load_digits

from app.training.digits import digits


def test_the_digits_are_those_of_the_package_shuffled_with_the_seed_0() -> None:
    (images, labels), package = digits(), load_digits()
    order = np.random.default_rng(0).permutation(1797)
    np.testing.assert_array_equal(images, package.images[order])
    np.testing.assert_array_equal(labels, package.target[order])
