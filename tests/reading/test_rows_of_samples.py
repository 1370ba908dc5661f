"""In a handwritten cell whose samples are rows, x comes before its weights.

NumPy raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

CELL = """import numpy as np

p = {{"Wxh": np.random.randn(20, 7), "Whh": np.random.randn(20, 20), "b": np.zeros(20)}}
batch = np.random.rand(15, 10, 7)
h = np.zeros((15, 20))
for t in range(10):
    x_t = batch[:, t]
    {line}
"""
ERROR = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 15 is different from 7)"
)
OF_DOT = "ValueError: shapes (20,7) and (15,7) not aligned: 7 (dim 1) != 15 (dim 0)"


@pytest.mark.parametrize(
    ("line", "corrected", "error"),
    [
        (
            'h = np.tanh(p["Wxh"] @ x_t + h @ p["Whh"].T + p["b"])',
            'h = np.tanh(x_t @ p["Wxh"].T + h @ p["Whh"].T + p["b"])',
            ERROR,
        ),
        (
            'h = np.tanh(np.dot(p["Wxh"], x_t) + np.dot(h, p["Whh"].T) + p["b"])',
            'h = np.tanh(np.dot(x_t, p["Wxh"].T) + np.dot(h, p["Whh"].T) + p["b"])',
            OF_DOT,
        ),
    ],
)
@pytest.mark.parametrize("program", [CELL, ""])
def test_x_comes_before_its_weights_where_h_does(line: str, corrected: str, error: str, program: str) -> None:
    text = pasted(program.format(line=line), [line], error)
    assert likely(text) == (["row_factors"], {line: corrected})


def test_weights_come_first_where_samples_are_columns() -> None:
    line = 'h = np.tanh(p["Wxh"] @ x_t + p["Whh"] @ h)'
    assert "row_factors" not in likely(pasted(CELL.format(line=line), [line], ERROR))[0]


GATES = """import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class TinyLSTM:
    def __init__(self, words, units, seed=0):
        rng = np.random.default_rng(seed)
        both = units + units
        self.Wf = rng.normal(0, 0.1, (units, both))
        self.Wi = rng.normal(0, 0.1, (units, both))
        self.Wc = rng.normal(0, 0.1, (units, both))
        self.Wo = rng.normal(0, 0.1, (units, both))
        self.Wy = rng.normal(0, 0.1, (words, units))

    def step(self, x, h_prev, c_prev):
        z = np.vstack((h_prev, x))
        f = sigmoid(self.Wf @ z)
        i = sigmoid(self.Wi @ z)
        g = np.tanh(self.Wc @ z)
        o = sigmoid(self.Wo @ z)
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        return self.Wy @ h, h, c

chars = sorted(set("the rain in spain"))
net = TinyLSTM(len(chars), 30)
h, c = np.zeros((30, 1)), np.zeros((30, 1))
x = np.zeros((len(chars), 1))
y, h, c = net.step(x, h, c)
"""


def test_the_weights_of_one_gate_for_x_and_h_are_headed_by_their_own_sizes() -> None:
    error = ERROR.replace("15 is different from 7", "40 is different from 60")
    text = pasted(GATES, ["y, h, c = net.step(x, h, c)", "f = sigmoid(self.Wf @ z)"], error)
    shapes = comparison(explain(text))

    assert likely(text) == (["other_size"], {"both = units + units": "both = words + units"})
    assert shapes is not None and (shapes.axes, shapes.expected, shapes.got) == (
        ("num_units", None),
        (30, 40),
        (30, 60),
    )
