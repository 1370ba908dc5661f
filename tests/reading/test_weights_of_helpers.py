"""What is said about cells whose weights a function of the program makes, scaled by the sizes that it gets.

NumPy 2.4 raised the message for this program.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """
import numpy as np

SIZES = {"samples": 15, "inputs": 6, "units": 19, "frames": 8}


def xavier(rng, *shape):
    return SCALED


def weights(rng, sizes):
    d, h = sizes["inputs"], sizes["units"]
    return {
        "Wz": xavier(rng, d, h), "Uz": xavier(rng, h, h), "Wr": xavier(rng, d, h), "Ur": xavier(rng, h, h),
        "Wn": xavier(rng, d, h), "Un": xavier(rng, h, h),
    }


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gru_cell(w, x, h):
    z = sigmoid(x @ w["Wz"] + h @ w["Uz"])
    r = sigmoid(x @ w["Wr"] + h @ w["Ur"])
    n = np.tanh(x @ w["Wn"] + (r * h) @ w["Un"])
    return (1 - z) * n + z * h


def unroll(w, frames, sizes):
    h = np.zeros((sizes["samples"], sizes["inputs"]))
    for x in frames:
        h = gru_cell(w, x, h)
    return h


rng = np.random.default_rng(3)
frames = rng.normal(size=(SIZES["frames"], SIZES["samples"], SIZES["inputs"]))
print(unroll(weights(rng, SIZES), frames, SIZES).shape)
"""

FRAMES = [
    "print(unroll(weights(rng, SIZES), frames, SIZES).shape)",
    "h = gru_cell(w, x, h)",
    'z = sigmoid(x @ w["Wz"] + h @ w["Uz"])\n                              ~~^~~~~~~~~',
]
ERROR = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 19 is different from 6)"
)


@pytest.mark.parametrize(
    "scaled",
    [
        "rng.uniform(-1, 1, size=shape) * np.sqrt(6 / sum(shape))",
        "rng.normal(size=shape) / np.sqrt(np.sum(shape))",
        "of_library(rng, shape)",  # whose axes are not known
    ],
)
def test_a_state_with_other_units_is_wrong_and_not_the_weights_of_a_helper(scaled: str) -> None:
    text = pasted(PROGRAM.replace("SCALED", scaled), FRAMES, ERROR)
    about, lines = first_cause_and_lines(text)

    assert about == ("h_0", "num_units", "other_units")
    assert lines == {
        'h = np.zeros((sizes["samples"], sizes["inputs"]))': 'h = np.zeros((sizes["samples"], sizes["units"]))'
    }
    assert network(explain(text)) == (15, 8, 6, 19)
