"""What a program of NumPy says about the sizes that it gives an object of a handwritten cell.

NumPy 2.5 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain

ELMAN = """import numpy as np

class ElmanCell:
    def __init__(self, n_inputs, n_units):
        self.U = np.random.randn(n_inputs, n_units) * 0.1
        self.W = np.random.randn(n_units, n_units) * 0.1
        self.b = np.zeros(n_units)

    def step(self, x, h):
        return np.tanh(x @ self.U + h @ self.W + self.b)

cell = ElmanCell({})
temperature = np.random.randn(9, 100, 2)
h = np.zeros((9, 12))
for t in range(100):
    h = cell.step({}, h)
"""
STEP = "return np.tanh(x @ self.U + h @ self.W + self.b)"
ERROR = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)


@pytest.mark.parametrize(
    ("sizes", "x", "error", "cause", "fixed"),
    [
        ("3, 12", "temperature[:, t]", (3, 2), "other_features", "2, 12"),
        ("n_inputs=3, n_units=12", "temperature[:, t]", (3, 2), "other_features", "n_inputs=2, n_units=12"),
        ("12, 2", "temperature[:, t]", (12, 2), "exchanged_sizes", "2, 12"),
    ],
)
def test_an_object_is_made_for_the_features_of_x(
    sizes: str, x: str, error: tuple[int, int], cause: str, fixed: str
) -> None:
    frames = [f"h = cell.step({x}, h)", STEP]
    (first, *_) = explain(pasted(ELMAN.format(sizes, x), frames, ERROR.format(*error))).mismatch.causes

    assert (first.id, first.lines) == (cause, ((f"cell = ElmanCell({sizes})", f"cell = ElmanCell({fixed})"),))


def test_the_sizes_of_an_object_are_not_exchanged_if_a_state_was_passed_as_x() -> None:
    text = pasted(ELMAN.format("2, 12", "h"), ["h = cell.step(h, h)", STEP], ERROR.format(2, 12))

    assert "exchanged_sizes" not in [one.id for one in explain(text).mismatch.causes]
