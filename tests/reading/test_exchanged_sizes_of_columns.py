"""The object of a cell of NumPy with its samples in columns that is made with its features and its units exchanged.

NumPy 2.4 raised the message for this program, which runs with the corrected line.
"""

from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np


class Elman:
    def __init__(self, letters, units, classes):
        self.U = np.random.randn(units, letters)
        self.W = np.random.randn(units, units)
        self.V = np.random.randn(classes, units)

    def read(self, word, h):
        for x in word:
            h = np.tanh(np.dot(self.U, x) + np.dot(self.W, h))
        return np.dot(self.V, h)


def column(index, size):
    x = np.zeros((size, 1))
    x[index] = 1
    return x


letters, units = 11, 27
net = Elman(units, letters, letters)
h = np.zeros((units, 1))
print(net.read([column(one, letters) for one in (2, 7, 1)], h))
"""
FRAMES = [
    "print(net.read([column(one, letters) for one in (2, 7, 1)], h))",
    "h = np.tanh(np.dot(self.U, x) + np.dot(self.W, h))\n                ^^^^^^^^^^^^^^^^^",
]
EXCHANGED = pasted(PROGRAM, FRAMES, "ValueError: shapes (11,27) and (11,1) not aligned: 27 (dim 1) != 11 (dim 0)")


def test_the_object_is_made_with_its_sizes_in_the_other_order() -> None:
    (*_, first), lines = first_cause_and_lines(EXCHANGED)

    assert first == "exchanged_sizes"
    assert lines == {"net = Elman(units, letters, letters)": "net = Elman(letters, units, letters)"}


def test_the_sizes_are_those_of_x_and_of_the_state() -> None:
    assert network(explain(EXCHANGED))[2:] == (11, 27)


def test_without_a_state_of_the_other_size_the_sizes_are_not_exchanged() -> None:
    other = explain(EXCHANGED.replace("h = np.zeros((units, 1))", "h = np.zeros((letters, 1))"))

    assert "exchanged_sizes" not in [one.id for one in other.mismatch.causes]
