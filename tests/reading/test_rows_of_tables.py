"""An x of a handwritten cell that is rows of a table, by an array of ids: it has the axes of the ids, and then those of
a row.

NumPy 2.4 raised the messages for these programs.
"""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np

sigmoid = lambda z: 1 / (1 + np.exp(-z))

class Cell:
    def __init__(self, inputs, units, rng):
        self.units = units
        self.W = rng.normal(0, 0.2, (units + inputs, 4 * units))

    def step(self, {step}, h, c):
        i, f, o, g = np.split(np.concatenate([h, {step}], axis=1) @ self.W, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    def run(self, rows):
        h = c = np.zeros((rows.shape[0], self.units))
        for t in range(rows.shape[1]):
            h, c = self.step(rows[:, t], h, c)
        return h

rng = np.random.default_rng(3)
table = rng.normal(size=(50, 9))
ids = {ids}
cell = Cell(50, 17, rng)
print(cell.run({rows}).shape)
"""
MESSAGE = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
    "(n?,k),(k,m?)->(n?,m?) (size 67 is different from 26)"
)


LINES = [
    "print(cell.run({rows}).shape)",
    "h, c = self.step(rows[:, t], h, c)",
    "i, f, o, g = np.split(np.concatenate([h, {step}], axis=1) @ self.W, 4, axis=1)",
]


def text(**parts: str) -> str:
    return pasted(PROGRAM.format(**parts), [line.format(**parts) for line in LINES], MESSAGE)


@pytest.mark.parametrize("ids", ["rng.integers(0, 50, (6, 13))", "np.random.randint(50, size=(6, 13))"])
@pytest.mark.parametrize("rows", ["table[ids]", "np.take(table, ids, axis=0)"])
def test_rows_of_a_table_have_the_axes_of_the_ids_and_of_a_row(ids: str, rows: str) -> None:
    assert network(explain(text(ids=ids, rows=rows, step="x_t"))) == (6, 13, 50, 17)


@pytest.mark.parametrize("step", ["row", "entry"])
def test_what_a_cell_joins_with_h_is_no_part_of_h_whatever_it_is_called(step: str) -> None:
    explanation = explain(text(ids="rng.integers(0, 50, (6, 13))", rows="table[ids]", step=step))

    assert (explanation.mismatch.tensor, explanation.mismatch.first_cause) == ("kernel", "kernel_rows")
    assert explanation.configuration
    assert explanation.configuration.num_units == 17
