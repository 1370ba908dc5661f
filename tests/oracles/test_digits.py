"""The digits that the app ships are those of scikit-learn."""

import numpy as np
from sklearn.datasets import load_digits

from app.training.digits import digits


def test_the_digits_are_those_of_the_package_in_another_order() -> None:
    ours, package = digits(), load_digits()
    rows, expected = (
        np.column_stack([images.reshape(-1, 64), labels]).astype(int)
        for images, labels in (ours, (package.images, package.target))
    )
    assert rows.shape == (1797, 65)
    assert sorted(rows.tolist()) == sorted(expected.tolist())
    assert rows.tolist() != expected.tolist()
